"""Several clips in one GLB: the provider answers a retarget with several presets by one file."""

from __future__ import annotations

import json
import struct
from typing import Any

_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")

Gltf = dict[str, Any]


def joined(files: list[bytes]) -> bytes:
    """The first file with the clips of the others; all must have the same nodes."""
    if len(files) == 1:
        return files[0]
    gltf, binary = _read(files[0])
    for file in files[1:]:
        other, other_binary = _read(file)
        for clip in other["animations"]:
            binary += _moved(clip, other, other_binary, gltf, len(binary))
            gltf["animations"].append(clip)
    gltf["buffers"][0]["byteLength"] = len(binary)
    return _written(gltf, binary)


def _moved(clip: Gltf, source: Gltf, source_binary: bytes, target: Gltf, offset: int) -> bytes:
    """Point the clip's samplers at accessors of the target; returns the bytes to append at this offset."""
    moved: dict[int, int] = {}
    extra = bytearray()
    for sampler in clip["samplers"]:
        for end in ("input", "output"):
            old = sampler[end]
            if old not in moved:
                accessor = dict(source["accessors"][old])
                view = dict(source["bufferViews"][accessor["bufferView"]])
                start = view.get("byteOffset", 0)
                data = source_binary[start : start + view["byteLength"]]
                view["byteOffset"] = offset + len(extra)
                extra += data + bytes(-len(data) % 4)
                accessor["bufferView"] = len(target["bufferViews"])
                target["bufferViews"].append(view)
                moved[old] = len(target["accessors"])
                target["accessors"].append(accessor)
            sampler[end] = moved[old]
    return bytes(extra)


def _read(file: bytes) -> tuple[Gltf, bytes]:
    length, _ = _CHUNK.unpack_from(file, _HEADER.size)
    start = _HEADER.size + _CHUNK.size
    gltf = json.loads(file[start : start + length])
    binary_length, _ = _CHUNK.unpack_from(file, start + length)
    binary_start = start + length + _CHUNK.size
    return gltf, file[binary_start : binary_start + binary_length]


def _written(gltf: Gltf, binary: bytes) -> bytes:
    text = json.dumps(gltf, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    gltf_chunk = _CHUNK.pack(len(text), b"JSON") + text
    binary_chunk = _CHUNK.pack(len(binary), b"BIN\0") + binary
    header = _HEADER.pack(b"glTF", 2, _HEADER.size + len(gltf_chunk) + len(binary_chunk))
    return header + gltf_chunk + binary_chunk
