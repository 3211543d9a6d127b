"""What is known of each cause: its name, where it likely comes from, what cures it, who can, and what it has cost.

The sentences that say what happened and what to do next stand with the task itself; they come from the tables of
`core.tripo` and from the place that ended the task. Here is only what those do not say. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from core.failures.fingerprint import OURS, Fingerprint
from core.failures.states import INTERRUPTED
from core.tripo import Version, is_documented


class Cure(StrEnum):
    """What may be done about a failure; a closed set, and each is offered by name."""

    RETRY = "retry"
    WAIT_AND_RETRY = "wait_and_retry"
    CHANGE_PROMPT = "change_prompt"
    CHANGE_IMAGE = "change_image"
    CHANGE_OPTIONS = "change_options"
    LOWER_FACE_LIMIT = "lower_face_limit"
    OTHER_MODEL = "other_model"
    OTHER_RIG = "other_rig"
    OTHER_ANIMATION = "other_animation"
    ADD_POSE = "add_pose"
    MAKE_STATIC = "make_static"
    RETRY_EARLIER = "retry_earlier"
    FETCH_AGAIN = "fetch_again"
    DECIDE = "decide"
    PICK = "pick"
    CANCEL_AND_RETRY = "cancel_and_retry"
    TOP_UP = "top_up"
    RAISE_BUDGET = "raise_budget"
    FIX_KEY = "fix_key"
    FREE_SPACE = "free_space"
    FIX_SETTINGS = "fix_settings"
    ASK_SUPPORT = "ask_support"
    UPDATE = "update"
    WAIT = "wait"


CURE_WORDS: Final[Mapping[Cure, str]] = {
    Cure.RETRY: "Retry as it is",
    Cure.WAIT_AND_RETRY: "Wait, then retry",
    Cure.CHANGE_PROMPT: "Edit the prompt and retry",
    Cure.CHANGE_IMAGE: "Use another image and retry",
    Cure.CHANGE_OPTIONS: "Change the options and retry",
    Cure.LOWER_FACE_LIMIT: "Lower the face limit and retry",
    Cure.OTHER_MODEL: "Choose another model version and retry",
    Cure.OTHER_RIG: "Choose another rig version or type and retry",
    Cure.OTHER_ANIMATION: "Choose an animation that this rig can play",
    Cure.ADD_POSE: "Add a pose to the prompt and generate again",
    Cure.MAKE_STATIC: "Keep it as a static model",
    Cure.RETRY_EARLIER: "Make the model again, with all that follows",
    Cure.FETCH_AGAIN: "Fetch the file again",
    Cure.DECIDE: "Decide what became of it",
    Cure.PICK: "Pick the best variant",
    Cure.CANCEL_AND_RETRY: "Cancel it and retry",
    Cure.TOP_UP: "Top up the Tripo account",
    Cure.RAISE_BUDGET: "Raise the budget",
    Cure.FIX_KEY: "Put the key right",
    Cure.FREE_SPACE: "Make room for files",
    Cure.FIX_SETTINGS: "Put the settings right",
    Cure.ASK_SUPPORT: "Ask Tripo's support",
    Cure.UPDATE: "Update Hatchery",
    Cure.WAIT: "Wait: it goes on by itself",
}

# What orders something that the provider charges for when it succeeds.
PAID: Final = frozenset(
    {
        Cure.RETRY,
        Cure.WAIT_AND_RETRY,
        Cure.CHANGE_PROMPT,
        Cure.CHANGE_IMAGE,
        Cure.CHANGE_OPTIONS,
        Cure.LOWER_FACE_LIMIT,
        Cure.OTHER_MODEL,
        Cure.OTHER_RIG,
        Cure.OTHER_ANIMATION,
        Cure.ADD_POSE,
        Cure.RETRY_EARLIER,
        Cure.CANCEL_AND_RETRY,
    }
)


# Cures that a job can apply to a whole group, by the name of its action.
ACTION_OF: Final[Mapping[Cure, str]] = {
    Cure.RETRY: "retry",
    Cure.WAIT_AND_RETRY: "retry",
    Cure.CHANGE_PROMPT: "change_prompt",
    Cure.CHANGE_IMAGE: "change_image",
    Cure.CHANGE_OPTIONS: "change_options",
    Cure.LOWER_FACE_LIMIT: "lower_faces",
    Cure.OTHER_MODEL: "change_model",
    Cure.OTHER_RIG: "rig_otherwise",
    Cure.OTHER_ANIMATION: "animate",
    Cure.ADD_POSE: "add_pose",
    Cure.MAKE_STATIC: "make_static",
    Cure.RETRY_EARLIER: "make_again",
    Cure.FETCH_AGAIN: "fetch",
    Cure.DECIDE: "not_created",
    Cure.CANCEL_AND_RETRY: "cancel_and_retry",
}

# Of the others: what a person does, where, and why no job can.
ELSEWHERE: Final[Mapping[Cure, str]] = {
    Cure.PICK: "Only an eye can choose: open one of the tasks below, its asset shows the variants side by side.",
    Cure.TOP_UP: "Credits are bought at Tripo. “Check” on the page Keys lets what waits go on at once.",
    Cure.RAISE_BUDGET: "Here, or on the Style page of its project. What waits goes on by itself.",
    Cure.FIX_KEY: "On the page Keys, the shared one by TRIPO_API_KEY and a restart; “Check” there lets it go on.",
    Cure.FREE_SPACE: "On the machine or in the bucket: Hatchery never deletes a model. It tries again by itself.",
    Cure.FIX_SETTINGS: "In the environment or .env, and a restart: a page may not change where the product lives.",
    Cure.ASK_SUPPORT: "Copy the text under “Raw truth” below: it names the task, the trace ids and the times.",
    Cure.UPDATE: "A newer Hatchery knows what Tripo changed; CHANGELOG says which.",
    Cure.WAIT: "There is nothing to do: it is tried again by itself, and nothing is lost.",
}


class Role(StrEnum):
    """Who can do something about it."""

    ARTIST = "artist"
    LEAD = "lead"
    OPERATOR = "operator"


class Cost(StrEnum):
    """What the failed attempt itself has cost."""

    NOTHING = "nothing"  # never sent, refused, or its credits were returned
    PAID = "paid"  # the provider was done, and keeps the credits
    UNKNOWN = "unknown"  # it may have been made


class Entry(NamedTuple):
    """One cause. The first cure is the one to try first."""

    title: str
    why: str
    cures: tuple[Cure, ...]
    by: Role = Role.ARTIST
    cost: Cost = Cost.NOTHING

    @property
    def cure(self) -> Cure:
        """What to try first."""
        return self.cures[0]


_OUTDATED: Final = "Tripo has changed something that this version of Hatchery does not know yet."
_SOURCE: Final = (
    "The step before it is not what this one needs: it was made with another key, is too old, or failed."
)
_RETRY: Final = (Cure.RETRY, Cure.WAIT_AND_RETRY, Cure.ASK_SUPPORT)
_REPHRASE: Final = (Cure.CHANGE_PROMPT,)

CATALOGUE: Final[Mapping[str, Entry]] = {
    # --- the task ended at the provider ---
    "provider_task_failed": Entry(
        "Tripo could not finish it",
        "An error inside Tripo, or a prompt or picture that its model cannot make anything of.",
        (Cure.RETRY, Cure.WAIT_AND_RETRY, Cure.CHANGE_PROMPT, Cure.ASK_SUPPORT),
    ),
    "provider_server_error": Entry(
        "Tripo's server failed",
        "A passing fault of Tripo's own; it has nothing to do with the order.",
        (Cure.WAIT_AND_RETRY, Cure.RETRY, Cure.ASK_SUPPORT),
    ),
    "prompt_refused": Entry(
        "Refused by Tripo's content policy",
        "A word of the prompt, or something in the picture, is on Tripo's list; weapons, blood and brands often are.",
        (Cure.CHANGE_PROMPT, Cure.CHANGE_IMAGE),
    ),
    "prompt_invalid_characters": Entry(
        "Characters that Tripo does not take",
        "Emoji or unusual characters in the prompt.",
        _REPHRASE,
    ),
    "prompt_invalid": Entry("A prompt that cannot be sent", "It is empty or too long.", _REPHRASE),
    "task_expired": Entry(
        "Lapsed in Tripo's queue",
        "Tripo was so busy that the task was never begun.",
        (Cure.WAIT_AND_RETRY, Cure.RETRY, Cure.ASK_SUPPORT),
    ),
    "cancelled_by_provider": Entry(
        "Cancelled at Tripo",
        "Somebody cancelled it in Tripo's console, or Tripo did.",
        (Cure.RETRY, Cure.ASK_SUPPORT),
        Role.LEAD,
    ),
    "provider_rejected": Entry(
        "Refused by Tripo",
        "Tripo gave a reason that is not among those it documents; its own words stand below.",
        (Cure.CHANGE_OPTIONS, Cure.CHANGE_PROMPT, Cure.ASK_SUPPORT),
    ),
    # --- the order was wrong ---
    "parameter_invalid": Entry(
        "An option that Tripo does not take",
        "A value out of range, most often the face limit or the model version.",
        (Cure.LOWER_FACE_LIMIT, Cure.OTHER_MODEL, Cure.CHANGE_OPTIONS),
    ),
    "parameter_unsupported": Entry(
        "An option that this model does not have",
        "The chosen model version lacks one of the options.",
        (Cure.CHANGE_OPTIONS, Cure.OTHER_MODEL),
    ),
    "options_invalid": Entry(
        "Options that do not go together", "They were changed, or the model was.", (Cure.CHANGE_OPTIONS,)
    ),
    "model_too_complex": Entry(
        "Too complex to be remeshed",
        "The model has more detail than a remesh can take.",
        (Cure.LOWER_FACE_LIMIT, Cure.CHANGE_OPTIONS, Cure.CHANGE_PROMPT),
    ),
    "version_retired": Entry(
        "A model version that is no more",
        "Tripo has retired the chosen version.",
        (Cure.OTHER_MODEL,),
        Role.LEAD,
    ),
    "version_unknown": Entry(
        "A model version that is not offered",
        "It is misspelt, or belongs to the other version of Tripo's API.",
        (Cure.OTHER_MODEL,),
        Role.LEAD,
    ),
    "order_invalid": Entry(
        "An order that can no longer be sent",
        "It was written when other options were offered.",
        (Cure.CHANGE_OPTIONS, Cure.OTHER_MODEL),
    ),
    "request_malformed": Entry(
        "A request that Tripo could not read", _OUTDATED, (Cure.UPDATE, Cure.ASK_SUPPORT), Role.OPERATOR
    ),
    "task_type_unsupported": Entry(
        "A kind of task that Tripo does not offer", _OUTDATED, (Cure.UPDATE, Cure.FIX_SETTINGS), Role.OPERATOR
    ),
    "task_type_retired": Entry(
        "A kind of task that is no more", _OUTDATED, (Cure.UPDATE, Cure.FIX_SETTINGS), Role.OPERATOR
    ),
    "priority_invalid": Entry(
        "A priority that the account may not set",
        "The account's plan at Tripo has no priorities.",
        (Cure.RETRY,),
        Role.OPERATOR,
    ),
    # --- images ---
    "image_empty": Entry(
        "The image arrived empty",
        "A firewall or a proxy may have emptied it on the way.",
        (Cure.RETRY, Cure.CHANGE_IMAGE),
    ),
    "image_unsupported": Entry(
        "A kind of image that Tripo does not take", "It is no JPEG, PNG or WebP file.", (Cure.CHANGE_IMAGE,)
    ),
    "image_invalid": Entry(
        "An image that cannot be read", "The file is damaged or no image.", (Cure.CHANGE_IMAGE,)
    ),
    "image_too_small": Entry("An image that is too small", "It has too few pixels.", (Cure.CHANGE_IMAGE,)),
    "image_too_large": Entry("An image that is too large", "It has too many pixels.", (Cure.CHANGE_IMAGE,)),
    "too_large": Entry("A file that is too large", "Tripo takes smaller ones only.", (Cure.CHANGE_IMAGE,)),
    "file_too_large": Entry(
        "A file that is too large", "Tripo takes smaller ones only.", (Cure.CHANGE_IMAGE,)
    ),
    "file_missing": Entry(
        "Tripo no longer has the image", "Uploads live about a day at Tripo.", (Cure.RETRY, Cure.CHANGE_IMAGE)
    ),
    # --- what a step builds on ---
    "source_missing": Entry(
        "The earlier step is not known to Tripo", _SOURCE, (Cure.RETRY_EARLIER, Cure.FIX_KEY)
    ),
    "source_not_ready": Entry(
        "The earlier step is not done at Tripo", _SOURCE, (Cure.WAIT_AND_RETRY, Cure.RETRY_EARLIER)
    ),
    "source_unsupported": Entry("The earlier step is of the wrong kind", _SOURCE, (Cure.RETRY_EARLIER,)),
    "source_without_model": Entry("The earlier step has no model", _SOURCE, (Cure.RETRY_EARLIER,)),
    "source_not_rigged": Entry("The earlier step is no rig", _SOURCE, (Cure.RETRY_EARLIER,)),
    # --- rigs and animations ---
    "not_riggable": Entry(
        "It cannot be rigged",
        "The model is not one whole figure that stands free: limbs are merged, hidden or missing.",
        (Cure.ADD_POSE, Cure.MAKE_STATIC, Cure.RETRY_EARLIER),
    ),
    "no_rig_answer": Entry(
        "A rig check without an answer",
        "Tripo ended the check and did not say yes or no.",
        (Cure.RETRY, Cure.ASK_SUPPORT),
    ),
    "rig_version_unfit": Entry(
        "A rig version that cannot do this figure",
        "Version 1.0 rigs bipeds only.",
        (Cure.OTHER_RIG, Cure.MAKE_STATIC),
    ),
    "preset_not_playable": Entry(
        "An animation that this rig cannot play",
        "Each rig type and version has animations of its own.",
        (Cure.OTHER_ANIMATION, Cure.OTHER_RIG),
    ),
    # --- done, and yet nothing to show ---
    "no_model_in_success": Entry(
        "A success without a model",
        "A fault of Tripo's: it billed the task and named no file.",
        (Cure.ASK_SUPPORT, Cure.RETRY),
        Role.LEAD,
        Cost.PAID,
    ),
    "file_lost": Entry(
        "The finished file could not be fetched",
        "Its link was over, or what came was damaged, for half a day of tries.",
        (Cure.FETCH_AGAIN, Cure.ASK_SUPPORT),
        Role.LEAD,
        Cost.PAID,
    ),
    "link_dead": Entry(
        "A link that is over",
        "Tripo's links live minutes; a fresh one is asked for.",
        (Cure.FETCH_AGAIN,),
        cost=Cost.PAID,
    ),
    "file_damaged": Entry(
        "A damaged file",
        "It was cut on the way, or Tripo wrote it wrong.",
        (Cure.FETCH_AGAIN, Cure.ASK_SUPPORT),
        cost=Cost.PAID,
    ),
    "file_host_refused": Entry(
        "A file at a strange address",
        "Tripo has moved its files to a host that is not among the allowed ones.",
        (Cure.FIX_SETTINGS, Cure.FETCH_AGAIN),
        Role.OPERATOR,
        Cost.PAID,
    ),
    "provider_task_gone": Entry(
        "Tripo no longer knows the task",
        "It is too old, or was made with another key.",
        (Cure.RETRY, Cure.ASK_SUPPORT),
        Role.LEAD,
        Cost.UNKNOWN,
    ),
    # --- a person's word is needed ---
    "outcome_unknown": Entry(
        "Sent, and the answer was lost",
        "The connection broke, or Tripo's server failed, after the order had left. It may exist and be billed.",
        (Cure.DECIDE,),
        Role.LEAD,
        Cost.UNKNOWN,
    ),
    INTERRUPTED: Entry(
        "Interrupted while it was being sent",
        "A process of ours was stopped, or lost its network, in the middle of the send. It may exist and be billed.",
        (Cure.DECIDE,),
        Role.OPERATOR,
        Cost.UNKNOWN,
    ),
    "stuck": Entry(
        "No progress for far too long",
        "Tripo works on it for far longer than on others of its kind, or has lost sight of it.",
        (Cure.WAIT, Cure.CANCEL_AND_RETRY, Cure.ASK_SUPPORT),
        Role.LEAD,
        Cost.UNKNOWN,
    ),
    "not_picked": Entry(
        "Waits for the best variant",
        "It is one of several, and its rig is made for the best alone.",
        (Cure.PICK,),
    ),
    "provider_key_refused": Entry(
        "A key that Tripo does not take",
        "The key is mistyped, revoked, of another region or without the right.",
        (Cure.FIX_KEY,),
        Role.OPERATOR,
    ),
    "settings_invalid": Entry(
        "A key that cannot be read",
        "SECRET_KEY is not the one with which the key was stored.",
        (Cure.FIX_SETTINGS, Cure.FIX_KEY),
        Role.OPERATOR,
    ),
    "key_removed": Entry(
        "Its key was removed",
        "The key was taken away before the order was sent.",
        (Cure.FIX_KEY, Cure.RETRY),
        Role.LEAD,
    ),
    "key_retired": Entry(
        "Its key is over", "The key was replaced or removed.", (Cure.FIX_KEY, Cure.RETRY), Role.LEAD
    ),
    "provider_wallet_empty": Entry(
        "The Tripo account is empty",
        "It has fewer credits than the next task costs.",
        (Cure.TOP_UP,),
        Role.LEAD,
    ),
    "budget_exceeded": Entry(
        "A budget forbids it",
        "What the project may spend is spent or under way. What waits is sent by itself once the budget reaches.",
        (Cure.RAISE_BUDGET,),
        Role.LEAD,
    ),
    "vault_full": Entry(
        "No room for files",
        "The disk or the bucket of ARTIFACTS_URL is full. Finished models wait at Tripo.",
        (Cure.FREE_SPACE,),
        Role.OPERATOR,
    ),
    "vault_refuses": Entry(
        "Our store takes no files",
        "The place of ARTIFACTS_URL is gone, or may not be written.",
        (Cure.FIX_SETTINGS,),
        Role.OPERATOR,
    ),
    "vault_unavailable": Entry(
        "Our store does not answer",
        "The place of ARTIFACTS_URL is gone, or may not be read.",
        (Cure.FIX_SETTINGS,),
        Role.OPERATOR,
    ),
    "provider_version_shut_down": Entry(
        "This version of Tripo's API is gone",
        "TRIPO_API_VERSION or TRIPO_API_BASE leads to what is no longer there.",
        (Cure.FIX_SETTINGS,),
        Role.OPERATOR,
    ),
    "provider_route_missing": Entry(
        "Tripo has no such route",
        "TRIPO_API_BASE does not lead to Tripo's API, or this version of it has changed.",
        (Cure.FIX_SETTINGS, Cure.UPDATE),
        Role.OPERATOR,
    ),
    # --- goes on by itself ---
    "provider_unreachable": Entry(
        "Tripo does not answer",
        "An outage of Tripo's, or of the network on the way.",
        (Cure.WAIT,),
        Role.OPERATOR,
    ),
    "provider_busy": Entry("No free place at Tripo", "All places of the account are taken.", (Cure.WAIT,)),
    "provider_blocked": Entry(
        "A gateway refuses the way to Tripo",
        "A proxy or a firewall stands between.",
        (Cure.WAIT, Cure.FIX_SETTINGS),
        Role.OPERATOR,
    ),
    "provider_audit_unavailable": Entry(
        "Tripo's content check is out of order", "A passing fault of Tripo's.", (Cure.WAIT,)
    ),
    "provider_read_failed": Entry(
        "Tripo's answers cannot be read", "A passing fault of Tripo's, or of the network.", (Cure.WAIT,)
    ),
    "provider_refused_for_now": Entry("Refused for now", "Tripo takes it later.", (Cure.WAIT,)),
    "upload_failed": Entry(
        "The image did not get to Tripo", "A passing fault of Tripo's, or of the network.", (Cure.WAIT,)
    ),
}


def entry_of(fingerprint: Fingerprint) -> Entry:
    """Say what is known of a cause; what is new is said to be so, and kept."""
    if is_new(fingerprint):
        return _new(fingerprint)
    return CATALOGUE[fingerprint.word]


def actions_for(fingerprint: str) -> tuple[str, ...]:
    """Name the actions of jobs that cure a cause, the one to try first before the others."""
    read = Fingerprint.read(fingerprint)
    cures = entry_of(read).cures if read is not None else ()
    return tuple(dict.fromkeys(ACTION_OF[cure] for cure in cures if cure in ACTION_OF))


def is_new(fingerprint: Fingerprint) -> bool:
    """Say whether nobody has described this yet: a word without an entry, or a code that no documentation has."""
    if fingerprint.word not in CATALOGUE:
        return True
    code = fingerprint.provider_code
    version: Version | None = _VERSIONS.get(fingerprint.said_by)
    return version is not None and code is not None and not is_documented(version, code)


_VERSIONS: Final[Mapping[str, Version]] = {"v2": "v2", "v3": "v3"}


def _new(fingerprint: Fingerprint) -> Entry:
    if fingerprint.said_by == OURS or fingerprint.provider_code is None:
        name = fingerprint.word.replace("_", " ")
        return Entry(f"New: {name}", "Nothing is known of this cause yet.", _RETRY, Role.LEAD)
    return Entry(
        f"New: Tripo's error {fingerprint.provider_code}",
        f"No documentation of Tripo's API {fingerprint.said_by} has this code; its own words stand below.",
        _RETRY,
        Role.LEAD,
    )
