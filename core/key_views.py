"""What pages and API show of keys: never more than a key's last four characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.accounts import has_open_work
from core.keys import KeyRing
from core.lifecycle import FINAL
from core.models import Project, ProviderKey, Task
from core.schemas import KeyProject, KeyView


def list_keys(session: Session, ring: KeyRing) -> tuple[KeyView, ...]:
    """List the shared key, people's own, and those that are over but whose tasks are still followed."""
    wanted = select(ProviderKey).where(
        or_(ProviderKey.retired_at.is_(None) & ProviderKey.is_shared.is_(False), has_open_work())
    )
    rows = {row.id: row for row in session.scalars(wanted)}
    shared = [row for row in session.scalars(select(ProviderKey)) if ring.is_todays_shared(row)]
    rows.update({row.id: row for row in shared})
    in_order = sorted(rows.values(), key=lambda row: (row not in shared, row.name.casefold(), row.created_at))
    return _views(session, ring, in_order)


def key_view(session: Session, ring: KeyRing, key_id: str) -> KeyView:
    """Show one key."""
    (view,) = _views(session, ring, [session.get_one(ProviderKey, key_id)])
    return view


def _views(session: Session, ring: KeyRing, rows: Sequence[ProviderKey]) -> tuple[KeyView, ...]:
    ids = [row.id for row in rows]
    projects: dict[str | None, list[KeyProject]] = defaultdict(list)
    for project in session.scalars(select(Project).where(Project.key_id.in_(ids)).order_by(Project.name)):
        projects[project.key_id].append(KeyProject(project_id=project.id, name=project.name))
    is_open = Task.key_id.in_(ids) & Task.status.not_in(list(FINAL))
    counted = session.execute(select(Task.key_id, func.count()).where(is_open).group_by(Task.key_id)).all()
    open_tasks: dict[str | None, int] = dict(counted)
    return tuple(
        KeyView(
            key_id=row.id,
            name=row.name,
            last_four=row.last_four,
            shared=ring.is_todays_shared(row),
            owner=row.owner,
            version=row.version,
            region=row.region,
            state=_state_of(row),
            stopped_for=row.stopped_word,
            stopped_text=row.stopped_text,
            balance=row.balance,
            frozen=row.frozen,
            checked_at=row.checked_at,
            projects=tuple(projects[row.id]),
            open_tasks=open_tasks.get(row.id, 0),
            created_at=row.created_at,
        )
        for row in rows
    )


def _state_of(row: ProviderKey) -> str:
    if row.retired_at is not None:
        return "replaced" if row.replaced_by_id else "removed"
    if row.stopped_word is not None:
        return "stopped"
    if row.checked_at is None:
        return "unchecked"
    return "unreachable" if row.reachable is False else "works"
