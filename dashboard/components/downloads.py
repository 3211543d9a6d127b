"""The stored files of an asset, to be taken home."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import streamlit as st

from core.schemas import ArtifactView, AssetDetail
from dashboard.components.plain_text import as_html
from dashboard.components.step_words import result_title
from dashboard.components.tables import show_rows

_ROLES = {"rendered_image": ", picture", "thumbnail": ", picture of ours"}
_FORMATS = {"model/gltf-binary": "GLB", "application/octet-stream": "FBX"}


def show_downloads(asset: AssetDetail) -> None:
    """List every stored file with its size and a link."""
    if not asset.artifacts:
        st.caption("Files appear here as soon as the first step is done.")
        return
    _show(file for file in asset.artifacts if file.current)
    address = f"/api/assets/{quote(asset.project_id, safe='')}/{quote(asset.asset_id, safe='')}/archive"
    st.html(f'<a href="{as_html(address)}" style="color: inherit" download>Everything as a zip</a>')
    older = [file for file in asset.artifacts if not file.current]
    if older:
        with st.expander("Files of earlier attempts", icon=":material/history:", key="older_files"):
            _show(older)


def size_in_words(size_bytes: int) -> str:
    """Write a size: `840 kB`, `1.2 MB`."""
    if size_bytes < 1_000_000:
        return f"{max(size_bytes // 1000, 1)} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _show(files: Iterable[ArtifactView]) -> None:
    show_rows([_row(file) for file in sorted(files, key=lambda file: file.role)], "Files")


def _row(file: ArtifactView) -> tuple[str, ...]:
    what = result_title(file.kind, file.preset)
    title = what + _ROLES.get(file.role, "")
    known = _FORMATS.get(file.media_type) or file.media_type.rsplit("/", 1)[-1].upper()
    address = as_html(f"{file.url}?download=1")
    return (
        as_html(title),
        known,
        size_in_words(file.bytes),
        f'<a href="{address}" style="color: inherit" download>Download</a>',
    )
