"""The gallery: many assets as cards or as rows, with picture, state and progress, in one component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, NamedTuple

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

_BLOCKS: Final = 12  # about a screen of cards
_SKELETON_HTML: Final = LOADER_HTML.replace(
    "></", f'><div class="skeleton" role="status" aria-label="Loading">{"<i></i>" * _BLOCKS}</div></', 1
)
_SKELETON_CSS: Final = """
.skeleton { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(196px, 100%), 1fr)); gap: 14px; }
.skeleton i {
  block-size: 300px; border-radius: 12px; opacity: 0.6;
  background: color-mix(in srgb, var(--st-text-color, #1f2430) 10%, var(--st-background-color, #fff));
}
@media (prefers-reduced-motion: no-preference) {
  .skeleton i { animation: wait 1.6s ease-in-out infinite; }
  @keyframes wait { 50% { opacity: 1; } }
}
"""
_mount = st.components.v2.component("hatchery_gallery", html=_SKELETON_HTML, css=_SKELETON_CSS, js=LOADER_JS)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One asset as the gallery shows it; every text is shown as text, never as HTML or Markdown.

    `state` is one of the asset's states (`ready` to `failed`, or `unknown`) and chooses icon and colour,
    `state_label` is its word for people. `progress` is in percent, None when there is none to show. `note`
    is the line that says what the asset waits for or why it failed. `href` is the address of the asset's
    own page: it opens in a new tab where the browser is asked to; a plain click picks the card. `flag` is a
    word of warning beside the state, for example when a task's outcome is unknown. `selects` is what a
    selection holds of it; without it the card cannot be selected. `facts` and `at` (ISO 8601, shown as how long
    ago) stand in rows only.
    """

    id: str
    title: str
    subtitle: str = ""
    state: str
    state_label: str
    progress: int | None = None
    note: str = ""
    picture_url: str | None = None
    href: str | None = None
    tag: str = ""
    flag: str = ""
    selects: str | None = None
    facts: str = ""
    at: str | None = None


class Selected(NamedTuple):
    """What is selected: these ids, or the whole of a list, by what it was asked for.

    A new `version` makes the browser take it over; with the same one it keeps its own, also of cards that are not
    shown any more.
    """

    version: int = 0
    ids: Sequence[str] = ()
    whole: str | None = None


class Touched(NamedTuple):
    """What a person did: the id of the card picked in this run, and what is selected (as `Selected`)."""

    picked: str | None
    selected: Any


def gallery(
    cards: Sequence[Card],
    *,
    key: str,
    empty: str = "There are no assets here yet.",
    label: str = "Assets",
    shape: Literal["pictures", "table"] = "pictures",
    selection: Selected = Selected(),  # noqa: B008 - it never changes
) -> Touched:
    """Show the cards in their order.

    Cards keep their place in the page by `id`: a rerun changes only what is different, and keeps focus,
    scroll and pictures. `empty` is said when there are no cards, `label` names the list for screen readers.
    """
    data = {
        "module": part_address("gallery/gallery.js"),
        "cards": [{name: value for name, value in asdict(card).items() if value != ""} for card in cards],
        "empty": empty,
        "label": label,
        "shape": shape,
        "selection": {**selection._asdict(), "ids": list(selection.ids)},
    }
    result = _mount(key=key, data=data, on_picked_change=_rerun, on_selected_change=_rerun)
    return Touched(result.picked, result.selected)


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then reads what was done."""
