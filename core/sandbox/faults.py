"""Faults that the sandbox can be told to show, by config or through `POST /sandbox/faults`.

A fault is `{"share": 0.1}` (of the requests it fits, by chance from the seed), `{"count": 3}` (the next
three) or `{}` (all of them), if wanted with `"type"` (only this task type) and what the fault itself takes.
Short forms: `true` for all, a whole number for a count, a fraction for a share; for faults that end in
`_seconds` any number means seconds. Clearing all faults answers who hangs.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FAULTS: dict[str, str] = {
    # Any request of the API.
    "v2_shut_down": "every v2 route refuses",
    "unauthorized": "every key is refused",
    "rate_limited_1007": "429 with 1007; `retry_after` seconds, `on`: create, read or any",
    # Creates.
    "create_500_without_task": "500, nothing was made",
    "create_500_with_task": "500, the task was made",
    "create_502_html": "a proxy's page; the task was made only with `with_task`",
    "create_lost_reply": "the task was made, the connection is cut without an answer",
    "create_hang_seconds": "the task was made, the answer comes after `seconds`",
    "create_429": "429 with 2000; `retry_after` seconds",
    "wallet_empty": "403 with 2010",
    "refused_with_200": "code 2010 under HTTP 200",
    # Reads.
    "read_500": "500; `retry_after` seconds",
    "read_502_html": "a proxy's page",
    "read_hang_seconds": "the answer comes after `seconds`",
    "batch_missing": "the route that reads many tasks is not there",
    "task_forgotten": "known tasks are not found",
    "input_hidden": "tasks are shown without their input",
    "usage_500": "500 where the account's history is read",
    "usage_empty": "the account's history has no rows",
    "usage_late_seconds": "a task stands in the account's history `seconds` after it was made, not at once",
    "extra_fields": "fields nobody documented, in tasks and their output",
    "topology_word": "a rig check answers `topology` in place of `rig_type`",
    # How a task goes, decided when it is made.
    "slow_queue_seconds": "a task is queued for `seconds` more",
    "end_failed": "ends failed; `error_code`, `message`",
    "end_banned": "ends banned",
    "end_expired": "ends expired",
    "end_cancelled": "ends cancelled",
    "status_unknown": "is `unknown` for as long as it runs",
    "status_unlisted": "is `word` (a status nobody lists) for as long as it runs",
    "success_without_output": "ends in success with an empty output",
    "null_output": "ends in success with output null",
    "not_riggable": "a rig check says no",
    # Files; `file`: model, picture or any.
    "link_dead": "403 on the first `count` downloads of each file",
    "file_cut": "half the file under its full length, then the connection is cut",
    "file_cut_quietly": "half the file under half its length",
    "file_html": "200 with a web page",
    "file_zero": "200 with nothing",
    "picture_missing": "the picture's link answers 404",
    "picture_absent": "the output names no picture",
    # Webhooks.
    "webhook_lost": "the news is never sent",
    "webhook_doubled": "the news is sent twice, as the same delivery",
    "webhook_late_seconds": "the news is sent after `seconds`, so that later news may overtake it",
}
ENDINGS = ("failed", "banned", "expired", "cancelled")


class Fault(BaseModel):
    """One fault that is on; what it takes beside its aim has a default."""

    model_config = ConfigDict(extra="forbid")

    share: Annotated[float, Field(ge=0, le=1)] = 1.0
    count: Annotated[int, Field(ge=0)] | None = None
    type: str | None = None
    seconds: Annotated[float, Field(ge=0)] = 60.0
    retry_after: float | None = None
    with_task: bool = False
    error_code: int | None = None
    message: str | None = None
    word: str = "pondering"
    file: Literal["model", "picture", "any"] = "model"
    on: Literal["create", "read", "any"] = "any"


class Faults:
    """The faults that are on, and the dice for those that have a share."""

    def __init__(self, given: Mapping[str, Any], seed: int) -> None:
        self.active: dict[str, Fault] = {}
        self.struck: Counter[str] = Counter()
        self._dice = random.Random(f"{seed}/faults")  # noqa: S311 - play, not security
        self._by_file: Counter[str] = Counter()
        self.set(given)

    def set(self, given: Mapping[str, Any]) -> None:
        """Switch faults on; false or null switches one off. Raises ValueError before anything is changed."""
        parsed = {name: _parsed(name, value) for name, value in given.items()}
        for name, fault in parsed.items():
            self.active.pop(name, None)
            if fault is not None:
                self.active[name] = fault

    def clear(self) -> None:
        """Switch every fault off."""
        self.active.clear()
        self._by_file.clear()

    def strike(self, name: str, types: Collection[str] = (), **aim: str) -> Fault | None:
        """The fault, when it is on and hits this request; one of a count is used up by it.

        `types` are the task types the request is about; each `aim` must equal the fault's own field of that
        name, or that be "any".
        """
        fault = self.active.get(name)
        if fault is None or not _fits(fault, types, aim) or fault.count == 0:
            return None
        if fault.share < 1 and self._dice.random() >= fault.share:
            return None
        if fault.count is not None:
            fault.count -= 1
        self.struck[name] += 1
        return fault

    def strike_file(self, name: str, path: str, types: Collection[str], file: str) -> Fault | None:
        """As `strike`, with a count of its own for each file."""
        fault = self.active.get(name)
        if fault is None or not _fits(fault, types, {"file": file}):
            return None
        if fault.share < 1 and self._dice.random() >= fault.share:
            return None
        if fault.count is not None and self._by_file[path] >= fault.count:
            return None
        self._by_file[path] += 1
        self.struck[name] += 1
        return fault


def _fits(fault: Fault, types: Collection[str], aim: Mapping[str, str]) -> bool:
    if fault.type is not None and fault.type not in types:
        return False
    return all(getattr(fault, field) in ("any", value) for field, value in aim.items())


def _parsed(name: str, value: Any) -> Fault | None:
    if name not in FAULTS:
        raise ValueError(f"There is no fault {name!r}. These exist: {', '.join(FAULTS)}.")
    if value is None or value is False:
        return None
    try:
        return Fault.model_validate(_spelled_out(name, value))
    except ValidationError as error:
        raise ValueError(f"The fault {name} cannot be set so: {error.errors()[0]['msg']}.") from error


def _spelled_out(name: str, value: Any) -> Any:
    if value is True:
        return {}
    if isinstance(value, int | float):
        if name.endswith("_seconds"):
            return {"seconds": value}
        return {"count": value} if isinstance(value, int) else {"share": value}
    return value
