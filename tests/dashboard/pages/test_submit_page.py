"""The Submit page: what it refuses, what it orders, and that a double click orders once."""

from __future__ import annotations

from pydantic.alias_generators import to_camel
from streamlit.testing.v1 import AppTest

from core.asset_lists import page_of_assets
from core.projects import FIRST_PROJECT, add_project
from core.tripo import GenerationOptions
from dashboard import backend, image_backend
from dashboard.new_asset import NewAsset
from tests.dashboard.pages.conftest import Show, press, words
from tests.tripo.pictures import noisy_picture, picture
from tests.world import KNIGHT, World


def assets_of(world: World) -> list[str]:
    with world.core.database.reading() as session:
        page = page_of_assets(session, page=1, per_page=50)
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
    page.selectbox(key="option_model").set_value("P1-20260311")
    page.number_input(key="option_faceLimit").set_value(50_000).run()

    assert "“Most faces” is 50000; here it may be 50 to 20000" in words(press(page, "Submit"))
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
    assert page.number_input(key="option_faceLimit").value == 9000


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


# --- from an image -------------------------------------------------------------------------------------------


def from_an_image(world: World, show: Show, content: bytes, name: str = "gate_knight.png") -> AppTest:
    page = show(world, "submit")
    page.button_group(key="asset_source").set_value("file").run()
    page.file_uploader(key="asset_file").upload(name, content).run()
    assert not page.exception, page.exception[0].message
    return page


def test_an_image_is_shown_and_takes_the_place_of_the_words(world: World, show: Show) -> None:
    page = from_an_image(world, show, noisy_picture())
    assert "JPEG, PNG or WebP, 256 × 256 pixels or more, at most 20 MB." in words(page)
    assert 'src="/api/uploads/' in words(page)
    assert "gate_knight.png · 512 × 512 pixels" in words(page)
    assert "1. Generate the model · 30 credits" in words(page)

    press(page, "Submit")

    (asset_id,) = assets_of(world)
    assert page.title[0].value == "gate knight"
    assert world.creates() == {"image_to_model": 1}
    said = words(page)
    assert "Made from" in said
    assert f'src="{world.asset(asset_id).source_image.url}"' in said


def test_what_is_no_good_image_is_refused_where_it_was_chosen(world: World, show: Show) -> None:
    page = from_an_image(world, show, b"%PDF-1.7")
    assert "The file is not a JPEG, PNG or WebP image." in words(page)

    page = from_an_image(world, show, picture(width=255))
    assert "The image has 255 x 256 pixels; 256 x 256 is the least." in words(press(page, "Submit"))
    assert not assets_of(world)


def test_an_image_chosen_again_in_its_form_is_the_same_and_ordered_once(world: World, show: Show) -> None:
    show(world, "submit")

    def order_in(form: str) -> tuple[str, str]:
        kept = image_backend.keep_image(noisy_picture(), "knight.png", form=form, actor="Ada")
        order = NewAsset(image={"uploadId": str(kept.upload_id)}, project_id=FIRST_PROJECT)
        return backend.submit(order, form, actor="Ada")

    assert order_in("one form") == order_in("one form") != order_in("another")
    assert len(assets_of(world)) == 2


def test_without_an_image_nothing_is_ordered(world: World, show: Show) -> None:
    page = show(world, "submit")
    page.button_group(key="asset_source").set_value("file").run()
    assert "There is no image yet." not in words(page)

    assert "There is no image yet." in words(press(page, "Submit"))


def test_a_link_is_ordered_as_one_and_never_fetched_for_the_page(world: World, show: Show) -> None:
    page = show(world, "submit")
    page.button_group(key="asset_source").set_value("link").run()
    page.text_input(key="asset_link").set_value("http://10.0.0.1/knight.png").run()
    assert "not an http or https link that Tripo can reach" in words(page)

    page.text_input(key="asset_link").set_value("https://studio.example.com/knight.png").run()
    press(page, "Submit")

    assert world.creates() == {"image_to_model": 1}
    assert "An image at studio.example.com" in words(page)
    assert "<img" not in words(page)


# --- options -------------------------------------------------------------------------------------------------


def fields_of(page: AppTest) -> set[str]:
    kinds = ("toggle", "selectbox", "number_input", "text_input")
    keys = [str(field.key) for kind in kinds for field in page.get(kind)]
    return {key.removeprefix("option_") for key in keys if key.startswith("option_")}


def test_every_option_that_fits_has_a_field(world: World, show: Show) -> None:
    page = show(world, "submit")
    for_words = fields_of(page)
    page.button_group(key="asset_source").set_value("file").run()
    for_images = fields_of(page)

    assert for_words | for_images == {to_camel(name) for name in GenerationOptions.model_fields}
    assert for_words - for_images == {"negativePrompt", "imageSeed"}
    assert for_images - for_words == {"enableImageAutofix", "textureAlignment", "orientation"}

    page.selectbox(key="option_model").set_value("P1-20260311").run()
    assert not fields_of(page) & {"quad", "smartLowPoly", "generateParts", "geometryQuality"}


def test_options_change_the_price_and_only_what_was_changed_is_ordered(world: World, show: Show) -> None:
    page = filled(show(world, "submit"))
    page.selectbox(key="option_textureQuality").set_value("extreme")
    page.number_input(key="option_modelSeed").set_value(7)
    page.toggle(key="option_autoSize").set_value(True).run()
    assert "**40 credits**" in words(page)

    press(page, "Submit")

    assert world.asset(assets_of(world)[0]).options == {
        "model": "v3.1-20260211",
        "textureQuality": "extreme",
        "modelSeed": 7,
        "autoSize": True,
    }


def test_a_model_without_a_texture_costs_less_and_is_asked_nothing_of_its_texture(
    world: World, show: Show
) -> None:
    page = filled(show(world, "submit"))
    page.selectbox(key="option_textureQuality").set_value("detailed").run()

    page.toggle(key="option_texture").set_value(False).run()

    assert "**10 credits**" in words(page)
    assert "textureQuality" not in fields_of(page)


def test_a_clash_is_said_in_the_words_of_the_form(world: World, show: Show) -> None:
    page = filled(show(world, "submit"))
    page.toggle(key="option_generateParts").set_value(True).run()
    assert "“Separate parts” needs texture false and pbr false." in words(page)

    page.toggle(key="option_generateParts").set_value(False)
    page.toggle(key="option_quad").set_value(True)
    page.toggle(key="asset_rig").set_value(True).run()
    assert "A quad model comes as FBX and ends the chain here" in words(press(page, "Submit"))
    assert not assets_of(world)


def test_a_model_that_the_keys_version_lacks_is_not_offered_and_not_ordered(make_world, show: Show) -> None:
    world = make_world("v2")
    with world.core.database.transaction() as session:
        add_project(session, "Castle", "castle", {"options": {"model": "P2-20260801"}})
    page = filled(show(world, "submit"))
    assert not any("P2" in option for option in page.selectbox(key="option_model").options)

    page.selectbox(key="asset_project").set_value("castle").run()

    assert "Version 2 of Tripo's API has no model P2-20260801." in words(press(page, "Submit"))
    assert not assets_of(world)
    assert world.creates() == {}


# --- rigs ----------------------------------------------------------------------------------------------------


def test_the_kind_of_figure_narrows_the_animations(world: World, show: Show) -> None:
    page = filled(show(world, "submit"), "a grey wolf", rig=True, animations=("preset:walk",))
    page.selectbox(key="asset_rigType").set_value("quadruped").run()
    assert page.multiselect(key="asset_animations").options == ["Walk (quadruped)"]
    assert page.multiselect(key="asset_animations").value == []

    page.multiselect(key="asset_animations").set_value(["preset:quadruped:walk"]).run()
    press(page, "Submit")

    assert world.run_to_the_end(assets_of(world)[0]).status == "complete"
    assert world.creates()["animate_retarget"] == 1


def test_a_kind_without_animations_says_so(world: World, show: Show) -> None:
    page = filled(show(world, "submit"), rig=True)
    page.selectbox(key="asset_rigType").set_value("avian").run()
    assert "Tripo has no animations for this kind of figure." in words(page)

    page.selectbox(key="asset_rigType").set_value("")
    page.selectbox(key="asset_spec").set_value("mixamo").run()
    assert "Tripo cannot animate a rig with these bone names." in words(page)


def test_a_rig_that_cannot_be_is_refused_beside_its_options(world: World, show: Show) -> None:
    page = filled(show(world, "submit"), rig=True)
    page.selectbox(key="asset_rigType").set_value("aquatic")
    page.selectbox(key="asset_rigModel").set_value("v1.0-20240301").run()

    assert "Rig version v1.0-20240301 does bipeds only" in words(press(page, "Submit"))
    assert not assets_of(world)


# --- the project to begin with -------------------------------------------------------------------------------


def test_the_form_begins_with_the_project_of_ones_last_order(world: World, show: Show) -> None:
    with world.core.database.transaction() as session:
        add_project(session, "A castle", "castle")
    page = show(world, "submit")
    assert page.selectbox(key="asset_project").value == FIRST_PROJECT

    page.selectbox(key="asset_project").set_value("castle").run()
    press(filled(page), "Submit")

    assert show(world, "submit").selectbox(key="asset_project").value == "castle"
