"""Version 3 on the wire: a route per ability, `input` and `model`, ISO times, one `model_url`."""

from __future__ import annotations

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.sandbox.api import Api, Json
from core.sandbox.catalog import TASK_TYPES, Version
from core.sandbox.orders import Order
from core.sandbox.refusals import V3_ERRORS, Refused, Row
from core.sandbox.tasks import Life, Task, life_of
from core.sandbox.uploads import Uploads
from core.sandbox.v2 import METHODS, SOURCE_NAMES, message_of, text_or_refuse
from core.sandbox.v3_words import consumed, failure_of, iso, status_of
from core.sandbox.world import Account

_VIEWS = ("front", "left", "back", "right")
_OUTPUT_NAMES = {
    "pbr_model": "model_url",
    "model": "model_url",
    "base_model": "model_url",
    "rendered_image": "rendered_image_url",
    "generated_image": "generated_image_url",
}
_MOST_USAGE_ROWS = 200


class V3:
    """Spelling of `https://openapi.tripo3d.ai/v3`."""

    version: Version = "v3"
    errors = V3_ERRORS

    def envelope(self, data: Json) -> Json:
        """Code 0, the status and the data."""
        return {"code": 0, "status": "success", "data": data}

    def refusal(self, row: Row, detail: str, trace_id: str) -> Json:
        """Code, status, message, suggestion, request id."""
        return {
            "code": row.code,
            "status": "error",
            "message": message_of(row, detail),
            "suggestion": row.suggestion,
            "request_id": trace_id,
        }

    def order(self, task_type: str, body: Json) -> Order:
        """`input` sorted by what it is; v2's names are taken too."""
        fields = {name: value for name, value in body.items() if value is not None and name != "type"}
        echo = dict(fields)
        model = fields.pop("model", None) or fields.pop("model_version", None)
        source, picture = _sorted_input(fields.pop("input", None))
        for name in SOURCE_NAMES:
            source = fields.pop(name, None) if source is None else source
        inputs = fields.pop("inputs", None)
        if (
            isinstance(inputs, list)
            and len(inputs) == 1
            and isinstance(inputs[0], dict)
            and "task_id" in inputs[0]
        ):
            source, inputs = inputs[0]["task_id"], None
        return Order(
            version="v3",
            type=task_type,
            model=text_or_refuse(model),
            source=source,
            picture=fields.pop("file", None) if picture is None else picture,
            pictures=fields.pop("files", None) if inputs is None else _views(inputs, task_type),
            fields=fields,
            echo=echo,
        )

    def created(self, task: Task) -> Json:
        """The id, and what it is."""
        return {"task_id": task.id, "type": task.type, "status": "queued"}

    def task(self, task: Task, life: Life, output: Json | None, _place: int) -> Json:
        """A task with ISO times and decimal credits; nothing about the queue or the time left."""
        shown: Json = {
            "task_id": task.id,
            "type": task.type,
            "status": status_of(life),
            "input": task.echo,
            "output": _renamed(output),
            "progress": life.progress,
            "created_at": iso(task.created_at),
        }
        if life.is_final:
            shown["completed_at"] = iso(task.ends_at)
            shown["credits_consumed"] = consumed(task, life)
        if shown["status"] == "failed":
            shown["error_code"], shown["error_message"] = failure_of(task, life)
        return shown

    def balance(self, account: Account) -> Json:
        """Decimal credits."""
        return {"balance": float(account.balance), "frozen": float(account.frozen)}

    def headers(self, remaining: int, limit: int, reset_at: float) -> dict[str, str]:
        """The documented three."""
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(int(reset_at)),
        }


def routes(api: Api) -> list[Route]:
    """The routes under `/v3`; webhooks are registered in Tripo's console, here through the control routes."""
    uploads = Uploads(api)
    return [
        *(_create_route(api, name) for name in TASK_TYPES),
        Route("/tasks/list", api.endpoint(api.read_many), methods=["POST"]),
        Route("/tasks/{task_id}", api.endpoint(api.read_one), methods=["GET"]),
        Route("/account/balance", api.endpoint(api.balance), methods=["GET"]),
        Route("/account/usage", api.endpoint(_usage(api)), methods=["GET"]),
        Route("/files", api.endpoint(uploads.file), methods=["POST"]),
        Route("/files/presign", api.endpoint(uploads.presign), methods=["POST"]),
        Route("/{rest:path}", api.no_route, methods=METHODS),
    ]


def _create_route(api: Api, task_type: str) -> Route:
    async def create(request: Request, owner: str) -> Response:
        return await api.create(request, owner, task_type, await api.body(request))

    return Route(TASK_TYPES[task_type].route, api.endpoint(create), methods=["POST"])


def _usage(api: Api) -> Any:
    async def usage(request: Request, owner: str) -> Response:
        api.sandbox.counters.reads_usage += 1
        broken = await api.mishaps.before_read()
        if broken is not None:
            return broken
        limit = _number(request, "limit", 50, 1, _MOST_USAGE_ROWS)
        offset = _number(request, "offset", 0, 0, 10**9)
        listed = _listed(api, owner)
        rows = [_usage_row(task, api.sandbox.world.now()) for task in listed[offset : offset + limit]]
        return api.ok(request, {"items": rows, "total": len(listed), "limit": limit, "offset": offset})

    return usage


def _listed(api: Api, owner: str) -> list[Task]:
    """What the account's history shows of its tasks, the newest first."""
    world = api.sandbox.world
    latest_shown = world.now() - api.mishaps.history_lag_seconds()
    return [
        task
        for task in map(world.tasks.__getitem__, reversed(world.account(owner).task_ids))
        if task.created_at <= latest_shown
    ]


def _usage_row(task: Task, now: float) -> Json:
    life = life_of(task, now)
    credits = consumed(task, life)
    return {
        "task_id": task.id,
        "type": task.type,
        "status": status_of(life),
        "credits": credits,
        "credits_consumed": credits,
        "created_at": iso(task.created_at),
        "completed_at": iso(task.ends_at) if life.is_final else None,
    }


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise Refused("parameter", f"{name} must be {least} to {most}")
    return int(text)


def _sorted_input(value: Any) -> tuple[Any, Any]:
    """(task id, None) or (None, file object) of an `input`."""
    if value is None:
        return None, None
    if not isinstance(value, str) or not value.strip():
        raise Refused("parameter", "input must be a URL, a file token or a task id")
    if value.startswith(("http://", "https://")):
        return None, {"url": value}
    try:
        uuid.UUID(value)
    except ValueError:
        return None, {"file_token": value}
    return value, None


def _views(inputs: Any, task_type: str) -> Any:
    """Pictures by position; those keyed by view are put in order."""
    if not isinstance(inputs, list):
        raise Refused("parameter", "inputs must be a list")
    if task_type == "multiview_to_model" and inputs and all(isinstance(item, dict) for item in inputs):
        by_view = {view: value for item in inputs for view, value in item.items()}
        inputs = [by_view.get(view) for view in _VIEWS]
    return [_sorted_input(item)[1] if item else None for item in inputs]


def _renamed(output: Json | None) -> Json | None:
    if output is None:
        return None
    return {_OUTPUT_NAMES.get(name, name): value for name, value in output.items()}
