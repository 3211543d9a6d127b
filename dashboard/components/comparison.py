"""Another model beside the one that is shown: an earlier attempt or generation, another step, a variant.

The address holds the choice (`?compare=`), so that a comparison can be sent to somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import streamlit as st

from core.schemas import ArtifactView, AssetDetail, TaskView
from dashboard import backend, plan_backend
from dashboard.components.model_facts import show_facts
from dashboard.components.model_shown import current_models
from dashboard.components.plain_text import as_markdown
from dashboard.components.step_words import result_title
from dashboard.components.viewer import model_viewer

GROUP: Final = "side by side"
ADDRESS: Final = "compare"
_CHOICE: Final = "compare_with"


class Compared(NamedTuple):
    """A model that can stand beside another, and how it is called."""

    title: str
    file: ArtifactView


def comparable(asset: AssetDetail) -> dict[str, Compared]:
    """List by their artifacts what the shown model can be compared with: its own models, then its variants'."""
    own = {file.artifact_id: compared for file, compared in _own(asset)}
    return {**own, **{each.file.artifact_id: each for each in _of_variants(asset)}}


def chosen(choices: Mapping[str, Compared]) -> Compared | None:
    """Return what the address names."""
    return choices.get(st.query_params.get(ADDRESS, ""))


def offer_comparison(choices: Mapping[str, Compared], now: Compared | None) -> None:
    """Offer what can stand beside the model."""
    if not choices:
        return
    st.session_state[_CHOICE] = now.file.artifact_id if now else None
    st.selectbox(
        "Compare with",
        list(choices),
        format_func=lambda artifact_id: choices[artifact_id].title if artifact_id in choices else artifact_id,
        index=None,
        placeholder="Compare with …",
        key=_CHOICE,
        on_change=_take,
        label_visibility="collapsed",
    )


def show_compared(compared: Compared) -> None:
    """Show the other model, in step with the first."""
    st.markdown(f"**{as_markdown(compared.title)}**")
    model_viewer(compared.file.url, key="compared", height=520, label=compared.title, group=GROUP)
    show_facts(compared.file)


def _take() -> None:
    picked = st.session_state[_CHOICE]
    if picked:
        st.query_params[ADDRESS] = picked
    else:
        st.query_params.pop(ADDRESS, None)


def _own(asset: AssetDetail) -> Iterator[tuple[ArtifactView, Compared]]:
    tasks = {task.task_id: task for task in asset.tasks}
    models = [
        file for file in asset.artifacts if file.role == "model" and file.media_type.startswith("model/")
    ]
    for file in sorted(models, key=lambda file: not file.current):
        yield file, Compared(_title(file, tasks[file.task_id], asset.chain), file)


def _title(file: ArtifactView, task: TaskView, chain: int) -> str:
    title = result_title(file.kind, file.preset)
    if file.current:
        return title
    earlier = f"generation {task.chain}" if task.chain != chain else f"attempt {task.attempt}"
    return f"{title}, {earlier}"


def _of_variants(asset: AssetDetail) -> Iterator[Compared]:
    for variant in plan_backend.variants(asset.project_id, asset.asset_id):
        row = variant.row
        if (row.project_id, row.asset_id) == (asset.project_id, asset.asset_id):
            continue
        models = current_models(backend.asset(row.project_id, row.asset_id))
        if models:
            last = models[-1]
            yield Compared(f"Variant {variant.number}: {result_title(last.kind, last.preset)}", last)
