"""Which format a file has: by what is in it, for names lie; the name decides between those that are possible."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from core.errors import PlanRefusedError
from core.plans.plan import FORMATS, Format
from core.plans.tables import delimiter_of

_BY_ENDING: Final[dict[str, Format]] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_WORKBOOK_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_STARTS: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file, or one with a password"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "rich text (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"glTF", "a 3D model"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|html|head|body|table|svg|Workbook)\b", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\]\"]|$))")
_YAML = re.compile(
    r"^(?:assets:[ \t]*(?:$|\[)|-[ \t]+[\"']?(?:key|id|name|category|tag)[\"']?[ \t]*:)",
    re.MULTILINE | re.IGNORECASE,
)
_YAML_NAME = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?name[\"']?[ \t]*:", re.MULTILINE | re.IGNORECASE)
_TAGGED_BULLET = re.compile(
    r"^[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]*[*_`~]{0,3}\[(?:RIG|STATIC)\]", re.MULTILINE | re.IGNORECASE
)
_MARKDOWN = re.compile(r"^[ \t]*(?:#|-|[*+•]\s|\d{1,9}[.)]\s)", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n", re.MULTILINE)


def is_workbook(content: bytes | str) -> bool:
    """Say whether the bytes are an archive, as a workbook is."""
    return isinstance(content, bytes) and content.startswith(_WORKBOOK_STARTS)


def checked_format(name: str) -> Format:
    """Return a format that was named; raises PlanRefusedError for one that there is not."""
    word = name.strip().lower()
    for known in FORMATS:
        if word in (known, {"markdown": "md", "yaml": "yml"}.get(known)):
            return known
    raise PlanRefusedError(
        f"There is no plan format called {name[:40]!r}.",
        suggestion=f"Use one of: {', '.join(FORMATS)}.",
        code="plan_format_unknown",
    )


def format_of_name(filename: str) -> Format | None:
    """Find the format that a file's ending names; only the ending is looked at."""
    return _BY_ENDING.get(PurePosixPath(filename.replace("\\", "/")).suffix.lower())


def refuse_other_kinds(content: bytes | str) -> None:
    """Raise PlanRefusedError, with the kind, for files that are well known and no plans."""
    if isinstance(content, bytes):
        kind = next((kind for start, kind in _OTHER_STARTS if content.startswith(start)), None)
    else:
        kind = "rich text (RTF)" if content.startswith("{\\rtf") else None
    head = (
        content[:200].decode("latin-1").lstrip("\xef\xbb\xbf")
        if isinstance(content, bytes)
        else content[:200]
    )
    if kind is None and _MARKUP.match(head):
        kind = "a web page or XML"
    if kind is not None:
        raise PlanRefusedError(
            f"The file is {kind}, not a plan.",
            suggestion="Save the plan as Markdown, CSV, TSV, XLSX, JSON or YAML.",
            code="plan_format_unknown",
        )


def format_of_text(text: str, named: Format | None) -> Format:
    """Find the format that the text can be: the named one if possible, else the first that fits, else Markdown."""
    if named is not None and _fits(text, named):
        return named
    if _TAGGED_BULLET.search(text):
        return "markdown"
    guesses: tuple[Format, ...] = ("json", "yaml", "csv", "markdown")
    guess = next((some for some in guesses if _fits(text, some, fields_least=2)), named or "markdown")
    if guess == "csv" and delimiter_of(text) == "\t":
        return "tsv"
    return guess if guess != "xlsx" else "markdown"


def without_fence(text: str) -> str:
    """Return what is inside the first code fence, if there is one, with its lines at the numbers that they have."""
    opening = _FENCE.search(text)
    if opening is None:
        return text
    closing = re.compile(rf"^[ \t]*{opening[1]}[ \t]*$", re.MULTILINE).search(text, opening.end())
    end = closing.start() if closing is not None else len(text)
    return "\n" * text.count("\n", 0, opening.end()) + text[opening.end() : end]


def _fits(text: str, form: Format, fields_least: int = 1) -> bool:
    inside = without_fence(text)
    if form == "json":
        return _JSON.match(inside) is not None
    if form == "yaml":
        shown = _YAML if fields_least < 2 else _YAML_NAME
        return shown.search(inside) is not None or _JSON.match(inside) is not None
    if form in ("csv", "tsv"):
        return delimiter_of(inside, fields_least) is not None
    if form == "markdown":
        is_json = _JSON.match(inside) is not None and _TAGGED_BULLET.search(text) is None
        return _MARKDOWN.search(text) is not None and not is_json
    return False
