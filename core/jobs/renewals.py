"""Actions that make a model anew with something changed: its words, its pose, its faces, the model version.

Where the model itself failed this is another attempt at it; where a later step did, a new generation of the asset,
whose older files stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from core import orders
from core.asset_chain import AssetChain
from core.chain import rig_order_again
from core.chosen_keys import chosen_again
from core.errors import ConflictError, OrderError
from core.generations import checked_generation
from core.jobs.action import (
    Action,
    Case,
    Doing,
    Done,
    Intent,
    Terms,
    refuse_while_it_moves,
    refuse_without_a_key,
)
from core.lifecycle import TaskKind, TaskStatus
from core.models import Task
from core.plans.style import POSES
from core.prices import prices_of_chain
from core.projects import project_of
from core.retries import checked_retry, order_retry

Order = Mapping[str, Any]  # of a generation, as in `Task.order`


class PromptTerms(Terms):
    """Words to be replaced wherever they stand, in any case; or whole prompts by `assetId` or `Asset.id`."""

    find: str = Field("", max_length=1024)
    replace: str = Field("", max_length=1024)
    prompts: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _says_one_thing(self) -> PromptTerms:
        if bool(self.find.strip()) == bool(self.prompts):
            raise ValueError("say either what to find, or the prompts")
        return self


class FaceTerms(Terms):
    """The most faces that a model may have from now on."""

    face_limit: int


class ModelTerms(Terms):
    """The provider's model version that is to be used."""

    model: str


class PoseTerms(Terms):
    """The pose that is asked for."""

    pose: Literal["T", "A"] = "T"


# --- what is changed -----------------------------------------------------------------------------------------


def change_prompt(case: Case, terms: PromptTerms) -> Intent:
    """Make a model anew from changed words."""
    order = newest_order(case.chain)
    if terms.prompts:
        asset = case.chain.asset
        prompt = terms.prompts.get(asset.id) or terms.prompts.get(asset.asset_id)
        if prompt is None:
            raise OrderError("No new prompt is given for it.", suggestion="Write one.", code="no_new_prompt")
    else:
        words = re.compile(re.escape(terms.find), re.IGNORECASE)
        prompt, found = words.subn(lambda _: terms.replace, _prompt_of(order))
        if not found:
            raise OrderError(
                "The words are not in its prompt.",
                suggestion="Look for words that are.",
                code="words_not_found",
            )
    if prompt.strip() == _prompt_of(order):
        raise OrderError(
            "Its prompt stays the same.", suggestion="Change something of it.", code="nothing_changes"
        )
    return anew(case, {**order, "prompt": " ".join(prompt.split())})


def add_pose(case: Case, terms: PoseTerms) -> Intent:
    """Make a model anew in a pose that can be rigged."""
    order = newest_order(case.chain)
    prompt = _prompt_of(order).rstrip(" .,;")
    if any(pose in prompt.casefold() for pose in POSES):
        raise OrderError(
            "Its prompt names a pose already.", suggestion="Change its prompt instead.", code="has_a_pose"
        )
    article = "a T-pose" if terms.pose == "T" else "an A-pose"
    return anew(case, {**order, "prompt": f"{prompt}, in {article}, one whole figure"})


def lower_faces(case: Case, terms: FaceTerms) -> Intent:
    """Make a model anew with fewer faces."""
    order = newest_order(case.chain)
    limit = (order.get("options") or {}).get("faceLimit")
    if limit is not None and limit <= terms.face_limit:
        raise OrderError(
            f"Its face limit is {limit} already.", suggestion="Choose a lower one.", code="nothing_changes"
        )
    return anew(case, _with_option(order, "faceLimit", terms.face_limit))


def change_model(case: Case, terms: ModelTerms) -> Intent:
    """Make a model anew with another version of the provider's."""
    order = newest_order(case.chain)
    if (order.get("options") or {}).get("model") == terms.model:
        raise OrderError(
            "It was made with this version.", suggestion="Choose another.", code="nothing_changes"
        )
    return anew(case, _with_option(order, "model", terms.model))


CHANGE_PROMPT: Final = Action("change_prompt", "Change the prompt", change_prompt, PromptTerms)
ADD_POSE: Final = Action("add_pose", "Ask for a pose", add_pose, PoseTerms)
LOWER_FACES: Final = Action("lower_faces", "Lower the face limit", lower_faces, FaceTerms)
CHANGE_MODEL: Final = Action("change_model", "Use another model version", change_model, ModelTerms)


# --- making it anew ------------------------------------------------------------------------------------------


def anew(case: Case, order: Order) -> Intent:
    """Say what making the asset's model as `order` has it would be; raises HatcheryError where it cannot be."""
    refuse_while_it_moves(case.chain)
    newest = case.chain.newest(TaskKind.GENERATE)
    assert newest is not None  # noqa: S101 - its order was read
    if newest.status is TaskStatus.SUCCESS:
        return _next_generation(case, newest, order)
    checked = checked_retry(
        case.session,
        case.chain,
        newest,
        version=case.version,
        prompt=order.get("prompt"),
        image=order.get("image"),
        options=order.get("options") or {},
    )
    refuse_without_a_key(case, checked.key)

    def carry(doing: Doing) -> Done:
        again = order_retry(
            case.session, case.chain, checked, version=case.version, now=doing.now, actor=doing.actor
        )
        return Done(f"Ordered as attempt {again.attempt}.", [again.id])

    return Intent(checked.credits, carry)


def _next_generation(case: Case, newest: Task, order: Order) -> Intent:
    asset = case.chain.asset
    key = chosen_again(case.session, project_of(case.session, asset.project_id), newest, None)
    refuse_without_a_key(case, key)
    is_rigged = asset.tag == "RIG"
    wanted: dict[str, Any] = {
        "prompt": order.get("prompt"),
        "image": order.get("image"),
        "should_rig": is_rigged,
        "animations": asset.animations if is_rigged else [],
        "options": order.get("options") or {},
        "rig": _rig_again(case.chain) if is_rigged else None,
    }
    checked = checked_generation(case.session, version=key.version if key else case.version, **wanted)
    model, *behind = prices_of_chain(checked.order, should_rig=is_rigged, animations=checked.animations)
    follows = Decimal(0) if asset.is_gated else sum((step.credits for step in behind), Decimal(0))

    def carry(doing: Doing) -> Done:
        rows = orders.order_generation(
            case.session,
            project_id=asset.project_id,
            asset_id=asset.asset_id,
            version=case.version,
            now=doing.now,
            key_id=key.id if key else None,
            priority=newest.priority,
            actor=doing.actor,
            **wanted,
        )
        return Done("Ordered anew, with all that follows.", [row.id for row in rows])

    return Intent(model.credits + follows, carry)


def _rig_again(chain: AssetChain) -> dict[str, str] | None:
    rig = chain.newest(TaskKind.RIG)
    return rig_order_again(rig.order) if rig else None


def newest_order(chain: AssetChain) -> Order:
    """Return how the model was ordered last; raises ConflictError where it never was."""
    newest = chain.newest(TaskKind.GENERATE)
    if newest is None:
        raise ConflictError("It was never ordered.", suggestion="Order it first.", code="never_ordered")
    return newest.order


def _prompt_of(order: Order) -> str:
    prompt = order.get("prompt")
    if not prompt:
        raise OrderError(
            "It is made from an image, not from words.", suggestion="Use another image.", code="no_prompt"
        )
    return str(prompt)


def _with_option(order: Order, name: str, value: object) -> Order:
    return {**order, "options": {**(order.get("options") or {}), name: value}}
