"""Approving, rejecting and commenting over HTTP."""

from __future__ import annotations

from collections.abc import Callable

from core.lifecycle import FINAL
from core.playlist import to_review
from core.projects import FIRST_PROJECT
from core.schemas import AssetRow
from tests.dashboard.api.served import ServedApi, refusal
from tests.world import World

KNIGHT = f"/api/assets/{FIRST_PROJECT}/knight"


def waiting(world: World) -> tuple[AssetRow, ...]:
    with world.core.database.reading() as session:
        return to_review(session).assets


def test_words_about_a_model_are_kept_with_who_and_when_and_can_be_taken_back(
    make_world: Callable[..., World], each_database_url: str, serve: Callable[[World], ServedApi]
) -> None:
    world = make_world(database_url=each_database_url, settings={"secret_key": "a secret for a test"})
    api = serve(world)
    world.order()
    assert refusal(api.post(f"{KNIGHT}/approve"))[:2] == (409, "nothing_to_review")
    assert waiting(world) == ()
    before = world.run_to_the_end()
    assert [row.asset_id for row in waiting(world)] == ["knight"]

    said = api.post(f"{KNIGHT}/comment", {"text": "The helmet is large."}, X_Hatchery_User="Bo").json()
    assert said["approval"] == "pending"
    said = api.post(f"{KNIGHT}/reject", {"reason": "No legs."}, X_Hatchery_User="Ann").json()
    assert (said["approval"], waiting(world)) == ("rejected", ())
    for _ in range(2):  # a second click is no second word
        said = api.post(f"{KNIGHT}/approve", {"comment": "Now I see them."}, X_Hatchery_User="Ann").json()
    assert [(r["verdict"], r["words"], r["reviewer"]) for r in said["reviews"]] == [
        ("commented", "The helmet is large.", "Bo"),
        ("rejected", "No legs.", "Ann"),
        ("approved", "Now I see them.", "Ann"),
    ]
    assert world.asset().approval == "approved"

    assert api.post(f"{KNIGHT}/undo", X_Hatchery_User="Ann").json()["approval"] == "rejected"
    assert api.post(f"{KNIGHT}/undo", X_Hatchery_User="Ann").json()["approval"] == "pending"
    assert refusal(api.post(f"{KNIGHT}/undo", X_Hatchery_User="Ann"))[:2] == (409, "nothing_to_undo")
    after = world.asset()
    assert [review.undone_at is None for review in after.reviews] == [True, False, False]
    assert [row.asset_id for row in waiting(world)] == ["knight"]
    assert (after.status, after.tasks, after.updated_at) == (before.status, before.tasks, before.updated_at)


def test_a_failed_rig_leaves_its_draft_to_be_approved(world: World, api: ServedApi) -> None:
    world.faults(not_riggable=True)
    world.walking()
    world.run_to_the_end()
    assert [(row.asset_id, row.status) for row in waiting(world)] == [("knight", "failed")]

    assert api.post(f"{KNIGHT}/approve").json()["approval"] == "approved"

    asset = world.asset()
    assert (asset.status, asset.approval) == ("failed", "approved")


def test_a_model_made_anew_is_nobodys_yet(world: World, api: ServedApi) -> None:
    world.order()
    world.run_to_the_end()
    assert api.post(f"{KNIGHT}/approve").json()["approval"] == "approved"

    world.order(prompt="a taller knight")
    world.run_until(lambda: all(task.inner_status in FINAL for task in world.asset().tasks))

    assert world.asset().approval == "pending"
    assert refusal(api.post(f"{KNIGHT}/undo"))[:2] == (409, "nothing_to_undo")
    assert [review.chain for review in world.asset().reviews] == [1]


def test_a_repeated_request_is_answered_as_before_and_words_are_asked_for(
    world: World, api: ServedApi
) -> None:
    world.order()
    world.run_to_the_end()

    first = api.post(f"{KNIGHT}/comment", {"text": "Fine."}, Idempotency_Key="c1")
    api.post(f"{KNIGHT}/approve")
    again = api.post(f"{KNIGHT}/comment", {"text": "Fine."}, Idempotency_Key="c1")
    assert first.json() == again.json()

    assert refusal(api.post(f"{KNIGHT}/reject", {"reason": "  "})) == (400, "reason_missing", "reason")
    assert refusal(api.post(f"{KNIGHT}/reject", {}))[2] == "reason"
    assert refusal(api.post(f"{KNIGHT}/comment", {"text": ""})) == (400, "text_missing", "text")
    assert refusal(api.post(f"{KNIGHT}/comment", {"text": "x" * 2001}))[2] == "text"
    assert refusal(api.post(f"/api/assets/{FIRST_PROJECT}/nobody/approve"))[0] == 404
    assert refusal(api.post(f"{KNIGHT}/undo", {"all": True}))[2] == "all"
