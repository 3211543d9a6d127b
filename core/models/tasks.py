"""Every attempt at a step, its history, what was said about it, and the search for one whose answer was lost."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.lifecycle import Hold, TaskKind, TaskStatus
from core.models.assets import Asset
from core.models.base import Base, in_words, new_id, utc_now
from core.models.keys import ProviderKey


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
    kind: Mapped[TaskKind] = mapped_column(in_words(TaskKind))
    preset: Mapped[str] = mapped_column(String(80), default="")  # of an animation; empty otherwise
    attempt: Mapped[int] = mapped_column(default=1)
    automatic_retries: Mapped[int] = mapped_column(default=0)  # in a row before it; 0: a person ordered it
    order: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # what was asked for: prompt, options, rig type ...
    source_task_id: Mapped[str | None] = mapped_column(String(36))  # ours: whose result this step works on
    priority: Mapped[int] = mapped_column(default=0)  # higher first

    status: Mapped[TaskStatus] = mapped_column(in_words(TaskStatus))
    status_at: Mapped[datetime] = mapped_column(default=utc_now)
    hold: Mapped[Hold | None] = mapped_column(in_words(Hold))
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
