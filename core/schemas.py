"""The frozen values that cross rooms: what pages draw and what the HTTP API answers (camelCase outside)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from core.lifecycle import Approval, AssetStatus, TaskKind, TaskStatus, Verdict

Credits = Annotated[
    Decimal, PlainSerializer(float, when_used="json")
]  # in JSON a number, as the provider has it


class View(BaseModel):
    """A value that is read only; snake_case inside, camelCase outside."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Waiting(View):
    """Why something is not moving: a stable word and a sentence."""

    word: str
    sentence: str


class ErrorView(View):
    """Why a task ended badly, and what to do."""

    code: str
    message: str
    suggestion: str
    trace_id: str | None
    retryable: bool
    fingerprint: str | None = Field(default=None, exclude=True)  # names its group of failures on the pages


class OutputView(View):
    """What a task brought: links of our own, and the rig check's answer."""

    model_url: str | None = None
    rendered_image_url: str | None = None
    riggable: bool | None = None
    rig_type: str | None = None


class WalletMoment(View):
    """What a wallet held at one time: credits to spend, and credits set aside for tasks under way."""

    at: datetime
    balance: Credits
    frozen: Credits


class WalletView(View):
    """How the wallet changed across a send.

    `says` is `taken` when it fell by just what lost orders cost, `unchanged` when other orders of ours explain all of
    the change, `free` for an order that costs nothing, `unread` without readings, otherwise `unclear`.
    """

    before: WalletMoment | None
    after: WalletMoment | None
    fell: Credits | None = None
    explained: Credits | None = None  # of that, by other orders of ours
    says: str
    sentence: str


class CandidateView(View):
    """A task at the provider that nobody of ours has, and that an order of unknown outcome may have become."""

    tripo_task_id: str
    type: str
    status: str
    credits: Credits | None
    created_at: datetime | None
    fit: str  # same, or unclear when its input cannot be compared in full
    unseen: tuple[str, ...]  # what of the input could not be compared
    in_time: bool  # it was made when the order was sent, as far as clocks agree


class EvidenceView(View):
    """What is known of an order whose answer was lost: what the account's history and the wallet say.

    `verdict` is `looking`, `found`, `choose` (candidates), `likely_created`, `likely_not_created`, `unclear`,
    `made_late` (after it was given up) or `made_twice`; `sentence` says it for people.
    """

    verdict: str
    sentence: str
    sent_at: datetime
    lost_at: datetime
    price: Credits | None
    history: str  # read, failing, or not_offered by this version of the API
    trouble: str | None
    equal_orders: int  # other lost orders that asked for exactly the same
    candidates: tuple[CandidateView, ...]
    wallet: WalletView
    looked_at: datetime | None
    next_look_at: datetime | None


class TaskView(View):
    """One attempt at one step. `status` is the word shown outside: `queued` also for what is not sent yet."""

    task_id: str
    tripo_task_id: str | None
    project_id: str
    asset_id: str
    kind: TaskKind
    preset: str | None
    status: TaskStatus
    progress: int
    seconds_left: float | None
    queue_position: int | None
    attempt: int
    output: OutputView
    error: ErrorView | None
    asset_status: AssetStatus
    credits_consumed: Credits | None
    waiting_for: str | None
    waiting_text: str | None = Field(alias="waitingForText")
    created_at: datetime
    submitted_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    evidence: EvidenceView | None = None  # of an order whose answer was lost
    inner_status: TaskStatus = Field(exclude=True)  # as the state machine has it
    chain: int = Field(alias="chainNumber")


class ArtifactView(View):
    """A stored file; `current` when it belongs to the newest success of its step in the asset's current chain."""

    artifact_id: str
    task_id: str
    kind: TaskKind
    preset: str | None
    role: str
    url: str
    sha256: str
    bytes: int
    media_type: str
    current: bool
    facts: dict[str, Any]


class EventView(View):
    """One line of an asset's history."""

    at: datetime
    task_id: str
    kind: TaskKind
    preset: str | None
    from_status: str | None
    to_status: str | None
    message: str
    actor: str


class ReviewView(View):
    """One word of a person about an asset's model, taken back when `undoneAt` says when."""

    verdict: Verdict
    words: str
    reviewer: str
    at: datetime
    undone_at: datetime | None
    chain: int = Field(alias="chainNumber")


class AssetRow(View):
    """An asset as lists show it."""

    project_id: str
    asset_id: str
    asset_pk: str = Field(exclude=True)  # the id of its row: what a selection holds
    name: str
    category: str
    tag: str
    status: AssetStatus
    approval: Approval
    has_unknown: bool
    progress: int  # of the whole chain, 0 to 100
    waiting_for: str | None
    waiting_text: str | None = Field(alias="waitingForText")
    error: ErrorView | None
    picture_url: str | None
    created_by: str | None
    created_at: datetime
    updated_at: datetime


class AssetPage(View):
    """One page of assets, with where the next one begins; `total` as far as it was counted, `has_more` above that."""

    assets: tuple[AssetRow, ...]
    next_cursor: str | None
    total: int | None = None
    has_more: bool = False


class SavedViewView(View):
    """A list of assets that somebody gave a name. `shape` is how it is shown: Pictures or Table."""

    view_id: str
    name: str
    query: str
    sort: str
    shape: str
    created_by: str | None
    updated_at: datetime


class SourceImageView(View):
    """What a model is made from in place of words: an upload of ours, or a link that the provider follows."""

    url: str
    upload_id: str | None = None
    name: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    width: int | None = None
    height: int | None = None


class AssetDetail(View):
    """All there is to know of one asset."""

    project_id: str
    asset_id: str
    name: str
    category: str
    tag: str
    description: str
    prompt: str
    animations: tuple[str, ...]
    playable: tuple[str, ...] = Field(alias="playableAnimations")  # by its rig; empty without one
    options: dict[str, Any]
    source_image: SourceImageView | None
    status: AssetStatus
    approval: Approval
    has_unknown: bool
    chain: int = Field(alias="chainNumber")
    progress: int  # of the current chain, 0 to 100
    created_by: str | None
    created_at: datetime
    updated_at: datetime
    tasks: tuple[TaskView, ...]
    artifacts: tuple[ArtifactView, ...]
    events: tuple[EventView, ...]
    reviews: tuple[ReviewView, ...] = ()


class PauseView(View):
    """A pause by hand that stands; of one project, or of everything when that is null."""

    project_id: str | None
    project_name: str | None
    paused_by: str
    paused_at: datetime
    reason: str


class ProjectView(View):
    """A project as lists show it. `key_id` is the key that its orders use; null for the shared one.

    `paused` is its own pause; one of everything stands in the health.
    """

    project_id: str
    name: str
    key_id: str | None
    defaults: dict[str, Any]
    created_at: datetime
    assets: int = 0
    paused: PauseView | None = None


class KeyProject(View):
    """A project whose orders use a key."""

    project_id: str
    name: str


class KeyView(View):
    """A provider key as it may be shown: never more of it than its last four characters."""

    key_id: str
    name: str
    last_four: str
    shared: bool  # the one of the environment, used where no other was chosen
    owner: str | None
    version: str
    region: str
    state: (
        str  # works, stopped, unreachable or unchecked; removed or replaced while its last tasks are followed
    )
    stopped_for: str | None
    stopped_text: str | None
    balance: Credits | None
    frozen: Credits | None
    checked_at: datetime | None
    projects: tuple[KeyProject, ...]
    open_tasks: int
    created_at: datetime


class StoppedKey(View):
    """A key whose queue stands still, and why."""

    key_id: str
    name: str
    last_four: str
    shared: bool
    elsewhere: str | None  # the address at which it is used, where that is not today's TRIPO_API_BASE
    stopped_for: str
    stopped_text: str
    stopped_at: datetime | None
    next_try_at: datetime | None


class PollerHealth(View):
    """Whether a poller lives. `stale` also when none was ever seen."""

    last_seen_at: datetime | None
    stale: bool


class ProviderHealth(View):
    """The provider as we last saw it, with the shared key."""

    version: str
    sandbox: bool
    reachable: bool | None
    balance: Credits | None
    frozen: Credits | None
    checked_at: datetime | None
    stopped_for: str | None
    stopped_text: str | None
    stopped_at: datetime | None = None
    next_try_at: datetime | None = None
    circuit: str = "closed"  # open: it does not answer; half_open: it does again, and is loaded slowly
    key_missing: bool


class QueueHealth(View):
    """How many tasks wait with us, are at the provider or coming home, are of unknown outcome."""

    waiting: int
    in_flight: int
    unknown: int


class LaneHealth(View):
    """The places taken in one concurrency group, and its limit."""

    pool: str
    held: int
    limit: int
    blocked_until: datetime | None


class StopHealth(View):
    """Something that keeps files from coming home: the vault (`vault`), or a key's file host (`files <keyId>`)."""

    name: str
    stopped_for: str
    stopped_text: str
    stopped_at: datetime | None
    next_try_at: datetime | None


class Health(View):
    """The whole product's health."""

    status: str  # ok, degraded or down
    database: str
    poller: PollerHealth
    provider: ProviderHealth
    queue: QueueHealth
    lanes: tuple[LaneHealth, ...] = ()
    keys: tuple[StoppedKey, ...] = ()
    pauses: tuple[PauseView, ...] = ()
    stops: tuple[StopHealth, ...] = ()
    stuck: int = 0  # tasks at the provider without progress for far longer than usual
    asset_counts: dict[str, int] = {}  # by state, each counted up to 10,000
    as_of: datetime
