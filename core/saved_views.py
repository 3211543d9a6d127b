"""Lists of assets that people gave a name: everybody sees them, opens them, renames and deletes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.asset_lists import Sort
from core.asset_query import read_query
from core.asset_texts import folded
from core.errors import ConflictError, NotFoundError, OrderError
from core.models import SavedView
from core.schemas import SavedViewView

LONGEST_NAME = 80
MOST = 200


def saved_views(session: Session) -> tuple[SavedViewView, ...]:
    """List the saved views by name."""
    rows = session.scalars(select(SavedView).limit(MOST))
    return tuple(_view(row) for row in sorted(rows, key=lambda row: folded(row.name)))


def save_view(
    session: Session, *, name: str, query: str, sort: Sort, shape: str, actor: str, now: datetime
) -> SavedViewView:
    """Save a list under a new name; raises OrderError for a name or a query that is none, ConflictError if taken."""
    if len(saved_views(session)) >= MOST:
        raise OrderError(f"There are {MOST} saved views already.", suggestion="Delete one of them.")
    view = SavedView(name=_checked(session, name), query=str(read_query(query)), sort=sort.value, shape=shape)
    view.created_by, view.created_at, view.updated_at = actor, now, now
    session.add(view)
    _flush(session, view.name)
    return _view(view)


def rename_view(session: Session, view_id: str, name: str, now: datetime) -> None:
    """Give a saved view another name; raises as `save_view` does, NotFoundError when it is gone."""
    view = _found(session, view_id)
    if folded(view.name) != folded(name):
        _checked(session, name)
    view.name, view.updated_at = _clean(name), now
    _flush(session, view.name)


def delete_view(session: Session, view_id: str) -> None:
    """Delete a saved view, no asset; raises NotFoundError when it is gone."""
    session.delete(_found(session, view_id))


def _found(session: Session, view_id: str) -> SavedView:
    view = session.get(SavedView, view_id)
    if view is None:
        raise NotFoundError("This saved view is gone.", suggestion="Somebody deleted it; save it again.")
    return view


def _checked(session: Session, name: str) -> str:
    clean = _clean(name)
    if any(folded(view.name) == folded(clean) for view in saved_views(session)):
        raise _taken(clean)
    return clean


def _clean(name: str) -> str:
    clean = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not clean or len(clean) > LONGEST_NAME:
        raise OrderError(
            f"A view's name has 1 to {LONGEST_NAME} characters.", suggestion="Give it another name."
        )
    return clean


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise _taken(name) from None


def _taken(name: str) -> ConflictError:
    return ConflictError(
        f"There is a saved view called “{name}” already.", suggestion="Give this one another name."
    )


def _view(row: SavedView) -> SavedViewView:
    return SavedViewView(
        view_id=row.id,
        name=row.name,
        query=row.query,
        sort=row.sort,
        shape=row.shape,
        created_by=row.created_by,
        updated_at=row.updated_at,
    )
