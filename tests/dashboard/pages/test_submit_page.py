"""The Submit page: what it refuses, what it orders, and that a double click orders once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.projects import FIRST_PROJECT, add_project
from dashboard import backend
from dashboard.new_asset import NewAsset
from tests.dashboard.pages.conftest import Show, press, words
from tests.world import KNIGHT, World


def assets_of(world: World) -> list[str]:
    with world.core.database.reading() as session:
        page = backend.queries.page_of_assets(session, page=1, per_page=50)
    return [row.asset_id for row in page.assets]


def filled(
    page: AppTest, prompt: str = KNIGHT, *, rig: bool = False, animations: tuple[str, ...] = ()
) -> AppTest:
    page.text_area(key="asset_prompt").set_value(prompt)
    page.toggle(key="asset_rig").set_value(rig).run()
    if animations:
        page.multiselect(key="asset_animations").set_value(list(animations)).run()
    return page


def test_the_form_says_in_words_what_will_be_made(world: World, show: Show) -> None:
    page = filled(show(world, "submit"), rig=True, animations=("preset:idle", "preset:walk"))

    for step in ("1. Generate the model", "2. Check that it can be rigged", "3. Rig it", "5. Animate: walk"):
        assert step in words(page)


def test_the_price_stands_beside_each_step_before_the_click(world: World, show: Show) -> None:
    page = filled(show(world, "submit"), rig=True, animations=("preset:idle", "preset:walk"))

    said = words(page)
    for line in (
        "1. Generate the model · 20 credits",
        "2. Check that it can be rigged · free",
        "**65 credits**",
    ):
        assert line in said


def test_animations_are_asked_for_only_with_a_rig_and_the_plain_six_come_first(
    world: World, show: Show
) -> None:
    page = show(world, "submit")
    assert not page.multiselect

    page.toggle(key="asset_rig").set_value(True).run()
    assert page.multiselect[0].options[:6] == ["Idle", "Walk", "Run", "Jump", "Climb", "Dive"]


def test_an_order_is_sent_and_its_page_opened(world: World, show: Show) -> None:
    page = press(filled(show(world, "submit"), rig=True, animations=("preset:walk",)), "Submit")

    (asset_id,) = assets_of(world)
    assert asset_id.startswith("a-low-poly-knight-in-t-pose-")
    assert page.title[0].value == r"a low poly knight in T\-pose"
    assert page.query_params == {"project": FIRST_PROJECT, "asset": asset_id}
    assert world.asset(asset_id).animations == ("preset:walk",)
    assert world.creates() == {"text_to_model": 1}


def test_the_same_form_sent_twice_is_one_order(world: World, show: Show) -> None:
    show(world, "submit")
    order = NewAsset(prompt=KNIGHT, new_project="Castle", rig=True)

    first = backend.submit(order, "one form", actor="Ada")
    again = backend.submit(order, "one form", actor="Ada")

    assert first == again
    assert len(assets_of(world)) == 1
    assert world.creates() == {"text_to_model": 1}


def test_another_form_with_the_same_words_is_another_asset(world: World, show: Show) -> None:
    show(world, "submit")
    order = NewAsset(prompt=KNIGHT, project_id=FIRST_PROJECT)

    assert backend.submit(order, "one form", actor="Ada") != backend.submit(order, "another", actor="Ada")
    assert len(assets_of(world)) == 2


def test_an_empty_prompt_is_refused_beside_the_field(world: World, show: Show) -> None:
    page = show(world, "submit")
    assert "The prompt is empty" not in words(page)  # nobody is told off before they began

    assert "The prompt is empty." in words(press(page, "Submit"))
    assert not assets_of(world)


def test_emoji_and_overlong_prompts_are_refused_before_anything_is_sent(world: World, show: Show) -> None:
    page = filled(show(world, "submit"), "a knight \N{PARTY POPPER}")
    assert "party popper" in words(page)

    page = press(filled(page, "x" * 1025), "Submit")
    assert "The prompt has 1025 characters; 1024 is the most." in words(page)
    assert world.creates() == {}


def test_options_that_the_model_does_not_take_are_refused_beside_the_options(
    world: World, show: Show
) -> None:
    page = filled(show(world, "submit"))
    page.selectbox(key="asset_model").set_value("P1-20260311")
    page.number_input(key="asset_faces").set_value(50_000).run()

    assert "faceLimit is 50000; here it may be 50 to 20000" in words(press(page, "Submit"))
    assert not assets_of(world)


def test_a_new_project_needs_a_name_and_is_made_with_the_order(world: World, show: Show) -> None:
    page = filled(show(world, "submit"))
    page.selectbox(key="asset_project").set_value("").run()
    assert "The new project has no name." in words(press(page, "Submit"))

    page.text_input(key="asset_new_project").set_value("Castle").run()
    press(page, "Submit")
    with world.core.database.reading() as session:
        names = {p.name: p.assets for p in backend.queries.list_projects(session)}
    assert names == {"Castle": 1, "My first project": 0}


def test_a_projects_defaults_fill_in_the_form(world: World, show: Show) -> None:
    defaults = {"shouldRig": True, "animations": ["preset:run"], "options": {"faceLimit": 9000}}
    with world.core.database.transaction() as session:
        add_project(session, "Castle", "castle", defaults)
    page = show(world, "submit")

    page.selectbox(key="asset_project").set_value("castle").run()

    assert page.toggle(key="asset_rig").value is True
    assert page.multiselect(key="asset_animations").value == ["preset:run"]
    assert page.number_input(key="asset_faces").value == 9000


def test_the_example_can_be_ordered_twice_in_one_visit(world: World, show: Show) -> None:
    page = show(world, "submit")
    for _ in range(2):
        page.session_state["asset_prompt"] = KNIGHT
        press(page.switch_page("app_pages/submit.py").run(), "Submit")

    assert len(assets_of(world)) == 2


def test_a_name_is_kept_with_what_its_person_ordered(world: World, show: Show) -> None:
    page = show(world, "submit")
    page.text_input(key="person_name").set_value("Ada").run()

    press(filled(page), "Submit")

    assert world.asset(assets_of(world)[0]).created_by == "Ada"


def test_without_a_key_the_order_is_not_lost_silently(make_world, show: Show) -> None:
    world = make_world(settings={"tripo_api_key": ""})

    page = press(filled(show(world, "submit")), "Submit")

    assert "No Tripo key is set: TRIPO_API_KEY is empty" in words(page)
    assert page.text_area(key="asset_prompt").value == KNIGHT
    assert not assets_of(world)
