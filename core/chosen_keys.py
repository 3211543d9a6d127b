"""Which key an order uses: the one it names, else its project's, else the shared one; never another in silence."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from core.models import Project, ProviderKey, Task
from core.tripo import Version


def key_of(session: Session, key_id: str, field: str = "keyId") -> ProviderKey:
    """Find a key by its id; raises NotFoundError with help."""
    key = session.get(ProviderKey, key_id)
    if key is None:
        raise NotFoundError(
            "There is no key with this id.",
            suggestion="GET /api/keys lists those that there are; POST /api/keys adds one.",
            code="key_not_found",
            field=field,
        )
    return key


def key_in_use(session: Session, key_id: str, field: str = "keyId") -> ProviderKey:
    """Find a key that can be chosen; raises NotFoundError, and ConflictError `key_retired` for one that is over."""
    key = key_of(session, key_id, field)
    if key.retired_at is not None:
        successor = successor_of(session, key)
        name = f"“{key.name}” (…{key.last_four})"
        raise ConflictError(
            f"The key {name} was {'removed' if successor is key else 'replaced'}.",
            suggestion="Choose another key." if successor is key else f"Use {successor.id}, its successor.",
            code="key_retired",
            field=field,
        )
    return key


def chosen_for(session: Session, project: Project, key_id: str | None) -> ProviderKey | None:
    """Return the key that an order of this project is to use, None for the shared one.

    Raises as `key_in_use` does: when the chosen key was removed, no other takes its place by itself.
    """
    chosen = key_id if key_id is not None else project.key_id
    return key_in_use(session, chosen) if chosen is not None else None


def chosen_again(session: Session, project: Project, task: Task, key_id: str | None) -> ProviderKey | None:
    """Return the key for another attempt at a first step: a new choice, else that of before, else the project's."""
    before = session.get(ProviderKey, task.key_id) if task.key_id else None
    if key_id is not None or before is None or before.is_shared:
        return chosen_for(session, project, key_id)
    kept = successor_of(session, before)
    if kept.retired_at is None:
        return kept
    return chosen_for(session, project, project.key_id or kept.id)


def version_of(session: Session, source: Task, otherwise: Version) -> Version:
    """Name the API version by which the steps behind a task are ordered: that of its key."""
    key = session.get(ProviderKey, source.key_id) if source.key_id else None
    return key.version if key is not None else otherwise


def successor_of(session: Session, key: ProviderKey) -> ProviderKey:
    """Return what a key was replaced by in the end; itself when it was not."""
    while key.replaced_by_id is not None:
        key = session.get_one(ProviderKey, key.replaced_by_id)
    return key


def may_be_sent_with(key: ProviderKey) -> bool:
    """Say whether steps of chains that this key began may still be sent: not when it was removed."""
    is_removed = key.retired_at is not None and key.replaced_by_id is None
    return bool(key.secret) and not is_removed


def refuse_removed(session: Session, source: Task) -> None:
    """Raise ConflictError when the key that made this task was removed: no other can work on its result."""
    key = session.get(ProviderKey, source.key_id) if source.key_id else None
    if key is not None and not may_be_sent_with(key):
        raise ConflictError(
            f"The key that made this model, “{key.name}” (…{key.last_four}), was removed.",
            suggestion="Generate the model anew with another key: only the key that made it can work on it.",
            code="key_removed",
        )
