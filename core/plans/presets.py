"""Animation names as authors write them, and the presets that they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from core.plans.notes import Notes, excerpt
from core.tripo import ALL_PRESETS

PLAIN_NAMES: Final = (
    "idle",
    "walk",
    "run",
    "jump",
    "climb",
    "dive",
)  # a Markdown plan has these without prefix
PREFIX: Final = "preset:"
LONGEST_WORD: Final = 60  # no preset's name is as long
WORDS_MOST: Final = 300  # of one asset; there are fewer presets
NAMED_AT_MOST: Final = 5  # unknown words in one sentence

_SEPARATORS = re.compile(r"[,;/&\n]|\band\b", re.IGNORECASE)
_NOTHING = frozenset(("none", "n/a", "na", "-", "\u2013", "\u2014"))
_WRAPPING = " \t\u00a0.*_`~\"'\u201c\u201d\u2018\u2019"


def _plain(name: str) -> str:
    """Make equal what differs in letter case, spaces, hyphens and underscores alone."""
    return re.sub(r"_?:_?", ":", re.sub(r"[\s_-]+", "_", name.strip().lower()))


_BY_PLAIN_NAME: Final[Mapping[str, str]] = {_plain(preset): preset for preset in ALL_PRESETS}


def preset_called(name: str) -> str | None:
    """Find the preset of this name, with or without its prefix; None when Tripo has none.

    What is called only `walk` is the preset of that name, and where there is none, the one for bipeds.
    """
    return _preset_called(name) if len(name) <= LONGEST_WORD else None


@lru_cache(maxsize=2_048)
def _preset_called(name: str) -> str | None:
    plain = _plain(name).removeprefix(PREFIX)
    return _BY_PLAIN_NAME.get(PREFIX + plain) or _BY_PLAIN_NAME.get(f"{PREFIX}biped:{plain}")


def animation_words(text: str) -> list[str]:
    """Split a list of animations as people write it."""
    if text.strip().lower() in _NOTHING:
        return []
    return [word for word in (part.strip(_WRAPPING) for part in _SEPARATORS.split(text, WORDS_MOST)) if word]


def read_animations(
    words: Iterable[str], notes: Notes, line: int, *, plain_only: bool = False, column: str | None = None
) -> tuple[str, ...]:
    """Turn words into presets, once each and in order; what is none is left out and told.

    With `plain_only`, as in Markdown, a word without prefix counts only when it is one of the six plain names.
    """
    presets: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for word in words:
        bare = plain_only and word.lower() not in PLAIN_NAMES and not _plain(word).startswith(PREFIX)
        preset = None if bare else preset_called(word)
        if preset is None:
            unknown[word] = None
        else:
            presets[preset] = None
    if unknown:
        notes.warn(line, "animation_unknown", _left_out(list(unknown), notes), column)
    return tuple(presets)


def _left_out(words: Sequence[str], notes: Notes) -> str:
    """Say which words were left out, and what would be right."""
    some = words[:NAMED_AT_MOST]
    more = f" and {len(words) - len(some)} more" if len(words) > len(some) else ""
    hints = [hint for hint in (_hint(word, notes) for word in some) if hint]
    return (
        f"Unknown animation left out: {', '.join(excerpt(word) for word in some)}{more}. "
        f"The plain names are {', '.join(PLAIN_NAMES)}.{''.join(hints)}"
    )


def _hint(word: str, notes: Notes) -> str:
    exact = preset_called(word)
    if exact is not None:
        return f" Write {exact} for {excerpt(word)}."
    plain = _plain(word).removeprefix(PREFIX)
    near = notes.nearest(plain, PLAIN_NAMES) or notes.nearest(PREFIX + plain, ALL_PRESETS)
    near = near or notes.nearest(f"{PREFIX}biped:{plain}", ALL_PRESETS)
    return f" Did you mean {near}?" if near else ""
