"""What a project's style adds to the words of its plans, and how its versions are kept."""

from __future__ import annotations

import pytest

from core.database import Database
from core.errors import OrderError
from core.models import Project, utc_now
from core.plans.style import Style, current_style, options_as_sent, prompt_as_sent, set_style

SEA = Style(prefix="low poly, muted colours", suffix="plain background", pose="T-pose, arms straight out")


@pytest.fixture
def database(each_database_url: str) -> Database:
    database = Database(each_database_url)
    database.migrate()
    with database.transaction() as session:
        session.add(Project(id="p", name="P"))
    yield database
    database.close()


@pytest.mark.parametrize(
    ("style", "tag", "description", "sent"),
    [
        (Style(), "STATIC", "Weathered oak post.", "Weathered oak post."),
        (Style(), "RIG", "Stocky diver", "Stocky diver"),
        (Style(), "STATIC", "", "A 3D model of Mooring Post"),
        (SEA, "STATIC", "Oak post.", "low poly, muted colours, Oak post, plain background"),
        (
            SEA,
            "RIG",
            "Stocky diver",
            "low poly, muted colours, Stocky diver, T-pose, arms straight out, plain background",
        ),
        (SEA, "RIG", "Old man, A-pose", "low poly, muted colours, Old man, A-pose, plain background"),
        (Style(suffix="clay"), "STATIC", "", "A 3D model of Mooring Post, clay"),
    ],
)
def test_words_of_the_style_stand_around_the_description(
    style: Style, tag: str, description: str, sent: str
) -> None:
    assert prompt_as_sent(style, name="Mooring Post", tag=tag, description=description) == sent


def test_a_prompt_that_only_the_style_makes_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(OrderError, match=r"1027 characters.*1000 without") as refused:
        prompt_as_sent(
            Style(prefix="low poly, painted by hand,"), name="x", tag="STATIC", description="a" * 1000
        )

    assert refused.value.field == "description"


def test_a_row_s_own_options_come_before_its_size_class_and_the_project_s() -> None:
    style = Style(negative_prompt="fingers", size_classes={"hero": {"faceLimit": 9000, "quad": False}})

    merged = options_as_sent(
        style, {"pbr": True, "faceLimit": 5}, size_class="hero", options={"quad": True}, seed=7
    )

    assert merged == {
        "pbr": True,
        "faceLimit": 9000,
        "quad": True,
        "negativePrompt": "fingers",
        "modelSeed": 7,
    }


def test_a_row_s_negative_prompt_replaces_the_style_s() -> None:
    style = Style(negative_prompt="fingers")

    merged = options_as_sent(style, {}, size_class=None, options={"negativePrompt": "hats"}, seed=None)

    assert merged == {"negativePrompt": "hats"}


def test_each_change_of_the_style_is_a_new_version_and_the_same_again_is_none(database: Database) -> None:
    def set_to(style: Style) -> int:
        with database.transaction() as session:
            return set_style(session, session.get_one(Project, "p"), style, "Ada", utc_now()).version

    with database.reading() as session:
        assert current_style(session, "p") == (0, Style())
    assert [set_to(SEA), set_to(SEA), set_to(Style()), set_to(SEA)] == [1, 1, 2, 3]
    with database.reading() as session:
        assert current_style(session, "p") == (3, SEA)


@pytest.mark.parametrize(
    ("style", "field"),
    [
        (Style(prefix="cute 🦊"), "prefix"),
        (Style(size_classes={"hero": {"faceLimit": -1}}), "options.faceLimit"),
        (Style(size_classes={"hero": {"colour": "red"}}), "options.colour"),
    ],
)
def test_a_style_that_no_order_could_have_is_refused(database: Database, style: Style, field: str) -> None:
    with pytest.raises(OrderError) as refused, database.transaction() as session:
        set_style(session, session.get_one(Project, "p"), style, "Ada", utc_now())

    assert refused.value.field == field
    with database.reading() as session:
        assert current_style(session, "p").version == 0
