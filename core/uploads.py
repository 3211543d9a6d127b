"""Pictures that people send in to have models made from: checked, then kept in the vault until they are needed.

They go to the provider only when an order that needs them is sent (`core.courier`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy.orm import Session

from core import idempotency
from core.database import Database
from core.errors import NotFoundError, OrderError
from core.idempotency import RequestKey
from core.models import Upload
from core.tripo import IMAGE_CURE, ImageRef, UnfitImageError, checked_image
from core.vault import Vault

LONGEST_STEM: Final = 60


def keep_upload(
    database: Database,
    vault: Vault,
    content: bytes,
    *,
    name: str | None,
    now: datetime,
    request: RequestKey | None = None,
    actor: str = "api",
) -> str:
    """Keep a picture and return the id by which orders name it.

    Raises OrderError `image_...` for what no model can be made from, VaultError when it cannot be stored.
    """
    file = vault.store(lambda sink: sink(content), _check)
    with database.transaction() as session:
        idempotency.claim(session, request)
        upload = Upload(
            sha256=file.sha256,
            bytes=file.bytes,
            media_type=file.media_type,
            name=_plain_name(name or "", file.media_type),
            created_by=actor,
            created_at=now,
            **file.facts,
        )
        session.add(upload)
        session.flush()
        idempotency.note_made(session, request, [upload.id])
    if not vault.has(file.sha256):  # an old, unused one of the same bytes was pruned at this very moment
        vault.store(lambda sink: sink(content), _check)
    return upload.id


def checked_source(session: Session, image: Mapping[str, Any]) -> dict[str, str]:
    """Return what an order says of its image as it will be stored.

    Raises OrderError for what is neither a public link nor an upload, NotFoundError for an upload that is not there.
    """
    given = checked_image_ref(image)
    if "uploadId" in given:
        upload_of(session, given["uploadId"], "image.uploadId")
    return given


def checked_image_ref(image: Mapping[str, Any]) -> dict[str, str]:
    """Return what names an image, once: a public link or an upload; raises OrderError for anything else."""
    given = {name: str(value) for name, value in image.items() if value is not None}
    ref = {"url": given.get("url"), "pending": given.get("uploadId")}
    try:
        ImageRef(**ref)
    except ValidationError as error:
        raise OrderError(
            str(error.errors(include_url=False, include_input=False)[0]["msg"]).removeprefix("Value error, "),
            suggestion="Send image.url with a public link, or image.uploadId from POST /api/uploads.",
            code="image_invalid",
            field="image.url" if len(given) == 1 and "url" in given else "image",
        ) from None
    return given


def upload_of(session: Session, upload_id: str, field: str = "uploadId") -> Upload:
    """Find a picture that was kept; raises NotFoundError with help."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise NotFoundError(
            "There is no upload with this id.",
            suggestion="POST /api/uploads takes the image and gives its id.",
            code="upload_not_found",
            field=field,
        )
    return upload


def _check(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        image = checked_image(path.read_bytes())
    except UnfitImageError as error:
        raise OrderError(str(error), suggestion=IMAGE_CURE, code=error.code, field="file") from None
    return image.media_type, {"width": image.width, "height": image.height}


def _plain_name(name: str, media_type: str) -> str:
    """Name a file for the provider: plain letters, and an ending that fits what it is."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w.]+", "-", letters)[:LONGEST_STEM].strip("-._")
    return f"{plain or 'image'}.{media_type.removeprefix('image/')}"
