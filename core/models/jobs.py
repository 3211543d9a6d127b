"""What is done to many at once, and the pauses that hold all of it back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.lifecycle import ItemState
from core.models.base import Base, in_words, new_id, utc_now


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
    state: Mapped[ItemState] = mapped_column(in_words(ItemState), default=ItemState.WAITING)
    sentence: Mapped[str] = mapped_column(default="")  # what was done, or why not
    made: Mapped[list[str]] = mapped_column(default=list)  # ids of the new tasks
    done_at: Mapped[datetime | None]


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
