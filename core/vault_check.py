"""Does the vault hold what the rows say, whole? Every file is read once, in pieces; nothing is changed."""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import FileDamagedError, VaultError
from core.glb import check_glb
from core.models import Artifact, Asset, Task, Upload
from core.vault import MEDIA_TYPES, Vault

PREFIXES: Final = [
    f"{number:02x}" for number in range(256)
]  # folders: a part of the rows at a time is in memory


class Fault(StrEnum):
    """What can be wrong with one file."""

    MISSING = "missing"  # a row names it, it is not there
    DAMAGED = "damaged"  # its bytes are not what they were
    ORPHANED = "orphaned"  # no row names it


class Finding(NamedTuple):
    """One thing that is wrong, with what it belongs to in words."""

    fault: Fault
    name: str
    belongs_to: str


class Checked(NamedTuple):
    """How far the check is: a folder that was read, how many files are whole, and what was found."""

    prefix: str
    whole: int
    findings: tuple[Finding, ...]


class _Wanted(NamedTuple):
    media_type: str
    owners: str


def check_vault(database: Database, vault: Vault) -> Iterator[Checked]:
    """Compare the vault with the rows, folder by folder; raises VaultError when it cannot be listed."""
    strays = tuple(Finding(Fault.ORPHANED, name, "no row") for name in vault.strays())
    for prefix in PREFIXES:
        there = set(vault.names(prefix))  # before the rows: a file is always there before its row
        with database.reading() as session:
            wanted = _wanted(session, prefix)
        findings = [Finding(Fault.ORPHANED, name, "no row") for name in sorted(there - wanted.keys())]
        whole = 0
        for sha256, what in sorted(wanted.items()):
            fault = _fault_of(vault, sha256, what.media_type)
            if fault is None:
                whole += 1
            else:
                findings.append(Finding(fault, sha256, what.owners))
        yield Checked(prefix, whole, (*strays, *findings))
        strays = ()


def _wanted(session: Session, prefix: str) -> Mapping[str, _Wanted]:
    owners: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, str] = {}
    rows = session.execute(
        select(Artifact.sha256, Artifact.media_type, Artifact.role, Asset.name, Asset.project_id, Task.kind)
        .join(Asset, Asset.id == Artifact.asset_pk)
        .join(Task, Task.id == Artifact.task_id)
        .where(Artifact.sha256.startswith(prefix))
    )
    for row in rows:
        owners[row.sha256].append(
            f"{row.kind} {row.role} of “{row.name}” ({row.project_id})".replace("_", " ")
        )
        kinds[row.sha256] = row.media_type
    for upload in session.scalars(select(Upload).where(Upload.sha256.startswith(prefix))):
        owners[upload.sha256].append(f"upload {upload.name}")
        kinds.setdefault(upload.sha256, upload.media_type)
    return {sha256: _Wanted(kinds[sha256], ", ".join(names)) for sha256, names in owners.items()}


def _fault_of(vault: Vault, sha256: str, media_type: str) -> Fault | None:
    if not vault.has(sha256):
        return Fault.MISSING
    try:
        with tempfile.NamedTemporaryFile(prefix="hatchery-") as copy:
            digest = hashlib.sha256()
            for piece in vault.read(sha256):
                digest.update(piece)
                copy.write(piece)
            copy.flush()
            if digest.hexdigest() != sha256:
                return Fault.DAMAGED
            if media_type == MEDIA_TYPES["glb"]:
                check_glb(Path(copy.name))
    except (FileDamagedError, VaultError, OSError):
        return Fault.DAMAGED
    return None
