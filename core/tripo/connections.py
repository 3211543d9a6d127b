"""The way on which reads travel: few kept connections of the standard library's.

httpx parses in pure Python, its pool scans who waits and its client builds a dozen objects around each answer: for one
read it needs several times as much CPU as `http.client` (`make bench` measures both). What is raised are httpx's
errors, as it raises them.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.request import getproxies

import httpx

PIECE_BYTES: Final = 64 * 1024


def leads_directly() -> bool:
    """Say whether requests need no proxy: these connections know none."""
    return not {"http", "https", "all"} & getproxies().keys()


class KeptConnections:
    """As many connections to one place as there are requests at one time; each is used again for the next one."""

    def __init__(self, base_url: str, timeout: httpx.Timeout, certificates: ssl.SSLContext) -> None:
        self._url = httpx.URL(base_url)
        self._path = self._url.raw_path.decode("ascii").rstrip("/")
        self._timeout = timeout
        self._certificates = certificates
        self._idle: list[http.client.HTTPConnection] = []
        self._is_closed = False

    @contextmanager
    def asked(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Iterator[Reply]:
        """Send a request and read the head of its answer; raises httpx.TransportError as httpx itself does.

        The connection is kept when the answer is read to its end within the `with`.
        """
        connection = self._connected()
        reply = None
        try:
            self._send(connection, method, self._path + path, headers, body)
            reply = Reply(self._head(connection))
            yield reply
        finally:
            if reply is not None and reply.leaves_open and not self._is_closed:
                self._idle.append(connection)
            else:
                connection.close()
            if reply is not None:
                reply.close()

    def close(self) -> None:
        """Let go of the idle connections."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    def _connected(self) -> http.client.HTTPConnection:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._new()
            if not _has_hung_up(connection.sock):
                return connection
            connection.close()

    def _new(self) -> http.client.HTTPConnection:
        url, seconds = self._url, self._timeout.connect
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
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> None:
        connection.putrequest(method, target)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.sock.settimeout(self._timeout.write)
        try:
            connection.endheaders(body or None)
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpx.WriteError(str(error)) from error

    def _head(self, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        connection.sock.settimeout(self._timeout.read)
        try:
            return connection.getresponse()
        except http.client.HTTPException as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error


class Reply:
    """An answer: its status, its headers, and its bytes as they arrive."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self._answer = answer
        self._left = answer.length  # None: in chunks, or until the connection ends
        self._is_read = self._left == 0
        self._will_close = answer.will_close

    @property
    def leaves_open(self) -> bool:
        """Whether its connection can be used for another request now."""
        return self._is_read and not self._will_close

    def pieces(self) -> Iterator[bytes]:
        """Read on to the end; raises httpx.TransportError where it comes too soon, DecodingError for odd packing."""
        packing = self.headers.get("Content-Encoding")
        if packing is None:
            return self._as_they_arrive()
        headers = {"Content-Encoding": packing}  # it was not asked for, and some gateways pack all the same
        return httpx.Response(self.status, headers=headers, content=self._as_they_arrive()).iter_bytes()

    def _as_they_arrive(self) -> Iterator[bytes]:
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
        """Read no more of it."""
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


def _has_hung_up(connected: socket.socket) -> bool:
    """Something to read before anything was asked: the other side has closed, or is confused."""
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
