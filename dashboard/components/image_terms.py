"""Another image for the models of a job: one for all of them, or each its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from core.errors import HatcheryError
from core.jobs.scope import Scope
from dashboard import backend, image_backend, job_backend
from dashboard.components import person
from dashboard.components.plain_text import as_markdown
from dashboard.components.source_image import LIMITS

MOST_REPLACED: Final = 20
_ONE: Final = "One for all"
_OWN: Final = "Each its own"


def ask_images(scope: Scope) -> Mapping[str, Any] | None:
    """Ask for the new images; None while there is none. A file is checked and kept as it is chosen."""
    sources = job_backend.sources(scope, MOST_REPLACED)
    way = _ONE
    if sources.with_image > 1:
        way = st.segmented_control(
            "How",
            [_ONE, _OWN],
            default=_ONE,
            required=True,
            key="bulk_image_way",
            label_visibility="collapsed",
        )
    if way == _ONE:
        image = _ask("bulk_image", "Link to an image")
        st.caption(LIMITS)
        return {"image": image} if image else None
    given = {
        each.asset_pk: image
        for each in sources.first
        if each.has_image and (image := _ask(f"bulk_image_{each.asset_pk}", f"Link for {each.name}"))
    }
    st.caption(LIMITS)
    if sources.with_image > MOST_REPLACED:
        st.caption(f"The first {MOST_REPLACED} of {sources.with_image:,}; the others stay as they are.")
    return {"images": given} if given else None


def _ask(key: str, label: str) -> dict[str, str] | None:
    """Ask for one image, as a link or as a file."""
    link = st.text_input(as_markdown(label), key=f"{key}_link", placeholder="https://…").strip()
    st.file_uploader(
        "Or a file", type=["jpg", "jpeg", "png", "webp"], key=f"{key}_file", on_change=_keep, args=(key,)
    )
    kept = st.session_state.get(f"{key}_kept") if st.session_state.get(f"{key}_file") else None
    if isinstance(kept, HatcheryError):
        st.error(as_markdown(f"{kept.message} {kept.suggestion}".strip()), icon=":material/error:")
        return None
    if kept is not None:
        return {"uploadId": str(kept)}
    return {"url": link} if link else None


def _keep(key: str) -> None:
    file = st.session_state.get(f"{key}_file")
    kept: object = None
    if file is not None:
        try:
            actor = person.name() or backend.NOBODY
            kept = image_backend.keep_image(file.getvalue(), file.name, actor=actor).upload_id
        except HatcheryError as error:
            kept = error
    st.session_state[f"{key}_kept"] = kept
