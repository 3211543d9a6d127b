"""Pictures that models are made from: sent in once, named by orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, File, Path, Request, Response, UploadFile
from sqlalchemy.orm import Session

from core.idempotency import RequestKey
from core.models import Upload, utc_now
from core.tripo.catalog import IMAGE_BYTES_MOST, IMAGE_KINDS
from core.uploads import keep_upload, upload_of
from dashboard.api.answers import CREATED, PROBLEMS, Answer, UploadAnswer, answer
from dashboard.api.once import by_content, carried_out_once
from dashboard.api.requests import CheckedRoute, FileRoute, TheCaller, TheCore, too_large
from dashboard.api.stored_files import StoredFile, answers_for, sent

receiving = APIRouter(prefix="/uploads", tags=["generate"], route_class=FileRoute)
sending = APIRouter(prefix="/uploads", tags=["generate"], route_class=CheckedRoute)

CURE: Final = "Bring back the folder or bucket of ARTIFACTS_URL from a copy, or send the image in again."


@receiving.post("", status_code=201, response_model=UploadAnswer, responses=PROBLEMS)
def upload(
    core: TheCore,
    caller: TheCaller,
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP, 256 x 256 or more, at most 20 MB.")],
) -> Response:
    """Keep an image; orders name it by `image.uploadId`. It goes to the provider when such an order is sent."""
    content = file.file.read(IMAGE_BYTES_MOST + 1)
    if len(content) > IMAGE_BYTES_MOST:
        raise too_large(IMAGE_BYTES_MOST)

    def keep(key: RequestKey | None) -> list[str]:
        kept = keep_upload(
            core.database,
            core.vault,
            content,
            name=file.filename,
            now=utc_now(),
            request=key,
            actor=caller.actor,
        )
        return [kept]

    return carried_out_once(core, by_content(caller.key, content), keep, _kept)


def _kept(session: Session, ids: Sequence[str]) -> Answer:
    upload = session.get_one(Upload, ids[0])
    facts = {name: getattr(upload, name) for name in ("sha256", "bytes", "media_type", "width", "height")}
    return answer(CREATED, UploadAnswer(upload_id=upload.id, **facts))


@sending.head("/{uploadId}", include_in_schema=False)
@sending.get("/{uploadId}", response_class=Response, responses=answers_for(*IMAGE_KINDS))
def read_upload(
    upload_id: Annotated[str, Path(alias="uploadId")], request: Request, core: TheCore
) -> Response:
    """Send an image that was sent in, or the one part of it that `Range` names."""
    with core.database.reading() as session:
        kept = upload_of(session, upload_id)
    file = StoredFile(kept.sha256, kept.bytes, kept.media_type, kept.name, CURE)
    return sent(file, core.vault, request)


router = APIRouter()
router.include_router(receiving)
router.include_router(sending)
