"""YAML to a plan, event by event: no tags, no aliases, nothing constructed.

Plain scalars stay text (a Knight called No is not false, 1e5 is not a number); each field reads its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from core.errors import PlanRefusedError
from core.plans.documents import Pairs, read_document
from core.plans.limits import DEPTH_MOST, VALUES_MOST
from core.plans.notes import Notes, excerpt
from core.plans.plan import PlanRow
from core.plans.refusals import too_deep, too_many_values

_NULL: Final = frozenset(("", "~", "null", "Null", "NULL"))
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is many times faster


def read_yaml(text: str, notes: Notes) -> list[PlanRow]:
    """Read a plan; raises PlanRefusedError for what is not YAML, or uses more of it than a plan needs."""
    try:
        document = _document(_checked(yaml.parse(text, Loader=_LOADER)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        where = f" further than line {line}" if line else ""
        problem = getattr(error, "problem", None) or "there is a character that YAML does not take"
        raise PlanRefusedError(
            f"The YAML cannot be read{where}: {problem}.",
            suggestion="Mend that place; indents are spaces, and a text with a colon needs quotes.",
            code="plan_syntax",
            line=line,
        ) from None
    return read_document(document, notes)


def _checked(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """Pass the events on while they are those of a plan."""
    depth = documents = 0
    for count, event in enumerate(events):
        if count > 2 * VALUES_MOST:
            raise too_many_values()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refused(
                event, "an anchor or alias (& or *)", "Write each asset out; quote a text with & or *."
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _refused(event, f"the tag {excerpt(tag)}", "Leave it out: a plan has texts and numbers.")
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise _refused(event, "a second document", "Put all assets into one list.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_MOST:
            raise too_deep()
        yield event


def _refused(event: yaml.Event, what: str, suggestion: str) -> PlanRefusedError:
    line = _line(event)
    return PlanRefusedError(
        f"The YAML has {what} at line {line}, which a plan may not have.",
        suggestion=suggestion,
        code="plan_yaml_feature",
        line=line,
    )


def _document(events: Iterator[yaml.Event]) -> Any:
    """Build the one document; None when there is none."""
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            value = _value(event, events)
            for _ in events:  # to its end, so that what follows is checked too
                pass
            return value
    return None


def _value(event: yaml.Event, events: Iterator[yaml.Event]) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.style is None or event.style == ""
        return None if is_plain and event.value in _NULL else event.value
    values = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            break
        values.append(_value(inner, events))
    if isinstance(event, yaml.SequenceStartEvent):
        return values
    keys = (key if isinstance(key, str) else "" for key in values[::2])
    return Pairs(list(zip(keys, values[1::2], strict=True)), _line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1
