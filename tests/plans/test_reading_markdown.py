"""The Markdown plan: each row of its specification, what is mended, and plans with all quirks at once."""

from __future__ import annotations

import pytest

from core.plans.plan import PlanRow, ReadPlan
from core.plans.reading import read_plan

IDLE, WALK, RUN, JUMP, CLIMB, DIVE = (
    f"preset:{name}" for name in ["idle", "walk", "run", "jump", "climb", "dive"]
)
Asset = tuple[str, str, str, str, tuple[str, ...]]


def text_of(sketch: str) -> str:
    """A plan from its sketch: `/` ends a line, `_` is a leading space, `>` a leading tab."""
    lines = []
    for line in sketch.split("/"):
        content = line.lstrip("_>")
        lines.append(line[: len(line) - len(content)].replace("_", " ").replace(">", "\t") + content)
    return "\n".join(lines)


def read(sketch: str) -> ReadPlan:
    plan = read_plan(text_of(sketch), "plan.md")
    assert plan.format == "markdown"
    assert plan.errors == ()
    return plan


def brief(row: PlanRow) -> Asset:
    return (row.category, row.name, row.tag, row.description, row.animations)


def assets(sketch: str) -> list[Asset]:
    return [brief(row) for row in read(sketch).rows]


def codes(sketch: str) -> dict[str, int | None]:
    return {note.code: note.line for note in read(sketch).warnings}


# --- the specification, row by row ---------------------------------------------------------------------------

SPECIFIED: list[tuple[str, list[Asset]]] = [
    ("", []),
    ("# Only a title/some prose", []),
    (
        "## Crew/- [RIG] Deck Officer/__- Description: Stocky sailor/__- Animations: idle, run",
        [("Crew", "Deck Officer", "RIG", "Stocky sailor", (IDLE, RUN))],
    ),
    ("## Machinery/- Loose Cog", [("Machinery", "Loose Cog", "STATIC", "", ())]),
    ("- [STATIC] Driftwood Log", [("Uncategorized", "Driftwood Log", "STATIC", "", ())]),
    (
        "## Crew/- [riG]   Cook/__-  DESCRIPTION:   Round   belly/__- animation: WALK",
        [("Crew", "Cook", "RIG", "Round   belly", (WALK,))],
    ),
    (
        "## Crew/- [RIG] Acrobat/__- Animations: jump, cartwheel, climb",
        [("Crew", "Acrobat", "RIG", "", (JUMP, CLIMB))],
    ),
    (
        "## Crew/- [RIG] Acrobat/__- Description: old/__- Animations: idle/__- Description: new/__- Animations: run, dive",
        [("Crew", "Acrobat", "RIG", "new", (RUN, DIVE))],
    ),
    (
        "## Signs/- [STATIC] Sign: Danger/__- Description: Text reads: keep out (2:1)",
        [("Signs", "Sign: Danger", "STATIC", "Text reads: keep out (2:1)", ())],
    ),
    (
        "## Crew/- [RIG] Smith/__- Height: 2 m/__- Description: Burly",
        [("Crew", "Smith", "RIG", "Burly", ())],
    ),
    (
        "## Crew/- [RIG] Smith//__- Description: Burly//free text//__- Animations: idle",
        [("Crew", "Smith", "RIG", "Burly", (IDLE,))],
    ),
    (
        "# Plan/## Crew/- [RIG] Smith/# Part two/- [RIG] Sailor",
        [("Crew", "Smith", "RIG", "", ()), ("Crew", "Sailor", "RIG", "", ())],
    ),
    ("##Crew/-[RIG]Smith", [("Crew", "Smith", "RIG", "", ())]),
    ("## Crew/- [RIG]", [("Crew", "Unnamed Asset", "RIG", "", ())]),
    (
        "## Crew/- [RIG] Smith/____- Description: deep/________- Animations: idle",
        [("Crew", "Smith", "RIG", "deep", (IDLE,))],
    ),
    ("## A//## B/- Rope", [("B", "Rope", "STATIC", "", ())]),
    (
        "## Crew/- [RIG] Guard/- [RIG] Guard",
        [("Crew", "Guard", "RIG", "", ()), ("Crew", "Guard", "RIG", "", ())],
    ),
    ("__- Description: nobody/## Gear/- [STATIC] Flag", [("Gear", "Flag", "STATIC", "", ())]),
    ("## Gear/- [STATIC] Flag/__- Animations: idle", [("Gear", "Flag", "STATIC", "", (IDLE,))]),
    ("## Crew/- [RIG] [STATIC] Puppet", [("Crew", "[STATIC] Puppet", "RIG", "", ())]),
    ("## Crew/### Officers/- [RIG] Captain", [("Officers", "Captain", "RIG", "", ())]),
    ("## Crew/- [RIG] Captain/>- Description: Tall", [("Crew", "Captain", "RIG", "Tall", ())]),
    (
        "## Crew/- [RIG] Captain//---//## Gear/- [STATIC] Rope",
        [("Crew", "Captain", "RIG", "", ()), ("Gear", "Rope", "STATIC", "", ())],
    ),
    (
        "## Crew/* [RIG] Captain/1. [RIG] Mate",
        [("Crew", "Captain", "RIG", "", ()), ("Crew", "Mate", "RIG", "", ())],
    ),
    ("## Crew/__- [RIG] Captain/____- Description: Tall", [("Crew", "Captain", "RIG", "Tall", ())]),
    ("## Crew/- **[RIG] Captain**", [("Crew", "Captain", "RIG", "", ())]),
    (
        "## Crew/- [RIG] Captain/__- Animations: preset:idle, walk.",
        [("Crew", "Captain", "RIG", "", (IDLE, WALK))],
    ),
    ("## Crew/- [RIG] Captain/__- Animations: idle, idle", [("Crew", "Captain", "RIG", "", (IDLE,))]),
]


@pytest.mark.parametrize(("sketch", "expected"), SPECIFIED)
def test_a_plan_reads_as_specified(sketch: str, expected: list[Asset]) -> None:
    assert assets(sketch) == expected


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@pytest.mark.parametrize(("sketch", "expected"), SPECIFIED)
def test_line_ends_change_nothing(sketch: str, expected: list[Asset], line_end: str) -> None:
    plan = read_plan(text_of(sketch).replace("\n", line_end), "plan.md")

    assert [brief(row) for row in plan.rows] == expected


def test_the_example_of_the_format_reads_as_its_table_says() -> None:
    plan = read_plan(
        """\
# Tidewatch: asset plan

Low-poly look, muted colours.

## Crew
- [RIG] Harbor Diver
  - Description: Stocky diver in a brass helmet and canvas suit, T-pose, arms straight out
  - Animations: idle, walk, dive
- [rig] Lamp Keeper
  - Notes: carries no prop, add the lantern in the engine
  - Description: Thin old man in a long raincoat, A-pose

## Harbor Props
- [STATIC] Mooring Post
  - Description: Weathered oak post wound with rope
- Fish Crate
"""
    )

    assert [(row.line, brief(row)) for row in plan.rows] == [
        (
            6,
            (
                "Crew",
                "Harbor Diver",
                "RIG",
                "Stocky diver in a brass helmet and canvas suit, T-pose, arms straight out",
                (IDLE, WALK, DIVE),
            ),
        ),
        (9, ("Crew", "Lamp Keeper", "RIG", "Thin old man in a long raincoat, A-pose", ())),
        (14, ("Harbor Props", "Mooring Post", "STATIC", "Weathered oak post wound with rope", ())),
        (16, ("Harbor Props", "Fish Crate", "STATIC", "", ())),
    ]
    assert [(note.line, note.code) for note in plan.warnings] == [
        (9, "rig_without_animation"),
        (16, "description_missing"),
    ]


# --- accidents of the original that are mended ---------------------------------------------------------------


@pytest.mark.parametrize(
    "bullet",
    [
        "- **[RIG] Captain**",
        "- **[RIG]** Captain",
        "- *[RIG] Captain*",
        "- __[RIG]__ Captain",
        "- ***[RIG] Captain***",
        "- `[RIG]` Captain",
        "- `[RIG] Captain`",
        "- ~~[RIG]~~ Captain",
        "- [ ] [RIG] Captain",
        "- [x] **[RIG]** Captain",
        "- \\[RIG\\] Captain",
        "- [ rig ] Captain",
        "+ [RIG] Captain",
        "1) [RIG] Captain",
        "12.[RIG] Captain",
        "• [RIG] Captain",
        "– [RIG] Captain",
        "\u00a0- [RIG]\u00a0Captain",
        "\t\t* [RIG] Captain",
    ],
)
def test_a_tag_counts_in_any_wrapping_and_any_bullet(bullet: str) -> None:
    [row] = read_plan(f"## Crew\n{bullet}\n").rows

    assert (row.name, row.tag, row.category) == ("Captain", "RIG", "Crew")


@pytest.mark.parametrize(
    ("name", "rest"),
    [("**Bold** Hero", "- [RIG] **Bold** Hero"), ("Captain_America_", "- _[RIG] Captain_America__")],
)
def test_emphasis_of_the_name_itself_stays(name: str, rest: str) -> None:
    assert assets(rest)[0][1] == name


@pytest.mark.parametrize(
    ("bullet", "name", "code"),
    [
        ("- Captain [RIG]", "Captain [RIG]", "tag_misplaced"),
        ("- Captain (rig)", "Captain (rig)", "tag_misplaced"),
        ("- [PROP] Barrel", "[PROP] Barrel", "tag_unknown"),
        ("- [MOVEABLE:4] Goblin", "[MOVEABLE:4] Goblin", "tag_unknown"),
        ("- [RIGG] Goblin", "[RIGG] Goblin", "tag_unknown"),
        ("- Knight - Animations: idle, walk", "Knight - Animations: idle, walk", "detail_in_name"),
        ("-", "Unnamed Asset", "name_missing"),
        ("--", "-", "name_missing"),
    ],
)
def test_a_name_that_was_not_meant_so_is_kept_as_static_and_told(bullet: str, name: str, code: str) -> None:
    assert assets(bullet) == [("Uncategorized", name, "STATIC", "", ())]
    assert codes(bullet)[code] == 1


def test_a_mistyped_tag_is_answered_with_the_right_one() -> None:
    [note] = [note for note in read("- [RIGG] Goblin").warnings if note.code == "tag_unknown"]

    assert note.message == '"[RIGG]" is not a tag of a 3D plan; use [RIG] or [STATIC]. Did you mean RIG?'


@pytest.mark.parametrize("rule", ["---", "***", "___", "- - -", "* * * *", "-----", "_ _ _"])
def test_a_rule_is_no_asset_and_ends_nothing(rule: str) -> None:
    assert assets(f"- [RIG] Captain/{rule}/__- Description: Tall") == [
        ("Uncategorized", "Captain", "RIG", "Tall", ())
    ]


@pytest.mark.parametrize(
    "bullet", ["* Rope", "+ Rope", "1. Rope", "• Rope", "__- Rope", ">- Rope", "Rope", "*Rope*"]
)
def test_what_is_no_hyphen_bullet_and_has_no_tag_is_prose(bullet: str) -> None:
    plan = read(f"- [STATIC] Post/{bullet}")

    assert [row.name for row in plan.rows] == ["Post"]


@pytest.mark.parametrize(
    "detail",
    [
        "- Description: Tall",
        "_- Description: Tall",
        ">- Description: Tall",
        "__* Description: Tall",
        "__- **Description:** Tall",
        "__- **Description**: Tall",
        "__- *description:* Tall",
        "__- __DESCRIPTION__ : Tall",
        "__- `Description`: Tall",
        "__- **Description: Tall**",
        "__- Description : Tall",
        "__-Description:Tall",
    ],
)
def test_a_description_counts_at_any_indent_and_in_emphasis(detail: str) -> None:
    assert assets(f"- [RIG] Captain/{detail}") == [("Uncategorized", "Captain", "RIG", "Tall", ())]


def test_emphasis_inside_a_description_stays() -> None:
    assert assets("- [RIG] A/__- Description: **very** tall")[0][3] == "**very** tall"


@pytest.mark.parametrize(
    ("written", "presets"),
    [
        ("preset:idle, PRESET:Walk", (IDLE, WALK)),
        ("idle; walk / run and jump & climb", (IDLE, WALK, RUN, JUMP, CLIMB)),
        ("`idle`, **walk**, 'run'.", (IDLE, WALK, RUN)),
        ("walk, idle, walk.", (WALK, IDLE)),
        ("preset:slash, preset:biped:dance_01", ("preset:slash", "preset:biped:dance_01")),
        ("preset:quadruped:walk", ("preset:quadruped:walk",)),
        ("preset: Cast a spell", ("preset:biped:cast_a_spell",)),
        ("none", ()),
        ("n/a", ()),
    ],
)
def test_animations_are_understood_as_people_write_them(written: str, presets: tuple[str, ...]) -> None:
    plan = read_plan(f"- [RIG] Captain\n  - Animations: {written}")

    assert plan.rows[0].animations == presets
    assert "animation_unknown" not in {note.code for note in plan.warnings}


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("slash", 'Write preset:slash for "slash".'),
        ("dance_01", 'Write preset:biped:dance_01 for "dance_01".'),
        ("cast a spell", 'Write preset:biped:cast_a_spell for "cast a spell".'),
        ("wlak", "Did you mean walk?"),
        ("preset:slsh", "Did you mean preset:slash?"),
        ("attack", "The plain names are idle, walk, run, jump, climb, dive."),
        ("Idle (4 frames)", "The plain names are idle, walk, run, jump, climb, dive."),
    ],
)
def test_an_unknown_animation_is_left_out_and_the_right_word_is_named(word: str, hint: str) -> None:
    plan = read_plan(f"- [RIG] Captain\n  - Description: T-pose\n  - Animations: idle, {word}")

    assert plan.rows[0].animations == (IDLE,)
    [note] = plan.warnings
    assert (note.line, note.code) == (3, "animation_unknown")
    assert f'"{word}"' in note.message
    assert hint in note.message


def test_a_description_goes_on_over_indented_lines() -> None:
    text = (
        "- [RIG] Captain\n  - Description: Tall man\n    with a hat,\n    *red* beard\n    1.9 m high\n"
        "\n    not this\n  - Animations: idle\n  nor this\n"
    )

    assert read_plan(text).rows[0].description == "Tall man with a hat, *red* beard 1.9 m high"


def test_prose_that_is_not_indented_ends_a_description() -> None:
    assert assets("- [RIG] Captain/__- Description: Tall/prose/__more prose")[0][3] == "Tall"


def test_an_animation_line_without_its_hyphen_is_told_and_not_paid() -> None:
    sketch = "- [RIG] Captain/__- Description: Tall/__Animations: idle"

    assert assets(sketch) == [("Uncategorized", "Captain", "RIG", "Tall", ())]
    assert codes(sketch)["detail_without_bullet"] == 3


@pytest.mark.parametrize("line", ["[RIG] Captain", "**[RIG] Captain**", "| [RIG] Captain | tall |"])
def test_a_tag_without_a_bullet_is_told(line: str) -> None:
    plan = read_plan(f"- Post\n{line}")

    assert [row.name for row in plan.rows] == ["Post"]
    assert {note.code: note.line for note in plan.warnings}["asset_without_bullet"] == 2


@pytest.mark.parametrize("fence", ["```", "```markdown", "~~~", "````md"])
def test_a_plan_in_a_code_fence_reads_as_if_the_fence_were_not_there(fence: str) -> None:
    closing = fence.rstrip("markdown")
    text = (
        f"Here is your plan:\n\n{fence}\n## Crew\n- [RIG] Captain\n  - Description: Tall\n{closing}\nEnjoy!"
    )

    plan = read_plan(text, "plan.txt")

    assert [brief(row) for row in plan.rows] == [("Crew", "Captain", "RIG", "Tall", ())]


# --- what the author is told ---------------------------------------------------------------------------------


def test_each_warning_has_its_line() -> None:
    text = """\
## Crew
- [RIG] Captain
  - Description: Tall
- [STATIC] Post
  - Description: Oak \U0001f6a2
  - Animations: idle
- [STATIC] post
- [RIG] Mate
  - Description: {long} A-pose
  - Animations: idle, attack
"""
    plan = read_plan(text.format(long="x" * 1_024))

    assert [(note.line, note.code) for note in plan.warnings] == [
        (2, "rig_without_animation"),
        (2, "rig_without_pose"),
        (4, "prompt_unfit"),
        (4, "static_with_animations"),
        (7, "description_missing"),
        (7, "name_twice"),
        (8, "prompt_unfit"),
        (10, "animation_unknown"),
    ]


def test_a_plan_without_faults_is_read_without_a_word() -> None:
    text = "- [RIG] Captain\n  - Description: Tall man, T pose\n  - Animations: idle\n- Rope\n  - Description: Coil\n"

    assert read_plan(text).warnings == ()


@pytest.mark.parametrize("content", [None, 7, b"", "", " \n\t\n", b"\xef\xbb\xbf", "\ufeff"])
def test_nothing_gives_an_empty_list(content: object) -> None:
    plan = read_plan(content)  # type: ignore[arg-type]

    assert plan.rows == plan.errors == ()
    assert [note.code for note in plan.warnings] == ["plan_empty"]


def test_a_plan_with_every_quirk_at_once() -> None:
    text = (
        "\ufeff```md\r\n# Harbour *plan*\r\n\r\n##   Crew  \r\n"
        "*   **[rig] Captain**\r\n\t- **Description:** Tall man,\r\n\t  T-pose\r\n\t- ANIMATIONS: Idle and walk.\r\n"
        "***\r\n1. `[STATIC]` Anchor\r\n   - Weight: 20 kg\r\n   - description: Rusty: very\r\n"
        "### Deck / Props\r\n- [ ] [RIG] Gull\r\n - Animation: preset:run; preset:run\r\n"
        "  Some prose in between\r\n - Description: Grey bird, A-pose\r\n-Crate\r\n```"
    )

    assert [(row.line, *brief(row)) for row in read_plan(text, "plan.txt").rows] == [
        (5, "Crew", "Captain", "RIG", "Tall man, T-pose", (IDLE, WALK)),
        (10, "Crew", "Anchor", "STATIC", "Rusty: very", ()),
        (14, "Deck / Props", "Gull", "RIG", "Grey bird, A-pose", (RUN,)),
        (18, "Deck / Props", "Crate", "STATIC", "", ()),
    ]
