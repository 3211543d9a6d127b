"""The facts of a stored model, as they were read when it was stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import streamlit as st

from core.schemas import ArtifactView
from dashboard.components.downloads import size_in_words
from dashboard.components.plain_text import as_html, as_markdown
from dashboard.components.step_words import clip_title
from dashboard.components.tables import show_rows
from dashboard.components.validation import offer_validation

MOST_CLIPS: Final = 20
CHECKED: Final = (
    "Checked by Hatchery when it was stored: that the file is whole (header, length, chunks), that every number in it"
    " names something that is there, that all its data lies within the file, and"
    " that skinned meshes have joints and weights."
)


def show_facts(file: ArtifactView) -> None:
    """Show what is known of a model, and what our checks found."""
    show_rows([*_rows(file)], "Facts")
    if file.media_type == "model/gltf-binary":
        offer_validation(file.url, key=f"validation-{file.artifact_id}")
    faults = file.facts.get("faults")
    if faults:
        st.warning("  \n".join(as_markdown(str(fault)) for fault in faults), icon=":material/rule:")


def _rows(file: ArtifactView) -> Iterator[tuple[str, str]]:
    facts = file.facts
    for name, word in (("triangles", "Triangles"), ("vertices", "Vertices"), ("materials", "Materials")):
        if name in facts:
            yield word, f"{facts[name]:,}"
    if "textures" in facts:
        yield "Textures", as_html(_textures(facts))
    if "joints" in facts:
        yield "Joints", f"{facts['joints']:,}" if facts["joints"] else "None: it is not rigged"
    if facts.get("clips"):
        yield "Clips", as_html(_clips(facts))
    yield "File", size_in_words(file.bytes)
    if "faults" in facts:
        found = f"{len(facts['faults'])} found" if facts["faults"] else "No fault found"
        yield "Checks", f'<span title="{as_html(CHECKED)}">{found}: file, numbers, ranges, skins</span>'


def _textures(facts: Mapping[str, Any]) -> str:
    sizes = facts.get("texturePixels", ())
    if not sizes:
        return str(facts["textures"])
    each = ", ".join(f"{count}× {size}" if count > 1 else size for size, count in _counted(sizes).items())
    return f"{facts['textures']} ({each} pixels), {size_in_words(facts['textureBytes'])} in memory"


def _counted(sizes: list[str]) -> dict[str, int]:
    return {size: sizes.count(size) for size in dict.fromkeys(sizes)}


def _clips(facts: Mapping[str, Any]) -> str:
    names, seconds = facts["clips"], facts.get("clipSeconds", ())
    lengths = [f" {length:.1f} s" for length in seconds] + [""] * len(names)
    told = [f"{clip_title(name)}{length}" for name, length in zip(names, lengths, strict=False)]
    more = f" and {len(told) - MOST_CLIPS} more" if len(told) > MOST_CLIPS else ""
    return ", ".join(told[:MOST_CLIPS]) + more
