"""What a prompt asks for: the words in it decide the family, the shape, the colours and what is carried."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from core.sandbox.forge.palette import NAMED, Paint

Family = Literal["biped", "quadruped", "avian", "hexapod", "octopod", "serpentine", "aquatic", "prop"]


@dataclass(frozen=True)
class Subject:
    """What a prompt describes.

    `rig_type` is the provider's word for the family ("others" for props), `shape` ours for the thing itself;
    `colours` are the paints that the prompt names, `carried` what a person holds.
    """

    family: Family
    shape: str
    rig_type: str
    riggable: bool
    colours: tuple[Paint, ...]
    carried: tuple[str, ...]
    words: frozenset[str]

    @property
    def title(self) -> str:
        """A name for nodes and meshes."""
        return self.shape.capitalize()


def _spellings(**words: str) -> dict[str, str]:
    return {word: shape for shape, listed in words.items() for word in (shape, *listed.split())}


PEOPLE = _spellings(
    knight="paladin crusader templar",
    warrior="fighter gladiator viking barbarian berserker samurai hero mercenary",
    diver="scuba aquanaut",
    sailor="seaman fisherman deckhand",
    wizard="mage sorcerer warlock witch druid",
    robot="android droid cyborg mech golem automaton",
    zombie="undead ghoul mummy",
    farmer="peasant villager gardener miner woodcutter",
    captain="pirate admiral buccaneer",
    guard="soldier guardian sentry watchman archer ranger",
    king="queen prince princess emperor empress",
    thief="rogue ninja assassin bandit",
    orc="goblin ogre troll",
    woman="lady heroine female mother nurse waitress actress elf",
    girl="daughter",
    boy="son kid child",
    man="guy male person human character humanoid adventurer merchant chef baker cook butcher carpenter innkeeper "
    "blacksmith smith doctor scientist monk bard father npc player figure astronaut athlete dancer worker dwarf",
)
ANYBODY = frozenset({"character", "humanoid", "hero", "figure", "npc", "player", "person"})
"""Words for any living thing: beside an animal they mean the animal."""
ANIMALS: dict[Family, dict[str, str]] = {
    "quadruped": _spellings(
        wolf="husky coyote",
        dog="puppy hound corgi",
        fox="",
        cat="kitten panther",
        tiger="cheetah leopard",
        lion="lioness",
        bear="panda",
        horse="pony stallion unicorn donkey zebra",
        cow="bull ox buffalo bison",
        pig="boar piglet hog",
        sheep="lamb ram goat",
        deer="stag elk moose",
        elephant="mammoth",
        mouse="rat rabbit bunny",
        lizard="crocodile alligator dinosaur turtle quadruped",
    ),
    "avian": _spellings(
        dragon="wyvern",
        eagle="hawk falcon vulture phoenix griffin",
        owl="",
        chicken="hen rooster",
        duck="goose swan",
        bird="sparrow crow raven pigeon parrot penguin seagull gull avian",
    ),
    "octopod": _spellings(spider="tarantula scorpion octopod", crab="lobster"),
    "hexapod": _spellings(ant="termite hexapod", beetle="bug ladybug insect scarab cockroach"),
    "serpentine": _spellings(snake="serpent cobra python viper", worm="caterpillar eel serpentine"),
    "aquatic": _spellings(
        shark="", whale="orca dolphin", fish="goldfish salmon tuna carp koi clownfish piranha aquatic"
    ),
}
THINGS = _spellings(
    sword="blade dagger katana sabre",
    axe="hatchet",
    shield="buckler",
    barrel="keg cask",
    chest="treasure trunk",
    crate="box",
    tree="oak pine fir bush plant",
    rock="boulder stone cliff",
    house="cottage hut cabin home tower building castle",
    lantern="lamp torch light",
    post="signpost sign pole",
    potion="bottle flask vial elixir",
    table="desk workbench",
    chair="stool throne seat",
    ship="boat sailboat galleon raft",
    coin="medal token",
    mushroom="toadstool",
    crystal="gem diamond jewel",
    pot="vase urn jar bucket",
)
ANIMAL_WORDS = frozenset(word for shapes in ANIMALS.values() for word in shapes)
FALLBACKS = ("crystal", "pot", "mushroom", "lantern", "chest", "potion")
CARRIED = _spellings(
    sword="blade sabre katana dagger",
    axe="hatchet",
    shield="buckler",
    staff="wand",
    spear="lance trident halberd pike",
    lantern="torch lamp",
    pitchfork="fork rake",
)


def describe(prompt: str) -> Subject:
    """Read a prompt; a person anywhere in it wins over an animal, an animal over a thing."""
    words = [_singular(word) for word in re.findall(r"[a-z]+", prompt.lower())]
    family, shape = _what(words, prompt)
    prop = family == "prop"
    return Subject(
        family=family,
        shape=shape,
        rig_type="others" if prop else family,
        riggable=not prop,
        colours=tuple(dict.fromkeys(NAMED[word] for word in words if word in NAMED)),
        carried=tuple(dict.fromkeys(CARRIED[word] for word in words if word in CARRIED)),
        words=frozenset(words),
    )


def _singular(word: str) -> str:
    known = PEOPLE.keys() | ANIMAL_WORDS | THINGS.keys()
    irregular = {"wolves": "wolf", "men": "man", "women": "woman", "children": "child", "mice": "mouse"}
    endings = (word, irregular.get(word, ""), word.removesuffix("s"), word.removesuffix("es"))
    return next((form for form in endings if form in known), word)


def _what(words: list[str], prompt: str) -> tuple[Family, str]:
    named = [PEOPLE[word] for word in words if word in PEOPLE and word not in ANYBODY]
    if named:
        telling = [shape for shape in named if shape not in ("man", "woman", "boy", "girl")]
        return "biped", (telling or named)[0]
    for word in _heads(words, ANIMAL_WORDS):
        for family, shapes in ANIMALS.items():
            if word in shapes:
                return family, shapes[word]
    if ANYBODY.intersection(words):
        return "biped", "man"
    for word in _heads(words, THINGS):
        return "prop", THINGS[word]
    return "prop", FALLBACKS[zlib.crc32(prompt.strip().lower().encode()) % len(FALLBACKS)]


def _heads(words: list[str], known: Collection[str]) -> list[str]:
    """The known words in order, the last of neighbours first: an oak barrel is a barrel, a stag beetle a beetle."""
    found = [i for i, word in enumerate(words) if word in known]
    leading = [i for i in found if i + 1 not in found]
    return [words[i] for i in leading]
