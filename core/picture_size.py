"""The width and height of a picture, from its first bytes; nothing is decoded.

PNG: W3C, chapter 11; JPEG: ITU T.81, annex B; WebP: Google's container specification; KTX2: Khronos, section 3.
"""

from __future__ import annotations

import struct
from typing import Final

HEAD_BYTES: Final = 256 * 1024  # a JPEG's size stands behind whatever its camera had to tell

Size = tuple[int, int]


def picture_size(head: bytes) -> Size | None:
    """Return width and height in pixels; None for a kind that glTF does not know, or a head that is cut."""
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", head[16:24])
        if head.startswith(b"\xff\xd8"):
            return _of_jpeg(head)
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return _of_webp(head)
        if head.startswith(b"\xabKTX 20\xbb\r\n\x1a\n"):
            return struct.unpack("<II", head[20:28])
    except (struct.error, IndexError):
        return None
    return None


def _of_jpeg(head: bytes) -> Size | None:
    at = 2
    while head[at] == 0xFF:
        marker, length = head[at + 1], struct.unpack(">H", head[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _of_webp(head: bytes) -> Size | None:
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack("<I", head[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return None
