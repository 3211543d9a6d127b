"""The Markdown plan: headings are categories, bullets with a tag are assets, two kinds of indented lines say more.

The format is Asset Hatch's. What worked there reads the same here; what went wrong there by accident (a tab for an
indent, emphasis around a tag, numbered bullets) reads as it was meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.plans.limits import ASSETS_MOST
from core.plans.notes import Notes, excerpt
from core.plans.plan import UNCATEGORIZED, PlanRow, Tag
from core.plans.presets import animation_words, read_animations
from core.plans.refusals import too_many_assets

UNNAMED: Final = "Unnamed Asset"

_TAG = r"\\?\[\s*(?P<tag>RIG|STATIC)\s*\\?\]"
_BULLET = re.compile(r"(?P<sign>[-*+•‣◦·–—]|\d{1,9}[.)])(?P<rest>.*)", re.DOTALL)
_LEADING_TAG = re.compile(
    rf"(?:\[[ xX]?\]\s*+)?(?P<mark>\*{{1,3}}|_{{1,3}}|~~|`+)?\s*{_TAG}(?P<name>.*)", re.IGNORECASE | re.DOTALL
)
_ANY_TAG = re.compile(r"[\[({<]\s*(?:RIG|STATIC)\s*\\?[\])}>]", re.IGNORECASE)
_FOREIGN_TAG = re.compile(r"\[(?P<word>[A-Z][A-Z0-9_ -]*)(?::\s*\d+)?\]")
_KEY = r"(?P<key>Description|Animations?)"
_DETAIL = re.compile(rf"{_KEY}\s*:(?P<value>.*)", re.IGNORECASE | re.DOTALL)
_EMPHASISED_DETAIL = re.compile(
    rf"(?P<mark>[*_`]{{1,3}})\s*{_KEY}\s*(?:(?P=mark)\s*:|:\s*(?P=mark))(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHOLLY_EMPHASISED_DETAIL = re.compile(
    rf"(?P<mark>[*_`]{{1,3}})\s*{_KEY}\s*:(?P<value>.*?)(?P=mark)$", re.IGNORECASE | re.DOTALL
)
_DETAIL_IN_NAME = re.compile(r"\b(?:Description|Animations?)\s*:", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """An asset whose details may still come."""

    line: int
    name: str
    category: str
    tag: Tag
    description: str = ""
    animations: tuple[str, ...] = ()

    def as_row(self) -> PlanRow:
        return PlanRow(
            line=self.line,
            name=self.name,
            category=self.category,
            tag=self.tag,
            description=self.description,
            animations=self.animations,
        )


def read_markdown(text: str, notes: Notes) -> list[PlanRow]:
    """Read a plan's text, with any line ends; raises PlanRefusedError when it has too many assets."""
    return _Reader(notes).read(text)


class _Reader:
    """Goes through the lines once; what is open are a category, an asset and perhaps its description."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._category = UNCATEGORIZED
        self._asset: _Draft | None = None
        self._description_is_open = False
        self._done: list[PlanRow] = []

    def read(self, text: str) -> list[PlanRow]:
        for number, line in enumerate(text.split("\n"), start=1):
            self._line(number, line)
        self._close()
        return self._done

    def _line(self, number: int, line: str) -> None:
        content = line.strip()
        was_open, self._description_is_open = self._description_is_open, False
        if not content or _is_rule(content):
            return
        if content[0] == "#":
            self._heading(content)
            return
        bullet = _BULLET.match(content)
        if bullet is None or not _is_bullet(bullet["sign"], bullet["rest"]):
            self._prose(number, content, continues=was_open and line[0].isspace())
        else:
            self._bullet(number, bullet["sign"], bullet["rest"], _indent(line))

    def _heading(self, content: str) -> None:
        if content.startswith("##"):
            self._close()
            self._category = content.lstrip("#").strip() or UNCATEGORIZED

    def _prose(self, number: int, content: str, *, continues: bool) -> None:
        looks_like_detail = _detail(content) is not None
        if continues and self._asset is not None and not looks_like_detail and not _is_fence(content):
            self._asset.description = f"{self._asset.description} {content}".strip()
            self._description_is_open = True
            return
        if _LEADING_TAG.match(content.lstrip("|> ")):
            self._notes.warn(
                number,
                "asset_without_bullet",
                f"{excerpt(content)} is not read as an asset: begin the line with a hyphen.",
            )
        elif looks_like_detail and self._asset is not None:
            self._notes.warn(
                number,
                "detail_without_bullet",
                f"{excerpt(content)} is not read: begin it with two spaces and a hyphen.",
            )

    def _bullet(self, number: int, sign: str, rest: str, indent: int) -> None:
        detail = _detail(rest.strip())
        if detail is not None:
            self._detail(number, *detail)
            return
        tagged = _LEADING_TAG.match(rest.strip())
        if tagged is not None:
            self._open(number, _tag(tagged["tag"]), _unwrapped(tagged["name"], tagged["mark"]))
        elif sign == "-" and indent < 2:
            self._open(number, "STATIC", rest.strip())
        elif _ANY_TAG.search(rest):
            self._notes.warn(
                number,
                "tag_misplaced",
                f"{excerpt(rest.strip())} is not read as an asset: put the tag first, as in - [RIG] Captain.",
            )

    def _open(self, number: int, tag: Tag, name: str) -> None:
        self._close()
        if len(self._done) >= ASSETS_MOST:
            raise too_many_assets(number)
        self._asset = _Draft(number, name or UNNAMED, self._category, tag)
        self._warn_of_name(number, name)

    def _warn_of_name(self, number: int, name: str) -> None:
        if not any(map(str.isalnum, name)):
            self._notes.warn(
                number, "name_missing", f"The asset has no name; it is called {name or UNNAMED}."
            )
            return
        foreign = _FOREIGN_TAG.match(name)
        if _ANY_TAG.search(name):
            self._notes.warn(
                number,
                "tag_misplaced",
                f"{excerpt(name)} has a tag inside its name; only one at the start of the bullet counts.",
            )
        elif foreign is not None:
            hint = self._notes.did_you_mean(foreign["word"], ("RIG", "STATIC"))
            self._notes.warn(
                number,
                "tag_unknown",
                f"{excerpt(foreign[0])} is not a tag of a 3D plan; use [RIG] or [STATIC].{hint}",
            )
        if _DETAIL_IN_NAME.search(name):
            self._notes.warn(
                number,
                "detail_in_name",
                f"{excerpt(name)} has a detail in its name: put it on an indented line below, after a hyphen.",
            )

    def _detail(self, number: int, key: str, value: str) -> None:
        if self._asset is None:
            self._notes.warn(number, "detail_without_asset", f"{key} stands under no asset; it is not read.")
        elif key == "Description":
            self._asset.description = value
            self._description_is_open = True
        else:
            if not value:
                self._notes.warn(
                    number,
                    "animations_empty",
                    "Animations names none: write them on this line, after the colon.",
                )
            words = animation_words(value)
            self._asset.animations = read_animations(words, self._notes, number, plain_only=True)

    def _close(self) -> None:
        if self._asset is not None:
            self._done.append(self._asset.as_row())
            self._asset = None


def _indent(line: str) -> int:
    """Count the columns before the text; a tab is two at least."""
    return sum(2 if sign == "\t" else 1 for sign in line[: len(line) - len(line.lstrip())])


def _is_rule(content: str) -> bool:
    """Say whether a line is a rule: three or more of one sign and nothing else but spaces."""
    return (
        content[0] == content[-1]
        and content[0] in "-*_"
        and set(content) <= {content[0], " "}
        and content.count(content[0]) >= 3
    )


def _is_fence(content: str) -> bool:
    return content.startswith(("```", "~~~"))


def _is_bullet(sign: str, rest: str) -> bool:
    """Tell a bullet from prose that begins alike, as in "*tall* and thin" or "1.5 m high"; a hyphen always is one."""
    if sign == "-" or not rest or rest[0].isspace():
        return True
    return sign != "*" and rest[0] in "[*_`"


def _tag(word: str) -> Tag:
    return "RIG" if word.upper() == "RIG" else "STATIC"


def _unwrapped(name: str, mark: str | None) -> str:
    """Take the end of the emphasis that began before the tag out of what follows it."""
    if mark is None:
        return name.strip()
    if name.startswith(mark):
        return name.removeprefix(mark).strip()
    if name.rstrip().endswith(mark):
        return name.rstrip().removesuffix(mark).strip()
    return name.replace(mark, "", 1).strip()


def _detail(content: str) -> tuple[str, str] | None:
    """Part a detail into its key, as it should be written, and its value; None when it is no known detail."""
    found = (
        _DETAIL.match(content)
        or _EMPHASISED_DETAIL.match(content)
        or _WHOLLY_EMPHASISED_DETAIL.match(content)
    )
    if found is None:
        return None
    return "Description" if found["key"].lower() == "description" else "Animations", found["value"].strip()
