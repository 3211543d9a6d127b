"""Projects, and what their people keep in them: the style, plans, saved views."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, new_id, utc_now


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
