"""Assets, the words that they are found by, and what people say of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.lifecycle import Approval, AssetStatus, Verdict
from core.models.base import Base, in_words, new_id, utc_now
from core.models.projects import Project


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
    status: Mapped[AssetStatus] = mapped_column(in_words(AssetStatus), default=AssetStatus.READY)
    has_unknown: Mapped[bool] = mapped_column(default=False)
    approval: Mapped[Approval] = mapped_column(in_words(Approval), default=Approval.PENDING)
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


class Review(Base):
    """One word of a person about an asset's model; one that was taken back stays, with when and by whom."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_asset", "asset_pk", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    asset_pk: Mapped[str] = mapped_column(ForeignKey("assets.id"))
    chain: Mapped[int]  # whose model was looked at
    verdict: Mapped[Verdict] = mapped_column(in_words(Verdict))
    words: Mapped[str] = mapped_column(default="")
    reviewer: Mapped[str]  # as they said themselves
    at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
