"""Bringing finished files home: each through the vault's checks, through a fresh link when the old one is over.

A task is a success only when its model is verified and stored. Its picture is tried again later without holding the
model up, and shown as missing in the end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from core import outages, tasks, way_home
from core.clients import Clients
from core.commit_points import CommitPoint, passed
from core.crews import Crews, wait_for
from core.database import Database, log_failure
from core.errors import (
    FileDamagedError,
    HatcheryError,
    LinkDeadError,
    ReadFailedError,
    TaskGoneError,
    TripoError,
    VaultError,
)
from core.exchanges import keep_lost_file
from core.forecast import growing_delay_seconds
from core.lifecycle import TaskKind, TaskStatus
from core.models import Artifact, ProviderKey, Stop, Task
from core.moves import LeaseLostError, Reason
from core.tasks import DOWNLOAD_LEASE, Claim
from core.tripo import TripoClient
from core.vault import Check, StoredFile, Vault, check_model, check_picture
from core.way_home import VAULT, key_behind

log = logging.getLogger("hatchery.downloading")

MOST_AT_ONCE: Final = 20
LINK_LIFE: Final = timedelta(minutes=4)  # five by the Tripo docs (task query page); we ask anew before that
MODEL_TRIES: Final = 30  # with growing delays: about half a day
PICTURE_TRIES: Final = 5
MODEL: Final = "model"
PICTURE: Final = "rendered_image"
FILE_LOST: Final = "file_lost"  # of a task that ended because its paid file could not be had

# Models that are owed; pictures of successes that are still missing; what a cancelled task made all the same.
OWED: Final = or_(
    Task.status.in_([TaskStatus.DOWNLOADING, TaskStatus.SUCCESS]),
    and_(Task.status == TaskStatus.CANCELLED, Task.provider_done_at.is_not(None)),
)


class Errand(NamedTuple):
    """A claimed task whose files are to be fetched; `task` is detached and read only."""

    claim: Claim
    task: Task
    key: ProviderKey
    has_model: bool
    trial_until: datetime | None  # it tries out a file host that did not answer; nobody else does before this


class Downloader:
    """Fetches what the provider has finished."""

    def __init__(
        self,
        database: Database,
        clients: Clients,
        vault: Vault,
        crews: Crews,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._clients = clients
        self._vault = vault
        self._crews = crews
        self._owner = owner
        self._now = clock

    def fetch_due(self, patience_seconds: float | None = None) -> int:
        """One pass: fetch the files of what is due, and say of how many tasks.

        It ends after `patience_seconds` even if some files are not there yet.
        """
        with self._database.transaction() as session:
            claims = self._claim(session)
            stopped = way_home.stopped(session)
            errands = [self._errand(session, claim, stopped) for claim in claims]
            if errands:
                passed(CommitPoint.FETCH_CLAIMING)
        fetches = [self._crews.give(errand.key.id, partial(self._run, errand)) for errand in errands]
        wait_for(fetches, patience_seconds)
        return len(errands)

    def try_vault(self) -> int:
        """One pass: see whether a vault that refused takes files again; say whether it was tried out."""
        with self._database.transaction() as session:
            if not way_home.claim_vault_probe(session, self._now()):
                return 0
        refused: VaultError | None = None
        try:
            self._vault.try_out()
        except VaultError as error:
            refused = error
        with self._database.transaction() as session:
            way_home.note_vault(session, refused, self._now(), tried_out=True)
        return 1

    def _claim(self, session: Session) -> list[Claim]:
        """Take what can come home: nothing while the vault refuses, one try of a file host that did not answer."""
        now = self._now()
        most = way_home.vault_room(session, now, MOST_AT_ONCE)
        if most < 1:
            return []
        silent = {key_behind(name): stop for name, stop in way_home.stopped(session).items() if name != VAULT}
        away = [*self._crews.full(), *silent]
        claims = self._claim_of(session, Task.key_id.not_in(away), most)
        for key_id, stop in silent.items():
            if outages.may_be_tried(stop, now):
                tried = self._claim_of(session, Task.key_id == key_id, 1)
                if tried:
                    way_home.begin_trial(stop, now)
                claims += tried
        return claims

    def _claim_of(self, session: Session, which: ColumnElement[bool], most: int) -> list[Claim]:
        wanted = and_(OWED, outages.its_key_answers(), which)
        return tasks.claim_due(session, wanted, self._owner, self._now(), DOWNLOAD_LEASE, most)

    def _errand(self, session: Session, claim: Claim, stopped: Mapping[str, Stop]) -> Errand:
        task = session.get_one(Task, claim.task_id, populate_existing=True)
        has_model = session.scalar(select(Artifact.id).filter_by(task_id=task.id, role=MODEL)) is not None
        key = session.get_one(ProviderKey, task.key_id)
        host = stopped.get(way_home.host_of(key.id))
        return Errand(claim, task, key, has_model, host.stopped_until if host else None)

    def _run(self, errand: Errand) -> None:
        try:
            self._fetch_or_wait(errand)
            if errand.trial_until is not None:
                with self._database.transaction() as session:
                    way_home.end_trial(session, errand.key.id, errand.trial_until, self._now())
        except LeaseLostError as error:
            log.warning("not written, somebody else has the task now: %s", error.message)
        except Exception as error:  # it must not take the pass along; the lease ends by itself
            log_failure(log, f"task {errand.task.id}: fetching its files went wrong", error)

    def _fetch_or_wait(self, errand: Errand) -> None:
        try:
            self._fetch(errand)
        except LeaseLostError:
            raise
        except HatcheryError as error:
            log.warning(
                "task %s: its files are not here yet: %s (%s)", errand.task.id, error.message, error.code
            )
            self._try_later(errand, error)

    def _fetch(self, errand: Errand) -> None:
        passed(CommitPoint.FETCH_CLAIMED)
        client = self._clients.of(errand.key)
        links = self._links(client, errand)
        model = None if errand.has_model else self._fetch_model(client, errand, links)
        picture, missing = self._fetch_picture(client, errand, links)
        with self._database.transaction() as session:
            self._record(session, errand, model, picture, missing)
            passed(CommitPoint.FETCH_RECORDING)
        passed(CommitPoint.FETCH_RECORDED)

    # --- links ---

    def _links(self, client: TripoClient, errand: Errand) -> dict[str, Any]:
        kept = errand.task.links or {}
        made_at = kept.get("at")
        is_fresh = made_at is not None and self._now() - datetime.fromisoformat(made_at) < LINK_LIFE
        return kept if is_fresh and errand.task.tries == 0 else self._fresh_links(client, errand)

    def _fresh_links(self, client: TripoClient, errand: Errand) -> dict[str, Any]:
        """Ask the task again: each answer carries newly signed links (Tripo's JS and Rust SDKs, README)."""
        try:
            answer = client.read(str(errand.task.tripo_task_id))
        except TripoError as error:
            with self._database.transaction() as session:
                outages.note(session.get_one(ProviderKey, errand.key.id), error, self._now())
            raise
        return {MODEL: answer.model_url, PICTURE: answer.image_url}

    # --- files ---

    def _fetch_model(self, client: TripoClient, errand: Errand, links: dict[str, Any]) -> StoredFile:
        try:
            return self._store(client, errand, links.get(MODEL), None)
        except (LinkDeadError, FileDamagedError) as error:
            log.info("task %s: %s; asking for a fresh link", errand.task.id, error.message)
            links.update(self._fresh_links(client, errand))
            return self._store(client, errand, links.get(MODEL), None)

    def _fetch_picture(
        self, client: TripoClient, errand: Errand, links: dict[str, Any]
    ) -> tuple[StoredFile | None, bool]:
        """Return the picture, or nothing and whether one is still to be had."""
        url = links.get(PICTURE)
        if not url:
            return None, False
        try:
            return self._store(client, errand, url, check_picture), False
        except HatcheryError as error:
            log.info("task %s: its picture is not here yet: %s", errand.task.id, error.message)
            return None, isinstance(error, VaultError) or errand.task.tries + 1 < PICTURE_TRIES

    def _store(self, client: TripoClient, errand: Errand, url: str | None, check: Check | None) -> StoredFile:
        if not url:
            raise LinkDeadError("The provider names no link to the file any more.")
        now, key_id, asked_at = self._now, errand.key.id, errand.task.asked_at or self._now()
        try:
            file = self._vault.store(lambda sink: client.download(url, sink), check or check_model(url))
        except VaultError as error:
            with self._database.transaction() as session:
                way_home.note_vault(session, error, now())
            raise
        except (ReadFailedError, LinkDeadError, FileDamagedError) as error:
            silence = error if isinstance(error, ReadFailedError) else None  # else it answered
            with self._database.transaction() as session:
                way_home.note_host(session, key_id, silence, asked_at, now())
            raise
        with self._database.transaction() as session:
            way_home.note_host(session, key_id, None, asked_at, now())
        return file

    # --- recording ---

    def _record(
        self,
        session: Session,
        errand: Errand,
        model: StoredFile | None,
        picture: StoredFile | None,
        missing: bool,
    ) -> None:
        now = self._now()
        task = tasks.held(session, errand.claim)
        for role, file in ((MODEL, model), (PICTURE, picture)):
            if file is not None:
                self._keep(session, task, role, file)
        pause = timedelta(seconds=growing_delay_seconds(task.tries + 1, first=5))
        later = now + pause if missing else None
        if task.status is TaskStatus.DOWNLOADING:
            changes = {"due_at": later, "tries": 1 if missing else 0, "links": _unsigned(task.links)}
            if task.kind is TaskKind.RIG:
                changes["rig_type"] = task.order.get("rigType")
            tasks.complete(session, errand.claim, now, **changes)
        else:
            tasks.give_back(session, errand.claim, later, tries=task.tries + 1)

    def _keep(self, session: Session, task: Task, role: str, file: StoredFile) -> None:
        artifact = Artifact(
            asset_pk=task.asset_pk,
            task_id=task.id,
            role=role,
            sha256=file.sha256,
            bytes=file.bytes,
            media_type=file.media_type,
            facts=file.facts,
            created_at=self._now(),
        )
        session.add(artifact)

    def _try_later(self, errand: Errand, error: HatcheryError) -> None:
        now = self._now()
        with self._database.transaction() as session:
            task = tasks.held(session, errand.claim)
            tries = task.tries + 1
            host_is_away = way_home.host_of(errand.key.id) in way_home.stopped(session)
            if task.status is TaskStatus.DOWNLOADING and not host_is_away and self._is_hopeless(error, tries):
                tasks.fail(session, errand.claim, _lost_file(error), now)
                keep_lost_file(session, errand.task.id, error.code, error.message, now)
                return
            given_up = task.status is not TaskStatus.DOWNLOADING and tries >= PICTURE_TRIES
            delay = timedelta(seconds=_delay_seconds(error, tries))
            if isinstance(error, VaultError):
                delay, tries = timedelta(), task.tries  # all downloads wait, and this one is not to blame
            tasks.give_back(
                session,
                errand.claim,
                None if given_up else now + delay,
                tries=tries,
                waiting_for=error.code if isinstance(error, VaultError) else "file",
                waiting_text=f"{error.message} {error.suggestion}".strip(),
            )

    def _is_hopeless(self, error: HatcheryError, tries: int) -> bool:
        if isinstance(error, VaultError):
            return False  # our own store: the file waits at the provider until we have room
        return tries >= (3 if isinstance(error, TaskGoneError) else MODEL_TRIES)


def _unsigned(links: dict[str, Any] | None) -> dict[str, Any]:
    """Keep where the files were, without the signatures that opened them."""
    return {role: str(url).split("?", 1)[0] for role, url in (links or {}).items() if role != "at" and url}


def _delay_seconds(error: HatcheryError, tries: int) -> float:
    if isinstance(error, TripoError) and error.retry_after_seconds is not None:
        return error.retry_after_seconds
    return growing_delay_seconds(tries, first=1.0, longest=1800)


def _lost_file(error: HatcheryError) -> Reason:
    return Reason(
        FILE_LOST,
        f"The provider made the model, but its file could not be fetched: {error.message}",
        "Fetch its files again, which is free; if that does not help, retry the step (it is paid again).",
        retryable=True,
        trace_id=getattr(error, "trace_id", None),
    )
