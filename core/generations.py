"""What a generation may be: from words or an image, with its options, its rig and its animations.

One check for every way in: orders, estimates and what pages show before the click.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from core.chain import checked_presets
from core.errors import OrderError
from core.prompts import checked_prompt
from core.rigs import checked_rig, refuse_unoffered_rig, refuse_unplayable_by
from core.steps import checked_options
from core.tripo import Version
from core.uploads import checked_source


class Generation(NamedTuple):
    """A generation that can be sent: its order as it is stored with the task, its rig's, and the animations behind."""

    order: dict[str, Any]
    rig: dict[str, str]
    animations: list[str]


def checked_generation(
    session: Session,
    *,
    version: Version,
    prompt: str | None,
    image: Mapping[str, Any] | None = None,
    should_rig: bool = False,
    animations: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    rig: Mapping[str, Any] | None = None,
) -> Generation:
    """Check what is asked for; raises OrderError that names the field, NotFoundError for an upload.

    `version` is that of the API by which it will be ordered.
    """
    if prompt is None and image is None:
        raise OrderError(
            "prompt is missing.",
            suggestion="Add a prompt to the body, or an image.",
            code="missing_field",
            field="prompt",
        )
    order: dict[str, Any] = {}
    if prompt is not None:
        order["prompt"] = checked_prompt(prompt)
    source = checked_source(session, image) if image is not None else None
    if source is not None:
        order["image"] = source
    order["options"] = checked_options(options or {}, has_image=source is not None, version=version)
    if rig and not should_rig:
        raise OrderError(
            "Options of a rig need a rig.",
            suggestion="Set shouldRig to true, or leave rig out.",
            field="rig",
        )
    rig_order = checked_rig(rig or {}, "rig.")
    refuse_unoffered_rig(rig_order, version, "rig.")
    presets = checked_presets(animations) if should_rig else []
    refuse_unplayable_by(rig_order, presets)
    if animations and not should_rig:
        raise OrderError(
            "Animations need a rig.",
            suggestion="Set shouldRig to true, or leave animations out.",
            field="animations",
        )
    if should_rig:
        refuse_unriggable(order["options"])
    return Generation(order, rig_order, presets)


def refuse_unriggable(options: Mapping[str, Any]) -> None:
    """Raise OrderError `quad_not_riggable` for a model that cannot be rigged, whatever it is."""
    if options.get("quad"):
        raise OrderError(
            "A quad model comes as FBX and ends the chain here: it is not rigged.",
            suggestion="Leave options.quad out, or shouldRig.",
            code="quad_not_riggable",
            field="options.quad",
        )
