"""The way on which reads travel: few kept connections of libcurl's.

httpx parses in pure Python, its pool scans who waits and its client builds a dozen objects around each answer; libcurl
does all that in C, while other threads run (`make bench` measures both). What is raised are httpx's errors.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.request import getproxies

import certifi
import httpx
import pycurl

from core.tripo.verdict import AnswerTooLongError

LULL_SECONDS: Final = 0.05  # so long without an answer is told to who waits for many
AWAY_SECONDS: Final = 0.2  # of a request's time: then its running out says nothing of the other side
_SHORTEST_WAIT_SECONDS: Final = 0.002
_UNCONNECTED: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST,
    pycurl.E_COULDNT_CONNECT,
    pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_PEER_FAILED_VERIFICATION,
    pycurl.E_SSL_CACERT_BADFILE,
    pycurl.E_SSL_ISSUER_ERROR,
}


def leads_directly() -> bool:
    """Say whether requests need no proxy: these connections know none."""
    return not {"http", "https", "all"} & getproxies().keys()


class Reply(NamedTuple):
    """An answer, read to its end. The names of its headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class KeptConnections:
    """As many connections to one place as there are requests at one time; each is used again for the next one.

    What is asked must bear repeating: a request is sent again where a kept connection turns out to have ended.
    `answer_seconds` and `bytes_most` bound an answer as a whole. One that was not needed for `idle_seconds` is ended
    when another has been used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        connect_seconds: float,
        answer_seconds: float,
        bytes_most: int,
        idle_seconds: float = 60.0,
    ) -> None:
        self._base_url = base_url
        self._connect_seconds = connect_seconds
        self._answer_seconds = answer_seconds
        self._bytes_most = bytes_most
        self._idle_seconds = idle_seconds
        self._idle: list[_Connection] = []
        self._idle_bundles: list[_Bundle] = []
        self._is_closed = False

    def ask(self, path: str, headers: Sequence[str], body: bytes | None) -> Reply:
        """Send a GET, or with a body a POST, and read the answer.

        Raises httpx.TransportError, or AnswerTooLongError.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._new()
        try:
            reply = connection.ask(self._base_url + path, headers, body)
        except BaseException:
            connection.close()
            raise
        self._let_go_of_oldest()
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        if self._is_closed:
            self.close()
        return reply

    def ask_each(
        self, paths: Sequence[str], headers: Sequence[str], at_once: int, goes_on: Callable[[], bool]
    ) -> Generator[tuple[int, Reply | Exception] | None, None, None]:
        """Send a GET for each path, so many at one time, and yield each answer as it comes, by its path's number.

        What `ask` would raise is yielded in its place; None is yielded when no answer has come for a moment. Each is
        begun only if `goes_on` says so. This thread does it all: none is woken for one answer.
        """
        try:
            bundle = self._idle_bundles.pop()
        except IndexError:
            bundle = _Bundle(self._new)
        yield from bundle.ask_each([self._base_url + path for path in paths], headers, at_once, goes_on)
        self._let_go_of_oldest()
        bundle.idle_since = time.monotonic()
        self._idle_bundles.append(bundle)
        if self._is_closed:
            self.close()

    def close(self) -> None:
        """Let go of the idle connections."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()
        while self._idle_bundles:
            self._idle_bundles.pop().close()

    def _let_go_of_oldest(self) -> None:
        """One of those that nobody needs at present: each holds most of a megabyte where certificates are checked."""
        for idle in (self._idle, self._idle_bundles):
            with suppress(IndexError):  # there is none, or another thread has just taken it
                if time.monotonic() - idle[0].idle_since > self._idle_seconds:
                    idle.pop(0).close()

    def _new(self) -> _Connection:
        return _Connection(
            self._connect_seconds, self._answer_seconds, self._bytes_most, int(self._idle_seconds)
        )


class _Bundle:
    """Several requests at one time, in one thread at a time; libcurl keeps their connections and picks among them."""

    idle_since = math.inf

    def __init__(self, new: Callable[[], _Connection]) -> None:
        self._new = new
        self._multi = pycurl.CurlMulti()
        self._free: list[_Connection] = []
        self._busy: dict[pycurl.Curl, tuple[int, _Connection]] = {}
        self._away_seconds = (
            0.0  # in which nobody looked after the requests, since the one who waits had to write
        )

    def ask_each(
        self, urls: Sequence[str], headers: Sequence[str], at_once: int, goes_on: Callable[[], bool]
    ) -> Generator[tuple[int, Reply | Exception] | None, None, None]:
        waiting = list(enumerate(urls))[::-1]
        came_at = time.monotonic()
        try:
            while True:
                while waiting and len(self._busy) < at_once and goes_on():
                    self._begin(*waiting.pop(), headers)
                self._multi.perform()
                done = self._done()
                for n, reply in done:
                    if reply is None:
                        waiting.append((n, urls[n]))
                    else:
                        left_at = time.monotonic()
                        yield n, reply
                        self._away_seconds += time.monotonic() - left_at
                if not self._busy and not (done and waiting):
                    return
                now = time.monotonic()
                if done:
                    came_at = now
                elif now - came_at > LULL_SECONDS:
                    yield None
                    came_at = time.monotonic()
                    self._away_seconds += came_at - now
                else:
                    self._wait(came_at + LULL_SECONDS - now)
        except BaseException:  # also when nobody wants the rest
            self.close()
            raise

    def close(self) -> None:
        for _, connection in self._busy.values():
            self._multi.remove_handle(connection.curl)
            connection.close()
        for connection in self._free:
            connection.close()
        self._busy.clear()
        self._free.clear()
        self._multi.close()

    def _begin(self, n: int, url: str, headers: Sequence[str]) -> None:
        connection = self._free.pop() if self._free else self._new()
        connection.prepare(url, headers, None)
        connection.away_seconds = self._away_seconds
        self._busy[connection.curl] = n, connection
        self._multi.add_handle(connection.curl)

    def _done(self) -> list[tuple[int, Reply | Exception | None]]:
        """Take what has ended since, well or badly; None stands for one whose time ran out while nobody looked."""
        found: list[tuple[int, Reply | Exception | None]] = []
        left = 1
        while left:
            left, well, badly = self._multi.info_read()
            for curl in well:
                n, connection = self._busy.pop(curl)
                found.append((n, connection.reply()))
                self._multi.remove_handle(curl)
                self._free.append(connection)
            for curl, code, words in badly:
                n, connection = self._busy.pop(curl)
                was_away = self._away_seconds - connection.away_seconds > AWAY_SECONDS
                is_ours = was_away and code == pycurl.E_OPERATION_TIMEDOUT
                found.append((n, None if is_ours else connection.meaning(code, words)))
                self._multi.remove_handle(curl)
                connection.close()
        return found

    def _wait(self, seconds: float) -> None:
        """Sleep until something can be read or written, or is over; at most so long."""
        over_in_ms = self._multi.timeout()
        if over_in_ms >= 0:
            seconds = min(seconds, over_in_ms / 1000)
        began = time.monotonic()
        if self._multi.select(max(seconds, 0.0)) <= 0 and time.monotonic() - began < _SHORTEST_WAIT_SECONDS:
            time.sleep(
                _SHORTEST_WAIT_SECONDS
            )  # there is nothing to wait for yet, as while a name is looked up


class _Connection:
    """One request at a time, in any thread."""

    idle_since = math.inf
    away_seconds = 0.0  # of its bundle, when its request was begun

    def __init__(
        self, connect_seconds: float, answer_seconds: float, bytes_most: int, idle_seconds: int
    ) -> None:
        self._bytes_most = bytes_most
        self._head: list[bytes] = []
        self._content = bytearray()
        self.curl = curl = pycurl.Curl()
        curl.setopt(pycurl.NOSIGNAL, 1)  # the only safe way in threads (libcurl, thread safety)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.ACCEPT_ENCODING, "gzip, deflate")
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(connect_seconds * 1000))
        curl.setopt(pycurl.TIMEOUT_MS, int(answer_seconds * 1000))
        curl.setopt(pycurl.MAXAGE_CONN, max(idle_seconds, 1))
        curl.setopt(pycurl.HEADERFUNCTION, self._head.append)
        curl.setopt(pycurl.WRITEFUNCTION, self._take)
        for option, place in _certificates().items():
            curl.setopt(option, place)

    def ask(self, url: str, headers: Sequence[str], body: bytes | None) -> Reply:
        self.prepare(url, headers, body)
        try:
            self.curl.perform()
        except pycurl.error as error:
            raise self.meaning(*error.args) from error
        return self.reply()

    def prepare(self, url: str, headers: Sequence[str], body: bytes | None) -> None:
        curl = self.curl
        self._head.clear()
        self._content.clear()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.HTTPHEADER, headers)
        if body is None:
            curl.setopt(pycurl.HTTPGET, 1)
        else:
            curl.setopt(pycurl.POSTFIELDS, body)

    def reply(self) -> Reply:
        return Reply(self.curl.getinfo(pycurl.RESPONSE_CODE), _headers_in(self._head), bytes(self._content))

    def meaning(self, code: int, words: str) -> Exception:
        if code == pycurl.E_WRITE_ERROR:
            return AnswerTooLongError()
        if code == pycurl.E_OPERATION_TIMEDOUT:
            is_connected = self.curl.getinfo(pycurl.REQUEST_SIZE) > 0
            return (httpx.ReadTimeout if is_connected else httpx.ConnectTimeout)(words)
        return (httpx.ConnectError if code in _UNCONNECTED else httpx.RemoteProtocolError)(words)

    def close(self) -> None:
        self.curl.close()

    def _take(self, piece: bytes) -> int:
        if len(self._content) + len(piece) > self._bytes_most:
            return 0  # libcurl ends the transfer, as with a full disk
        self._content += piece
        return len(piece)


def _headers_in(lines: Sequence[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        if line.startswith(b"HTTP/"):
            headers.clear()  # what came before announced another answer
            continue
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return headers


def _certificates() -> dict[int, str]:
    """Whom to trust, as httpx does: the file or the folder of the environment, or certifi's list."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file:
        return {pycurl.CAINFO: file}
    return {pycurl.CAPATH: folder} if folder else {pycurl.CAINFO: certifi.where()}
