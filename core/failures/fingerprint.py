"""What makes two failures the same: the step, who said so, its code, our word for it, and what its message means.

Ids, numbers, paths, addresses, quoted words and times differ from task to task and say nothing of the cause, so
they are taken out of the message before it counts. Pure.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple, Self

OURS: Final = "ours"  # who said so, when it was not the provider in one of its versions
ANY_STEP: Final = "any"  # of what holds up tasks of all steps
LONGEST: Final = 120
_TOLD: Final = 'Tripo says: "'  # as `tripo.envelope.with_their_words` writes it
_SAME_BEGINNING: Final = 100  # a message is cut at some length, and ids before that shift what is left


class Fingerprint(NamedTuple):
    """The identity of a group of failures, written as `generate.v3.1004.parameter_invalid.1f3a9c02`."""

    step: str
    said_by: str  # v2, v3 or ours
    provider_code: int | None
    word: str
    meaning: str = "0"  # of the message, hashed; 0 when it says no more than the word

    def __str__(self) -> str:
        code = "0" if self.provider_code is None else str(self.provider_code)
        return ".".join((self.step, self.said_by, code, self.word, self.meaning))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a fingerprint back; None for what is none."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        step, said_by, code, word, meaning = found.groups()
        return cls(step, said_by, int(code) or None, word, meaning)


_WRITTEN: Final = re.compile(r"([a-z_]{1,20})\.(v2|v3|ours)\.(\d{1,7})\.([a-z0-9_]{1,60})\.(0|[0-9a-f]{8})")


def fingerprint_of(
    step: str, word: str, message: str = "", *, said_by: str | None = None, provider_code: int | None = None
) -> str:
    """Name the group of a failure; `said_by` is the version of the provider's API, None when it is ours to say."""
    words = their_words(message) if said_by else message
    code = provider_code if provider_code is None or 0 < provider_code < 10**7 else None
    return str(Fingerprint(step, said_by or OURS, code, word, meaning_of(words)))


def meaning_of(message: str) -> str:
    """Hash what a message means, 0 for an empty one."""
    plain = normalised(message)[:_SAME_BEGINNING].rstrip()
    return hashlib.sha256(plain.encode()).hexdigest()[:8] if plain else "0"


def their_words(message: str) -> str:
    """Take the provider's own words out of a sentence of ours that cites them; empty when there are none."""
    _, _, told = message.partition(_TOLD)
    return told.removesuffix('"')


def normalised(message: str) -> str:
    """Write a message without what differs from task to task."""
    text = message
    for pattern, stand_in in _DIFFERS:
        text = pattern.sub(stand_in, text)
    return " ".join(text.casefold().split()).strip(" .!…")


# In this order: an address holds a path, a path holds ids, an id holds numbers.
_DIFFERS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), stand_in)
    for pattern, stand_in in (
        (r"\b[a-z][a-z0-9+.-]*://\S+|\(link\)", "(link)"),
        (r"“[^”]*”|‘[^’]*’|«[^»]*»|\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']*'(?!\w)", "(words)"),
        (r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?", "(time)"),
        (r"\b\d\d?:\d\d(?::\d\d(?:\.\d+)?)?\b", "(time)"),
        (r"(?<![\w(])(?:[a-z]:)?(?:[\\/][\w.@~+-]+){2,}[\\/]?", "(path)"),
        (
            r"\b[\w.@~+-]+(?:[\\/][\w.@~+-]+)*\.(?:glb|gltf|fbx|obj|zip|png|jpe?g|webp|bin|tmp|py|cc|cpp)\b",
            "(path)",
        ),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "(id)"),
        (r"\b(task|job|trace|request|worker|node|host|session)(?:[ _-]?id)?\s*[:=#]\s*[\w-]+", r"\1 (id)"),
        (r"\bpreset:[\w:]+", "(animation)"),
        (r"…\w+", "(id)"),
        (r"\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{6,}\b", "(id)"),
        (r"\b[0-9a-f]{8,}\b", "(id)"),
        (r"[-+]?\d+(?:[.,:]\d+)*", "#"),
    )
)
