"""Checks that bytes are a whole GLB, and reads what a person wants to know of it.

By hand, since a damaged file must be told from a good one exactly (glTF 2.0 specification, chapter 4, GLB file
format): the libraries at hand load what they can and say nothing of a cut.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, BinaryIO, Final

from core.errors import FileDamagedError
from core.model_facts import facts_of

MAGIC: Final = b"glTF"
JSON_CHUNK: Final = 0x4E4F534A
BIN_CHUNK: Final = 0x004E4942
FBX_MAGIC: Final = b"Kaydara FBX Binary"
LARGEST_JSON_BYTES: Final = 64 * 1024 * 1024


def check_glb(path: Path) -> dict[str, Any]:
    """Verify a GLB file and return its facts; raises FileDamagedError with what is wrong."""
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(12)
        if len(header) < 12 or header[:4] != MAGIC:
            raise FileDamagedError(f"The file is not a GLB model ({_looks_like(header, size)}).")
        version, length = struct.unpack("<II", header[4:])
        if version != 2:
            raise FileDamagedError(f"The file is a GLB of version {version}, not 2.")
        if length != size:
            raise FileDamagedError(f"The GLB should have {length} bytes and has {size}.")
        content: dict[str, Any] | None = None
        binary = range(0)
        while file.tell() < size:
            kind, place = _next_chunk(file, size)
            if kind == JSON_CHUNK and content is None:
                content = _description(file.read(len(place)))
            elif kind == BIN_CHUNK and not binary:
                binary = place
            file.seek(place.stop)
        if content is None:
            raise FileDamagedError("The GLB holds no description of a scene.")

        def read(start: int, count: int) -> bytes:
            file.seek(binary.start + start)
            return file.read(max(0, min(count, len(binary) - start)))

        return facts_of(content, len(binary), read)


def _next_chunk(file: BinaryIO, size: int) -> tuple[int, range]:
    """Read a chunk's head; return its kind and where its content lies, to which the file now points."""
    head = file.read(8)
    if len(head) < 8:
        raise FileDamagedError("The GLB ends in the middle of a chunk.")
    length, kind = struct.unpack("<II", head)
    start = file.tell()
    if length > size - start:
        raise FileDamagedError("The GLB ends in the middle of a chunk.")
    if kind == JSON_CHUNK and length > LARGEST_JSON_BYTES:
        raise FileDamagedError("The GLB's description is larger than any real one.")
    return kind, range(start, start + length)


def _description(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileDamagedError("The GLB's description cannot be read.") from error
    if not isinstance(found, dict) or not isinstance(found.get("asset"), dict):
        raise FileDamagedError("The GLB's description is not a glTF scene.")
    return found


def check_fbx(path: Path) -> dict[str, Any]:
    """Verify that a file is a binary FBX by its magic; it has no facts."""
    with path.open("rb") as file:
        head = file.read(len(FBX_MAGIC))
    if head != FBX_MAGIC:
        raise FileDamagedError(f"The file is not an FBX model ({_looks_like(head, path.stat().st_size)}).")
    return {}


def _looks_like(head: bytes, size: int) -> str:
    if size == 0:
        return "it is empty"
    if head.lstrip()[:1] == b"<":
        return "it is a web page"
    return f"{size} bytes of something else"
