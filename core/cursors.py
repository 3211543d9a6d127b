"""Where the next page of a list begins: the time and the id of the last row that was shown, in one word."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from core.errors import OrderError


def cursor_at(moment: datetime, row_id: str) -> str:
    """Name a place behind a row."""
    text = f"{moment.isoformat()}|{row_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[datetime, str]:
    """Read a cursor; raises OrderError for one that is not ours."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        written_at, row_id = text.split("|", 1)
        moment = datetime.fromisoformat(written_at)
        if moment.tzinfo is None or not row_id.isprintable():
            raise ValueError("never written by us")
        return moment.astimezone(UTC), row_id
    except (ValueError, OverflowError, binascii.Error):
        raise OrderError(
            "The cursor is not one of ours.",
            suggestion="Take nextCursor from the answer before.",
            field="cursor",
        ) from None
