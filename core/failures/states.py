"""What people say about a group of failures. Pure words; `core.failures.inbox` keeps them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

INTERRUPTED: Final = "interrupted"  # the word for an order whose sender of ours stopped in the middle


class GroupState(StrEnum):
    """What was last said about a group; whether it holds still is worked out when the group is read."""

    OPEN = "open"
    IGNORED = "ignored"
    RESOLVED = "resolved"
