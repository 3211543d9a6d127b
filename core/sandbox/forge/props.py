"""Things without a skeleton of their own; all hang on an upright chain so that even a crate can hop."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.sandbox.forge.bench import Bench, Parts
from core.sandbox.forge.furnishings import (
    make_barrel,
    make_chair,
    make_chest,
    make_coin,
    make_crate,
    make_lantern,
    make_post,
    make_pot,
    make_potion,
    make_table,
)
from core.sandbox.forge.scenery import (
    make_crystal,
    make_house,
    make_mushroom,
    make_rock,
    make_ship,
    make_tree,
)
from core.sandbox.forge.sculpture import Model, Sculpture
from core.sandbox.forge.skeleton import Skeleton
from core.sandbox.forge.subject import Subject
from core.sandbox.forge.weapons import make_axe, make_shield, make_sword

CHAIN = ("Root", "Middle", "Top")


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The thing that the subject names."""
    parts = MAKERS[subject.shape](Bench(subject, rng))
    heights = np.concatenate([patch.positions[:, 1] for patch, _ in parts])
    low, tall = float(heights.min()), float(np.ptp(heights))
    skeleton = Skeleton()
    skeleton.add("Root", None, (0, low, 0))
    skeleton.add("Middle", "Root", (0, low + tall * 0.36, 0))
    skeleton.add("Top", "Middle", (0, low + tall * 0.7, 0))
    for x, z in ((0.2, 0.2), (-0.2, 0.2), (0.2, -0.2), (-0.2, -0.2)):
        skeleton.touch("Root", (x * tall, low, z * tall))
    sculpture = Sculpture(skeleton)
    for patch, paint in parts:
        sculpture.add(patch, paint, *CHAIN)
    return sculpture.finished(subject.title, scale=1 + 0.08 * float(rng.uniform(-1, 1)))


MAKERS: dict[str, Callable[[Bench], Parts]] = {
    "sword": make_sword,
    "axe": make_axe,
    "shield": make_shield,
    "barrel": make_barrel,
    "crate": make_crate,
    "chest": make_chest,
    "tree": make_tree,
    "rock": make_rock,
    "house": make_house,
    "lantern": make_lantern,
    "post": make_post,
    "potion": make_potion,
    "table": make_table,
    "chair": make_chair,
    "ship": make_ship,
    "coin": make_coin,
    "mushroom": make_mushroom,
    "crystal": make_crystal,
    "pot": make_pot,
}
