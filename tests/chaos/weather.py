"""Which faults there are, and when each is on: a history's weather, dealt from its seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

Maker = Callable[[random.Random], Any]


def _often(dice: random.Random) -> dict[str, Any]:
    return {"share": round(dice.uniform(0.2, 0.7), 2)}


def _wait(dice: random.Random) -> dict[str, Any]:
    return {**_often(dice), "retry_after": dice.choice([None, 1, 7, 40])}


def _file(dice: random.Random) -> dict[str, Any]:
    return {**_often(dice), "file": dice.choice(["model", "model", "any"])}


# What the sandbox plays (see core/sandbox/faults.py), with what it is told.
AT_THE_PROVIDER: Final[dict[str, Maker]] = {
    "create_lost_reply": _often,
    "create_500_with_task": _often,
    "create_500_without_task": _often,
    "create_502_html": lambda dice: {**_often(dice), "with_task": dice.random() < 0.5},
    "create_429": _wait,
    "rate_limited_1007": lambda dice: {**_wait(dice), "on": dice.choice(["create", "read", "any"])},
    "unauthorized": _often,
    "wallet_empty": _often,
    "refused_with_200": _often,
    "read_500": _often,
    "read_502_html": _often,
    "task_forgotten": lambda _: {"share": 0.2},
    "extra_fields": _often,
    "slow_queue_seconds": lambda dice: {**_often(dice), "seconds": dice.uniform(10, 900)},
    "end_failed": lambda _: {"share": 0.3},
    "end_banned": lambda _: {"share": 0.2},
    "end_expired": lambda _: {"share": 0.2},
    "end_cancelled": lambda _: {"share": 0.2},
    "status_unknown": _often,
    "status_unlisted": _often,
    "success_without_output": lambda _: {"share": 0.3},
    "null_output": lambda _: {"share": 0.3},
    "not_riggable": _often,
    "link_dead": lambda dice: {"count": dice.randint(1, 3), "file": "any"},
    "file_cut": _file,
    "file_cut_quietly": _file,
    "file_html": _file,
    "file_zero": _file,
    "picture_missing": _often,
    "picture_absent": _often,
}

# What strikes by a share at each request, statement or commit (see trouble.py).
ON_THE_WAY: Final[dict[str, Maker]] = {
    "connection_refused": lambda dice: dice.uniform(0.1, 0.4),
    "request_lost": lambda dice: dice.uniform(0.1, 0.3),
    "answer_slow": lambda dice: dice.uniform(0.1, 0.4),
    "answer_overtaken": lambda dice: dice.uniform(0.1, 0.3),
    "clock_jumps_in_a_send": lambda dice: dice.uniform(0.2, 0.5),
    "answer_hangs": lambda dice: dice.uniform(0.1, 0.3),
    "killed_while_sending": lambda dice: dice.uniform(0.2, 0.5),
    "process_sleeps": lambda dice: dice.uniform(0.02, 0.1),
    "statement_refused": lambda dice: dice.uniform(0.005, 0.02),
    "commit_refused": lambda dice: dice.uniform(0.02, 0.2),
    "commit_unanswered": lambda dice: dice.uniform(0.02, 0.2),
}

# What happens at one moment of a round (see history.py), with its share of the rounds.
AT_ONCE: Final[dict[str, Maker]] = {
    "database_away": lambda _: 0.2,
    "clock_forward": lambda _: 0.3,
    "clock_back": lambda _: 0.3,
    "poller_killed": lambda _: 0.5,
    "dashboard_killed": lambda _: 0.5,
    "second_poller": lambda _: 0.7,
    "people_are_hasty": lambda _: 0.7,
    "people_pause": lambda _: 0.3,
    "people_start_jobs": lambda _: 0.6,
    "people_order_anew": lambda _: 0.6,
}

ALL: Final = tuple({**AT_THE_PROVIDER, **ON_THE_WAY, **AT_ONCE})


class Spell(NamedTuple):
    """One fault, and the rounds from and before which it is on."""

    fault: str
    told: Any
    first: int
    end: int


def spells(seed: int, rounds: int, dice: random.Random) -> list[Spell]:
    """Deal a history's faults: some by turns, so that a few dozen seeds see all of them, some by chance."""
    by_turns = [ALL[(seed * 7 + n) % len(ALL)] for n in range(7)]
    by_chance = dice.sample(ALL, dice.randint(1, 4))
    return [_spell(fault, rounds, dice) for fault in dict.fromkeys([*by_turns, *by_chance])]


def _spell(fault: str, rounds: int, dice: random.Random) -> Spell:
    first = dice.randint(0, rounds // 2)
    end = first + dice.randint(rounds // 3, rounds)
    makers = {**AT_THE_PROVIDER, **ON_THE_WAY, **AT_ONCE}
    return Spell(fault, makers[fault](dice), first, min(end, rounds))


def on_in(spells: Sequence[Spell], round_: int, kinds: dict[str, Maker]) -> dict[str, Any]:
    """Which faults of these kinds are on in a round, with what they are told."""
    return {s.fault: s.told for s in spells if s.first <= round_ < s.end and s.fault in kinds}
