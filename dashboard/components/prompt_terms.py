"""New words for the prompts of a job: some replaced in all, or each rewritten; suspect words are pointed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from core.jobs.scope import Scope
from core.jobs.sources import Source, Sources
from core.suspects import Suspect
from dashboard import job_backend
from dashboard.components.plain_text import as_markdown

MOST_REWRITTEN: Final = 20
_REPLACE: Final = "Replace words in all"
_REWRITE: Final = "Rewrite each"
_POINTED_AT: Final = 6


def ask_prompts(scope: Scope) -> Mapping[str, Any] | None:
    """Ask for the new words; None while there are none."""
    sources = job_backend.sources(scope, MOST_REWRITTEN)
    _point_at(sources)
    if sources.with_prompt <= 1:
        return _rewritten(sources)
    ways = [_REPLACE, _REWRITE]
    way = st.segmented_control(
        "How", ways, default=_REPLACE, required=True, key="bulk_prompt_way", label_visibility="collapsed"
    )
    return _replaced(sources) if way == _REPLACE else _rewritten(sources)


def _point_at(sources: Sources) -> None:
    if not sources.suspects:
        st.caption("No word of these prompts is among those that are often refused. Tripo publishes no list.")
        return
    told = [
        f"**{as_markdown(text)}** ({as_markdown(about)}{f', in {count:,} prompts' if count > 1 else ''})"
        for text, about, count in sources.suspects[:_POINTED_AT]
    ]
    st.warning(
        f"Often refused: {', '.join(told)}. A guess: Tripo publishes no list.",
        icon=":material/ink_highlighter:",
    )


def _replaced(sources: Sources) -> Mapping[str, Any] | None:
    suspect = sources.suspects[0][0] if sources.suspects else ""
    find = st.text_input("Find in the prompts", value=suspect, key="bulk_find", max_chars=1024)
    replace = st.text_input(
        "Put in its place", key="bulk_replace", max_chars=1024, placeholder="Nothing: it is left out"
    )
    return {"find": find, "replace": replace} if find.strip() else None


def _rewritten(sources: Sources) -> Mapping[str, Any] | None:
    written = {
        each.asset_pk: text
        for each in sources.first
        if each.prompt and (text := _one_rewritten(each)).strip() not in ("", each.prompt)
    }
    if sources.with_prompt > MOST_REWRITTEN:
        st.caption(f"The first {MOST_REWRITTEN} of {sources.with_prompt:,}; the others stay as they are.")
    return {"prompts": written} if written else None


def _one_rewritten(source: Source) -> str:
    st.markdown(f"**{as_markdown(source.name)}**: {highlighted(source.prompt, source.suspects)}")
    return st.text_area(
        f"New prompt of {source.name}",
        value=source.prompt,
        key=f"bulk_prompt_{source.asset_pk}",
        max_chars=1024,
        height=100,
        label_visibility="collapsed",
    )


def highlighted(prompt: str, suspects: Sequence[Suspect]) -> str:
    """Write a prompt as Markdown with its suspect pieces on red."""
    parts, at = [], 0
    for each in suspects:
        parts += [_plain(prompt[at : each.begin]), f":red-background[{as_markdown(each.text)}]"]
        at = each.end
    return "".join([*parts, _plain(prompt[at:])])


def _plain(text: str) -> str:
    """Write a piece of a text, with the spaces at its ends."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{as_markdown(text)}{after}"
