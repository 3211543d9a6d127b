"""What a reader has to tell the author of a plan: kept in order, in plain words, and never without end."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from core.plans.limits import NOTES_MOST
from core.plans.plan import PlanNote

EXCERPT_LENGTH = 40
SUGGESTIONS_MOST = 300  # comparing a word with all others takes a millisecond


class Notes:
    """The warnings and errors of one reading."""

    def __init__(self) -> None:
        self.warnings: list[PlanNote] = []
        self.errors: list[PlanNote] = []
        self._nearest: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def warn(self, line: int | None, code: str, message: str, column: str | int | None = None) -> None:
        """Say something that the author should see, though the plan can be applied."""
        _keep(self.warnings, line, code, message, column)

    def error(self, line: int | None, code: str, message: str, column: str | int | None = None) -> None:
        """Say what must be mended before the plan can be applied."""
        _keep(self.errors, line, code, message, column)

    def nearest(self, word: str, choices: Iterable[str]) -> str | None:
        """Find the choice that the author may have meant; None when nothing is near."""
        asked = (word[:EXCERPT_LENGTH].lower(), tuple(choices))
        if asked not in self._nearest:
            if len(self._nearest) >= SUGGESTIONS_MOST:
                return None
            lowered = {choice.lower(): choice for choice in asked[1]}
            found = difflib.get_close_matches(asked[0], lowered, n=1)
            self._nearest[asked] = lowered[found[0]] if found else None
        return self._nearest[asked]

    def did_you_mean(self, word: str, choices: Iterable[str]) -> str:
        """Say the nearest choice as a sentence with a space before it; empty when nothing is near."""
        near = self.nearest(word, choices)
        return f" Did you mean {near}?" if near else ""


def excerpt(text: str) -> str:
    """Quote what was read, cut to a length that fits a sentence."""
    short = text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1] + "…"
    return '"' + "".join(sign if sign.isprintable() else " " for sign in short) + '"'


def _keep(notes: list[PlanNote], line: int | None, code: str, message: str, column: str | int | None) -> None:
    if len(notes) < NOTES_MOST:
        notes.append(PlanNote(line=line, column=column, message=message, code=code))
    elif len(notes) == NOTES_MOST:
        notes.append(PlanNote(line=None, message="There are more of these; they are not shown.", code="more"))
