"""What a query of people means in SQL; `core.asset_query` has the words.

`matching(session, read_query("state:failed knight"))` selects the ids of all that match, for whoever acts on them.
Names of plans, projects, categories and people are compared here, in Python: the two databases fold case differently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, false, func, literal, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import visitors

from core.asset_query import (
    MOVING,
    NAMED,
    REMOVED,
    SINCE,
    TEXT,
    UNKNOWN,
    VALUES,
    WORDS,
    Query,
    Term,
    last_typed,
    moment_of,
    read_query,
)
from core.asset_texts import folded
from core.lifecycle import Approval, AssetStatus, TaskKind, TaskStatus
from core.models import Artifact, Asset, AssetText, Plan, Project, Task, utc_now

MOST_KNOWN: Final = 2_000  # values of one word that are looked through
MOST_SUGGESTIONS: Final = 8
RARE: Final = 1_000  # matches in another table that are listed by their ids
MOVING_STATES: Final = tuple(
    s for s in AssetStatus if s not in (AssetStatus.READY, AssetStatus.COMPLETE, AssetStatus.FAILED)
)
Condition = ColumnElement[bool]


def matching(session: Session, query: Query | str, now: datetime | None = None) -> Select[str]:
    """Select the ids (ours, `Asset.id`) of all assets that match; raises OrderError for a query that is none."""
    return select(Asset.id).where(*conditions(session, query, now))


def conditions(session: Session, query: Query | str, now: datetime | None = None) -> list[Condition]:
    """Say in SQL, over `assets`, what a query asks for; raises OrderError for a query that is none."""
    asked = read_query(query) if isinstance(query, str) else query
    wanted: list[Condition] = []
    either: dict[str, list[Condition]] = defaultdict(list)
    texts = _texts(asked)
    if texts:
        wanted.append(_found(session, AssetText.asset_pk, texts))
    for term in asked.terms:
        if _is_text(term):
            continue
        condition = _condition(session, term, now or utc_now())
        if term.is_negated:
            wanted.append(not_(condition))
        elif term.word in ("has", SINCE):
            wanted.append(condition)
        else:
            either[term.word].append(condition)
    return [*wanted, *(or_(*same) for same in either.values())]


def count_up_to(session: Session, wanted: Iterable[Condition], most: int) -> int:
    """Count what matches, but no further than `most`."""
    some = select(literal(1)).select_from(Asset).where(*wanted).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def count_texts_up_to(session: Session, query: Query, most: int) -> int | None:
    """Count what has all these texts, as `count_up_to` does but without a look at assets; None if more is asked for."""
    if not query.terms or not all(_is_text(term) for term in query.terms):
        return None
    some = select(literal(1)).select_from(AssetText).where(*_texts(query)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def are_many(wanted: Sequence[Condition]) -> bool:
    """Say whether nothing is asked for but one thing in another table that is known to be found often."""
    return len(wanted) == 1 and isinstance(wanted[0], Exists)


def is_slow_to_count(wanted: Iterable[Condition]) -> bool:
    """Say whether something in another table is asked for, one asset after the other."""
    return any(isinstance(part, Exists) for condition in wanted for part in visitors.iterate(condition))


def suggestions(session: Session, text: str) -> tuple[str, ...]:
    """Complete the last word that is being typed: whole queries, the likeliest first."""
    before, last = last_typed(text)
    minus, typed = ("-", last[1:]) if last.startswith("-") else ("", last)
    word, colon, part = typed.partition(":")
    word = word.casefold()
    if not colon:
        known = [f"{each}:" for each in WORDS if typed and each.startswith(word)]
        values = [
            str(Term(w, v)) for w, vs in VALUES.items() for v in vs if len(word) > 1 and v.startswith(word)
        ]
        found = known + values
    else:
        looked_for = folded(part.strip('"'))
        known_values = _known_values(session, word)
        starting = [v for v in known_values if folded(v).startswith(looked_for)]
        found = [str(Term(word, v)) for v in starting or [v for v in known_values if looked_for in folded(v)]]
    return tuple(f"{before}{minus}{each}" for each in found if each != typed)[:MOST_SUGGESTIONS]


def known_categories(session: Session) -> tuple[str, ...]:
    """List the categories in use."""
    return _distinct(session, Asset.category)


def known_people(session: Session) -> tuple[str, ...]:
    """List who ordered assets, as they said themselves."""
    return _distinct(session, Asset.created_by)


def known_plans(session: Session) -> tuple[str, ...]:
    """List the file names of the plans, the last applied first."""
    names = select(Plan.filename).order_by(Plan.applied_at.desc()).limit(MOST_KNOWN)
    return tuple(dict.fromkeys(session.scalars(names)))


def _known_values(session: Session, word: str) -> tuple[str, ...]:
    if word in VALUES:
        return VALUES[word]
    if word == "category":
        return known_categories(session)
    if word == "by":
        return known_people(session)
    if word == "plan":
        return known_plans(session)
    if word == "project":
        return tuple(dict.fromkeys(session.scalars(select(Project.name).limit(MOST_KNOWN))))
    return ("1h", "1d", "7d") if word == SINCE else ()


def _distinct(
    session: Session, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> tuple[str, ...]:
    """List a column's values from its index, one look for each, however many rows share them."""
    first = select(func.min(column).label("value")).cte("found", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    found = first.union_all(select(following).where(first.c.value.is_not(None)))
    values = session.scalars(select(found.c.value).where(found.c.value.is_not(None)).limit(MOST_KNOWN))
    return tuple(value for value in values if value)


# --- one term ------------------------------------------------------------------------------------------------


def _condition(session: Session, term: Term, now: datetime) -> Condition:
    if term.word in (TEXT, "has"):
        return _found(session, *_place(term))
    if term.word == SINCE:
        return Asset.updated_at >= moment_of(term.value, now)
    if term.word in NAMED:
        return _NAMED[term.word](session, term.value)
    return _FACTS[term.word](term.value)


def _is_text(term: Term) -> bool:
    return term.word == TEXT and not term.is_negated


def _texts(query: Query) -> list[Condition]:
    """Ask for rows of texts that have all these words: one look, however many words there are."""
    return [condition for term in query.terms if _is_text(term) for condition in _place(term)[1]]


def _state(value: str) -> Condition:
    if value == MOVING:
        return Asset.status.in_(MOVING_STATES)
    if value == UNKNOWN:
        return Asset.has_unknown.is_(True)
    if value == REMOVED:
        return Asset.removed_at.is_not(None)
    return Asset.status == AssetStatus(value)


def _found(session: Session, of_asset: InstrumentedAttribute[str], found: list[Condition]) -> Condition:
    """Ask for assets that have something in another table: by their ids if these are few, else one by one.

    Databases take one way or the other without a look at how many there are, and the wrong one costs a second.
    """
    ids = session.scalars(select(of_asset).where(*found).limit(RARE + 1)).all()
    return Asset.id.in_(ids) if len(ids) <= RARE else exists().where(of_asset == Asset.id, *found)


def _place(term: Term) -> tuple[InstrumentedAttribute[str], list[Condition]]:
    """Say in which table a text, or a thing that an asset has, is found, by its column of asset ids."""
    if term.word == TEXT:
        return AssetText.asset_pk, [AssetText.text.contains(folded(term.value), autoescape=True)]
    if term.value == "picture":
        return Artifact.asset_pk, [Artifact.role == "rendered_image"]
    kind = {"model": TaskKind.GENERATE, "rig": TaskKind.RIG, "clip": TaskKind.ANIMATE}[term.value]
    chain = select(Asset.chain).where(Asset.id == Task.asset_pk).correlate(Task).scalar_subquery()
    return Task.asset_pk, [Task.kind == kind, Task.status == TaskStatus.SUCCESS, Task.chain == chain]


_FACTS: Final[Mapping[str, Callable[[str], Condition]]] = {
    "state": _state,
    "tag": lambda value: Asset.tag == value.upper(),
    "approval": lambda value: Asset.approval == Approval(value),
}


def _category(session: Session, value: str) -> Condition:
    return Asset.category.in_(_named(value, {each: each for each in known_categories(session)}))


def _person(session: Session, value: str) -> Condition:
    named = Asset.created_by.in_(_named(value, {each: each for each in known_people(session)}))
    return and_(Asset.created_by.is_not(None), named)  # never null, so that "not by" finds the others


def _plan(session: Session, value: str) -> Condition:
    plans = dict(session.execute(select(Plan.id, Plan.filename).limit(MOST_KNOWN)).all())
    found = [value] if value in plans else _named(value, plans)
    return and_(Asset.plan_id.is_not(None), Asset.plan_id.in_(found)) if found else false()


def _project(session: Session, value: str) -> Condition:
    projects = dict(session.execute(select(Project.id, Project.name).limit(MOST_KNOWN)).all())
    return Asset.project_id.in_([value] if value in projects else _named(value, projects))


_NAMED: Final[Mapping[str, Callable[[Session, str], Condition]]] = {
    "category": _category,
    "by": _person,
    "plan": _plan,
    "project": _project,
}


def _named(value: str, names: Mapping[Any, str]) -> list[Any]:
    """List what is called exactly so, else what has it in its name; case does not count."""
    wanted = folded(value)
    exactly = [each for each, name in names.items() if folded(name) == wanted]
    return exactly or [each for each, name in names.items() if wanted in folded(name)]
