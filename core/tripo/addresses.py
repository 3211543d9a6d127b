"""Where Tripo's API is, and from which hosts its files may be fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from core.errors import RejectedError, SettingsError
from core.tripo.catalog import Version

API_BASES: Mapping[Version, str] = {
    "v2": "https://api.tripo3d.ai/v2/openapi",  # docs.tripo3d.ai, 2026-06-03
    "v3": "https://openapi.tripo3d.ai/v3",  # developers.tripo3d.ai, 2026-09
}

# Tripo's Python SDK 0.4.2 and the quick start of developers.tripo3d.com: accounts in mainland China are apart.
CHINA_API_BASES: Mapping[Version, str] = {
    "v2": "https://api.tripo3d.com/v2/openapi",
    "v3": "https://openapi.tripo3d.com/v3",
}

# Tripo docs, task query page (`tripo-data.rg1.data.tripo3d.com`); the last one is on older links.
FILE_HOSTS = (".tripo3d.com", ".tripo3d.ai", "tripo-data.cdn.bcebos.com")


def default_base(version: Version, *, china: bool = False) -> str:
    """The public address of that version: for accounts outside mainland China, or for those inside."""
    return (CHINA_API_BASES if china else API_BASES)[version]


def default_file_hosts() -> tuple[str, ...]:
    """Host suffixes from which Tripo hands out files."""
    return FILE_HOSTS


def region_of(base_url: str) -> str:
    """Where accounts of this address live; a key works in one region only (Tripo's Python SDK 0.4.2)."""
    host = _host_of(base_url)
    if is_loopback(host):
        return "local"
    if host.endswith(".tripo3d.com"):
        return "china"
    return "international" if host.endswith(".tripo3d.ai") else "other"


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_base(base_url: str) -> str:
    """The address without its last slash; raises SettingsError when it is none."""
    base = base_url.strip().rstrip("/")
    if not base.lower().startswith(("http://", "https://")) or not _host_of(base):
        raise SettingsError(
            "TRIPO_API_BASE is not an http(s) address.",
            suggestion=f"Leave it empty for Tripo's own, or write it in full: {API_BASES['v3']}.",
        )
    return base


def is_public_link(url: str, schemes: Iterable[str] = ("http", "https")) -> bool:
    """Whether a link leads to a host that anybody on the internet can ask: no private address, no bare name."""
    host = _host_of(url)
    if url.partition(":")[0].lower() not in schemes or not host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        is_name = "." in host and not host.rpartition(".")[2].isdecimal()  # 127.1 is an address to some
        return is_name and not host.endswith((".localhost", ".local", ".internal"))


def link_is_loopback(url: str) -> bool:
    """Whether a link leads to this very machine."""
    return is_loopback(_host_of(url)) and url.partition(":")[0].lower() in ("http", "https")


def base_is_loopback(base_url: str) -> bool:
    """Whether the API is on this very machine, as the sandbox is."""
    return is_loopback(_host_of(base_url))


def check_link(url: str, file_hosts: Iterable[str], *, from_loopback: bool) -> None:
    """Raise RejectedError `file_host_refused` unless a file may be fetched from there.

    Only https, and only from hosts that are named or end in a named suffix; with the API on loopback also http
    and https from loopback. A link comes from outside: it must not lead us into a private network.
    """
    host = _host_of(url)
    scheme = url.partition(":")[0].lower()
    if from_loopback and is_loopback(host) and scheme in ("http", "https"):
        return
    if scheme == "https" and any(_covers(allowed, host) for allowed in file_hosts):
        return
    raise RejectedError(
        f"The provider's link leads to {host or 'no host'}, from where no file is fetched.",
        suggestion="If this host is Tripo's, add it to TRIPO_FILE_HOSTS.",
        code="file_host_refused",
    )


def _covers(allowed: str, host: str) -> bool:
    name = allowed.strip().lower().strip(".")
    return bool(name) and (host == name or host.endswith("." + name))


def _host_of(url: str) -> str:
    """The host in lower case; empty when there is none, or when a name and password stand before it."""
    if any(character in "\\ " or not character.isprintable() for character in url):
        return ""  # parsers read these differently
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    return host if port_is_number and host.isascii() and "@" not in parts.netloc else ""
