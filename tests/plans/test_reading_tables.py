"""Plans as CSV, TSV and workbooks: headings and values as people and their programs write them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from core.plans.plan import PlanRow
from core.plans.reading import read_plan


def rows_of(content: bytes | str, name: str = "plan.csv") -> tuple[PlanRow, ...]:
    plan = read_plan(content, name)
    assert plan.errors == ()
    return plan.rows


def workbook(*sheets: list[tuple[Any, ...]], hidden: int = 0) -> bytes:
    """A workbook of these sheets, the first so many of them hidden."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        sheet.sheet_state = "hidden" if number < hidden else "visible"
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FULL = PlanRow(
    line=2,
    key="k-1",
    name="Gate Knight",
    category="Crew",
    tag="RIG",
    description="Tall, T-pose",
    animations=("preset:idle", "preset:slash"),
    options={"faceLimit": 5_000, "textureQuality": "detailed", "pbr": True},
    size_class="hero",
    priority=-3,
    variants=2,
    seed=12,
)


@pytest.mark.parametrize(
    "content",
    [
        "Key,Name,Category,Tag,Description,Animations,Size class,Priority,Variants,Seed,Options\n"
        'k-1,Gate Knight,Crew,RIG,"Tall, T-pose","idle, slash",hero,-3,2,12,'
        '"{""faceLimit"": 5000, ""textureQuality"": ""detailed"", ""pbr"": true}"\n',
        "id;ASSET NAME;Group;tag;Prompt;Animation;size_class;PRIORITY;variant;seed;face limit;Texture-Quality;PBR\n"
        "k-1;Gate Knight;Crew;[rig];Tall, T-pose;preset:idle; ;-3;2;12;5,000;Detailed;yes\n".replace(
            "preset:idle; ;", '"preset:idle; Slash.";Hero;'
        ),
        "key\tname\tcategory\ttag\tdescription\tanimations\tsizeClass\tpriority\tvariants\tseed\toptions\n"
        "k-1\tGate Knight\tCrew\tRig\tTall, T-pose\tIDLE and slash\tHERO\t-3.0\t2.0\t12.00\t"
        "Face limit = 5000; texture quality: detailed; pbr=TRUE\n",
    ],
)
def test_every_field_has_its_column_whatever_the_spelling(content: str) -> None:
    assert rows_of(content) == (FULL,)


def test_only_the_name_is_needed() -> None:
    assert rows_of("Name\nRope\n\nPost\n") == (PlanRow(line=2, name="Rope"), PlanRow(line=4, name="Post"))


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode("cp1252"),
        lambda text: text,
        lambda text: f"```csv\n{text}```",
    ],
)
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Name;Tag;Description\nCafé;RIG;“Grün” – naïve\n", "plan.csv"),
        ("## Orte\n- [RIG] Café\n  - Description: “Grün” – naïve\n", "plan.md"),
        ("assets:\n- name: Café\n  tag: RIG\n  description: “Grün” – naïve\n", "plan.yml"),
        ('[{"name": "Café", "tag": "RIG", "description": "“Grün” – naïve"}]\n', "plan.json"),
    ],
)
def test_every_encoding_that_people_have_is_read(encode: Any, text: str, name: str) -> None:
    [row] = rows_of(encode(text), name)

    assert (row.name, row.tag, row.description) == ("Café", "RIG", "“Grün” – naïve")


def test_an_encoding_that_was_guessed_is_told() -> None:
    plan = read_plan("Name\nCafé\n".encode("cp1252"), "plan.csv")

    assert plan.warnings[0].code == "encoding_guessed"


@pytest.mark.parametrize(
    ("content", "name", "form"),
    [
        ("Name,Tag\nRope,STATIC\n", "plan.md", "csv"),
        ("Name\tTag\nRope\tSTATIC\n", "plan.csv", "csv"),
        ("Name\tTag\nRope\tSTATIC\n", "plan.txt", "tsv"),
        ('{"assets": [{"name": "Rope"}]}', "plan.csv", "json"),
        ('```json\n[{"name": "Rope"}]\n```', "plan.md", "json"),
        ("assets:\n- name: Rope\n", "plan.json", "yaml"),
        ("- name: Rope\n", "plan", "yaml"),
        ("Assets:\n- Name: Rope\n", "plan.yaml", "yaml"),
        ("Assets:\n- Rope\n", "plan.txt", "markdown"),
        ("## Gear\n- [STATIC] Rope\n", "plan.yaml", "markdown"),
        ("## Gear\n- [STATIC] Rope\n", "../../etc/plan.csv", "markdown"),
        ("[STATIC] prose\n- Rope", "plan.json", "markdown"),
        ("Assets: low poly\nname\n- Rope", "plan.txt", "markdown"),
        ('Tags as here:\n```\n{"tag": "RIG"}\n```\n- [STATIC] Rope', "plan.md", "markdown"),
        (workbook([("Name",), ("Rope",)]), "plan.csv", "xlsx"),
    ],
)
def test_what_is_in_a_file_counts_more_than_its_name(content: bytes | str, name: str, form: str) -> None:
    plan = read_plan(content, name)

    assert plan.format == form
    assert [row.name for row in plan.rows] == ["Rope"]


def test_a_name_that_lies_is_told() -> None:
    [note, *_] = read_plan("Name,Tag\nRope,STATIC\n", "plan.md").warnings

    assert (note.code, note.message) == (
        "format_differs",
        "The file is named as markdown, and was read as csv.",
    )


def test_the_delimiter_is_found_above_long_quoted_texts() -> None:
    text = "Name;Description\n" + "".join(f'Rope {n};"{"long, long; " * 400}"\n' for n in range(30))

    assert len(rows_of(text)) == 30


# --- what spreadsheet programs do --------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\n', "SEP=;\n"])
def test_excels_separator_line_is_followed(first: str) -> None:
    [row] = rows_of(f"{first}Name;Tag\nRope, coiled;STATIC\n")

    assert (row.name, row.line) == ("Rope, coiled", 3)


def test_lines_are_counted_through_cells_with_line_ends() -> None:
    first, second = rows_of('Name,Description\nRope,"coiled\r\nand wet"\nPost,oak\n')

    assert (first.line, first.description) == (2, "coiled\nand wet")
    assert (second.line, second.description) == (4, "oak")


def test_headings_may_stand_below_a_title_and_blank_columns_beside() -> None:
    [row] = rows_of("Our plan,,,\n,,,\n,Name,,Tag,,,\n,Rope,,STATIC,,,\n,,,,,,\n,,,\n")

    assert (row.line, row.name, row.tag) == (4, "Rope", "STATIC")


def test_spaces_that_do_not_break_are_spaces() -> None:
    [row] = rows_of("Name\u00a0,Tag\n\u00a0Old\u00a0Rope ,\u00a0rig\u00a0\n")

    assert (row.name, row.tag) == ("Old Rope", "RIG")


def test_smart_quotes_in_options_are_quotes() -> None:
    [row] = rows_of("Name;Options\nRope;{“faceLimit”: 900}\n")

    assert row.options == {"faceLimit": 900}


@pytest.mark.parametrize(
    ("cell", "name"), [("'=1+1", "=1+1"), ("'-Rope", "-Rope"), ("''@a", "'@a"), ("'tis", "'tis")]
)
def test_the_apostrophe_that_keeps_a_cell_text_is_taken_off(cell: str, name: str) -> None:
    [row] = rows_of(f"Name,Tag\n{cell},\n")

    assert row.name == name


def test_a_formula_beside_the_plan_does_not_matter() -> None:
    [row] = rows_of("Name,Notes\nRope,=SUM(A1:A9)\n")

    assert row.name == "Rope"


def test_a_column_that_is_not_known_is_told_once_with_the_likely_name() -> None:
    plan = read_plan("Name,Descripton,Notes,Status,assetId\nRope,a,b,done,7\nPost,a,b,done,8\n", "plan.csv")

    [note] = [note for note in plan.warnings if note.code == "column_unknown"]
    assert (note.line, note.column) == (1, "Descripton")
    assert note.message == 'The column "Descripton" is not read. Did you mean description?'


def test_any_preset_is_taken_with_or_without_its_prefix() -> None:
    [row] = rows_of(
        "Name;Tag;Animations\nKnight;RIG;slash, Dance 01, quadruped:walk, preset:biped:press-up, idle\n"
    )

    assert row.animations == (
        "preset:slash",
        "preset:biped:dance_01",
        "preset:quadruped:walk",
        "preset:biped:press-up",
        "preset:idle",
    )


def test_an_unknown_animation_is_told_with_its_column() -> None:
    plan = read_plan("Name;Tag;Animations\nKnight;RIG;idle, slsh\n", "plan.csv")

    [note] = [note for note in plan.warnings if note.code == "animation_unknown"]
    assert (note.line, note.column) == (2, "Animations")
    assert "Did you mean preset:slash?" in note.message
    assert plan.rows[0].animations == ("preset:idle",)


# --- workbooks ---------------------------------------------------------------------------------------------------


def test_a_workbook_reads_as_the_same_table_would() -> None:
    content = workbook(
        [
            (
                "Key",
                "Name",
                "Category",
                "Tag",
                "Description",
                "Animations",
                "Size class",
                "Priority",
                "Variants",
            ),
            ("k-1", "Gate Knight", "Crew", "RIG", "Tall, T-pose", "idle, slash", "hero", -3.0, 2),
        ]
    )

    assert rows_of(content, "plan.xlsx") == (FULL.model_copy(update={"options": {}, "seed": None}),)


def test_the_first_visible_sheet_with_headings_is_read() -> None:
    content = workbook(
        [("Name",), ("hidden",)],
        [("Read me",), ("Name things well",)],
        [("Team plan",), (), (None, "Name", "Seed"), (None, 7, 3.0), (None, "Rope", "12")],
        [("Name",), ("later",)],
        hidden=1,
    )

    assert [(row.line, row.name, row.seed) for row in rows_of(content, "plan.xlsx")] == [
        (4, "7", 3),
        (5, "Rope", 12),
    ]


def test_a_sheet_has_scribbles_beside_and_far_below() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "Tag"])
    sheet.append(["Rope", "STATIC", None, "ask Ann"])
    sheet.cell(row=5_000, column=1, value="Post")
    sheet.cell(row=6_000, column=300).font = Font(bold=True)
    file = io.BytesIO()
    book.save(file)

    assert [(row.line, row.name) for row in rows_of(file.getvalue(), "plan.xlsx")] == [
        (2, "Rope"),
        (5_000, "Post"),
    ]


def test_an_empty_workbook_is_an_empty_plan() -> None:
    plan = read_plan(workbook([]), "plan.xlsx")

    assert plan.rows == ()
    assert [note.code for note in plan.warnings] == ["plan_empty"]
