"""What applying a plan would do: each row matched, composed, checked and priced. Reads alone, writes nothing.

Preview and apply go through this same code, so that what was shown is what is done.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.chain import steps_for
from core.errors import HatcheryError, NotFoundError, OrderError
from core.generations import Generation
from core.lifecycle import UNSENT, TaskKind
from core.models import Asset, Plan, Project, Task
from core.plans.chains import Chain
from core.plans.composing import Composer
from core.plans.known import known_assets, members_of, tasks_of
from core.plans.limits import PRIORITY_MOST, VARIANTS_MOST
from core.plans.matching import Change, Match, Rename, match, offered_renames
from core.plans.plan import PlanNote, PlanRow, ReadPlan
from core.plans.style import current_style
from core.prices import credits_of_step
from core.projects import checked_id
from core.tripo import Version

_SEEDS: Final = 2**31

Remake = bool | Collection[str]  # all assets whose words changed, none, or these by their ids


@dataclass(frozen=True)
class Touched:
    """An asset that there is already, and what happens to its steps."""

    asset: Asset
    ends: tuple[Task, ...] = ()  # unsent and no longer wanted
    begins: tuple[Task, ...] = ()  # new rows, not written yet
    another: Generation | None = None  # its model is made anew, with its whole chain
    is_leaving: bool = False  # the plan lists it no longer


@dataclass(frozen=True)
class DraftRow:
    """One row, or one asset that has no row any more, and what applying does about it."""

    match: Match
    prompt: str  # as it is sent, or was
    new: tuple[Generation, ...] = ()  # assets to be made: the row's variants, each with its seed
    touched: tuple[Touched, ...] = ()
    tasks: int = 0
    credits: Decimal = Decimal(0)
    remake_credits: Decimal | None = None  # what another model costs that was not asked for


@dataclass(frozen=True)
class Draft:
    """A whole plan, ready to be shown or written."""

    project: Project
    plan: Plan | None
    style_version: int
    is_gating: bool
    rows: tuple[DraftRow, ...]
    renames: tuple[Rename, ...]
    errors: tuple[PlanNote, ...]


def draft(
    session: Session,
    project: Project,
    read: ReadPlan,
    filename: str,
    *,
    version: Version,
    now: datetime,
    renames: Mapping[int, str] | None = None,
    remake: Remake = False,
) -> Draft:
    """Work out what applying this plan does; what stands against it is in `errors`, and nothing is written.

    Raises NotFoundError when a rename names an asset that there is not.
    """
    plan = session.scalar(select(Plan).filter_by(project_id=project.id, filename=filename))
    style = current_style(session, project.id)
    rows = [_with_defaults(row, project.defaults) for row in read.rows]
    known = known_assets(session, project.id, plan, rows)
    _refuse_unknown(renames or {}, {each.asset_id for each in known})
    matches = match(rows, known, renames)
    drafting = _Drafting(
        session, Composer(session, style.style, project.defaults, version), matches, version, now, remake
    )
    drafted = tuple(drafting.row(n, each) for n, each in enumerate(matches))
    return Draft(
        project=project,
        plan=plan,
        style_version=style.version,
        is_gating=style.style.gate,
        rows=drafted,
        renames=tuple(offered_renames(matches)),
        errors=(*read.errors, *_doubled_keys(rows), *drafting.errors),
    )


def least_price(draft: Draft) -> Decimal:
    """Say what applying orders at the least: new rows that wait for no pick, less what is wanted no longer."""
    certain = [
        row.credits
        for row in draft.rows
        if row.new and not row.touched and not (draft.is_gating and len(row.new) > 1)
    ]
    ends = [task for row in draft.rows for touched in row.touched for task in touched.ends]
    freed = [credits_of_step(task.kind, task.preset, task.order) for task in ends]
    return sum(certain, Decimal(0)) - sum(freed, Decimal(0))


class _Drafting:
    """Drafts row after row, and gathers what is wrong with them."""

    def __init__(
        self,
        session: Session,
        composer: Composer,
        matches: Sequence[Match],
        version: Version,
        now: datetime,
        remake: Remake,
    ) -> None:
        self.errors: list[PlanNote] = []
        self._composer = composer
        self._version = version
        self._now = now
        self._remake = remake
        touched = [m.known.asset_pk for m in matches if m.known is not None and m.change in _TOUCHING]
        self._members = members_of(session, touched)
        self._tasks = tasks_of(session, (asset for group in self._members.values() for asset in group))

    def row(self, n: int, each: Match) -> DraftRow:
        if each.row is None:
            return self._removed(each)
        try:
            _check(each.row)
            if each.known is None:
                return self._added(n, each, each.row)
            if each.change is Change.UNCHANGED:
                return DraftRow(each, each.known.prompt)
            return self._changed(n, each, each.row)
        except OrderError as error:
            self.errors.append(_note(each.row, error))
            return DraftRow(each, "")

    # --- each change ---

    def _added(self, n: int, each: Match, row: PlanRow) -> DraftRow:
        orders = tuple(self._composer.compose(row, seed) for seed in seeds_of(row, n))
        tasks, credits = self._composer.price(row, orders)
        return DraftRow(each, orders[0].order["prompt"], new=orders, tasks=tasks, credits=credits)

    def _changed(self, n: int, each: Match, row: PlanRow) -> DraftRow:
        assert each.known is not None  # noqa: S101 - it is changed
        group = self._members[each.known.asset_pk]
        live = [a for a in group if a.removed_at is None] or group
        kept = sorted(live, key=lambda a: (a.picked_at is None, a.variant))[: row.variants]
        picked = [asset for asset in kept if asset.picked_at is not None]
        touched = [
            self._touched(each, row, asset, seed)
            for asset, seed in zip(kept, _seeds_kept(kept, row), strict=True)
            if not picked or asset in picked
        ]
        touched += [self._ended(asset) for asset in live if asset not in kept]
        seeds = seeds_of(row, n)[len(kept) :]
        new = tuple(self._composer.compose(row, seed) for seed in seeds)
        tasks, credits = self._composer.price(row, new)
        draft_row = DraftRow(each, each.known.prompt, new, tuple(touched), tasks, credits)
        return self._priced(draft_row, row)

    def _touched(self, each: Match, row: PlanRow, asset: Asset, seed: int | None) -> Touched:
        chain = Chain(asset, self._tasks.get(asset.id, ()))
        again = asset.removed_at is not None
        wanted = steps_for(should_rig=row.tag == "RIG", animations=row.animations)
        is_asked_for = each.is_another_model and self._is_to_be_remade(asset)
        if is_asked_for or (again and chain.has_no_model):
            return Touched(asset, self._unsent_model(chain, asset), another=self._composer.compose(row, seed))
        begins = chain.new_tasks(
            chain.missing(wanted, again=again), version=self._version, priority=row.priority, now=self._now
        )
        return Touched(asset, tuple(chain.superfluous(wanted)), tuple(begins))

    def _unsent_model(self, chain: Chain, asset: Asset) -> tuple[Task, ...]:
        """What has to end before another model is ordered; raises OrderError for one that is being made."""
        under_way = next(
            (t for s, t in chain.newest.items() if s.kind is TaskKind.GENERATE and t.finished_at is None),
            None,
        )
        if under_way is None:
            return ()
        if under_way.status in UNSENT:
            return (under_way,)
        raise OrderError(
            f"“{asset.name}” is being made at this moment, so it cannot be made anew.",
            suggestion="Wait for it, or cancel it first.",
            code="already_open",
        )

    def _removed(self, each: Match) -> DraftRow:
        assert each.known is not None  # noqa: S101 - there is an asset, or a row
        group = [a for a in self._members[each.known.asset_pk] if a.removed_at is None]
        return DraftRow(each, each.known.prompt, touched=tuple(self._ended(asset) for asset in group))

    def _ended(self, asset: Asset) -> Touched:
        chain = Chain(asset, self._tasks.get(asset.id, ()))
        return Touched(asset, tuple(chain.superfluous(())), is_leaving=True)

    # --- prices ---

    def _priced(self, drafted: DraftRow, row: PlanRow) -> DraftRow:
        """Add what the touched assets cost; another model that was not asked for has its price beside."""
        anew = tuple(each.another for each in drafted.touched if each.another is not None)
        tasks, credits = self._composer.price(row, anew)
        begun = [task for each in drafted.touched for task in each.begins]
        steps = sum((credits_of_step(t.kind, t.preset, t.order) for t in begun), Decimal(0))
        drafted = replace(
            drafted,
            tasks=drafted.tasks + tasks + len(begun),
            credits=drafted.credits + credits + steps,
        )
        if anew:
            return replace(drafted, prompt=anew[0].order["prompt"])
        if not drafted.match.is_another_model:
            return drafted
        other = self._composer.compose(row, row.seed)
        _tasks, price = self._composer.price(row, (other,) * max(1, len(drafted.touched)))
        return replace(drafted, prompt=other.order["prompt"], remake_credits=price)

    def _is_to_be_remade(self, asset: Asset) -> bool:
        if isinstance(self._remake, bool):
            return self._remake
        return asset.asset_id in self._remake


_TOUCHING: Final = (Change.CHANGED, Change.REMOVED)


def seeds_of(row: PlanRow, n: int) -> tuple[int | None, ...]:
    """Name a seed for each variant of a row: its own and those that follow it, else ones that no other row has.

    A single one without a seed gets none: the provider chooses.
    """
    if row.variants == 1:
        return (row.seed,)
    first = row.seed if row.seed is not None else zlib.crc32(f"{row.category}\n{row.name}\n{n}".encode())
    return tuple((first + number) % _SEEDS for number in range(row.variants))


def _seeds_kept(kept: Sequence[Asset], row: PlanRow) -> Iterator[int | None]:
    """Let each alternate keep its own seed, unless the row now names one."""
    for asset in kept:
        if row.seed is not None:
            yield (row.seed + asset.variant - 1) % _SEEDS
        else:
            yield asset.options.get("modelSeed") if len(kept) > 1 else None


def _with_defaults(row: PlanRow, defaults: Mapping[str, Any]) -> PlanRow:
    """Fill in what the plan does not say: a RIG asset without animations gets the project's."""
    if row.tag == "RIG" and not row.animations and defaults.get("animations"):
        return row.model_copy(update={"animations": tuple(defaults["animations"])})
    return row.model_copy(update={"animations": ()}) if row.tag == "STATIC" and row.animations else row


def _check(row: PlanRow) -> None:
    if row.key is not None:
        checked_id(row.key, "key")
    for name, value, least, most in (
        ("variants", row.variants, 1, VARIANTS_MOST),
        ("priority", row.priority, -PRIORITY_MOST, PRIORITY_MOST),
    ):
        if not least <= value <= most:
            raise OrderError(
                f"{name} is {value}.",
                suggestion=f"Use a number from {least} to {most}.",
                code=f"{name}_invalid",
                field=name,
            )


def _doubled_keys(rows: Iterable[PlanRow]) -> Iterator[PlanNote]:
    first: dict[str, int] = {}
    for row in rows:
        if row.key is None:
            continue
        if row.key in first:
            sentence = f"The key “{row.key[:80]}” stands on {first[row.key]} already. Each asset has a key of its own."
            yield PlanNote(line=row.line, column="key", message=sentence, code="key_doubled")
        first.setdefault(row.key, row.line)


def _note(row: PlanRow, error: HatcheryError) -> PlanNote:
    sentence = f"{error.message} {error.suggestion}".strip()
    return PlanNote(line=row.line, column=getattr(error, "field", None), message=sentence, code=error.code)


def _refuse_unknown(renames: Mapping[int, str], asset_ids: Collection[str]) -> None:
    unknown = next((asset_id for asset_id in renames.values() if asset_id not in asset_ids), None)
    if unknown is not None:
        raise NotFoundError(
            "A rename names an asset that no plan of this project has.",
            suggestion="Take the ids from the preview's renames.",
            code="asset_not_found",
            field="renames",
        )
