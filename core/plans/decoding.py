"""From the bytes of a file to text with plain line ends, in the encodings that people's programs write."""

from __future__ import annotations

import codecs
import re
from typing import Final

from core.errors import PlanRefusedError
from core.plans.limits import TEXT_BYTES_MOST
from core.plans.notes import Notes
from core.plans.refusals import too_large

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 4_096
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def plain_text(content: bytes | str, notes: Notes) -> str:
    """Return the text with line feeds alone as line ends, and no byte-order mark.

    Raises PlanRefusedError for what is too large, in no encoding that we know, or no text.
    """
    size = len(content)
    if size > TEXT_BYTES_MOST:
        raise too_large("The plan", size, TEXT_BYTES_MOST)
    text = content if isinstance(content, str) else _decoded(content, notes)
    _refuse_binary(text)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes, notes: Notes) -> str:
    encoding = _encoding_of(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise _unreadable() from None
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _unreadable() from None
    if _CONTROL.search(text):
        raise _not_text()
    notes.warn(
        None,
        "encoding_guessed",
        "The file is not in UTF-8 and was read as Windows-1252; look at letters with accents.",
    )
    return text


def _encoding_of(content: bytes) -> str:
    """Name the encoding by its mark; without one, text of plain letters in UTF-16 has every second byte zero."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:_SAMPLE_BYTES]
    half = len(sample) // 2
    if half and len(content) % 2 == 0:
        for encoding, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
            if sample[zeros::2].count(0) > 0.6 * half and sample[letters::2].count(0) == 0:
                return encoding
    return "utf-8"


def _refuse_binary(text: str) -> None:
    found = "\x00" in text or len(_CONTROL.findall(text[:_SAMPLE_BYTES])) > len(text[:_SAMPLE_BYTES]) // 50
    if found:
        raise _not_text()
    if _SURROGATE.search(text):
        raise _unreadable()


def _not_text() -> PlanRefusedError:
    return PlanRefusedError(
        "The file is not text: it has bytes in it that no text has.",
        suggestion="Send the plan as Markdown, CSV, TSV, XLSX, JSON or YAML.",
        code="plan_not_text",
    )


def _unreadable() -> PlanRefusedError:
    return PlanRefusedError(
        "The file's letters are in an encoding that is not known, or are damaged.",
        suggestion="Save it again as UTF-8.",
        code="plan_encoding_unknown",
    )
