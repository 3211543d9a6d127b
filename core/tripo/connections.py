"""The way on which reads travel: few kept connections of libcurl's.

httpx parses in pure Python, its pool scans who waits and its client builds a dozen objects around each answer; libcurl
does all that in C, while other threads run (`make bench` measures both). What is raised are httpx's errors.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.request import getproxies

import certifi
import httpx
import pycurl

from core.tripo.verdict import AnswerTooLongError

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

    def close(self) -> None:
        """Let go of the idle connections."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    def _let_go_of_oldest(self) -> None:
        """One of those that nobody needs at present: each holds most of a megabyte where certificates are checked."""
        with suppress(IndexError):  # there is none, or another thread has just taken it
            if time.monotonic() - self._idle[0].idle_since > self._idle_seconds:
                self._idle.pop(0).close()

    def _new(self) -> _Connection:
        return _Connection(self._connect_seconds, self._answer_seconds, self._bytes_most)


class _Connection:
    """One request at a time, in any thread."""

    idle_since = math.inf

    def __init__(self, connect_seconds: float, answer_seconds: float, bytes_most: int) -> None:
        self._bytes_most = bytes_most
        self._head: list[bytes] = []
        self._content = bytearray()
        self._curl = curl = pycurl.Curl()
        curl.setopt(pycurl.NOSIGNAL, 1)  # the only safe way in threads (libcurl, thread safety)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.ACCEPT_ENCODING, "gzip, deflate")
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(connect_seconds * 1000))
        curl.setopt(pycurl.TIMEOUT_MS, int(answer_seconds * 1000))
        curl.setopt(pycurl.HEADERFUNCTION, self._head.append)
        curl.setopt(pycurl.WRITEFUNCTION, self._take)
        for option, place in _certificates().items():
            curl.setopt(option, place)

    def ask(self, url: str, headers: Sequence[str], body: bytes | None) -> Reply:
        curl = self._curl
        self._head.clear()
        self._content.clear()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.HTTPHEADER, headers)
        if body is None:
            curl.setopt(pycurl.HTTPGET, 1)
        else:
            curl.setopt(pycurl.POSTFIELDS, body)
        try:
            curl.perform()
        except pycurl.error as error:
            raise self._meaning(*error.args) from error
        return Reply(curl.getinfo(pycurl.RESPONSE_CODE), _headers_in(self._head), bytes(self._content))

    def close(self) -> None:
        self._curl.close()

    def _take(self, piece: bytes) -> int:
        if len(self._content) + len(piece) > self._bytes_most:
            return 0  # libcurl ends the transfer, as with a full disk
        self._content += piece
        return len(piece)

    def _meaning(self, code: int, words: str) -> Exception:
        if code == pycurl.E_WRITE_ERROR:
            return AnswerTooLongError()
        if code == pycurl.E_OPERATION_TIMEDOUT:
            is_connected = self._curl.getinfo(pycurl.PRETRANSFER_TIME) > 0
            return (httpx.ReadTimeout if is_connected else httpx.ConnectTimeout)(words)
        return (httpx.ConnectError if code in _UNCONNECTED else httpx.RemoteProtocolError)(words)


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
