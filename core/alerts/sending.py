"""Sending a message to a service through Apprise: the only place that knows it.

Apprise is loaded when it is first needed: its plugins take half a second and 20 MB.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.errors import HatcheryError, OrderError

if TYPE_CHECKING:
    from apprise import NotifyBase

ANSWER_WITHIN_SECONDS: Final = 8.0
DONE_WITHIN_SECONDS: Final = 20.0
LONGEST_ADDRESS: Final = 2_000
# They would show it on this machine's own screen, or write it into its log, where nobody looks.
_STAY_HERE: Final = frozenset(
    ("blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows")
)
_HTTP_STATUS: Final = re.compile(r"error=(\d{3})")

_apprise_log = logging.getLogger("apprise")
_apprise_log.setLevel(logging.WARNING)
_apprise_log.propagate = False  # its words may hold parts of an address: read here, written nowhere
_apprise_log.addHandler(logging.NullHandler())


class AlertUndeliveredError(HatcheryError):
    """A service did not take a message."""

    code = "alert_undelivered"


class AlertAddressError(OrderError):
    """An address to which nothing can be sent."""

    code = "alert_address_invalid"


def service_of(address: str) -> str:
    """Name the service of an address, such as `slack`, and check that it can be sent to; raises AlertAddressError."""
    _service_at(address)
    return urlsplit(address.strip()).scheme.lower()[:32]


def send(address: str, title: str, body: str) -> None:
    """Send one message, once; raises AlertUndeliveredError with the reason in a sentence, never the address."""
    from apprise import Apprise, AppriseResultStatus, NotifyFormat, NotifyType

    service = _service_at(address)
    door = Apprise(asset=service.asset)
    door.add(service)
    result = door.notify(
        body=body, title=title, notify_type=NotifyType.WARNING, body_format=NotifyFormat.TEXT
    )
    if result.status == AppriseResultStatus.SUCCESS:
        return
    said = " ".join(entry.message for entry in result.logs())
    raise AlertUndeliveredError(
        _reason(said, is_late=result.status == AppriseResultStatus.TIMEOUT),
        suggestion="It is tried again by itself, with growing pauses.",
    )


def _service_at(address: str) -> NotifyBase:
    from apprise import Apprise, AppriseAsset

    text = address.strip()
    scheme = text.partition("://")[0].lower()
    if scheme in _STAY_HERE:
        raise AlertAddressError(
            "This kind of address stays on the machine that Hatchery runs on.",
            suggestion="Use a service that reaches people, such as mailto://, slack:// or discord://.",
            field="url",
        )
    asset = AppriseAsset(
        storage_mode="memory", service_timeout=DONE_WITHIN_SECONDS, allow_templates=False, app_id="Hatchery"
    )
    service = Apprise.instantiate(text, asset=asset) if len(text) <= LONGEST_ADDRESS else None
    if service is None:
        raise AlertAddressError(
            "This is not an address that alerts can be sent to.",
            suggestion="Write it as Apprise does, for example slack://TokenA/TokenB/TokenC or "
            "mailto://user:password@example.com; appriseit.com/services lists them all.",
            field="url",
        )
    service.retry, service.optional = 0, False  # tried again by the outbox; and a failure is one
    service.socket_connect_timeout = service.socket_read_timeout = ANSWER_WITHIN_SECONDS
    return service


def _reason(said: str, *, is_late: bool) -> str:
    status = _HTTP_STATUS.search(said)
    if status is not None:
        return f"The service answered with HTTP {status[1]}: it did not take the message."
    if is_late or "timed out" in said.lower():
        return "The service did not answer in time."
    if "onnection" in said or "ocket" in said:
        return "The service cannot be reached."
    return "The service did not take the message; its address or its rights may be wrong."
