"""Which row of a plan is which asset that there is already. Pure: no database, no clock.

An asset is known by its explicit key, else by its category and name, equal ones by their order. What looks renamed is
offered as such and never guessed: until a person says so, it is one asset removed and another one added.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from core.plans.plan import PlanRow
from core.plans.style import Brief, brief_of


class Change(StrEnum):
    """What applying a plan does about one asset."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


class Known(NamedTuple):
    """An asset that a plan listed before. Of the alternates of one row, the one that counts."""

    asset_pk: str
    asset_id: str
    key: str | None
    name: str
    category: str
    tag: str
    animations: tuple[str, ...]
    brief: Brief
    made_from: Brief
    order: int
    prompt: str = ""  # as it was sent
    priority: int = 0
    variants: int = 1
    is_removed: bool = False
    is_of_this_plan: bool = True


class Match(NamedTuple):
    """A row and the asset that it is; one of the two may be missing. `fields` are what differs between them."""

    row: PlanRow | None
    known: Known | None
    change: Change
    fields: tuple[str, ...] = ()

    @property
    def is_another_model(self) -> bool:
        """Whether the asset's model was made from other words or options than the row now has."""
        return self.row is not None and self.known is not None and brief_of(self.row) != self.known.made_from


class Rename(NamedTuple):
    """A row that may be an asset under another name: `reason` is what speaks for it."""

    line: int
    asset_id: str
    old_name: str
    old_category: str
    reason: str


def match(
    rows: Sequence[PlanRow], known: Iterable[Known], renames: Mapping[int, str] | None = None
) -> list[Match]:
    """Pair rows with assets, in the order of the plan; what the plan no longer lists comes last.

    `renames` are a person's words: the row at this line is the asset of this id.
    """
    there = _Known(known)
    found: dict[int, Known | None] = {}
    by_person = {line: there.by_id(asset_id) for line, asset_id in (renames or {}).items()}
    for n, row in enumerate(rows):
        named = by_person.get(row.line)
        if named is not None:
            found[n] = there.take(named)
    for n, row in enumerate(rows):
        if n not in found and row.key is not None:
            same = there.by_key(row.key)
            if same is not None:
                found[n] = there.take(same)
    for n, row in enumerate(rows):
        if n not in found:
            found[n] = there.next_named(row)
    return [_paired(row, found[n]) for n, row in enumerate(rows)] + [
        Match(None, each, Change.REMOVED) for each in there.left()
    ]


def offered_renames(matches: Sequence[Match]) -> list[Rename]:
    """Name the added rows that may be a removed asset under another name; each asset is offered once at most."""
    added = [(n, m.row) for n, m in enumerate(matches) if m.change is Change.ADDED and m.row is not None]
    gone = {m.known.asset_pk: m.known for m in matches if m.change is Change.REMOVED and m.known is not None}
    offers: dict[int, Rename] = {}
    for reason in _REASONS:
        places: dict[object, deque[Known]] = defaultdict(deque)
        for each in sorted(gone.values(), key=lambda k: k.order):
            place = _place_of_known(each, reason)
            if place is not None:
                places[place].append(each)
        for n, row in added:
            waiting = places.get(_place_of_row(row, n, reason)) if row.line not in offers else None
            if waiting:
                old = waiting.popleft()
                del gone[old.asset_pk]
                offers[row.line] = Rename(row.line, old.asset_id, old.name, old.category, reason)
    return [offers[line] for line in sorted(offers)]


_REASONS = ("same name in another category", "same description", "same place in the plan")


def _place_of_row(row: PlanRow, n: int, reason: str) -> object:
    if reason == _REASONS[0]:
        return _text(row.name)
    if reason == _REASONS[1]:
        return (brief_of(row).description, row.tag) if row.description else ""
    return (n, row.tag)


def _place_of_known(known: Known, reason: str) -> object | None:
    if reason == _REASONS[0]:
        return _text(known.name)
    if reason == _REASONS[1]:
        return (known.brief.description, known.tag) if known.brief.description else None
    return (known.order, known.tag)


class _Known:
    """What there is, and what of it has no row yet."""

    def __init__(self, known: Iterable[Known]) -> None:
        ordered = sorted(known, key=lambda k: (k.is_removed, not k.is_of_this_plan, k.order))
        self._free = {each.asset_pk: each for each in ordered}
        self._by_id = {each.asset_id: each for each in reversed(ordered)}
        self._by_key = {each.key: each for each in reversed(ordered) if each.key is not None}
        self._named: dict[tuple[str, str], deque[Known]] = defaultdict(deque)
        for each in ordered:
            self._named[_text(each.category), _text(each.name)].append(each)

    def by_id(self, asset_id: str) -> Known | None:
        return self._still_free(self._by_id.get(asset_id))

    def by_key(self, key: str) -> Known | None:
        return self._still_free(self._by_key.get(key) or self._by_id.get(key))

    def next_named(self, row: PlanRow) -> Known | None:
        """Take the next asset of this category and name; a row with a key of its own only one that has none."""
        waiting = self._named.get((_text(row.category), _text(row.name)))
        if not waiting:
            return None
        for each in list(waiting):
            if each.asset_pk not in self._free:
                waiting.remove(each)
            elif row.key is None or each.key is None:
                waiting.remove(each)
                return self.take(each)
        return None

    def take(self, known: Known) -> Known:
        del self._free[known.asset_pk]
        return known

    def left(self) -> list[Known]:
        return [each for each in self._free.values() if each.is_of_this_plan and not each.is_removed]

    def _still_free(self, known: Known | None) -> Known | None:
        return known if known is not None and known.asset_pk in self._free else None


def _paired(row: PlanRow, known: Known | None) -> Match:
    if known is None:
        return Match(row, None, Change.ADDED)
    fields = tuple(_differences(row, known))
    return Match(row, known, Change.CHANGED if fields else Change.UNCHANGED, fields)


def _differences(row: PlanRow, known: Known) -> Iterable[str]:
    if known.is_removed:
        yield "removed"
    if _text(row.name) != _text(known.name):
        yield "name"
    if _text(row.category) != _text(known.category):
        yield "category"
    if row.tag != known.tag:
        yield "tag"
    if row.tag == "RIG" and set(row.animations) != set(known.animations):
        yield "animations"
    if row.priority != known.priority:
        yield "priority"
    if row.variants != known.variants:
        yield "variants"
    brief = brief_of(row)
    for name in Brief.model_fields:
        if getattr(brief, name) != getattr(known.made_from, name):
            yield name


def _text(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
