"""Version 2 on the wire: one create route with a type, integers, `model`/`pbr_model`/`base_model`."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.sandbox.api import Api, Json
from core.sandbox.catalog import Version
from core.sandbox.orders import Order
from core.sandbox.refusals import V2_ERRORS, Refused, Row, default_message
from core.sandbox.storage import BUCKET, Storage
from core.sandbox.tasks import Life, Task
from core.sandbox.uploads import Uploads
from core.sandbox.world import Account

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
SOURCE_NAMES = ("original_model_task_id", "draft_model_task_id", "original_task_id")


class V2:
    """Spelling of `https://api.tripo3d.ai/v2/openapi`."""

    version: Version = "v2"
    errors = V2_ERRORS

    def envelope(self, data: Json) -> Json:
        """Code 0 and the data."""
        return {"code": 0, "data": data}

    def refusal(self, row: Row, detail: str, _trace_id: str) -> Json:
        """Code, message, suggestion."""
        return {"code": row.code, "message": message_of(row, detail), "suggestion": row.suggestion}

    def order(self, task_type: str, body: Json) -> Order:
        """The common fields by their v2 names."""
        fields = {name: value for name, value in body.items() if value is not None and name != "type"}
        echo = dict(fields)
        model = fields.pop("model_version", None) or fields.pop("model", None)
        sources = [fields.pop(name) for name in SOURCE_NAMES if name in fields]
        return Order(
            version="v2",
            type=task_type,
            model=text_or_refuse(model),
            source=sources[0] if sources else None,
            picture=fields.pop("file", None),
            pictures=fields.pop("files", None),
            fields=fields,
            echo=echo,
        )

    def created(self, task: Task) -> Json:
        """The id."""
        return {"task_id": task.id}

    def task(self, task: Task, life: Life, output: Json | None, place_in_queue: int) -> Json:
        """A task with unix seconds and whole credits."""
        left = -1 if life.seconds_left is None else max(1, math.ceil(life.seconds_left))
        is_silent = task.silent and life.status == "running"
        shown: Json = {
            "task_id": task.id,
            "type": task.type,
            "status": life.status,
            "input": _echo(task),
            "output": output,
            "progress": life.progress,
            "create_time": int(task.created_at),
            "queuing_num": place_in_queue,
            "running_left_time": None if is_silent else left,
        }
        if life.is_final:
            shown["consumed_credit"] = task.price if life.status == "success" else 0
        if life.status == "failed":
            shown["error_code"] = task.ending.error_code
            shown["error_msg"] = task.ending.error_message or default_message(task.ending.error_code)
            shown["result"] = {}
        return shown

    def balance(self, account: Account) -> Json:
        """Whole credits."""
        return {"balance": account.balance, "frozen": account.frozen}

    def headers(self, _remaining: int, _limit: int, _reset_at: float) -> dict[str, str]:
        """V2 says nothing about its request rate."""
        return {}


def routes(api: Api) -> list[Route]:
    """The routes under `/v2/openapi`."""

    async def create(request: Request, owner: str) -> Response:
        body = await api.body(request)
        task_type = body.get("type")
        if not isinstance(task_type, str) or not task_type:
            raise Refused("parameter", "type is required")
        return await api.create(request, owner, task_type, body)

    uploads, storage = Uploads(api), Storage(api)
    return [
        Route("/task", api.endpoint(create), methods=["POST"]),
        Route("/task/batch", api.endpoint(api.read_many), methods=["POST"]),
        Route("/task/{task_id}", api.endpoint(api.read_one), methods=["GET"]),
        Route("/user/balance", api.endpoint(api.balance), methods=["GET"]),
        Route("/user/wallet/balance", api.endpoint(api.balance), methods=["GET"]),
        Route("/upload", api.endpoint(uploads.image), methods=["POST"]),
        Route("/upload/sts", api.endpoint(uploads.image), methods=["POST"]),
        Route("/upload/sts/token", api.endpoint(storage.credentials), methods=["POST"]),
        Route("/{rest:path}", api.no_route, methods=METHODS),
    ]


def message_of(row: Row, detail: str) -> str:
    """The documented message, with what exactly was wrong."""
    return f"{row.message}: {detail}" if detail else row.message


def text_or_refuse(model: Any) -> str | None:
    """A model's name. Raises Refused("parameter") for what is no text."""
    if model is not None and not isinstance(model, str):
        raise Refused("parameter", "the model version must be text")
    return model


def _echo(task: Task) -> Json:
    """The create's fields, its files rewritten to where the provider put them."""
    day = datetime.fromtimestamp(task.created_at, UTC).strftime("%Y%m%d")
    stored = {
        "type": "jpg",
        "object": {"bucket": BUCKET, "key": f"tcli_{task.owner}/{day}/{task.id}/file.jpeg"},
    }
    return {name: stored if name == "file" else value for name, value in task.echo.items()}
