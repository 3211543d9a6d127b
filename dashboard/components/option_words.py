"""How the pages name the options of generations and rigs; what has no words here is shown by its own name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from core.tripo import DEFAULT_MODEL
from core.tripo.catalog import is_low_poly


class Words(NamedTuple):
    """The label of a field, and what is said when a person asks for help."""

    label: str
    help: str = ""


OPTIONS: Final[Mapping[str, Mapping[str, Words]]] = {
    "Shape": {
        "faceLimit": Words("Most faces", "Left empty, Tripo uses as many as it finds right."),
        "geometryQuality": Words("Geometry"),
        "quad": Words(
            "Quads instead of triangles",
            "Comes as an FBX file, without a preview. A quad model cannot be rigged here.",
        ),
        "smartLowPoly": Words("Smart low poly", "A clean low poly mesh; it may fail on complex shapes."),
        "generateParts": Words("Separate parts", "Only without a texture and without PBR maps."),
        "autoSize": Words("Real-world size", "Scales the model to metres."),
        "negativePrompt": Words("Not wanted", "For example: base, pedestal."),
    },
    "Texture": {
        "texture": Words("Texture", "Without it the model is plain, and cheaper."),
        "pbr": Words("PBR maps", "Metalness, roughness and normals; they bring a texture with them."),
        "textureQuality": Words("Texture quality"),
        "textureAlignment": Words("Texture follows"),
        "orientation": Words("Orientation"),
        "enableImageAutofix": Words("Mend the image first", "Takes longer."),
    },
    "File": {
        "exportUv": Words("UV coordinates", "Without them the file is smaller, and made sooner."),
        "compress": Words("Compression", "Meshopt: programs that read the file must know it."),
    },
    "Seeds": {
        "modelSeed": Words("Seed of the shape", "The same number gives the same shape again."),
        "imageSeed": Words("Seed of the image", "Tripo draws an image from the words first."),
        "textureSeed": Words("Seed of the texture", "The same number gives the same texture again."),
    },
}
RIGS: Final[Mapping[str, Words]] = {
    "rigType": Words("Kind of figure", "Choose one to see only the animations that it can play."),
    "rigModel": Words("Rig version"),
    "spec": Words("Bone names", "Only Tripo's own can be animated here."),
    "outFormat": Words("Rig as"),
}
_VALUES: Final = {"": "None", "default": "As it comes", "align_image": "Like in the image"}
RIG_TYPES: Final[Mapping[str, str]] = {
    "biped": "Two legs (biped)",
    "quadruped": "Four legs (quadruped)",
    "hexapod": "Six legs (hexapod)",
    "octopod": "Eight legs (octopod)",
    "avian": "Bird (avian)",
    "serpentine": "Snake (serpentine)",
    "aquatic": "Fish (aquatic)",
}
_ALL: Final = {name: words for group in (*OPTIONS.values(), RIGS) for name, words in group.items()}


def words_of(name: str) -> Words:
    """Find a field's words."""
    return _ALL.get(name) or Words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize())


def label_of(name: str) -> str:
    """Find a field's label."""
    return words_of(name).label


def value_title(value: str) -> str:
    """Name a word of the provider's: `original_image` is `Original image`."""
    return _VALUES.get(value) or value.replace("_", " ").capitalize()


def model_title(model: str) -> str:
    """Name a generation model with its family: `v3.1-20260211 · full detail · default`."""
    family = "low poly" if is_low_poly(model) else "full detail"
    return f"{model} · {family}{' · default' if model == DEFAULT_MODEL else ''}"
