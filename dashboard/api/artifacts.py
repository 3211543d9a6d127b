"""Stored files: their bytes, from our own vault, cached for ever because a file never changes under its id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from core import queries
from core.errors import NotFoundError, VaultError
from core.lifecycle import TaskKind
from core.models import Artifact, Asset, Task
from core.vault import CHUNK_BYTES, Vault
from dashboard.api.answers import PROBLEMS
from dashboard.api.problems import RefusedError
from dashboard.api.requests import CheckedRoute, TheCore

router = APIRouter(prefix="/artifacts", tags=["artifacts"], route_class=CheckedRoute)

FOREVER: Final = "private, max-age=31536000, immutable"
LONGEST_NAME: Final = 60  # characters of the asset's name
SUFFIXES: Final = {
    "model/gltf-binary": ".glb",
    "application/octet-stream": ".fbx",
    "image/webp": ".webp",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
FILE: Final[dict[str, Any]] = {
    "content": {"model/gltf-binary": {}, "application/octet-stream": {}, "image/webp": {}}
}
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", **FILE},
    206: {"description": "The part of the file that `Range` asked for.", **FILE},
    304: {"description": "The file is the one that `If-None-Match` named."},
    **PROBLEMS,
}

ArtifactId = Annotated[str, Path(alias="artifactId")]
Download = Annotated[bool, Query(description="Offer it for saving in place of showing it.")]


@router.head("/{artifactId}", include_in_schema=False)
@router.get("/{artifactId}", response_class=Response, responses=ANSWERS)
def read_artifact(
    artifact_id: ArtifactId, request: Request, core: TheCore, download: Download = False
) -> Response:
    """Send a stored file, or the one part of it that `Range` names."""
    with core.database.reading() as session:
        artifact, task, asset = queries.artifact_of(session, artifact_id)
    headers = {
        "ETag": f'"{artifact.sha256}"',
        "Cache-Control": FOREVER,
        "Accept-Ranges": "bytes",
        "Content-Disposition": _disposition(_file_name(artifact, task, asset), download),
        "X-Content-Type-Options": "nosniff",
    }
    if _names_it(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    _refuse_missing(core.vault, artifact)
    wanted = _wanted_part(request, headers["ETag"], artifact.bytes)
    part = wanted or range(artifact.bytes)
    headers["Content-Length"] = str(len(part))
    if wanted is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{artifact.bytes}"
    status = 200 if wanted is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=artifact.media_type)
    pieces = _pieces(core.vault, artifact.sha256, part)
    return StreamingResponse(pieces, status, headers, artifact.media_type)


def _refuse_missing(vault: Vault, artifact: Artifact) -> None:
    """Raise NotFoundError unless the vault holds the file in its full length."""
    try:
        with vault.open(artifact.sha256) as file:
            size = file.seek(0, 2)
    except VaultError:
        size = None
    if size != artifact.bytes:
        raise NotFoundError(
            "The file is missing from the vault." if size is None else "The file in the vault is damaged.",
            suggestion="Bring back the folder or bucket of ARTIFACTS_URL from a copy, or retry the task.",
            code="artifact_missing",
        )


def _pieces(vault: Vault, sha256: str, part: range) -> Iterator[bytes]:
    with vault.open(sha256) as file:
        file.seek(part.start)
        left = len(part)
        while left > 0 and (piece := file.read(min(left, CHUNK_BYTES))):
            left -= len(piece)
            yield piece


# --- conditions and ranges (RFC 9110, 13 and 14) -------------------------------------------------------------


def _names_it(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags


def _wanted_part(request: Request, etag: str, size: int) -> range | None:
    """Read `Range`; None means all of it: nothing asked, more than one part, or not understood.

    Raises RefusedError 416 when the part lies behind the end.
    """
    asked = re.fullmatch(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", request.headers.get("range", ""))
    if asked is None or asked[1] == asked[2] == "":
        return None
    if request.headers.get("if-range", etag) != etag:
        return None
    if asked[1]:
        start, stop = int(asked[1]), int(asked[2]) + 1 if asked[2] else size
        if stop <= start and asked[2]:
            return None
    else:
        start, stop = max(0, size - int(asked[2])), size
    part = range(start, min(stop, size))
    if not part:
        raise RefusedError(
            416,
            f"The file has {size} bytes, and the part asked for lies behind them.",
            "Ask for a part within it, or for all of it.",
            "range_not_satisfiable",
            {"Content-Range": f"bytes */{size}"},
        )
    return part


# --- names ---------------------------------------------------------------------------------------------------


def _file_name(artifact: Artifact, task: Task, asset: Asset) -> str:
    """Name a file for people, such as knight-walk.glb."""
    step = {TaskKind.RIG: "-rigged", TaskKind.ANIMATE: "-" + task.preset.removeprefix("preset:")}
    stem = _in_a_name(asset.name)[:LONGEST_NAME] + _in_a_name(step.get(task.kind, ""))
    return (stem.strip("-._") or "model") + SUFFIXES.get(artifact.media_type, "")


def _in_a_name(text: str) -> str:
    return re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", text))


def _disposition(name: str, download: bool) -> str:
    """Write Content-Disposition; other scripts go into filename*, with a plain stand-in (RFC 6266, appendix D)."""
    kind = "attachment" if download else "inline"
    stem, dot, suffix = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().rpartition(".")
    plain = (stem.strip("-._") or "model") + dot + suffix
    also = f"; filename*=UTF-8''{quote(name)}" if plain != name else ""
    return f'{kind}; filename="{plain}"{also}'
