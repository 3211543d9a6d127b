"""What a preview says beside its rows: totals, what is wrong, what may be a rename, what may be made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

import streamlit as st

from core.plans.plan import PlanNote
from core.plans.views import OfferedRename, PlanPreview
from core.prices import credits_in_words
from dashboard.components.moments import span
from dashboard.components.plain_text import as_html, as_markdown, one_line
from dashboard.components.plan_source import keep_draft
from dashboard.components.plan_state import assets_in_words
from dashboard.components.state_badge import Look, badge
from dashboard.components.tables import show_rows
from dashboard.plan_draft import PlanDraft

NOTES_SHOWN: Final = 50
RENAMES_SHOWN: Final = 20
_LOOKS: Final = {
    "added": Look("new", ":material/add_circle:", "green"),
    "changed": Look("changed", ":material/edit:", "blue"),
    "unchanged": Look("unchanged", ":material/check:", "gray"),
    "removed": Look("left the plan", ":material/remove_circle:", "orange"),
}


def show_totals(preview: PlanPreview) -> None:
    """Show what applying makes, costs and takes, and whether the balance lasts."""
    with st.container(horizontal=True, gap="small"):
        for change, look in _LOOKS.items():
            if preview.counts.get(change):
                badge(look._replace(word=f"{preview.counts[change]:,} {look.word}"))
    ahead = preview.estimate
    with st.container(horizontal=True, gap="large"):
        st.metric("Tasks", f"{ahead.tasks:,}", width="content")
        st.metric("Cost", credits_in_words(ahead.credits), width="content")
        balance = credits_in_words(ahead.balance) if ahead.balance is not None else "not known yet"
        st.metric("Balance", balance, width="content")
        if ahead.waiting_credits:
            st.metric(
                "For what waits already",
                credits_in_words(ahead.waiting_credits),
                width="content",
                help="What orders that are not done yet will cost with the same key.",
            )
        if ahead.tasks:
            st.metric("Done in", span(ahead.seconds_low, ahead.seconds_high), width="content")
    if ahead.balance is not None and ahead.tasks and ahead.credits + ahead.waiting_credits > ahead.balance:
        missing = credits_in_words(ahead.credits + ahead.waiting_credits - ahead.balance)
        st.warning(
            f"The balance falls short by {missing}. The plan can be applied: it stops when the wallet is empty, "
            "and goes on by itself once there are more credits.",
            icon=":material/account_balance_wallet:",
        )
    if ahead.budget_left is not None and ahead.credits > ahead.budget_left:
        st.warning(
            f"Of the project's budget {credits_in_words(max(ahead.budget_left, Decimal(0)))} are left: a lead raises "
            "it on the Style page, or the plan is shortened, before it can be applied.",
            icon=":material/savings:",
        )
    if preview.counts.get("removed"):
        gone = assets_in_words(preview.counts["removed"])
        st.caption(f"{gone} left the plan: marked, never deleted; what of them was not sent is ended.")


def show_problems(preview: PlanPreview) -> None:
    """List errors, which keep the plan from being applied, and warnings that belong to no single row."""
    if preview.errors:
        count = len(preview.errors)
        problems = "1 problem keeps" if count == 1 else f"{count:,} problems keep"
        st.error(f"{problems} this plan from being applied.", icon=":material/error:")
        _show_notes(preview.errors, "Problems")
    general = [note for note in preview.warnings if note.line is None]
    for note in general[:NOTES_SHOWN]:
        st.warning(as_markdown(note.message), icon=":material/warning:")
    count = len(preview.warnings) - len(general)
    if count:
        with st.expander(
            "1 warning" if count == 1 else f"{count:,} warnings",
            icon=":material/warning:",
            key="plan_warnings",
            on_change="rerun",
        ) as folded:
            if folded.open:
                _show_notes([note for note in preview.warnings if note.line is not None], "Warnings")


def offer_renames(draft: PlanDraft, preview: PlanPreview) -> None:
    """Ask of each row that may be an asset under another name whether it is."""
    if not preview.renames and not draft.renames:
        return
    names = {row.line: row.name for row in preview.assets if row.line is not None}
    with st.container(border=True):
        st.markdown(
            "**Renamed?** Nothing is guessed: without your word the old one leaves, and a new one is made."
        )
        for offer in preview.renames[:RENAMES_SHOWN]:
            _offer_rename(draft, offer, names.get(offer.line, ""))
        with st.container(horizontal=True, gap="small"):
            if len(preview.renames) > 1:
                everyone = {each.line: each.asset_id for each in preview.renames}
                st.button(
                    f"All {len(preview.renames):,} are renamed", on_click=_rename, args=(draft, everyone)
                )
            if draft.renames:
                st.button(
                    f"Take back {len(draft.renames):,} renamed",
                    on_click=keep_draft,
                    args=(replace(draft, renames={}),),
                )


def offer_remakes(draft: PlanDraft, preview: PlanPreview) -> None:
    """Ask whether models whose words changed are made anew, and say the price."""
    open_ones = [row for row in preview.assets if row.remake_credits is not None and row.asset_id]
    if not open_ones and not draft.remake:
        return
    price = sum((row.remake_credits or Decimal(0) for row in open_ones), Decimal(0))
    with st.container(border=True):
        if open_ones:
            st.markdown(
                f"**{assets_in_words(len(open_ones))} with changed words.** Their models stay as they are, unless you "
                "have them made anew; single ones are ticked in the table."
            )
        with st.container(horizontal=True, gap="small"):
            if open_ones:
                every = draft.remake | {row.asset_id for row in open_ones if row.asset_id}
                st.button(
                    f"Make {'it' if len(open_ones) == 1 else 'all'} anew for {credits_in_words(price)}",
                    icon=":material/replay:",
                    on_click=keep_draft,
                    args=(replace(draft, remake=every),),
                )
            if draft.remake:
                st.button(
                    f"Leave {assets_in_words(len(draft.remake))} as made",
                    on_click=keep_draft,
                    args=(replace(draft, remake=frozenset()),),
                )


def _offer_rename(draft: PlanDraft, offer: OfferedRename, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        old, new = as_markdown(one_line(offer.old_name, 80)), as_markdown(one_line(name, 80))
        st.markdown(f"Line {offer.line}: is “{new}” the former “{old}”? ({offer.reason})", width="content")
        st.button(
            "It is",
            key=f"rename-{offer.line}",
            on_click=_rename,
            args=(draft, {offer.line: offer.asset_id}),
        )


def _rename(draft: PlanDraft, more: dict[int, str]) -> None:
    keep_draft(replace(draft, renames={**draft.renames, **more}))


def _show_notes(notes: Sequence[PlanNote], label: str) -> None:
    show_rows([_note_row(note) for note in notes[:NOTES_SHOWN]], label)
    if len(notes) > NOTES_SHOWN:
        st.caption(f"And {len(notes) - NOTES_SHOWN:,} more.")


def _note_row(note: PlanNote) -> tuple[str, ...]:
    line = f"Line {note.line}" if note.line is not None else ""
    return line, as_html(str(note.column or "")), as_html(note.message)
