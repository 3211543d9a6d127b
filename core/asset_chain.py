"""An asset together with the attempts of its current chain: read at once, then asked without the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from core.chain import steps_behind
from core.lifecycle import TaskKind, TaskStatus
from core.models import Asset, Task

READ_AT_ONCE: Final = 500  # ids in one question to the database
_KINDS: Final = list(TaskKind)


class AssetChain(NamedTuple):
    """An asset, and all attempts at the steps of its current chain, the earlier attempts first."""

    asset: Asset
    tasks: tuple[Task, ...]

    def newest_attempts(self) -> list[Task]:
        """Return the attempts that count, one for each step, in the order of the chain."""
        newest = {(task.kind, task.preset): task for task in self.tasks}
        return sorted(newest.values(), key=lambda task: (_KINDS.index(task.kind), task.created_at))

    def newest(self, kind: TaskKind, preset: str = "") -> Task | None:
        """Return the newest attempt at a step; None when there is none."""
        found = [task for task in self.tasks if (task.kind, task.preset) == (kind, preset)]
        return found[-1] if found else None

    def success(self, kind: TaskKind, preset: str = "") -> Task | None:
        """Return the newest attempt at a step that succeeded; None when there is none."""
        done = [
            task
            for task in self.tasks
            if (task.kind, task.preset, task.status) == (kind, preset, TaskStatus.SUCCESS)
        ]
        return done[-1] if done else None

    def behind(self, task: Task) -> list[Task]:
        """Return the newest attempts of the steps that wait, directly or not, for this one's."""
        kinds = steps_behind(task.kind)
        return [later for later in self.newest_attempts() if later.kind in kinds]


def read_chain(session: Session, asset: Asset) -> AssetChain:
    """Read an asset's chain as it is now."""
    return read_chains(session, [asset])[asset.id]


def read_chains(session: Session, assets: Iterable[Asset]) -> Mapping[str, AssetChain]:
    """Read the chains of many assets as they are now, by the assets' own ids (`Asset.id`)."""
    rows = list(assets)
    found: dict[str, list[Task]] = defaultdict(list)
    for start in range(0, len(rows), READ_AT_ONCE):
        for task in _tasks_of(session, rows[start : start + READ_AT_ONCE]):
            found[task.asset_pk].append(task)
    return {asset.id: AssetChain(asset, tuple(found[asset.id])) for asset in rows}


def _tasks_of(session: Session, assets: Sequence[Asset]) -> Iterable[Task]:
    current = and_(Asset.id == Task.asset_pk, Asset.chain == Task.chain)
    wanted = (
        select(Task)
        .join(Asset, current)
        .where(Task.asset_pk.in_([asset.id for asset in assets]))
        .order_by(Task.attempt)
    )
    return session.scalars(wanted.execution_options(populate_existing=True))
