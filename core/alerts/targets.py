"""Where alerts go: addresses that people add or that ALERT_URLS names, kept like keys and never shown again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.alerts.causes import Cause
from core.alerts.sending import AlertAddressError, service_of
from core.errors import ConflictError, NotFoundError, OrderError, SettingsError
from core.models import AlertDelivery, AlertTarget
from core.schemas import View
from core.sealing import Seal, SealBrokenError

LONGEST_NAME: Final = 80
MOST_TARGETS: Final = 50


class AlertTargetView(View):
    """A target as people see it: `service` is all that is shown of its address."""

    target_id: str
    name: str
    service: str
    causes: tuple[Cause, ...]
    is_shared: bool
    owner: str | None
    created_at: datetime
    tried_at: datetime | None
    delivered_at: datetime | None
    next_try_at: datetime | None
    fault: str | None
    waiting: int
    given_up: int


class Targets:
    """Adds, changes and removes targets; the only place that sees an address in plain text."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def add(
        self,
        session: Session,
        *,
        name: str,
        url: str,
        causes: Iterable[str],
        owner: str | None,
        now: datetime,
        is_shared: bool = False,
    ) -> str:
        """Keep an address and return its target's id; one that was removed is taken up again.

        Raises AlertAddressError, OrderError for causes that there are not, and ConflictError for a known address.
        """
        url = url.strip()
        service, wanted = service_of(url), _causes(causes)
        if (
            session.scalar(select(func.count()).where(AlertTarget.removed_at.is_(None))) or 0
        ) >= MOST_TARGETS:
            raise ConflictError("There are as many addresses as can be kept.", suggestion="Remove one first.")
        fingerprint = self._seal.fingerprint(url)
        row = session.scalar(select(AlertTarget).where(AlertTarget.fingerprint == fingerprint))
        if row is not None and row.removed_at is None:
            raise ConflictError(
                f"This address is there already, as “{row.name}”.",
                suggestion="Change what it is told, or remove it first.",
                field="url",
            )
        row = row or AlertTarget(fingerprint=fingerprint, created_at=now)
        row.name, row.service, row.secret = _name(name, service), service, self._seal.sealed(url)
        row.causes, row.owner, row.is_shared = wanted, owner, is_shared
        row.removed_at = row.next_try_at = row.lease_until = row.fault = None
        row.tries = 0
        session.add(row)
        session.flush()
        return row.id

    def take_up(self, session: Session, urls: Sequence[str], now: datetime) -> list[str]:
        """Keep the addresses that the settings name, for all causes, and let go those that they named before.

        Returns what is wrong with them in sentences, which name one by its place and not by its words.
        """
        marks = [self._seal.fingerprint(url) for url in urls]
        known = {row.fingerprint: row for row in session.scalars(select(AlertTarget))}
        faults = []
        for number, (url, mark) in enumerate(zip(urls, marks, strict=True), 1):
            if mark in known and known[mark].removed_at is None:
                continue
            try:
                name = f"ALERT_URLS {number}"
                self.add(session, name=name, url=url, causes=Cause, owner=None, now=now, is_shared=True)
            except OrderError as error:
                faults.append(f"Address {number} of ALERT_URLS: {error.message} {error.suggestion}")
        for row in known.values():
            if row.is_shared and row.removed_at is None and row.fingerprint not in marks:
                remove(session, row, now)
        return faults

    def address(self, row: AlertTarget) -> str:
        """Decrypt an address for sending; raises SettingsError when that is not possible any more."""
        try:
            return self._seal.opened(row.secret)
        except SealBrokenError:
            raise SettingsError(
                f"The address “{row.name}” cannot be read with this SECRET_KEY.",
                suggestion="Set SECRET_KEY to the value that was used when it was added, or add it again.",
            ) from None


def target_of(session: Session, target_id: str) -> AlertTarget:
    """Find a target that was not removed; raises NotFoundError."""
    row = session.get(AlertTarget, target_id)
    if row is None or row.removed_at is not None:
        raise NotFoundError("There is no such address any more.", suggestion="Look at the list of addresses.")
    return row


def choose_causes(session: Session, target_id: str, causes: Iterable[str]) -> None:
    """Choose of what a target is told from now on; raises NotFoundError and OrderError."""
    target_of(session, target_id).causes = _causes(causes)


def remove(session: Session, row: AlertTarget, now: datetime) -> None:
    """Send nothing more to a target, and forget its address."""
    row.removed_at, row.secret, row.next_try_at = now, "", None
    waiting = (AlertDelivery.target_id == row.id, AlertDelivery.delivered_at.is_(None))
    session.execute(delete(AlertDelivery).where(*waiting))


def let_go(session: Session, target_id: str, now: datetime) -> None:
    """Remove a target that somebody added; raises NotFoundError, ConflictError for one that the settings name."""
    row = target_of(session, target_id)
    if row.is_shared:
        raise ConflictError(
            "This address is set by ALERT_URLS.",
            suggestion="Take it out there (in .env), then restart.",
            code="alert_target_is_shared",
        )
    remove(session, row, now)


def list_targets(session: Session) -> tuple[AlertTargetView, ...]:
    """List all targets by name, with what waits for each and what could not be delivered within a day."""
    rows = select(AlertTarget).where(AlertTarget.removed_at.is_(None))
    counts = _counts(session)
    in_order = session.scalars(rows.order_by(AlertTarget.name, AlertTarget.id))
    return tuple(_view(row, counts) for row in in_order)


def view_of(session: Session, row: AlertTarget) -> AlertTargetView:
    """Show one target, also one that was just removed."""
    return _view(row, _counts(session))


Counts = tuple[dict[str, int], dict[str, int]]  # by target: messages that wait, and that were given up


def _counts(session: Session) -> Counts:
    on_its_way = (AlertDelivery.delivered_at.is_(None), AlertDelivery.given_up_at.is_(None))
    waiting, given_up = (
        dict(
            session.execute(
                select(AlertDelivery.target_id, func.count()).where(*which).group_by(AlertDelivery.target_id)
            ).all()
        )
        for which in (on_its_way, (AlertDelivery.given_up_at.is_not(None),))
    )
    return waiting, given_up


def _view(row: AlertTarget, counts: Counts) -> AlertTargetView:
    waiting, given_up = counts
    return AlertTargetView(
        target_id=row.id,
        name=row.name,
        service=row.service,
        causes=tuple(Cause(cause) for cause in row.causes),
        is_shared=row.is_shared,
        owner=row.owner,
        created_at=row.created_at,
        tried_at=row.tried_at,
        delivered_at=row.delivered_at,
        next_try_at=row.next_try_at if row.tries else None,
        fault=row.fault,
        waiting=waiting.get(row.id, 0),
        given_up=given_up.get(row.id, 0),
    )


def _causes(causes: Iterable[str]) -> list[str]:
    asked = set(causes)
    if not asked or not asked <= set(Cause):
        raise AlertAddressError(
            "Choose at least one thing to be told of.",
            suggestion=f"There are: {', '.join(Cause)}.",
            field="causes",
            code="invalid_request",
        )
    return [cause.value for cause in Cause if cause in asked]


def _name(name: str, service: str) -> str:
    text = " ".join(name.split())[:LONGEST_NAME]
    return service if not text or "://" in text else text  # who pastes the address here must not show it
