"""Who wears what: from the kind of person to a finished figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.sandbox.forge import armour, carried, clothes, faces, headgear
from core.sandbox.forge.humanoid import ARM, SPINE, Build, Cloth, Figure, dress_body
from core.sandbox.forge.palette import (
    CLOTH,
    DARK_LEATHER,
    DARK_STEEL,
    FUR,
    GOLD,
    HAIR,
    INK,
    LEATHER,
    SKIN,
    STEEL,
    TROUSERS,
    WHITE,
    Paint,
    matte,
)
from core.sandbox.forge.sculpture import Model
from core.sandbox.forge.subject import Subject

DENIM = matte("46628f", 0.25)
Dress = Callable[[Figure, Paint, Paint], None]
BUILDS = {
    "warrior": Build(1.86, girth=1.08, shoulders=1.1, limbs=1.1),
    "orc": Build(1.9, girth=1.16, shoulders=1.16, limbs=1.2, head=1.3),
    "woman": Build(1.72, girth=0.9, shoulders=0.9, limbs=0.88),
    "girl": Build(1.3, girth=1.0, shoulders=0.9, limbs=1.04, head=1.75),
    "boy": Build(1.32, girth=1.06, shoulders=0.94, limbs=1.1, head=1.72),
    "farmer": Build(1.78, girth=1.12),
    "captain": Build(1.82, girth=1.08, shoulders=1.05),
    "zombie": Build(1.78, girth=0.92, shoulders=0.98, limbs=0.9),
    "robot": Build(1.8, head=1.15),
    "thief": Build(1.74, girth=0.92, shoulders=0.95, limbs=0.92),
}
CRAFTS = frozenset({"blacksmith", "chef", "baker", "cook", "smith", "butcher", "carpenter", "innkeeper"})
BUSY = frozenset({"heroine", "nurse", "waitress", "athlete", "dancer", "young"})
CHILDREN = ("girl", "boy")


def sculpt(subject: Subject, rng: np.random.Generator) -> Model:
    """A person of the kind that the subject names, dressed and equipped."""
    build = _varied(BUILDS.get(subject.shape, Build()), rng)
    cloth = _cloth(subject, rng)
    main = subject.colours[0] if subject.colours else _pick(MAIN.get(subject.shape, CLOTH), rng)
    second = subject.colours[1] if len(subject.colours) > 1 else GOLD
    figure = Figure(build, cloth_for(subject.shape, cloth, main), subject.words)
    DRESS[subject.shape](figure, main, second)
    in_hand = [thing for thing in subject.carried if thing != "shield"][:1]
    for thing in in_hand or DEFAULT_IN_HAND.get(subject.shape, ()):
        carried.hold(figure, thing)
    if "shield" in subject.carried or subject.shape == "knight":
        carried.wear_shield(figure, main, second)
    return figure.sculpture.finished(subject.title, scale=build.height / (figure.head_y + 0.175 * build.head))


def _varied(build: Build, rng: np.random.Generator) -> Build:
    height, girth, head, limbs = 1 + 0.03 * rng.uniform(-1, 1, 4)
    return Build(
        build.height * height, build.girth * girth, build.head * head, build.shoulders, build.limbs * limbs
    )


def _pick(paints: list[Paint], rng: np.random.Generator) -> Paint:
    return paints[int(rng.integers(len(paints)))]


def _cloth(subject: Subject, rng: np.random.Generator) -> Cloth:
    shirt = subject.colours[0] if subject.colours else _pick(CLOTH, rng)
    return Cloth(
        _pick(SKIN, rng),
        _pick(HAIR[:-1] if subject.shape in CHILDREN else HAIR, rng),
        shirt,
        _pick(TROUSERS, rng),
        _pick([LEATHER, DARK_LEATHER], rng),
    )


MAIN: dict[str, list[Paint]] = {
    "knight": [matte("a8363c", 0.15), matte("34568f", 0.15), matte("4d7a4a", 0.15), matte("6c4790", 0.15)],
    "wizard": [matte("3f4b95", 0.2), matte("5c3f86", 0.2), matte("2f6d72", 0.2)],
    "captain": [matte("27416f", 0.15), matte("7f2f36", 0.15), matte("2f3540", 0.15)],
    "robot": [matte("8fa7b8"), matte("c9793f"), matte("7f9a6a"), matte("c8bfa9")],
    "diver": [matte("6f6a52", 0.2), matte("4f6471", 0.2), matte("7c5a3e", 0.2)],
    "king": [matte("8d2f4a", 0.15), matte("5a3a86", 0.15), matte("2c4f8c", 0.15)],
    "thief": [matte("3a4148", 0.15), matte("4a3a44", 0.15), matte("3d4a3c", 0.15)],
    "zombie": [matte("6b5f72", 0.3), matte("5d6470", 0.3), matte("775d4c", 0.3)],
}
DEFAULT_IN_HAND: dict[str, tuple[str, ...]] = {
    "warrior": ("axe",),
    "wizard": ("staff",),
    "guard": ("spear",),
    "farmer": ("pitchfork",),
}


def cloth_for(shape: str, cloth: Cloth, main: Paint) -> Cloth:
    """The body's own paints, as far as the kind of person fixes them."""
    if shape == "knight":
        return Cloth(
            cloth.skin, cloth.hair, DARK_STEEL, DARK_STEEL.darker(0.15), STEEL.darker(0.15), STEEL.darker(0.1)
        )
    if shape == "zombie":
        skin = matte("8fa678")
        return Cloth(skin, matte("4b4a3c", 0.5), main, cloth.trousers.darker(0.2), DARK_LEATHER, skin)
    if shape == "orc":
        return Cloth(matte("7f9a56"), INK, LEATHER, matte("5d4a3e", 0.2), DARK_LEATHER)
    if shape == "diver":
        return Cloth(cloth.skin, cloth.hair, main, main.darker(0.05), DARK_LEATHER, matte("8a4f36", 0.2))
    if shape == "sailor":
        return Cloth(cloth.skin, cloth.hair, WHITE, matte("2f3f6c", 0.15), INK)
    if shape == "wizard":
        return Cloth(cloth.skin, matte("dcd8d0", 0.6), main, main.darker(0.2), LEATHER)
    if shape == "captain":
        return Cloth(cloth.skin, cloth.hair, WHITE, matte("d8ceb8", 0.15), INK)
    if shape in ("farmer", "boy"):
        return Cloth(cloth.skin, cloth.hair, main, DENIM, cloth.boots)
    if shape == "thief":
        return Cloth(cloth.skin, cloth.hair, main, main.darker(0.15), INK, INK)
    return Cloth(cloth.skin, cloth.hair, main, cloth.trousers, cloth.boots)


def _knight(f: Figure, main: Paint, second: Paint) -> None:
    dress_body(f)
    headgear.great_helm(f, main.lighter(0.1))
    armour.plate_armour(f, trim=second)
    clothes.tabard(f, main, second)
    clothes.belt(f, LEATHER)
    carried.wear_scabbard(f, DARK_LEATHER)


def _warrior(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    faces.beard(f, 0.1)
    headgear.open_helm(f, horns=True)
    armour.leather_armour(f, LEATHER)
    clothes.fur_mantle(f, FUR[0])
    clothes.belt(f, DARK_LEATHER)
    clothes.cape(f, main, hem=0.5)


def _diver(f: Figure, _: Paint, __: Paint) -> None:
    dress_body(f)
    headgear.diving_helmet(f)
    armour.diving_gear(f)
    armour.flippers(f, matte("3a4148"))


def _sailor(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    headgear.sailor_cap(f)
    for low in (1.04, 1.13, 1.22):
        f.sculpture.add(f.around_trunk(low, low + 0.04, 0.005), main, *SPINE)
    clothes.scarf(f, matte("2f3f6c"))
    clothes.belt(f, INK)


def _wizard(f: Figure, main: Paint, second: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.long_hair(f)
    faces.beard(f, 0.24)
    headgear.pointed_hat(f, main, second)
    f.sculpture.add(f.around_trunk(0.97, 1.4, 0.016), main, *SPINE)
    clothes.skirt(f, main, hem=0.13, flare=0.15, trim=second)
    f.sculpture.pair(f.around_arm(0.1, 0.47, 0.014, flare=0.05), main, *ARM)
    clothes.belt(f, LEATHER)
    clothes.shoulder_bag(f, LEATHER)
    clothes.collar(f, second)


def _robot(f: Figure, main: Paint, second: Paint) -> None:
    armour.robot_body(f, main, matte("d9823b") if second is GOLD else second)
    headgear.robot_head(f, main)


def _zombie(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.undead_face(f)
    faces.wild_hair(f)
    clothes.rags(f, main)


def _farmer(f: Figure, _: Paint, second: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    headgear.straw_hat(f, matte("a8433f") if second is GOLD else second)
    clothes.overalls(f, DENIM)


def _captain(f: Figure, main: Paint, second: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    faces.beard(f, 0.05)
    faces.eye_patch(f)
    headgear.tricorn(f, main.darker(0.25), second)
    clothes.coat(f, main, second)
    clothes.belt(f, DARK_LEATHER)
    clothes.bandolier(f, LEATHER)
    carried.wear_scabbard(f, DARK_LEATHER)


def _guard(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    headgear.open_helm(f, crest=main)
    armour.mail_shirt(f)
    clothes.tabard(f, main, GOLD)
    clothes.belt(f, LEATHER)
    carried.wear_scabbard(f, DARK_LEATHER)


def _king(f: Figure, main: Paint, second: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    faces.beard(f, 0.07)
    headgear.crown(f)
    clothes.coat(f, main, second)
    clothes.belt(f, second)
    clothes.cape(f, main.darker(0.15), hem=0.2, lining=WHITE)
    clothes.fur_mantle(f, WHITE)


def _thief(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.face(f)
    headgear.hood(f, main)
    clothes.scarf(f, matte("8c3a3a"))
    armour.leather_armour(f, DARK_LEATHER)
    clothes.belt(f, LEATHER)
    clothes.bandolier(f, LEATHER)
    clothes.shoulder_bag(f, LEATHER)


def _orc(f: Figure, _: Paint, __: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.tusks(f)
    faces.pointed_ears(f)
    armour.leather_armour(f, DARK_LEATHER)
    clothes.fur_mantle(f, FUR[5])
    clothes.belt(f, LEATHER)


def _woman(f: Figure, main: Paint, second: Paint) -> None:
    dress_body(f)
    faces.face(f)
    (faces.ponytail if f.words & BUSY else faces.long_hair)(f)
    clothes.skirt(f, main.darker(0.05), hem=0.4, flare=0.09, trim=second)
    clothes.vest(f, main.darker(0.25))
    clothes.belt(f, LEATHER)
    clothes.collar(f, WHITE)


def _girl(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.pigtails(f)
    clothes.skirt(f, main, hem=0.52, flare=0.09, trim=WHITE)
    clothes.belt(f, main.darker(0.3))
    clothes.collar(f, WHITE)


def _boy(f: Figure, _: Paint, __: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.wild_hair(f)
    clothes.overalls(f, DENIM)


def _man(f: Figure, main: Paint, _: Paint) -> None:
    dress_body(f)
    faces.face(f)
    faces.short_hair(f)
    clothes.vest(f, main.darker(0.4))
    clothes.belt(f, DARK_LEATHER)
    clothes.collar(f, main.lighter(0.4))
    if f.words & CRAFTS:
        clothes.apron(f, LEATHER)
    clothes.shoulder_bag(f, LEATHER)


DRESS: dict[str, Dress] = {
    "knight": _knight,
    "warrior": _warrior,
    "diver": _diver,
    "sailor": _sailor,
    "wizard": _wizard,
    "robot": _robot,
    "zombie": _zombie,
    "farmer": _farmer,
    "captain": _captain,
    "guard": _guard,
    "king": _king,
    "thief": _thief,
    "orc": _orc,
    "woman": _woman,
    "girl": _girl,
    "boy": _boy,
    "man": _man,
}
