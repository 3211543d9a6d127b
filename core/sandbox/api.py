"""What both versions of the API do alike: admit, create, read, account. How it is spelled is theirs."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.sandbox import forge
from core.sandbox.catalog import RETIRED_TYPES, TASK_TYPES, Version, pool_of
from core.sandbox.checks import check
from core.sandbox.counters import RequestRate
from core.sandbox.endings import ending_of
from core.sandbox.fields import is_texts
from core.sandbox.files import path_of
from core.sandbox.mishaps import Mishaps
from core.sandbox.orders import Order
from core.sandbox.prices import price_of
from core.sandbox.products import products_of
from core.sandbox.refusals import Refused, Row
from core.sandbox.sandbox import Sandbox
from core.sandbox.tasks import Life, Task
from core.sandbox.world import Account, NewTask, owner_of

Json = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]

_MOST_IDS = 100
_MOST_BODY_BYTES = 20_000_000


class Wire(Protocol):
    """One version's spelling."""

    version: Version

    @property
    def errors(self) -> Mapping[str, Row]:
        """The version's error table."""

    def envelope(self, data: Json) -> Json:
        """A good answer around its data."""

    def refusal(self, row: Row, detail: str, trace_id: str, /) -> Json:
        """An error's body."""

    def order(self, task_type: str, body: Json) -> Order:
        """A create's body, read."""

    def created(self, task: Task) -> Json:
        """The data of a create's answer."""

    def task(self, task: Task, life: Life, output: Json | None, place_in_queue: int, /) -> Json:
        """A task as a read shows it; `output` has v2's field names."""

    def balance(self, account: Account) -> Json:
        """A wallet."""

    def headers(self, remaining: int, limit: int, reset_at: float, /) -> dict[str, str]:
        """What every answer says about the request rate."""


class Api:
    """One version of the API over the shared world."""

    def __init__(self, sandbox: Sandbox, wire: Wire) -> None:
        self.sandbox = sandbox
        self.wire = wire
        self.mishaps = Mishaps(sandbox)
        self._rate = RequestRate(sandbox.config.requests_per_minute)

    # Answers.

    def endpoint(self, handler: Callable[[Request, str], Awaitable[Response]]) -> Handler:
        """A handler of (request, owner), behind the key check and in front of the error table."""

        async def answer(request: Request) -> Response:
            try:
                return await handler(request, self._admit(request))
            except Refused as refused:
                return self.refuse(request, refused)

        return answer

    def ok(self, request: Request, data: Json, headers: Mapping[str, str] | None = None) -> Response:
        """A good answer."""
        return JSONResponse(
            self.wire.envelope(data), headers={**request.scope.get("rate_headers", {}), **(headers or {})}
        )

    def refuse(self, request: Request, refused: Refused) -> Response:
        """An error's answer."""
        row = self.wire.errors[refused.kind]
        self.sandbox.counters.refusals[refused.kind] += 1
        body = self.wire.refusal(row, refused.detail, request.scope["trace_id"])
        return JSONResponse(
            body, refused.http or row.http, {**request.scope.get("rate_headers", {}), **refused.headers}
        )

    async def no_route(self, request: Request) -> Response:
        """Whatever is not there: cancel, list, idempotency, typing errors."""
        return self.refuse(request, Refused("no_route"))

    # Admission.

    def _admit(self, request: Request) -> str:
        faults = self.sandbox.faults
        if self.wire.version == "v2" and faults.strike("v2_shut_down"):
            raise Refused("shut_down")
        header = request.headers.get("authorization", "")
        if not header:
            raise Refused("key_missing")
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer" or not self.sandbox.accepts(key) or faults.strike("unauthorized"):
            raise Refused("key_refused")
        owner = owner_of(key)
        self._check_rate(request, owner)
        return owner

    def _check_rate(self, request: Request, owner: str) -> None:
        if not self._rate.limit:
            return
        left = self._rate.take(owner)
        seconds = self._rate.seconds_until_next(owner)
        request.scope["rate_headers"] = self.wire.headers(
            max(0, left), self._rate.limit, time.time() + seconds
        )
        if left < 0:
            raise Refused("too_many_requests", headers=self._retry_after(seconds))

    def _retry_after(self, seconds: float) -> dict[str, str]:
        return {"Retry-After": str(max(1, math.ceil(seconds)))} if self.sandbox.config.retry_after else {}

    async def body(self, request: Request) -> Json:
        """The request's JSON object. Raises Refused("malformed")."""
        raw = await request.body()
        try:
            body = json.loads(raw)
            json.dumps(body, ensure_ascii=False, allow_nan=False).encode()  # what cannot be echoed is no JSON
        except (ValueError, RecursionError):
            raise Refused("malformed") from None
        if not isinstance(body, dict) or len(raw) > _MOST_BODY_BYTES:
            raise Refused("malformed")
        return body

    # Creates.

    async def create(self, request: Request, owner: str, task_type: str, body: Json) -> Response:
        """Check, freeze, make; or refuse."""
        self.sandbox.counters.creates[task_type] += 1
        if task_type in RETIRED_TYPES:
            raise Refused("type_retired")
        if task_type not in TASK_TYPES:
            raise Refused("type_unsupported")
        broken = self.mishaps.before_create(task_type)
        if broken is not None:
            return broken
        task = self._make(self.wire.order(task_type, body), owner)
        broken = await self.mishaps.after_create(task_type)
        if broken is not None:
            return broken
        world = self.sandbox.world
        left = world.limit_of(task.pool) - world.in_work(owner)[task.pool]
        headers = {"X-ParallelismLimit-Remain": str(left)} if self.wire.version == "v2" else {}
        return self.ok(request, self.wire.created(task), headers)

    def _make(self, order: Order, owner: str) -> Task:
        world = self.sandbox.world
        checked = check(order, world, owner)
        pool = pool_of(order.version, order.type, checked.model)
        if world.in_work(owner)[pool] >= world.limit_of(pool):
            raise Refused("no_slot", headers=self._retry_after(world.seconds_until_slot(owner, pool)))
        price = price_of(order.type, checked.model, order.fields)
        if world.account(owner).balance < price:
            raise Refused("credit")
        slow = self.sandbox.faults.strike("slow_queue_seconds", {order.type})
        new = NewTask(
            version=order.version,
            type=order.type,
            model=checked.model,
            source=checked.source.id if checked.source else None,
            fields=order.fields,
            echo=order.echo,
            subject=checked.subject,
            seed=checked.seed,
            price=price,
            ending=ending_of(order, checked, self.sandbox.faults),
        )
        return world.create(owner, new, extra_queue_seconds=slow.seconds if slow else 0.0)

    # Reads.

    async def read_one(self, request: Request, owner: str) -> Response:
        """GET one task."""
        self.sandbox.counters.reads_single += 1
        task = self.sandbox.world.find(request.path_params["task_id"], owner)
        broken = await self.mishaps.before_read({task.type})
        if broken is not None:
            return broken
        if self._forgets(task):
            raise Refused("task_not_found")
        return self.ok(request, self._shown(request, task))

    async def read_many(self, request: Request, owner: str) -> Response:
        """POST a list of ids: the tasks by id, and the ids that were missed."""
        if self.sandbox.faults.strike("batch_missing"):
            raise Refused("no_route")
        ids = (await self.body(request)).get("task_ids")
        if not is_texts(ids) or not 1 <= len(ids) <= _MOST_IDS:
            raise Refused("parameter", f"task_ids must be 1 to {_MOST_IDS} ids")
        counters = self.sandbox.counters
        counters.reads_batch += 1
        counters.ids_per_batch.append(len(ids))
        tasks = {id_: task for id_ in ids if (task := self._own(id_, owner))}
        broken = await self.mishaps.before_read({task.type for task in tasks.values()})
        if broken is not None:
            return broken
        found = {id_: task for id_, task in tasks.items() if not self._forgets(task)}
        data = {
            "tasks": {id_: self._shown(request, task) for id_, task in found.items()},
            "missed": [id_ for id_ in ids if id_ not in found],
        }
        return self.ok(request, data)

    async def balance(self, request: Request, owner: str) -> Response:
        """GET the wallet."""
        broken = await self.mishaps.before_read()
        return broken or self.ok(request, self.wire.balance(self.sandbox.world.account(owner)))

    def _own(self, task_id: str, owner: str) -> Task | None:
        task = self.sandbox.world.tasks.get(task_id)
        return task if task is not None and task.owner == owner else None

    def _forgets(self, task: Task) -> bool:
        return self.sandbox.faults.strike("task_forgotten", {task.type}) is not None

    def _shown(self, request: Request, task: Task) -> Json:
        world = self.sandbox.world
        life = world.life(task)
        self.sandbox.counters.told_final.update([task.id] if life.is_final else [])
        output: Json | None = {}
        if life.status == "success":
            output = self._output(request, task)
        place = world.place_in_queue(task) if life.status == "queued" else -1
        shown = self.wire.task(task, life, output, place)
        return self.mishaps.embellished(shown, task.type)

    def _output(self, request: Request, task: Task) -> Json | None:
        if task.ending.output != "full":
            return {} if task.ending.output == "empty" else None
        if task.type == "animate_prerigcheck":
            return self._verdict(task)
        links = {
            product.field: self.sandbox.link(request, path_of(task, product))
            for product in products_of(task)
            if product.is_model or not self.sandbox.faults.strike("picture_absent", {task.type})
        }
        if TASK_TYPES[task.type].makes == "views":
            return {"generate_multiview_image": links}
        return dict(links)

    def _verdict(self, check_task: Task) -> Json:
        subject = forge.describe(check_task.subject)
        riggable = subject.riggable if check_task.ending.riggable is None else check_task.ending.riggable
        rig_type = subject.rig_type if riggable else "others"
        word = "topology" if self.sandbox.faults.strike("topology_word") else "rig_type"
        return {"riggable": riggable, word: rig_type}
