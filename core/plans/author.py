"""For whoever writes a plan, a person or a chat model: the format, an example, and what happens with it.

Animations are listed from the table of those that exist, so that nobody is promised one that is left out later.
"""

from __future__ import annotations

from typing import Final

from core.plans.fields import NAMES
from core.plans.presets import PLAIN_NAMES, PREFIX
from core.tripo import ALL_PRESETS, DEFAULT_RIG_MODEL, PROMPT_LENGTH_MOST, RIG_TYPES, presets_for

_BIPED: Final = f"{PREFIX}biped:"

EXAMPLE_PLAN: Final = """\
# Harbour town: asset plan

## Characters
- [RIG] Harbour Diver
  - Description: Low poly stocky diver in a brass helmet and canvas suit, T-pose, arms straight out, empty hands
  - Animations: idle, walk, dive
- [RIG] Gate Guard
  - Description: Low poly tall guard in a long blue coat and a tricorn hat, A-pose, empty hands
  - Animations: idle, walk, preset:slash
- [RIG] Stray Dog
  - Description: Low poly lean brown dog standing on four straight legs, A-pose
  - Animations: preset:quadruped:walk

## Props
- [STATIC] Mooring Post
  - Description: Low poly weathered oak post wound with rope
- [STATIC] Fish Crate
  - Description: Low poly open wooden crate with rope handles
"""

STEPS: Final = (
    "Every asset is generated from its description: one task.",
    "A RIG asset is then checked for whether it can be rigged, and rigged: two tasks.",
    "Each of its animations is one task more.",
    "A STATIC asset is done after its model.",
    "The preview of the plan shows each task and the price of all before anything is sent.",
)


def guide() -> str:
    """Return the explanation of the formats, as Markdown."""
    fields = ", ".join(names[0] for names in NAMES.values())
    return f"""\
## A plan in Markdown

- `## Heading` begins a category.
- `- [RIG] Name` is an asset that gets a skeleton; `- [STATIC] Name` is a mesh alone, as is a bullet without a tag.
- Below it, indented by two spaces: `- Description: ...` is the prompt, `- Animations: ...` a list with commas.
- Everything else is for people and is not read.

The description is what the model is made from: at most {PROMPT_LENGTH_MOST:,} characters, no emoji. A RIG asset does
best in a T-pose or an A-pose, with empty hands.

```
{EXAMPLE_PLAN}```

## Animations

Without a prefix: {_listed(PLAIN_NAMES)}. All others are written with it:

{_preset_list()}

## Tables, JSON and YAML

A table (CSV, TSV, XLSX) has a row of headings and an asset in each row; JSON and YAML are a list of assets, bare or
under `assets`. Their fields: {fields}. Only the name is needed. In these formats any preset may be written without its
prefix, and `key`, if there is one, is what an asset is known by when the plan is applied again; without it that is its
category and name. Generation options, such as `faceLimit`, stand in `options` or in columns of their own. A formula is
not worked out: paste its value.

## What happens then

{_numbered(STEPS)}
"""


def chat_prompt(idea: str = "") -> str:
    """Return a prompt that makes a chat model write a valid plan of this idea."""
    wish = " ".join(idea.split()) or "(describe your game or scene here)"
    return f"""\
Write an asset plan for a 3D production. What it is for: {wish}

Answer with one Markdown code block and nothing else, in exactly this form:

```
{EXAMPLE_PLAN}```

Rules:
- Begin each category with ## and each asset with "- [RIG]" or "- [STATIC]" and a short name that occurs once.
- RIG is for what moves by a skeleton: people, creatures, animals. Everything else is STATIC.
- Each asset has one line "  - Description:" of at most {PROMPT_LENGTH_MOST} characters without emoji. It describes one
  single object by shape, materials, colours and style, with no background and no other object. For RIG it names the
  pose, T-pose or A-pose, with empty hands.
- Only RIG assets have a line "  - Animations:", with names from this list and no others, separated by commas:
  - for two legs: {", ".join(PLAIN_NAMES)}, {", ".join(_prefixed_generic())}
  - for two legs also, each with {_BIPED} in front, as in {_BIPED}{_names_for_bipeds()[0]}:
    {", ".join(_names_for_bipeds())}
  - for other bodies only: {", ".join(_of_other_bodies())}
  - Bodies that are not listed here, such as birds, have no animations.
- Ask for no animation that the asset does not need: each is a task of its own and is paid.

What follows, so that you plan for it:
{_numbered(STEPS)}
"""


def _prefixed_generic() -> list[str]:
    """List the animations of bipeds that need their prefix and are no member of the long list."""
    names = presets_for("biped", DEFAULT_RIG_MODEL)
    return [
        name for name in names if not name.startswith(_BIPED) and name.removeprefix(PREFIX) not in PLAIN_NAMES
    ]


def _names_for_bipeds() -> list[str]:
    """List what stands behind the prefix of bipeds, without those that have a shorter name."""
    names = [name.removeprefix(_BIPED) for name in ALL_PRESETS if name.startswith(_BIPED)]
    return [name for name in names if PREFIX + name not in ALL_PRESETS]


def _of_other_bodies() -> list[str]:
    others = [rig_type for rig_type in RIG_TYPES if rig_type != "biped"]
    return [preset for rig_type in others for preset in presets_for(rig_type, DEFAULT_RIG_MODEL)]


def _preset_list() -> str:
    lines = [
        f"- two legs: {_listed(_prefixed_generic())}",
        f"- two legs, with the prefix `{_BIPED}`: {_listed(_names_for_bipeds())}",
        f"- other bodies: {_listed(_of_other_bodies())}",
    ]
    return "\n".join(lines)


def _listed(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _numbered(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
