"""The raw truth of a task: what was sent and what came back, and never a key or a signature."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from core.failures.truth import TaskTruth, truth_of
from core.settings import SANDBOX_KEY
from core.tripo import without_secrets
from tests.dashboard.api.served import ServedApi
from tests.world import KNIGHT, World

TOLD = f"See https://cdn.example.com/a/b.glb?X-Amz-Signature=abc123 with Bearer {SANDBOX_KEY}"


@pytest.fixture(params=["v2", "v3"])
def world(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    return make_world(version=request.param, settings={"automatic_retries": 0})


def truth(world: World, task_id: str) -> TaskTruth:
    with world.core.database.reading() as session:
        return truth_of(session, world.task(task_id))


def test_a_failed_task_shows_request_answer_trace_and_times_without_secrets(world: World) -> None:
    world.faults(end_failed={"error_code": 4711, "message": TOLD})
    (failed,) = world.order()
    world.run_until(lambda: world.task(failed).status == "failed")
    with ServedApi(world.core) as api:
        raw = api.get(f"/api/tasks/{failed}/raw").json()
        assert api.get("/api/tasks/none/raw").status_code == 404

    create, end = raw["exchanges"]
    assert create["request"]["method"] == "POST"
    assert create["request"]["body"]["prompt"] == KNIGHT
    assert (create["httpStatus"], create["act"]) == (200, "create")
    assert create["answer"]["data"]["task_id"] == raw["tripoTaskId"]
    assert create["traceId"]
    assert end["answer"]["status"] == "failed"
    assert {"ordered", "sent", "accepted", "ended"} <= raw["times"].keys()
    for secret in (SANDBOX_KEY, "abc123"):
        assert secret not in json.dumps(raw)
    assert "https://cdn.example.com/a/b.glb?(signature removed)" in raw["forSupport"]
    for needed in (raw["tripoTaskId"], create["traceId"], "4711", "POST "):
        assert needed in raw["forSupport"]


def test_a_success_keeps_where_its_files_were_but_not_what_opens_them(world: World) -> None:
    (done,) = world.order()
    world.run_until(lambda: world.task(done).status == "success")

    (_, end) = truth(world, done).exchanges

    text = json.dumps(end.answer)
    assert "(signature removed)" in text
    assert "?sig" not in text.replace("?(sig", "")
    assert "Signature=" not in text


def test_a_refused_and_a_lost_order_show_what_came_back(world: World) -> None:
    (refused,) = world.order("refused", prompt="an nsfw knight")
    (create,) = truth(world, refused).exchanges
    assert (create.http_status, create.answer and create.answer["code"]) == (400, 2008)

    world.faults(create_lost_reply={"count": 1})
    (lost,) = world.order("lost")
    (create,) = truth(world, lost).exchanges
    assert (create.http_status, create.answer) == (None, None)
    assert create.request is not None
    assert "no answer" in truth(world, lost).for_support


def test_an_order_that_waits_shows_the_last_refusal_and_only_that(world: World) -> None:
    world.ask_sandbox("wallet", {"balance": 0})
    (held,) = world.order()
    (first,) = truth(world, held).exchanges
    assert (first.act, first.request and first.request["body"]["prompt"]) == ("refused", KNIGHT)
    assert first.http_status in (400, 403)
    assert "refused at" in truth(world, held).for_support
    world.run_until(lambda: truth(world, held).exchanges[0].at > first.at)
    (again,) = truth(world, held).exchanges
    assert again.trace_id != first.trace_id

    world.ask_sandbox("wallet", {"balance": 1000})
    world.run_until(lambda: world.task(held).status == "success")
    assert [each.act for each in truth(world, held).exchanges] == ["refused", "create", "read"]


def test_an_order_that_found_no_place_shows_the_answer_that_said_so(world: World) -> None:
    world.faults(create_429={"count": 1, "retry_after": 30})
    (held,) = world.order()
    (refused,) = truth(world, held).exchanges

    assert (refused.act, refused.http_status) == ("refused", 429)
    assert refused.request is not None
    assert (refused.request["method"], refused.request["body"]["prompt"]) == ("POST", KNIGHT)
    assert refused.answer is not None
    assert (refused.answer["code"], bool(refused.answer["message"])) == (2000, True)
    assert "< HTTP 429 {" in truth(world, held).for_support
    assert SANDBOX_KEY not in truth(world, held).model_dump_json()


def test_an_order_that_never_reached_tripo_shows_what_was_to_be_sent(
    make_world: Callable[..., World],
) -> None:
    world = make_world(settings={"tripo_api_base": "http://127.0.0.1:9/v3"})
    (held,) = world.order()
    (refused,) = truth(world, held).exchanges
    assert (refused.act, refused.http_status, refused.answer) == ("refused", None, None)
    assert "no answer of HTTP" in truth(world, held).for_support


def test_secrets_are_taken_out_wherever_they_stand() -> None:
    shown = without_secrets(
        {
            "a": ["https://user:pass@h.example/x.glb?sig=1#frag", {"Authorization": "Basic xyz"}],
            "note": "key tsk_abc-DEF_1 and Bearer tsk_x",
            "long": "x" * 9000,
            "deep": json.loads('{"a":' * 40 + "1" + "}" * 40),
        }
    )
    text = json.dumps(shown)
    for secret in ("pass@", "sig=1", "frag", "xyz", "tsk_abc", "tsk_x"):
        assert secret not in text
    assert len(text) < 6000
