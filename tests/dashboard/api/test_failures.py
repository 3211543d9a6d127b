"""Failures over HTTP: groups with their cures, what people say about them, and the list of all tasks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dashboard.api.conftest import a_world
from tests.dashboard.api.served import ServedApi, refusal
from tests.world import World

HOLES = {"error_code": 4711, "message": "Mesh 12 has holes"}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, ServedApi]]:
    """Two failures of one kind, one success, one that is of unknown outcome."""
    with a_world(tmp_path_factory.mktemp("failing")) as world, ServedApi(world.core) as api:
        world.faults(end_failed={**HOLES, "count": 2})
        world.order("a")
        world.order("b")
        world.order("c")
        world.faults(create_lost_reply={"count": 1})
        world.order("lost")
        world.run_until(lambda: [t.status for t in world.tasks()].count("failed") == 2)
        world.run_until(lambda: any(t.status == "success" for t in world.tasks()))
        world.no_faults()
        yield world, api


def test_groups_have_the_promised_fields(failing: tuple[World, ServedApi]) -> None:
    _, api = failing
    body = api.get("/api/failures").json()

    assert (body["total"], body["left"], body["nextCursor"]) == (2, 3, None)
    groups = {group["errorCode"]: group for group in body["failures"]}
    failed, lost = groups["provider_task_failed"], groups["outcome_unknown"]
    assert failed["fingerprint"].startswith("generate.v3.4711.")
    assert (failed["title"], failed["count"], failed["retryable"]) == ("New: Tripo's error 4711", 2, True)
    assert (failed["cure"], failed["cures"][0]["action"]) == ("Retry as it is", "retry")
    assert len(failed["sampleTaskIds"]) == 2
    assert (lost["trouble"], lost["retryable"], lost["cure"]) == (
        "needs_person",
        False,
        "Decide what became of it",
    )
    assert len(api.get("/api/failures?limit=1").json()["failures"]) == 1
    first = api.get("/api/failures?limit=1").json()
    second = api.get(f"/api/failures?limit=1&cursor={first['nextCursor']}").json()
    assert second["nextCursor"] is None
    assert second["failures"] + first["failures"] in (body["failures"], body["failures"][::-1])
    assert api.get("/api/failures?trouble=interrupted").json()["failures"] == []


def test_tasks_are_listed_by_state_step_error_group_and_project(failing: tuple[World, ServedApi]) -> None:
    _, api = failing

    def found(query: str) -> int:
        answer = api.get(f"/api/tasks?{query}")
        assert answer.status_code == 200, answer.text
        return len(answer.json()["tasks"])

    (failed,) = api.get("/api/failures?trouble=failed").json()["failures"]
    assert found("") == 4
    assert found("status=failed") == found("errorCode=4711") == found("errorCode=provider_task_failed") == 2
    assert found(f"fingerprint={failed['fingerprint']}") == 2
    assert found("fingerprint=none") == found("kind=rig") == found("errorCode=not_riggable") == 0
    assert found("status=unknown&projectId=first-project&kind=generate") == 1
    first = api.get("/api/tasks?limit=3").json()
    rest = api.get(f"/api/tasks?limit=3&cursor={first['nextCursor']}").json()
    ids = [task["taskId"] for task in [*first["tasks"], *rest["tasks"]]]
    assert (len(set(ids)), rest["nextCursor"]) == (4, None)


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/tasks?status=lost", 400, "status"),
        ("/api/tasks?cursor=nonsense", 400, "cursor"),
        ("/api/tasks?projectId=none", 404, "projectId"),
        ("/api/tasks?shade=red", 400, "shade"),
        ("/api/failures?state=gone", 400, "state"),
        ("/api/failures?cursor=-1", 400, "cursor"),
        ("/api/failures?projectId=none", 404, "projectId"),
        ("/api/failures/rig.v3.1.none.0", 404, "fingerprint"),
    ],
)
def test_what_cannot_be_listed_names_its_field(
    failing: tuple[World, ServedApi], path: str, status: int, field: str
) -> None:
    _, api = failing
    refused = refusal(api.get(path))
    assert (refused[0], refused[2]) == (status, field)


def test_a_group_is_settled_once_however_often_it_is_said(failing: tuple[World, ServedApi]) -> None:
    _, api = failing
    (failed,) = api.get("/api/failures?trouble=failed").json()["failures"]
    address = f"/api/failures/{failed['fingerprint']}"
    ann = {"X-Hatchery-User": "Ann"}

    for _ in range(2):
        said = api.post(f"{address}/resolve", None, **ann, **{"Idempotency-Key": "resolve-it"}).json()
        assert (said["state"], said["changedBy"]) == ("resolved", "Ann")
    assert [note["text"] for note in said["notes"]] == ["Resolved."]

    ignored = api.post(f"{address}/ignore", {"forCount": 3, "until": "2199-01-01T00:00:00Z"}).json()
    assert (ignored["state"], ignored["ignoredFor"]) == ("ignored", 3)
    assert api.post(f"{address}/assign", {"to": "Bo"}).json()["assignedTo"] == "Bo"
    assert api.get("/api/failures?assignedTo=Bo").json()["total"] == 1
    noted = api.post(f"{address}/note", {"text": "<b>Seen</b> 🐉"}).json()
    assert noted["notes"][0]["text"] == "<b>Seen</b> 🐉"
    assert api.post(f"{address}/reopen").json()["state"] == "open"

    for path, body, field in (
        ("ignore", {"forCount": 0}, "forCount"),
        ("ignore", {"until": "2001-01-01T00:00:00Z"}, "until"),
        ("ignore", {"until": "tomorrow"}, "until"),
        ("note", {"text": ""}, "text"),
        ("assign", {}, "to"),
        ("resolve", {"why": "so"}, "why"),
    ):
        refused = refusal(api.post(f"{address}/{path}", body))
        assert (refused[0], refused[2]) == (400, field), path
    assert refusal(api.post("/api/failures/none/resolve"))[0] == 404
