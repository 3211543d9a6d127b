"""A small FBX file: the binary magic, and the nodes that any FBX opens with; it holds no geometry."""

from __future__ import annotations

import struct

MAGIC = b"Kaydara FBX Binary  \x00\x1a\x00"
VERSION = 7400
NULL_NODE = b"\0" * 13


def written(title: str) -> bytes:
    """An FBX 7.4 document that names its subject."""
    nodes = [
        (
            "FBXHeaderExtension",
            [("FBXVersion", [_integer(VERSION)]), ("Creator", [_text("Hatchery sandbox")])],
        ),
        ("Documents", [("Count", [_integer(1)])]),
        ("Definitions", [("Version", [_integer(100)]), ("Count", [_integer(1)])]),
        ("Objects", [("Model", [_text(title), _text("Mesh")])]),
    ]
    document = MAGIC + struct.pack("<I", VERSION)
    for name, children in nodes:
        document += _node(name, [], children, len(document))
    return document + NULL_NODE


def _integer(value: int) -> bytes:
    return b"I" + struct.pack("<i", value)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return b"S" + struct.pack("<I", len(encoded)) + encoded


def _node(name: str, values: list[bytes], children: list[tuple[str, list[bytes]]], start: int) -> bytes:
    encoded, packed = name.encode(), b"".join(values)
    body = start + 13 + len(encoded) + len(packed)
    nested = b""
    for child, held in children:
        nested += _node(child, held, [], body + len(nested))
    if children:
        nested += NULL_NODE
    end = body + len(nested)
    return struct.pack("<IIIB", end, len(values), len(packed), len(encoded)) + encoded + packed + nested
