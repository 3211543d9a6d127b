"""The words in which people ask for assets: `state:failed tag:rig plan:"Night" -has:clip knight "old sword"`.

A word by itself, or several in quotes, is looked for in the texts of an asset; `word:value` asks for a fact of it, and
a minus before either asks for the opposite. The same word twice asks for one or the other. What is still being typed
(`state:`, a quote without its end) never raises an error.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from core.errors import OrderError
from core.lifecycle import Approval, AssetStatus

TEXT: Final = ""  # the word of a term that looks for text
LONGEST: Final = 500
MOST_TERMS: Final = 30

MOVING: Final = "moving"  # any state between ordered and ended
UNKNOWN: Final = "unknown"  # an order's answer was lost
REMOVED: Final = "removed"  # it left its plan
STATES: Final = (*(status.value for status in AssetStatus), MOVING, UNKNOWN, REMOVED)
HAS: Final = ("model", "rig", "clip", "picture")
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "state": STATES,
    "tag": ("rig", "static"),
    "approval": tuple(approval.value for approval in Approval),
    "has": HAS,
}
NAMED: Final = ("category", "plan", "project", "by")  # any value: a name, or a part of one
SINCE: Final = "since"  # changed since: a time, or so long ago
WORDS: Final = (*VALUES, *NAMED, SINCE)

_TERM: Final = re.compile(
    r"""(?P<minus>-?)(?:(?P<word>[^\s":]+):(?!//))?(?:"(?P<quoted>(?:\\.|[^"\\])*)(?:"|\\?$)|(?P<bare>\S*))""",
    re.DOTALL,
)
_AGO: Final = re.compile(r"(\d{1,4})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_CLOSE_ENOUGH: Final = 0.6


class Term(NamedTuple):
    """One condition: `word` is one of WORDS, or TEXT for text that is looked for."""

    word: str
    value: str
    is_negated: bool = False

    def __str__(self) -> str:
        """Write the term so that it is read as the same."""
        value = self.value
        odd = r'[\s"\\]|^//' if self.word else r'[\s":\\]|^-'
        plain = value and not re.search(odd, value)
        if not plain:
            value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{'-' if self.is_negated else ''}{self.word}{':' if self.word else ''}{value}"


class Query(NamedTuple):
    """What was asked for; without terms, everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """Write the query so that it is read as the same."""
        return " ".join(str(term) for term in self.terms)

    def only(self, word: str) -> str | None:
        """Return the value that a word asks for; None when it is not there, negated, or there twice."""
        found = [term for term in self.terms if term.word == word]
        return found[0].value if len(found) == 1 and not found[0].is_negated else None

    def having(self, word: str, value: str | None) -> Query:
        """Ask for this value of a word and no other; None asks for any."""
        others = tuple(term for term in self.terms if term.word != word)
        return Query((Term(word, value), *others) if value else others)


def read_query(text: str) -> Query:
    """Read a query; raises OrderError for a word or a value that there is not, with the nearest that there is."""
    if len(text) > LONGEST:
        raise _refused(f"A search may have {LONGEST} characters at most.", "Leave some of it out.")
    if not all(c.isprintable() or c.isspace() for c in text):
        raise _refused("The search holds a character that cannot be shown.", "Type it again.")
    terms = [_term(match) for match in _TERM.finditer(text)]
    found = tuple(dict.fromkeys(term for term in terms if term.value))
    if len(found) > MOST_TERMS:
        raise _refused(f"A search may have {MOST_TERMS} parts at most.", "Leave some of them out.")
    return Query(tuple(_checked(term) for term in found))


def last_typed(text: str) -> tuple[str, str]:
    """Part a query into what is done and the word that is being typed, which may be empty."""
    begins = [match.start() for match in _TERM.finditer(text) if match[0]]
    begin = begins[-1] if begins and not text[-1:].isspace() else len(text)
    return text[:begin], text[begin:]


def moment_of(value: str, now: datetime) -> datetime:
    """Read the value of `since:`: `30m`, `2h` or `7d` ago, a day, or a time (UTC when it names no zone)."""
    ago = _AGO.fullmatch(value.lower())
    if ago:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(value.upper())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refused(
            f"“{value}” is no time.", "Write since:2h, since:7d, or a day such as since:2026-05-31."
        ) from None


def nearest(value: str, known: Iterable[str]) -> str | None:
    """Name the known word that was probably meant; None when none is near."""
    by_fold = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(value.casefold(), by_fold, n=1, cutoff=_CLOSE_ENOUGH)
    return by_fold[close[0]] if close else None


def _term(match: re.Match[str]) -> Term:
    quoted, bare = match["quoted"], match["bare"] or ""
    value = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else bare
    word = (match["word"] or TEXT).casefold()
    return Term(word, " ".join(value.split()), bool(match["minus"]))


def _checked(term: Term) -> Term:
    if term.word == TEXT or term.word in NAMED:
        return term
    if term.word == SINCE:
        moment_of(term.value, datetime.now(UTC))
        return term
    if term.word not in VALUES:
        raise _unknown_word(term)
    value = term.value.casefold()
    if value not in VALUES[term.word]:
        meant = nearest(value, VALUES[term.word])
        offered = f"Did you mean {term.word}:{meant}? " if meant else ""
        raise _refused(
            f"“{term.value}” is no {term.word}.", f"{offered}There are {', '.join(VALUES[term.word])}."
        )
    return term._replace(value=value)


def _unknown_word(term: Term) -> OrderError:
    meant = nearest(term.word, WORDS)
    offered = f"Did you mean {meant}:{term.value}? " if meant else f"There are {', '.join(WORDS)}. "
    return _refused(
        f"“{term.word}:” is nothing that can be asked for.",
        f"{offered}To look for the text itself, put it in quotes.",
    )


def _refused(message: str, suggestion: str) -> OrderError:
    return OrderError(message, suggestion=suggestion, code="bad_query", field="q")
