"""What must be right before anything is started: folders, vault, secret, database, ports."""

from __future__ import annotations

import errno
import socket
import stat
import uuid
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import fsspec

from core.database import Database
from core.errors import HatcheryError, SettingsError
from core.settings import Settings

_LOCAL = build_opener(ProxyHandler({}))  # a proxy of the environment knows nothing of this machine's ports


class Finding(NamedTuple):
    """One thing that was looked at. A fatal one that is not ok keeps the product from working."""

    ok: bool
    fatal: bool
    sentence: str
    cure: str = ""

    def as_text(self) -> str:
        """Write it as a person reads it in a terminal."""
        word = "right  " if self.ok else "WRONG  " if self.fatal else "note   "
        return f"{word} {self.sentence}" + (f"\n        {self.cure}" if self.cure else "")

    @classmethod
    def wrong(cls, error: HatcheryError) -> Finding:
        """Turn an error that was raised on purpose into a fatal finding."""
        return cls(False, True, error.message, error.suggestion)


def startup_findings(settings: Settings, *, running_is_fine: bool = False) -> list[Finding]:
    """Look at what must be right before anything is started.

    `running_is_fine`: ports that our own processes hold count as right.
    """
    unreadable = _database_address(settings)
    return [
        _state_folder(settings.var_dir),
        _vault(settings),
        *([unreadable] if unreadable else [_secret(settings), _database(settings)]),
        *_ports(settings, running_is_fine),
    ]


def answers(url: str, timeout_seconds: float = 1.0) -> bool:
    """Say whether a process of this machine answers this address with 200."""
    try:
        with _LOCAL.open(url, timeout=timeout_seconds) as response:
            return bool(response.status == 200)
    except (URLError, OSError, ValueError):
        return False


def reachable_host(host: str) -> str:
    """Return the host by which this machine reaches what listens on `host`, ready for an address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{host}]" if ":" in host else host


def _state_folder(folder: Path) -> Finding:
    probe = folder / f".probe-{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"probe")
        probe.unlink()
    except OSError as error:
        return Finding(
            False,
            True,
            f"The state folder {folder} cannot be written ({error.strerror}).",
            "Give this account the right to write there, or name another folder in HATCHERY_VAR.",
        )
    return Finding(True, True, f"The state folder {folder} can be written.")


def _vault(settings: Settings) -> Finding:
    url = settings.vault_url
    is_local = urlsplit(url).scheme in ("", "file", "local")
    cure = "Check ARTIFACTS_URL: that the place exists and may be written, and that its package is installed."
    try:
        files, root = fsspec.core.url_to_fs(url)
        probe = f"{root.rstrip('/')}/.probe-{uuid.uuid4().hex}"
        files.makedirs(root, exist_ok=True)
        files.pipe_file(probe, b"probe")
        read_back = files.cat_file(probe)
        files.rm_file(probe)
    except Exception as error:  # each kind of store has errors of its own
        return Finding(False, is_local, f"The vault at {url} cannot be written ({_first_line(error)}).", cure)
    if read_back != b"probe":
        return Finding(False, is_local, f"The vault at {url} does not give back what was written.", cure)
    return Finding(True, True, f"The vault at {url} can be written and read.")


def _secret(settings: Settings) -> Finding:
    if settings.secret_key.get_secret_value():
        return Finding(True, True, "SECRET_KEY is set.")
    try:
        on_sqlite = settings.sqlalchemy_url.startswith("sqlite")
        path = settings.secret_file
        if on_sqlite and not path.exists():
            return Finding(True, True, "SECRET_KEY is not set; one is made at the first start.")
        settings.secret()
        mode = stat.S_IMODE(path.stat().st_mode)
    except SettingsError as error:
        return Finding.wrong(error)
    if mode & 0o077:
        return Finding(False, False, f"{path} can be read by others.", f"Run: chmod 600 {path}")
    return Finding(True, True, f"SECRET_KEY is kept in {path}, for this account only.")


def _database_address(settings: Settings) -> Finding | None:
    """Find fault with DATABASE_URL itself; where the secret is kept hangs on it too, so it is said once."""
    try:
        settings.sqlalchemy_url  # noqa: B018 - read for its error
    except SettingsError as error:
        return Finding.wrong(error)
    return None


def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.sqlalchemy_url)
        database.check()
        database.close()
    except SettingsError as error:
        return Finding.wrong(error)
    return Finding(True, True, f"The {'SQLite' if database.is_sqlite else 'PostgreSQL'} database answers.")


def _ports(settings: Settings, running_is_fine: bool) -> list[Finding]:
    host = settings.hatchery_host
    ours = f"http://{reachable_host(host)}:{settings.hatchery_port}/api/health/live"
    findings = [
        port_finding("HATCHERY_PORT", host, settings.hatchery_port, ours if running_is_fine else None)
    ]
    if settings.tripo_api_key.get_secret_value() or not findings[0].ok:
        return findings  # no sandbox is needed, or another `make up` holds both ports: one sentence is enough
    if settings.sandbox_port == settings.hatchery_port:
        cure = "Give them different numbers."
        return [Finding(False, True, "SANDBOX_PORT and HATCHERY_PORT are the same port.", cure)]
    ours = f"http://127.0.0.1:{settings.sandbox_port}/sandbox/health"
    return [
        *findings,
        port_finding("SANDBOX_PORT", "127.0.0.1", settings.sandbox_port, ours if running_is_fine else None),
    ]


def port_finding(setting: str, host: str, port: int, ours: str | None = None) -> Finding:
    """Say whether a port can be listened on, or is held by the process of ours that answers `ours`."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
    except OSError as error:
        if ours is not None and error.errno == errno.EADDRINUSE and answers(ours):
            return Finding(True, True, f"Port {port} ({setting}) is in use by Hatchery itself.")
        return _port_trouble(setting, host, port, error)
    return Finding(True, True, f"Port {port} ({setting}) is free.")


def _port_trouble(setting: str, host: str, port: int, error: OSError) -> Finding:
    if error.errno == errno.EADDRINUSE:
        return Finding(
            False,
            True,
            f"Port {port} on {host} is taken ({setting}).",
            f"Stop what uses it (another `make up`?), or set {setting} to another number.",
        )
    if error.errno == errno.EACCES:
        cure = f"Set {setting} to a number above 1023; those below belong to the system."
        return Finding(False, True, f"Port {port} on {host} may not be used by this account.", cure)
    cure = "Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all networks."
    return Finding(False, True, f"HATCHERY_HOST: {host} is no address of this machine.", cure)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
