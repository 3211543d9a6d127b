"""What is to be done with a key: the open tasks of its projects and what a plan would add, for price and forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.chain import request_for, steps_for
from core.generations import Generation
from core.lanes import limit_of
from core.lifecycle import HOLDS_SLOT, OPEN, UNSENT, Hold, TaskKind, TaskStatus
from core.models import Asset, Lane, Project, ProviderKey, Task
from core.plans.drafting import Draft
from core.plans.forecasting import Course, Piece
from core.plans.paces import Pace, still_to_come
from core.prices import NOT_YET
from core.task_prices import credits_of_tasks
from core.tripo import Version, pool_of
from core.tripo.catalog import POOL_LIMITS

_ANY_PRESET: Final = "preset:walk"
_KINDS: Final = list(TaskKind)


class Workload:
    """Reads what waits and runs with one key; `key` is None as long as the shared one was never used."""

    def __init__(
        self, session: Session, key: ProviderKey | None, project: Project, version: Version, pace: Pace
    ) -> None:
        self._session = session
        self._key = key
        self._project = project
        self._version: Version = key.version if key is not None else version
        self._pace = pace
        self._pools: dict[tuple[TaskKind, str], str] = {}

    # --- places and prices ---

    def places(self, now: datetime) -> dict[str, int]:
        """Say how many tasks each of the provider's groups takes at once."""
        if self._key is None:
            return dict(POOL_LIMITS[self._version])
        lanes = {
            lane.pool: lane for lane in self._session.scalars(select(Lane).filter_by(key_id=self._key.id))
        }
        return {pool: limit_of(lanes.get(pool), self._key, pool, now) for pool in POOL_LIMITS[self._version]}

    def waiting_credits(self, which: ColumnElement[bool] | None = None) -> Decimal:
        """Say what unsent tasks will cost: these, or all of this key's projects."""
        unsent = (Task.status.in_(list(UNSENT)), self._is_of_this_key() if which is None else which)
        return credits_of_tasks(self._session, *unsent)

    # --- what is to come ---

    def open_courses(self, now: datetime, asked_about: ColumnElement[bool] | None = None) -> list[Course]:
        """List what is left of every open chain with this key, in the order in which it will be sent.

        With `asked_about`, a condition on assets, the forecast is for these alone; without it for none.
        """
        columns = (
            Task.asset_pk,
            Task.chain,
            Task.kind,
            Task.status,
            Task.pool,
            Task.priority,
            Task.project_id,
            Task.sent_at,
            Asset.options,
        )
        open_tasks = (
            select(*columns, asked_about if asked_about is not None else Asset.id.is_(None))
            .join(Asset, Asset.id == Task.asset_pk)
            .where(Task.status.in_(list(OPEN - {TaskStatus.UNKNOWN})), self._is_of_this_key())
            .where(Task.hold.is_(None) | (Task.hold == Hold.EARLIER_STEP))
            .order_by(Task.created_at, Task.id)
        )
        chains: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in self._session.execute(open_tasks):
            chains[row.asset_pk, row.chain].append(row)
        return [self._course(rows, now) for rows in chains.values()]

    def drafted_courses(self, draft: Draft) -> list[Course]:
        """List what a plan would add."""
        courses = []
        for row in draft.rows:
            if row.match.row is None:
                continue
            priority = row.match.row.priority + (draft.plan.priority if draft.plan else 0)
            orders = [*row.new, *(t.another for t in row.touched if t.another is not None)]
            is_gated = draft.is_gating and row.match.row.variants > 1
            for number, order in enumerate(orders):
                tag = row.match.row.tag if number == 0 or not is_gated else "STATIC"
                courses.append(self._new_course(order, tag, priority))
            for touched in row.touched:
                kinds = [task.kind for task in touched.begins]
                if kinds:
                    courses.append(self._of_kinds(kinds, "", priority))
        return courses

    # --- inside ---

    def _course(self, rows: Sequence[Any], now: datetime) -> Course:
        first = rows[0]
        model = str((first.options or {}).get("model") or "")
        steps: dict[TaskKind, list[Piece]] = defaultdict(list)
        has_begun = False
        for row in rows:
            seconds = self._pace.seconds[row.kind]
            if row.status is TaskStatus.DOWNLOADING:
                continue
            if row.status in HOLDS_SLOT and row.sent_at is not None:
                has_begun = True
                seconds = still_to_come(seconds, (now - row.sent_at).total_seconds())
            steps[row.kind].append(Piece(row.pool or self._pool(row.kind, model), seconds))
        ordered = tuple(tuple(steps[kind]) for kind in _KINDS if kind in steps)
        return Course(ordered, first.project_id, first.priority, has_begun, is_asked_about=bool(first[-1]))

    def _new_course(self, order: Generation, tag: str, priority: int) -> Course:
        kinds = [step.kind for step in steps_for(should_rig=tag == "RIG", animations=order.animations)]
        return self._of_kinds(kinds, str(order.order["options"].get("model") or ""), priority)

    def _of_kinds(self, kinds: Iterable[TaskKind], model: str, priority: int) -> Course:
        steps: dict[TaskKind, list[Piece]] = defaultdict(list)
        for kind in kinds:
            steps[kind].append(Piece(self._pool(kind, model), self._pace.seconds[kind]))
        ordered = tuple(tuple(steps[kind]) for kind in _KINDS if kind in steps)
        return Course(ordered, self._project.id, priority)

    def _pool(self, kind: TaskKind, model: str) -> str:
        if (kind, model) not in self._pools:
            order: Mapping[str, Any] = {"prompt": "x", "options": {"model": model} if model else {}}
            said = order if kind is TaskKind.GENERATE else {}
            request = request_for(kind, _ANY_PRESET, said, NOT_YET)
            self._pools[kind, model] = pool_of(request, self._version)
        return self._pools[kind, model]

    def _is_of_this_key(self) -> ColumnElement[bool]:
        """Say in SQL of a task whether it will be sent with this key: later steps do not know their key yet."""
        same = select(Project.id)
        if self._project.key_id is None:
            return Task.project_id.in_(same.where(Project.key_id.is_(None)))
        return Task.project_id.in_(same.where(Project.key_id == self._project.key_id))
