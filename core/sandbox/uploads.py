"""Files that clients send in; only their names, kinds and sizes are kept."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from core.sandbox.files import upload_path
from core.sandbox.refusals import Refused
from core.sandbox.world import Upload

if TYPE_CHECKING:
    from core.sandbox.api import Api

_MOST_IMAGE_BYTES = 20_000_000
_MOST_MODEL_BYTES = 200_000_000
_IMAGES = ("webp", "jpeg", "jpg", "png")
_MODELS = ("glb", "obj", "fbx", "stl")
_PRESIGNED_SECONDS = 1800
_MAGICS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"glTF": "glb", b"Kaydara": "fbx"}


class Uploads:
    """The upload routes of both versions."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def image(self, request: Request, owner: str) -> Response:
        """V2's direct upload of a picture."""
        upload = await self._received(request, owner, str(uuid.uuid4()), _IMAGES)
        return self._api.ok(request, {"image_token": upload.token})

    async def file(self, request: Request, owner: str) -> Response:
        """V3's direct upload of a picture or a model."""
        upload = await self._received(request, owner, f"file_{uuid.uuid4()}", _IMAGES + _MODELS)
        return self._api.ok(request, {"file_token": upload.token})

    async def presign(self, request: Request, owner: str) -> Response:
        """V3's link to PUT a file to."""
        format = (await self._api.body(request)).get("format")
        if format not in _IMAGES + _MODELS:
            raise Refused("file_type")
        upload = Upload(f"file_{uuid.uuid4()}", owner, f"upload.{format}", format)
        self._api.sandbox.world.upload(upload)
        link = self._api.sandbox.link(request, upload_path(upload.token, format))
        data = {"presigned_url": link, "file_token": upload.token, "expires_in": _PRESIGNED_SECONDS}
        return self._api.ok(request, data)

    async def _received(self, request: Request, owner: str, token: str, formats: tuple[str, ...]) -> Upload:
        async with request.form() as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Refused("malformed", "a multipart field named file is required")
            body = await file.read()
            name = PurePosixPath(file.filename or "upload").name
        if not body:
            raise Refused("file_empty")
        format = _format_of(body, name)
        if format not in formats:
            raise Refused("file_type")
        if len(body) > (_MOST_IMAGE_BYTES if format in _IMAGES else _MOST_MODEL_BYTES):
            raise Refused("file_too_big")
        upload = Upload(token, owner, name, format, len(body))
        self._api.sandbox.world.upload(upload)
        return upload


def _format_of(body: bytes, name: str) -> str:
    """By the first bytes where a kind has any of its own, else by the name."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    for magic, format in (
        (b"\xff\xd8\xff", "jpeg"),
        (b"\x89PNG", "png"),
        (b"glTF", "glb"),
        (b"Kaydara", "fbx"),
    ):
        if body.startswith(magic):
            return format
    suffix = name.rpartition(".")[2].lower()
    return suffix if suffix in ("obj", "stl") else ""
