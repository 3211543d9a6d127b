"""What is wrong right now, in sentences, each with what to do: said by the banners and by the Health page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from core.health import DOWN
from core.schemas import Health, PauseView, StopHealth, StoppedKey
from dashboard.components.history import who
from dashboard.components.moments import ago, clock, duration

SANDBOX_SENTENCE = "You are working with the local sandbox: models are made here and cost nothing."


class Trouble(NamedTuple):
    """One thing that keeps orders from moving. `part` is the part of the product that it concerns."""

    part: Literal["database", "poller", "provider", "pause", "vault"]
    level: Literal["error", "warning"]
    sentence: str
    cure: str


def troubles_of(health: Health, seen_at: datetime) -> list[Trouble]:
    """List what is wrong, the gravest first; without a database nothing else is known."""
    if health.status == DOWN:
        return [
            Trouble(
                "database",
                "error",
                "The database does not answer.",
                "The page goes on by itself as soon as it does. `python -m core doctor` says what is wrong.",
            )
        ]
    found = [_key_missing(health), _poller_missing(health, seen_at), _provider_trouble(health, seen_at)]
    stopped = [_stopped_key(key, seen_at) for key in health.keys if not key.shared]
    stopped += [_files_stop(stop, seen_at) for stop in health.stops]
    paused = [_pause(each, seen_at) for each in health.pauses]
    return [trouble for trouble in found if trouble is not None] + stopped + paused


def provider_name(health: Health) -> str:
    """Name who makes the models: Tripo, or the sandbox that stands in for it."""
    return "the local sandbox" if health.provider.sandbox else "Tripo"


def _key_missing(health: Health) -> Trouble | None:
    if not health.provider.key_missing:
        return None
    return Trouble(
        "provider",
        "error",
        "No Tripo key is set, so nothing can be ordered without a key of one's own.",
        "Put your key into `TRIPO_API_KEY` (in `.env`) and restart; or start everything with `make up`, "
        "which uses the local sandbox when there is no key.",
    )


def _poller_missing(health: Health, seen_at: datetime) -> Trouble | None:
    if not health.poller.stale:
        return None
    last = health.poller.last_seen_at
    since = f" It was last seen {ago(last, seen_at)}." if last else ""
    return Trouble(
        "poller",
        "warning",
        "No poller is running: orders are kept but nothing moves." + since,
        "Start it with `python -m poller`, or start everything with `make up`. It carries on where it stopped.",
    )


def _provider_trouble(health: Health, seen_at: datetime) -> Trouble | None:
    provider = health.provider
    if provider.key_missing:
        return None
    if provider.stopped_for == "provider_unreachable":
        silent = f"{_capital(provider_name(health))} does not answer{_since(provider.stopped_at)}."
        sentence = f"{silent} {provider.stopped_text or ''}".strip()
        return Trouble("provider", "error", sentence, _UNREACHABLE + _next_try(provider.next_try_at, seen_at))
    if provider.stopped_for is not None:
        cure = _CURES.get(provider.stopped_for, "It is tried again by itself.")
        return Trouble("provider", "error", provider.stopped_text or "The provider takes no orders.", cure)
    if provider.reachable is False:
        return Trouble(
            "provider", "error", f"{_capital(provider_name(health))} cannot be reached.", _UNREACHABLE
        )
    return None


def _since(when: datetime | None) -> str:
    return f" since {clock(when)}" if when else ""


def _next_try(when: datetime | None, seen_at: datetime) -> str:
    seconds = (when - seen_at).total_seconds() if when else 0
    return f" The next try is in {duration(seconds)}." if seconds >= 1 else " It is being tried now."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _files_stop(stop: StopHealth, seen_at: datetime) -> Trouble:
    if stop.name != "vault":
        sentence = f"The provider's file host does not answer{_since(stop.stopped_at)}."
        return Trouble("provider", "error", sentence, _FILES + _next_try(stop.next_try_at, seen_at))
    since = f" It stands still{_since(stop.stopped_at)}." if stop.stopped_at else ""
    return Trouble(
        "vault",
        "error",
        f"{stop.stopped_text}{since}",
        f"Look at the place where `ARTIFACTS_URL` leads. {_FILES}{_next_try(stop.next_try_at, seen_at)}",
    )


def _pause(pause: PauseView, seen_at: datetime) -> Trouble:
    what = f"“{pause.project_name}”" if pause.project_id else "Everything"
    why = f" {pause.reason}" if pause.reason else ""
    by = f"by {who(pause.paused_by)} {ago(pause.paused_at, seen_at)}."
    return Trouble("pause", "warning", f"{what} was paused {by}{why}", _RESUME)


def _stopped_key(key: StoppedKey, seen_at: datetime) -> Trouble:
    where = f" at {key.elsewhere}, which is not today's address," if key.elsewhere else ""
    sentence = f"Orders with the key “{key.name}” (…{key.last_four}){where} wait. {key.stopped_text}"
    cure = KEY_CURES.get(key.stopped_for, "It is tried again by itself.")
    if key.stopped_for == "provider_unreachable":
        cure += _next_try(key.next_try_at, seen_at)
    return Trouble("provider", "error", sentence.strip(), cure)


_FILES = "Finished models wait at the provider and are fetched by themselves."
_RESUME = "New orders are taken and wait. It is resumed on the page Health."
_UNREACHABLE = "Orders wait and are sent by themselves once the connection is back."
_CURES = {
    "provider_unreachable": _UNREACHABLE,
    "provider_key_refused": (
        "Nothing is sent with this key until it is put right: check `TRIPO_API_KEY` and its region, then restart."
    ),
    "provider_wallet_empty": "Top up the wallet at Tripo; waiting orders are then sent by themselves.",
}
KEY_CURES = {  # of people's own keys; orders with other keys go on meanwhile
    "provider_unreachable": _UNREACHABLE,
    "provider_key_refused": (
        "Look at the key in Tripo's console, or replace it on the page Keys; its orders are then sent by themselves."
    ),
    "provider_wallet_empty": "Top up its wallet at Tripo; its orders are then sent by themselves.",
    "settings_invalid": "Set `SECRET_KEY` to what it was when the key was added, or replace the key on the page Keys.",
}
