"""Version 2's second way to send a file in: credentials for one place in an S3 bucket, then a PUT to it.

Tripo docs, upload in STS. Who puts must name the credentials it was given; its signature is not computed anew.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.sandbox.refusals import Refused
from core.sandbox.sandbox import Sandbox
from core.sandbox.world import Upload

if TYPE_CHECKING:
    from core.sandbox.api import Api

BUCKET = "tripo-data"
FORMATS = ("webp", "jpeg", "png", "glb", "obj", "fbx", "stl")


class Storage:
    """The route that hands out credentials."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def credentials(self, request: Request, owner: str) -> Response:
        """Name a place for one file, and who may put it there."""
        format = (await self._api.body(request)).get("format")
        if format not in FORMATS:
            raise Refused("file_type")
        world = self._api.sandbox.world
        day = datetime.fromtimestamp(world.now(), UTC).strftime("%Y%m%d")
        place = f"tcli_{owner}/{day}/{uuid.uuid4()}.{format}"
        world.upload(Upload(place, owner, f"upload.{format}", format))
        access_key, secret_key, session_token = _credentials(place, world.signing_secret)
        data = {
            "s3_host": request.url.netloc,
            "resource_bucket": BUCKET,
            "resource_uri": place,
            "session_token": session_token,
            "sts_ak": access_key,
            "sts_sk": secret_key,
        }
        return self._api.ok(request, data)


def routes(sandbox: Sandbox) -> list[Route]:
    """PutObject into the bucket."""

    async def put(request: Request) -> Response:
        place, said = request.path_params["place"], request.headers.get("authorization", "")
        if said.startswith("Bearer"):
            sandbox.counters.key_leaks += 1
        access_key, _, session_token = _credentials(place, sandbox.world.signing_secret)
        names_them = said.startswith("AWS4-HMAC-SHA256") and f"Credential={access_key}/" in said
        if not names_them or request.headers.get("x-amz-security-token") != session_token:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        if place not in sandbox.world.uploads:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
        sandbox.world.fill_upload(place, size)
        return Response(status_code=200)

    return [Route(f"/{BUCKET}/{{place:path}}", put, methods=["PUT"])]


def _credentials(place: str, secret: str) -> tuple[str, str, str]:
    """Derive access key, secret key and session token: the same for the same place."""
    digest = hmac.new(secret.encode(), place.encode(), hashlib.sha512).hexdigest()
    return f"ASIA{digest[:16].upper()}", digest[16:56], digest[56:]
