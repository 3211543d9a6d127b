"""The fields of an asset in every format but Markdown: their names as people write them, their values as they come.

A value from a sheet or from YAML is text, from JSON it has its type; both read alike.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from functools import cache, partial
from typing import Any, Final, NamedTuple, cast, get_args

from core.errors import OrderError
from core.plans.limits import PRIORITY_MOST, SEED_MOST, TEXT_LENGTH_MOST, VARIANTS_MOST
from core.plans.notes import Notes, excerpt
from core.plans.plan import UNCATEGORIZED, PlanRow, SizeClass, Tag
from core.plans.presets import animation_words, read_animations
from core.steps import checked_options
from core.tripo import GenerationOptions

# The first name is ours, the others are understood as well.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "key": ("key", "id"),
    "name": ("name", "asset name", "asset"),
    "category": ("category", "group"),
    "tag": ("tag",),
    "description": ("description", "prompt"),
    "animations": ("animations", "animation"),
    "sizeClass": ("size class", "size"),
    "priority": ("priority",),
    "variants": ("variants", "variant"),
    "seed": ("seed",),
    "options": ("options",),
}
# What an exported plan has besides, and what people keep beside their lists: read over without a word.
_READ_OVER: Final = frozenset(
    (
        "assetid",
        "status",
        "approval",
        "progress",
        "credits",
        "error",
        "files",
        "note",
        "notes",
        "comment",
        "line",
    )
)
_SMART_QUOTES: Final = str.maketrans("\u201c\u201d\u201e\u2018\u2019", '"""\'\'')
_INTEGER = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?=(?:\.00?)?$)")
_TRUE: Final = frozenset(("true", "yes", "1", "1.0"))
_FALSE: Final = frozenset(("false", "no", "0", "0.0"))


class Value(NamedTuple):
    """What stands in a field, and where a person finds it: a sheet's letter, a heading, a field's name."""

    given: Any
    column: str


class _UnfitError(Exception):
    """A value that cannot stand in its field; the message says what would be right."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def field_called(heading: str) -> str | None:
    """Find the field of this name, such as `name` or `options.faceLimit`; "" is read over, None is unknown."""
    plain = _plain(heading)
    return "" if plain in _READ_OVER else _fields_by_plain_name().get(plain)


def near_field(heading: str, notes: Notes) -> str:
    """Say which field may have been meant, as a sentence with a space before it."""
    known = [name.removeprefix("options.") for name in dict.fromkeys(_fields_by_plain_name().values())]
    return notes.did_you_mean(heading, known)


def row_of(values: Mapping[str, Value], line: int, notes: Notes) -> PlanRow | None:
    """Make the row of these fields, named as `field_called` names them; None, with errors noted, if it cannot be."""
    reading = _Reading(values, line, notes)
    read: dict[str, Any] = {
        "name": reading.take("name", _one_line),
        "key": reading.take("key", _one_line) or None,
        "category": reading.take("category", _one_line) or UNCATEGORIZED,
        "tag": reading.take("tag", lambda given: _tag(given, notes)) or "STATIC",
        "description": reading.take("description", _text) or "",
        "size_class": reading.take("sizeClass", lambda given: _size_class(given, notes)),
        "priority": reading.take("priority", lambda given: _integer(given, -PRIORITY_MOST, PRIORITY_MOST))
        or 0,
        "variants": reading.take("variants", lambda given: _integer(given, 1, VARIANTS_MOST)) or 1,
        "seed": reading.take("seed", lambda given: _integer(given, 0, SEED_MOST)),
        "options": reading.options(),
        "animations": reading.animations(),
    }
    if not read["name"] and not reading.has_name_error:
        notes.error(line, "name_missing", "The asset has no name.", reading.column("name"))
        return None
    if read["tag"] == "RIG" and read["options"].get("quad"):
        reading.refuse(
            "options", "quad_not_riggable", "A quad model is not rigged: leave out quad, or the tag RIG."
        )
    return None if reading.failed else PlanRow(line=line, **read)


class _Reading:
    """The reading of one row: takes its fields one by one and notes what is wrong with each."""

    def __init__(self, values: Mapping[str, Value], line: int, notes: Notes) -> None:
        self._values, self._line, self._notes = values, line, notes
        self.failed = False
        self.has_name_error = False

    def column(self, field: str) -> str:
        return self._values[field].column if field in self._values else field

    def refuse(self, field: str, code: str, message: str) -> None:
        self.failed = True
        self.has_name_error |= field == "name"
        self._notes.error(self._line, code, message, self.column(field))

    def take(self, field: str, parse: Callable[[Any], Any]) -> Any:
        """Read a field; None when it is not there, empty, or wrong."""
        value = self._values.get(field)
        if value is None or is_blank(value.given):
            return None
        try:
            return parse(value.given)
        except _UnfitError as unfit:
            self.refuse(field, unfit.code, f"{field} {unfit}")
            return None

    def animations(self) -> tuple[str, ...]:
        words = self.take("animations", _words) or ()
        return read_animations(words, self._notes, self._line, column=self.column("animations"))

    def options(self) -> dict[str, Any]:
        """Put together the options of one field and those with fields of their own, which win."""
        given = self.take("options", lambda value: _options_object(value, self._notes)) or {}
        for field in self._values:
            name = field.removeprefix("options.")
            if name != field:
                value = self.take(field, partial(_option, name))
                given |= {} if value is None else {name: value}
        if not given:
            return {}
        try:
            return checked_options(given, has_image=False)
        except OrderError as error:
            named = error.field or "options"
            where = named if named in self._values else "options"
            self.refuse(where, "options_invalid", _option_fault(named, error.message, given, self._notes))
            return {}


def is_blank(given: Any) -> bool:
    """Say whether nothing stands there: nothing at all, or white space."""
    return given is None or (isinstance(given, str) and not given.strip())


# --- one parser for each kind of value -----------------------------------------------------------------------


def _text(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise _UnfitError("not_text", f"is {_kind(given)}; write text.")
    if isinstance(given, float):
        if not math.isfinite(given):
            raise _UnfitError("not_text", "is not a number that can be written; write text.")
        given = int(given) if given.is_integer() else given
    if isinstance(given, str) and len(given) > TEXT_LENGTH_MOST:
        raise _UnfitError("text_too_long", f"has more than {TEXT_LENGTH_MOST:,} characters.")
    text = str(given).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip()
    if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in text):
        raise _UnfitError("character_invalid", "has a character that no text has (NUL, or half of a pair).")
    return text


def _one_line(given: Any) -> str:
    text = _text(given)
    return text if not set("\n\t\v\f") & set(text) else " ".join(text.split())


def _tag(given: Any, notes: Notes) -> Tag:
    word = _text(given).strip("[]`*_ ").upper()
    if word in get_args(Tag):
        return cast(Tag, word)
    hint = notes.did_you_mean(word, get_args(Tag))
    raise _UnfitError("tag_unknown", f"is {excerpt(_text(given))}; it may be RIG or STATIC.{hint}")


def _size_class(given: Any, notes: Notes) -> SizeClass:
    word = _text(given).lower()
    classes = get_args(SizeClass)
    if word in classes:
        return cast(SizeClass, word)
    hint = notes.did_you_mean(word, classes)
    raise _UnfitError(
        "size_class_unknown", f"is {excerpt(_text(given))}; it may be {', '.join(classes)}, or empty.{hint}"
    )


def _integer(given: Any, least: int, most: int) -> int:
    number = _whole(given)
    if number is None or not least <= number <= most:
        shown = excerpt(str(given)) if isinstance(given, str | int | float) else _kind(given)
        raise _UnfitError("number_invalid", f"is {shown}; it may be a whole number from {least} to {most}.")
    return number


def _whole(given: Any) -> int | None:
    """Read a whole number as sheets have it (12, 12.0, "12", "12.0", "1,200"); None when it is none."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return given
    if isinstance(given, float):
        return int(given) if math.isfinite(given) and given.is_integer() else None
    found = _INTEGER.match(given.strip()) if isinstance(given, str) else None
    return int(found[0].replace(",", "")) if found else None


def _words(given: Any) -> list[str]:
    if isinstance(given, list):
        return [word for part in given for word in animation_words(_text(part))]
    return animation_words(_text(given))


def _kind(given: Any) -> str:
    """Name what kind of value was read."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, date | time | timedelta):
        return f"a date or time ({given}); sheets make these of numbers by themselves, so format the cell as text"
    if isinstance(given, list):
        return "a list"
    return "an object" if isinstance(given, dict) else "of an unknown kind"


# --- options -------------------------------------------------------------------------------------------------


def _options_object(given: Any, notes: Notes) -> dict[str, Any]:
    if isinstance(given, list):
        raise _UnfitError("options_unreadable", 'is a list; write an object, as in {"faceLimit": 5000}.')
    pairs = given if isinstance(given, dict) else _options_in(_text(given).translate(_SMART_QUOTES))
    options: dict[str, Any] = {}
    for name, value in pairs.items():
        field = _fields_by_plain_name().get(_plain(name), "")
        if not field.startswith("options."):
            known = list(_option_schemas())
            raise _UnfitError(
                "option_unknown",
                f"has {excerpt(name)}, which is no option.{notes.did_you_mean(name, known)}"
                f" There are {', '.join(known)}.",
            )
        option = field.removeprefix("options.")
        if option in options:
            raise _UnfitError("field_twice", f"has {option} twice.")
        if not is_blank(value):
            options[option] = _option(option, value)
    return options


def _options_in(text: str) -> dict[str, Any]:
    """Read the options in one cell: a JSON object, or `faceLimit=5000; quad=true`."""
    if text.startswith("{"):
        try:
            return cast(dict[str, Any], json.loads(text, object_pairs_hook=_no_twice))
        except (ValueError, RecursionError):
            raise _UnfitError("options_unreadable", f"is {excerpt(text)}, which is not valid JSON.") from None
    pairs = [re.split(r"[=:]", part, maxsplit=1) for part in re.split(r"[;\n]", text) if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise _UnfitError(
            "options_unreadable",
            f"is {excerpt(text)}; write it as in: faceLimit=5000; textureQuality=detailed.",
        )
    return _no_twice([(name.strip(), value.strip()) for name, value in pairs])


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise _UnfitError("field_twice", "names the same option twice.")
    return dict(pairs)


def _option(name: str, given: Any) -> Any:
    """Bring an option to the type that it has, where its meaning is clear; the rest is for the option's own check."""
    schema = _option_schemas()[name]
    if "boolean" in schema.kinds:
        return _boolean(given)
    if "integer" in schema.kinds:
        number = _whole(given)
        if number is None:
            raise _UnfitError("number_invalid", f"is {excerpt(str(given))}; it may be a whole number.")
        return number
    text = _text(given)
    return next((choice for choice in schema.choices if choice.lower() == text.lower()), text)


def _boolean(given: Any) -> bool:
    word = str(given).strip().lower()
    if isinstance(given, bool | str | int | float) and word in _TRUE | _FALSE:
        return word in _TRUE
    raise _UnfitError("not_true_or_false", f"is {excerpt(str(given))}; it may be true or false.")


def _option_fault(field: str, message: str, given: Mapping[str, Any], notes: Notes) -> str:
    name = field.removeprefix("options.")
    if name not in given or not isinstance(given[name], str) or name not in _option_schemas():
        return message
    choices = _option_schemas()[name].choices
    return f"{message} It is {excerpt(given[name])}.{notes.did_you_mean(given[name], choices)}"


class _OptionSchema(NamedTuple):
    kinds: frozenset[str]
    choices: tuple[str, ...]


@cache
def _option_schemas() -> Mapping[str, _OptionSchema]:
    """List the options with the JSON types and the words that each may have."""
    properties = GenerationOptions.model_json_schema(by_alias=True)["properties"]
    return {name: _option_schema(schema) for name, schema in properties.items()}


def _option_schema(schema: Mapping[str, Any]) -> _OptionSchema:
    parts: Iterable[Mapping[str, Any]] = schema.get("anyOf", [schema])
    kinds = frozenset(part["type"] for part in parts if part.get("type") != "null")
    choices = [word for part in parts for word in [*part.get("enum", ()), *filter(None, [part.get("const")])]]
    return _OptionSchema(kinds, tuple(choices))


# --- names of fields -----------------------------------------------------------------------------------------


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.casefold())


@cache
def _fields_by_plain_name() -> Mapping[str, str]:
    options = {_plain(name): f"options.{name}" for name in _option_schemas()}
    dotted = {_plain(f"options.{name}"): f"options.{name}" for name in _option_schemas()}
    ours = {_plain(name): field for field, names in NAMES.items() for name in (field, *names)}
    return {**options, **dotted, **ours}
