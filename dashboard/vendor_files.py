"""The routes that send browser code: the vendored library and the modules of our own components.

Only files that were listed before can be asked for, so no path of a request ever reaches the disk.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.components.browser_parts import FINGERPRINT, part_files

VENDOR = Path(__file__).parent / "vendor"
FOREVER = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
    ".md": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    "": "text/plain; charset=utf-8",
}
BARE_THREE = re.compile(rb"from 'three';")


@dataclass(frozen=True)
class BrowserFile:
    """One file, ready to be sent: plain and compressed."""

    body: bytes
    packed: bytes
    media_type: str
    etag: str


def vendor_routes() -> list[Route]:
    """`/vendor/{path}` for outside code and `/parts/{fingerprint}/{path}` for ours, both cached for ever."""
    return [Route("/vendor/{path:path}", _vendor), Route("/parts/{fingerprint}/{path:path}", _part)]


def vendor_files() -> dict[str, Path]:
    """Every vendored file by its path below `vendor/`."""
    return {path.relative_to(VENDOR).as_posix(): path for path in VENDOR.rglob("*") if path.is_file()}


def _vendor(request: Request) -> Response:
    return _answer(request, _listed_vendor_files())


def _part(request: Request) -> Response:
    current = request.path_params["fingerprint"] == FINGERPRINT
    return _answer(request, _listed_part_files() if current else {})


_listed_vendor_files = functools.cache(vendor_files)
_listed_part_files = functools.cache(part_files)


def _answer(request: Request, files: dict[str, Path]) -> Response:
    name = request.path_params["path"]
    path = files.get(name)
    if path is None:
        return PlainTextResponse("There is no such file.\n", 404)
    file = _prepared(name, path)
    headers = {"Cache-Control": FOREVER, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.body, headers=headers, media_type=file.media_type)
    return Response(file.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.media_type)


@functools.cache
def _prepared(name: str, path: Path) -> BrowserFile:
    body = with_address_of_three(name, path.read_bytes())
    media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return BrowserFile(body, gzip.compress(body, 9, mtime=0), media_type, etag)


def with_address_of_three(name: str, body: bytes) -> bytes:
    """Give the addons' bare import of `three` the relative address that a browser needs.

    The files stay as released on disk; an import map could do the same, but it would have to stand in
    Streamlit's own page.
    """
    if not name.startswith("three-") or not name.endswith(".js"):
        return body
    up = "../" * (len(PurePosixPath(name).parts) - 2)
    return BARE_THREE.sub(f"from '{up}build/three.module.js';".encode(), body)
