"""Plans as JSON or YAML: a list of assets, bare or as `assets` of an object.

Both parsers give the same values: objects as pairs, so that a field written twice is seen, and scalars.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.errors import PlanRefusedError
from core.plans.fields import Value, field_called, near_field, row_of
from core.plans.limits import ASSETS_MOST
from core.plans.notes import Notes, excerpt
from core.plans.plan import PlanRow
from core.plans.refusals import too_many_assets


class Pairs(NamedTuple):
    """An object as it was written, with the line where it begins, if the parser knows."""

    pairs: Sequence[tuple[str, Any]]
    line: int | None = None


def read_document(document: Any, notes: Notes) -> list[PlanRow]:
    """Read the assets of a parsed document; raises PlanRefusedError when it has no list of them."""
    assets = _assets_of(document)
    if len(assets) > ASSETS_MOST:
        raise too_many_assets()
    rows = []
    unknown: set[str] = set()
    for number, asset in enumerate(assets, start=1):
        if isinstance(asset, Pairs):
            row = _row(asset, asset.line or number, unknown, notes)
            rows += [row] if row is not None else []
        else:
            notes.error(number, "asset_not_object", f"Asset {number} is {_shown(asset)}; write an object.")
    return rows


def _assets_of(document: Any) -> Sequence[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, Pairs):
        raise _no_assets(f"The plan is {_shown(document)}, not a list of assets.")
    lists = [value for name, value in document.pairs if name.strip().lower() == "assets"]
    if len(lists) > 1:
        raise _no_assets("The plan has several lists called assets.")
    if not lists:
        shown = ", ".join(name for name, _ in document.pairs[:9])
        raise _no_assets(f"The plan has no list called assets; it has {excerpt(shown)}.")
    if lists[0] is not None and not isinstance(lists[0], list):
        raise _no_assets("What is called assets is no list.")
    return lists[0] or []


def _no_assets(message: str) -> PlanRefusedError:
    return PlanRefusedError(
        message,
        suggestion='Write {"assets": [{"name": "Knight", "tag": "RIG"}]}, or the list alone.',
        code="plan_assets_missing",
    )


def _row(asset: Pairs, line: int, unknown: set[str], notes: Notes) -> PlanRow | None:
    values: dict[str, Value] = {}
    faultless = True
    for name, given in asset.pairs:
        field = field_called(name)
        if field is None and name not in unknown:
            unknown.add(name)
            hint = near_field(name, notes)
            notes.warn(
                line, "field_unknown", f"The field {excerpt(name)} is not read, here and below.{hint}", name
            )
        elif field in values:
            faultless = False
            notes.error(line, "field_twice", f"The field {excerpt(name)} is written twice.", name)
        elif field:
            values[field] = Value(_plain(given), name)
            if isinstance(given, Pairs) and len(dict(given.pairs)) < len(given.pairs):
                faultless = False
                notes.error(line, "field_twice", f"{name} has the same field twice.", name)
    row = row_of(values, line, notes)
    return row if faultless else None


def _plain(given: Any) -> Any:
    """Make an object a mapping; what is inside it stays as it is, for no field nests deeper."""
    return dict(given.pairs) if isinstance(given, Pairs) else given


def _shown(value: Any) -> str:
    if isinstance(value, list | Pairs):
        return "a list" if isinstance(value, list) else "an object"
    return "nothing" if value is None else excerpt(str(value))
