"""Dragons: scales, spines and wings of skin."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.bird_body import WING, Bird
from core.sandbox.forge.palette import BONE, INK, glow
from core.sandbox.forge.solids import Patch, Point, ball, beside, slab, tube


def shape_dragon(b: Bird) -> None:
    """Everything of a dragon, from the horns to the barb of its tail."""
    s, r, body = b.species, b.species.body, b.sculpture
    line: list[Point] = [
        (0, s.middle - r * 0.55, -r * 1.25),
        (0, s.middle - r * 0.2, -r * 0.5),
        (0, s.middle + r * 0.15, r * 0.2),
        (0, s.middle + r * 0.85, r * 0.62),
    ]
    body.add(
        tube(line, [r * 0.6, r * 1.0, r * 1.0, r * 0.58], sides=16, steps=12), b.coat, "Hip", "Spine", "Neck"
    )
    front = [
        (0, s.middle - r * 0.55, -r * 0.3),
        (0, s.middle - r * 0.02, r * 0.42),
        (0, s.middle + r * 0.8, r * 0.82),
    ]
    body.add(tube(front, [r * 0.66, r * 0.74, r * 0.44], sides=14, steps=10), b.chest, "Hip", "Spine", "Neck")
    throat = [
        (0, s.middle + r * 0.6, r * 0.5),
        (0, s.middle + r * 1.4, r * 0.8),
        tuple(b.head_at - (0, 0.02, 0.06)),
    ]
    body.add(
        tube(throat, [r * 0.62, r * 0.44, s.head * 0.72], sides=12, steps=8), b.coat, "Spine", "Neck", "Head"
    )
    tail = [
        (0, s.middle - r * 0.5, -r * 1.0),
        (0, s.middle - r * 1.2, -r * 2.2),
        (0.05, s.middle - r * 1.75, -r * 3.4),
        (0.16, s.middle - r * 1.6, -r * 4.6),
    ]
    body.add(
        tube(tail, [r * 0.62, r * 0.44, r * 0.24, r * 0.05], sides=12, steps=13),
        b.coat,
        "Hip",
        "Tail1",
        "Tail2",
    )
    barb = slab([(-0.12, -0.12), (0, -0.05), (0.12, -0.12), (0, 0.24)], 0.05, dome=0.02).turned(x=-70)
    body.add(barb.moved(0.17, s.middle - r * 1.58, -r * 4.75), b.coat.darker(0.35), "Tail2")
    _spines(b)
    _dragon_legs(b)
    _membrane_wings(b)
    _dragon_head(b)


def _spines(b: Bird) -> None:
    s, r = b.species, b.species.body
    places = [
        (s.middle + r * 1.9, r * 0.62, "Neck"),
        (s.middle + r * 1.35, r * 0.3, "Neck"),
        (s.middle + r * 0.95, -r * 0.1, "Spine"),
        (s.middle + r * 0.72, -r * 0.5, "Spine"),
    ]
    places += [
        (s.middle + r * 0.4, -r * 0.95, "Hip"),
        (s.middle - r * 0.05, -r * 1.4, "Hip"),
        (s.middle - r * 0.5, -r * 1.9, "Tail1"),
        (s.middle - r * 0.95, -r * 2.5, "Tail1"),
        (s.middle - r * 1.35, -r * 3.1, "Tail2"),
    ]
    for i, (y, z, joint) in enumerate(places):
        size = r * (0.42 - 0.025 * i)
        spike = slab(
            [(-size * 0.5, -size * 0.4), (size * 0.5, -size * 0.4), (size * 0.25, size * 0.75)],
            size * 0.25,
            dome=size * 0.08,
        )
        b.sculpture.add(spike.turned(y=90).moved(0, y, z), b.coat.darker(0.35), joint)


def _dragon_legs(b: Bird) -> None:
    s, x = b.species, b.species.body * 0.62
    haunch = tube(
        [(x * 0.8, s.middle - s.body * 0.3, -s.body * 0.3), (x * 1.05, s.middle * 0.5, s.body * 0.1)],
        [s.body * 0.52, s.leg * 1.4],
        sides=12,
        steps=7,
    )
    b.sculpture.pair(haunch, b.coat, "L_Thigh", "L_Shin")
    shin = tube(
        [
            (x * 1.05, s.middle * 0.52, s.body * 0.1),
            (x, s.middle * 0.26, -s.body * 0.22),
            (x, s.leg * 0.6, -s.body * 0.05),
        ],
        [s.leg * 1.35, s.leg * 0.95, s.leg * 0.9],
        sides=10,
        steps=8,
    )
    b.sculpture.pair(shin, b.coat, "L_Thigh", "L_Shin", "L_Foot")
    b.sculpture.pair(
        ball((x, s.leg * 0.62, s.leg * 0.4), (s.leg * 1.25, s.leg * 0.62, s.leg * 1.7), sides=12),
        b.coat.darker(0.1),
        "L_Foot",
    )
    for turn in (-26, 0, 26):
        claw = tube(
            [(0, s.leg * 0.5, s.leg * 1.6), (0, s.leg * 0.45, s.leg * 2.3), (0, s.leg * 0.12, s.leg * 2.9)],
            [s.leg * 0.42, s.leg * 0.34, s.leg * 0.05],
            sides=7,
        )
        b.sculpture.pair(claw.turned(y=turn).moved(x, 0, 0), BONE, "L_Foot")
    arm = [
        (s.body * 0.62, s.middle + s.body * 0.35, s.body * 0.55),
        (s.body * 0.72, s.middle + s.body * 0.0, s.body * 0.95),
        (s.body * 0.55, s.middle + s.body * 0.05, s.body * 1.4),
    ]
    b.sculpture.pair(tube(arm, [s.leg * 0.85, s.leg * 0.62, s.leg * 0.5], sides=9, steps=8), b.coat, "Spine")
    for turn in (-24, 0, 24):
        claw = tube(
            [(0, 0, 0), (0, -0.03, 0.1), (0, -0.1, 0.13)], [s.leg * 0.28, s.leg * 0.24, s.leg * 0.04], sides=6
        ).turned(y=turn)
        b.sculpture.pair(claw.moved(*arm[2]), BONE, "Spine")


def _membrane_wings(b: Bird) -> None:
    s, (x, y, z) = b.species, b.shoulder
    span, skin = s.span, b.chest.darker(0.12)
    elbow = np.array([x + span * 0.32, y + span * 0.16, z - span * 0.02])
    wrist = np.array([x + span * 0.6, y + span * 0.26, z + span * 0.1])
    arm: list[Point] = [(x - 0.1, y, z), elbow, wrist]
    b.sculpture.pair(tube(arm, [span * 0.055, span * 0.042, span * 0.036], sides=10, steps=10), b.coat, *WING)
    tips = [
        np.array(tip)
        for tip in (
            (x + span * 1.04, y + span * 0.2, z - span * 0.12),
            (x + span * 0.84, y + span * 0.12, z - span * 0.5),
            (x + span * 0.48, y + span * 0.06, z - span * 0.62),
            (x + span * 0.08, y - span * 0.02, z - span * 0.5),
        )
    ]
    for tip in tips[:3]:
        middle = (wrist + tip) / 2 + (0, span * 0.035, 0)
        b.sculpture.pair(
            tube(
                [wrist, middle, tip],
                [span * 0.026, span * 0.02, span * 0.006],
                sides=7,
                steps=7,
            ),
            b.coat.darker(0.12),
            *WING,
        )
    b.sculpture.pair(
        tube(
            [wrist, beside(wrist, 0.02, 0.06, 0.07), beside(wrist, 0.04, 0.06, 0.13)],
            [0.035, 0.028, 0.004],
            sides=7,
        ),
        BONE,
        *WING,
    )
    inner = np.array([x - 0.05, y, z - 0.05])
    for near, (one, two) in (
        (wrist, (tips[0], tips[1])),
        (wrist, (tips[1], tips[2])),
        (elbow, (tips[2], tips[3])),
        (None, (tips[2], tips[3])),
    ):
        if near is None:
            continue
        scallop = (one + two) / 2 + (near - (one + two) / 2) * 0.22
        b.sculpture.pair(_sail([near, one, scallop, two]), skin, *WING)
    b.sculpture.pair(_sail([wrist, tips[2], elbow]), skin, *WING)
    b.sculpture.pair(_sail([elbow, tips[3], inner]), skin, *WING)


def _sail(corners: list[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> Patch:
    """A thin skin over corners in space: a slab whose rim and middle follow them."""
    rim = []
    for i, corner in enumerate(corners):
        following = corners[(i + 1) % len(corners)]
        rim += [corner + (following - corner) * t for t in (0, 0.34, 0.67)]
    flat = slab([(float(p[0]), float(p[2])) for p in rim], 0.014).turned(x=90)
    ground = np.array(rim)[:, [0, 2]]
    heights = np.array(rim)[:, 1]
    apart = np.linalg.norm(flat.positions[:, None, [0, 2]] - ground[None], axis=2) + 1e-6
    weight = 1 / apart**3
    lifted = flat.positions.copy()
    lifted[:, 1] += (weight * heights).sum(axis=1) / weight.sum(axis=1)
    return Patch(lifted, flat.normals, flat.faces, flat.around)


def _dragon_head(b: Bird) -> None:
    b.on_head(ball((0, 0, 0), (0.95, 0.9, 1.05), sides=14, rings=9), b.coat)
    b.on_head(
        tube(
            [(0, -0.05, 0.5), (0, -0.12, 1.3), (0, -0.12, 1.9)],
            [(0.72, 0.5), (0.56, 0.38), (0.44, 0.28)],
            sides=12,
            steps=8,
            square=2.5,
        ),
        b.coat,
    )
    b.on_head(
        tube(
            [(0, -0.5, 0.4), (0, -0.52, 1.2), (0, -0.5, 1.75)],
            [(0.6, 0.22), (0.46, 0.17), (0.34, 0.12)],
            sides=12,
            steps=7,
            square=2.5,
        ),
        b.chest,
    )
    b.on_head(ball((0.2, 0.12, 1.98), (0.13, 0.12, 0.12), sides=9, rings=6), b.coat.lighter(0.1), both=True)
    b.on_head(ball((0.2, 0.14, 2.08), (0.05, 0.05, 0.04), sides=6, rings=4), INK, both=True)
    b.on_head(ball((0.58, 0.32, 0.62), (0.2, 0.24, 0.22), sides=10, rings=7), glow("ffd75a"), both=True)
    b.on_head(ball((0.64, 0.32, 0.79), (0.06, 0.2, 0.08), sides=8, rings=6), INK, both=True)
    b.on_head(
        tube([(0.3, 0.56, 0.9), (0.66, 0.62, 0.62), (0.86, 0.5, 0.2)], [0.08, 0.13, 0.06], sides=7),
        b.coat.darker(0.2),
        both=True,
    )
    horn = tube(
        [(0.5, 0.6, -0.2), (0.72, 1.1, -0.75), (0.85, 1.25, -1.45), (0.8, 1.6, -1.9)],
        [0.24, 0.2, 0.13, 0.02],
        sides=9,
        steps=10,
    )
    b.on_head(horn, BONE, both=True)
    for z in (1.0, 1.35, 1.65):
        b.on_head(
            tube(
                [(0.5 - 0.1 * (z - 1), -0.36, z), (0.5 - 0.1 * (z - 1), -0.6, z)],
                [0.06, 0.01],
                sides=6,
                steps=3,
            ),
            BONE,
            both=True,
        )
    b.on_head(
        tube(
            [(0.8, 0.0, -0.1), (1.3, 0.1, -0.5), (1.5, 0.25, -0.9)],
            [(0.1, 0.3), (0.07, 0.24), (0.03, 0.04)],
            sides=8,
        ),
        b.chest,
        both=True,
    )
