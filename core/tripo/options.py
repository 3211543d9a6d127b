"""What may be said about a model to be generated, checked before anything is sent or paid."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from core.tripo import catalog

CLASH = "options_clash"  # the type of error that names its `field`

# Not documented; every server that takes a seed at all takes these.
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]

# Tripo makes a model from words or from an image, and each way has options of its own (docs, generation).
_FOR_WORDS = ("negative_prompt", "image_seed")
_FOR_IMAGES = ("enable_image_autofix", "texture_alignment", "orientation")

# P1 refuses fields that it does not know, even when they say false (docs, changelog 1.9.5).
_NOT_FOR_P1 = ("quad", "smart_low_poly", "generate_parts", "geometry_quality")

_FOR_TEXTURES = ("pbr", "texture_quality", "texture_seed", "texture_alignment", "orientation", "auto_size")


def option_names(model: str, *, has_image: bool, is_textured: bool) -> tuple[str, ...]:
    """The options beside `model` that can say something about such a model, by their names outside."""
    unfit = {"model", *(_FOR_WORDS if has_image else _FOR_IMAGES), *(() if is_textured else _FOR_TEXTURES)}
    if model == "P1-20260311":
        unfit.update(_NOT_FOR_P1)
    elif not model.startswith("v3."):
        unfit.add("geometry_quality")
    return tuple(to_camel(name) for name in GenerationOptions.model_fields if name not in unfit)


def text_fault(text: str, length_most: int = catalog.PROMPT_LENGTH_MOST) -> str | None:
    """What the provider would refuse a prompt for, as a sentence; None when it is good.

    Its answer to emoji and odd characters is error 2009 (Tripo docs, errors).
    """
    if not text.strip():
        return "The prompt is empty."
    if len(text) > length_most:
        return f"The prompt has {len(text)} characters; {length_most} is the most."
    if text.isascii() and text.isprintable():  # most are, and a plan has thousands
        return None
    odd = next((character for character in text if _is_odd(character)), None)
    if odd is not None:
        name = unicodedata.name(odd, "a control character")
        return f"The prompt has a character that Tripo does not take: {name.lower()} (U+{ord(odd):04X})."
    return None


def _is_odd(character: str) -> bool:
    point, category = ord(character), unicodedata.category(character)
    if character in "\n\r\t\u200c\u200d":  # the last two join letters in Persian and Indic scripts
        return False
    is_emoji = (
        0x1F000 <= point <= 0x1FAFF or point in (0x20E3, 0xFE0F) or (category == "So" and point >= 0x2300)
    )
    return is_emoji or category in ("Cc", "Cf", "Cn", "Co", "Cs")


class GenerationOptions(BaseModel):
    """Tripo's generation options; only what was set is sent, and the model always.

    Written in camelCase outside (`faceLimit`) and snake_case inside; both are taken. Unknown names, values
    out of range and combinations that Tripo refuses raise pydantic's ValidationError, with a sentence.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )

    model: str = catalog.DEFAULT_MODEL
    negative_prompt: str | None = None
    face_limit: int | None = None
    texture: bool | None = None
    pbr: bool | None = None
    texture_quality: Literal["standard", "detailed", "extreme"] | None = None
    geometry_quality: Literal["standard", "detailed"] | None = None
    quad: bool | None = None
    smart_low_poly: bool | None = None
    generate_parts: bool | None = None
    auto_size: bool | None = None
    compress: Literal["geometry"] | None = None
    export_uv: bool | None = None
    model_seed: Seed | None = None
    image_seed: Seed | None = None
    texture_seed: Seed | None = None
    enable_image_autofix: bool | None = None
    texture_alignment: Literal["original_image", "geometry"] | None = None
    orientation: Literal["default", "align_image"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_texture_means_no_pbr(cls, given: object) -> object:
        """Left to itself `pbr` is true at Tripo, which would turn the texture on again and bill it."""
        if isinstance(given, Mapping) and given.get("texture") is False and given.get("pbr") is None:
            return {**given, "pbr": False}
        return given

    @field_validator("model")
    @classmethod
    def _model_is_alive(cls, model: str) -> str:
        if model not in catalog.ALL_MODELS:
            raise ValueError(f"Tripo has no such model; there are {', '.join(catalog.ALL_MODELS)}.")
        return model

    @field_validator("negative_prompt")
    @classmethod
    def _negative_prompt_is_good(cls, text: str | None) -> str | None:
        fault = None if text is None else text_fault(text, catalog.NEGATIVE_PROMPT_LENGTH_MOST)
        if fault:
            raise ValueError(fault.replace("The prompt", "The negative prompt"))
        return text

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        clash = next(self._clashes(), None)
        if clash:
            name, sentence = clash
            raise PydanticCustomError(CLASH, "{sentence}", {"field": to_camel(name), "sentence": sentence})
        return self

    def _clashes(self) -> Iterator[tuple[str, str]]:
        """What does not fit together: the option to change, and a sentence."""
        if self.texture is False and self.pbr:
            yield (
                "pbr",
                "pbr turns the texture on, and is billed so: set pbr to false too, or leave texture out.",
            )
        if self.texture is False and self.texture_quality is not None:
            yield "texture_quality", "textureQuality says something about a texture, and texture is false."
        if self.texture is False and self.auto_size:
            yield "auto_size", "autoSize works on textured models only, and texture is false."
        if self.texture is False and self.texture_alignment is not None:
            yield (
                "texture_alignment",
                "textureAlignment says something about a texture, and texture is false.",
            )
        if self.texture is False and self.orientation == "align_image":
            yield (
                "orientation",
                "orientation align_image works on textured models only, and texture is false.",
            )
        if self.model == "P1-20260311":
            for name in _NOT_FOR_P1[:3]:
                if getattr(self, name):
                    yield name, f"{to_camel(name)} is not possible with P1."
        if self.geometry_quality == "detailed" and not self.model.startswith("v3."):
            yield "geometry_quality", f"geometryQuality detailed needs a model of v3, not {self.model}."
        if self.generate_parts and self.quad:
            yield "generate_parts", "generateParts is not possible together with quad."
        if self.generate_parts and not (self.texture is False and self.pbr is False):
            yield "generate_parts", "generateParts needs texture false and pbr false."
        fewest, most = self.face_range
        if self.face_limit is not None and not fewest <= self.face_limit <= most:
            yield (
                "face_limit",
                f"faceLimit is {self.face_limit}; here it may be {fewest} to {most}, or left out.",
            )

    def unfit_option(self, *, has_image: bool) -> tuple[str, str] | None:
        """The first option that says something about the other way to make a model, and why; None when all fit."""
        for name in _FOR_WORDS if has_image else _FOR_IMAGES:
            if getattr(self, name) is not None:
                option, ways = to_camel(name), ("words", "an image")
                return option, f"{option} is for models made from {ways[not has_image]}, and this is not one."
        return None

    @property
    def is_textured(self) -> bool:
        """Whether a texture is made and billed: both are true when nothing is said, and PBR brings one along."""
        return self.texture is not False or bool(self.pbr)

    @property
    def face_range(self) -> tuple[int, int]:
        """The fewest and the most faces that may be asked for with these options."""
        fewest, most = catalog.FACE_RANGE[self.model]
        if self.geometry_quality == "detailed":
            most = catalog.DETAILED_FACES_MOST
        if self.quad:
            most = min(
                most, catalog.QUAD_FACES_MOST_P2 if self.model.startswith("P2") else catalog.QUAD_FACES_MOST
            )
        if self.smart_low_poly:
            low, high = catalog.SMART_LOW_POLY_FACES
            fewest, most = max(fewest, low), min(most, high)
            if self.quad:
                most = min(most, catalog.SMART_LOW_POLY_QUAD_FACES_MOST)
        return fewest, most

    def to_wire(self) -> dict[str, Any]:
        """What is sent beside the model, by the provider's names, which both versions share."""
        unsent = {"model"}
        if self.model == "P1-20260311":
            unsent.update(_NOT_FOR_P1)
        elif not self.model.startswith("v3."):
            unsent.add("geometry_quality")
        return self.model_dump(exclude_none=True, exclude=unsent)
