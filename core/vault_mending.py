"""Fetching again what the vault has lost, while the provider still has it."""

from __future__ import annotations

from sqlalchemy import select

from core.clients import Clients
from core.database import Database
from core.downloading import MODEL, PICTURE
from core.errors import HatcheryError, LinkDeadError, NotFoundError
from core.models import Artifact, ProviderKey, Task
from core.vault import StoredFile, Vault, check_model, check_picture


def fetch_again(database: Database, clients: Clients, vault: Vault, sha256: str) -> StoredFile:
    """Fetch a missing or damaged file through a fresh link of a task that made it, and put it in its place.

    Nothing else is kept under its name: raises FileDamagedError when other bytes arrive, NotFoundError when no task
    of the provider's made it, and what reading a task, a download and the vault raise. What lay there stays then.
    """
    with database.reading() as session:
        made = session.execute(
            select(Artifact.role, Task.tripo_task_id, ProviderKey)
            .join(Task, Task.id == Artifact.task_id)
            .join(ProviderKey, ProviderKey.id == Task.key_id)
            .where(
                Artifact.sha256 == sha256,
                Artifact.role.in_([MODEL, PICTURE]),
                Task.tripo_task_id.is_not(None),
            )
            .order_by(Artifact.created_at.desc())
        ).all()
    error: HatcheryError = NotFoundError("It did not come from the provider; bring it back from a copy.")
    for role, tripo_task_id, key in made:
        try:
            return _fetched(clients, vault, role, str(tripo_task_id), key, sha256)
        except HatcheryError as failure:  # the same bytes may have come of another task too
            error = failure
    raise error


def _fetched(
    clients: Clients, vault: Vault, role: str, tripo_task_id: str, key: ProviderKey, sha256: str
) -> StoredFile:
    client = clients.of(key)
    answer = client.read(tripo_task_id)
    url = answer.model_url if role == MODEL else answer.image_url
    if url is None:
        raise LinkDeadError("Tripo names no link to the file any more.")
    check = check_model(url) if role == MODEL else check_picture
    return vault.store(lambda sink: client.download(url, sink), check, only=sha256)
