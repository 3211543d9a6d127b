"""What a provider's error code means to us. The rows are in `codes_v2` and `codes_v3`, which share none.

The same number means different things in the two versions (v3's 1000 is a wrong key, v2's a server error), so
a code is only ever looked up in the table of the version that sent it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import TripoError


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One documented error code.

    `http` are the statuses it is documented with, `word` is ours, `raises` what it means as the answer to a
    create. `repeatable`: the same order may succeed later. `stops`: until then no order of this key fares better.
    """

    http: tuple[int, ...]
    word: str
    message: str
    suggestion: str
    raises: type[TripoError]
    repeatable: bool = False
    stops: bool = False
    reason: str | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class CodeTable:
    """All codes of one version, and what is said when the version's routes are not there at all."""

    rows: Mapping[int, CodeRow]
    route_missing: CodeRow

    def row_for(self, code: int | None) -> CodeRow | None:
        """The row of a code; router errors (9xxx) all mean that the route is missing."""
        if code is None:
            return None
        return self.route_missing if 9000 <= code <= 9999 else self.rows.get(code)
