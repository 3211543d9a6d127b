"""Words about groups of failures: what sort of trouble each is, and what people say about it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

INTERRUPTED: Final = "interrupted"  # the word for an order whose sender of ours stopped in the middle


class GroupState(StrEnum):
    """What was last said about a group; whether it holds still is worked out when the group is read."""

    OPEN = "open"
    IGNORED = "ignored"
    RESOLVED = "resolved"


class Trouble(StrEnum):
    """What sort of trouble the tasks of a group are in."""

    FAILED = "failed"  # they ended badly
    NEEDS_PERSON = "needs_person"  # they stand still until somebody acts
    INTERRUPTED = "interrupted"  # a crash of ours; somebody decides what became of them
    WAITS = "waits"  # they stand still, and go on by themselves
