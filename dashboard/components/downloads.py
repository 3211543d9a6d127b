"""The stored files of an asset, to be taken home."""

from __future__ import annotations

import streamlit as st

from core.schemas import ArtifactView, AssetDetail
from dashboard.components.step_words import result_title

_FORMATS = {"model/gltf-binary": "GLB", "application/octet-stream": "FBX"}


def show_downloads(asset: AssetDetail) -> None:
    """List every stored file with its size and a link."""
    if not asset.artifacts:
        st.caption("Files appear here as soon as the first step is done.")
        return
    current = [file for file in asset.artifacts if file.current]
    older = [file for file in asset.artifacts if not file.current]
    _show(current)
    if older:
        with st.expander("Files of earlier attempts", icon=":material/history:", key="older_files"):
            _show(older)


def size_in_words(size_bytes: int) -> str:
    """Write a size: `840 kB`, `1.2 MB`."""
    if size_bytes < 1_000_000:
        return f"{max(size_bytes // 1000, 1)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _show(files: list[ArtifactView]) -> None:
    with st.container(horizontal=True, gap="small"):
        for file in files:
            st.link_button(
                f"{_title(file)} · {_format(file)} · {size_in_words(file.bytes)}",
                f"{file.url}?download=1",
                icon=":material/image:" if file.role == "rendered_image" else ":material/download:",
            )


def _title(file: ArtifactView) -> str:
    return "Picture" if file.role == "rendered_image" else result_title(file.kind, file.preset)


def _format(file: ArtifactView) -> str:
    return _FORMATS.get(file.media_type) or file.media_type.rsplit("/", 1)[-1].upper()
