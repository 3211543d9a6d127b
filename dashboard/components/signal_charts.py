"""The charts of signals, as Vega-Lite has them: colours that hold in both themes, times on the reader's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from core.signals.scope import Scope

GOOD, BAD, CALM, PALE = "#12998b", "#d9485f", "#4c8dd6", "#8fa3a8"
COLOURS: Final = (CALM, "#e08a2e", "#8e6bd1", GOOD, BAD, "#c25fa8", "#a58b2a", PALE)
HEIGHT: Final = 300  # pixels, the legend among them
FILLED: Final = 0.9  # of a bar's width; the rest keeps it from its neighbour

Row = Mapping[str, Any]  # `at` is the beginning of its bucket
Chart = dict[str, Any]

_FROM: Final = {"field": "at", "type": "temporal", "title": "From", "format": "%a %d %b %H:%M"}
_CLOCK: Final = {"hours": "%H:%M", "minutes": "%H:%M", "date": "%a %d", "week": "%d %b"}
_DASHES: Final = [4, 3]


def bars(
    rows: Sequence[Row], scope: Scope, what: str, value: str, colours: Mapping[str, str] | None = None
) -> Chart:
    """Draw stacked bars: `what` is the field that names the parts of a bar, `value` the one of their height."""
    height = {"field": value, "type": "quantitative", "aggregate": "sum"}  # what is summed is stacked
    return _chart(rows, scope) | {
        "mark": {"type": "bar"},
        "encoding": {
            "x": _time(scope),
            "x2": {"field": "end"},
            "y": height | {"title": None, "axis": {"tickMinStep": 1, "format": "~s"}},
            "color": _colour(what, colours),
            "tooltip": [_FROM, _named(what), height | {"title": value, "format": ","}],
        },
    }


def lines(rows: Sequence[Row], scope: Scope, what: str) -> Chart:
    """Draw for each `what` the field `p50` as a line and `p95` as a dashed one, in seconds."""
    axis = {"format": ",.3~f", "labelExpr": "datum.label + ' s'"}
    return _chart(rows, scope) | {
        "encoding": {
            "x": _time(scope),
            "color": _colour(what, None),
            "tooltip": [
                _FROM,
                _named(what),
                _number("p50", "Half took at most (s)", ",.1f"),
                _number("p95", "95 % took at most (s)", ",.1f"),
                _number("tasks", "Steps"),
            ],
        },
        "layer": [
            {
                "mark": {"type": "line", "point": True},
                "encoding": {"y": _number("p50", None) | {"axis": axis}},
            },
            {
                "mark": {"type": "line", "point": True, "strokeDash": _DASHES, "opacity": 0.75},
                "encoding": {"y": _number("p95", None) | {"axis": axis}},
            },
        ],
    }


def places(rows: Sequence[Row], scope: Scope) -> Chart:
    """Draw the field `held` as an area below the line of the field `places`."""
    return _chart(rows, scope) | {
        "encoding": {
            "x": _time(scope),
            "tooltip": [
                _FROM,
                _number("held", "In use", ".1f"),
                _number("places", "There are", ".1f"),
                _number("waiting", "Orders waiting", ".1f"),
            ],
        },
        "layer": [
            {
                "mark": {"type": "line", "color": PALE, "strokeDash": _DASHES},
                "encoding": {"y": _number("places", None)},
            },
            {
                "mark": {
                    "type": "area",
                    "color": CALM,
                    "opacity": 0.6,
                    "line": {"color": CALM},
                    "point": {"color": CALM},
                },
                "encoding": {"y": _number("held", None)},
            },
        ],
    }


def _chart(rows: Sequence[Row], scope: Scope) -> Chart:
    width = timedelta(seconds=scope.bucket_seconds * FILLED)
    values = [{**row, "at": row["at"].isoformat(), "end": (row["at"] + width).isoformat()} for row in rows]
    return {"data": {"values": values}, "height": HEIGHT}


def _time(scope: Scope) -> Chart:
    """The whole reach, empty parts too."""
    until = max(scope.until, scope.begins()[-1] + timedelta(seconds=scope.bucket_seconds))
    domain = [{"expr": f"toDate('{at.isoformat()}')"} for at in (scope.since, until)]
    axis = {"format": _CLOCK}
    return {"field": "at", "type": "temporal", "title": None, "scale": {"domain": domain}, "axis": axis}


def _number(field: str, title: str | None, written: str = ",") -> Chart:
    return {"field": field, "type": "quantitative", "title": title, "format": written}


def _named(field: str) -> Chart:
    return {"field": field, "type": "nominal"}


def _colour(what: str, colours: Mapping[str, str] | None) -> Chart:
    scale: Chart = {"range": list(colours.values() if colours else COLOURS)}
    if colours:
        scale["domain"] = list(colours)
    legend = {"orient": "bottom", "columns": 2, "labelLimit": 260, "offset": 4, "padding": 0}
    return _named(what) | {"title": None, "scale": scale, "legend": legend}
