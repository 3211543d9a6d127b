"""Each fault does what it says, and no more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from core.sandbox.faults import FAULTS
from core.sandbox.server import SandboxServer
from tests.core.started_process import wait_until
from tests.sandbox.conftest import Caller, Json, refusal


def accepted(api: Caller) -> int:
    """How many creates the sandbox took from this key."""
    return len(api.own_tasks())


def code_500(api: Caller) -> int:
    return 1000 if api.version == "v2" else 9500


def test_a_500_on_create_without_the_task(api: Caller) -> None:
    api.faults(create_500_without_task=1)

    assert refusal(api.try_create("text_to_model", prompt="x")) == (500, code_500(api))
    assert (accepted(api), api.balance()) == (0, (10_000, 0))
    assert api.create()


def test_a_500_on_create_with_the_task(api: Caller) -> None:
    api.faults(create_500_with_task=1)

    assert refusal(api.try_create("text_to_model", prompt="x")) == (500, code_500(api))
    assert (accepted(api), api.balance()) == (1, (9_980, 20))


def test_a_lost_reply_leaves_a_task_that_runs_and_bills(api: Caller) -> None:
    api.faults(create_lost_reply=1)
    cut_before = api.stats()["requests_by_status"].get("cut", 0)

    with pytest.raises(httpx.TransportError):
        api.try_create("text_to_model", prompt="x")

    api.advance()
    assert (accepted(api), api.balance()) == (1, (9_980, 0))
    assert api.stats()["requests_by_status"]["cut"] == cut_before + 1
    assert api.own_tasks()[0]["status"] == "success"


@pytest.mark.parametrize("with_task", [False, True])
def test_a_proxy_s_page_on_create(api: Caller, with_task: bool) -> None:
    api.faults(create_502_html={"count": 1, "with_task": with_task})

    answer = api.try_create("text_to_model", prompt="x")

    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert accepted(api) == int(with_task)


def test_a_create_that_hangs_has_made_its_task(api: Caller) -> None:
    api.faults(create_hang_seconds={"seconds": 60, "count": 1})

    with pytest.raises(httpx.ReadTimeout):
        api.http.post(
            "/task" if api.version == "v2" else "/generation/text-to-model",
            json={"type": "text_to_model", "prompt": "x", "model": "v3.1-20260211"},
            timeout=0.2,
        )

    assert accepted(api) == 1


@pytest.mark.parametrize("retry_after", [None, 7])
def test_a_429_on_create(api: Caller, retry_after: int | None) -> None:
    api.faults(create_429={"count": 1, "retry_after": retry_after})

    answer = api.try_create("text_to_model", prompt="x")

    assert refusal(answer) == (429, 2000)
    assert answer.headers.get("Retry-After") == (None if retry_after is None else "7")
    assert accepted(api) == 0


def test_a_1007_on_creates_or_reads_or_both(api: Caller) -> None:
    task = api.create()
    api.faults(rate_limited_1007={"on": "read", "retry_after": 2})
    assert refusal(api.try_read(task)) == (429, 1007)
    assert refusal(api.try_read_many([task])) == (429, 1007)
    assert api.create()

    api.faults(rate_limited_1007={"on": "create"})
    assert refusal(api.try_create("text_to_model", prompt="x")) == (429, 1007)
    assert api.read(task)


def test_an_empty_wallet_under_403_and_under_200(api: Caller) -> None:
    api.faults(wallet_empty=1, refused_with_200=1)

    assert refusal(api.try_create("text_to_model", prompt="x")) == (403, 2010)
    assert refusal(api.try_create("text_to_model", prompt="x")) == (200, 2010)


def test_every_key_is_refused(api: Caller) -> None:
    api.faults(unauthorized=True)

    assert refusal(api.try_create("text_to_model", prompt="x")) == (
        401,
        1002 if api.version == "v2" else 1000,
    )


def test_v2_is_shut_down_and_v3_is_not(sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    v2, v3 = call(sandbox, "v2"), call(sandbox, "v3")
    task = v2.create()
    v2.faults(v2_shut_down=True)

    assert refusal(v2.try_read(task)) == (410, 9410)
    assert refusal(v2.try_create("text_to_model", prompt="x")) == (410, 9410)
    assert v3.read(task)["task_id"] == task


def test_reads_fail_in_three_ways(api: Caller) -> None:
    task = api.create()
    api.faults(read_500=2)
    assert refusal(api.try_read(task)) == (500, code_500(api))
    assert refusal(api.try_read_many([task])) == (500, code_500(api))
    api.faults(read_502_html=1)
    assert api.try_read(task).headers["content-type"].startswith("text/html")
    api.faults(read_hang_seconds={"seconds": 0.3, "count": 1})
    with pytest.raises(httpx.ReadTimeout):
        api.http.get(f"/task/{task}" if api.version == "v2" else f"/tasks/{task}", timeout=0.1)

    assert api.read(task)


def test_whoever_hangs_is_answered_when_the_faults_are_cleared(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api, watcher = call(sandbox), call(sandbox)
    task = api.create()
    api.faults(read_hang_seconds=600)
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(api.read, task)
        assert wait_until(lambda: watcher.stats()["faults_struck"] != {})
        watcher.plain.delete(f"{sandbox.url}/sandbox/faults")

        assert reading.result(30)["task_id"] == task


def test_a_known_task_is_forgotten(api: Caller) -> None:
    task = api.create()
    api.faults(task_forgotten=True)

    assert refusal(api.try_read(task)) == (404, 2001)
    assert api.data(api.try_read_many([task])) == {"tasks": {}, "missed": [task]}


def test_fields_that_nobody_documented(api: Caller) -> None:
    task = api.finished()
    api.faults(extra_fields=True)

    shown = api.read(task)

    assert shown["surprise"]
    assert shown["output"]["another_surprise"]


@pytest.mark.parametrize("status", ["failed", "banned", "expired", "cancelled"])
def test_a_task_ends_badly_and_gives_its_credits_back(api: Caller, status: str) -> None:
    api.faults(**{f"end_{status}": {"count": 1, "error_code": 1004} if status == "failed" else 1})
    bad, good = api.create(), api.create()
    api.advance()

    shown = api.read(bad)
    if api.version == "v2" or status in ("failed", "cancelled"):
        assert shown["status"] == status
    else:
        codes = {"banned": 2008, "expired": 2018}
        assert (shown["status"], shown["error_code"]) == ("failed", codes[status])
    if status == "failed":
        assert shown["error_code"] == 1004
    assert shown["output"] == {}
    assert shown.get("consumed_credit", shown.get("credits_consumed")) == 0
    assert api.read(good)["status"] == "success"
    assert api.balance() == (9_980, 0)


@pytest.mark.parametrize(
    ("fault", "word"),
    [({"status_unknown": 1}, "unknown"), ({"status_unlisted": {"count": 1, "word": "baking"}}, "baking")],
)
def test_an_odd_status_is_shown_until_success(api: Caller, fault: Json, word: str) -> None:
    api.faults(**fault)
    task = api.create()

    api.advance(4)
    assert api.read(task)["status"] == word
    api.advance()
    assert api.read(task)["status"] == "success"


def test_a_success_without_output(api: Caller) -> None:
    api.faults(success_without_output=1)
    empty = api.finished()
    api.faults(null_output=1)
    null = api.finished()

    assert api.read(empty)["output"] == {}
    assert api.read(null)["output"] is None
    assert refusal(api.try_create("animate_prerigcheck", source=empty)) == (400, 2011)


def test_a_check_says_no_and_may_call_its_verdict_topology(api: Caller) -> None:
    draft = api.finished()
    api.faults(not_riggable={"type": "animate_prerigcheck"})
    check = api.finished("animate_prerigcheck", source=draft)

    assert api.read(check)["output"] == {"riggable": False, "rig_type": "others"}
    api.faults(topology_word=True)
    assert api.read(check)["output"] == {"riggable": False, "topology": "others"}


def test_a_slow_queue(api: Caller) -> None:
    api.faults(slow_queue_seconds=1000)
    task = api.create()

    api.advance(500)
    assert api.read(task)["status"] == "queued"
    api.advance(600)
    assert api.read(task)["status"] == "success"


def test_the_first_links_of_each_file_are_dead(api: Caller) -> None:
    first, second = api.finished(), api.finished()
    api.faults(link_dead=2)

    for task in (first, second):
        answers = [api.plain.get(api.model_link(task)) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [403, 403, 200]
        assert "AccessDenied" in answers[0].text
    assert api.plain.get(api.picture_link(first)).status_code == 200


def test_files_that_are_cut_empty_or_web_pages(api: Caller) -> None:
    task = api.finished()
    whole = api.plain.get(api.model_link(task)).content

    api.faults(file_cut=1)
    with api.plain.stream("GET", api.model_link(task)) as cut:
        assert int(cut.headers["content-length"]) == len(whole)
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            cut.read()
    api.faults(file_cut_quietly=1)
    assert api.plain.get(api.model_link(task)).content == whole[: len(whole) // 2]
    api.faults(file_html=1)
    page = api.plain.get(api.model_link(task))
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    api.faults(file_zero=1)
    assert api.plain.get(api.model_link(task)).content == b""
    assert api.plain.get(api.model_link(task)).content == whole


def test_a_picture_that_cannot_be_had_or_is_not_named(api: Caller) -> None:
    task = api.finished()
    api.faults(picture_missing=True, picture_absent={"count": 0})

    assert api.plain.get(api.picture_link(task)).status_code == 404
    assert api.plain.get(api.model_link(task)).status_code == 200
    api.faults(picture_absent=True)
    assert len(api.read(task)["output"]) == 1


def test_a_fault_can_aim_at_one_type(api: Caller) -> None:
    api.faults(create_429={"type": "animate_rig"}, read_500={"type": "animate_rig"})

    draft = api.finished()

    assert api.try_create("animate_rig", source=draft).status_code == 429


def test_a_share_hits_its_share_and_the_same_each_time(
    start_sandbox: Any, call: Callable[..., Caller]
) -> None:
    def outcomes(seed: int) -> list[int]:
        api = call(start_sandbox(seed=seed, faults={"read_500": 0.25}))
        task = api.create()
        return [api.try_read(task).status_code for _ in range(200)]

    first, again, other = outcomes(1), outcomes(1), outcomes(2)

    assert first == again != other
    assert 25 <= first.count(500) <= 75


def test_faults_are_seen_switched_off_and_checked(api: Caller) -> None:
    api.faults(read_500=True, create_429=3)
    state = api.control("faults")
    assert set(state["active"]) == {"read_500", "create_429"}
    assert state["known"] == FAULTS

    api.faults(read_500=False)
    assert set(api.control("faults")["active"]) == {"create_429"}
    url = f"{api.sandbox.url}/sandbox/faults"
    for wrong in ({"nonsense": 1}, {"read_500": {"share": 2}}, {"read_500": {"what": 1}}, {"read_500": "x"}):
        answer = api.plain.post(url, json=wrong)
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert api.plain.delete(url).json()["active"] == {}


# --- the account's history (v3) ------------------------------------------------------------------------------


@pytest.fixture
def v3(start_sandbox: Callable[..., SandboxServer], call: Callable[..., Caller]) -> Caller:
    return call(start_sandbox(), "v3")


def listed(api: Caller) -> list[str]:
    return [row["task_id"] for row in api.data(api.http.get("/account/usage"))["items"]]


def test_a_history_that_breaks_is_asked_again(v3: Caller) -> None:
    task = v3.create()
    v3.faults(usage_500=1)

    assert refusal(v3.http.get("/account/usage")) == (500, 9500)
    assert listed(v3) == [task]
    assert v3.stats()["history_reads"] == 2


def test_an_empty_history_hides_tasks_that_can_be_read(v3: Caller) -> None:
    task = v3.create()
    v3.faults(usage_empty=True)

    assert listed(v3) == []
    assert v3.read(task)["task_id"] == task


def test_a_late_history_shows_a_task_only_after_its_time(v3: Caller) -> None:
    early = v3.create()
    v3.advance(100)
    v3.faults(usage_late_seconds=60)
    late = v3.create()

    assert listed(v3) == [early]
    v3.advance(61)
    assert listed(v3) == [late, early]


def test_a_hidden_input_leaves_the_rest_of_a_task(api: Caller) -> None:
    task = api.create()
    api.faults(input_hidden=1)

    hidden = api.read(task)

    assert (hidden["task_id"], hidden["input"]) == (task, {})
    assert api.read(task)["input"]["prompt"] == "a low poly knight"
