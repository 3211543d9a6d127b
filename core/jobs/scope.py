"""What a job is about, as it was chosen: tasks, assets, a group of failures, a query, a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from core.asset_chain import AssetChain, read_chains
from core.asset_search import conditions
from core.errors import OrderError
from core.failures.groups import tasks_in
from core.jobs.action import Action
from core.models import Asset, ProviderKey, Task
from core.plans.progress import plan_of
from core.projects import project_of

MOST_ITEMS: Final = 10_000  # of one job
MOST_GROUPS: Final = 200  # of failures
AT_ONCE: Final = 500  # assets that are read together
Id = Annotated[str, Field(min_length=1, max_length=200)]


class AssetName(BaseModel):
    """An asset as callers name it."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    project_id: Id
    asset_id: Id


class Scope(BaseModel):
    """Exactly one way to choose: by ids, by the fingerprints of failures, by a query of assets, or a whole plan.

    Assets are named as callers know them, or by our own ids (`asset_pks`, `Asset.id`), as lists have them.

    An action about tasks takes of an asset those that it fits; one about assets takes each task's asset once.
    `project_id` narrows fingerprints or a query.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    task_ids: Annotated[tuple[Id, ...], Field(max_length=MOST_ITEMS)] = ()
    assets: Annotated[tuple[AssetName, ...], Field(max_length=MOST_ITEMS)] = ()
    asset_pks: Annotated[tuple[Id, ...], Field(max_length=MOST_ITEMS)] = ()
    fingerprint: Annotated[str, Field(max_length=200)] | None = None
    fingerprints: Annotated[tuple[Id, ...], Field(max_length=MOST_GROUPS)] = ()
    query: Annotated[str, Field(max_length=1000)] | None = None
    plan_id: Id | None = None
    project_id: Id | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Scope:
        ways = (
            self.task_ids,
            self.assets,
            self.asset_pks,
            self.fingerprint,
            self.fingerprints,
            self.query is not None,
            self.plan_id,
        )
        if sum(map(bool, ways)) != 1:
            raise ValueError(
                "name exactly one of taskIds, assets, fingerprint, fingerprints, query and planId"
            )
        if self.project_id is not None and not (self.groups or self.query is not None):
            raise ValueError("projectId belongs to fingerprints or a query")
        return self

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of failures that are named, be it one or several."""
        return (self.fingerprint,) if self.fingerprint else self.fingerprints

    @classmethod
    def checked(cls, **given: Any) -> Scope:
        """Make a scope; raises OrderError, in a sentence, for one that cannot be."""
        try:
            return cls(**given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            said = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
            raise OrderError(
                f"scope: {said}.", suggestion="Correct the scope.", code="scope_invalid", field="scope"
            ) from None

    def said(self) -> dict[str, Any]:
        """Return it as it is stored; long lists of ids by their length, for the items are rows of their own."""
        whole = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {name: len(value) if isinstance(value, list) else value for name, value in whole.items()}


class Chosen(NamedTuple):
    """One thing that was chosen: an asset with its chain, and a task where the action is about tasks.

    Without a task such an action has nothing to do there.
    """

    chain: AssetChain
    task: Task | None


def chosen_by(session: Session, scope: Scope, action: Action, now: datetime) -> Iterator[Chosen]:
    """Read what a scope names, asset by asset, the oldest first; raises OrderError for too much, or for a bad query."""
    asset_pks, tasks_of = _named(session, scope, now)
    # Held for as long as they are asked for: the session itself forgets what nobody holds.
    _kept = session.scalars(select(ProviderKey)).all()
    for start in range(0, len(asset_pks), AT_ONCE):
        some = asset_pks[start : start + AT_ONCE]
        found = {asset.id: asset for asset in session.scalars(select(Asset).where(Asset.id.in_(some)))}
        chains = read_chains(session, found.values())
        named = _tasks_named(session, tasks_of, some) if tasks_of is not None else {}
        for asset_pk in some:
            if asset_pk in chains:
                yield from _of_asset(chains[asset_pk], action, named.get(asset_pk))


def _of_asset(chain: AssetChain, action: Action, named: Sequence[Task] | None) -> Iterator[Chosen]:
    if action.tasks_of is None:
        yield Chosen(chain, None)
        return
    wanted = list(named) if named is not None else action.tasks_of(chain)
    for task in wanted:
        yield Chosen(chain, task)
    if not wanted:
        yield Chosen(chain, None)


def _named(session: Session, scope: Scope, now: datetime) -> tuple[list[str], ColumnElement[bool] | None]:
    """List the ids of the assets that are named, and say which of their tasks, if single ones are."""
    tasks_of: ColumnElement[bool] | None = None
    wanted = select(Asset.id)
    if scope.project_id is not None:
        wanted = wanted.where(Asset.project_id == project_of(session, scope.project_id).id)
    if scope.task_ids:
        tasks_of = Task.id.in_(scope.task_ids)
    elif scope.groups:
        tasks_of = tasks_in(session, scope.groups, now)
    elif scope.query is not None:
        wanted = wanted.where(*conditions(session, scope.query))
    elif scope.asset_pks:
        wanted = wanted.where(Asset.id.in_(scope.asset_pks))
    elif scope.plan_id is not None:
        wanted = wanted.where(Asset.plan_id == plan_of(session, scope.plan_id).id, Asset.removed_at.is_(None))
    else:
        names = [(each.project_id, each.asset_id) for each in scope.assets]
        return _by_name(session, names), None
    if tasks_of is not None:
        wanted = wanted.where(Asset.id.in_(select(Task.asset_pk).where(tasks_of)))
    ids = list(session.scalars(wanted.order_by(Asset.created_at, Asset.id).limit(MOST_ITEMS + 1)))
    if len(ids) > MOST_ITEMS:
        raise too_many()
    return ids, tasks_of


def _by_name(session: Session, names: Sequence[tuple[str, str]]) -> list[str]:
    found: list[tuple[Any, str]] = []
    for start in range(0, len(names), AT_ONCE):
        some = tuple_(Asset.project_id, Asset.asset_id).in_(names[start : start + AT_ONCE])
        found += [(row[0], row[1]) for row in session.execute(select(Asset.created_at, Asset.id).where(some))]
    return [asset_pk for _, asset_pk in sorted(found)]


def _tasks_named(
    session: Session, tasks_of: ColumnElement[bool], asset_pks: Sequence[str]
) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {asset_pk: [] for asset_pk in asset_pks}
    wanted = select(Task).where(tasks_of, Task.asset_pk.in_(asset_pks))
    for task in session.scalars(wanted.order_by(Task.created_at, Task.attempt, Task.id)):
        found[task.asset_pk].append(task)
    return found


def too_many() -> OrderError:
    """Say that a job would have too many items."""
    return OrderError(
        f"That is more than {MOST_ITEMS:,} items.",
        suggestion="Narrow the choice, and do the rest with another job.",
        code="too_many_items",
        field="scope",
    )
