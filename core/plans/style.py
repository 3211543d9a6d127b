"""A project's style: the words and options that it adds to what its plans say, and what is sent in the end.

Each change is a new version, and an asset remembers under which one its model was ordered. What a person wrote and
what is sent are both kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import OrderError
from core.models import Project, ProjectStyle
from core.plans.plan import PlanRow, SizeClass
from core.prompts import checked_prompt
from core.steps import checked_options
from core.tripo import NEGATIVE_PROMPT_LENGTH_MOST, PROMPT_LENGTH_MOST, text_fault

LONGEST_WORDS: Final = 400
POSES: Final = ("t-pose", "a-pose", "t pose", "a pose")


class Style(BaseModel):
    """What a project adds to each row of its plans; empty as long as nobody said anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    prefix: str = Field("", max_length=LONGEST_WORDS, description="Words before each description.")
    suffix: str = Field("", max_length=LONGEST_WORDS, description="Words after each description.")
    negative_prompt: str = Field(
        "", max_length=NEGATIVE_PROMPT_LENGTH_MOST, description="What no model should have."
    )
    pose: str = Field(
        "", max_length=LONGEST_WORDS, description="Words for RIG assets whose description names no pose."
    )
    size_classes: dict[SizeClass, dict[str, Any]] = Field(
        default={}, description="Generation options by size class; a row's own options come before them."
    )
    gate: bool = Field(False, description="Rig and animations of variants wait until one of them is picked.")


class StyleVersion(NamedTuple):
    """A style and its number; 0 is the empty one that a project has before its first."""

    version: int
    style: Style


class Brief(BaseModel):
    """What a row says that its model is made from. Another brief is another model, and is paid for."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    description: str = ""
    options: dict[str, Any] = {}
    seed: int | None = None
    size_class: SizeClass | None = None


class Sent(NamedTuple):
    """What the provider is asked for."""

    prompt: str
    options: dict[str, Any]


# --- the versions --------------------------------------------------------------------------------------------


def current_style(session: Session, project_id: str) -> StyleVersion:
    """Read a project's newest style; version 0, the empty one, when nobody has set any."""
    newest = (
        select(ProjectStyle).filter_by(project_id=project_id).order_by(ProjectStyle.version.desc()).limit(1)
    )
    row = session.scalar(newest)
    return StyleVersion(row.version, Style.model_validate(row.words)) if row else StyleVersion(0, Style())


def set_style(session: Session, project: Project, style: Style, actor: str, now: datetime) -> StyleVersion:
    """Make this a project's style; the same one again is no new version. Raises OrderError for what cannot be sent."""
    wanted = _checked(style)
    session.refresh(project, with_for_update=True)
    current = current_style(session, project.id)
    if current.style == wanted:
        return current
    words = wanted.model_dump(mode="json")
    row = ProjectStyle(
        project_id=project.id, version=current.version + 1, words=words, created_by=actor, created_at=now
    )
    session.add(row)
    project.plans_revision += 1  # a preview that was made under the old one is out of date
    session.flush()
    return StyleVersion(row.version, wanted)


def _checked(style: Style) -> Style:
    for name in ("prefix", "suffix", "pose"):
        words = getattr(style, name).strip()
        fault = text_fault(words) if words else None
        if fault is not None:
            raise OrderError(
                fault.replace("The prompt", f"The style's {name}"),
                suggestion="Use plain words, without emoji.",
                code="style_invalid",
                field=name,
            )
    if style.negative_prompt.strip():
        checked_options({"negativePrompt": style.negative_prompt.strip()})
    sizes = {name: checked_options(options) for name, options in style.size_classes.items()}
    trimmed = {name: getattr(style, name).strip() for name in ("prefix", "suffix", "pose", "negative_prompt")}
    return style.model_copy(
        update={**trimmed, "size_classes": {n: _said(o, style, n) for n, o in sizes.items()}}
    )


def _said(checked: dict[str, Any], style: Style, size_class: SizeClass) -> dict[str, Any]:
    """Keep of checked options what was said, so that what a row says can still come before it."""
    return {name: checked[name] for name in style.size_classes[size_class] if name in checked}


# --- what is sent --------------------------------------------------------------------------------------------


def brief_of(row: PlanRow) -> Brief:
    """Take from a row what its model is made from."""
    return Brief(
        description=unicodedata.normalize("NFC", row.description).strip(),
        options=row.options,
        seed=row.seed,
        size_class=row.size_class,
    )


def prompt_as_sent(style: Style, *, name: str, tag: str, description: str) -> str:
    """Put a prompt together: prefix, description, pose and suffix; without a description the asset's name stands in.

    Raises OrderError when the provider would not take it, with what of it is too long.
    """
    written = description.strip() or f"A 3D model of {name}"
    has_pose = any(pose in written.casefold() for pose in POSES)
    pose = style.pose if tag == "RIG" and not has_pose else ""
    added = [words for words in (style.prefix, pose, style.suffix) if words]
    if not added:
        return checked_prompt(written)
    parts = [words for words in (style.prefix, written, pose, style.suffix) if words]
    whole = ", ".join([*(part.rstrip(" .,;") for part in parts[:-1]), parts[-1]])
    if len(whole) > PROMPT_LENGTH_MOST:
        raise OrderError(
            f"The prompt has {len(whole)} characters with the words of the project's style "
            f"({len(written)} without them); {PROMPT_LENGTH_MOST} is the most.",
            suggestion="Shorten the description, or the style.",
            code="prompt_invalid",
            field="description",
        )
    return checked_prompt(whole)


def options_as_sent(
    style: Style,
    defaults: Mapping[str, Any],
    *,
    size_class: str | None,
    options: Mapping[str, Any],
    seed: int | None,
) -> dict[str, Any]:
    """Merge options: the project's defaults, the style's by size class, the row's own; unchecked."""
    by_size: Mapping[str, Any] = next(
        (chosen for name, chosen in style.size_classes.items() if name == size_class), {}
    )
    merged = {**defaults, **by_size, **options}
    if style.negative_prompt:
        merged.setdefault("negativePrompt", style.negative_prompt)
    if seed is not None:
        merged["modelSeed"] = seed
    return merged
