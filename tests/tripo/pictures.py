"""Pictures to send: real ones, small and quickly made."""

from __future__ import annotations

import io
import random

from PIL import Image


def picture(kind: str = "PNG", width: int = 256, height: int = 256) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (120, 90, 60)).save(file, kind)
    return file.getvalue()


def noisy_picture(side: int = 512) -> bytes:
    """One that hardly packs: about three bytes a pixel."""
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3)).save(file, "PNG")
    return file.getvalue()
