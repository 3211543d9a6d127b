"""What in a prompt a provider most likely takes offence at, pointed at for the person who rewrites it. Pure.

A guess that refuses nothing: Tripo publishes no list of words. Of characters it names emoji and unusual ones (Tripo
docs, errors, 2009).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

EMOJI: Final = "an emoji or a sign that is no letter"
_TOPICS: Final = {
    "a weapon": (
        "ak47 ammo ammunition axe bazooka blade bomb bombs bullet bullets cannon dagger dynamite explosive explosives"
        " firearm firearms grenade grenades gun guns handgun katana knife knives machete missile missiles"
        " pistol revolver rifle rifles shotgun sniper sword swords weapon weapons"
    ),
    "violence": (
        "assassin behead beheaded blood bloody carnage corpse corpses cruel dead death decapitated dismembered"
        " execution gore gory guts intestines kill killed killer killing massacre murder murdered slaughter stabbed"
        " suicide torture tortured violence violent wound wounded wounds"
    ),
    "nakedness": (
        "bdsm bikini bra breast breasts butt erotic fetish genitals hentai lingerie naked nipple nipples nsfw nude"
        " nudity penis porn sensual sex sexual sexy topless underwear undressed vagina vulva"
    ),
    "a drug": "cannabis cocaine drug drugs heroin marijuana meth weed",
    "hate or politics": "confederate fascist hitler isis kkk nazi nazis putin racist slave swastika terrorist trump",
    "a brand or somebody's figure": (
        "adidas batman coca-cola disney ferrari hello-kitty ironman lego marvel mario mickey minecraft nike nintendo"
        " pikachu pokemon spiderman superman"
    ),
}
_TOPIC_OF: Final = {word: topic for topic, words in _TOPICS.items() for word in words.split()}
_PIECE: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[^\s\w]", re.UNICODE)


class Suspect(NamedTuple):
    """A piece of a prompt, from `begin` to `end`, and what it is about."""

    begin: int
    end: int
    text: str
    about: str


def suspects_in(prompt: str) -> tuple[Suspect, ...]:
    """Point at the pieces of a prompt that are most likely refused, in order."""
    found = []
    for match in _PIECE.finditer(prompt):
        about = _TOPIC_OF.get(match[0].casefold()) or (EMOJI if _is_odd(match[0]) else None)
        if about is not None:
            found.append(Suspect(match.start(), match.end(), match[0], about))
    return tuple(found)


def _is_odd(piece: str) -> bool:
    return len(piece) == 1 and not piece.isascii() and unicodedata.category(piece) not in _OF_WRITING


_OF_WRITING: Final = frozenset(
    {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"}
)
