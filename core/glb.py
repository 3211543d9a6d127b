"""Checks that bytes are a whole GLB, and reads what a person wants to know of it.

By hand, since a damaged file must be told from a good one exactly (glTF 2.0 specification, chapter 4, GLB file
format): the libraries at hand load what they can and say nothing of a cut.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, Final

from core.errors import FileDamagedError

MAGIC: Final = b"glTF"
JSON_CHUNK: Final = 0x4E4F534A
BIN_CHUNK: Final = 0x004E4942
FBX_MAGIC: Final = b"Kaydara FBX Binary"
LARGEST_JSON_BYTES: Final = 64 * 1024 * 1024
TRIANGLES: Final = 4  # glTF 2.0, mesh.primitive.mode


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
        while file.tell() < size:
            content = _next_chunk(file.read(8), file.read, size - file.tell(), content)
    if content is None:
        raise FileDamagedError("The GLB holds no description of a scene.")
    return facts_of(content)


def _next_chunk(head: bytes, read: Any, left: int, content: dict[str, Any] | None) -> dict[str, Any] | None:
    if len(head) < 8:
        raise FileDamagedError("The GLB ends in the middle of a chunk.")
    length, kind = struct.unpack("<II", head)
    if length > left:
        raise FileDamagedError("The GLB ends in the middle of a chunk.")
    if kind != JSON_CHUNK:
        read(length)
        return content
    if length > LARGEST_JSON_BYTES:
        raise FileDamagedError("The GLB's description is larger than any real one.")
    try:
        found = json.loads(read(length))
    except (ValueError, RecursionError) as error:
        raise FileDamagedError("The GLB's description cannot be read.") from error
    if not isinstance(found, dict) or not isinstance(found.get("asset"), dict):
        raise FileDamagedError("The GLB's description is not a glTF scene.")
    return found


def facts_of(content: dict[str, Any]) -> dict[str, Any]:
    """Read triangles, meshes, materials, joints and clip names; of a description that is odd, nothing."""
    try:
        accessors = content.get("accessors", [])
        primitives = [p for mesh in content.get("meshes", []) for p in mesh["primitives"]]
        return {
            "triangles": sum(_triangles(p, accessors) for p in primitives),
            "vertices": sum(accessors[p["attributes"]["POSITION"]]["count"] for p in primitives),
            "meshes": len(content.get("meshes", [])),
            "materials": len(content.get("materials", [])),
            "textures": len(content.get("textures", [])),
            "joints": len({joint for skin in content.get("skins", []) for joint in skin["joints"]}),
            "clips": [
                clip.get("name") or f"clip {n}" for n, clip in enumerate(content.get("animations", []))
            ],
        }
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return {}


def _triangles(primitive: dict[str, Any], accessors: list[dict[str, Any]]) -> int:
    if primitive.get("mode", TRIANGLES) != TRIANGLES:
        return 0
    corners = primitive["indices"] if "indices" in primitive else primitive["attributes"]["POSITION"]
    return int(accessors[corners]["count"]) // 3


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
