"""Plans as JSON and YAML: the same fields with their types, and YAML's traps."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plans.plan import FORMATS, Format, PlanRow
from core.plans.reading import read_plan
from core.plans.schema import plan_schema
from core.plans.templates import EXAMPLE, template
from core.plans.writing import left_out, write_plan
from core.tripo import ALL_PRESETS


def test_items_are_counted_in_json_and_lines_in_yaml() -> None:
    as_json = read_plan('{"$schema": "x", "assets": [\n\n{"name": "A"},\n{"name": "B"}]}', "plan.json")
    as_yaml = read_plan("# plan\nassets:\n  - name: A\n\n  - name: B\n", "plan.yaml")

    assert [row.line for row in as_json.rows] == [1, 2]
    assert [row.line for row in as_yaml.rows] == [3, 5]


def test_a_bare_list_and_an_empty_one_are_plans() -> None:
    assert [row.name for row in read_plan('[{"name": "A"}]', "plan.json").rows] == ["A"]
    assert read_plan('{"assets": []}', "plan.json").rows == ()
    assert read_plan("assets:\n", "plan.yaml").rows == ()


@pytest.mark.parametrize(
    "name", ["No", "yes", "1e5", "0x1F", "12:30:45", "2026-11-23", "007", ".5", "off", "1_000"]
)
def test_yaml_makes_no_false_numbers_or_dates_of_a_name(name: str) -> None:
    [row] = read_plan(f"- name: {name}\n  tag: STATIC\n", "plan.yaml").rows

    assert row.name == name


def test_yaml_values_find_their_types() -> None:
    text = """\
- name: Knight
  tag: rig
  description: >
    Tall man
    in T-pose
  animations: [idle, preset:slash]
  options: {faceLimit: 5000, pbr: true, negativePrompt: "no"}
  priority: -2
  seed: 12
  key: ~
- name: Dog
  animations: idle and walk
"""
    knight, dog = read_plan(text, "plan.yaml").rows

    assert knight == PlanRow(
        line=1,
        name="Knight",
        tag="RIG",
        description="Tall man in T-pose",
        animations=("preset:idle", "preset:slash"),
        options={"faceLimit": 5000, "pbr": True, "negativePrompt": "no"},
        priority=-2,
        seed=12,
    )
    assert (dog.line, dog.animations) == (11, ("preset:idle", "preset:walk"))


def test_an_unknown_field_is_told_once_and_a_programs_own_not_at_all() -> None:
    assets = [{"name": "A", "colour": "red", "status": "done", "Priorty": 1}, {"name": "B", "colour": "red"}]

    notes = read_plan(json.dumps(assets), "plan.json").warnings

    unknown = [(note.line, note.column, note.message) for note in notes if note.code == "field_unknown"]
    assert unknown == [
        (1, "colour", 'The field "colour" is not read, here and below.'),
        (1, "Priorty", 'The field "Priorty" is not read, here and below. Did you mean priority?'),
    ]


def test_options_may_stand_among_the_fields() -> None:
    [row] = read_plan(
        '[{"name": "A", "faceLimit": 900, "options": {"faceLimit": 5, "quad": false}}]', "a.json"
    ).rows

    assert row.options == {"faceLimit": 900, "quad": False}


# --- written and read again --------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=30
).map(str.strip)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=60).map(
    lambda text: text.replace("\u00a0", " ").strip()
)
NAMES = WORDS.filter(
    lambda text: (
        bool(text) and "/" not in text and "\\" not in text and text[0] not in "~" and ":" not in text
    )
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "faceLimit": st.integers(1, 100_000),
        "pbr": st.booleans(),
        "textureQuality": st.sampled_from(["standard", "detailed"]),
        "negativePrompt": st.sampled_from(["blurry", "no hands", "-1", "=x", "null", "true"]),
        "modelSeed": st.integers(0, 2**31 - 1),
    },
)
ROWS = st.builds(
    PlanRow,
    line=st.just(0),
    name=NAMES,
    category=NAMES,
    tag=st.sampled_from(["RIG", "STATIC"]),
    description=TEXTS,
    animations=st.lists(st.sampled_from(ALL_PRESETS), unique=True, max_size=4).map(tuple),
    options=OPTIONS,
    size_class=st.sampled_from([None, "hero", "prop", "creature", "foliage"]),
    priority=st.integers(-1_000, 1_000),
    variants=st.integers(1, 16),
    seed=st.one_of(st.none(), st.integers(0, 2**31 - 1)),
)


def numbered(rows: list[PlanRow]) -> list[PlanRow]:
    """Give each row a key of its own, so that names may repeat."""
    return [
        row.model_copy(update={"key": f"={number}" if number % 3 == 0 else str(number)})
        for number, row in enumerate(rows)
    ]


def without_lines(rows: tuple[PlanRow, ...] | list[PlanRow]) -> list[PlanRow]:
    return [row.model_copy(update={"line": 0}) for row in rows]


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=5).map(numbered))
@pytest.mark.parametrize("form", [form for form in FORMATS if form != "markdown"])
def test_what_was_written_reads_back_equal(form: Format, rows: list[PlanRow]) -> None:
    plan = read_plan(write_plan(rows, form), f"plan.{form}", form)

    assert plan.errors == ()
    assert without_lines(plan.rows) == rows


@settings(max_examples=80, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_markdown_reads_back_what_it_can_say(rows: list[PlanRow]) -> None:
    plan = read_plan(write_plan(rows, "markdown"), "plan.md")

    assert plan.errors == ()
    assert [(row.name, row.tag, row.category, row.animations) for row in plan.rows] == [
        (row.name, row.tag, row.category, row.animations) for row in rows
    ]
    assert [" ".join(row.description.split()) for row in plan.rows] == [
        " ".join(r.description.split()) for r in rows
    ]


def test_what_markdown_cannot_say_is_named() -> None:
    assert left_out(EXAMPLE, "markdown") == ("key", "options", "sizeClass", "priority", "variants", "seed")
    assert left_out([PlanRow(line=1, name="A")], "markdown") == left_out(EXAMPLE, "csv") == ()


@pytest.mark.parametrize("form", FORMATS)
def test_a_template_reads_without_a_word_and_shows_every_field(form: Format) -> None:
    plan = read_plan(template(form), f"plan.{form}")

    assert (plan.format, plan.warnings, plan.errors) == (form, (), ())
    lost = {"key": None, "options": {}, "size_class": None, "priority": 0, "variants": 1, "seed": None}
    expected = [row.model_copy(update=lost if form == "markdown" else {}) for row in EXAMPLE]
    assert without_lines(plan.rows) == without_lines(expected)


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_program_adds_is_written_and_read_over(form: Format) -> None:
    reports = [{"status": "complete", "assetId": f"={n}", "files": ["a", "b"]} for n in range(len(EXAMPLE))]

    content = write_plan(EXAMPLE, form, reports)
    plan = read_plan(content, f"plan.{form}")

    assert without_lines(plan.rows) == without_lines(read_plan(template(form), f"plan.{form}").rows)
    assert plan.warnings == plan.errors == ()
    if form != "xlsx":
        assert b"complete" in content


def test_cells_that_look_like_formulas_are_written_as_text() -> None:
    content = write_plan([PlanRow(line=1, name="=1+1", description="-x", priority=-5)], "csv").decode(
        "utf-8-sig"
    )

    assert content.splitlines()[1] == ",'=1+1,Uncategorized,STATIC,'-x,,,-5,,,"


# --- the schema --------------------------------------------------------------------------------------------------


SCHEMA = jsonschema.Draft202012Validator(plan_schema())


def test_the_schema_is_valid_and_takes_the_template() -> None:
    SCHEMA.check_schema(plan_schema())

    SCHEMA.validate(json.loads(template("json")))


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, max_size=3).map(numbered))
def test_the_schema_takes_what_is_written(rows: list[PlanRow]) -> None:
    SCHEMA.validate(json.loads(write_plan(rows, "json")))


@pytest.mark.parametrize(
    "asset",
    [
        {},
        {"name": ""},
        {"name": "A", "tag": "RIGG"},
        {"name": "A", "animations": ["preset:attack"]},
        {"name": "A", "options": {"faceLimt": 1}},
        {"name": "A", "options": {"model": "v9"}},
        {"name": "A", "variants": 0},
        {"name": "A", "colour": "red"},
    ],
)
def test_the_schema_refuses_what_the_reader_tells_of(asset: dict[str, object]) -> None:
    document = {"assets": [asset]}

    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(document)
    plan = read_plan(json.dumps(document), "plan.json")
    told = {"animation_unknown", "field_unknown"} & {note.code for note in plan.warnings}
    assert plan.errors or told
