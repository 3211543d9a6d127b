"""What can be set on a sandbox, and how it is read from the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from core.sandbox.catalog import TASK_TYPES
from core.sandbox.webhooks import checked_url

_PREFIX = "SANDBOX_"
_OTHER_NAMES = {"state_file": "STATE"}
_AS_JSON = ("limits", "durations", "faults")
_ROOT = Path(__file__).resolve().parents[2]
_STATE_FILE = _ROOT / "var" / "sandbox.jsonl"
_NO_STATE = "none"


def _ordered(durations: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
    for task_type, (least, most) in durations.items():
        if task_type not in TASK_TYPES or not 0 < least <= most:
            raise ValueError("durations are [least, most] seconds by task type")
    return durations


def _url_or_nothing(url: str) -> str:
    return checked_url(url) if url else ""


class SandboxConfig(BaseModel):
    """One sandbox's settings.

    - `speed`: how many times faster than the real provider tasks run.
    - `queue_seconds`: how long a task is queued at the real provider, divided by `speed` too.
    - `durations`: [least, most] seconds by task type at the real provider, over the documented ones.
    - `forecast_spread`: how wrong the seconds left and the progress are: the spread of ln(true / foretold length);
      0 tells the truth (but for the progress, which may sit at 99 for a while).
    - `silent_share`: the share of tasks that tell neither.
    - `credits`: play credits that each key starts with.
    - `link_life_seconds`: how long a signed link lives.
    - `limits`: tasks at once by pool name, over the documented ones (see `catalog.POOL_LIMITS`).
    - `requests_per_minute`: per key; 0 switches the limit off.
    - `retry_after`: whether a 429 says how long to wait.
    - `keys`: accepted keys; a trailing `*` takes any ending.
    - `seed`: where chance comes from: durations and the faults that have a share.
    - `state_file`: where tasks and wallets outlive a restart; None keeps them in memory.
    - `signing_secret`: what links are signed with; empty lets the sandbox make one and keep it in its state.
    - `webhook_url`, `webhook_secret`: who is told of events from the start (v3), and what they are signed with.
    - `low_balance`: below how many credits an account is told that they run out.
    - `faults`: faults from the first request on, as `POST /sandbox/faults` takes them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    speed: Annotated[float, Field(gt=0)] = 10.0
    queue_seconds: Annotated[float, Field(ge=0)] = 5.0
    durations: Annotated[Mapping[str, tuple[float, float]], AfterValidator(_ordered)] = Field(
        default_factory=dict
    )
    forecast_spread: Annotated[float, Field(ge=0, le=5)] = 0.0
    silent_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    credits: Annotated[int, Field(ge=0)] = 10_000
    link_life_seconds: Annotated[float, Field(gt=0)] = 300.0
    limits: Mapping[str, int] = Field(default_factory=dict)
    requests_per_minute: Annotated[int, Field(ge=0)] = 12_000
    retry_after: bool = True
    keys: tuple[str, ...] = ("tsk_sandbox", "tsk_sandbox_*")
    seed: int = 1
    state_file: Path | None = None
    signing_secret: str = ""
    webhook_url: Annotated[str, AfterValidator(_url_or_nothing)] = ""
    webhook_secret: Annotated[str, Field(min_length=1)] = "whsec_sandbox"  # noqa: S105 - fixed, as the key is
    low_balance: Annotated[int, Field(ge=0)] = 100
    faults: Mapping[str, Any] = Field(default_factory=dict)


def config_from_environment(environment: Mapping[str, str] = os.environ) -> SandboxConfig:
    """Read a config from SANDBOX_SPEED, SANDBOX_CREDITS, SANDBOX_STATE and so on, with defaults for the rest.

    SANDBOX_LIMITS and SANDBOX_FAULTS are JSON objects, SANDBOX_KEYS is separated by commas. SANDBOX_STATE is a
    path, counted from the project's root; `none` keeps no state, the default is `var/sandbox.jsonl`.
    Raises SystemExit with one sentence when a value cannot be read.
    """
    values: dict[str, Any] = {"state_file": _STATE_FILE}
    for field in SandboxConfig.model_fields:
        name = _PREFIX + _OTHER_NAMES.get(field, field.upper())
        text = environment.get(name, "").strip()
        if text:
            values[field] = _value(field, name, text)
    try:
        return SandboxConfig.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        name = _PREFIX + _OTHER_NAMES.get(field, field.upper())
        raise SystemExit(f"{name} cannot be used: {first['msg']}.") from error


def _value(field: str, name: str, text: str) -> Any:
    if field == "state_file":
        return None if text.lower() == _NO_STATE else _ROOT / text
    if field == "keys":
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if field not in _AS_JSON:
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise SystemExit(f"{name} cannot be used: it is not JSON.") from error
