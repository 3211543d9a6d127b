"""Counts in words, where they are counted only so far."""

from __future__ import annotations


def up_to(most: int, count: int) -> str:
    """Write a count that stops at one above `most`: `1,000+` is more than 1,000."""
    return f"{most:,}+" if count > most else f"{count:,}"
