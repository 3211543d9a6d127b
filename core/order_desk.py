"""Taking orders from pages and API: written first, then sent at once, answered within five seconds.

What the provider says in that time, its person sees. What takes longer goes on in the background; what has no free
place waits, and the poller sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy.orm import Session

from core import budgets, decisions, idempotency, orders, retries
from core.crews import Crews, wait_for
from core.database import Database
from core.errors import ConflictError, KeyMissingError, TaskGoneError
from core.idempotency import RequestKey
from core.keys import KeyRing
from core.lifecycle import TaskStatus
from core.models import Task
from core.orchestrator import Orchestrator
from core.projects import task_of
from core.settings import Settings
from core.tripo import ProviderTask

ANSWER_WITHIN_SECONDS: Final = 4.5  # its person is answered within five, whatever the provider does


class OrderDesk:
    """Takes orders; every method returns the ids of the tasks that it made or touched."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        keys: KeyRing,
        orchestrator: Orchestrator,
        senders: Crews,
        clock: Callable[[], datetime],
    ) -> None:
        self._version = settings.tripo_api_version
        self._database = database
        self._keys = keys
        self._orchestrator = orchestrator
        self._senders = senders
        self._now = clock

    def generate(self, request: RequestKey | None = None, **order: Any) -> list[str]:
        """Order an asset's chain (see `orders.order_generation`)."""
        return self._take_for(
            order["project_id"],
            partial(orders.order_generation, version=self._version, now=self._now(), **order),
            request,
        )

    def rig(self, request: RequestKey | None = None, **order: Any) -> list[str]:
        """Order a rig check and a rig (see `orders.order_rig`)."""
        return self._take_for(
            order["project_id"],
            partial(orders.order_rig, version=self._version, now=self._now(), **order),
            request,
        )

    def animate(self, request: RequestKey | None = None, **order: Any) -> list[str]:
        """Order animations (see `orders.order_animations`)."""
        return self._take_for(
            order["project_id"],
            partial(orders.order_animations, version=self._version, now=self._now(), **order),
            request,
        )

    def retry(self, task_id: str, request: RequestKey | None = None, **order: Any) -> list[str]:
        """Order a step again (see `retries.retry`)."""

        def again(session: Session) -> list[Task]:
            task = task_of(session, task_id)
            with budgets.within(session, task.project_id):
                return [retries.retry(session, task, version=self._version, now=self._now(), **order)]

        return self._take(again, request)

    def cancel(
        self,
        task_id: str,
        request: RequestKey | None = None,
        *,
        reason: str | None = None,
        actor: str = "api",
    ) -> list[str]:
        """End a task and the chain behind it (see `orders.cancel`)."""
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            ended = orders.cancel(
                session, task_of(session, task_id), now=self._now(), reason=reason, actor=actor
            )
            touched = [task.id for task in ended]
            idempotency.note_made(session, request, touched)
            return touched

    def resolve(
        self,
        task_id: str,
        request: RequestKey | None = None,
        *,
        outcome: str,
        tripo_task_id: str | None,
        reason: str,
        actor: str = "api",
    ) -> list[str]:
        """End a submission of unknown fate by a person's word (see `core.decisions`).

        What was not created is ordered anew, as another attempt; what was created is looked at first. Raises as the
        decisions do, and as a read of the provider does.
        """
        said = {"reason": reason, "actor": actor}
        if outcome == "not_created":

            def anew(session: Session) -> list[Task]:
                task = task_of(session, task_id)
                with budgets.within(session, task.project_id):
                    return decisions.not_created(
                        session, task, version=self._version, now=self._now(), **said
                    )

            return self._take(anew, request)
        theirs = self._look_at(task_id, tripo_task_id)
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            task = task_of(session, task_id)
            decisions.created(session, task, theirs, now=self._now(), **said)
            idempotency.note_made(session, request, [task.id])
            return [task.id]

    def _look_at(self, task_id: str, tripo_task_id: str | None) -> ProviderTask:
        """Ask the provider about a task that a person named; raises ConflictError when it cannot be this order."""
        with self._database.reading() as session:
            task = task_of(session, task_id)
            decisions.refuse_known(task)
            named = decisions.checked_name(tripo_task_id)
            decisions.refuse_taken(session, task, named)
        try:
            seen = self._orchestrator.look_up(task.id, named)
        except TaskGoneError as error:
            raise ConflictError(
                "Tripo does not know a task with this id, or it was made with another key.",
                suggestion=decisions.CHECK_THE_ID,
                code="id_not_found",
            ) from error
        decisions.refuse_unfit(seen)
        return seen.theirs

    def _take_for(
        self, project_id: str, write: Callable[[Session], Sequence[Task]], request: RequestKey | None
    ) -> list[str]:
        """Take an order of a project's, if its budget covers it."""

        def write_within(session: Session) -> Sequence[Task]:
            with budgets.within(session, project_id):
                return write(session)

        return self._take(write_within, request)

    def _take(self, write: Callable[[Session], Sequence[Task]], request: RequestKey | None) -> list[str]:
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            rows = write(session)
            self._refuse_without_a_key(rows)
            taken = [row.id for row in rows]
            idempotency.note_made(session, request, taken)
            ready = [(row.key_id or "", row.id) for row in rows if row.status is TaskStatus.READY]
        sends = [
            self._senders.give(key_id, partial(self._orchestrator.send_now, task_id))
            for key_id, task_id in ready
        ]
        wait_for(sends, ANSWER_WITHIN_SECONDS)
        return taken

    def _refuse_without_a_key(self, rows: Sequence[Task]) -> None:
        needs_shared = any(row.status is TaskStatus.READY and row.key_id is None for row in rows)
        if needs_shared and not self._keys.has_shared:
            raise KeyMissingError("No Tripo key is set: TRIPO_API_KEY is empty, and no other was chosen.")
