"""Pictures of models that people take in the viewer: one for each model, shown in lists before the provider's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from core import idempotency, tasks
from core.database import Database
from core.errors import FileDamagedError, OrderError
from core.idempotency import RequestKey
from core.models import Artifact
from core.queries import artifact_of
from core.retention import remove_unnamed
from core.vault import Vault, check_picture

ROLE: Final = "thumbnail"
MOST_BYTES: Final = 2_000_000
MOST_PIXELS: Final = 2048  # of width and of height


def keep_thumbnail(
    database: Database,
    vault: Vault,
    artifact_id: str,
    content: bytes,
    *,
    now: datetime,
    request: RequestKey | None = None,
    actor: str = "api",
) -> str:
    """Keep a picture of a stored model in place of an earlier one; return its own artifact's id.

    Raises NotFoundError for a model that is not there, OrderError for what is no small picture or no model,
    VaultError when it cannot be stored.
    """
    with database.reading() as session:
        model, *_ = artifact_of(session, artifact_id)
    if model.role != "model":
        raise OrderError(
            "Only a model has a picture.", suggestion="Name a model's artifact.", field="artifactId"
        )
    if len(content) > MOST_BYTES:
        raise OrderError("The picture is larger than 2 MB.", suggestion="Take a smaller one.", field="file")
    file = vault.store(lambda sink: sink(content), _check)
    with database.transaction() as session:
        idempotency.claim(session, request)
        model, task, _ = artifact_of(session, artifact_id)
        earlier = session.scalar(select(Artifact).filter_by(task_id=task.id, role=ROLE).with_for_update())
        replaced = [earlier.sha256] if earlier is not None else []
        if earlier is not None:
            session.delete(earlier)
            session.flush()
        picture = Artifact(
            asset_pk=task.asset_pk,
            task_id=task.id,
            role=ROLE,
            sha256=file.sha256,
            bytes=file.bytes,
            media_type=file.media_type,
            facts=file.facts,
            created_at=now,
        )
        session.add(picture)
        session.flush()
        tasks.note(session, task, "A view of the model became its picture in lists.", now, actor)
        idempotency.note_made(session, request, [picture.id])
        kept = picture.id
    remove_unnamed(database, vault, replaced)
    return kept


def _check(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        media_type, facts = check_picture(path)
    except FileDamagedError as error:
        raise OrderError(error.message, suggestion="Send PNG, JPEG or WebP.", field="file") from None
    if max(facts["width"], facts["height"]) > MOST_PIXELS:
        raise OrderError(
            f"The picture is larger than {MOST_PIXELS} pixels.",
            suggestion="Take a smaller one.",
            field="file",
        )
    return media_type, facts
