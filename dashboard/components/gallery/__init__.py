"""The gallery: many assets as cards, with picture, state and progress, in one component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

_mount = st.components.v2.component("hatchery_gallery", html=LOADER_HTML, js=LOADER_JS)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One asset as the gallery shows it; every text is shown as text, never as HTML or Markdown.

    `state` is one of the asset's states (`ready` to `failed`, or `unknown`) and chooses icon and colour,
    `state_label` is its word for people. `progress` is in percent, None when there is none to show. `note`
    is the line that says what the asset waits for or why it failed. `href` is the address of the asset's
    own page: it opens in a new tab where the browser is asked to; a plain click picks the card. `flag` is a
    word of warning beside the state, for example when a task's outcome is unknown.
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


def gallery(
    cards: Sequence[Card],
    *,
    key: str,
    empty: str = "There are no assets here yet.",
    label: str = "Assets",
) -> str | None:
    """Show the cards in their order and return the id of the card that was picked in this run, else None.

    Cards keep their place in the page by `id`: a rerun changes only what is different, and keeps focus,
    scroll and pictures. `empty` is said when there are no cards, `label` names the list for screen readers.
    """
    data = {
        "module": part_address("gallery/gallery.js"),
        "cards": [asdict(card) for card in cards],
        "empty": empty,
        "label": label,
    }
    result = _mount(key=key, data=data, on_picked_change=_rerun)
    picked: str | None = result.picked
    return picked


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then reads what was picked."""
