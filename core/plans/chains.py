"""What a changed row means for the steps of an asset that there is already. Pure: rows in, new rows out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.chain import BEFORE, SOURCE, Step, rig_type_found, steps_for
from core.lifecycle import UNSENT, Hold, TaskKind, TaskStatus
from core.models import Asset, Task
from core.steps import ready_task, refuse_unanimatable, waiting_task
from core.tripo import Version


class Chain:
    """The newest attempts of an asset's current chain."""

    def __init__(self, asset: Asset, tasks: Iterable[Task]) -> None:
        self.asset = asset
        self.newest: dict[Step, Task] = {}
        self.done: dict[Step, Task] = {}
        for task in sorted((t for t in tasks if t.chain == asset.chain), key=lambda t: t.attempt):
            step = Step(task.kind, task.preset)
            self.newest[step] = task
            if task.status is TaskStatus.SUCCESS:
                self.done[step] = task

    @property
    def wanted(self) -> tuple[Step, ...]:
        """The steps that were asked for until now."""
        return steps_for(should_rig=self.asset.tag == "RIG", animations=self.asset.animations)

    @property
    def has_no_model(self) -> bool:
        """Whether no model was made, and none is under way or failed: it was cancelled, or never asked for."""
        first = self.newest.get(Step(TaskKind.GENERATE))
        return first is None or first.status is TaskStatus.CANCELLED

    def missing(self, wanted: Sequence[Step], *, again: bool) -> list[Step]:
        """List what is wanted and was not asked for before; what was cancelled only if it is asked for `again`."""
        before = set() if again else set(self.wanted)
        return [step for step in wanted if step not in before and self._is_lacking(step)]

    def superfluous(self, wanted: Sequence[Step]) -> list[Task]:
        """List the unsent tasks that nobody asks for any more, the earliest steps first."""
        kinds = list(TaskKind)
        unasked = [t for step, t in self.newest.items() if step not in wanted and t.status in UNSENT]
        return sorted(unasked, key=lambda t: kinds.index(t.kind))

    def new_tasks(
        self, missing: Sequence[Step], *, version: Version, priority: int, now: datetime
    ) -> list[Task]:
        """Make the tasks of missing steps: ready where the step before them is done, else waiting.

        Raises OrderError for an animation that the finished rig cannot play.
        """
        return [self._task(step, missing, version, priority, now) for step in missing]

    def _task(
        self, step: Step, missing: Sequence[Step], version: Version, priority: int, now: datetime
    ) -> Task:
        last = self.newest.get(step)
        attempt = last.attempt + 1 if last is not None else 1
        earlier = Step(BEFORE[step.kind])
        done, source = self.done.get(earlier), self.done.get(Step(SOURCE[step.kind]))
        if (
            done is not None
            and source is not None
            and earlier not in missing
            and not self._is_held(step, done)
        ):
            return ready_task(
                self.asset,
                self.asset.chain,
                *step,
                order=self._order(step, done, source),
                source=source,
                version=version,
                attempt=attempt,
                priority=priority,
                now=now,
            )
        task = waiting_task(self.asset, self.asset.chain, *step, attempt=attempt, priority=priority, now=now)
        if done is not None and step.kind is TaskKind.RIG_CHECK and self.asset.is_gated:
            task.hold = Hold.GATE
        elif earlier not in missing and self._ended_badly(earlier):
            task.hold = Hold.FAILED_STEP
        return task

    def _order(self, step: Step, done: Task, source: Task) -> dict[str, str]:
        if step.kind is TaskKind.ANIMATE:
            refuse_unanimatable(source, [step.preset], "animations")
        return rig_type_found(done.rig_type) if step.kind is TaskKind.RIG else {}

    def _is_held(self, step: Step, done: Task) -> bool:
        """Whether more than time is needed: a pick before the rig check, another model after a refused one."""
        if step.kind is TaskKind.RIG_CHECK:
            return self.asset.is_gated
        return step.kind is TaskKind.RIG and not done.riggable

    def _is_lacking(self, step: Step) -> bool:
        last = self.newest.get(step)
        return last is None or (last.status is TaskStatus.CANCELLED and step not in self.done)

    def _ended_badly(self, step: Step) -> bool:
        last = self.newest.get(step)
        return last is None or last.status in (TaskStatus.FAILED, TaskStatus.CANCELLED)
