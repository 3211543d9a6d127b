"""The way on which reads travel: few kept connections of the standard library's, under httpx's interface.

httpx's own transport parses in pure Python and its pool scans who waits: for one read it needs several times as much
CPU as `http.client` (`make bench` measures both). What is raised are httpx's errors, as its own transport raises them.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.request import getproxies

import httpx

PIECE_BYTES: Final = 64 * 1024


def leads_directly() -> bool:
    """Say whether requests need no proxy: these connections know none."""
    return not {"http", "https", "all"} & getproxies().keys()


class KeptConnections(httpx.BaseTransport):
    """As many connections as there are requests at one time; each is used again for the next one to its place."""

    def __init__(self, certificates: ssl.SSLContext) -> None:
        self._certificates = certificates
        self._idle: dict[tuple[str, str, int | None], list[http.client.HTTPConnection]] = {}
        self._is_closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of its answer; raises httpx.TransportError as httpx itself does."""
        seconds = request.extensions.get("timeout", {})
        body = request.read()
        connection = self._connected(request.url, seconds.get("connect"))
        try:
            self._send(connection, request, body, seconds.get("write"))
            answer = self._head(connection, seconds.get("read"))
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            answer.status,
            headers=[
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.getheaders()
            ],
            stream=_Body(self, request.url, connection, answer),
            extensions={"http_version": b"HTTP/1.1"},
        )

    def keep(self, url: httpx.URL, connection: http.client.HTTPConnection) -> None:
        """Take back a connection whose answer was read to its end."""
        if self._is_closed:
            connection.close()
        else:
            self._idle.setdefault(_place(url), []).append(connection)

    def close(self) -> None:
        """Let go of the idle connections."""
        self._is_closed = True
        for connections in self._idle.values():
            while connections:
                connections.pop().close()

    def _connected(self, url: httpx.URL, seconds: float | None) -> http.client.HTTPConnection:
        idle = self._idle.get(_place(url), [])
        while True:
            try:
                connection = idle.pop()
            except IndexError:
                return self._new(url, seconds)
            if not _has_hung_up(connection.sock):
                return connection
            connection.close()

    def _new(self, url: httpx.URL, seconds: float | None) -> http.client.HTTPConnection:
        connection = (
            http.client.HTTPSConnection(url.host, url.port, timeout=seconds, context=self._certificates)
            if url.scheme == "https"
            else http.client.HTTPConnection(url.host, url.port, timeout=seconds)
        )
        try:
            connection.connect()
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ConnectError(str(error)) from error
        return connection

    def _send(
        self,
        connection: http.client.HTTPConnection,
        request: httpx.Request,
        body: bytes,
        seconds: float | None,
    ) -> None:
        target = request.url.raw_path.decode("ascii")
        connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            connection.putheader(name.decode("ascii"), value)
        connection.sock.settimeout(seconds)
        try:
            connection.endheaders(body or None)
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpx.WriteError(str(error)) from error

    def _head(
        self, connection: http.client.HTTPConnection, seconds: float | None
    ) -> http.client.HTTPResponse:
        connection.sock.settimeout(seconds)
        try:
            return connection.getresponse()
        except http.client.HTTPException as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error


class _Body(httpx.SyncByteStream):
    """An answer's bytes as they arrive; its connection is kept when they came to their end."""

    def __init__(
        self,
        kept: KeptConnections,
        url: httpx.URL,
        connection: http.client.HTTPConnection,
        answer: http.client.HTTPResponse,
    ) -> None:
        self._kept = kept
        self._url = url
        self._connection = connection
        self._answer = answer
        self._left = answer.length  # None: in chunks, or until the connection ends
        self._is_read = self._left == 0
        self._will_close = answer.will_close

    def __iter__(self) -> Iterator[bytes]:
        while not self._is_read:
            piece = self._next_piece()
            if not piece:
                self._end()
                return
            if self._left is not None:
                self._left -= len(piece)
                self._is_read = self._left == 0
            yield piece

    def close(self) -> None:
        """Keep the connection or end it."""
        if self._is_read and not self._will_close:
            self._answer.close()
            self._kept.keep(self._url, self._connection)
        else:
            self._connection.close()
            self._answer.close()

    def _next_piece(self) -> bytes:
        most = PIECE_BYTES if self._left is None else min(self._left, PIECE_BYTES)
        try:
            return self._answer.read1(most)
        except http.client.HTTPException as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except (OSError, ValueError) as error:
            raise httpx.ReadError(str(error)) from error

    def _end(self) -> None:
        if self._left is not None:
            raise httpx.RemoteProtocolError(f"the answer ended {self._left} bytes too soon")
        self._is_read = True


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _has_hung_up(connected: socket.socket) -> bool:
    """Something to read before anything was asked: the other side has closed, or is confused."""
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
