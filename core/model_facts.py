"""What a person wants to know of a GLB, read once when it is stored: triangles, textures, joints, clips, faults.

Words and rules are those of the glTF 2.0 specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from core.picture_size import HEAD_BYTES, picture_size

TRIANGLES: Final = 4  # mesh.primitive.mode
MOST_FAULTS: Final = 20
MIPMAPS: Final = 4 / 3  # all smaller pictures of a texture take a third of it again
PIXEL_BYTES: Final = 4  # as graphics cards keep what is not compressed for them
COMPONENT_BYTES: Final = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
COMPONENTS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_ODD: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)

Read = Callable[[int, int], bytes]  # bytes of the binary chunk: from where, how many
Json = dict[str, Any]


def facts_of(content: Json, binary_bytes: int, read: Read) -> Json:
    """Read a description's facts; `faults` says in sentences what breaks the rules. Of an odd one, nothing else."""
    faults = list(_faults(content, binary_bytes))[:MOST_FAULTS]
    try:
        accessors = content.get("accessors", [])
        primitives = [p for mesh in content.get("meshes", []) for p in mesh["primitives"]]
        animations = list(enumerate(content.get("animations", []), 1))
        sizes = list(_picture_sizes(content, read))
        return {
            "triangles": sum(_triangles(p, accessors) for p in primitives),
            "vertices": sum(accessors[p["attributes"]["POSITION"]]["count"] for p in primitives),
            "meshes": len(content.get("meshes", [])),
            "materials": len(content.get("materials", [])),
            "textures": len(content.get("textures", [])),
            "texturePixels": [f"{width} × {height}" for width, height in sizes],
            "textureBytes": round(sum(width * height for width, height in sizes) * PIXEL_BYTES * MIPMAPS),
            "joints": len({joint for skin in content.get("skins", []) for joint in skin["joints"]}),
            "clips": [clip.get("name") or f"clip {n}" for n, clip in animations],
            "clipSeconds": [_seconds(clip, accessors) for _, clip in animations],
            "faults": faults,
        }
    except _ODD:
        return {"faults": faults or ["The description is not as glTF wants it."]}


def _triangles(primitive: Json, accessors: list[Json]) -> int:
    if primitive.get("mode", TRIANGLES) != TRIANGLES:
        return 0
    corners = primitive["indices"] if "indices" in primitive else primitive["attributes"]["POSITION"]
    return int(accessors[corners]["count"]) // 3


def _seconds(clip: Json, accessors: list[Json]) -> float:
    """How long a clip is: the time of its last key; its input accessors name that as their maximum."""
    ends = (accessors[sampler["input"]].get("max", [0.0])[0] for sampler in clip["samplers"])
    return round(max((float(end) for end in ends), default=0.0), 3)


def _picture_sizes(content: Json, read: Read) -> Iterator[tuple[int, int]]:
    views = content.get("bufferViews", [])
    for image in content.get("images", []):
        if "bufferView" not in image:
            continue
        view = views[image["bufferView"]]
        size = picture_size(read(view.get("byteOffset", 0), min(view["byteLength"], HEAD_BYTES)))
        if size is not None:
            yield size


# --- faults --------------------------------------------------------------------------------------------------


def _faults(content: Json, binary_bytes: int) -> Iterator[str]:
    """Say what breaks the rules: parts that lie outside the file, numbers that name nothing, skins without weights."""
    checks = (_outside_the_file, _outside_their_views, _naming_nothing, _skins_without_weights)
    for check in checks:
        try:
            yield from check(content, binary_bytes)
        except _ODD:
            yield "A part of the description has not the form that glTF wants."


def _outside_the_file(content: Json, binary_bytes: int) -> Iterator[str]:
    for n, view in enumerate(content.get("bufferViews", [])):
        is_inside = view.get("byteOffset", 0) + view["byteLength"] <= binary_bytes
        if view.get("buffer") == 0 and "uri" not in content["buffers"][0] and not is_inside:
            yield f"Buffer view {n} reaches beyond the end of the file."


def _outside_their_views(content: Json, _binary_bytes: int) -> Iterator[str]:
    views = content.get("bufferViews", [])
    for n, accessor in enumerate(content.get("accessors", [])):
        if "bufferView" not in accessor:
            continue
        view = views[accessor["bufferView"]]
        each = COMPONENT_BYTES[accessor["componentType"]] * COMPONENTS[accessor["type"]]
        stride = view.get("byteStride", each)
        needed = accessor.get("byteOffset", 0) + stride * (accessor["count"] - 1) + each
        if accessor["count"] < 1 or needed > view["byteLength"]:
            yield f"Accessor {n} reaches beyond its buffer view."


def _naming_nothing(content: Json, _binary_bytes: int) -> Iterator[str]:
    for place, kind, number in _names(content):
        if not isinstance(number, int) or not 0 <= number < len(content.get(kind, [])):
            yield f"{place} names {kind} {number}, which is not there."


def _names(content: Json) -> Iterator[tuple[str, str, Any]]:
    for n, scene in enumerate(content.get("scenes", [])):
        yield from ((f"Scene {n}", "nodes", node) for node in scene.get("nodes", []))
    for n, node in enumerate(content.get("nodes", [])):
        yield from ((f"Node {n}", "nodes", child) for child in node.get("children", []))
        yield from ((f"Node {n}", kind, node[key]) for key, kind in _OF_A_NODE.items() if key in node)
    for n, mesh in enumerate(content.get("meshes", [])):
        for primitive in mesh["primitives"]:
            yield from ((f"Mesh {n}", "accessors", each) for each in primitive["attributes"].values())
            yield from (
                (f"Mesh {n}", kind, primitive[key]) for key, kind in _OF_A_MESH.items() if key in primitive
            )
    for n, skin in enumerate(content.get("skins", [])):
        yield from ((f"Skin {n}", "nodes", joint) for joint in skin["joints"])
    for n, texture in enumerate(content.get("textures", [])):
        yield from ((f"Texture {n}", "images", texture[key]) for key in ("source",) if key in texture)
    for n, clip in enumerate(content.get("animations", [])):
        for sampler in clip["samplers"]:
            yield from ((f"Clip {n}", "accessors", sampler[key]) for key in ("input", "output"))
        targets = (channel["target"] for channel in clip["channels"])
        yield from ((f"Clip {n}", "nodes", target["node"]) for target in targets if "node" in target)


_OF_A_NODE: Final = {"mesh": "meshes", "skin": "skins", "camera": "cameras"}
_OF_A_MESH: Final = {"indices": "accessors", "material": "materials"}


def _skins_without_weights(content: Json, _binary_bytes: int) -> Iterator[str]:
    meshes = content.get("meshes", [])
    for n, node in enumerate(content.get("nodes", [])):
        if "skin" not in node:
            continue
        if "mesh" not in node:
            yield f"Node {n} has a skin and no mesh."
        elif any(
            {"JOINTS_0", "WEIGHTS_0"} - p["attributes"].keys() for p in meshes[node["mesh"]]["primitives"]
        ):
            yield f"Node {n} has a skin, and its mesh lacks joints or weights."
