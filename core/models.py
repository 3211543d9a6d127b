"""The tables. What a state means stands in `core.lifecycle`; who may change one stands in `core.tasks`."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, MetaData, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from core.database import UtcDateTime
from core.failures.states import GroupState
from core.lifecycle import Approval, AssetStatus, Hold, ItemState, TaskKind, TaskStatus, Verdict
from core.tripo import Version

type_map = {datetime: UtcDateTime, Decimal: Numeric(14, 4), dict[str, Any]: JSON, list[str]: JSON, str: Text}


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(
        naming_convention={  # so that a later migration can name what it alters
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = type_map


def new_id() -> str:
    """Make an id of ours."""
    return str(uuid.uuid4())


def utc_now() -> datetime:
    """Tell the time, aware and in UTC."""
    return datetime.now(UTC)


def _words(enum: type[StrEnum]) -> Enum:
    """Store the enum's value, not its Python name, and no database-side type that a new word would break."""
    return Enum(enum, native_enum=False, length=24, values_callable=lambda e: [m.value for m in e])


class Project(Base):
    """A game, or a part of one: what its assets share."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str]
    key_id: Mapped[str | None] = mapped_column(ForeignKey("provider_keys.id"))
    defaults: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # for forms and plans, never for HTTP orders
    plans_revision: Mapped[int] = mapped_column(default=0)  # grows with each plan or style that is applied
    budget: Mapped[Decimal | None]  # credits that it may spend; null: as many as there are
    budget_by: Mapped[str | None]  # who set it last, as they said themselves
    budget_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class ProjectStyle(Base):
    """One version of what a project adds to the words of its plans; the newest holds, older ones stay."""

    __tablename__ = "project_styles"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)  # a `core.plans.style.Style`
    created_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Plan(Base):
    """A list of assets that was applied to a project; a file of the same name is its next revision."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("project_id", "filename"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    filename: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(16))
    content: Mapped[bytes] = mapped_column(deferred=True)  # as it was last applied
    content_sha256: Mapped[str] = mapped_column(String(64))
    priority: Mapped[int] = mapped_column(default=0)  # added to that of its rows; higher first
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None]
    not_before: Mapped[datetime | None]  # nothing of it is sent earlier
    window_from: Mapped[str | None] = mapped_column(String(5))  # "22:00": sent only from then ...
    window_to: Mapped[str | None] = mapped_column(String(5))  # ... until then
    window_zone: Mapped[str] = mapped_column(String(60), default="UTC")  # whose clock that is
    created_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    applied_by: Mapped[str | None]
    applied_at: Mapped[datetime] = mapped_column(default=utc_now)


class Asset(Base):
    """What is wanted: one thing of the game. `asset_id` is its name among its project's callers."""

    __tablename__ = "assets"
    __table_args__ = (
        UniqueConstraint("project_id", "asset_id"),
        Index("ix_assets_newest", "created_at", "id"),
        Index("ix_assets_status", "status", "created_at"),
        Index("ix_assets_plan", "plan_id", "removed_at", "status"),
        Index("ix_assets_approval", "approval", "created_at"),
        Index("ix_assets_changed", "updated_at", "id"),
        Index("ix_assets_ended", "status", "updated_at"),
        Index(
            "ix_assets_unknown",
            "created_at",
            "id",
            sqlite_where=text("has_unknown IS 1"),
            postgresql_where=text("has_unknown IS TRUE"),
        ),
        Index("ix_assets_category", "category", "created_at"),
        Index("ix_assets_by", "created_by", "created_at"),
        Index(
            "ix_assets_anew",
            "id",
            "chain",
            sqlite_where=text("chain > 1"),
            postgresql_where=text("chain > 1"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    asset_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str]
    category: Mapped[str] = mapped_column(default="Uncategorized")
    tag: Mapped[str] = mapped_column(String(8), default="STATIC")  # RIG or STATIC
    description: Mapped[str] = mapped_column(default="")
    prompt: Mapped[str] = mapped_column(default="")
    animations: Mapped[list[str]] = mapped_column(default=list)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chain: Mapped[int] = mapped_column(
        default=0
    )  # number of the current chain; a regeneration begins the next
    status: Mapped[AssetStatus] = mapped_column(_words(AssetStatus), default=AssetStatus.READY)
    has_unknown: Mapped[bool] = mapped_column(default=False)
    approval: Mapped[Approval] = mapped_column(_words(Approval), default=Approval.PENDING)
    approved_at: Mapped[datetime | None]

    plan_id: Mapped[str | None] = mapped_column(String(36))  # the plan that lists it; null: ordered by itself
    plan_key: Mapped[str | None] = mapped_column(String(200))  # its explicit identity there, if it has one
    plan_order: Mapped[int | None]  # its place among the plan's rows
    priority: Mapped[int] = mapped_column(default=0)  # its row's own
    brief: Mapped[
        dict[str, Any] | None
    ]  # what the plan says now that its model is (`core.plans.style.Brief`)
    made_from: Mapped[dict[str, Any] | None]  # the brief from which its present model was ordered
    style_version: Mapped[int] = mapped_column(default=0)  # of the project's style then; 0: there was none
    removed_at: Mapped[datetime | None]  # it left its plan; nothing of it is deleted
    variant_group: Mapped[str | None] = mapped_column(String(36))  # shared by the alternates of one row
    variant: Mapped[int] = mapped_column(default=1)  # its number among them
    picked_at: Mapped[datetime | None]  # a person chose it among them
    is_gated: Mapped[bool] = mapped_column(default=False)  # its rig waits until it is picked

    created_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)

    project: Mapped[Project] = relationship(lazy="raise")


class AssetText(Base):
    """What an asset is searched in and sorted by, in one form for both databases; see `core.asset_texts`."""

    __tablename__ = "asset_texts"
    __table_args__ = (Index("ix_asset_texts_title", "title", "asset_pk"),)

    asset_pk: Mapped[str] = mapped_column(String(36), ForeignKey("assets.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(120).with_variant(String(120, collation="C"), "postgresql"))
    text: Mapped[str]


class SavedView(Base):
    """A list of assets that somebody gave a name: what it asks for, and how it is sorted and shown."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str]
    sort: Mapped[str] = mapped_column(String(16))
    shape: Mapped[str] = mapped_column(String(16))  # pictures or table
    created_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class Task(Base):
    """One attempt at one step: at most one paid call to the provider."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("asset_pk", "chain", "kind", "preset", "attempt"),
        UniqueConstraint("key_id", "tripo_task_id"),
        Index(
            "uq_tasks_open_step",
            "asset_pk",
            "chain",
            "kind",
            "preset",
            unique=True,
            sqlite_where=text("status NOT IN ('success', 'failed', 'cancelled')"),
            postgresql_where=text("status NOT IN ('success', 'failed', 'cancelled')"),
        ),
        Index("ix_tasks_due", "status", "due_at"),
        Index("ix_tasks_state", "status", "kind", "finished_at"),
        Index("ix_tasks_newest", "created_at", "id"),
        Index("ix_tasks_tripo", "tripo_task_id"),
        Index("ix_tasks_sent", "key_id", "sent_at"),
        Index("ix_tasks_submitted", "kind", "submitted_at"),
        Index("ix_tasks_kind_done", "kind", "provider_done_at"),
        Index("ix_tasks_finished", "finished_at"),
        Index(
            "ix_tasks_fingerprint",
            "fingerprint",
            "status_at",
            "project_id",
            sqlite_where=text("fingerprint IS NOT NULL"),
            postgresql_where=text("fingerprint IS NOT NULL"),
        ),
        Index(
            "ix_tasks_spent",
            "project_id",
            "credits",
            sqlite_where=text("credits IS NOT NULL"),
            postgresql_where=text("credits IS NOT NULL"),
        ),
        Index(
            "ix_tasks_budget",
            *("project_id", "priority", "created_at"),
            sqlite_where=text("hold = 'budget'"),
            postgresql_where=text("hold = 'budget'"),
        ),
        Index(
            "ix_tasks_again",
            *("asset_pk", "chain", "kind", "preset", "attempt"),
            sqlite_where=text("attempt > 1"),
            postgresql_where=text("attempt > 1"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    asset_pk: Mapped[str] = mapped_column(ForeignKey("assets.id"))
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    chain: Mapped[int]
    kind: Mapped[TaskKind] = mapped_column(_words(TaskKind))
    preset: Mapped[str] = mapped_column(String(80), default="")  # of an animation; empty otherwise
    attempt: Mapped[int] = mapped_column(default=1)
    automatic_retries: Mapped[int] = mapped_column(default=0)  # in a row before it; 0: a person ordered it
    order: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # what was asked for: prompt, options, rig type ...
    source_task_id: Mapped[str | None] = mapped_column(String(36))  # ours: whose result this step works on
    priority: Mapped[int] = mapped_column(default=0)  # higher first

    status: Mapped[TaskStatus] = mapped_column(_words(TaskStatus))
    status_at: Mapped[datetime] = mapped_column(default=utc_now)
    hold: Mapped[Hold | None] = mapped_column(_words(Hold))
    waiting_for: Mapped[str | None] = mapped_column(String(40))  # a word: why it is not moving right now
    waiting_text: Mapped[str | None]  # the same as a sentence

    due_at: Mapped[datetime | None]  # when the next act on it is due (send, poll, download); null = none
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)  # grows with each claim; a writer must hold the newest
    tries: Mapped[int] = mapped_column(default=0)  # of the present act, for its growing delay

    key_id: Mapped[str | None] = mapped_column(ForeignKey("provider_keys.id"))
    pool: Mapped[str] = mapped_column(String(32), default="")  # the provider's concurrency group
    tripo_task_id: Mapped[str | None] = mapped_column(String(120))
    progress: Mapped[int] = mapped_column(default=0)
    seconds_left: Mapped[float | None]
    queue_position: Mapped[int | None]
    pace: Mapped[str | None] = mapped_column(String(120))  # the same for tasks that take alike
    foretold_seconds: Mapped[float | None]  # how long the whole would take, as the provider first let us know
    worked_seconds: Mapped[float | None]  # how long it took, from the provider's yes to its end
    riggable: Mapped[bool | None]
    rig_type: Mapped[str | None] = mapped_column(String(32))
    links: Mapped[dict[str, Any] | None]  # the provider's signed links: secret, short-lived
    gone_answers: Mapped[int] = mapped_column(
        default=0
    )  # how often the provider said it does not know this task
    gone_since: Mapped[datetime | None]

    credits: Mapped[Decimal | None]
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None]
    error_suggestion: Mapped[str | None]
    error_retryable: Mapped[bool | None]
    provider_error_code: Mapped[int | None]
    fingerprint: Mapped[str | None] = mapped_column(
        String(120)
    )  # its group, while failed or of unknown outcome
    trace_id: Mapped[str | None] = mapped_column(String(120))

    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    ready_at: Mapped[datetime | None]  # it might be sent for the first time
    sent_at: Mapped[datetime | None]  # a create for it was last sent
    submitted_at: Mapped[datetime | None]  # the provider said yes
    asked_at: Mapped[datetime | None]  # a request about it was last sent
    answered_at: Mapped[datetime | None]  # the provider last told us about it
    progressed_at: Mapped[datetime | None]  # the provider last told of progress
    provider_done_at: Mapped[datetime | None]  # we first knew that the provider was done
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)

    asset: Mapped[Asset] = relationship(lazy="raise")
    key: Mapped[ProviderKey | None] = relationship(lazy="raise")


class TaskEvent(Base):
    """One line of a task's history: a move, or a note beside a final row."""

    __tablename__ = "task_events"
    __table_args__ = (Index("ix_task_events_asset", "asset_pk", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    asset_pk: Mapped[str] = mapped_column(ForeignKey("assets.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
    from_status: Mapped[str | None] = mapped_column(String(24))
    to_status: Mapped[str | None] = mapped_column(String(24))
    message: Mapped[str] = mapped_column(default="")
    actor: Mapped[str] = mapped_column(String(200), default="poller")


class Exchange(Base):
    """What was said between us and the provider about one task: an order with its answer, or the word of its end.

    Keys and the signatures of links are taken out before it is written.
    """

    __tablename__ = "exchanges"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))  # a word of `core.exchanges`
    at: Mapped[datetime]
    request: Mapped[dict[str, Any] | None]  # method, path, body; null for the file host's
    http_status: Mapped[int | None]  # null: no answer came
    answer: Mapped[dict[str, Any] | None]
    trace_id: Mapped[str | None] = mapped_column(String(120))


class FailureGroup(Base):
    """What people said about the failures of one fingerprint; without a row nobody has yet."""

    __tablename__ = "failure_groups"

    fingerprint: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[GroupState] = mapped_column(_words(GroupState), default=GroupState.OPEN)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    count_then: Mapped[int] = mapped_column(default=0)  # how many there were when that was said
    ignored_until: Mapped[datetime | None]
    ignored_for: Mapped[int | None]  # so many more may come
    ignored_in: Mapped[str | None] = mapped_column(String(40))  # for as long as this version of ours runs
    assigned_to: Mapped[str | None]


class FailureNote(Base):
    """What somebody wrote, or did, about a group of failures."""

    __tablename__ = "failure_notes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    fingerprint: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime]
    author: Mapped[str]
    text: Mapped[str]


class Artifact(Base):
    """A file of ours: verified, hashed, in the vault under its hash."""

    __tablename__ = "artifacts"
    __table_args__ = (UniqueConstraint("task_id", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    asset_pk: Mapped[str] = mapped_column(ForeignKey("assets.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    role: Mapped[str] = mapped_column(String(24))  # model, rendered_image, or thumbnail: a person's picture
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of a model: triangles, joints, clips ...
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    task: Mapped[Task] = relationship(lazy="raise")


class Review(Base):
    """One word of a person about an asset's model; one that was taken back stays, with when and by whom."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_asset", "asset_pk", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    asset_pk: Mapped[str] = mapped_column(ForeignKey("assets.id"))
    chain: Mapped[int]  # whose model was looked at
    verdict: Mapped[Verdict] = mapped_column(_words(Verdict))
    words: Mapped[str] = mapped_column(default="")
    reviewer: Mapped[str]  # as they said themselves
    at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class Stoppable:
    """What may stand still: why, since when, until when; and what shows that it should."""

    stopped_word: Mapped[str | None] = mapped_column(String(40))
    stopped_text: Mapped[str | None]
    stopped_at: Mapped[datetime | None]
    stopped_until: Mapped[datetime | None]  # when it is tried again
    stopped_tries: Mapped[int] = mapped_column(default=0)
    failing: Mapped[float] = mapped_column(default=0.0)  # share of the last requests that got no answer
    well_at: Mapped[datetime | None]  # when an outage ended; what waited then goes out slowly at first


class ProviderKey(Stoppable, Base):
    """A key together with where it is used: version, base and region belong to it.

    The environment's key and people's own are kept alike. One that was removed or replaced is retired: no order can
    choose it any more, and its secret is wiped once the last of its tasks has ended.
    """

    __tablename__ = "provider_keys"
    __table_args__ = (UniqueConstraint("fingerprint", "version", "base"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str]
    owner: Mapped[str | None]  # who added it, as they said themselves; null for the environment's
    is_shared: Mapped[bool] = mapped_column(default=False)  # it came from the environment
    retired_at: Mapped[datetime | None]
    replaced_by_id: Mapped[str | None] = mapped_column(String(36))  # null in a retired one: it was removed
    version: Mapped[Version] = mapped_column(String(8))
    base: Mapped[str]
    region: Mapped[str] = mapped_column(String(16), default="")
    fingerprint: Mapped[str] = mapped_column(String(64))
    last_four: Mapped[str] = mapped_column(String(4))
    secret: Mapped[str]  # encrypted with SECRET_KEY; empty once it is wiped
    quiet_until: Mapped[datetime | None]  # the provider asked for no reads before
    balance: Mapped[Decimal | None]
    frozen: Mapped[Decimal | None]
    reachable: Mapped[bool | None]
    balance_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # when the provider was last asked anything with it
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Inquiry(Base):
    """The search for what became of one order whose answer was lost, and what it found.

    It outlives the decision for a while: what the provider shows later is noted beside the task.
    """

    __tablename__ = "inquiries"
    __table_args__ = (Index("ix_inquiries_due", "due_at"),)

    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"))
    sent_at: Mapped[datetime]  # the order left
    lost_at: Mapped[datetime]  # its answer was given up
    due_at: Mapped[datetime | None]  # when the provider is asked next; null = no more
    tries: Mapped[int] = mapped_column(default=0)
    named: Mapped[list[str]] = mapped_column(default=list)  # provider ids that news named and nobody has
    evidence: Mapped[dict[str, Any] | None]  # as `core.schemas.EvidenceView` has it


class WalletReading(Base):
    """What a key's wallet held at one time; kept for as long as it may tell of a lost order."""

    __tablename__ = "wallet_readings"
    __table_args__ = (Index("ix_wallet_readings_key", "key_id", "answered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime]
    balance: Mapped[Decimal]
    frozen: Mapped[Decimal]


class Lane(Base):
    """One concurrency group of one key: whether the provider last said that it is full."""

    __tablename__ = "lanes"

    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"), primary_key=True)
    pool: Mapped[str] = mapped_column(String(32), primary_key=True)
    blocked_until: Mapped[datetime | None]
    limit_learnt: Mapped[int | None]  # places, as the provider showed; null = the documented limit
    learnt_at: Mapped[datetime | None]


class LaneSample(Base):
    """How full one of the provider's groups was in one minute, over all keys that were in use."""

    __tablename__ = "lane_samples"

    at: Mapped[datetime] = mapped_column(primary_key=True)  # the minute's beginning
    pool: Mapped[str] = mapped_column(String(32), primary_key=True)
    held: Mapped[int]
    places: Mapped[int]
    waiting: Mapped[int]  # orders that might have been sent


class KeyHour(Base):
    """What one key's wallet held at the end of an hour, and for how long the key stood still in it."""

    __tablename__ = "key_hours"

    at: Mapped[datetime] = mapped_column(primary_key=True)  # the hour's beginning
    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"), primary_key=True)
    balance: Mapped[Decimal | None]
    frozen: Mapped[Decimal | None]
    stopped_minutes: Mapped[int] = mapped_column(default=0)
    stopped_word: Mapped[str | None] = mapped_column(String(40))  # the last reason


class Stop(Stoppable, Base):
    """Something beside the keys that may stand still: the vault, the file host of one key."""

    __tablename__ = "stops"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)


class AlertTarget(Base):
    """Where alerts are sent: one address of one service. `secret` is that address, for it holds the right to post."""

    __tablename__ = "alert_targets"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str]
    service: Mapped[str] = mapped_column(String(32))  # the first word of its address, such as slack
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    secret: Mapped[str]  # encrypted with SECRET_KEY; empty once it is removed
    causes: Mapped[list[str]] = mapped_column(default=list)  # words of `core.alerts.causes.Cause`
    is_shared: Mapped[bool] = mapped_column(default=False)  # it came from the environment
    owner: Mapped[str | None]  # who added it, as they said themselves
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    removed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]  # somebody is sending to it
    tries: Mapped[int] = mapped_column(default=0)  # in a row that failed
    next_try_at: Mapped[datetime | None]  # nothing is sent to it before
    tried_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    fault: Mapped[str | None]  # why the last try failed, in a sentence


class Alert(Base):
    """What happened of one cause, to be told once an hour at most: one line for each thing that it is about."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("cause", "hour"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    cause: Mapped[str] = mapped_column(String(24))
    hour: Mapped[datetime]
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict)  # sentences by what they are about
    found_at: Mapped[datetime]
    due_at: Mapped[datetime]  # until then more lines may join it


class AlertDelivery(Base):
    """One alert on its way to one target."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (Index("ix_alert_deliveries_target", "target_id", "delivered_at"),)

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("alert_targets.id"), primary_key=True)
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]  # it was a day old by then


class AlertMark(Base):
    """What was told of already and still holds: it is told of again only after it was over."""

    __tablename__ = "alert_marks"

    cause: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]


class Pause(Base):
    """Somebody's word that nothing more is to be sent, of one project or of all."""

    __tablename__ = "pauses"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id"))  # null: everything
    paused_by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    paused_at: Mapped[datetime] = mapped_column(default=utc_now)
    resumed_by: Mapped[str | None]
    resumed_at: Mapped[datetime | None]


class Job(Base):
    """One action that a person had done to many tasks or assets: what was shown to them, and how far it is."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "uq_jobs_under_way",
            "fingerprint",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_jobs_newest", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    action: Mapped[str] = mapped_column(String(40))
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the action was told
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how its items were named
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the preview that was confirmed
    items: Mapped[int]
    credits: Mapped[Decimal]  # foretold, when all succeed
    left_out: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how many, by the sentence that says why
    begin_at: Mapped[datetime]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    stopped_by: Mapped[str | None]
    stopped_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]  # nothing of it is left to do


class JobItem(Base):
    """One task or asset of a job, as it was when the job was started, and what was done to it."""

    __tablename__ = "job_items"
    __table_args__ = (Index("ix_job_items_state", "job_id", "state", "number"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asset_pk: Mapped[str] = mapped_column(ForeignKey("assets.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("tasks.id"))  # null: the asset as a whole
    chain: Mapped[int]  # the asset's then
    credits: Mapped[Decimal]
    state: Mapped[ItemState] = mapped_column(_words(ItemState), default=ItemState.WAITING)
    sentence: Mapped[str] = mapped_column(default="")  # what was done, or why not
    made: Mapped[list[str]] = mapped_column(default=list)  # ids of the new tasks
    done_at: Mapped[datetime | None]


class Upload(Base):
    """A picture that somebody sent in to have models made from; its bytes are in the vault under its hash."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    width: Mapped[int]
    height: Mapped[int]
    name: Mapped[str]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class UploadToken(Base):
    """The name under which the provider knows a picture: for one key, for about a day."""

    __tablename__ = "upload_tokens"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("provider_keys.id"), primary_key=True)
    token: Mapped[str]
    made_at: Mapped[datetime]


class Heartbeat(Base):
    """A process that says it is alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(24))
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    passes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class IdempotentRequest(Base):
    """A POST that came with an Idempotency-Key: written in the transaction of what it caused."""

    __tablename__ = "idempotent_requests"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    route: Mapped[str] = mapped_column(String(300))
    body_sha256: Mapped[str] = mapped_column(String(64))
    answer_code: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class WebhookDelivery(Base):
    """News from the provider that was heard, by the id of its delivery: a repeated one changes nothing."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
