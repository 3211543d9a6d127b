"""What may keep files from coming home: the vault refuses them, or a key's file host does not answer.

Both stand in `stops`. The tasks wait as downloading; nothing of them ends while this lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import outages
from core.errors import ReadFailedError, VaultError
from core.models import Stop

VAULT: Final = "vault"
LONGEST_PAUSE_SECONDS: Final = 300.0
_HOST: Final = "files "


def stopped(session: Session) -> Mapping[str, Stop]:
    """Map what stands still to its stop: the vault, and file hosts by `host_of` their key."""
    return {stop.name: stop for stop in session.scalars(select(Stop).where(Stop.stopped_word.is_not(None)))}


def host_of(key_id: str) -> str:
    """Name the file host of a key."""
    return f"{_HOST}{key_id}"


def key_behind(name: str) -> str:
    """Return the key whose file host this is."""
    return name.removeprefix(_HOST)


def vault_room(session: Session, now: datetime, most: int) -> int:
    """Say how many files may be fetched at once, as far as the vault is concerned; few after it came back."""
    vault = session.get(Stop, VAULT)
    if vault is None or (vault.stopped_word is None and not outages.comes_back(vault, now)):
        return most
    return 0 if vault.stopped_word is not None else min(most, outages.allowed_since_well(vault, now))


def claim_vault_probe(session: Session, now: datetime) -> bool:
    """Take the right to try the vault out, if that is due; nobody else does it meanwhile."""
    vault = session.get(Stop, VAULT, with_for_update=True)
    if vault is None or not outages.may_be_tried(vault, now):
        return False
    vault.stopped_until = now + outages.PROBE_LEASE
    return True


def note_vault(session: Session, error: VaultError | None, now: datetime, *, tried_out: bool = False) -> None:
    """Begin, prolong or end the vault's stop; only trying it out ends or prolongs one."""
    vault = _row(session, VAULT)
    if vault.stopped_word is None and error is not None:
        outages.begin(vault, error.code, error.message, now, LONGEST_PAUSE_SECONDS)
    elif tried_out and error is not None:
        vault.stopped_word, vault.stopped_text = error.code, error.message
        outages.put_off(vault, now, LONGEST_PAUSE_SECONDS)
    elif tried_out:
        outages.end(vault, now)


def note_host(
    session: Session, key_id: str, error: ReadFailedError | None, asked_at: datetime, now: datetime
) -> None:
    """Take into account how a file host answered; what was asked before an outage says nothing about its end."""
    host = _row(session, host_of(key_id)) if error is not None else session.get(Stop, host_of(key_id))
    if host is None:
        return
    if host.stopped_word is None:
        outages.note(host, error, now)
    elif error is None:
        outages.end(host, now)
    elif host.stopped_at is not None and asked_at > host.stopped_at:
        outages.put_off(host, now, LONGEST_PAUSE_SECONDS)


def begin_trial(host: Stop, now: datetime) -> None:
    """Let one errand try a silent file host out; whatever becomes of it, another one may after a while."""
    host.stopped_until = now + timedelta(seconds=LONGEST_PAUSE_SECONDS)


def end_trial(session: Session, key_id: str, trial_until: datetime, now: datetime) -> None:
    """An errand that was to try a file host out is over; if it never came to ask the host, let another one, soon."""
    host = session.get(Stop, host_of(key_id), with_for_update=True)
    if host is not None and host.stopped_until == trial_until:
        host.stopped_until = now + timedelta(seconds=outages.FIRST_PAUSE_SECONDS)


def _row(session: Session, name: str) -> Stop:
    found = session.get(Stop, name, with_for_update=True)
    if found is not None:
        return found
    row = Stop(name=name, stopped_tries=0, failing=0.0)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another process was first
        return session.get_one(Stop, name, with_for_update=True)
    return row
