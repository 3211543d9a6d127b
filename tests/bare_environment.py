"""Keeps this machine's own configuration out of the tests: above all a real key, which would spend credits."""

from __future__ import annotations

import os

from pydantic import AliasChoices

from core.settings import Settings


def names_in_environment() -> list[str]:
    """The first name by which each field of Settings is set."""
    return [names[0] for names in _all_names()]


def bare_environment() -> dict[str, str]:
    """Our environment without any setting, and without a file of settings."""
    settings = {name for names in _all_names() for name in names}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in settings}
    return {**kept, "HATCHERY_ENV_FILE": ""}


def _all_names() -> list[list[str]]:
    return [
        [str(choice).upper() for choice in field.validation_alias.choices]
        if isinstance(field.validation_alias, AliasChoices)
        else [name.upper()]
        for name, field in Settings.model_fields.items()
    ]
