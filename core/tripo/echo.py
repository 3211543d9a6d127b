"""Whether a task at the provider is what one of our orders asked for: what was sent, held against what it echoes.

A task's `input` repeats the fields of its create; uploaded files come back under another name (Tripo docs, task
query). Both versions take and show each other's names for the same thing (v2 to v3 migration notes, 2026-07).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from core.tripo.messages import Generate, ProviderTask, Request, Rig, RigCheck, Value

_NAMES: Final[Mapping[str, str]] = {
    "model_version": "model",
    "original_model_task_id": "source",
    "draft_model_task_id": "source",
    "original_task_id": "source",
    "file": "image",
    "animations": "animation",
}
_TYPES: Final[Mapping[str, str]] = {
    "prerigcheck": "animate_prerigcheck",
    "rig_check": "animate_prerigcheck",
    "rig": "animate_rig",
    "retarget": "animate_retarget",
}
_OUR_TYPES: Final = (
    "text_to_model",
    "image_to_model",
    "animate_prerigcheck",
    "animate_rig",
    "animate_retarget",
)
_OTHER_TYPES: Final = ("multiview_to_model", "refine_model", "stylize_model", "texture_model", "convert_model",
    "import_model", "mesh_segmentation", "mesh_completion", "highpoly_to_lowpoly", "text_to_image", "generate_image",
    "generate_multiview_image", "edit_multiview_image", "animate_model")  # fmt: skip

# What is the case when a create says nothing of it (Tripo docs, generation and animation pages).
_DEFAULTS: Final[Mapping[str, object]] = {
    "texture": True,
    "pbr": True,
    "texture_quality": "standard",
    "geometry_quality": "standard",
    "texture_alignment": "original_image",
    "orientation": "default",
    "export_uv": True,
    "quad": False,
    "smart_low_poly": False,
    "generate_parts": False,
    "auto_size": False,
    "enable_image_autofix": False,
    "rig_type": "biped",
    "spec": "tripo",
    "out_format": "glb",
    "bake_animation": True,
    "export_with_geometry": True,
    "animate_in_place": False,
}
_CHOSEN_THERE: Final = ("image_seed", "model_seed", "texture_seed")  # by chance, when a create names none
_SAYS_NOTHING: Final = ("type", "priority", "enable_audit", "parameters")


class Likeness(Value):
    """How well a task at the provider fits an order.

    `differs` names what is not as it was sent; `unseen` what was sent and cannot be compared, or is shown and was
    not sent.
    """

    differs: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def fit(self) -> Literal["same", "unclear", "different"]:
        """`same` only when all that was sent is shown, and nothing else."""
        if self.differs:
            return "different"
        return "unclear" if self.unseen else "same"


def likeness(request: Request, sent: Mapping[str, Any], theirs: ProviderTask) -> Likeness:
    """Compare a request, as it was put on the wire, with a task at the provider."""
    their_type = _type_of_task(theirs.type)
    if their_type not in (None, type_of(request)):
        return Likeness(differs=("type",))
    ours, shown = _named(sent, request), _named(theirs.input, request)
    differs = [
        name for name, value in ours.items() if name in shown and _tells_apart(name, value, shown[name])
    ]
    unseen = ["type"] if their_type is None else []
    unseen += [name for name, value in ours.items() if _cannot_compare(name, value, shown)]
    unseen += [name for name, value in shown.items() if name not in ours and not _means_nothing(name, value)]
    return Likeness(differs=tuple(differs), unseen=tuple(unseen))


def type_of(request: Request) -> str:
    """The provider's word for what is asked."""
    if isinstance(request, Generate):
        return "text_to_model" if request.image is None else "image_to_model"
    if isinstance(request, RigCheck):
        return "animate_prerigcheck"
    return "animate_rig" if isinstance(request, Rig) else "animate_retarget"


def _type_of_task(word: str) -> str | None:
    """The provider's word, however it is spelled; None for one that we do not know."""
    plain = word.strip().lower().replace("-", "_")
    plain = _TYPES.get(plain, plain)
    return plain if plain in (*_OUR_TYPES, *_OTHER_TYPES) else None


def _named(fields: Mapping[str, Any], request: Request) -> dict[str, object]:
    """The fields under one name each, without those that say nothing."""
    input_is = "image" if isinstance(request, Generate) else "source"
    return {
        input_is if name == "input" else _NAMES.get(name, name): value
        for name, value in fields.items()
        if name not in _SAYS_NOTHING and value not in (None, "", {}, [])
    }


def _tells_apart(name: str, ours: object, theirs: object) -> bool:
    return name != "image" and _plain(ours) != _plain(theirs)


def _cannot_compare(name: str, ours: object, shown: Mapping[str, object]) -> bool:
    if name == "image":  # the server may keep a picture under a name of its own
        theirs = set(_texts(shown.get(name)))
        return not any(text in theirs for text in _texts(ours))
    return name not in shown and not (name in _DEFAULTS and _plain(_DEFAULTS[name]) == _plain(ours))


def _means_nothing(name: str, theirs: object) -> bool:
    is_default = name in _DEFAULTS and _plain(_DEFAULTS[name]) == _plain(theirs)
    return is_default or name in _CHOSEN_THERE


def _texts(image: object) -> Iterator[str]:
    """The link or the token of a picture; its `type` is not one."""
    if isinstance(image, str):
        yield image
    elif isinstance(image, Mapping):
        yield from (image[name] for name in ("url", "file_token") if isinstance(image.get(name), str))


def _plain(value: object) -> object:
    """A value so that two spellings of it are equal."""
    if isinstance(value, list) and len(value) == 1:
        return _plain(value[0])
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value
