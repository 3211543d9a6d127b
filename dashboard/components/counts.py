"""Counts in words, where they are counted only so far."""

from __future__ import annotations

from core.schemas import AssetPage


def in_all(page: AssetPage) -> str:
    """Write how many match, as far as they are counted: `1,000+` is at least one more."""
    return f"{page.total or 0:,}{'+' if page.has_more else ''}"


def up_to(most: int, count: int) -> str:
    """Write a count that stops at one above `most`: `1,000+` is more than 1,000."""
    return f"{most:,}+" if count > most else f"{count:,}"
