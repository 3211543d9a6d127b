"""Sending files of the vault, cached for ever: a file never changes under its id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from core.errors import NotFoundError, VaultError
from core.vault import CHUNK_BYTES, Vault
from dashboard.api.answers import PROBLEMS
from dashboard.api.problems import RefusedError

FOREVER: Final = "private, max-age=31536000, immutable"


class StoredFile(NamedTuple):
    """A file as our rows know it. `cure` says what brings it back when the vault has lost it."""

    sha256: str
    bytes: int
    media_type: str
    name: str
    cure: str


def answers_for(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI what a route answers that sends files of these kinds."""
    file: dict[str, Any] = {"content": {media_type: {} for media_type in media_types}}
    return {
        200: {"description": "The file.", **file},
        206: {"description": "The part of the file that `Range` asked for.", **file},
        304: {"description": "The file is the one that `If-None-Match` named."},
        **PROBLEMS,
    }


def sent(file: StoredFile, vault: Vault, request: Request, *, download: bool = False) -> Response:
    """Answer with a file, or with the one part of it that `Range` names; raises NotFoundError, RefusedError 416."""
    headers = {
        "ETag": f'"{file.sha256}"',
        "Cache-Control": FOREVER,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(file.name, download=download),
        "X-Content-Type-Options": "nosniff",
    }
    if _names_it(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    _refuse_missing(vault, file)
    wanted = _wanted_part(request, headers["ETag"], file.bytes)
    part = wanted or range(file.bytes)
    headers["Content-Length"] = str(len(part))
    if wanted is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.bytes}"
    status = 200 if wanted is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=file.media_type)
    return StreamingResponse(_pieces(vault, file.sha256, part), status, headers, file.media_type)


def in_a_name(text: str) -> str:
    """Write a text with letters, digits, dots and hyphens alone."""
    return re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", text))


def _refuse_missing(vault: Vault, file: StoredFile) -> None:
    """Raise NotFoundError unless the vault holds the file in its full length."""
    try:
        with vault.open(file.sha256) as opened:
            size = opened.seek(0, 2)
    except VaultError:
        size = None
    if size != file.bytes:
        raise NotFoundError(
            "The file is missing from the vault." if size is None else "The file in the vault is damaged.",
            suggestion=file.cure,
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


# --- names --------------------------------------------------------------------------------------------------


def disposition(name: str, *, download: bool) -> str:
    """Write Content-Disposition; other scripts go into filename*, with a plain stand-in (RFC 6266, appendix D)."""
    kind = "attachment" if download else "inline"
    stem, dot, suffix = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().rpartition(".")
    plain = (stem.strip("-._") or "model") + dot + suffix
    also = f"; filename*=UTF-8''{quote(name)}" if plain != name else ""
    return f'{kind}; filename="{plain}"{also}'
