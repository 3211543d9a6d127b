"""Files that are no plans, damaged, mistaken or made to hurt: each gets its sentence, quickly and in bounded memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.errors import PlanRefusedError
from core.plans.limits import ASSETS_MOST, UNPACKED_BYTES_MOST, WORKBOOK_BYTES_MOST
from core.plans.plan import FORMATS
from core.plans.reading import read_plan
from core.plans.templates import template


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def with_parts(changed: dict[str, bytes]) -> bytes:
    """A good workbook in which some parts were replaced."""
    with zipfile.ZipFile(io.BytesIO(workbook(("Name",), ("Rope",)))) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    return archive({**parts, **changed})


def with_part(name: str, content: bytes) -> bytes:
    return with_parts({name: content})


SHEET = "xl/worksheets/sheet1.xml"
SHEET_START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + SHEET_START + b"&b;</sheetData></worksheet>"
)

# --- refused as a whole: name, content, code, a piece of the sentence -------------------------------------------

Bad = tuple[str, bytes | Callable[[], bytes], str, str]
REFUSED: list[Bad] = [
    ("huge.md", lambda: b"- Rope\n" * 14_000_000, "plan_too_large", "98.0 MB; 5 MB is the most"),
    ("huge.xlsx", lambda: b"PK\x03\x04" + bytes(WORKBOOK_BYTES_MOST), "plan_too_large", "10 MB is the most"),
    ("many.md", lambda: b"- a\n" * (ASSETS_MOST + 1), "plan_too_many_assets", "more than 20,000 assets"),
    ("many.csv", lambda: b"Name\n" + b"a\n" * (ASSETS_MOST + 1), "plan_too_many_assets", "more than 20,000"),
    ("many.json", lambda: b"[" + b"1," * ASSETS_MOST + b"1]", "plan_too_many_assets", "more than 20,000"),
    ("photo.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "plan_format_unknown", "is a picture, not a plan"),
    ("photo.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF", "plan_format_unknown", "is a picture"),
    ("model.json", b"glTF\x02\x00\x00\x00", "plan_format_unknown", "is a 3D model"),
    ("plan.md", b"%PDF-1.7\n", "plan_format_unknown", "is a PDF"),
    ("plan.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "plan_format_unknown", "an old Excel"),
    ("plan.md", b"{\\rtf1\\ansi - [RIG] Knight}", "plan_format_unknown", "rich text"),
    ("plan.csv", b"\xef\xbb\xbf<!DOCTYPE html><html><table>", "plan_format_unknown", "a web page or XML"),
    ("plan.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>', "plan_format_unknown", "or XML"),
    ("plan.md", b"\x1f\x8b\x08\x00rest", "plan_format_unknown", "a compressed archive"),
    ("nulls.md", b"- [RIG] Kni\x00ght\n", "plan_not_text", "is not text"),
    ("bytes.csv", bytes(range(1, 32)) * 9, "plan_not_text", "is not text"),
    ("bytes.md", b"\x80\x05\x95\x1b\x01\x02\x03", "plan_not_text", "is not text"),
    ("odd.md", b"- caf\xe9 \x81\x8d\x8f", "plan_encoding_unknown", "encoding"),
    ("half.md", "- [RIG] Knight".encode("utf-16") + b"\n", "plan_encoding_unknown", "encoding"),
    ("plan.json", b'{"assets": [{"name": "Knight",}]}', "plan_syntax", "line 1, column"),
    ("plan.json", b'{"assets": [\n{"name": "Knight"\n', "plan_syntax", "line 3"),
    ("plan.json", b'{"assets": [{"name": "K", "seed": NaN}]}', "plan_syntax", "NaN"),
    ("plan.json", b'[{"name": "K", "seed": -Infinity}]', "plan_syntax", "-Infinity"),
    ("plan.json", b'[{"seed": ' + b"9" * 5_000 + b"}]", "plan_syntax", "a number that is too long"),
    ("deep.json", b"[" * 100_000, "plan_too_deep", "nests lists and objects deeper"),
    ("bloat.json", b"[" + b"{}," * 600_000 + b"{}]", "plan_too_large", "more values"),
    (
        "plan.json",
        b'{"items": [{"name": "Knight"}]}',
        "plan_assets_missing",
        'no list called assets; it has "items"',
    ),
    ("plan.json", b'{"assets": {"name": "Knight"}}', "plan_assets_missing", "is no list"),
    ("plan.json", b'{"assets": [], "assets": []}', "plan_assets_missing", "several lists"),
    ("plan.yaml", b"assets:\n- name: K\n  tag: [\n", "plan_syntax", "cannot be read further than line"),
    ("plan.yaml", b"assets:\n\t- name: K\n", "plan_syntax", "line 2"),
    ("plan.yaml", b"assets:\n- name: !!python/object/apply:os.system [id]\n", "plan_yaml_feature", "the tag"),
    ("plan.yaml", b"assets: !!set {a}\n", "plan_yaml_feature", "the tag"),
    (
        "bomb.yaml",
        b"assets:\n- &a [x, x]\n- &b [*a, *a]\n- [*b, *b]\n",
        "plan_yaml_feature",
        "an anchor or alias",
    ),
    ("two.yaml", b"assets:\n- name: K\n---\nassets: []\n", "plan_yaml_feature", "a second document"),
    ("deep.yaml", b"assets: " + b"[" * 50_000, "plan_too_deep", "nests lists and objects deeper"),
    (
        "deep.yaml",
        b"assets:\n" + b"- " * 99 + b"x\n",
        "plan_too_deep",
        "deeper",
    ),
    ("scalar.yaml", b"assets: Knight\n", "plan_assets_missing", "is no list"),
    (
        "plan.csv",
        b'Name,Tag\n"Knight,RIG\nDog,RIG\n',
        "plan_quotes_unclosed",
        "the row that begins at line 2",
    ),
    ("plan.csv", b'Name,Tag\nDog,RIG\n"a "big" dog",RIG\n', "plan_quotes_unclosed", "at line 3"),
    (
        "wide.csv",
        b"Name" + b",N" * 1_000_000 + b"\n",
        "plan_too_many_columns",
        "1,000,001 columns; 200 is",
    ),
    (
        "twice.csv",
        b"Name,Tag,name\nKnight,RIG,Dog\n",
        "plan_column_twice",
        '"Name" and "name" are both the asset\'s name',
    ),
    ("plan.xlsx", b"PK\x03\x04 and no more", "plan_damaged", "cannot be opened"),
    ("cut.xlsx", lambda: workbook(("Name",), ("Rope",))[:2_000], "plan_damaged", "cannot be opened"),
    (
        "letter.xlsx",
        lambda: archive({"word/document.xml": b"<a/>"}),
        "plan_format_unknown",
        "is a Word document",
    ),
    ("plan.ods", lambda: archive({"content.xml": b"<a/>"}), "plan_format_unknown", "is an OpenDocument file"),
    ("things.zip", lambda: archive({"../../etc/passwd": b"root"}), "plan_damaged", "no workbook at all"),
    (
        "bomb.xlsx",
        lambda: with_part("xl/media/a.png", bytes(UNPACKED_BYTES_MOST)),
        "plan_too_large",
        "Unpacked",
    ),
    ("bomb.xlsx", lambda: archive({f"{n}.xml": b"" for n in range(1_001)}), "plan_too_large", "Unpacked"),
    ("entities.xlsx", lambda: with_part(SHEET, ENTITIES), "plan_hostile", "defines XML entities"),
    (
        "wide.xlsx",
        lambda: with_part(SHEET, SHEET_START + b"<row r='1'>" + b"<c/>" * 1_000_000),
        "plan_too_large",
        "more rows, columns or parts",
    ),
    (
        "deep.xlsx",
        lambda: with_part(SHEET, SHEET_START + b"<row>" * 1_000),
        "plan_too_large",
        "more rows, columns",
    ),
    (
        "long.xlsx",
        lambda: with_part(SHEET, SHEET_START + b"<row/>" * 2_100_000),
        "plan_too_large",
        "more rows",
    ),
    (
        "styles.xlsx",
        lambda: with_part("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 100_000 + b"</styleSheet>"),
        "plan_too_large",
        "more rows, columns or parts",
    ),
    (
        "part.xlsx",
        lambda: with_part("docProps/app.xml", b"<a>" + b" " * 3_000_000),
        "plan_too_large",
        "docProps/app.xml",
    ),
    (
        "row.xlsx",
        lambda: with_part(SHEET, SHEET_START + b"<row r='x'><c r='A1'/></row></sheetData></worksheet>"),
        "plan_damaged",
        "cannot be opened",
    ),
    (
        "headless.xlsx",
        lambda: workbook(("Asset nmae", "Rig"), ("Knight", "yes")),
        "plan_headings_missing",
        'the first row reads "Asset nmae, Rig"',
    ),
]


@pytest.mark.parametrize(("name", "content", "code", "words"), REFUSED)
def test_a_file_that_is_no_plan_is_refused_in_one_sentence(
    name: str, content: bytes | Callable[[], bytes], code: str, words: str
) -> None:
    with pytest.raises(PlanRefusedError) as refused:
        read_plan(content() if callable(content) else content, name)

    error = refused.value
    assert error.code == code
    assert words in error.message
    assert error.message.endswith((".", "?"))
    assert error.suggestion.endswith(".")
    assert len(error.message) < 400


# --- single assets that cannot be taken: name, content, line, column, code, a piece of the sentence -------------

Faulty = tuple[str, bytes | Callable[[], bytes], int, str | None, str, str]
FAULTY: list[Faulty] = [
    (
        "a.csv",
        b"Name,Tag\nKnight,RIGG\n",
        2,
        "Tag",
        "tag_unknown",
        'tag is "RIGG"; it may be RIG or STATIC. Did you mean RIG?',
    ),
    ("a.csv", b"Name,Tag\n,RIG\n", 2, "Name", "name_missing", "The asset has no name."),
    (
        "a.csv",
        b"Name;Priority\nKnight;high\n",
        2,
        "Priority",
        "number_invalid",
        'priority is "high"; it may be a whole',
    ),
    (
        "a.csv",
        b"Name;Variants\nKnight;0\n",
        2,
        "Variants",
        "number_invalid",
        'is "0"; it may be a whole number from 1 to 16',
    ),
    ("a.csv", b"Name;Seed\nKnight;1.5\n", 2, "Seed", "number_invalid", 'is "1.5"'),
    ("a.csv", b"Name;Seed\nKnight;99999999999\n", 2, "Seed", "number_invalid", "from 0 to 2147483647"),
    (
        "a.csv",
        b"Name;Size class\nKnight;heroe\n",
        2,
        "Size class",
        "size_class_unknown",
        "Did you mean hero?",
    ),
    ("a.csv", b"Name;Face limit\nKnight;2e9\n", 2, "Face limit", "number_invalid", 'is "2e9"'),
    ("a.csv", b"Name;Face limit\nKnight;5.000\n", 2, "Face limit", "number_invalid", 'is "5.000"'),
    (
        "a.csv",
        b"Name;Face limit\nKnight;2000000\n",
        2,
        "Face limit",
        "options_invalid",
        "faceLimit is 2000000; here it may be 1 to",
    ),
    ("a.csv", b"Name;Quad\nKnight;maybe\n", 2, "Quad", "not_true_or_false", "it may be true or false"),
    (
        "a.csv",
        b"Name;Texture quality\nKnight;standart\n",
        2,
        "Texture quality",
        "options_invalid",
        "Did you mean standard?",
    ),
    (
        "a.csv",
        b"Name;Options\nKnight;faceLimt=3\n",
        2,
        "Options",
        "option_unknown",
        "Did you mean faceLimit?",
    ),
    (
        "a.csv",
        b"Name;Options\nKnight;fast\n",
        2,
        "Options",
        "options_unreadable",
        'is "fast"; write it as in',
    ),
    ("a.csv", b'Name;Options\nKnight;"{""quad"": }"\n', 2, "Options", "options_unreadable", "not valid JSON"),
    (
        "a.csv",
        b"Name,Options\nKnight,quad=true; quad=false\n",
        2,
        "Options",
        "field_twice",
        "the same option twice",
    ),
    (
        "a.csv",
        b"Name;Tag;Quad\nKnight;RIG;true\n",
        2,
        "options",
        "quad_not_riggable",
        "A quad model is not rigged",
    ),
    ("a.csv", b"Name,Tag\n=cmd|' /C calc'!A0,RIG\n", 2, "Name", "formula", "The cell holds a formula"),
    ("a.csv", b"Name,Tag\n#REF!,RIG\n", 2, "Name", "cell_error", "holds the error #REF!"),
    ("a.csv", b"Name,Description\nKnight,tall, strong\n", 2, None, "cell_without_heading", "needs quotes"),
    ("a.csv", b"Key,Name\nk,Knight\nk,Dog\n", 3, "key", "key_twice", "that of the asset at 2 already"),
    ("a.md", b"- [RIG] ../../etc/passwd\n", 1, "name", "name_is_path", "looks like the path of a file"),
    ("a.md", b"## C:\\Windows\n- [RIG] Knight\n", 2, "category", "category_is_path", "looks like the path"),
    ("a.json", b'[{"name": "K", "key": "/etc/shadow"}]', 1, "key", "key_is_path", "looks like the path"),
    ("a.md", b"- [RIG] " + b"x" * 501, 1, "name", "name_too_long", "has 501 characters; 500 is the most"),
    ("a.json", b'[{"name": "K"}, 7]', 2, None, "asset_not_object", 'Asset 2 is "7"; write an object.'),
    ("a.json", b'[{"name": ["K"]}]', 1, "name", "not_text", "name is a list; write text."),
    ("a.json", b'[{"name": true}]', 1, "name", "not_text", "name is true; write text."),
    ("a.json", b'[{"name": "K", "name": "L"}]', 1, "name", "field_twice", "is written twice"),
    (
        "a.json",
        b'[{"name": "K", "options": {"quad": true, "quad": false}}]',
        1,
        "options",
        "field_twice",
        "same field twice",
    ),
    (
        "a.json",
        b'[{"name": "K", "options": [1]}]',
        1,
        "options",
        "options_unreadable",
        "is a list; write an object",
    ),
    ("a.json", b'[{"name": "K\\u0000"}]', 1, "name", "character_invalid", "NUL"),
    ("a.json", b'[{"name": "K\\ud800"}]', 1, "name", "character_invalid", "half of a pair"),
    ("a.json", b'[{"name": "K", "seed": 1e999}]', 1, "seed", "number_invalid", 'seed is "inf"'),
    ("a.json", b'[{"name": "K", "priority": true}]', 1, "priority", "number_invalid", "priority is"),
    (
        "a.json",
        b'[{"name": "K", "options": {"orientation": "align_image"}}]',
        1,
        "options",
        "options_invalid",
        "made from an image",
    ),
    ("a.yaml", b"- name: K\n- name: L\n  tag: HERO\n", 2, "tag", "tag_unknown", 'tag is "HERO"'),
    (
        "a.xlsx",
        lambda: workbook(("Name",), ('=HYPERLINK("http://x")',)),
        2,
        "A",
        "formula",
        "so paste its value",
    ),
    (
        "a.xlsx",
        lambda: workbook((), ("Nr", "Name"), (1, date(2026, 3, 4))),
        3,
        "B",
        "not_text",
        "format the cell as text",
    ),
    ("a.xlsx", lambda: workbook(("Name", "Seed"), ("K", 1.5)), 2, "B", "number_invalid", 'seed is "1.5"'),
    ("a.xlsx", lambda: workbook(("Name", "Tag"), ("K", "#NAME?")), 2, "B", "cell_error", "#NAME?"),
]


@pytest.mark.parametrize(("name", "content", "line", "column", "code", "words"), FAULTY)
def test_a_faulty_asset_is_told_with_its_place_and_what_would_be_right(
    name: str, content: bytes | Callable[[], bytes], line: int, column: str | None, code: str, words: str
) -> None:
    plan = read_plan(content() if callable(content) else content, name)

    [error] = plan.errors
    assert (error.line, error.column, error.code) == (line, column, code)
    assert words in error.message
    assert error.message.endswith((".", "?"))


def test_all_faults_of_a_plan_are_told_at_once() -> None:
    plan = read_plan(b"Name;Tag;Seed\nKnight;RIGG;x\n;RIG;1\nDog;;-1\nRope;;5\n", "plan.csv")

    assert [(error.line, error.column) for error in plan.errors] == [
        (2, "Tag"),
        (2, "Seed"),
        (3, "Name"),
        (4, "Seed"),
    ]
    assert [row.name for row in plan.rows] == ["Rope"]


def test_formats_that_there_are_not_are_refused_by_name() -> None:
    with pytest.raises(PlanRefusedError, match="no plan format called 'docx'"):
        read_plan("- Rope", "plan.md", format="docx")


@pytest.mark.parametrize(
    ("content", "form"), [(b"- Rope", "xlsx"), (template("xlsx"), "csv"), ("- Rope", "xlsx")]
)
def test_a_named_format_must_be_that_of_the_file(content: bytes | str, form: str) -> None:
    with pytest.raises(PlanRefusedError) as refused:
        read_plan(content, "plan", form)

    assert refused.value.code == "plan_format_unknown"


# --- nothing but a refusal, ever --------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        b"Name,Tag\n",
        b"- [RIG] ",
        b"## ",
        b"{",
        b"[",
        b'"assets"',
        b":",
        b"- name: ",
        b"\n",
        b"PK\x03\x04",
        b"\x00",
        b"```\n",
    ]
)


def reads_or_refuses(content: bytes | str, name: str, form: str | None = None) -> None:
    try:
        plan = read_plan(content, name, form)
    except PlanRefusedError:
        return
    json.loads(plan.model_dump_json())


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(st.binary(), st.text(), st.lists(st.one_of(PIECES, st.binary(max_size=9))).map(b"".join)),
    st.sampled_from(["plan.md", "plan.csv", "plan.tsv", "plan.xlsx", "plan.json", "plan.yaml", "plan"]),
    st.one_of(st.none(), st.sampled_from(FORMATS)),
)
@example("\ud800", "plan.md", None)
@example(b"\xff\xfe", "plan.csv", "csv")
@example(b"- :\n? a\n: b\n", "plan.yaml", "yaml")
def test_whatever_comes_is_read_or_refused(content: bytes | str, name: str, form: str | None) -> None:
    reads_or_refuses(content, name, form)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FORMATS), st.integers(0), st.binary(min_size=1, max_size=4))
def test_a_plan_damaged_anywhere_is_read_or_refused(form: str, place: int, damage: bytes) -> None:
    content = bytearray(TEMPLATES[form])
    place %= len(content)
    content[place : place + len(damage)] = damage

    reads_or_refuses(bytes(content), f"plan.{form}")


@settings(max_examples=50, deadline=None)
@given(st.integers(0), st.binary(min_size=1, max_size=4))
def test_a_workbook_whose_sheet_is_damaged_is_read_or_refused(place: int, damage: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(TEMPLATES["xlsx"])) as packed:
        sheet = bytearray(packed.read(SHEET))
    place %= len(sheet)
    sheet[place : place + len(damage)] = damage

    reads_or_refuses(with_part(SHEET, bytes(sheet)), "plan.xlsx")


TEMPLATES = {form: template(form) for form in FORMATS}


# --- time and memory --------------------------------------------------------------------------------------------

HEADINGS_ROW = b"<row><c t='inlineStr'><is><t>Name</t></is></c></row>"


def sheet(rows: bytes, texts: bytes = b"") -> bytes:
    """A workbook with these rows below its headings, and these texts for its cells to share."""
    start = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return with_parts(
        {
            SHEET: SHEET_START + HEADINGS_ROW + rows + b"</sheetData></worksheet>",
            "xl/sharedStrings.xml": start + texts + b"</sst>",
        }
    )


# What would cost a careless reader minutes (each is a pattern that some step could go over again and again) or
# gigabytes (small in the file, large once it is built).
COSTLY: dict[str, Callable[[], bytes]] = {
    "spaces.md": lambda: b"- [ ] " + b" " * 2_000_000 + b"x",
    "stars.md": lambda: b"- " + b"*" * 2_000_000,
    "blank.md": lambda: b"\n" * 2_000_000,
    "words.md": lambda: b"- [RIG] a\n - Animations: " + b",".join(b"%d" % n for n in range(300_000)),
    "tags.md": lambda: b"[RIG] a\n" * 80_000,
    "fences.csv": lambda: b"```a\n" * 400_000,
    "spaces.csv": lambda: b"Name,Tag\n" + b" " * 2_000_000,
    "tabs.csv": lambda: b"Name\n" + b"\t \n" * 200_000,
    "cell.csv": lambda: b'Name\n"' + b" " * 120_000 + b'\n"\n',
    "lists.json": lambda: b"[" + b"[]," * 400_000 + b"[]]",
    "texts.json": lambda: b"[" + b",".join(b'"%d"' % n for n in range(400_000)) + b"]",
    "flow.yaml": lambda: b"assets: [" + b"[]," * 200_000 + b"]",
    "lines.yaml": lambda: b"assets:\n" + b"- a\n" * 150_000,
    "gap.xlsx": lambda: sheet(b"<row r='1048576'><c/></row>"),
    "far.xlsx": lambda: sheet(b"<row r='99999999999'><c/></row>"),
    "rows.xlsx": lambda: sheet(b"<row/>" * 99_000),
    "cells.xlsx": lambda: sheet(b"<row>" + b"<c/>" * 16_000 + b"</row>"),
    "shared.xlsx": lambda: sheet(
        b"<row><c t='s'><v>0</v></c></row>" * 15_000, b"<si><t>" + b"x" * 20_000_000 + b"</t></si>"
    ),
}
READ_ALL = """
import pathlib, re, sys, time
from core.errors import PlanRefusedError
from core.plans.reading import read_plan

def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024

before = peak()
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    started = time.process_time()
    try:
        read_plan(path.read_bytes(), path.name)
    except PlanRefusedError:
        pass
    print(path.name, time.process_time() - started, peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_a_hostile_file_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    """Processor seconds and megabytes of a process that reads them one after the other."""
    for name, make in COSTLY.items():
        (tmp_path / name).write_bytes(make())

    child = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )

    assert child.returncode == 0, child.stderr
    costs = [line.split() for line in child.stdout.splitlines()]
    assert {name for name, _, _ in costs} == set(COSTLY)
    assert [(name, seconds) for name, seconds, _ in costs if float(seconds) > 8] == []
    assert float(costs[-1][2]) < 150
