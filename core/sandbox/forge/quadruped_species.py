"""The measures and the looks of each four-legged animal."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Species:
    """Measures of an animal in metres (shoulder height, trunk length, girth as a radius) and its looks."""

    height: float
    length: float
    girth: float
    leg: float
    """Radius of a leg at its top."""
    neck: tuple[float, float]
    """How far forward and how far up the head stands from the shoulders."""
    head: float
    """Radius of the skull."""
    snout: tuple[float, float]
    """Length and radius of the muzzle, as shares of the skull."""
    coats: tuple[str, ...]
    ears: str = "pointed"
    tail: str = "bushy"
    hooves: bool = False
    extras: tuple[str, ...] = field(default=())


SPECIES: dict[str, Species] = {
    "wolf": Species(
        0.82,
        0.78,
        0.19,
        0.075,
        (0.24, 0.2),
        0.135,
        (1.15, 0.52),
        ("7d8088", "5e6067", "a39c92"),
        extras=("ruff", "pale_belly"),
    ),
    "dog": Species(
        0.6,
        0.56,
        0.15,
        0.062,
        (0.15, 0.2),
        0.13,
        (0.85, 0.55),
        ("b07f4f", "8a5f3f", "d8b98a", "5a4a42"),
        "floppy",
        "up",
        extras=("pale_belly", "collar"),
    ),
    "fox": Species(
        0.46,
        0.5,
        0.125,
        0.045,
        (0.15, 0.15),
        0.105,
        (1.1, 0.42),
        ("cf6f34", "b9602c"),
        "tall",
        extras=("pale_belly", "white_tip", "socks", "ruff"),
    ),
    "cat": Species(
        0.36,
        0.36,
        0.1,
        0.038,
        (0.1, 0.12),
        0.092,
        (0.4, 0.5),
        ("8a8a90", "d08f4f", "4a464c", "e6d9c4"),
        "pointed",
        "long",
        extras=("pale_belly", "whiskers"),
    ),
    "tiger": Species(
        0.95,
        0.98,
        0.22,
        0.09,
        (0.22, 0.14),
        0.16,
        (0.55, 0.58),
        ("d98a3a", "cf7d30"),
        "round",
        "long",
        extras=("pale_belly", "stripes"),
    ),
    "lion": Species(
        1.0,
        0.98,
        0.22,
        0.095,
        (0.22, 0.17),
        0.165,
        (0.6, 0.6),
        ("cf9f55", "c08e48"),
        "round",
        "tuft",
        extras=("mane_ring",),
    ),
    "bear": Species(
        1.05,
        1.05,
        0.34,
        0.135,
        (0.28, 0.06),
        0.2,
        (0.75, 0.5),
        ("6b4a34", "4a3a32", "8a6544"),
        "round",
        "stub",
    ),
    "horse": Species(
        1.46,
        1.36,
        0.34,
        0.12,
        (0.44, 0.5),
        0.185,
        (1.75, 0.62),
        ("8a5636", "5c4032", "b08a5c", "d9d2c6", "3c3532"),
        "tall",
        "hair",
        hooves=True,
        extras=("mane",),
    ),
    "cow": Species(
        1.35,
        1.25,
        0.36,
        0.1,
        (0.34, 0.12),
        0.175,
        (1.05, 0.72),
        ("efe9dc", "8a5a3c", "4a4140"),
        "side",
        "tuft",
        hooves=True,
        extras=("horns", "patches", "udder", "pink_nose"),
    ),
    "pig": Species(
        0.62,
        0.72,
        0.25,
        0.075,
        (0.22, 0.0),
        0.165,
        (0.7, 0.55),
        ("e3a49a", "d9958c"),
        "floppy",
        "curl",
        hooves=True,
        extras=("pink_nose",),
    ),
    "sheep": Species(
        0.78,
        0.66,
        0.2,
        0.055,
        (0.24, 0.14),
        0.12,
        (0.85, 0.6),
        ("e9e2d2", "d9cfbd"),
        "side",
        "stub",
        hooves=True,
        extras=("wool",),
    ),
    "deer": Species(
        1.1,
        0.9,
        0.23,
        0.066,
        (0.27, 0.34),
        0.14,
        (1.3, 0.5),
        ("a8764a", "8f6540"),
        "tall",
        "stub",
        hooves=True,
        extras=("antlers", "pale_belly", "spots"),
    ),
    "elephant": Species(
        1.7,
        1.35,
        0.52,
        0.18,
        (0.42, 0.1),
        0.34,
        (0.2, 0.6),
        ("8f9096", "7f8288"),
        "fan",
        "tuft",
        extras=("trunk",),
    ),
    "mouse": Species(
        0.26,
        0.28,
        0.1,
        0.03,
        (0.1, 0.06),
        0.085,
        (0.75, 0.45),
        ("9a948e", "c8b8a4", "6f6258"),
        "long",
        "long",
        extras=("pale_belly", "whiskers", "pink_nose"),
    ),
    "lizard": Species(
        0.42,
        0.8,
        0.17,
        0.062,
        (0.2, 0.03),
        0.125,
        (1.2, 0.62),
        ("6f9a55", "5c8a6a", "8a9a4a"),
        "none",
        "reptile",
        extras=("spikes", "pale_belly"),
    ),
}
