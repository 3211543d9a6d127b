"""Animals on four legs, from a species and a coat."""

from __future__ import annotations

import numpy as np

from core.sandbox.forge.palette import matte
from core.sandbox.forge.quadruped_body import Beast, add_head, add_legs, add_trunk
from core.sandbox.forge.quadruped_looks import EARS, EXTRAS, TAILS
from core.sandbox.forge.quadruped_species import SPECIES
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.subject import Subject


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """The animal that the subject names."""
    species = SPECIES[subject.shape]
    coat = (
        subject.colours[0]
        if subject.colours
        else matte(species.coats[int(rng.integers(len(species.coats)))], 0.45)
    )
    second = subject.colours[1] if len(subject.colours) > 1 else coat.lighter(0.55)
    beast = Beast(species, coat, second)
    add_trunk(beast)
    add_legs(beast)
    add_head(beast)
    EARS[species.ears](beast)
    TAILS[species.tail](beast)
    extras = species.extras + (("horn",) if "unicorn" in subject.words else ())
    for extra in extras:
        if extra in EXTRAS:
            EXTRAS[extra](beast)
    return beast.sculpture.finished(subject.title, scale=1 + 0.05 * float(rng.uniform(-1, 1)))
