"""What people decide and say of groups of failures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.failures.states import GroupState
from core.models.base import Base, in_words


class FailureGroup(Base):
    """What people said about the failures of one fingerprint; without a row nobody has yet."""

    __tablename__ = "failure_groups"

    fingerprint: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[GroupState] = mapped_column(in_words(GroupState), default=GroupState.OPEN)
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
