"""Animals on six and on eight legs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.sandbox.forge.palette import INK, RED_LIGHT, WHITE, Paint, matte
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.solids import Array, ball, tube
from core.sandbox.forge.subject import Subject

COATS = {
    "spider": ("4a3a3a", "5d4a38", "3c3f4c"),
    "crab": ("c9583f", "b8703a"),
    "ant": ("8a3f2c", "4a3630", "6b4a34"),
    "beetle": ("3f6f5a", "a8363c", "3f568f", "7a5230"),
}


@dataclass(frozen=True)
class Legs:
    """How legs stand: their number on each side, where they grow from, how far they reach and how high they arch."""

    count: int
    body_y: float
    root_x: float
    length_z: float
    reach: float
    arch: float
    thick: float
    fan: float
    """How far apart the feet point, degrees from the first leg to the last."""


LEGS = {
    "spider": Legs(4, 0.24, 0.11, 0.2, 0.62, 0.28, 0.034, 112),
    "crab": Legs(4, 0.2, 0.24, 0.22, 0.42, 0.16, 0.034, 84),
    "ant": Legs(3, 0.22, 0.07, 0.2, 0.4, 0.14, 0.022, 96),
    "beetle": Legs(3, 0.18, 0.16, 0.32, 0.34, 0.1, 0.032, 86),
}


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """A spider, crab, ant or beetle."""
    legs = LEGS[subject.shape]
    coats = COATS[subject.shape]
    coat = subject.colours[0] if subject.colours else matte(coats[int(rng.integers(len(coats)))], 0.2)
    second = subject.colours[1] if len(subject.colours) > 1 else coat.lighter(0.35)
    skeleton = Skeleton()
    skeleton.add("Body", None, (0, legs.body_y, 0))
    skeleton.add("Head", "Body", (0, legs.body_y, legs.length_z * 0.9))
    skeleton.add("Abdomen", "Body", (0, legs.body_y, -legs.length_z * 0.8))
    paths = [_leg_path(legs, i) for i in range(legs.count)]
    for side, sign in (("L", 1), ("R", -1)):
        for i, (root, knee, foot) in enumerate(paths, start=1):
            mirror = np.array([sign, 1, 1])
            skeleton.add(f"{side}_Leg{i}_Hip", "Body", root * mirror)
            skeleton.add(f"{side}_Leg{i}_Knee", f"{side}_Leg{i}_Hip", knee * mirror)
            skeleton.add(f"{side}_Leg{i}_Tip", f"{side}_Leg{i}_Knee", (knee * 0.35 + foot * 0.65) * mirror)
            skeleton.touch(f"{side}_Leg{i}_Tip", foot * mirror)
    sculpture = Sculpture(skeleton)
    for i, path in enumerate(paths, start=1):
        _leg(sculpture, legs, path, coat, i)
    {"spider": _spider, "crab": _crab, "ant": _ant, "beetle": _beetle}[subject.shape](
        sculpture, legs, coat, second
    )
    return sculpture.finished(subject.title, scale=1 + 0.08 * float(rng.uniform(-1, 1)))


def _leg_path(legs: Legs, index: int) -> tuple[Array, Array, Array]:
    share = index / (legs.count - 1)
    angle = np.radians(90 - legs.fan / 2 + legs.fan * share)
    out = np.array([np.sin(angle), 0, np.cos(angle)])
    root = np.array([legs.root_x, legs.body_y, legs.length_z * (0.5 - share)])
    reach = legs.reach * (1.1 if index in (0, legs.count - 1) else 0.95)
    knee = root + out * reach * 0.42 + np.array([0, legs.arch, 0])
    foot = root + out * reach
    foot[1] = 0
    return root, knee, foot


def _leg(
    sculpture: Sculpture, legs: Legs, path: tuple[Array, Array, Array], coat: Paint, number: int
) -> None:
    root, knee, foot = path
    shin = knee * 0.35 + foot * 0.65 + (foot - root) * 0.06
    names = ("Body", f"L_Leg{number}_Hip", f"L_Leg{number}_Knee", f"L_Leg{number}_Tip")
    t = legs.thick
    sculpture.pair(
        tube(
            [tuple(root * (0.7, 1, 1)), tuple((root + knee) / 2 + (0, t, 0)), tuple(knee)],
            [t * 0.95, t * 1.1, t * 0.8],
            sides=9,
            steps=7,
        ),
        coat,
        *names[:3],
    )
    sculpture.pair(ball(knee, t * 0.92, sides=9, rings=6), coat.lighter(0.14), *names[1:3])
    sculpture.pair(
        tube([tuple(knee), tuple(shin), tuple(foot)], [t * 0.78, t * 0.62, t * 0.16], sides=9, steps=8),
        coat.darker(0.2),
        *names[1:],
    )


def _eyes(sculpture: Sculpture, at: tuple[float, float, float], size: float, paint: Paint = INK) -> None:
    sculpture.pair(ball(at, size, sides=10, rings=7), paint, "Head")
    x, y, z = at
    sculpture.pair(
        ball((x + size * 0.3, y + size * 0.45, z + size * 0.72), size * 0.27, sides=6, rings=4), WHITE, "Head"
    )


def _spider(s: Sculpture, legs: Legs, coat: Paint, second: Paint) -> None:
    y = legs.body_y
    s.add(ball((0, y, 0.02), (0.15, 0.11, 0.18), sides=16, rings=9), coat, "Body")
    s.add(ball((0, y + 0.09, -0.34), (0.24, 0.21, 0.28), sides=18, rings=11), coat.darker(0.1), "Abdomen")
    for i, size in enumerate((0.075, 0.06, 0.045)):
        mark = ball(
            (0, y + 0.285 - 0.035 * i * i, -0.24 - 0.13 * i), (size, 0.03, size * 0.85), sides=10, rings=6
        )
        s.add(mark, second, "Abdomen")
    s.add(ball((0, y + 0.01, 0.2), (0.1, 0.085, 0.09)), coat.lighter(0.06), "Head")
    _eyes(s, (0.042, y + 0.05, 0.262), 0.032, RED_LIGHT)
    _eyes(s, (0.088, y + 0.062, 0.222), 0.021, RED_LIGHT)
    s.pair(ball((0.035, y + 0.09, 0.235), 0.014, sides=7, rings=5), RED_LIGHT, "Head")
    s.pair(
        tube(
            [(0.035, y - 0.02, 0.27), (0.042, y - 0.07, 0.295), (0.026, y - 0.12, 0.27)],
            [0.03, 0.022, 0.004],
            sides=8,
        ),
        INK,
        "Head",
    )
    s.pair(
        tube(
            [(0.075, y - 0.01, 0.25), (0.12, y + 0.0, 0.34), (0.1, y - 0.09, 0.4)],
            [0.022, 0.02, 0.012],
            sides=8,
        ),
        coat.darker(0.2),
        "Head",
    )


def _crab(s: Sculpture, legs: Legs, coat: Paint, second: Paint) -> None:
    y = legs.body_y
    s.add(ball((0, y + 0.03, 0), (0.34, 0.15, 0.25), sides=18, rings=10, square=2.3), coat, "Body")
    s.add(ball((0, y - 0.02, 0.01), (0.31, 0.12, 0.235), sides=16, rings=8), second, "Body", "Abdomen")
    for x in (0.1, 0.2):
        s.pair(
            ball((x, y + 0.155 - 0.2 * x * x * 2, 0.02), (0.035, 0.02, 0.035), sides=8, rings=5),
            coat.darker(0.2),
            "Body",
        )
    s.pair(tube([(0.08, y + 0.1, 0.2), (0.09, y + 0.22, 0.24)], [0.018, 0.016], sides=8), coat, "Head")
    _eyes(s, (0.09, y + 0.24, 0.25), 0.035)
    s.pair(
        tube(
            [(0.26, y, 0.16), (0.42, y + 0.06, 0.26), (0.4, y + 0.1, 0.4)],
            [0.05, 0.045, 0.06],
            sides=9,
            steps=8,
        ),
        coat,
        "Body",
    )
    for bend, size in ((0.07, 0.07), (-0.075, 0.055)):
        claw = [(0.4, y + 0.11, 0.42), (0.4 + bend, y + 0.12, 0.52), (0.4 + bend * 0.35, y + 0.11, 0.64)]
        s.pair(tube(claw, [size, size * 0.85, 0.008], sides=9, steps=8), coat.lighter(0.1), "Body")


def _ant(s: Sculpture, legs: Legs, coat: Paint, second: Paint) -> None:
    y = legs.body_y
    s.add(ball((0, y + 0.01, 0), (0.085, 0.085, 0.16), sides=14, rings=9), coat, "Body")
    s.add(ball((0, y + 0.03, -0.17), (0.045, 0.05, 0.05)), coat.darker(0.15), "Body", "Abdomen")
    s.add(ball((0, y + 0.06, -0.38), (0.15, 0.14, 0.2), sides=16, rings=10), coat, "Abdomen")
    for z, wide in ((-0.3, 0.139), (-0.4, 0.151), (-0.49, 0.128)):
        s.add(
            tube(
                [(0, y + 0.06, z), (0, y + 0.06, z - 0.03)],
                [wide, wide * 0.99],
                sides=16,
                steps=3,
                round_ends=(0.1, 0.1),
            ),
            second.darker(0.3),
            "Abdomen",
        )
    s.add(ball((0, y + 0.06, 0.25), (0.125, 0.11, 0.12), sides=16, rings=9), coat.lighter(0.05), "Head")
    _eyes(s, (0.085, y + 0.1, 0.315), 0.036)
    s.pair(
        tube(
            [(0.05, y + 0.14, 0.3), (0.11, y + 0.29, 0.38), (0.14, y + 0.27, 0.53)],
            [0.014, 0.013, 0.011],
            sides=7,
            steps=9,
        ),
        coat.darker(0.3),
        "Head",
    )
    s.pair(
        tube(
            [(0.05, y + 0.0, 0.34), (0.085, y - 0.02, 0.41), (0.02, y - 0.03, 0.455)],
            [0.026, 0.022, 0.004],
            sides=8,
        ),
        coat.darker(0.35),
        "Head",
    )


def _beetle(s: Sculpture, legs: Legs, coat: Paint, second: Paint) -> None:
    y = legs.body_y
    s.add(ball((0, y - 0.01, -0.04), (0.22, 0.1, 0.33), sides=18, rings=9), coat.darker(0.55), "Body")
    for sign in (1, -1):
        shell = ball((0.1, y + 0.05, -0.1), (0.16, 0.19, 0.33), sides=16, rings=10)
        (s.add(shell, coat, "Body") if sign > 0 else s.add(shell.mirrored(), coat, "Body"))
    s.add(
        tube(
            [(0, y + 0.2, 0.16), (0, y + 0.225, -0.1), (0, y + 0.12, -0.38)],
            [0.012, 0.013, 0.008],
            sides=7,
            steps=9,
        ),
        INK,
        "Body",
    )
    for x, z in ((0.13, 0.06), (0.17, -0.14), (0.11, -0.28)):
        top = y + 0.05 + 0.19 * np.sqrt(max(1 - ((x - 0.1) / 0.16) ** 2 - ((z + 0.1) / 0.33) ** 2, 0))
        s.pair(
            ball((x, top - 0.008, z), (0.045, 0.018, 0.05), sides=10, rings=6), second.darker(0.75), "Body"
        )
    s.add(ball((0, y + 0.03, 0.24), (0.19, 0.12, 0.11), sides=16, rings=9), coat.darker(0.4), "Body", "Head")
    s.add(ball((0, y + 0.0, 0.36), (0.12, 0.09, 0.09), sides=14), coat.darker(0.55), "Head")
    _eyes(s, (0.085, y + 0.05, 0.41), 0.034, WHITE)
    s.pair(ball((0.092, y + 0.055, 0.44), 0.018, sides=8, rings=5), INK, "Head")
    s.pair(
        tube(
            [(0.05, y + 0.06, 0.41), (0.1, y + 0.16, 0.5), (0.15, y + 0.15, 0.57)],
            [0.011, 0.01, 0.016],
            sides=7,
            steps=8,
        ),
        INK,
        "Head",
    )
    s.add(
        tube(
            [(0, y + 0.05, 0.42), (0, y + 0.13, 0.53), (0, y + 0.25, 0.56)],
            [0.04, 0.028, 0.006],
            sides=9,
            steps=7,
        ),
        coat.darker(0.5),
        "Head",
    )
    s.drape(
        ball((0, y, -0.36), (0.08, 0.05, 0.04)), coat.darker(0.55), lambda p: {"Abdomen": np.ones(len(p))}
    )
