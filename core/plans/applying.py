"""Writing a drafted plan: new and edited assets in bulk, other changes one by one, all in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from core import orders, tasks
from core.asset_texts import add_texts
from core.chain import steps_for
from core.generations import Generation
from core.lifecycle import FINAL, Approval, AssetStatus, TaskKind, TaskStatus
from core.models import Asset, Plan, ProviderKey, Task, TaskEvent, new_id
from core.moves import lock_assets, refresh_asset
from core.plans.composing import Pools
from core.plans.drafting import Draft, DraftRow, Touched
from core.plans.editing import edits_of, is_edit, said_of, write_edits
from core.plans.matching import Change, Known
from core.plans.picking import let_go
from core.plans.plan import PlanRow
from core.plans.style import brief_of
from core.steps import WAITING_COLUMNS, ready_columns, step_columns
from core.tripo import Version
from core.withdrawals import withdraw

log = logging.getLogger("hatchery.plans")

AT_ONCE: Final = 1_000  # assets in one statement: what is held in memory
TOLD_EVERY: Final = 100  # of those that are written one by one
FIRST_CHAIN: Final = 1
TAKEN_OUT: Final = "The plan does not ask for it any more."
_ASSETS, _TASKS, _EVENTS = (cast(Table, model.__table__) for model in (Asset, Task, TaskEvent))


Tell = Callable[[int, int], object]  # how many rows are written, and of how many


def tell_nobody(written: int, of: int) -> None:
    """Nobody watches."""


class Source(NamedTuple):
    """The file that is applied."""

    filename: str
    format: str
    content: bytes
    sha256: str


class Applied(NamedTuple):
    """What came of it: `is_new` is false when the plan was applied before and there was nothing to do."""

    plan_id: str
    asset_ids: tuple[str | None, ...]
    is_new: bool


def apply(
    session: Session,
    draft: Draft,
    source: Source,
    *,
    version: Version,
    key: ProviderKey | None,
    now: datetime,
    actor: str,
    tell: Tell = tell_nobody,
) -> Applied:
    """Write a draft without errors, made in this very transaction; applied twice it does nothing the second time.

    `tell` hears now and then how far it is, the last time before the commit.
    """
    if draft.plan is not None and not _has_news(draft, draft.plan, source):
        known = tuple(row.match.known.asset_id if row.match.known else None for row in draft.rows)
        return Applied(draft.plan.id, known, is_new=False)
    plan = _written_plan(session, draft, source, now, actor)
    rows = list(enumerate(draft.rows))
    changed = [(n, row) for n, row in rows if row.match.change in (Change.CHANGED, Change.REMOVED)]
    begun = len(rows) - len(changed)
    new_assets = _NewAssets(draft, plan, version, key, now, actor)
    for start in range(0, len(rows), AT_ONCE):
        tell(begun * start // len(rows), len(rows))
        new_assets.write(session, rows[start : start + AT_ONCE])
    _write_places(session, plan, rows)
    touched = [each for _, row in changed for each in row.touched]
    lock_assets(session, [each.asset.id for each in touched])
    withdraw(session, [task for each in touched for task in each.ends], TAKEN_OUT, actor, now)
    edits = edits_of(changed)
    if edits:
        write_edits(session, plan, edits, actor, now)
    for written, (n, row) in enumerate(changed, start=begun):
        if written % TOLD_EVERY == 0:
            tell(written, len(rows))
        _Change(session, plan, draft, version, now, actor).write(n, row)
    tell(len(rows), len(rows))
    draft.project.plans_revision += 1
    session.flush()
    log.info("plan %s applied: %d assets made", plan.id, len(new_assets.made))
    ids = (
        new_assets.made.get(n) or (row.match.known.asset_id if row.match.known else None) for n, row in rows
    )
    return Applied(plan.id, tuple(ids), is_new=True)


def _has_news(draft: Draft, plan: Plan, source: Source) -> bool:
    if plan.content_sha256 != source.sha256:
        return True
    return any(
        row.new
        or row.match.change is Change.REMOVED
        or any(t.ends or t.begins or t.another for t in row.touched)
        for row in draft.rows
    )


def _written_plan(session: Session, draft: Draft, source: Source, now: datetime, actor: str) -> Plan:
    plan = draft.plan
    if plan is None:
        plan = Plan(project_id=draft.project.id, filename=source.filename, priority=0, created_by=actor)
        plan.created_at = now
        session.add(plan)
    plan.format, plan.content, plan.content_sha256 = source.format, source.content, source.sha256
    plan.applied_by, plan.applied_at = actor, now
    session.flush()
    return plan


# --- new assets ----------------------------------------------------------------------------------------------


class _NewAssets:
    """Writes what a plan adds: assets, tasks and first events, thousands in a few statements."""

    def __init__(
        self,
        draft: Draft,
        plan: Plan,
        version: Version,
        key: ProviderKey | None,
        now: datetime,
        actor: str,
    ) -> None:
        self._draft = draft
        self._plan = plan
        self._pools = Pools(key.version if key is not None else version)
        self._key_id = key.id if key is not None else None
        self._now = now
        self._actor = actor
        self._written = 0
        self.made: dict[int, str] = {}  # the id of each new row's first asset, by the row's number

    def write(self, session: Session, rows: Sequence[tuple[int, DraftRow]]) -> None:
        """Write the new assets among these rows."""
        assets: list[dict[str, Any]] = []
        steps: list[dict[str, Any]] = []
        for n, row in rows:
            if row.new and row.match.row is not None:
                for asset, order in self._assets(n, row, row.match.row):
                    assets.append(asset)
                    steps += self._steps(asset, order)
        _insert(session, _ASSETS, assets)
        add_texts(session.connection(), assets)
        _insert(session, _TASKS, [step for step in steps if step["status"] is TaskStatus.READY])
        _insert(session, _TASKS, [step for step in steps if step["status"] is TaskStatus.WAITING])
        _insert(session, _EVENTS, [self._event(step) for step in steps])

    def _assets(self, n: int, drafted: DraftRow, row: PlanRow) -> Iterator[tuple[dict[str, Any], Generation]]:
        there = [each.asset for each in drafted.touched]
        group = self._group(there, row)
        brief = brief_of(row).model_dump(mode="json")
        for number, order in enumerate(drafted.new, start=row.variants - len(drafted.new) + 1):
            asset_pk = new_id()
            is_first = number == 1
            asset_id = row.key if is_first and row.key is not None else asset_pk
            if is_first:
                self.made[n] = asset_id
            at = self._now + timedelta(microseconds=self._written)  # in the plan's order, for lists and lanes
            self._written += 1
            yield (
                {
                    "id": asset_pk,
                    "project_id": self._draft.project.id,
                    "asset_id": asset_id,
                    "name": row.name,
                    "category": row.category,
                    "tag": row.tag,
                    "description": row.description,
                    "prompt": order.order["prompt"],
                    "animations": order.animations,
                    "options": order.order["options"],
                    "chain": FIRST_CHAIN,
                    "status": AssetStatus.QUEUED,
                    "has_unknown": False,
                    "approval": Approval.PENDING,
                    "plan_id": self._plan.id,
                    "plan_key": row.key,
                    "plan_order": n,
                    "priority": row.priority,
                    "brief": brief,
                    "made_from": brief,
                    "style_version": self._draft.style_version,
                    "variant_group": group,
                    "variant": number,
                    "is_gated": self._draft.is_gating and row.variants > 1 and row.tag == "RIG",
                    "created_by": self._actor,
                    "created_at": at,
                    "updated_at": at,
                },
                order,
            )

    def _group(self, there: Sequence[Asset], row: PlanRow) -> str | None:
        """Name what a row's alternates share; one that was alone until now joins the new ones."""
        if row.variants == 1:
            return None
        group = next((asset.variant_group for asset in there if asset.variant_group), None) or new_id()
        for asset in there:
            asset.variant_group = group
        return group

    def _steps(self, asset: Mapping[str, Any], order: Generation) -> Iterator[dict[str, Any]]:
        priority = self._plan.priority + asset["priority"]
        for step in steps_for(should_rig=asset["tag"] == "RIG", animations=order.animations):
            is_first = step.kind is TaskKind.GENERATE
            said = order.order if is_first else {}
            columns = step_columns(
                asset["id"], asset["project_id"], FIRST_CHAIN, *step, said, 1, priority, asset["created_at"]
            )
            yield {**columns, **(self._ready(said) if is_first else WAITING_COLUMNS)}

    def _ready(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Nobody but the passes sends a plan, so they need not wait for anybody."""
        return {**ready_columns(self._key_id, self._pools.of(order), self._now), "due_at": self._now}

    def _event(self, step: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "task_id": step["id"],
            "asset_pk": step["asset_pk"],
            "at": step["created_at"],
            "to_status": step["status"].value,
            "message": "",
            "actor": self._actor,
        }


def _insert(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(table), list(rows))


# --- assets that there are already ---------------------------------------------------------------------------


def _write_places(session: Session, plan: Plan, rows: Sequence[tuple[int, DraftRow]]) -> None:
    """Note where unchanged assets stand now: a row put in above moves all that follow."""
    moved = []
    for n, row in rows:
        known = row.match.known
        if row.match.change is Change.UNCHANGED and known is not None and row.match.row is not None:
            key = row.match.row.key or known.key
            if (known.order, known.key, known.is_of_this_plan) != (n, key, True):
                moved.append({"of": known.asset_pk, "n": n, "its_key": key})
    if moved:
        statement = update(_ASSETS).where(_ASSETS.c.id == bindparam("of"))
        columns = {"plan_id": plan.id, "plan_order": bindparam("n"), "plan_key": bindparam("its_key")}
        session.connection().execute(statement.values(**columns), moved)


class _Change:
    """Writes what became of one row's assets beyond edits: steps that end, another model if it was asked for."""

    def __init__(
        self, session: Session, plan: Plan, draft: Draft, version: Version, now: datetime, actor: str
    ) -> None:
        self._session = session
        self._plan = plan
        self._draft = draft
        self._version = version
        self._now = now
        self._actor = actor

    def write(self, n: int, drafted: DraftRow) -> None:
        row, known = drafted.match.row, drafted.match.known
        assert known is not None  # noqa: S101 - it was there before
        for touched in drafted.touched:
            if is_edit(touched, row):
                continue
            if row is None or touched.is_leaving:
                touched.asset.removed_at = touched.asset.updated_at = self._now
                continue
            if touched.another is not None:
                self._make_anew(touched, touched.another, row)
                self._note(touched.asset, row, known, n)
            else:
                self._note(touched.asset, row, known, n)
                self._begin(touched)
                if row.variants == 1 and touched.asset.is_gated:  # there is nothing to pick among any more
                    let_go(
                        self._session, touched.asset, version=self._version, actor=self._actor, now=self._now
                    )
            refresh_asset(self._session, touched.asset.id, self._now)

    def _begin(self, touched: Touched) -> None:
        if touched.begins:
            for task in touched.begins:
                task.priority += self._plan.priority
            tasks.add_steps(self._session, touched.asset, touched.begins, self._actor, self._now)

    def _make_anew(self, touched: Touched, order: Generation, row: PlanRow) -> None:
        asset = touched.asset
        orders.order_generation(
            self._session,
            project_id=asset.project_id,
            asset_id=asset.asset_id,
            prompt=order.order["prompt"],
            version=self._version,
            now=self._now,
            should_rig=row.tag == "RIG",
            animations=order.animations,
            options=order.order["options"],
            rig=self._rig_again(asset, row, order),
            priority=self._plan.priority + row.priority,
            actor=self._actor,
        )
        asset.made_from = brief_of(row).model_dump(mode="json")
        asset.style_version = self._draft.style_version

    def _rig_again(self, asset: Asset, row: PlanRow, order: Generation) -> dict[str, Any] | None:
        return orders.rig_of_before(self._session, asset, order.animations) if row.tag == "RIG" else None

    def _note(self, asset: Asset, row: PlanRow, known: Known, n: int) -> None:
        """Keep what the plan says now."""
        if asset.priority != row.priority:
            self._session.execute(
                update(Task)
                .where(Task.asset_pk == asset.id, Task.status.not_in(list(FINAL)))
                .values(priority=self._plan.priority + row.priority)
            )
        for column, value in said_of(asset, row, known, self._plan, n).items():
            setattr(asset, column, value)
        self._session.flush()
