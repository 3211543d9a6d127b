"""Takes an order to the provider; a picture of ours that it needs is brought there first.

A token of the provider's lives about a day and belongs to one key (third-party check of the server, 2026-07), so it is
asked for when it is needed, and kept for the next try and the next order. Until the order itself is sent, nothing
can be lost or paid: all that goes wrong before is tried again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from core.database import Database, log_failure
from core.errors import NothingHappenedError, RejectedError, TripoError, VaultError
from core.models import Upload, UploadToken
from core.tripo import Created, Generate, ImageRef, Request, TripoClient
from core.vault import Vault

log = logging.getLogger("hatchery.courier")

TOKEN_LIFE: Final = timedelta(hours=12)
SLOW_SECONDS: Final = 20.0  # after a longer upload the claim may run out while the order is sent


class Courier:
    """Sends requests, with their pictures."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._now = clock

    def create(self, client: TripoClient, key_id: str, request: Request) -> Created:
        """Order a task; raises as `TripoClient.create` does, NothingHappened also when a picture did not arrive."""
        if not isinstance(request, Generate) or request.image is None or request.image.pending is None:
            return client.create(request)
        upload, token, is_new = self._brought(client, key_id, request.image.pending)
        try:
            return client.create(request.model_copy(update={"image": ImageRef(token=token)}))
        except RejectedError as error:
            if error.code != "file_missing" or is_new:
                raise
            self._forget(upload, key_id)
            raise NothingHappenedError(
                "Tripo no longer has the uploaded image.",
                suggestion="It is uploaded again by itself; nothing is billed.",
                code="upload_over",
                trace_id=error.trace_id,
            ) from error

    def _brought(self, client: TripoClient, key_id: str, upload_id: str) -> tuple[Upload, str, bool]:
        """Return a picture, its token with this key, and whether that was made just now."""
        try:
            upload, token = self._known(key_id, upload_id)
            if token is not None:
                return upload, token, False
            return upload, self._bring(client, key_id, upload), True
        except TripoError:
            raise
        except Exception as error:  # nothing was created yet, so even a bug of ours may go back and wait
            log_failure(log, f"upload {upload_id}: bringing it to the provider went wrong", error)
            raise NothingHappenedError(
                "The image could not be brought to the provider.",
                suggestion="It is tried again by itself; the log says more.",
                code="upload_failed",
            ) from error

    def _known(self, key_id: str, upload_id: str) -> tuple[Upload, str | None]:
        with self._database.reading() as session:
            upload = session.get_one(Upload, upload_id)
            kept = session.get(UploadToken, (upload.sha256, key_id))
        is_fresh = kept is not None and self._now() - kept.made_at < TOKEN_LIFE
        return upload, kept.token if kept is not None and is_fresh else None

    def _bring(self, client: TripoClient, key_id: str, upload: Upload) -> str:
        content = self._content(upload)
        began = time.monotonic()
        token = client.upload(upload.name, content, upload.media_type)
        with self._database.transaction() as session:
            session.merge(UploadToken(sha256=upload.sha256, key_id=key_id, token=token, made_at=self._now()))
        if time.monotonic() - began > SLOW_SECONDS:
            raise NothingHappenedError(
                "The image has been uploaded.",
                suggestion="The order follows at once.",
                code="uploaded",
                retry_after_seconds=0.0,
            )
        return token

    def _content(self, upload: Upload) -> bytes:
        try:
            return b"".join(self._vault.read(upload.sha256))
        except VaultError as error:
            raise NothingHappenedError(
                "The image cannot be read from the vault.",
                suggestion="Bring back the folder or bucket of ARTIFACTS_URL; it is tried again by itself.",
                code="vault_unavailable",
            ) from error

    def _forget(self, upload: Upload, key_id: str) -> None:
        with self._database.transaction() as session:
            session.execute(
                delete(UploadToken).where(UploadToken.sha256 == upload.sha256, UploadToken.key_id == key_id)
            )
