"""The lab's page: what it shows is asked for in its address."""

import streamlit as st

from dashboard.components.gallery import Card, gallery
from dashboard.components.validation import offer_validation
from dashboard.components.viewer import model_viewer
from tests.dashboard.component_lab.lab_words import KEPT, STATES, TITLES

WORKING = {"generating", "rigging", "animating"}


def viewer_page(models: list[str], poster: str | None) -> None:
    """One viewer, with switches for all that a page may change about it."""
    chosen = st.segmented_control("Model", models, default=models[0], required=True)
    shown = st.toggle("Shown", value=True)
    clip = st.selectbox("Clip", [None, "wave", "preset:nod"])
    if not shown:
        return
    offer_validation(f"/models/{chosen}", key="validation")
    thumbnail = st.query_params.get("thumbnail")
    pictured = model_viewer(
        f"/models/{chosen}",
        key="viewer",
        clip=clip,
        poster=poster,
        label="A knight",
        thumbnail=thumbnail,
        actor="Zoë",
    )
    if pictured:
        st.text(f"pictured {' '.join(KEPT)}")


def pair_page(models: list[str]) -> None:
    """Two viewers that move in step."""
    for at, (column, model) in enumerate(zip(st.columns(2), models, strict=True)):
        with column:
            model_viewer(f"/models/{model}", key=f"viewer-{at}", group="pair", label=f"Model {at + 1}")


def gallery_page(count: int) -> None:
    """Cards in every state, which a switch reverses and another advances."""
    advanced = st.toggle("Advanced")
    cards = [card(number, advanced=advanced) for number in range(count)]
    if st.toggle("Newer first"):
        cards.reverse()
    if st.toggle("Without the first"):
        cards = cards[1:]
    touched = gallery(cards, key="gallery")
    st.text(f"picked {touched.picked}")
    if touched.selected:
        st.text(f"selected {' '.join(sorted(touched.selected['ids']))}")


def card(number: int, *, advanced: bool) -> Card:
    """A card whose number decides its state and all else that is special about it."""
    state = STATES[number % len(STATES)]
    return Card(
        id=f"asset-{number}",
        selects=f"asset-{number}",
        title=TITLES.get(number, f"Asset {number}"),
        subtitle="Characters",
        state=state,
        state_label=state.capitalize(),
        progress=(80 if advanced else 35) if state in WORKING else None,
        note="Waits for a free slot." if state == "queued" else "",
        picture_url=f"/pictures/{number}" if number % len(STATES) > 2 else None,
        href=f"?asset={number}" if number % 2 else None,
        tag="RIG" if number % 3 else "STATIC",
        flag="Outcome unknown" if number == 4 else "",
    )


st.set_page_config(page_title="Lab", page_icon="🧪", layout="wide")
asked = st.query_params
reruns = st.session_state["reruns"] = st.session_state.get("reruns", 0) + 1
st.button("Rerun")
st.text(f"run {reruns}")
if "gallery" in asked:
    gallery_page(int(asked["gallery"]))
elif "pair" in asked:
    pair_page(asked["pair"].split(","))
else:
    viewer_page(asked.get("model", "walking").split(","), asked.get("poster"))
