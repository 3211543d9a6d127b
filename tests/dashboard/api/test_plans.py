"""Plans over HTTP: preview, apply, read, hold, renew, pick."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.dashboard.api.plan import PROJECT
from tests.dashboard.api.served import ServedApi, refusal
from tests.world import World

TIDEWATCH = """# Tidewatch

## Crew
- [RIG] Harbor Diver
  - Description: Stocky diver in a brass helmet, T-pose
  - Animations: idle, walk
## Harbor Props
- [STATIC] Mooring Post
  - Description: Weathered oak post wound with rope
- Fish Crate
"""


def send(api: ServedApi, text: str = TIDEWATCH, **more: Any) -> httpx.Response:
    return api.post("/api/plans", {"projectId": PROJECT, "filename": "plan.md", "text": text, **more})


def applied(api: ServedApi, text: str = TIDEWATCH, **more: Any) -> dict:
    response = send(api, text, **more)
    assert response.status_code in (200, 201), response.text
    return response.json()


def assets_of(api: ServedApi) -> list[dict]:
    return api.get(f"/api/assets?projectId={PROJECT}").json()["assets"]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(api: ServedApi) -> None:
    response = send(api, dryRun=True)

    body = response.json()
    assert response.status_code == 200
    assert body["planId"] is None
    facts = ("assetId", "name", "category", "tag", "animations", "line", "change")
    assert [[asset[fact] for fact in facts] for asset in body["assets"]] == [
        [None, "Harbor Diver", "Crew", "RIG", ["preset:idle", "preset:walk"], 4, "added"],
        [None, "Mooring Post", "Harbor Props", "STATIC", [], 8, "added"],
        [None, "Fish Crate", "Harbor Props", "STATIC", [], 10, "added"],
    ]
    assert body["assets"][2]["prompt"] == "A 3D model of Fish Crate"
    assert body["estimate"]["tasks"] == 7
    assert body["estimate"]["credits"] == 20 + 25 + 20 + 20 + 20
    assert 0 < body["estimate"]["secondsLow"] < body["estimate"]["secondsHigh"]
    assert [warning["line"] for warning in body["warnings"]] == [10]
    assert body["errors"] == []
    assert assets_of(api) == []
    assert api.get("/api/plans").json() == {"plans": []}


def test_applying_makes_everything_and_the_second_time_nothing(api: ServedApi, world: World) -> None:
    first, second = send(api), send(api)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["planId"] == second.json()["planId"]
    ids = [asset["assetId"] for asset in first.json()["assets"]]
    assert None not in ids
    assert [asset["assetId"] for asset in second.json()["assets"]] == ids
    assert {asset["change"] for asset in second.json()["assets"]} == {"unchanged"}
    assert second.json()["estimate"]["tasks"] == 0
    assert len(world.tasks("generate")) == 3


def test_a_file_in_a_form_is_the_same_plan(api: ServedApi) -> None:
    form = {"projectId": PROJECT, "dryRun": "false"}
    file = {"file": ("plan.md", TIDEWATCH.encode(), "text/markdown")}

    response = api.http.post("/api/plans", data=form, files=file)

    assert response.status_code == 201, response.text
    assert send(api).status_code == 200


@pytest.mark.parametrize(
    ("form", "files", "code", "field"),
    [
        ({}, {"file": ("plan.md", b"- Rope")}, "missing_field", "projectId"),
        ({"projectId": PROJECT}, {"other": ("plan.md", b"- Rope")}, "not_multipart", "file"),
        ({"projectId": PROJECT, "colour": "red"}, {"file": ("p.md", b"- Rope")}, "unknown_field", "colour"),
        ({"projectId": PROJECT, "dryRun": "perhaps"}, {"file": ("p.md", b"-")}, "invalid_request", "dryRun"),
    ],
)
def test_a_form_that_says_too_little_or_too_much_is_400(
    shared_api: ServedApi, form: dict, files: dict, code: str, field: str
) -> None:
    assert refusal(shared_api.http.post("/api/plans", data=form, files=files)) == (400, code, field)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"projectId": "nowhere"}, (404, "project_not_found", "projectId")),
        ({"text": None}, (400, "missing_field", "text")),
        ({"colour": "red"}, (400, "unknown_field", "colour")),
        ({"filename": "   "}, (400, "invalid_request", "filename")),
        ({"renames": [{"line": 4, "assetId": "nobody"}]}, (404, "asset_not_found", "renames")),
        ({"revision": 12345}, (409, "plan_changed_meanwhile", "revision")),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_its_field(
    shared_api: ServedApi, change: dict, expected: tuple
) -> None:
    assert refusal(send(shared_api, **change)) == expected
    assert shared_api.get("/api/plans").json() == {"plans": []}


@pytest.mark.parametrize(
    ("filename", "text", "code", "line"),
    [
        ("plan.md", "", "plan_empty", None),
        ("plan.md", "# Only a title", "plan_empty", None),
        ("plan.md", "- [STATIC] Log\n  - Description: cute 🦊 fox", "plan_invalid", 1),
        ("plan.json", '[{"name": "A", "key": "k"}, {"name": "B", "key": "k"}]', "plan_invalid", None),
        (
            "plan.json",
            '[{"name": "A", "tag": "RIG", "options": {"quad": true}}]',
            "plan_invalid",
            None,
        ),
        ("plan.json", '[{"name": "A", "key": "a/b"}]', "plan_invalid", None),
        ("plan.md", "GIF89a" + "x" * 50, "plan_", None),
    ],
)
def test_a_refused_plan_is_422_with_the_usual_body_and_leaves_nothing(
    shared_api: ServedApi, filename: str, text: str, code: str, line: int | None
) -> None:
    response = send(shared_api, text, filename=filename)

    body = response.json()
    assert response.status_code == 422, body
    assert body["code"].startswith(code)
    assert body["error"].endswith((".", '"'))
    assert body["details"]
    assert {"planId", "assets", "warnings", "errors", "estimate"} <= set(body)
    if line is not None:
        assert body["errors"][0]["line"] == line
    assert assets_of(shared_api) == []
    assert shared_api.get("/api/plans").json() == {"plans": []}


def test_a_dry_run_of_a_plan_without_assets_is_200_with_an_empty_list(shared_api: ServedApi) -> None:
    response = send(shared_api, "# Nothing yet", dryRun=True)

    assert (response.status_code, response.json()["assets"]) == (200, [])


def test_an_edit_touches_its_own_asset_alone(api: ServedApi, world: World) -> None:
    applied(api)
    before = {task.id for kind in ("generate", "rig_check", "rig", "animate") for task in world.tasks(kind)}

    body = applied(api, TIDEWATCH.replace("idle, walk", "idle, walk, run"))

    assert [asset["change"] for asset in body["assets"]] == ["changed", "unchanged", "unchanged"]
    assert body["assets"][0]["fields"] == ["animations"]
    after = [t for kind in ("generate", "rig_check", "rig", "animate") for t in world.tasks(kind)]
    assert [task.preset for task in after if task.id not in before] == ["preset:run"]


def test_changed_words_are_kept_and_paid_for_only_when_asked(api: ServedApi, world: World) -> None:
    post = applied(api)["assets"][1]["assetId"]
    edited = TIDEWATCH.replace("Weathered oak", "Rusty iron")

    kept = applied(api, edited)["assets"][1]
    again = send(api, edited)
    made = applied(api, edited, remake=[post])["assets"][1]

    assert (kept["change"], kept["remakeCredits"], kept["credits"]) == ("changed", 20, 0)
    assert kept["prompt"] == "Rusty iron post wound with rope"
    assert (again.status_code, again.json()["assets"][1]["change"]) == (200, "changed")
    assert (made["credits"], made["assetId"]) == (20, post)
    assert applied(api, edited)["assets"][1]["change"] == "unchanged"
    asset = api.get(f"/api/assets/{PROJECT}/{post}").json()
    assert (asset["description"], asset["prompt"]) == ("Rusty iron post wound with rope",) * 2
    assert len(world.tasks("generate")) == 4


def test_a_removed_asset_is_marked_and_comes_back_with_its_row(api: ServedApi, world: World) -> None:
    first = applied(api)
    without = TIDEWATCH.replace("- Fish Crate\n", "")

    removed = applied(api, without)["assets"][-1]
    gone = applied(api, without)
    back = applied(api)["assets"][2]

    assert (removed["change"], removed["line"], removed["name"]) == ("removed", None, "Fish Crate")
    assert len(gone["assets"]) == 2
    assert (back["assetId"], back["change"], back["credits"]) == (
        first["assets"][2]["assetId"],
        "changed",
        20,
    )
    assert len(assets_of(api)) == 3


def test_a_rename_is_offered_and_made_by_a_person_s_word(api: ServedApi, world: World) -> None:
    first = applied(api)
    renamed = TIDEWATCH.replace("Mooring Post", "Bollard")

    offered = send(api, renamed, dryRun=True).json()
    said = [{"line": each["line"], "assetId": each["assetId"]} for each in offered["renames"]]
    made = applied(api, renamed, renames=said)

    assert [(each["oldName"], each["reason"]) for each in offered["renames"]] == [
        ("Mooring Post", "same description")
    ]
    assert [asset["change"] for asset in offered["assets"]] == ["unchanged", "added", "unchanged", "removed"]
    assert made["assets"][1]["assetId"] == first["assets"][1]["assetId"]
    assert (made["assets"][1]["name"], made["estimate"]["tasks"]) == ("Bollard", 0)
    assert len(world.tasks("generate")) == 3


def test_the_same_key_and_body_give_the_same_answer(api: ServedApi, world: World) -> None:
    body = {"projectId": PROJECT, "filename": "plan.md", "text": TIDEWATCH}

    first, again = (api.post("/api/plans", body, Idempotency_Key="k") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


@pytest.fixture
def api_on_each(
    make_world: Callable[..., World], serve: Callable[[World], ServedApi], each_database_url: str
) -> ServedApi:
    return serve(make_world(database_url=each_database_url)).with_the_plans_project()


def test_of_two_who_apply_at_once_one_makes_the_orders(api_on_each: ServedApi) -> None:
    api = api_on_each
    revision = send(api, dryRun=True).json()["revision"]

    with ThreadPoolExecutor(2) as people:
        blind = list(people.map(lambda _: send(api).status_code, range(2)))
        late = send(api, revision=revision)

    assert sorted(blind) == [200, 201]
    assert refusal(late) == (409, "plan_changed_meanwhile", "revision")
    assert len(assets_of(api)) == 3


def test_progress_counts_assets_credits_and_failures(api: ServedApi, world: World) -> None:
    plan_id = applied(api)["planId"]
    world.run_until(lambda: api.get(f"/api/plans/{plan_id}").json()["counts"]["complete"] == 3)

    body = api.get(f"/api/plans/{plan_id}").json()

    assert body["assets"] == 3
    assert body["counts"]["complete"] == 3
    assert body["categories"] == {"Crew": {"complete": 1}, "Harbor Props": {"complete": 2}}
    assert body["creditsSpent"] == 105
    assert body["creditsToCome"] == 0
    assert body["failures"] == []
    assert body["forecast"] is None
    assert refusal(api.get("/api/plans/nothing")) == (404, "plan_not_found", "planId")


def test_a_held_plan_sends_nothing_until_it_is_let_go(api: ServedApi, world: World) -> None:
    plan_id = applied(api)["planId"]
    held = api.post(f"/api/plans/{plan_id}/pause", X_Hatchery_User="Ada").json()
    world.run_for(20)
    created = world.creates()
    status = api.get(f"/api/generate-3d/{world.tasks()[0].id}/status").json()
    resumed = api.post(f"/api/plans/{plan_id}/resume").json()
    world.run_for(10)

    assert (held["pausedBy"], held["waitingFor"]) == ("Ada", "plan_paused")
    assert sum(created.values()) == 0
    assert (status["status"], status["waitingFor"]) == ("waiting", "plan_paused")
    assert resumed["waitingFor"] is None
    assert sum(world.creates().values()) >= 3


def test_a_plan_starts_later_or_in_the_night_and_goes_before_others(api: ServedApi, world: World) -> None:
    plan_id = applied(api)["planId"]
    path = f"/api/plans/{plan_id}"

    later = api.http.patch(path, json={"notBefore": "2100-01-01T00:00:00Z"}).json()
    world.run_for(10)
    sent_early = sum(world.creates().values())
    at_once = api.http.patch(path, json={"notBefore": None, "priority": 5}).json()
    window = {"opens": "22:00", "closes": "06:00", "zone": "Europe/Berlin"}
    nightly = api.http.patch(path, json={"nightWindow": window}).json()

    assert (later["waitingFor"], sent_early) == ("plan_scheduled", 0)
    assert (at_once["waitingFor"], at_once["priority"]) == (None, 5)
    assert {task.priority for task in world.tasks()} == {5}
    assert nightly["nightWindow"] == window
    for wrong in (
        {"opens": "25:00", "closes": "06:00"},
        {"opens": "22:00", "closes": "06:00", "zone": "Mars"},
    ):
        assert refusal(api.http.patch(path, json={"nightWindow": wrong}))[0] == 400


def test_cancelling_a_plan_ends_what_was_not_sent(api: ServedApi, world: World) -> None:
    plan_id = applied(api)["planId"]

    body = api.post(f"/api/plans/{plan_id}/cancel", {"reason": "Too dear."}).json()
    again = applied(api)

    assert body["taskCounts"] == {"cancelled": 7}
    assert body["counts"]["ready"] == 3
    assert {asset["change"] for asset in again["assets"]} == {"unchanged"}
    assert sum(world.creates().values()) == 0


def test_a_style_s_words_are_sent_and_a_change_lists_what_to_renew(api: ServedApi, world: World) -> None:
    path = f"/api/projects/{PROJECT}"
    applied(api)
    empty = api.get(f"{path}/style").json()

    style = api.http.put(f"{path}/style", json={"suffix": "low poly"}).json()
    outdated = api.get(f"{path}/outdated").json()
    post = next(each for each in outdated["assets"] if each["name"] == "Mooring Post")
    world.run_until(lambda: all(asset["status"] == "complete" for asset in assets_of(api)))
    renewed = api.post(f"{path}/renew", {"assetIds": [post["assetId"]]})

    assert (empty["version"], style["version"]) == (0, 1)
    assert (len(outdated["assets"]), outdated["credits"]) == (3, 105)
    assert post["prompt"] == "Weathered oak post wound with rope, low poly"
    assert (renewed.status_code, len(renewed.json()["taskIds"])) == (202, 1)
    assert len(api.get(f"{path}/outdated").json()["assets"]) == 2
    assert refusal(api.post(f"{path}/renew", {"assetIds": [post["assetId"]]}))[:2] == (
        404,
        "asset_not_outdated",
    )
    assert send(api).status_code == 200


def test_gated_variants_wait_for_the_pick_and_the_rest_stay_alternates(api: ServedApi, world: World) -> None:
    api.http.put(f"/api/projects/{PROJECT}/style", json={"gate": True})
    row = {"name": "Guard", "tag": "RIG", "animations": ["preset:walk"], "variants": 3, "seed": 7}
    row["description"] = "a low poly knight in T-pose"
    body = applied(api, json.dumps([row]), filename="guards.json")
    plan = f"/api/plans/{body['planId']}"
    world.run_until(lambda: api.get(plan).json()["counts"]["generated"] == 3)
    held = api.get(plan).json()
    detail = api.get(f"/api/assets/{PROJECT}/{body['assets'][0]['assetId']}").json()
    best = assets_of(api)[0]["assetId"]

    picked = api.post(f"/api/assets/{PROJECT}/{best}/pick").json()
    world.run_until(lambda: api.get(plan).json()["counts"]["complete"] == 1)

    assert body["estimate"]["credits"] == 3 * 20 + 25 + 10
    assert (held["awaitingPick"], world.creates()) == (1, world.creates())
    assert "not_picked" in {task["waitingFor"] for task in detail["tasks"]}
    assert [each["seed"] for each in picked["variants"]] == [7, 8, 9]
    assert [each["picked"] for each in picked["variants"]].count(True) == 1
    assert api.get(plan).json()["counts"]["generated"] == 2
    assert len([t for t in world.tasks("rig") if t.status == "success"]) == 1
    again = send(api, json.dumps([row]), filename="guards.json")
    assert (again.status_code, again.json()["estimate"]["tasks"]) == (200, 0)


@pytest.mark.parametrize("form", ["markdown", "csv", "tsv", "xlsx", "json", "yaml"])
def test_a_template_of_each_format_can_be_sent_as_it_is(shared_api: ServedApi, form: str) -> None:
    template = shared_api.get(f"/api/plans/templates/{form}")
    name = template.headers["content-disposition"].partition("filename=")[2].strip('"')
    file = {"file": (name, template.content)}

    dry = shared_api.http.post("/api/plans", data={"projectId": PROJECT, "dryRun": "true"}, files=file)

    assert template.status_code == 200
    assert (dry.status_code, dry.json()["format"], dry.json()["errors"]) == (200, form, [])
    assert [asset["name"] for asset in dry.json()["assets"]] == ["Gate Knight", "Grey Wolf", "Fish Crate"]


def test_the_schema_is_served_and_a_format_that_there_is_not_is_404(shared_api: ServedApi) -> None:
    schema = shared_api.get("/api/plans/schema")

    assert schema.json()["properties"]["assets"]["items"]["required"] == ["name"]
    assert refusal(shared_api.get("/api/plans/templates/docx")) == (404, "plan_format_unknown", "format")


def test_an_exported_plan_says_what_became_of_it_and_changes_nothing_when_applied(
    api: ServedApi, world: World
) -> None:
    plan_id = applied(api)["planId"]
    world.run_until(lambda: {task.status for task in world.tasks()} == {"success"})

    copy = api.get(f"/api/plans/{plan_id}/export")
    again = applied(api, copy.text)

    assert copy.headers["content-type"] == "text/markdown; charset=utf-8"
    assert all(asset["assetId"] in copy.text for asset in assets_of(api))
    assert {asset["change"] for asset in again["assets"]} == {"unchanged"}
    assert refusal(api.get("/api/plans/nowhere/export")) == (404, "plan_not_found", "planId")
