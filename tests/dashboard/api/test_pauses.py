"""Pausing and resuming over HTTP."""

from __future__ import annotations

from tests.dashboard.api.plan import MODEL_ONLY, PROJECT
from tests.dashboard.api.served import ServedApi, ordered, refusal
from tests.world import World


def test_a_paused_project_takes_orders_and_sends_none(world: World, api: ServedApi) -> None:
    paused = api.post(
        f"/api/projects/{PROJECT}/pause", {"reason": "Lunch."}, X_Hatchery_User="Ann", Idempotency_Key="p1"
    )
    assert paused.status_code == 200
    (pause,) = paused.json()["pauses"]
    assert (pause["projectId"], pause["pausedBy"], pause["reason"]) == (PROJECT, "Ann", "Lunch.")

    order = ordered(api, "/api/generate-3d", MODEL_ONLY)
    world.run_for(10)

    status = api.get(f"/api/generate-3d/{order['taskId']}/status").json()
    assert (status["status"], status["waitingFor"], status["tripoTaskId"]) == ("waiting", "paused", None)
    assert (order["taskStatus"], order["waitingFor"]) == ("waiting", "paused")
    projects = {row["projectId"]: row for row in api.get("/api/projects").json()["projects"]}
    assert projects[PROJECT]["paused"]["pausedBy"] == "Ann"

    assert api.post(f"/api/projects/{PROJECT}/resume").json() == {"pauses": []}
    world.run_for(10)
    assert api.get(f"/api/generate-3d/{order['taskId']}/status").json()["tripoTaskId"]


def test_everything_is_paused_and_resumed_and_health_tells_it(api: ServedApi) -> None:
    first = api.post("/api/pause", None, Idempotency_Key="all")
    again = api.post("/api/pause", None, Idempotency_Key="all")

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    (pause,) = api.get("/api/health").json()["pauses"]
    assert (pause["projectId"], pause["pausedBy"]) == (None, "api")
    assert api.get("/api/pauses").json() == {"pauses": [pause]}
    assert api.post("/api/resume").json() == {"pauses": []}
    assert api.get("/api/health").json()["pauses"] == []


def test_a_pause_of_what_is_not_there_or_with_fields_nobody_knows_is_refused(api: ServedApi) -> None:
    assert refusal(api.post("/api/projects/nowhere/pause")) == (404, "project_not_found", "projectId")
    assert refusal(api.post("/api/projects/nowhere/resume"))[0] == 404
    status, _, field = refusal(api.post("/api/pause", {"why": "x"}))
    assert (status, field) == (400, "why")
