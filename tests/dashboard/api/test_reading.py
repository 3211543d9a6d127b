"""Projects, assets, health, and the API's description of itself."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import insert

from core import heartbeat
from core.bootstrap import connect
from core.models import Asset
from core.projects import FIRST_PROJECT
from tests.dashboard.api.plan import ASSET, MODEL_ONLY, PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended
from tests.world import World

# --- projects ------------------------------------------------------------------------------------------------


def test_a_project_is_made_and_listed(shared_api: ServedApi) -> None:
    defaults = {"shouldRig": True, "animations": ["preset:idle"], "options": {"faceLimit": 9000}}

    made = shared_api.post("/api/projects", {"name": " Castle ", "projectId": "castle", "defaults": defaults})

    assert (made.status_code, made.json()) == (201, {"projectId": "castle", "name": "Castle"})
    listed = {row["projectId"]: row for row in shared_api.get("/api/projects").json()["projects"]}
    assert listed["castle"]["defaults"] == defaults
    assert listed["castle"]["assets"] == 0


def test_a_project_without_an_id_gets_one(shared_api: ServedApi) -> None:
    made = shared_api.post("/api/projects", {"name": "Nameless"}).json()

    assert len(made["projectId"]) == 36


def test_a_taken_id_is_409(shared_api: ServedApi) -> None:
    body = {"name": "Again", "projectId": PROJECT}

    assert refusal(shared_api.post("/api/projects", body)) == (409, "project_exists", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x", "projectId": "a/b"}, "projectId"),
        ({"name": "x", "owner": "me"}, "owner"),
        ({"name": "x", "defaults": {"animations": ["walk"]}}, "defaults.animations"),
        ({"name": "x", "defaults": {"rig": True}}, "defaults.rig"),
    ],
)
def test_a_project_that_cannot_be_is_400(shared_api: ServedApi, body: dict, field: str) -> None:
    status, _, named = refusal(shared_api.post("/api/projects", body))

    assert (status, named) == (400, field)


# --- assets --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seven(shared_world: World, shared_api: ServedApi) -> list[str]:
    """Seven assets, by their ids; the first has a rig, the last another category."""
    shared_api.post("/api/projects", {"name": "Seven", "projectId": "seven"})
    for number in range(7):
        body = {
            "projectId": "seven",
            "assetId": f"thing-{number}",
            "prompt": f"a thing of {'50%_' if number == 3 else 'stone'}",
            "name": f"Thing {number}",
            "category": "Other" if number == 6 else "Stones",
            **({"shouldRig": True} if number == 0 else {}),
        }
        ordered(shared_api, "/api/generate-3d", body)
    return [f"thing-{number}" for number in range(7)]


def listed(api: ServedApi, query: str) -> list[str]:
    response = api.get(f"/api/assets?projectId=seven&{query}")
    assert response.status_code == 200, response.text
    return [asset["assetId"] for asset in response.json()["assets"]]


def test_assets_are_listed_newest_first_page_by_page(shared_api: ServedApi, seven: list[str]) -> None:
    found, cursor = [], ""
    for expected in (3, 3, 1):
        page = shared_api.get(f"/api/assets?projectId=seven&limit=3&cursor={cursor}").json()
        assert set(page) == {"assets", "nextCursor"}
        assert len(page["assets"]) == expected
        found += [asset["assetId"] for asset in page["assets"]]
        cursor = page["nextCursor"]

    assert found == seven[::-1]
    assert cursor is None


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("tag=RIG", [0]),
        ("category=Other", [6]),
        ("q=thing 4", [4]),
        ("q=THING-2", [2]),
        ("q=50%25_", [3]),
        ("q=%25", [3]),
        ("q=state:queued -tag:rig 3", [3]),
        ("sort=oldest&q=-category:other", [0, 1, 2, 3, 4, 5]),
        ("sort=name&q=state:moving", [0, 1, 2, 3, 4, 5, 6]),
        ("status=complete", []),
        ("status=&sort=&tag=&q=", [6, 5, 4, 3, 2, 1, 0]),
    ],
)
def test_assets_are_filtered(shared_api: ServedApi, seven: list[str], query: str, numbers: list[int]) -> None:
    assert listed(shared_api, query) == [f"thing-{number}" for number in numbers]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("status=done", "status"),
        ("tag=rig", "tag"),
        ("page=2", "page"),
        ("q=sate:failed", "q"),
        ("q=" + "x" * 501, "q"),
        ("sort=best", "sort"),
        ("cursor=nonsense", "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"2026-01-01T00:00:00|x").decode(), "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"0001-01-01T00:00:00+14:00|x").decode(), "cursor"),
    ],
)
def test_a_filter_that_cannot_be_is_400(shared_api: ServedApi, query: str, field: str) -> None:
    status, _, named = refusal(shared_api.get(f"/api/assets?{query}"))

    assert (status, named) == (400, field)


@pytest.mark.parametrize("sort", ["newest", "oldest", "changed", "name"])
def test_every_order_can_be_read_page_by_page(shared_api: ServedApi, seven: list[str], sort: str) -> None:
    whole = listed(shared_api, f"sort={sort}")
    found, cursor = [], ""
    while cursor is not None:
        page = shared_api.get(f"/api/assets?projectId=seven&limit=2&sort={sort}&cursor={cursor}").json()
        found += [asset["assetId"] for asset in page["assets"]]
        cursor = page["nextCursor"]

    assert found == whole
    assert sorted(found) == sorted(seven)


def test_a_list_is_sent_as_a_file_in_which_nothing_is_a_formula(world: World, api: ServedApi) -> None:
    names = ["=1+1", "+cmd", "-2", "@x", 'a "quoted", one', "line\u2028two", "剣 \u202eגדול"]
    for number, name in enumerate(names):
        world.order(f"odd-{number}", send=False, name=name)
    world.order("other", send=False, should_rig=True)

    response = api.get("/api/assets.csv?q=tag:static&sort=oldest")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].startswith("attachment")
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in rows] == ["'=1+1", "'+cmd", "'-2", "'@x", *names[4:]]
    assert rows[0]["assetId"] == "odd-0"

    sent = api.get("/api/assets.json?q=tag:static&sort=oldest").json()["assets"]
    assert [row["name"] for row in sent] == names
    assert sent[0] == api.get("/api/assets?q=odd-0").json()["assets"][0]
    assert refusal(api.get("/api/assets.csv?q=sate:x"))[:2] == (400, "bad_query")
    assert refusal(api.get("/api/assets.json?projectId=nowhere"))[0] == 404


def test_a_long_list_is_sent_whole(world: World, api: ServedApi) -> None:
    rows = [
        {"id": f"{n:04}", "project_id": FIRST_PROJECT, "asset_id": f"a{n:04}", "name": f"{n}"}
        for n in range(1_200)
    ]
    with world.core.database.transaction() as session:
        session.execute(insert(Asset), rows)

    assert len(api.get("/api/assets.json").json()["assets"]) == 1_200
    assert api.get("/api/assets.csv?sort=oldest").text.count("\r\n") == 1_201


def test_an_unknown_project_or_asset_is_404(shared_api: ServedApi) -> None:
    for path in ("/api/assets?projectId=nowhere", "/api/assets/nowhere/x"):
        assert refusal(shared_api.get(path)) == (404, "project_not_found", "projectId")
    assert refusal(shared_api.get(f"/api/assets/{PROJECT}/x")) == (404, "asset_not_found", "assetId")


def test_an_asset_tells_all_that_happened_to_it(world: World, api: ServedApi) -> None:
    order = ordered(api, "/api/generate-3d", WHOLE_CHAIN | {"name": "Knight"})
    run_until_ended(world, api, order["chain"][-1]["taskId"])

    asset = api.get(f"/api/assets/{PROJECT}/{ASSET}").json()

    assert set(asset) >= {
        *("projectId", "assetId", "name", "category", "tag", "description", "prompt", "animations", "status"),
        *("approval", "tasks", "artifacts", "events"),
    }
    assert (asset["name"], asset["tag"], asset["prompt"]) == ("Knight", "RIG", WHOLE_CHAIN["prompt"])
    assert asset["animations"] == WHOLE_CHAIN["animations"]
    assert [task["kind"] for task in asset["tasks"]][:3] == ["generate", "rig_check", "rig"]
    model = next(a for a in asset["artifacts"] if a["kind"] == "generate" and a["role"] == "model")
    assert set(model) >= {"artifactId", "taskId", "preset", "url", "sha256", "bytes", "mediaType", "current"}
    assert model["url"] == f"/api/artifacts/{model['artifactId']}"
    assert {event["toStatus"] for event in asset["events"]} >= {"ready", "queued", "running", "success"}
    assert "Signature" not in str(asset)
    assert "tsk_" not in str(asset)


# --- health --------------------------------------------------------------------------------------------------


def test_health_is_degraded_without_a_poller_and_ok_with_one(world: World, api: ServedApi) -> None:
    alone = api.get("/api/health")
    assert (alone.status_code, alone.json()["status"]) == (200, "degraded")
    assert alone.json()["poller"] == {"lastSeenAt": None, "stale": True}

    with world.core.database.transaction() as session:
        heartbeat.beat(session, "poller-1", "poller", world.now(), {}, world.now())
    world.core.orchestrator.check_accounts()

    health = api.get("/api/health").json()
    assert (health["status"], health["database"]) == ("ok", "ok")
    assert health["poller"]["stale"] is False
    assert health["provider"]["sandbox"] is True
    assert health["provider"]["version"] == "v3"
    assert health["provider"]["reachable"] is True
    assert health["provider"]["balance"] == 10_000
    assert health["queue"] == {"waiting": 0, "inFlight": 0, "unknown": 0}


def test_health_counts_the_queue(world: World, api: ServedApi) -> None:
    ordered(api, "/api/generate-3d", WHOLE_CHAIN)

    assert api.get("/api/health").json()["queue"] == {"waiting": 4, "inFlight": 1, "unknown": 0}


def test_a_database_that_does_not_answer_is_503_and_the_server_lives(
    make_world: Callable[..., World], serve: Callable[[World], ServedApi], postgres_url: str
) -> None:
    world = make_world(database_url=postgres_url)
    broken = world.settings.model_copy(update={"database_url": "postgresql://postgres@127.0.0.1:9/none"})
    broken.__dict__.pop("sqlalchemy_url", None)
    core = connect(broken, "test")
    try:
        with ServedApi(core) as api:
            health = api.get("/api/health")
            assert (health.status_code, health.json()["status"]) == (503, "down")
            assert api.get("/api/health/live").json() == {"status": "ok"}
            assert refusal(api.get("/api/projects")) == (503, "database_unreachable", None)
            assert refusal(api.post("/api/generate-3d", MODEL_ONLY)) == (503, "database_unreachable", None)
    finally:
        core.close()


# --- its own description -------------------------------------------------------------------------------------


def test_the_description_names_every_route_and_what_each_takes(shared_api: ServedApi) -> None:
    described = shared_api.get("/api/openapi.json").json()

    assert {f"{method.upper()} {path}" for path, some in described["paths"].items() for method in some} == {
        "POST /api/generate-3d",
        "GET /api/generate-3d/{taskId}/status",
        "POST /api/generate-3d/rig",
        "POST /api/generate-3d/animate",
        "POST /api/tasks/{taskId}/retry",
        "POST /api/tasks/{taskId}/cancel",
        "POST /api/tasks/{taskId}/resolve",
        "GET /api/projects",
        "POST /api/projects",
        "PATCH /api/projects/{projectId}",
        "GET /api/keys",
        "POST /api/keys",
        "PUT /api/keys/{keyId}",
        "DELETE /api/keys/{keyId}",
        "POST /api/keys/{keyId}/check",
        "GET /api/assets",
        "GET /api/assets.csv",
        "GET /api/assets.json",
        "GET /api/assets/{projectId}/{assetId}",
        "GET /api/artifacts/{artifactId}",
        "GET /api/health",
        "GET /api/pauses",
        "POST /api/pause",
        "POST /api/resume",
        "POST /api/projects/{projectId}/pause",
        "POST /api/projects/{projectId}/resume",
        "GET /api/health/live",
        "POST /api/uploads",
        "GET /api/uploads/{uploadId}",
        "POST /api/estimate",
        "POST /api/webhooks/tripo",
        "GET /api/plans",
        "POST /api/plans",
        "GET /api/plans/schema",
        "GET /api/plans/templates/{format}",
        "GET /api/plans/{planId}",
        "PATCH /api/plans/{planId}",
        "GET /api/plans/{planId}/export",
        "POST /api/plans/{planId}/pause",
        "POST /api/plans/{planId}/resume",
        "POST /api/plans/{planId}/cancel",
        "GET /api/projects/{projectId}/style",
        "PUT /api/projects/{projectId}/style",
        "GET /api/projects/{projectId}/outdated",
        "POST /api/projects/{projectId}/renew",
        "POST /api/assets/{projectId}/{assetId}/pick",
        "GET /api/assets/{projectId}/{assetId}/archive",
        "GET /api/failures",
        "GET /api/failures/{fingerprint}",
        "GET /api/jobs",
        "GET /api/jobs/{jobId}",
        "GET /api/jobs/{jobId}/items.csv",
        "GET /api/tasks",
        "GET /api/tasks/{taskId}/raw",
        "POST /api/artifacts/{artifactId}/thumbnail",
        "POST /api/assets/{projectId}/{assetId}/approve",
        "POST /api/assets/{projectId}/{assetId}/comment",
        "POST /api/assets/{projectId}/{assetId}/reject",
        "POST /api/assets/{projectId}/{assetId}/undo",
        "POST /api/failures/{fingerprint}/assign",
        "POST /api/failures/{fingerprint}/ignore",
        "POST /api/failures/{fingerprint}/note",
        "POST /api/failures/{fingerprint}/reopen",
        "POST /api/failures/{fingerprint}/resolve",
        "POST /api/jobs",
        "POST /api/jobs/preview",
        "POST /api/jobs/{jobId}/stop",
        "GET /api/projects/{projectId}/budget",
        "PUT /api/projects/{projectId}/budget",
        "GET /api/alerts",
        "GET /api/alerts/targets",
        "POST /api/alerts/targets",
        "PATCH /api/alerts/targets/{targetId}",
        "DELETE /api/alerts/targets/{targetId}",
        "POST /api/alerts/targets/{targetId}/test",
    }
    body = described["components"]["schemas"]["GenerateBody"]
    assert body["additionalProperties"] is False
    assert "faceLimit" in body["properties"]["options"]["properties"]
    assert set(body["required"]) == {"projectId", "assetId"}
    for path, some in described["paths"].items():
        for method, operation in some.items():
            assert operation["summary"], path
            assert "HTTPValidationError" not in str(operation)
            names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
            is_news = "tripo-webhook-delivery" in names  # the provider repeats by a key of its own
            assert ("idempotency-key" in names) == (method != "get" and not is_news), path


def test_the_description_hides_nothing_that_is_sent(world: World, api: ServedApi) -> None:
    order = ordered(api, "/api/generate-3d", WHOLE_CHAIN)
    described = api.get("/api/openapi.json").json()["components"]["schemas"]

    assert set(described["OrderAnswer"]["properties"]) == set(order)
    task = api.get(f"/api/generate-3d/{order['taskId']}/status").json()
    assert set(described["TaskView"]["properties"]) == set(task)
