"""However odd an answer is: a value or a typed error, and never a success that is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import HatcheryError, OutcomeUnknownError
from core.tripo import Created, Generate, ProviderTask, TripoClient, explain_failure
from tests.tripo.conftest import KEY, TASK_ID, VERSIONS

LINK = "https://tripo-data.rg1.data.tripo3d.com/a/b.glb?Signature=s"
KEYS = [
    "code", "data", "status", "message", "request_id", "task_id", "type", "output", "result", "input", "progress",
    "running_left_time", "queuing_num", "error", "error_code", "error_msg", "consumed_credit", "create_time",
    "created_at", "model", "pbr_model", "model_url", "model_urls", "url", "riggable", "rig_type", "tasks", "missed",
    "balance", "frozen", "items", TASK_ID,
]  # fmt: skip
WORDS = [
    "success",
    "failed",
    "error",
    "queued",
    TASK_ID,
    LINK,
    "2008",
    "",
    " ",
    "2026-01-20T05:55:19Z",
    "9" * 400,
]
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 100, 2000, 2001, 9404, 10**15, 10**400]),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
JSON = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=4)), inner, max_size=6),
    ),
    max_leaves=12,
)
TASKS = st.fixed_dictionaries(
    {"status": st.sampled_from(["success", "SUCCESS", "failed", "running", "odd"])},
    optional={key: JSON for key in KEYS if key not in ("status", "task_id")},
)
BODIES = st.one_of(
    st.binary(max_size=40),
    st.builds(lambda value: json.dumps(value).encode(), JSON),
    st.builds(lambda task: json.dumps({"code": 0, "data": task}).encode(), TASKS),
    st.builds(lambda data: json.dumps({"code": 0, "data": data}).encode(), JSON),
)
STATUSES = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 410, 429, 500, 502])
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "Date", "X-Tripo-Trace-ID", "Location", "Content-Type"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    max_size=3,
)


def clients(status: int, body: bytes, headers: dict[str, str]) -> list[TripoClient]:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body, headers=headers)

    http = httpx.Client(transport=httpx.MockTransport(answer), trust_env=False, verify=False)  # noqa: S501
    return [TripoClient(KEY, version=version, http=http) for version in VERSIONS]


def outcome_of(ask: Callable[[], Any]) -> Any:
    """What came of it: a value, or one of our errors. Any other exception fails the test."""
    try:
        return ask()
    except HatcheryError as error:
        return error


def has_link(value: Any) -> bool:
    if isinstance(value, dict):
        return any(has_link(each) for each in value.values())
    if isinstance(value, list):
        return any(has_link(each) for each in value)
    return isinstance(value, str) and value.strip().lower().startswith("http")


@settings(max_examples=100, deadline=None)
@given(status=STATUSES, body=BODIES, headers=HEADERS)
def test_no_answer_to_a_read_is_worse_than_a_typed_error(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    for client in clients(status, body, headers):
        task = outcome_of(lambda client=client: client.read(TASK_ID))
        if isinstance(task, ProviderTask):
            assert task.task_id == TASK_ID
            assert 0 <= task.progress <= 100
            assert task.model_url is None or has_link(json.loads(body))
            assert explain_failure(client.version, task.status, task.error_code, task.error_message).message
        for ask in (client.balance, lambda client=client: client.read_many([TASK_ID])):
            outcome_of(ask)
        if client.has_usage:
            outcome_of(client.usage)
        client.close()


@settings(max_examples=100, deadline=None)
@given(status=STATUSES, body=BODIES, headers=HEADERS)
def test_no_answer_to_a_create_is_taken_for_a_yes_or_a_no_that_it_is_not(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    for client in clients(status, body, headers):
        outcome = outcome_of(lambda client=client: client.create(Generate(prompt="a knight")))
        if isinstance(outcome, Created):
            assert 200 <= status < 300
            assert json.loads(body)["data"]["task_id"].strip() == outcome.task_id
        elif not isinstance(outcome, OutcomeUnknownError):
            assert 300 <= status < 500 or "code" in json.loads(body)
        client.close()
