"""Lists of assets: what a query finds, sorted, a page at a time or from first to last."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.asset_query import Query, read_query
from core.asset_search import are_many, conditions, count_texts_up_to, count_up_to, is_slow_to_count
from core.errors import OrderError
from core.lifecycle import AssetStatus
from core.models import Asset, AssetText
from core.queries import rows_of
from core.schemas import AssetPage, AssetRow

MOST_ROWS: Final = 200
COUNTED: Final = 10_000  # beyond, a list says "more than"
COUNTED_AHEAD: Final = 1_000  # so many at a time, as one goes on, where each has to be looked into
FEW: Final = 1_000  # matches that are sorted here; of more a page is soon full
READ_AT_ONCE: Final = 500  # rows of an export
Conditions = Sequence[ColumnElement[bool]]


class Sort(StrEnum):
    """In which order assets are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"
    CHANGED = "changed"  # what changed last comes first
    NAME = "name"


class _Order(NamedTuple):
    column: InstrumentedAttribute[Any]
    is_descending: bool


_ORDERS: Final[Mapping[Sort, _Order]] = {
    Sort.NEWEST: _Order(Asset.created_at, is_descending=True),
    Sort.OLDEST: _Order(Asset.created_at, is_descending=False),
    Sort.CHANGED: _Order(Asset.updated_at, is_descending=True),
    Sort.NAME: _Order(AssetText.title, is_descending=False),
}


def asked(
    query: Query | str = "",
    *,
    project_id: str | None = None,
    status: AssetStatus | None = None,
    tag: str | None = None,
    category: str | None = None,
) -> tuple[Query, Conditions]:
    """Put a query beside filters that are meant exactly; raises OrderError for a query that is none."""
    exactly = {
        Asset.project_id: project_id,
        Asset.status: status,
        Asset.tag: tag,
        Asset.category: category,
    }
    wanted = [column == value for column, value in exactly.items() if value]
    return (read_query(query) if isinstance(query, str) else query), wanted


def list_assets(
    session: Session,
    query: Query | str = "",
    *,
    sort: Sort = Sort.NEWEST,
    limit: int = 50,
    cursor: str | None = None,
    **filters: Any,
) -> AssetPage:
    """List assets from a cursor on; raises OrderError for a query or a cursor that is none."""
    words, wanted = asked(query, **filters)
    wanted = [*conditions(session, words), *wanted]
    if cursor:
        wanted.append(_after(sort, *_read_cursor(sort, cursor)))
    found = session.execute(_sorted(sort, wanted).limit(limit + 1)).all()
    page, more = found[:limit], len(found) > limit
    next_cursor = _cursor(page[-1][1], page[-1][0].id) if more else None
    return AssetPage(assets=rows_of(session, [asset for asset, _ in page]), next_cursor=next_cursor)


def page_of_assets(
    session: Session,
    query: Query | str = "",
    *,
    page: int,
    per_page: int,
    sort: Sort = Sort.NEWEST,
    **filters: Any,
) -> AssetPage:
    """List one numbered page (from 1), with how many match as far as they are counted.

    That is up to COUNTED; what has to be looked for in other tables is counted to the next thousand behind the page.
    """
    words, exactly = asked(query, **filters)
    wanted = [*conditions(session, words), *exactly]
    few = _few(session, sort, wanted) if wanted and not are_many(wanted) else None
    begin = (page - 1) * per_page
    if few is not None:
        return AssetPage(
            assets=rows_by_id(session, few[begin : begin + per_page]), next_cursor=None, total=len(few)
        )
    most = min(COUNTED, _ahead(begin + per_page)) if is_slow_to_count(wanted) else COUNTED
    counted = None if exactly else count_texts_up_to(session, words, most + 1)
    if counted is None:
        counted = count_up_to(session, wanted, most + 1)
    some = _sorted(sort, wanted).offset(begin).limit(per_page)
    rows = rows_of(session, [asset for asset, _ in session.execute(some)])
    return AssetPage(assets=rows, next_cursor=None, total=min(counted, most), has_more=counted > most)


def _ahead(place: int) -> int:
    return (place // COUNTED_AHEAD + 1) * COUNTED_AHEAD


def _few(session: Session, sort: Sort, wanted: Conditions) -> list[str] | None:
    """List the ids of all that match in their order, if these are few; None if they are many.

    A database that is asked for the newest of a few goes through all assets from the newest on, as if they were many.
    """
    column, is_descending = _ORDERS[sort]
    ids = select(Asset.id, column).where(*wanted)
    if sort is Sort.NAME:
        ids = ids.join(AssetText, AssetText.asset_pk == Asset.id)
    found = session.execute(ids.limit(FEW + 1)).all()
    if len(found) > FEW:
        return None
    return [asset_pk for asset_pk, _ in sorted(found, key=_place, reverse=is_descending)]


def _place(row: Any) -> tuple[Any, str]:
    asset_pk, value = row
    return value, asset_pk


def rows_by_id(session: Session, asset_pks: Sequence[str]) -> tuple[AssetRow, ...]:
    """Show these assets (by `Asset.id`), in this order."""
    found = {asset.id: asset for asset in session.scalars(select(Asset).where(Asset.id.in_(asset_pks)))}
    return rows_of(session, [found[asset_pk] for asset_pk in asset_pks if asset_pk in found])


def every_asset(
    reading: Callable[[], AbstractContextManager[Session]],
    query: Query | str = "",
    *,
    sort: Sort = Sort.NEWEST,
    **filters: Any,
) -> Iterator[AssetRow]:
    """Go through all that match, a few hundred in memory at a time, no transaction open in between."""
    cursor: str | None = None
    while True:
        with reading() as session:
            page = list_assets(session, query, sort=sort, limit=READ_AT_ONCE, cursor=cursor, **filters)
        yield from page.assets
        cursor = page.next_cursor
        if cursor is None:
            return


def _sorted(sort: Sort, wanted: Conditions) -> Select[Any]:
    column, is_descending = _ORDERS[sort]
    rows = select(Asset, column).where(*wanted)
    if sort is Sort.NAME:
        rows = rows.join(AssetText, AssetText.asset_pk == Asset.id)
        return rows.order_by(AssetText.title, AssetText.asset_pk)
    if is_descending:
        return rows.order_by(column.desc(), Asset.id.desc())
    return rows.order_by(column, Asset.id)


# --- cursors -------------------------------------------------------------------------------------------------


def _after(sort: Sort, value: Any, asset_pk: str) -> ColumnElement[bool]:
    """What follows a row; compared so that the database can begin in its index."""
    column, is_descending = _ORDERS[sort]
    key = AssetText.asset_pk if sort is Sort.NAME else Asset.id
    beyond = (column < value, key < asset_pk) if is_descending else (column > value, key > asset_pk)
    from_there = column <= value if is_descending else column >= value
    return and_(from_there, or_(beyond[0], and_(column == value, beyond[1])))


def _cursor(value: datetime | str, asset_pk: str) -> str:
    text = f"{value.isoformat() if isinstance(value, datetime) else value}|{asset_pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(sort: Sort, cursor: str) -> tuple[datetime | str, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        value, bar, asset_pk = text.rpartition("|")
        if not bar or not text.isprintable():
            raise ValueError("never written by us")
        if sort is Sort.NAME:
            return value, asset_pk
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("never written by us")
        return moment.astimezone(UTC), asset_pk
    except (ValueError, OverflowError, binascii.Error):
        raise OrderError(
            "The cursor is not one of ours.",
            suggestion="Take nextCursor from the answer before, with the same sort.",
            field="cursor",
        ) from None
