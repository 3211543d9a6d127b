"""Asset: one asset, its model, its steps, its files."""

from collections.abc import Hashable

import streamlit as st

from core.errors import NotFoundError
from core.schemas import AssetDetail
from dashboard import backend
from dashboard.components.asset_filters import last_address
from dashboard.components.chain_steps import show_steps
from dashboard.components.downloads import show_downloads
from dashboard.components.history import show_history, who
from dashboard.components.live import last_known, live
from dashboard.components.model_shown import show_model
from dashboard.components.moments import ago_html
from dashboard.components.next_orders import next_orders, offer_next_orders
from dashboard.components.plain_text import as_html, as_markdown
from dashboard.components.source_image import show_image
from dashboard.components.state_badge import MOVING, asset_badge
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
    return files, undecided, evidence, next_orders(asset), asset.name, asset.prompt, asset.chain


@live
def live_chain(drawn: Hashable) -> None:
    """Show state and steps; when there is something new for the rest of the page, have it drawn again."""
    asset = read_asset()
    if drawn_once(asset) != drawn:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asset_badge(asset.status, has_unknown=asset.has_unknown)
    if asset.status in MOVING and not asset.has_unknown:
        st.progress(asset.progress / 100, text=f"{asset.progress} % of all steps")
    show_steps(asset)


@live
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
    f"{as_html(asset.category)} · {asset.tag} · ordered {ago_html(asset.created_at)}"
    f" by {as_html(who(asset.created_by or backend.NOBODY))}",
    unsafe_allow_html=True,
)
model_side, chain_side = st.columns([3, 2], gap="large")
with model_side:
    tell_late_news(asset)
    for task in unknown_tasks(asset):
        ask_outcome(task)
    show_model(asset)
with chain_side:
    live_chain(drawn_once(asset))
    offer_next_orders(asset)
live_variants(asset)
files_side, prompt_side = st.columns([3, 2], gap="large")
with files_side:
    st.subheader("Files", anchor=False)
    show_downloads(asset)
with prompt_side:
    if asset.source_image is not None:
        st.subheader("Made from", anchor=False)
        show_image(asset.source_image)
    if asset.prompt:
        st.subheader("Prompt", anchor=False)
        st.text(asset.prompt)
live_history()
