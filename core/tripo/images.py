"""The image that a model is made from: what Tripo takes, checked before anything is sent (docs, image to model)."""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from core.tripo.catalog import IMAGE_BYTES_MOST, IMAGE_KINDS, IMAGE_PIXELS_MOST, IMAGE_SIDE_LEAST

IMAGE_CURE = "Use a whole JPEG, PNG or WebP image of 256 x 256 pixels or more, and of at most 20 MB."


class ImageFacts(NamedTuple):
    """What an image is; width and height in pixels."""

    media_type: str
    width: int
    height: int


class UnfitImageError(ValueError):
    """Tripo would not take this image; the text is a sentence for people, `code` a stable word."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def checked_image(content: bytes) -> ImageFacts:
    """Read an image to its end and say what it is; raises UnfitImageError.

    Its kind is what its bytes say, whatever its name: a renamed or cut file is found here, not at Tripo.
    """
    if not content:
        raise UnfitImageError("image_empty", "The file is empty.")
    if len(content) > IMAGE_BYTES_MOST:
        raise UnfitImageError("image_too_large", f"The image has more than {IMAGE_BYTES_MOST // 10**6} MB.")
    try:
        with Image.open(io.BytesIO(content), formats=tuple(IMAGE_KINDS.values())) as image:
            facts = ImageFacts(Image.MIME[image.format or ""], *image.size)
            _check_size(facts)
            image.load()
    except UnfitImageError:
        raise
    except UnidentifiedImageError:
        raise UnfitImageError("image_unsupported", "The file is not a JPEG, PNG or WebP image.") from None
    except Exception:  # whatever a decoder makes of foreign bytes
        raise UnfitImageError("image_damaged", "The image is damaged or incomplete.") from None
    return facts


def _check_size(image: ImageFacts) -> None:
    if min(image.width, image.height) < IMAGE_SIDE_LEAST:
        least = f"{IMAGE_SIDE_LEAST} x {IMAGE_SIDE_LEAST}"
        raise UnfitImageError(
            "image_too_small", f"The image has {image.width} x {image.height} pixels; {least} is the least."
        )
    if image.width * image.height > IMAGE_PIXELS_MOST:
        raise UnfitImageError(
            "image_too_large", f"The image has more than {IMAGE_PIXELS_MOST // 10**6} megapixels."
        )
