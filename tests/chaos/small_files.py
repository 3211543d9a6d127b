"""Files that cost the sandbox nothing: histories are about what becomes of files, not about what they show.

Each model is whole by glTF 2.0 and bears the id of its task, so that no file can be taken for another's.
"""

from __future__ import annotations

import io
import json
import struct
from functools import cache

from PIL import Image

from core.sandbox.products import Product, Workshop
from core.sandbox.tasks import Task


class SmallFiles(Workshop):
    """A workshop that makes one triangle, and one grey picture."""

    def file(self, task: Task, product: Product) -> bytes:
        return model_of(task.id) if product.is_model else _picture()


def model_of(task_id: str) -> bytes:
    """A GLB with one triangle, signed with its task's id."""
    corners = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    scene = {
        "asset": {"version": "2.0", "extras": {"task": task_id}},
        "buffers": [{"byteLength": len(corners)}],
        "bufferViews": [{"buffer": 0, "byteLength": len(corners)}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 3,
                "type": "VEC3",
                "min": [0, 0, 0],
                "max": [1, 1, 0],
            }
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "nodes": [{"mesh": 0}],
        "scenes": [{"nodes": [0]}],
        "scene": 0,
    }
    text = json.dumps(scene).encode()
    text += b" " * (-len(text) % 4)
    chunks = (
        struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(corners), b"BIN\0") + corners
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def task_in_model(content: bytes) -> str:
    """Whose model this is; raises AssertionError when it is not a whole GLB."""
    magic, version, length = struct.unpack_from("<4sII", content)
    assert (magic, version, length) == (b"glTF", 2, len(content)), "not a whole GLB"
    found, at = {}, 12
    while at < length:
        size, kind = struct.unpack_from("<I4s", content, at)
        assert at + 8 + size <= length, "a chunk is cut"
        found[kind] = content[at + 8 : at + 8 + size]
        at += 8 + size
    scene = json.loads(found[b"JSON"])
    assert sum(buffer["byteLength"] for buffer in scene["buffers"]) <= len(found[b"BIN\0"]), (
        "its buffer is cut"
    )
    return str(scene["asset"]["extras"]["task"])


@cache
def _picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (2, 2), "grey").save(target, "WEBP")
    return target.getvalue()
