"""What the author of a plan should see before anything is submitted, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.plans.limits import KEY_LENGTH_MOST, NAME_LENGTH_MOST
from core.plans.notes import Notes, excerpt
from core.plans.plan import PlanRow
from core.tripo import text_fault

_POSE = re.compile(r"\b[TA][\s\u2010-\u2015-]?pose\b", re.IGNORECASE)
_LIKE_A_PATH = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/~]+[^\s\\/]|^[A-Za-z]:[\\/]|^file:")


def advise(rows: Sequence[PlanRow], notes: Notes) -> None:
    """Note what speaks against each row, and against rows that stand beside each other."""
    for row in rows:
        _refuse_unfit_names(row, notes)
        _warn_of_prompt(row, notes)
        _warn_of_rig(row, notes)
    _compare(rows, notes)


def _refuse_unfit_names(row: PlanRow, notes: Notes) -> None:
    for column, text, most in (
        ("name", row.name, NAME_LENGTH_MOST),
        ("category", row.category, NAME_LENGTH_MOST),
        ("key", row.key or "", KEY_LENGTH_MOST),
    ):
        if len(text) > most:
            notes.error(
                row.line,
                f"{column}_too_long",
                f"The {column} has {len(text)} characters; {most} is the most. What describes the asset belongs"
                " into its description.",
                column,
            )
        if _LIKE_A_PATH.search(text):
            notes.error(
                row.line,
                f"{column}_is_path",
                f"The {column} {excerpt(text)} looks like the path of a file; write a plain {column}.",
                column,
            )


def _warn_of_prompt(row: PlanRow, notes: Notes) -> None:
    if not row.description:
        notes.warn(
            row.line,
            "description_missing",
            f'{excerpt(row.name)} has no description; the prompt will be "A 3D model of" and its name.',
            "description",
        )
    fault = text_fault(row.description or f"A 3D model of {row.name}")
    if fault is not None:
        notes.warn(
            row.line,
            "prompt_unfit",
            fault.replace("The prompt", "As a prompt, the description"),
            "description",
        )


def _warn_of_rig(row: PlanRow, notes: Notes) -> None:
    if row.tag == "STATIC":
        if row.animations:
            notes.warn(
                row.line,
                "static_with_animations",
                f"{excerpt(row.name)} is STATIC, so its animations are not made; tag it RIG to have them.",
                "animations",
            )
        return
    if not row.animations:
        notes.warn(
            row.line,
            "rig_without_animation",
            f"{excerpt(row.name)} gets a rig and no animation; name some, such as idle, if it is to move.",
            "animations",
        )
    if _POSE.search(row.description) is None:
        notes.warn(
            row.line,
            "rig_without_pose",
            f"{excerpt(row.name)} is to be rigged and its description says neither T-pose nor A-pose;"
            " rigging works best from these.",
            "description",
        )


def _compare(rows: Sequence[PlanRow], notes: Notes) -> None:
    """Find keys that occur twice, which is a mistake, and names that do, which may be meant."""
    keys: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.key is not None:
            first = keys.setdefault(row.key, row.line)
            if first != row.line:
                notes.error(
                    row.line,
                    "key_twice",
                    f"The key {excerpt(row.key)} is that of the asset at {first} already; each needs its own.",
                    "key",
                )
            continue
        first = names.setdefault((row.category.casefold(), row.name.casefold()), row.line)
        if first != row.line:
            notes.warn(
                row.line,
                "name_twice",
                f"{excerpt(row.name)} is named at {first} already, in the same category: both are made.",
                "name",
            )
