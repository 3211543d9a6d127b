"""The words for steps and animations."""

from __future__ import annotations

from core.lifecycle import TaskKind

_STEPS = {
    TaskKind.GENERATE: "Generate the model",
    TaskKind.RIG_CHECK: "Check that it can be rigged",
    TaskKind.RIG: "Rig it",
}
_RESULTS = {TaskKind.GENERATE: "Draft", TaskKind.RIG: "Rigged"}


def step_title(kind: TaskKind, preset: str | None) -> str:
    """Name a step as something to do: `Generate the model`, `Animate: walk`."""
    return _STEPS.get(kind) or f"Animate: {clip_title(preset or '').lower()}"


def result_title(kind: TaskKind, preset: str | None) -> str:
    """Name what a step brings: `Draft`, `Rigged`, `Walk`."""
    return _RESULTS.get(kind) or clip_title(preset or "")


def clip_title(preset: str) -> str:
    """Name an animation: `preset:walk` is `Walk`, `preset:biped:cast_a_spell` is `Cast a spell (biped)`."""
    *rig_type, name = preset.removeprefix("preset:").split(":")
    title = name.replace("_", " ").capitalize()
    return f"{title} ({rig_type[0]})" if rig_type else title
