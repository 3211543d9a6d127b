"""Review: what is new, one model after the other, decided by keyboard. The pipeline never looks at it."""

from collections.abc import Sequence
from typing import Final, NoReturn

import streamlit as st

from core.errors import NotFoundError
from core.lifecycle import AssetStatus
from core.schemas import ArtifactView, AssetDetail
from dashboard import backend, review_backend
from dashboard.components.actions import acted
from dashboard.components.counts import in_all
from dashboard.components.live import last_known
from dashboard.components.model_facts import show_facts
from dashboard.components.model_shown import current_models, show_model
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_markdown
from dashboard.components.review_desk import Act, review_desk
from dashboard.components.reviews import show_reviews
from dashboard.components.state_badge import approval_badge, asset_badge

Place = tuple[str, str]  # a project's id and an asset's

KNOWN, ACTED_ON = "review_playlist", "review_acted_on"  # in the session: both are lists of places
DECIDES: Final = ("approve", "reject")
SAID: Final = {"approve": "Approved.", "reject": "Rejected.", "comment": "Noted.", "undo": "Taken back."}


def playlist(project_id: str | None) -> tuple[list[Place], set[Place], str]:
    """List what came up so far in this session, which of it still waits, and how much waits in all.

    What is new comes last, and what was decided keeps its place, so that one can go back to it.
    """
    found = last_known("playlist", project_id, lambda: review_backend.playlist(project_id))
    waiting = [(row.project_id, row.asset_id) for row in found.assets]
    known: list[Place] = st.session_state.setdefault(KNOWN, [])
    known += [place for place in waiting if place not in known]
    shown = [place for place in known if project_id in (None, place[0])]
    return shown, set(waiting), in_all(found)


def chosen(places: list[Place], waiting: set[Place]) -> Place | None:
    """Take the asset that the address names, else the first that waits."""
    named = (st.query_params.get("project", ""), st.query_params.get("asset", ""))
    if all(named):
        if named not in places:
            places.insert(0, named)
            st.session_state[KNOWN].insert(0, named)
        return named
    return next((place for place in places if place in waiting), None)


def read_asset(place: Place) -> AssetDetail:
    """Read one asset; raises NotFoundError."""
    return last_known("asset", place, lambda: backend.asset(*place))


def go_to(place: Place | None) -> NoReturn:
    """Show another asset, at its last result."""
    for name in ("project", "asset", "view"):
        st.query_params.pop(name, None)
    if place is not None:
        st.query_params.update({"project": place[0], "asset": place[1]})
    st.rerun()
    raise AssertionError("a rerun ends the run")


def model_address(place: Place | None) -> str | None:
    """Name the model that an asset shows first, so that the browser can have it ready."""
    if place is None:
        return None
    models = current_models(backend.asset(*place))
    return models[-1].url if models else None


def after(place: Place, places: Sequence[Place], waiting: set[Place]) -> Place | None:
    """Find what is to be looked at next: what still waits behind this one, else before it."""
    at = places.index(place)
    left = [each for each in (*places[at + 1 :], *places[:at]) if each in waiting]
    return left[0] if left else None


def carry_out(act: Act, places: Sequence[Place], waiting: set[Place]) -> None:
    """Do what was asked for, of the asset that was on the screen then, and show what comes next."""
    place = (act.project_id, act.asset_id)
    if act.act in ("next", "previous"):
        step = 1 if act.act == "next" else -1
        go_to(places[(places.index(place) + step) % len(places)])
    history: list[Place] = st.session_state.setdefault(ACTED_ON, [])
    if act.act == "undo":
        place = history.pop() if history else place
        acted(review_backend.undo, *place, said=SAID["undo"])
        go_to(place)
    say = getattr(review_backend, act.act)
    words = (act.words,) if act.words else ()
    if acted(say, *place, *words, said=SAID[act.act]):
        history.append(place)
        go_to(after(place, places, waiting) if act.act in DECIDES else place)


def show_side(asset: AssetDetail, shown: ArtifactView | None) -> None:
    """Show what a reviewer wants to know beside the model."""
    with st.container(horizontal=True, gap="small"):
        asset_badge(asset.status, has_unknown=asset.has_unknown)
        approval_badge(asset.approval)
    if asset.status is AssetStatus.FAILED:
        st.caption("A step after this failed. What was reached can be judged all the same.")
    st.caption(
        f"{as_markdown(asset.category)} · {asset.tag} · ordered {ago_html(asset.created_at)}",
        unsafe_allow_html=True,
    )
    if asset.prompt:
        st.text(asset.prompt)
    if shown is not None:
        show_facts(shown)
    show_reviews(asset)
    st.page_link(
        "app_pages/asset.py",
        label="All of this asset",
        icon=":material/open_in_full:",
        query_params={"project": asset.project_id, "asset": asset.asset_id},
    )


def say_nothing_waits() -> None:
    """Say that the playlist is at its end."""
    st.info(
        "Nothing waits for a review. Models appear here as soon as they are done.", icon=":material/done_all:"
    )
    st.page_link("app_pages/assets.py", label="All assets", icon=":material/view_in_ar:")


st.title("Review", anchor=False)
projects = last_known("projects", None, backend.projects)
names = {project.project_id: project.name for project in projects}
only = None
if len(names) > 1:
    only = st.selectbox(
        "Project",
        list(names),
        index=None,
        format_func=lambda project_id: names.get(project_id, project_id),
        placeholder="All projects",
        key="only",
        bind="query-params",
        label_visibility="collapsed",
        width=260,
    )
places, waiting, total = playlist(only)
place = chosen(places, waiting)
if place is None:
    say_nothing_waits()
    st.stop()
try:
    asset = read_asset(place)
except NotFoundError:
    st.session_state[KNOWN] = [each for each in st.session_state[KNOWN] if each != place]
    go_to(None)
following = after(place, places, waiting)
act = review_desk(
    project_id=asset.project_id,
    asset_id=asset.asset_id,
    place=f"{places.index(place) + 1} of {len(places)} · {total} to decide",
    next_model=model_address(following),
)
if act is not None:
    carry_out(act, places, waiting)
st.subheader(as_markdown(asset.name), anchor=False)
model_side, word_side = st.columns([3, 2], gap="large")
with model_side:
    shown = show_model(asset)
with word_side:
    show_side(asset, shown)
