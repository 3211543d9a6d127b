"""Asset: one asset, its model, its steps, its files."""

from collections.abc import Hashable

import streamlit as st

from core.errors import NotFoundError
from core.schemas import AssetDetail
from dashboard import backend
from dashboard.components.asset_filters import last_address
from dashboard.components.bulk_bar import show_asked
from dashboard.components.chain_steps import show_steps
from dashboard.components.comparison import GROUP, chosen, comparable, offer_comparison, show_compared
from dashboard.components.downloads import show_downloads
from dashboard.components.history import show_history, who
from dashboard.components.live import EVERY_SECONDS, last_known, live, live_every
from dashboard.components.make_anew import offer_to_make_anew
from dashboard.components.model_facts import show_facts
from dashboard.components.model_shown import current_models, show_model
from dashboard.components.moments import ago_html
from dashboard.components.next_orders import next_orders, offer_next_orders
from dashboard.components.plain_text import as_markdown
from dashboard.components.prompt_shown import show_prompt
from dashboard.components.reviews import show_reviews
from dashboard.components.state_badge import MOVING, approval_badge, asset_badge
from dashboard.components.timeline import show_timeline
from dashboard.components.unknown_outcome import ask_outcome, tell_late_news, unknown_tasks
from dashboard.components.variants import live_variants


def read_asset() -> AssetDetail:
    """Read the asset that the address names."""
    return last_known("asset", (project_id, asset_id), lambda: backend.asset(project_id, asset_id))


def drawn_once(asset: AssetDetail) -> Hashable:
    """Say on what the parts of the page depend that are not live."""
    files = tuple(file.artifact_id for file in asset.artifacts)
    evidence = tuple((task.task_id, task.evidence) for task in asset.tasks if task.evidence is not None)
    undecided = tuple(task.task_id for task in unknown_tasks(asset))
    return (
        files,
        undecided,
        evidence,
        next_orders(asset),
        asset.name,
        asset.prompt,
        asset.chain,
        asset.reviews,
    )


@live
def live_chain(drawn: Hashable) -> None:
    """Show state and steps; when there is something new for the rest of the page, have it drawn again."""
    asset = read_asset()
    if drawn_once(asset) != drawn:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asset_badge(asset.status, has_unknown=asset.has_unknown)
        approval_badge(asset.approval)
        if current_models(asset):
            st.page_link(
                "app_pages/review.py",
                label="Review",
                icon=":material/rate_review:",
                query_params={"project": asset.project_id, "asset": asset.asset_id},
            )
    if asset.status in MOVING and not asset.has_unknown:
        st.progress(asset.progress / 100, text=f"{asset.progress} % of all steps")
    show_steps(asset)


@live_every(EVERY_SECONDS, has_skeleton=False)
def live_timeline() -> None:
    """Show waits and durations of all attempts, once that is unfolded."""
    folded = st.expander("Timeline", icon=":material/timeline:", key="timeline", on_change="rerun")
    if folded.open:
        with folded:
            show_timeline(read_asset())


@live_every(EVERY_SECONDS, has_skeleton=False)
def live_history() -> None:
    """Show what happened, once it is unfolded."""
    folded = st.expander("History", icon=":material/list_alt:", key="history", on_change="rerun")
    if folded.open:
        with folded:
            show_history(read_asset())


project_id, asset_id = st.query_params.get("project", ""), st.query_params.get("asset", "")
st.page_link(
    "app_pages/assets.py", label="All assets", icon=":material/arrow_back:", query_params=last_address()
)
try:
    asset = read_asset()
except NotFoundError:
    st.title("No such asset")
    st.markdown("The address names an asset that is not here. It may be mistyped, or of another Hatchery.")
    st.stop()

st.title(as_markdown(asset.name), anchor=False)
st.caption(
    f"{as_markdown(asset.category)} · {asset.tag} · ordered {ago_html(asset.created_at)}"
    f" by {as_markdown(who(asset.created_by or backend.NOBODY))}",
    unsafe_allow_html=True,
)
choices = comparable(asset)
compared = chosen(choices)
model_side, other_side = st.columns([1, 1] if compared else [3, 2], gap="large")
with model_side:
    tell_late_news(asset)
    for task in unknown_tasks(asset):
        ask_outcome(task)
    if compared:
        st.markdown(f"**{as_markdown(asset.name)}**")
    shown = show_model(asset, group=GROUP)
    others = {artifact: each for artifact, each in choices.items() if shown is None or each.file != shown}
    offer_comparison(others, compared)
    if shown is not None:
        show_facts(shown)
with other_side:
    if compared:
        show_compared(compared)
    live_chain(drawn_once(asset))
    offer_next_orders(asset)
    offer_to_make_anew(asset, shown)
live_variants(asset)
live_timeline()
files_side, prompt_side = st.columns([3, 2], gap="large")
with files_side:
    st.subheader("Files", anchor=False)
    show_downloads(asset)
    st.subheader("Reviews", anchor=False)
    show_reviews(asset)
with prompt_side:
    show_prompt(asset)
live_history()
show_asked()
