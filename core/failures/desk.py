"""The inbox of failures for pages and API: what there is, and what a person says about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from core import idempotency
from core.database import Database
from core.failures import groups, inbox
from core.failures.states import Trouble
from core.failures.tallies import Tally
from core.failures.views import FoundGroups, GroupDetail, GroupFilter
from core.idempotency import RequestKey


class FailureDesk:
    """Reads groups and writes what people say about them; each method raises NotFoundError for an unknown group."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._now = clock

    def find(
        self,
        wanted: GroupFilter | None = None,
        *,
        limit: int = 50,
        after: int = 0,
        cursor: str | None = None,
    ) -> FoundGroups:
        """List the groups that match, the one that came last first (see `groups.find_groups`)."""
        wanted = wanted or GroupFilter()
        with self._database.reading() as session:
            return groups.find_groups(session, wanted, self._now(), limit=limit, after=after, cursor=cursor)

    def group(self, fingerprint: str) -> GroupDetail:
        """Show one group with its notes."""
        with self._database.reading() as session:
            return groups.group_of(session, fingerprint, self._now())

    def open_groups(self, project_id: str | None = None) -> Mapping[Trouble, tuple[int, int]]:
        """Count the open groups of each sort of trouble, and the tasks in them."""
        with self._database.reading() as session:
            return groups.open_groups(session, self._now(), project_id)

    # --- what a person says ---

    def resolve(
        self, fingerprint: str, request: RequestKey | None = None, *, actor: str = "api"
    ) -> list[str]:
        """Say that a group is dealt with; it opens again by itself when it comes back."""
        return self._said(fingerprint, request, partial(inbox.resolve, actor=actor))

    def reopen(self, fingerprint: str, request: RequestKey | None = None, *, actor: str = "api") -> list[str]:
        """Say that a group is not dealt with after all."""
        return self._said(fingerprint, request, partial(inbox.reopen, actor=actor))

    def ignore(
        self,
        fingerprint: str,
        request: RequestKey | None = None,
        *,
        until: datetime | None = None,
        for_count: int | None = None,
        until_next_version: bool = False,
        actor: str = "api",
    ) -> list[str]:
        """Leave a group alone for a while (see `inbox.ignore`); raises OrderError for a while that is none."""
        for_how_long: dict[str, Any] = {
            "until": until,
            "for_count": for_count,
            "until_next_version": until_next_version,
        }
        return self._said(fingerprint, request, partial(inbox.ignore, **for_how_long, actor=actor))

    def assign(
        self, fingerprint: str, request: RequestKey | None = None, *, to: str | None, actor: str = "api"
    ) -> list[str]:
        """Give a group to somebody, None for nobody; raises OrderError for what is no name."""
        return self._said(fingerprint, request, partial(inbox.assign, to=to, actor=actor))

    def note(
        self, fingerprint: str, request: RequestKey | None = None, *, text: str, actor: str = "api"
    ) -> list[str]:
        """Keep a note on a group; raises OrderError for an empty or an overlong one."""

        def keep(session: Session, fingerprint: str, _tally: Tally, *, now: datetime) -> None:
            inbox.note(session, fingerprint, text, actor=actor, now=now)

        return self._said(fingerprint, request, keep)

    def _said(self, fingerprint: str, request: RequestKey | None, say: Callable[..., None]) -> list[str]:
        now = self._now()
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            say(session, fingerprint, groups.found_group(session, fingerprint, now).tally, now=now)
            idempotency.note_made(session, request, [fingerprint])
        return [fingerprint]
