"""Fetches a finished file through its signed link, from the provider's file hosts only and without any key."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

import httpx

from core.errors import FileDamagedError, LinkDeadError, ReadFailedError
from core.tripo.addresses import check_link
from core.tripo.envelope import retry_after_from
from core.tripo.messages import Download

CHUNK_BYTES = 256 * 1024
REDIRECTS_MOST = 3

_AGAIN = "It is fetched again by itself."

_log = logging.getLogger("hatchery.tripo")


Sink = Callable[[bytes], object]


class FileFetcher:
    """Streams files. `seconds_most` and `bytes_most` bound one file, so that none can hold a worker for ever."""

    def __init__(
        self,
        http: httpx.Client,
        file_hosts: Sequence[str],
        *,
        from_loopback: bool,
        bytes_most: int = 1024**3,
        seconds_most: float = 900.0,
    ) -> None:
        self._http = http
        self._file_hosts = tuple(file_hosts)
        self._from_loopback = from_loopback
        self._bytes_most = bytes_most
        self._seconds_most = seconds_most

    def fetch(self, url: str, sink: Sink) -> Download:
        """Hand the file to `sink` piece by piece; what `sink` raises passes through.

        Raises RejectedError `file_host_refused`, LinkDeadError when the link is over (ask the task for a fresh
        one), FileDamagedError when it is empty or not of the declared length, ReadFailedError for all else.
        """
        response = self._follow(url)
        try:
            _refuse_status(response)
            received = 0
            for piece in self._pieces(response):
                received += len(piece)
                sink(piece)
            return Download(
                bytes=received,
                content_type=response.headers.get("Content-Type"),
                declared_length=_declared_length(response),
                suffix=PurePosixPath(response.url.path).suffix.lower(),
            )
        finally:
            response.close()

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        deadline = time.monotonic() + self._seconds_most
        declared = _declared_length(response)
        pieces = response.iter_bytes(CHUNK_BYTES)
        received = 0
        while piece := _next_of(pieces, response, declared):
            received += len(piece)
            if received > self._bytes_most:
                raise FileDamagedError(
                    f"The file is larger than {self._bytes_most} bytes.", code="file_too_large"
                )
            if time.monotonic() > deadline:
                raise _failed("The file did not arrive in time.")
            yield piece
        if received == 0:
            raise FileDamagedError("The file that arrived is empty.")
        if declared is not None and declared != response.num_bytes_downloaded:
            raise _cut(response, declared)

    def _follow(self, url: str) -> httpx.Response:
        """The answer at the end of the redirects, each of which must lead to an allowed host."""
        for _hop in range(REDIRECTS_MOST + 1):
            check_link(url, self._file_hosts, from_loopback=self._from_loopback)
            response = self._ask(url)
            if not response.has_redirect_location:
                return response
            url = str(response.next_request.url) if response.next_request else ""
            response.close()
        raise _failed("The file's link leads from one address to the next without end.")

    def _ask(self, url: str) -> httpx.Response:
        try:
            request = self._http.build_request("GET", url, headers={"Accept-Encoding": "identity"})
            response = self._http.send(request, stream=True, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            _log.info("file %s: no answer (%s)", _place(url), type(error).__name__)
            raise _failed("The file host did not answer.") from None  # httpx quotes links; this one is signed
        _log.info("file %s: HTTP %s", _place(url), response.status_code)
        return response


def _next_of(pieces: Iterator[bytes], response: httpx.Response, declared: int | None) -> bytes:
    """The next piece; empty at the end."""
    try:
        return next(pieces, b"")
    except httpx.DecodingError:
        raise FileDamagedError("The file that arrived cannot be unpacked.") from None
    except httpx.HTTPError as error:
        if isinstance(error, httpx.RemoteProtocolError) and declared is not None:
            raise _cut(response, declared) from None
        raise _failed("The file did not arrive to its end.") from None


def _refuse_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in (401, 403, 404, 410):
        raise LinkDeadError(
            f"The link to the file is over (HTTP {status}).",
            suggestion="A fresh link is asked for by itself.",
            http_status=status,
        )
    if status != 200:
        raise ReadFailedError(
            f"The file host answered with HTTP {status}.",
            suggestion=_AGAIN,
            http_status=status,
            retry_after_seconds=retry_after_from(response.headers),
        )


def _declared_length(response: httpx.Response) -> int | None:
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _cut(response: httpx.Response, declared: int) -> FileDamagedError:
    received = response.num_bytes_downloaded
    return FileDamagedError(f"The file is incomplete: {received} of {declared} bytes arrived.")


def _failed(message: str) -> ReadFailedError:
    return ReadFailedError(message, suggestion=_AGAIN)


def _place(url: str) -> str:
    """A link without its signature."""
    return url.partition("?")[0].partition("#")[0]
