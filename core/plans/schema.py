"""The JSON Schema of a plan in JSON or YAML, made from the same values that the reader makes and checks.

The reader understands more than it (other letter cases, a list of animations in one text); what fits it, reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.plans.limits import (
    ASSETS_MOST,
    KEY_LENGTH_MOST,
    NAME_LENGTH_MOST,
    PRIORITY_MOST,
    SEED_MOST,
    TEXT_LENGTH_MOST,
    VARIANTS_MOST,
)
from core.plans.plan import PlanRow
from core.tripo import ALL_MODELS, ALL_PRESETS, GenerationOptions

_ABOUT: Final[Mapping[str, dict[str, Any]]] = {
    "key": {
        "description": "The asset's identity when the plan is applied again; without it, category and name are.",
        "maxLength": KEY_LENGTH_MOST,
    },
    "name": {"description": "What the asset is called.", "minLength": 1, "maxLength": NAME_LENGTH_MOST},
    "category": {"description": "The group that it belongs to.", "maxLength": NAME_LENGTH_MOST},
    "tag": {"description": "RIG gets a skeleton and may get animations; STATIC is a mesh alone."},
    "description": {
        "description": "The prompt, as it is written; an empty one becomes 'A 3D model of' and the name.",
        "maxLength": TEXT_LENGTH_MOST,
    },
    "animations": {"description": "Of a RIG asset: each is one task.", "uniqueItems": True},
    "options": {"description": "The provider's generation options, over those of the size class."},
    "sizeClass": {"description": "Which of the project's defaults for options apply."},
    "priority": {
        "description": "Higher goes first; 0 is normal.",
        "minimum": -PRIORITY_MOST,
        "maximum": PRIORITY_MOST,
    },
    "variants": {
        "description": "How many are made to choose from, each with its own seed.",
        "minimum": 1,
        "maximum": VARIANTS_MOST,
    },
    "seed": {
        "description": "The first seed; each further variant has its own.",
        "minimum": 0,
        "maximum": SEED_MOST,
    },
}


def plan_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) of `{"assets": [...]}`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Asset plan",
        "description": "A list of 3D assets to be made.",
        "type": "object",
        "required": ["assets"],
        "properties": {"assets": {"type": "array", "maxItems": ASSETS_MOST, "items": _asset()}},
    }


def _asset() -> dict[str, Any]:
    own = PlanRow.model_json_schema(by_alias=True)["properties"]
    fields = {name: {**_without_title(own[name]), **about} for name, about in _ABOUT.items()}
    fields["animations"]["items"] = {"enum": list(ALL_PRESETS)}
    fields["options"] |= {"properties": _options(), "additionalProperties": False}
    return {
        "title": "Asset",
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": fields,
    }


def _options() -> dict[str, Any]:
    properties = GenerationOptions.model_json_schema(by_alias=True)["properties"]
    options = {name: _without_title(schema) for name, schema in properties.items()}
    options["model"]["enum"] = list(ALL_MODELS)
    return options


def _without_title(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in ("title", "additionalProperties")}
