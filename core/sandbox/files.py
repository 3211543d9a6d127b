"""The file host: models and pictures behind signed links, and where presigned uploads go."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.sandbox import links
from core.sandbox.broken_answers import HalfFile
from core.sandbox.products import CONTENT_TYPES, Product, products_of
from core.sandbox.sandbox import Sandbox
from core.sandbox.tasks import Task

_CORS = {"Access-Control-Allow-Origin": "*"}
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def path_of(task: Task, product: Product) -> str:
    """Where a task's file lies on the file host."""
    day = datetime.fromtimestamp(task.created_at, UTC).strftime("%Y%m%d")
    return f"/files/tcli_{task.owner}/{day}/{task.id}/{product.name}"


def upload_path(token: str, format: str) -> str:
    """Where a presigned upload goes."""
    return f"/files/uploads/{token}.{format}"


def routes(sandbox: Sandbox) -> list[Route]:
    """GET of what tasks made, PUT of presigned uploads: both by signature, without a key."""

    async def download(request: Request) -> Response:
        refusal = _without_permission(request, sandbox)
        if refusal is not None:
            return refusal
        found = _find(request, sandbox)
        if found is None:
            return _xml(404, "NoSuchKey", "The specified key does not exist.")
        task, product = found
        sandbox.counters.downloads["model" if product.is_model else "picture"] += 1
        return await _answer(request, sandbox, task, product)

    async def put(request: Request) -> Response:
        refusal = _without_permission(request, sandbox)
        if refusal is not None:
            return refusal
        token = request.path_params["name"].partition(".")[0]
        if token not in sandbox.world.uploads:
            return _xml(404, "NoSuchKey", "The specified key does not exist.")
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
        sandbox.world.fill_upload(token, size)
        return Response(status_code=200)

    return [
        Route("/files/uploads/{name}", put, methods=["PUT"]),
        Route("/files/{owner}/{day}/{task_id}/{name}", download, methods=["GET"]),
    ]


def _without_permission(request: Request, sandbox: Sandbox) -> Response | None:
    if "authorization" in request.headers:
        sandbox.counters.key_leaks += 1
        return _xml(400, "InvalidArgument", "Only one auth mechanism allowed; send no key to the file host.")
    world = sandbox.world
    if not links.is_alive(request.url.path, request.query_params, world.signing_secret, world.now()):
        return _xml(403, "AccessDenied", "Access denied")
    return None


def _find(request: Request, sandbox: Sandbox) -> tuple[Task, Product] | None:
    task = sandbox.world.tasks.get(request.path_params["task_id"])
    if task is None:
        return None
    name = request.path_params["name"]
    product = next((product for product in products_of(task) if product.name == name), None)
    return None if product is None else (task, product)


async def _answer(request: Request, sandbox: Sandbox, task: Task, product: Product) -> Response:
    faults, types, file = sandbox.faults, {task.type}, "model" if product.is_model else "picture"
    if faults.strike_file("link_dead", product.name, types, file):
        return _xml(403, "AccessDenied", "Access denied")
    if not product.is_model and faults.strike("picture_missing", types):
        return _xml(404, "NoSuchKey", "The specified key does not exist.")
    if faults.strike("file_html", types, file=file):
        return HTMLResponse("<!doctype html><title>Sign in</title><h1>Please sign in to continue</h1>")
    content_type = CONTENT_TYPES[product.suffix]
    if faults.strike("file_zero", types, file=file):
        return Response(b"", media_type=content_type)
    body = await run_in_threadpool(sandbox.workshop.file, task, product)
    if faults.strike("file_cut", types, file=file):
        return HalfFile(body, media_type=content_type)
    if faults.strike("file_cut_quietly", types, file=file):
        return Response(body[: len(body) // 2], media_type=content_type)
    return _whole_or_part(request, body, content_type)


def _whole_or_part(request: Request, body: bytes, content_type: str) -> Response:
    headers = _CORS | {"Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None:
        return Response(body, media_type=content_type, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
    if first > last:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], 206, headers, content_type)


def _xml(status: int, code: str, message: str) -> Response:
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{error}', status, _CORS, "application/xml")
