"""Actions that make a model anew from another image, with other options, or just again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field, model_validator

from core.errors import OrderError
from core.jobs.action import Action, Case, Intent, Terms
from core.jobs.renewals import anew, newest_order
from core.tripo import GenerationOptions
from core.uploads import checked_source

OPTION_NAMES: Final = tuple(field.alias or name for name, field in GenerationOptions.model_fields.items())


class ImageTerms(Terms):
    """Another image, `{"uploadId": ...}` or `{"url": ...}`: one for all, or each its own, named as the prompts are."""

    image: dict[str, str] = Field(default={})
    images: dict[str, dict[str, str]] = Field(default={})

    @model_validator(mode="after")
    def _says_one_thing(self) -> ImageTerms:
        if bool(self.image) == bool(self.images):
            raise ValueError("say either the image, or the images")
        return self


class OptionTerms(Terms):
    """Options by name, with what they are to be; null leaves one to the provider."""

    options: dict[str, Any] = Field(min_length=1)


def change_image(case: Case, terms: ImageTerms) -> Intent:
    """Make a model anew from another image."""
    order = newest_order(case.chain)
    before = order.get("image")
    if before is None:
        raise OrderError(
            "It is made from words, not from an image.",
            suggestion="Change its prompt instead.",
            code="no_image",
        )
    asset = case.chain.asset
    given = terms.image or terms.images.get(asset.id) or terms.images.get(asset.asset_id)
    if given is None:
        raise OrderError(
            "No other image is given for it.", suggestion="Choose one.", code="no_new_image", field="terms"
        )
    image = checked_source(case.session, given)
    if image == before:
        raise OrderError("It has this image.", suggestion="Choose another.", code="nothing_changes")
    return anew(case, {**order, "image": image})


def change_options(case: Case, terms: OptionTerms) -> Intent:
    """Make a model anew with some options changed, or left to the provider."""
    order = newest_order(case.chain)
    before: Mapping[str, Any] = order.get("options") or {}
    options = {name: value for name, value in {**before, **terms.options}.items() if value is not None}
    if options == before:
        raise OrderError(
            "Its options are so already.", suggestion="Choose other ones.", code="nothing_changes"
        )
    return anew(case, {**order, "options": options})


def make_again(case: Case, _terms: Terms) -> Intent:
    """Make a model, and all that follows it, just as it was ordered: what a later step found wrong may be chance."""
    return anew(case, newest_order(case.chain))


CHANGE_IMAGE: Final = Action("change_image", "Use another image", change_image, ImageTerms)
CHANGE_OPTIONS: Final = Action("change_options", "Change options", change_options, OptionTerms)
MAKE_AGAIN: Final = Action("make_again", "Make the model again", make_again)
