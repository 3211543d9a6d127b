"""The sandbox's own routes under `/sandbox`, without a key: look inside, set clock, wallet, webhooks, faults."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.sandbox.faults import FAULTS
from core.sandbox.sandbox import Sandbox
from core.sandbox.tasks import FINAL_STATUSES, Ending, Task, life_of
from core.sandbox.world import owner_of

_DEFAULT_ERROR_CODE = 1001


def routes(sandbox: Sandbox) -> list[Route]:
    """The control routes of this sandbox."""
    desk = ControlDesk(sandbox)
    return [
        Route("/health", desk.health, methods=["GET"]),
        Route("/stats", desk.stats, methods=["GET"]),
        Route("/tasks", desk.tasks, methods=["GET"]),
        Route("/tasks/{task_id}/end", _checked(desk.end), methods=["POST"]),
        Route("/clock", _checked(desk.clock), methods=["POST"]),
        Route("/wallet", _checked(desk.wallet), methods=["POST"]),
        Route("/webhooks", desk.webhooks, methods=["GET"]),
        Route("/webhooks", _checked(desk.add_webhook), methods=["POST"]),
        Route("/webhooks", desk.clear_webhooks, methods=["DELETE"]),
        Route("/faults", desk.faults, methods=["GET"]),
        Route("/faults", _checked(desk.set_faults), methods=["POST"]),
        Route("/faults", desk.clear_faults, methods=["DELETE"]),
    ]


def _checked(
    handler: Callable[[Request, dict[str, Any]], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            if not isinstance(body, dict):
                raise ValueError("The body must be a JSON object.")
            return await handler(request, body)
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return answer


class ControlDesk:
    """The handlers; each answers JSON."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def health(self, _request: Request) -> Response:
        """That this is the sandbox."""
        return JSONResponse({"sandbox": True, "now": self._sandbox.world.now()})

    async def stats(self, _request: Request) -> Response:
        """Counts since the start; accepted creates by type and input over all of the state's life."""
        world = self._sandbox.world
        accepted = Counter(f"{task.type}:{task.input_hash}" for task in world.tasks.values())
        in_work: Counter[str] = Counter()
        for owner in list(world.accounts):
            in_work += world.in_work(owner)
        stats = self._sandbox.counters.as_json() | {
            "accepted": dict(accepted),
            "accepted_by_type": dict(Counter(task.type for task in world.tasks.values())),
            "repeated": {key: count for key, count in accepted.items() if count > 1},
            "in_work": dict(in_work),
            "faults_struck": dict(self._sandbox.faults.struck),
        }
        return JSONResponse(stats)

    async def tasks(self, _request: Request) -> Response:
        """Every task, oldest first."""
        now = self._sandbox.world.now()
        return JSONResponse({"tasks": [_row(task, now) for task in self._sandbox.world.tasks.values()]})

    async def end(self, request: Request, body: dict[str, Any]) -> Response:
        """End a task now: `status`, `error_code`, `error_message`, `output` (full, empty, null)."""
        world = self._sandbox.world
        task = world.tasks.get(request.path_params["task_id"])
        if task is None:
            return JSONResponse({"error": "There is no such task."}, 404)
        status = body.get("status", "success")
        if status not in FINAL_STATUSES:
            raise ValueError(f"status must be one of {', '.join(FINAL_STATUSES)}.")
        if world.life(task).is_final:
            return JSONResponse({"error": "The task has ended already."}, 409)
        default_code = _DEFAULT_ERROR_CODE if status == "failed" else None
        ending = Ending(
            status,
            body.get("error_code", default_code),
            body.get("error_message"),
            body.get("output", "full"),
            riggable=task.ending.riggable,
        )
        world.end(task, ending)
        return JSONResponse(_row(task, world.now()))

    async def clock(self, _request: Request, body: dict[str, Any]) -> Response:
        """Let `advance_seconds` pass at once; with `stop` no time passes but so."""
        if body.get("stop") is True:
            self._sandbox.world.stop_clock()
        default = 0.0 if "stop" in body else -1.0
        seconds = float(body.get("advance_seconds", default))
        if not 0 <= seconds < float("inf"):
            raise ValueError("advance_seconds must be a number, 0 or more.")
        self._sandbox.world.advance(seconds)
        return JSONResponse({"now": self._sandbox.world.now()})

    async def wallet(self, _request: Request, body: dict[str, Any]) -> Response:
        """Set the `balance` of one `key`, or of all."""
        balance = body.get("balance")
        if not isinstance(balance, int) or isinstance(balance, bool) or balance < 0:
            raise ValueError("balance must be a whole number of credits, 0 or more.")
        key = body.get("key")
        self._sandbox.world.set_balance(balance, owner_of(key) if key else None)
        return JSONResponse({"balance": balance})

    async def webhooks(self, _request: Request) -> Response:
        """Who is told of events; never the secrets."""
        return JSONResponse({"urls": self._sandbox.courier.urls})

    async def add_webhook(self, request: Request, body: dict[str, Any]) -> Response:
        """Tell `url`, on this machine, of what happens from now on, signed with `secret`."""
        secret = body.get("secret", self._sandbox.config.webhook_secret)
        if not isinstance(secret, str) or not secret:
            raise ValueError("secret must be a text.")
        self._sandbox.courier.tell(body.get("url"), secret)
        return await self.webhooks(request)

    async def clear_webhooks(self, request: Request) -> Response:
        """Tell nobody any more."""
        self._sandbox.courier.tell_nobody()
        return await self.webhooks(request)

    async def faults(self, _request: Request) -> Response:
        """What is on, and what there is."""
        active = {name: fault.model_dump() for name, fault in self._sandbox.faults.active.items()}
        return JSONResponse({"active": active, "known": FAULTS})

    async def set_faults(self, request: Request, body: dict[str, Any]) -> Response:
        """Switch faults on, beside those that are."""
        self._sandbox.faults.set(body)
        return await self.faults(request)

    async def clear_faults(self, request: Request) -> Response:
        """Switch all faults off; whoever hangs by one is answered."""
        self._sandbox.clear_faults()
        return await self.faults(request)


def _row(task: Task, now: float) -> dict[str, Any]:
    life = life_of(task, now)
    return {
        "task_id": task.id,
        "account": task.owner,
        "version": task.version,
        "type": task.type,
        "model": task.model,
        "pool": task.pool,
        "prompt": task.subject,
        "input": task.echo,
        "input_hash": task.input_hash,
        "source": task.source,
        "status": life.status,
        "progress": life.progress,
        "credits": task.price,
        "created_at": task.created_at,
        "started_at": task.starts_at if now >= task.starts_at else None,
        "ended_at": task.ends_at if life.is_final else None,
        "ends_at": task.ends_at,
    }
