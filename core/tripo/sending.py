"""How a file leaves: in pieces, within a bound of time, and through a signed link without any key."""

from __future__ import annotations

import io
import time

import httpx

from core.errors import NothingHappenedError
from core.tripo.addresses import is_public_link, link_is_loopback
from core.tripo.verdict import failed_upload, upload_failed


class TimedFile(io.BytesIO):
    """A file's bytes that end the request they are read for, when it takes too long."""

    def __init__(self, content: bytes, deadline: float) -> None:
        super().__init__(content)
        self._deadline = deadline

    def read(self, size: int | None = -1, /) -> bytes:
        """Hand out the next piece; raises httpx.WriteTimeout after the deadline."""
        if time.monotonic() > self._deadline:
            raise httpx.WriteTimeout("the upload took too long")
        return super().read(size)


def put_file(
    http: httpx.Client, url: str, content: bytes, media_type: str, *, seconds_most: float, to_loopback: bool
) -> None:
    """PUT a file to a signed link that the provider gave; raises NothingHappenedError.

    The link comes from outside: only https to a public host is followed, with the API on loopback also loopback.
    """
    is_safe = is_public_link(url, schemes=("https",)) or (to_loopback and link_is_loopback(url))
    if not is_safe:
        raise NothingHappenedError(
            "The provider's link for the upload leads to no public place.",
            suggestion="It is tried again by itself; if it goes on, check TRIPO_API_BASE.",
            code="upload_failed",
        )
    file = TimedFile(content, time.monotonic() + seconds_most)
    try:
        response = http.put(url, content=file, headers={"Content-Type": media_type}, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise failed_upload(error) from None  # httpx quotes links; this one is signed
    if not response.is_success:
        raise upload_failed(response.status_code)
