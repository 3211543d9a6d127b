"""Taking in people's own keys: each is checked for its form and by a free call before it is kept."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import idempotency, tasks
from core.chosen_keys import key_in_use
from core.database import Database
from core.errors import ConflictError, KeyRefusedError, OrderError, SettingsError
from core.idempotency import RequestKey
from core.keys import KeyRing
from core.lifecycle import TaskStatus
from core.models import Project, ProviderKey, Task
from core.moves import LeaseLostError, Reason
from core.orchestrator import Orchestrator
from core.settings import Settings
from core.tripo import (
    Balance,
    TripoClient,
    Version,
    base_is_loopback,
    check_key_fits,
    clean_key,
    default_base,
    is_sandbox_key,
)

log = logging.getLogger("hatchery.keys")

Region = Literal["international", "china"]
LONGEST_NAME: Final = 80
COPY_IT: Final = "Copy the key that starts with tsk_ from Tripo's console (API keys)."


class KeyDesk:
    """Adds, replaces, removes and checks keys; every method returns the ids of the keys that it made or touched."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        keys: KeyRing,
        orchestrator: Orchestrator,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._database = database
        self._keys = keys
        self._orchestrator = orchestrator
        self._now = clock

    def add(
        self,
        request: RequestKey | None = None,
        *,
        name: str,
        key: str,
        region: Region | None = None,
        actor: str = "api",
    ) -> list[str]:
        """Keep a key under a name; without a region it belongs to where TRIPO_API_BASE leads.

        Raises OrderError for a key that cannot be right or that the provider refuses, another TripoError when the
        provider cannot be asked, ConflictError for the shared key.
        """
        text, version = _checked_form(key), self._settings.tripo_api_version
        title = _checked_name(name, text)
        base = self._base_of(text, region)
        wallet = self._checked(text, version, base)
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            row = self._keys.add(session, title, text, version=version, base=base, owner=actor)
            self._note_well(row, wallet)
            idempotency.note_made(session, request, [row.id])
            log.info("the key %s (…%s) was added by %s", row.id, row.last_four, actor)
            return [row.id]

    def replace(
        self, key_id: str, request: RequestKey | None = None, *, key: str, actor: str = "api"
    ) -> list[str]:
        """Put another key in the place of one, under its name and at its address; returns the new one's id.

        Projects and orders that are not sent yet go over to it; chains under way are carried to their end with the
        old one, since only the key that made a model can work on it. Raises as `add` does.
        """
        text = _checked_form(key)
        with self._database.reading() as session:
            old = self._own(session, key_id)
        self._refuse_other_world(old, text)
        wallet = self._checked(text, old.version, old.base)
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            old = self._own(session, key_id)
            new = self._keys.add(session, old.name, text, version=old.version, base=old.base, owner=actor)
            self._note_well(new, wallet)
            if new.id != old.id:
                self._keys.retire(old, self._now(), new)
                session.execute(update(Project).where(Project.key_id == old.id).values(key_id=new.id))
            idempotency.note_made(session, request, [new.id])
            log.info("the key %s was replaced by %s by %s", old.id, new.id, actor)
            return [new.id]

    def remove(self, key_id: str, request: RequestKey | None = None, *, actor: str = "api") -> list[str]:
        """Let nothing more be sent with a key; what is at the provider is followed with it to its end.

        Orders that are not sent yet fail, unpaid. Raises NotFoundError, and ConflictError for the shared key and for
        one that is over already.
        """
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            self._keys.retire(self._own(session, key_id), self._now())
            idempotency.note_made(session, request, [key_id])
        log.info("the key %s was removed by %s", key_id, actor)
        self._fail_unsent(key_id)
        return [key_id]

    def check(self, key_id: str, request: RequestKey | None = None) -> list[str]:
        """Ask the provider, at no cost, whether a key works; what came of it stands in its row."""
        with self._database.reading() as session:
            key_in_use(session, key_id)
        self._orchestrator.check_account(key_id)
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            idempotency.note_made(session, request, [key_id])
        return [key_id]

    # --- before it is kept ---

    def _base_of(self, key: str, region: Region | None) -> str:
        """Choose the provider's address; a live key is never sent to the sandbox, nor the reverse."""
        version = self._settings.tripo_api_version
        if region is not None or (self._settings.provider_is_sandbox and not is_sandbox_key(key)):
            return default_base(version, china=region == "china")
        return self._settings.provider_base

    def _refuse_other_world(self, old: ProviderKey, key: str) -> None:
        if not base_is_loopback(old.base):
            return
        try:
            is_the_same_world = is_sandbox_key(self._keys.plain(old)) == is_sandbox_key(key)
        except SettingsError:  # it cannot be read, which may be why it is replaced
            return
        if not is_the_same_world:
            raise OrderError(
                f"“{old.name}” is a key of the local sandbox, which must never see a real one.",
                suggestion="Add the real key as a new one.",
                code="key_invalid",
                field="key",
            )

    def _checked(self, key: str, version: Version, base: str) -> Balance:
        """Ask for the key's balance; raises OrderError when the key is refused."""
        try:
            check_key_fits(key, base)
            with TripoClient(key, version=version, base_url=base) as client:
                return client.balance()
        except SettingsError as error:
            raise OrderError(error.message, suggestion=COPY_IT, code="key_invalid", field="key") from None
        except KeyRefusedError as error:
            raise OrderError(
                error.message,
                suggestion="Check that it was copied whole and is still valid in Tripo's console. A key works in one "
                "region only: for one of Tripo's Chinese site choose the region china.",
                code="key_refused",
                field="key",
            ) from None

    def _note_well(self, row: ProviderKey, wallet: Balance) -> None:
        row.balance, row.frozen, row.reachable = wallet.balance, wallet.frozen, True
        row.balance_at = row.checked_at = self._now()

    # --- what is there already ---

    def _own(self, session: Session, key_id: str) -> ProviderKey:
        """Find a key that can be replaced or removed: not the shared one, which the environment holds."""
        row = key_in_use(session, key_id)
        if row.is_shared or self._keys.is_todays_shared(row):
            raise ConflictError(
                "This is the shared key: it is set by TRIPO_API_KEY.",
                suggestion="Change it there (in .env), then restart.",
                code="key_is_shared",
            )
        return row

    def _fail_unsent(self, key_id: str) -> None:
        """End what was not sent yet, each in its own transaction; what this misses is ended when it is to be sent."""
        with self._database.reading() as session:
            row = session.get_one(ProviderKey, key_id)
            ready = select(Task.id).where(Task.key_id == key_id, Task.status == TaskStatus.READY)
            unsent = session.scalars(ready).all()
        reason = Reason(
            "key_removed",
            f"The key “{row.name}” (…{row.last_four}) was removed before this was sent.",
            "Choose another key for the project, then retry.",
            retryable=True,
        )
        for task_id in unsent:
            with contextlib.suppress(LeaseLostError), self._database.transaction() as session:
                task = session.get_one(Task, task_id)
                if task.status is TaskStatus.READY:
                    tasks.refuse_unsent(session, task, reason, self._now())


def _checked_form(key: str) -> str:
    try:
        return clean_key(key)
    except SettingsError as error:
        raise OrderError(error.message, suggestion=COPY_IT, code="key_invalid", field="key") from None


def _checked_name(name: str, key: str) -> str:
    title = " ".join(name.split())
    if not 1 <= len(title) <= LONGEST_NAME or not title.isprintable():
        raise OrderError(
            f"A key's name has 1 to {LONGEST_NAME} characters.",
            suggestion="Give it a short name.",
            field="name",
        )
    if key in title:
        raise OrderError(
            "The name holds the key itself, and names are shown to everybody.",
            suggestion="Name it after its account or its person.",
            field="name",
        )
    return title
