"""The 3D viewer: shows one GLB of ours, with its clips, skeleton, triangles and size."""

from __future__ import annotations

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

_mount = st.components.v2.component("hatchery_viewer", html=LOADER_HTML, js=LOADER_JS)


def model_viewer(
    src: str,
    *,
    key: str,
    clip: str | None = None,
    height: int = 480,
    poster: str | None = None,
    label: str = "3D model",
    group: str | None = None,
    thumbnail: str | None = None,
    actor: str = "",
) -> bool:
    """Show the model at `src`, an address of ours (relative to the page, or beginning with `/`).

    A rerun with the same `src` changes nothing: camera, clip and position stay. A new `src` under the same
    `key` swaps the model and keeps the direction of view, so draft, rigged and animated can be compared.
    `clip` names the clip to show first (a new value switches to it; None means the model's first), `height`
    is in pixels, `poster` the address of a picture to show while the model loads, and `label` says in words
    what is shown, for people who cannot see it. Viewers of the same `group` move their cameras and clips in step.
    `thumbnail` is the address that takes a picture of the view, in the name of `actor`; without it there is no such
    button. Returns whether a picture was kept just now.
    """
    data = {
        "module": part_address("viewer/viewer.js"),
        "src": src,
        "clip": clip,
        "height": height,
        "poster": poster,
        "label": label,
        "group": group,
        "thumbnail": {"address": thumbnail, "actor": actor} if thumbnail else None,
    }
    return bool(_mount(key=key, height=height, data=data, on_pictured_change=_rerun).pictured)


def _rerun() -> None:
    """Nothing to do: Streamlit reruns the page, which then shows the picture."""
