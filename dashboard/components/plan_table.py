"""The rows of a preview: filtered by what the address says, a page at a time, and edited in place.

Edits are kept by the line of their row until somebody has the preview worked out anew with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any, Final

import streamlit as st

from core.plans.matching import Change
from core.plans.views import PlannedAsset, PlanPreview
from core.prices import credits_in_words
from core.tripo import ALL_PRESETS
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.plan_source import keep_draft
from dashboard.components.step_words import clip_title
from dashboard.plan_draft import LEAVE_OUT, PlanDraft

PER_PAGE: Final = 100
_PENDING, _FRAME = "plan_pending", "plan_frame"
_REMAKE: Final = "remake"
_CHANGES: Final = {"": "Every change"} | {
    "added": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "removed": "Left the plan",
}
_NOTES: Final = {"": "With and without notes", "warnings": "With warnings", "errors": "With errors"}
# What may be edited: the column's title and the field of the row.
_EDITABLE: Final = {
    "Kind": "tag",
    "Category": "category",
    "Name": "name",
    "Description": "description",
    "Animations": "animations",
    "Leave out": LEAVE_OUT,
    "Make anew": _REMAKE,
}
_ONLY_ELSEWHERE: Final = {"Size class": "size_class", "Variants": "variants", "Priority": "priority"}

Pending = dict[int, dict[str, Any]]


def pending_edits(draft: PlanDraft) -> Pending:
    """Return what was edited of this draft and is not in its preview yet, by line."""
    kept = st.session_state.get(_PENDING)
    if kept is None or kept[0] != draft:
        kept = st.session_state[_PENDING] = (draft, {})
    pending: Pending = kept[1]
    return pending


def take_edits(draft: PlanDraft, preview: PlanPreview) -> None:
    """Have the preview worked out anew with what was edited; for a button's `on_click`."""
    pending = pending_edits(draft)
    ids = {each.line: each.asset_id for each in preview.assets if each.line is not None}
    chosen = {line: edit.pop(_REMAKE) for line, edit in pending.items() if _REMAKE in edit}
    remake = set(draft.remake)
    for line, is_wanted in chosen.items():
        asset_id = ids.get(line)
        if asset_id is not None:
            (remake.add if is_wanted else remake.discard)(asset_id)
    edits = {line: edit for line, edit in pending.items() if edit}
    changed = draft.edited(edits) if edits else draft
    keep_draft(replace(changed, remake=frozenset(remake)))


def show_rows(draft: PlanDraft, preview: PlanPreview) -> None:
    """Show the rows that the filters let through, a page of them at a time."""
    faults = {note.line: note.message for note in reversed(preview.errors) if note.line is not None}
    change, notes = _ask_filters(preview)
    rows = [row for row in preview.assets if _passes(row, change, notes, faults)]
    if not rows:
        st.info("No row matches these filters.", icon=":material/filter_alt_off:")
        return
    pages = ceil(len(rows) / PER_PAGE)
    place = st.container()
    page = st.pagination(pages, key=f"plan_rows_{change}_{notes}") if pages > 1 else 1
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    st.caption(
        f"Rows {(page - 1) * PER_PAGE + 1:,} to {(page - 1) * PER_PAGE + len(shown):,} of {len(rows):,}"
    )
    with place:
        _edit(draft, shown, f"{preview.revision}-{change}-{notes}-{page}", faults)


def _ask_filters(preview: PlanPreview) -> tuple[str, str]:
    counts = preview.counts
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        take_from_address("change", _CHANGES)
        change = st.selectbox(
            "Change",
            list(_CHANGES),
            format_func=lambda v: _CHANGES[v] + (f" ({counts.get(v, 0):,})" if v else ""),
            key="change",
            width=220,
            label_visibility="collapsed",
        )
        put_in_address("change", change)
        take_from_address("notes", _NOTES)
        notes = st.selectbox(
            "Notes",
            list(_NOTES),
            format_func=_NOTES.__getitem__,
            key="notes",
            width=220,
            label_visibility="collapsed",
        )
        put_in_address("notes", notes)
    return change, notes


def _passes(row: PlannedAsset, change: str, notes: str, faults: dict[int, str]) -> bool:
    if change and row.change.value != change:
        return False
    return {"": True, "warnings": bool(row.warnings), "errors": row.line in faults}[notes]


def _edit(draft: PlanDraft, rows: Sequence[PlannedAsset], place: str, faults: dict[int, str]) -> None:
    """Show the rows to be edited. What is fed in stays the same while the page stays: edits lie above it."""
    pending = pending_edits(draft)
    key = f"plan-editor-{draft.form}-{hash((draft.content, draft.remake, tuple(draft.renames)))}-{place}"
    frame = st.session_state.get(_FRAME)
    if frame is None or frame[0] != key or key not in st.session_state:
        frame = st.session_state[_FRAME] = (key, [_cells(draft, r, pending, faults) for r in rows])
    editable = _editable(draft)
    locked = [title for title in frame[1][0] if title not in editable]
    st.data_editor(
        frame[1],
        key=key,
        hide_index=True,
        disabled=locked if draft.can_be_edited else True,
        alt="What applying the plan does, row by row",
        column_config=_COLUMNS,
        column_order=_order(draft, rows),
    )
    for n, edit in (st.session_state.get(key) or {}).get("edited_rows", {}).items():
        line = rows[int(n)].line
        if line is not None:
            said = {editable[title]: _value(title, value) for title, value in edit.items()}
            pending.setdefault(line, {}).update(said)


def _editable(draft: PlanDraft) -> dict[str, str]:
    return _EDITABLE if draft.format == "markdown" else _EDITABLE | _ONLY_ELSEWHERE


def _order(draft: PlanDraft, rows: Sequence[PlannedAsset]) -> list[str]:
    """Choose the columns that say something."""
    has_notes = any(row.warnings for row in rows)
    has_remake = any(row.remake_credits is not None or row.asset_id in draft.remake for row in rows)
    shown = {"Notes": has_notes or not draft.can_be_edited, "Make anew": has_remake, "Anew for": has_remake}
    shown |= dict.fromkeys(_ONLY_ELSEWHERE, draft.format != "markdown")
    shown["Leave out"] = draft.can_be_edited
    return [title for title in _COLUMNS if shown.get(title, True)]


def _cells(
    draft: PlanDraft, row: PlannedAsset, pending: Pending, faults: dict[int, str]
) -> dict[str, object]:
    fault = faults.get(row.line) if row.line is not None else None
    cells: dict[str, object] = {
        "Line": row.line,
        "Change": _change(row),
        "Kind": row.tag,
        "Category": row.category,
        "Name": row.name,
        "Description": row.description,
        "Animations": list(row.animations),
        "Size class": row.size_class,
        "Variants": row.variants,
        "Priority": row.priority,
        "Prompt as sent": row.prompt,
        "Notes": " ".join([*([fault] if fault else []), *row.warnings]),
        "Credits": float(row.credits),
        "Make anew": row.asset_id in draft.remake,
        "Anew for": credits_in_words(row.remake_credits) if row.remake_credits is not None else "",
        "Leave out": False,
    }
    edit = pending.get(row.line, {}) if row.line is not None else {}
    titles = {field: title for title, field in _editable(draft).items()}
    return cells | {titles[field]: value for field, value in edit.items()}


def _change(row: PlannedAsset) -> str:
    word = _CHANGES[row.change.value]
    if row.change is Change.CHANGED:
        return f"{word}: {', '.join(name.replace('_', ' ') for name in row.fields)}"
    return word


def _value(title: str, value: Any) -> Any:
    """Say a cell as the row's field does; an emptied cell is None."""
    if title == "Animations":
        return tuple(value or ())
    if title in ("Category", "Name", "Description"):
        return value or ""
    if title in ("Variants", "Priority"):
        return int(value) if value is not None else {"Variants": 1, "Priority": 0}[title]
    return value


_COLUMNS: Final[dict[str, Any]] = {
    "Line": st.column_config.NumberColumn(width=60, pinned=True),
    "Change": st.column_config.TextColumn(width=130),
    "Kind": st.column_config.SelectboxColumn(options=["RIG", "STATIC"], required=True, width=90),
    "Category": st.column_config.TextColumn(width=130),
    "Name": st.column_config.TextColumn(width=180),
    "Credits": st.column_config.NumberColumn(width=80),
    "Make anew": st.column_config.CheckboxColumn(
        width=90, help="The words changed. Tick it to have the model made from the new ones."
    ),
    "Anew for": st.column_config.TextColumn(width=100),
    "Notes": st.column_config.TextColumn(width=260),
    "Description": st.column_config.TextColumn(width=320),
    "Prompt as sent": st.column_config.TextColumn(width=320),
    "Animations": st.column_config.MultiselectColumn(
        options=list(ALL_PRESETS), format_func=clip_title, width=200
    ),
    "Size class": st.column_config.SelectboxColumn(
        options=["hero", "prop", "creature", "foliage"], width=100
    ),
    "Variants": st.column_config.NumberColumn(min_value=1, step=1, width=80),
    "Priority": st.column_config.NumberColumn(step=1, width=80),
    "Leave out": st.column_config.CheckboxColumn(width=80),
}
