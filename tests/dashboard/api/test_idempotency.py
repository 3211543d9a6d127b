"""The same Idempotency-Key and body: the same answer, and no second order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.models import IdempotentRequest
from core.sandbox.fields import REFUSED_WORD
from dashboard.api import once
from tests.dashboard.api.plan import MODEL_ONLY, NAMES
from tests.dashboard.api.served import ServedApi, refusal, run_until_ended
from tests.world import World

KEY = "4f1c9e1e-order-1"
ROUTE = "/api/generate-3d"


def test_a_repeated_order_gets_the_same_answer_and_is_made_once(world: World, api: ServedApi) -> None:
    first = api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY)
    run_until_ended(world, api, first.json()["taskId"])

    again = api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY)

    assert (again.status_code, again.json()) == (202, first.json())
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert world.creates() == {"text_to_model": 1}


def test_the_order_of_fields_makes_no_other_body(api: ServedApi) -> None:
    first = api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY)
    again = api.post(ROUTE, dict(reversed(MODEL_ONLY.items())), Idempotency_Key=KEY)

    assert again.json() == first.json()


def test_the_same_key_with_another_body_or_address_is_409(api: ServedApi) -> None:
    task = api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY).json()
    others = {
        ROUTE: MODEL_ONLY | {"assetId": "another"},
        "/api/projects": {"name": "Another"},
        f"/api/tasks/{task['taskId']}/cancel": {},
    }
    for path, body in others.items():
        answer = api.post(path, body, Idempotency_Key=KEY)
        assert refusal(answer) == (409, "idempotency_key_reused", None)


def test_two_at_the_same_moment_make_one_order_and_get_one_answer(
    make_world: Callable[..., World],
    serve: Callable[[World], ServedApi],
    each_database_url: str,
) -> None:
    world = make_world(database_url=each_database_url, faults={"create_hang_seconds": {"seconds": 1}})
    api = serve(world).with_the_plans_project()

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY), range(8)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert world.creates() == {"text_to_model": 1}
    assert len(world.tasks()) == 1


def test_a_refusal_is_not_kept_so_that_the_same_key_may_try_again(api: ServedApi) -> None:
    body = MODEL_ONLY | {"projectId": "made-later"}
    assert refusal(api.post(ROUTE, body, Idempotency_Key=KEY))[0] == 404
    api.post("/api/projects", {"name": "Later", "projectId": "made-later"})

    assert api.post(ROUTE, body, Idempotency_Key=KEY).status_code == 202


def test_what_the_provider_refused_is_refused_again_without_asking_it(world: World, api: ServedApi) -> None:
    body = MODEL_ONLY | {"prompt": f"a {REFUSED_WORD} knight"}
    first = api.post(ROUTE, body, Idempotency_Key=KEY)
    again = api.post(ROUTE, body, Idempotency_Key=KEY)

    assert (first.status_code, again.status_code) == (422, 422)
    assert again.json() == first.json()
    assert len(world.tasks()) == 1


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits six seconds for an answer that will not come."""
    monkeypatch.setattr(once, "WAIT_SECONDS", 0.2)


def test_an_answer_that_was_never_given_is_built_from_the_rows(
    world: World, api: ServedApi, short_wait: None
) -> None:
    first = api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY).json()
    forget_the_answer(world, [first["taskId"]])

    again = api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY)

    assert again.json() == first
    assert again.headers["idempotent-replayed"] == "true"


def test_a_request_whose_rows_are_not_known_yet_is_in_progress(
    world: World, api: ServedApi, short_wait: None
) -> None:
    api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY)
    forget_the_answer(world, [])

    assert refusal(api.post(ROUTE, MODEL_ONLY, Idempotency_Key=KEY)) == (409, "in_progress", None)


def forget_the_answer(world: World, made: list[str]) -> None:
    """As if the process had died between writing the order and answering."""
    with world.core.database.transaction() as session:
        row = session.get_one(IdempotentRequest, KEY)
        row.answer_code, row.answer = None, {"made": made}


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused(api: ServedApi, key: str) -> None:
    assert refusal(api.post(ROUTE, MODEL_ONLY, Idempotency_Key=key)) == (
        400,
        "invalid_request",
        "Idempotency-Key",
    )


def test_every_post_is_carried_out_once(world: World, api: ServedApi) -> None:
    project = [api.post("/api/projects", {"name": "One"}, Idempotency_Key="p") for _ in range(2)]
    assert [answer.status_code for answer in project] == [201, 201]
    assert project[0].json() == project[1].json()

    draft = api.post(ROUTE, MODEL_ONLY).json()
    ends = [api.post(f"/api/tasks/{draft['taskId']}/cancel", Idempotency_Key="c") for _ in range(2)]
    assert [end.status_code for end in ends] == [200, 200]
    agains = [api.post(f"/api/tasks/{draft['taskId']}/retry", {}, Idempotency_Key="r") for _ in range(2)]
    assert [again.json()["attempt"] for again in agains] == [2, 2]
    run_until_ended(world, api, agains[0].json()["taskId"])
    rigs = [api.post(f"{ROUTE}/rig", NAMES, Idempotency_Key="g") for _ in range(2)]
    assert rigs[0].json() == rigs[1].json()
    assert len(world.tasks("rig")) == 1


def test_a_key_is_written_with_its_order_or_not_at_all(world: World, api: ServedApi) -> None:
    refusal(api.post(ROUTE, MODEL_ONLY | {"prompt": ""}, Idempotency_Key=KEY))

    with world.core.database.reading() as session:
        assert session.get(IdempotentRequest, KEY) is None
