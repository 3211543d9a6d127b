"""A mail server that keeps what it is given: as much of SMTP as a sender needs that neither encrypts nor signs in.

RFC 5321, sections 3 and 4.1: a greeting, then a reply of three digits to each command.
"""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class PostOffice:
    """Mail on a free port of this machine, for a `with` block."""

    def __init__(self) -> None:
        self.mail: list[EmailMessage] = []
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        port = self._server.server_address[1]
        return f"mailto://127.0.0.1:{port}?from=hatchery@studio.example&to=lead@studio.example&mode=insecure"

    def __enter__(self) -> PostOffice:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(office: PostOffice) -> type[socketserver.StreamRequestHandler]:  # noqa: N805 - `self` is its own
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 post office\r\n")
                while line := self.rfile.readline():
                    command = line[:4].upper().strip()
                    if command == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        lines = iter(self.rfile.readline, b".\r\n")
                        office.mail.append(message_from_bytes(b"".join(lines), policy=policy.default))
                    self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
                    if command == b"QUIT":
                        return

        return Handler
