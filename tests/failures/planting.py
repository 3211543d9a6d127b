"""Failures of many kinds, planted at the sandbox: each task of a kind in other words, as it happens in life."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

from core.models import Task
from tests.world import World

SLOW = {"text_to_model": (3000, 3300), "animate_rig": (9e5, 1e6)}
ROOM = {"generation": 600}


class Kind(NamedTuple):
    """One kind of failure: how the sandbox ends such a task, and in which words."""

    ending: Mapping[str, Any]
    words: str = ""
    step: str = "generate"


def failed(code: int, words: str, step: str = "generate") -> Kind:
    return Kind({"status": "failed", "error_code": code}, words, step)


KINDS: Mapping[str, Kind] = {
    "server error": failed(1000, "Unknown error, request {uuid}"),
    "fatal": failed(1001, "Fatal error on node gpu-{n}, job {hex}"),
    "bad option": failed(1004, "face_limit {n} is out of range [500, 20000]"),
    "new code": failed(4711, "Mesh solver diverged after {n} steps at /var/tmp/{hex}/mesh.obj"),
    "new code, other cause": failed(4711, "Texture baker ran out of memory ({n} MB, “{name}”)"),
    "too complex": failed(2018, "The model has {n},{n} faces"),
    "banned": Kind({"status": "banned"}),
    "expired": Kind({"status": "expired"}),
    "cancelled there": Kind({"status": "cancelled"}),
    "no model": Kind({"status": "success", "output": "empty"}),
    "bad bone": failed(1001, "No bone called '{name}', see https://cdn.example.com/{hex}?sig={uuid}", "rig"),
}
NAMES = ("<b>knight</b>", "**bold** _md_", "🐉 dragon", "`code`", "[a](b)", "$x^2$", "{curly}")


class Planter:
    """Orders assets and has them fail; says which task was planted as which kind."""

    def __init__(self, world: World, seed: int = 7) -> None:
        self.world = world
        self.kind_of: dict[str, str] = {}  # by our task id
        self._dice = Random(seed)

    def order(self, kind: str, count: int, **order: Any) -> list[str]:
        """Write the orders of assets that will fail so."""
        made = []
        for _ in range(count):
            asset_id = f"{kind} {len(self.kind_of)}"
            name = self._dice.choice(NAMES)
            first, *later = self.world.order(asset_id, send=False, name=name, **order)
            planted = later[-1] if later else first
            self.kind_of[planted] = kind
            made.append(planted)
        return made

    def send_all(self) -> None:
        """Send all that is ready, within minutes in which nothing ends."""
        for _ in range(200):
            if not any(task.status == "ready" for task in self._all()):
                return
            self.world.core.orchestrator.send_ready()
            self.world.pass_time(1)
        waits = Counter(task.waiting_text for task in self._all() if task.status == "ready")
        raise AssertionError(f"not sent: {waits}")

    def end_all(self) -> None:
        """End each task at the sandbox as its kind says, and have the product hear of it."""
        for task in self._all():
            kind = KINDS.get(self.kind_of.get(task.id, ""))
            if kind is not None and task.tripo_task_id and task.kind == kind.step:
                told = {"error_message": self._in_other_words(kind.words)} if kind.words else {}
                self.world.ask_sandbox(f"tasks/{task.tripo_task_id}/end", {**kind.ending, **told})
        self.run_until(lambda: not any(self._goes_on(task) for task in self._all()))

    def run_until(self, holds: Callable[[], bool], step: float = 60) -> None:
        """Tick in large steps, until a condition holds."""
        for _ in range(60):
            self.world.run_passes()
            if holds():
                return
            self.world.pass_time(step)
        raise AssertionError("it did not happen")

    def _goes_on(self, task: Task) -> bool:
        kind = KINDS.get(self.kind_of.get(task.id, ""))
        return kind is not None and task.kind == kind.step and task.status in ("queued", "running")

    def _in_other_words(self, words: str) -> str:
        return words.format(
            n=self._dice.randint(2, 999_999),
            hex=f"{self._dice.getrandbits(48):012x}",
            uuid=uuid.UUID(int=self._dice.getrandbits(128), version=4),
            name=self._dice.choice(NAMES),
        )

    def _all(self) -> list[Task]:
        return [task for kind in ("generate", "rig_check", "rig") for task in self.world.tasks(kind)]

    def groups(self) -> dict[str, set[str]]:
        """Which kinds fell into which fingerprint."""
        found: dict[str, set[str]] = {}
        for task in self._all():
            if task.fingerprint is not None:
                found.setdefault(task.fingerprint, set()).add(self.kind_of[task.id])
        return found
