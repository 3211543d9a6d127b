"""Pictures that people take of models in the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, Path, Response, UploadFile
from sqlalchemy.orm import Session

from core import queries
from core.idempotency import RequestKey
from core.models import utc_now
from core.thumbnails import MOST_BYTES, keep_thumbnail
from dashboard.api.answers import CREATED, PROBLEMS, Answer, ThumbnailAnswer, answer
from dashboard.api.once import by_content, carried_out_once
from dashboard.api.requests import FileRoute, TheCaller, TheCore, too_large

router = APIRouter(prefix="/artifacts", tags=["artifacts"], route_class=FileRoute)


@router.post("/{artifactId}/thumbnail", status_code=201, response_model=ThumbnailAnswer, responses=PROBLEMS)
def take_thumbnail(
    artifact_id: Annotated[str, Path(alias="artifactId")],
    core: TheCore,
    caller: TheCaller,
    file: Annotated[UploadFile, File(description="WebP, PNG or JPEG, at most 2 MB and 2048 pixels wide.")],
) -> Response:
    """Keep a picture of a stored model; lists show it in place of the provider's."""
    content = file.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise too_large(MOST_BYTES)

    def keep(key: RequestKey | None) -> list[str]:
        kept = keep_thumbnail(
            core.database, core.vault, artifact_id, content, now=utc_now(), request=key, actor=caller.actor
        )
        return [kept]

    return carried_out_once(core, by_content(caller.key, content), keep, _kept)


def _kept(_session: Session, ids: Sequence[str]) -> Answer:
    return answer(CREATED, ThumbnailAnswer(artifact_id=ids[0], url=queries.artifact_url(ids[0])))
