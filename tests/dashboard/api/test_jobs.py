"""Jobs over HTTP: the same counts and prices as on the pages."""

from __future__ import annotations

from tests.dashboard.api.plan import PROJECT
from tests.dashboard.api.served import ServedApi, refusal
from tests.jobs.conftest import cancel_all
from tests.world import World

ALL = {"action": "retry", "scope": {"query": "crate"}}
COUNT = 3


def three_crates(world: World) -> list[str]:
    for n in range(COUNT):
        world.order(f"crate-{n}", send=False, project_id=PROJECT, prompt=f"a crate, {n}")
    return cancel_all(world)


def test_a_job_does_what_its_preview_said_and_is_followed_to_its_end(world: World, api: ServedApi) -> None:
    ids = three_crates(world)

    shown = api.post("/api/jobs/preview", ALL).json()
    body = ALL | {"fingerprint": shown["fingerprint"]}
    started = api.post("/api/jobs", body, Idempotency_Key="one", X_Hatchery_User="Ann")
    again = api.post("/api/jobs", body, Idempotency_Key="one", X_Hatchery_User="Ann")
    job = api.get(f"/api/jobs/{started.json()['jobId']}").json()

    assert (shown["count"], shown["leftOut"], shown["title"]) == (COUNT, [], "Retry")
    assert shown["credits"] == sum(each["credits"] for each in shown["items"]) > 0
    assert started.status_code == again.status_code == 202
    assert started.json()["jobId"] == again.json()["jobId"]
    assert (job["state"], job["done"], job["createdBy"]) == ("done", COUNT, "Ann")
    assert job["creditsOrdered"] == shown["credits"]
    assert [item["taskId"] for item in job["items"]["items"]] == ids
    made = [task["taskId"] for item in job["items"]["items"] for task in item["made"]]
    assert len(set(made)) == COUNT
    assert [each["jobId"] for each in api.get("/api/jobs").json()["jobs"]] == [job["jobId"]]
    csv = api.get(f"/api/jobs/{job['jobId']}/items.csv")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(csv.text.splitlines()) == COUNT + 1


def test_a_job_pages_its_items_waits_and_is_stopped(world: World, api: ServedApi) -> None:
    three_crates(world)
    started = api.post("/api/jobs", ALL | {"afterSeconds": 3600}).json()
    address = f"/api/jobs/{started['jobId']}"

    first = api.get(f"{address}?limit=2").json()["items"]
    rest = api.get(f"{address}?limit=2&cursor={first['nextCursor']}").json()["items"]
    stopped = api.post(f"{address}/stop").json()

    assert (started["state"], started["waiting"]) == ("waiting", COUNT)
    assert [item["number"] for item in first["items"] + rest["items"]] == [1, 2, 3]
    assert rest["nextCursor"] is None
    assert (stopped["state"], stopped["skipped"], stopped["done"]) == ("stopped", COUNT, 0)
    assert refusal(api.post(f"{address}/stop")) == (409, "already_final", None)


def test_what_cannot_be_a_job_is_refused_with_help(world: World, api: ServedApi) -> None:
    three_crates(world)

    def refused(**body: object) -> tuple[int, str, str | None]:
        return refusal(api.post("/api/jobs", ALL | body))

    assert refused(action="explode") == (400, "action_unknown", "action")
    assert refused(scope={}) == (400, "scope_invalid", "scope")
    assert refused(scope={"query": "crate", "planId": "x"}) == (400, "scope_invalid", "scope")
    assert refused(scope={"query": "state:sleepy"})[0] == 400
    assert refused(scope={"planId": "x"}) == (404, "plan_not_found", "planId")
    assert refused(scope={"taskIds": ["x"]}) == (404, "nothing_chosen", "scope")
    assert refused(terms={"loud": True}) == (400, "terms_invalid", "terms.loud")
    assert refused(action="lower_faces", terms={}) == (400, "terms_invalid", "terms.faceLimit")
    assert refused(action="approve") == (409, "nothing_to_do", None)
    assert refused(fingerprint="0" * 64) == (409, "job_changed", "fingerprint")
    assert refusal(api.get("/api/jobs/x")) == (404, "job_not_found", "jobId")
