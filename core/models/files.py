"""Files: what the provider made, and what people brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, new_id, utc_now
from core.models.tasks import Task


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
