"""Words of people and of the provider, shown as they are: no Markdown, no HTML, no Streamlit directive."""

from __future__ import annotations

import html
import re
from typing import Final

WORD_JOINER: Final = "\u2060"  # takes no room; keeps two characters from being read as one sign
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_DRAWN_AS_SIGN: Final = re.compile(r"(?<=[-<>=~])(?=[-<>=~])")  # Streamlit draws -> as an arrow, -- as a dash
# Addresses become links without being marked (GitHub Flavored Markdown, autolinks), escaped or not.
_MADE_A_LINK: Final = re.compile(r"(?<=://)|(?<=@)|(?<=www)(?=\.)", re.IGNORECASE)
_LONGEST: Final = 500


def as_markdown(text: str) -> str:
    """Write a text so that Markdown shows exactly it, on one line."""
    line = _MADE_A_LINK.sub(WORD_JOINER, _DRAWN_AS_SIGN.sub(WORD_JOINER, one_line(text)))
    return _PUNCTUATION.sub(r"\\\1", line)


def as_html(text: str) -> str:
    """Write a text so that HTML shows exactly it."""
    return html.escape(text, quote=True)


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Bring a text onto one line; what is longer than `longest` characters ends in an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
