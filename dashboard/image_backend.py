"""The door to core for images that models are made from; a part of `dashboard.backend`."""

from __future__ import annotations

import hashlib

from core import queries
from core.bootstrap import Core
from core.idempotency import AlreadyDoneError, RequestKey, earlier
from core.models import utc_now
from core.schemas import SourceImageView
from core.uploads import keep_upload, upload_of
from dashboard import backend
from dashboard.form_request import form_request


def keep_image(content: bytes, name: str, *, form: str | None = None, actor: str) -> SourceImageView:
    """Keep a picture that models are to be made from; the same one, chosen again in a form, is kept once.

    `form` names the form that it was chosen in. Raises HatcheryError when no model can be made from it.
    """
    chosen = {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
    request = form_request("page upload", form, chosen) if form else None
    with backend.acting() as core:
        try:
            kept = keep_upload(
                core.database, core.vault, content, name=name, now=utc_now(), request=request, actor=actor
            )
        except AlreadyDoneError:
            kept = _kept_before(core, request)
    return kept_image(kept)


def kept_image(upload_id: str) -> SourceImageView:
    """Find a picture that was kept; raises NotFoundError when it is not there."""
    with backend.acting() as core, core.database.reading() as session:
        return queries.upload_view(upload_of(session, upload_id))


def _kept_before(core: Core, request: RequestKey | None) -> str:
    with core.database.reading() as session:
        before = earlier(session, request) if request else None
    return before.made[0] if before and before.made else ""
