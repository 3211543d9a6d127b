"""The Asset page in each of its states."""

from __future__ import annotations

import json

import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.lifecycle import TaskKind
from core.models import Task
from core.projects import FIRST_PROJECT
from dashboard import backend
from tests.dashboard.pages.conftest import Show, press, told, words
from tests.world import World

STRANGE = "**bold** <b>x</b> :material/home: $x$ [a](b) :red[x]"


def opened(show: Show, world: World, asset_id: str = "knight", **address: str):
    return show(world, "asset", project=FIRST_PROJECT, asset=asset_id, **address)


def test_a_new_order_shows_its_steps_and_what_it_waits_for(world: World, show: Show) -> None:
    world.walking()

    said = words(opened(show, world))

    assert "The model appears here as soon as it is made." in said
    assert "Generate the model :gray[· Queued]" in said
    assert "Animate: walk :gray[· Waits]" in said
    assert "Files appear here as soon as the first step is done." in said


def test_a_finished_asset_shows_its_last_animation_and_every_file(world: World, show: Show) -> None:
    world.walking()
    asset = world.run_to_the_end()
    page = opened(show, world)
    models = {file.preset or file.kind: file for file in asset.artifacts if file.role == "model"}

    assert page.button_group[0].options == ["Draft", "Rigged", "Idle", "Walk"]
    assert page.button_group[0].value == "preset:walk"
    assert told(page, "hatchery_viewer")["src"] == models["preset:walk"].url
    for file in asset.artifacts:
        assert f"{file.url}?download=1" in words(page)


def test_what_is_looked_at_follows_the_newest_until_a_person_picks(world: World, show: Show) -> None:
    world.walking()
    world.run_until(lambda: world.tasks("rig")[0].status == "success")
    page = opened(show, world)
    assert page.button_group[0].value == "rig"

    page.button_group[0].set_value("generate").run()
    world.run_to_the_end()
    st.cache_data.clear()
    page.run()

    assert page.button_group[0].value == "generate"
    assert page.query_params["view"] == "generate"
    assert page.button_group[0].options == ["Draft", "Rigged", "Idle", "Walk"]


def test_the_address_chooses_what_is_shown(world: World, show: Show) -> None:
    world.walking()
    world.run_to_the_end()

    assert opened(show, world, view="rig").button_group[0].value == "rig"
    assert opened(show, world, view="nonsense").button_group[0].value == "preset:walk"


def test_a_failed_step_says_why_and_what_to_do_and_can_be_tried_again(world: World, show: Show) -> None:
    world.faults(end_failed={"count": 1, "message": "the figure fell apart"})
    world.walking()
    world.run_to_the_end()
    page = opened(show, world)
    said = words(page)
    assert "There is no model: its generation failed." in said
    assert "the figure fell apart" in said
    assert "**What to do:**" in said
    assert "Animate: walk :gray[· Held back]" in said

    press(page, "Order it again")

    assert world.asset().status == "queued"
    assert "Ordered again." in words(page)
    assert "attempt 2" in words(opened(show, world))


def test_a_failed_step_is_cured_where_it_stands_with_its_price_first(world: World, show: Show) -> None:
    world.faults(end_failed={"count": 1})
    world.order(prompt="a knight")
    world.run_to_the_end()
    page = opened(show, world)
    assert "It costs 20 credits when all of it succeeds." in words(page).replace("**", "")
    page.session_state[f"bulk_prompt_{world.tasks()[0].asset_pk}"] = "an ogre"

    press(page, "Change the prompt")
    press(page, "Change the prompt: 1 asset for 20 credits")

    assert world.tasks()[-1].order["prompt"] == "an ogre"


def test_a_running_step_can_be_cancelled_with_a_warning_that_it_may_be_billed(
    world: World, show: Show
) -> None:
    world.order()
    world.run_until(lambda: world.tasks()[0].status == "running")
    page = opened(show, world)
    assert "may still finish and bill it" in words(page)

    press(page, "End it here")

    assert world.tasks()[0].status == "cancelled"


def test_an_unknown_outcome_asks_for_a_decision_and_sending_again_is_one(world: World, show: Show) -> None:
    world.faults(create_lost_reply={"count": 1})
    world.order()
    page = opened(show, world)
    assert "Was it created? Generate the model" in words(page)
    assert {"It was not created: send again", "It was created: here is its id"} <= set(
        words(page).split("\n")
    )

    press(page, "Send it again")

    assert [task.status for task in world.tasks()] == ["cancelled", "queued"]
    world.run_to_the_end()
    assert world.asset().status == "complete"


def test_an_unknown_outcome_can_be_given_its_id(world: World, show: Show) -> None:
    world.faults(create_lost_reply={"count": 1})
    world.order()
    page = opened(show, world)
    press(page, "Follow this task")
    assert "The provider's task id is missing." in words(page)

    theirs = world.ask_sandbox("tasks")["tasks"][0]["task_id"]
    page.text_input(key=f"tripo-id-{world.tasks()[0].id}").set_value(theirs).run()
    press(page, "Follow this task")

    assert world.tasks()[0].status == "queued"
    assert world.tasks()[0].tripo_task_id == theirs


def look(world: World) -> None:
    world.pass_time(6)
    world.core.orchestrator.look_for_lost()


def test_what_is_known_of_a_lost_order_is_shown_and_the_likeliest_task_is_chosen_already(
    world: World, show: Show
) -> None:
    world.core.orchestrator.check_accounts()
    world.faults(create_lost_reply={"count": 1}, input_hidden=True)
    world.order()
    look(world)
    theirs = world.ask_sandbox("tasks")["tasks"][0]["task_id"]

    page = opened(show, world)
    said = words(page)
    assert "Tripo shows one task that may be this order, but not for certain: compare, then decide." in said
    assert f"**At Tripo** `{theirs}`: text_to_model, running" in said
    assert "10,000 credits and 0 credits set aside before the send" in said
    assert "The wallet fell by 20 credits across the send" in said
    assert "This costs 20 credits." in said
    assert page.radio[0].value == theirs

    page.text_input(key=f"why-created-{world.tasks()[0].id}").set_value("It is the only one.").run()
    press(page, "Follow this task")

    assert world.tasks()[0].tripo_task_id == theirs
    decided = world.asset().events[-1]
    assert decided.message == f"Decided by a person: it was created, as {theirs}. It is the only one."


def test_late_news_of_an_order_that_was_sent_again_is_said_in_plain_sight(world: World, show: Show) -> None:
    world.faults(create_lost_reply={"count": 1})
    world.order()
    press(opened(show, world), "Send it again")
    look(world)

    said = words(opened(show, world))

    assert "**Generate the model, attempt 1.** Found late: it had been created after all" in said
    assert "It was sent again as attempt 2" in said
    assert "Was it created?" not in said


def test_strange_names_and_prompts_are_shown_as_they_are(world: World, show: Show) -> None:
    world.order(send=False, name=STRANGE, prompt=STRANGE, category="<i>c</i>", actor="<u>Eve</u> :red[x]")
    page = opened(show, world)

    assert page.title[0].value.replace("\\", "") == STRANGE
    assert "\\*\\*bold\\*\\* \\<b\\>x" in page.title[0].value
    assert page.text[0].value == STRANGE
    (origin,) = [caption.value for caption in page.caption if "ordered" in caption.value]
    assert "<i>" not in origin
    assert "<u>" not in origin
    assert ":red[x]" not in origin
    assert "by <u>Eve</u> :red[x] (unverified)" in origin.replace("\\", "")


def test_an_address_without_an_asset_says_so_and_offers_a_way_back(world: World, show: Show) -> None:
    page = opened(show, world, "no-such-asset")

    assert page.title[0].value == "No such asset"
    assert [link.proto.label for link in page.get("page_link")] == ["All assets"]


def test_history_is_told_when_it_is_unfolded(world: World, show: Show) -> None:
    world.order(actor="Ada")
    page = opened(show, world)
    assert "Ada (unverified)" not in "".join(table.proto.body for table in page.get("html"))

    page.session_state["history"] = True
    page.run()

    assert "Ada (unverified)" in words(page)


# --- what can follow -----------------------------------------------------------------------------------------


def offers(page: AppTest) -> list[str]:
    return [part.proto.popover.label for part in page.get("popover")]


def test_a_draft_can_be_rigged_with_the_price_before_the_click(world: World, show: Show) -> None:
    world.order(prompt="a grey wolf")
    assert "Rig it" not in offers(opened(show, world))
    world.run_to_the_end()
    page = opened(show, world)
    assert "**25 credits** when it succeeds." in words(page)

    page.selectbox(key="next_rig_rigType").set_value("quadruped").run()
    press(page, "Order the rig")

    assert "The rig is ordered." in words(page)
    assert "Rig it" not in offers(page)
    world.run_to_the_end()
    assert world.creates()["animate_rig"] == 1
    assert "Add animations" in offers(opened(show, world))


def test_a_rig_that_cannot_be_is_not_ordered(world: World, show: Show) -> None:
    world.order()
    world.run_to_the_end()
    page = opened(show, world)
    page.selectbox(key="next_rig_rigType").set_value("avian")
    page.selectbox(key="next_rig_rigModel").set_value("v1.0-20240301").run()

    assert "does bipeds only, not avian" in words(page)
    assert [button.disabled for button in page.button if button.label == "Order the rig"] == [True]


def test_a_rigged_asset_is_offered_what_it_can_play_and_has_not(world: World, show: Show) -> None:
    world.order(should_rig=True, animations=["preset:walk"])
    world.run_to_the_end()
    page = opened(show, world)
    clips = page.multiselect(key="next_animations")
    assert clips.options[:3] == ["Idle", "Run", "Jump"]
    assert "Walk" not in clips.options
    assert "Walk (quadruped)" not in clips.options

    clips.set_value(["preset:run", "preset:jump"]).run()
    assert "**20 credits** when all succeed." in words(page)
    press(page, "Order them")

    assert world.run_to_the_end().animations == ("preset:walk", "preset:run", "preset:jump")
    assert world.creates()["animate_retarget"] == 3


def test_the_same_order_of_the_same_form_is_one(world: World, show: Show) -> None:
    world.order(should_rig=True)
    world.run_to_the_end()
    opened(show, world)

    for _ in range(2):
        backend.order_animations(
            FIRST_PROJECT, "knight", ["preset:walk"], {"in_place": True}, "one form", actor="Ada"
        )

    assert [task.preset for task in world.tasks("animate")] == ["preset:walk"]


def test_a_quad_model_is_not_offered_a_rig(world: World, show: Show) -> None:
    world.order(options={"quad": True})
    world.run_to_the_end()

    assert "Rig it" not in offers(opened(show, world))


# --- beside each other, anew, facts --------------------------------------------------------------------------


def viewers(page: AppTest) -> dict[str, dict]:
    """What each viewer was given to show, by its model's address."""
    parts = [part.proto for part in page.get("bidi_component")]
    told = [json.loads(part.json) for part in parts if part.component_name == "hatchery_viewer"]
    return {each["src"]: each for each in told}


def test_an_asset_is_made_anew_and_stands_beside_its_old_self(world: World, show: Show) -> None:
    world.order(should_rig=True, options={"modelSeed": 7, "faceLimit": 5000}, rig={"spec": "mixamo"})
    old = {file.kind: file for file in world.run_to_the_end().artifacts if file.role == "model"}
    page = opened(show, world)
    page.session_state["make_anew"] = True
    page.run()
    assert page.number_input(key="anew_seed").value == 7
    assert "**45 credits** when all succeed" in words(page)

    page.text_area(key="anew_prompt").set_value("a taller knight in T-pose")
    assert page.selectbox(key="anew_spec").value == "mixamo"
    page.selectbox(key="anew_spec").set_value("").run()
    page.number_input(key="anew_seed").set_value(8).run()
    press(page, "Order it anew")
    assert page.query_params["compare"] == old["rig"].artifact_id
    made = world.run_to_the_end()
    assert (made.chain, made.prompt) == (2, "a taller knight in T-pose")
    assert {name: made.options[name] for name in ("modelSeed", "faceLimit")} == {
        "modelSeed": 8,
        "faceLimit": 5000,
    }
    assert world.creates()["animate_rig"] == 2
    with world.core.database.reading() as session:
        rigs = select(Task.order).where(Task.kind == TaskKind.RIG).order_by(Task.chain)
        assert ["spec" in order for order in session.scalars(rigs)] == [True, False]

    page = opened(show, world, compare=old["generate"].artifact_id)
    new = next(
        file for file in made.artifacts if file.current and file.kind == "rig" and file.role == "model"
    )
    shown = viewers(page)
    assert set(shown) == {new.url, old["generate"].url}
    assert len({each["group"] for each in shown.values()}) == 1
    assert page.selectbox(key="compare_with").value == old["generate"].artifact_id
    assert "Draft, generation 1" in words(page)
    page.selectbox(key="compare_with").set_value(None).run()
    assert "compare" not in page.query_params
    assert set(viewers(page)) == {new.url}


def test_facts_waits_and_words_are_told(world: World, show: Show) -> None:
    world.walking()
    world.run_to_the_end()
    page = opened(show, world)
    page.session_state["timeline"] = True
    page.run()
    said = words(page)

    for fact in ("Triangles", "Textures", "in memory", "Joints", "Walk 1", "No fault found", "Not reviewed"):
        assert fact in said or fact in str([badge.proto for badge in page.get("badge")]), fact
    assert "waited" in said
    assert "Sent as it was written." in said
    assert 'href="/api/assets/first-project/knight/archive"' in said
