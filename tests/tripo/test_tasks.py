"""What is understood of a task, a batch, the wallet and the history."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import respx

from core.errors import ReadFailedError, RejectedError
from core.tripo import Balance, ProviderStatus, ProviderTask, TripoClient, Version
from tests.tripo.conftest import (
    BASES,
    OTHER_ID,
    TASK_ID,
    balance_path,
    batch_path,
    mocked_client,
    read_path,
    success_of,
)

GLB = "https://tripo-data.rg1.data.tripo3d.com/a/b.glb?Signature=s"
OTHER_GLB = "https://tripo-data.rg1.data.tripo3d.com/a/c.glb?Signature=s"


def read(wire: respx.MockRouter, client: TripoClient, data: object, **headers: str) -> ProviderTask:
    wire.get(read_path(client.version)).respond(json={"code": 0, "data": data}, headers=headers)
    return client.read(TASK_ID)


def task_with(**parts: object) -> dict[str, object]:
    return {
        "task_id": TASK_ID,
        "type": "text_to_model",
        "status": "running",
        "output": {},
        "progress": 40,
    } | parts


def test_a_success_is_read_whole(wire: respx.MockRouter, client: TripoClient, version: Version) -> None:
    sample = success_of(version)

    task = read(wire, client, sample, **{"X-Tripo-Trace-ID": "trace-7"})

    assert task.task_id == TASK_ID
    assert task.type == "text_to_model"
    assert task.status is ProviderStatus.SUCCESS
    assert task.model_url is not None
    assert task.model_url.endswith(".glb?Policy=p&Signature=s")
    assert task.image_url is not None
    assert ".webp" in task.image_url
    assert task.progress == 100
    assert task.credits == Decimal(30)
    assert task.created_at == datetime(2026, 1, 20, 5, 55, 19, tzinfo=UTC)
    assert (task.seconds_left, task.queue_position, task.error_code) == (None, None, None)
    assert task.input["prompt"] == "a knight"
    assert task.trace_id == "trace-7"


@pytest.mark.parametrize(
    ("word", "status", "is_final"),
    [
        ("queued", ProviderStatus.QUEUED, False),
        ("running", ProviderStatus.RUNNING, False),
        ("success", ProviderStatus.SUCCESS, True),
        ("failed", ProviderStatus.FAILED, True),
        ("banned", ProviderStatus.BANNED, True),
        ("expired", ProviderStatus.EXPIRED, True),
        ("cancelled", ProviderStatus.CANCELLED, True),
        ("canceled", ProviderStatus.CANCELLED, True),
        ("unknown", ProviderStatus.UNKNOWN, False),
        ("marinating", ProviderStatus.UNLISTED, False),
        ("unlisted", ProviderStatus.UNLISTED, False),
    ],
)
def test_each_status_is_understood_and_a_new_one_is_never_an_end(
    wire: respx.MockRouter, client: TripoClient, word: str, status: ProviderStatus, is_final: bool
) -> None:
    task = read(wire, client, task_with(status=word))

    assert (task.status, task.raw_status, task.status.is_final) == (status, word, is_final)


@pytest.mark.parametrize(
    "output",
    [
        {"pbr_model": GLB, "model": OTHER_GLB, "base_model": OTHER_GLB},
        {"model": GLB, "base_model": OTHER_GLB},
        {"base_model": GLB},
        {"pbr_model": {"type": "glb", "url": GLB}, "model": OTHER_GLB},
        {"pbr_model": None, "model": {"url": GLB}},
        {"pbr_model": "", "model": [GLB]},
        {"model_url": GLB},
        {"model_urls": [GLB, OTHER_GLB]},
    ],
)
def test_the_best_model_is_picked_from_every_shape(
    wire: respx.MockRouter, client: TripoClient, output: dict[str, object]
) -> None:
    assert read(wire, client, task_with(status="success", output=output)).model_url == GLB


def test_the_result_stands_in_for_a_missing_output(wire: respx.MockRouter, client: TripoClient) -> None:
    result = {"pbr_model": {"type": "glb", "url": GLB}, "rendered_image": {"type": "webp", "url": OTHER_GLB}}

    task = read(wire, client, task_with(status="success", output=None, result=result))

    assert (task.model_url, task.image_url) == (GLB, OTHER_GLB)


@pytest.mark.parametrize(
    "parts",
    [
        {"output": {}},
        {"output": None},
        {"output": "https://tripo3d.com/a.glb"},
        {"output": {"pbr_model": {"url": None}, "model": 5, "base_model": "model.glb", "model_urls": []}},
        {"output": {"rendered_image": GLB}},
        {"output": {}, "result": {}},
    ],
)
def test_a_success_without_a_model_file_has_none(
    wire: respx.MockRouter, client: TripoClient, parts: dict[str, object]
) -> None:
    task = read(wire, client, task_with(status="success", **parts))

    assert (task.status, task.model_url) == (ProviderStatus.SUCCESS, None)


@pytest.mark.parametrize(
    ("output", "riggable", "rig_type"),
    [
        ({"riggable": True, "rig_type": "biped"}, True, "biped"),
        ({"riggable": False, "rig_type": "others"}, False, "others"),
        ({"riggable": True, "topology": "avian"}, True, "avian"),
        ({"riggable": True, "rig_type": "aquatic", "topology": "biped"}, True, "aquatic"),
        ({"riggable": "yes", "rig_type": 5}, None, None),
        ({"riggable": False, "rig_type": "x" * 33}, False, None),
        ({}, None, None),
    ],
)
def test_a_rig_check_says_what_it_found(
    wire: respx.MockRouter,
    client: TripoClient,
    output: dict[str, object],
    riggable: bool | None,
    rig_type: str | None,
) -> None:
    task = read(wire, client, task_with(type="animate_prerigcheck", status="success", output=output))

    assert (task.riggable, task.rig_type, task.model_url) == (riggable, rig_type, None)


@pytest.mark.parametrize(
    ("parts", "name", "value"),
    [
        ({"progress": 140}, "progress", 100),
        ({"progress": -3}, "progress", 0),
        ({"progress": "55"}, "progress", 55),
        ({"progress": None}, "progress", 0),
        ({"progress": True}, "progress", 0),
        ({"progress": 41.9}, "progress", 41),
        ({"progress": 99, "status": "success"}, "progress", 100),
        ({"running_left_time": 12}, "seconds_left", 12.0),
        ({"running_left_time": 0}, "seconds_left", 0.0),
        ({"running_left_time": -1}, "seconds_left", None),
        ({"running_left_time": 10**9}, "seconds_left", None),
        ({"running_left_time": "soon"}, "seconds_left", None),
        ({"queuing_num": 3}, "queue_position", 3),
        ({"queuing_num": -1}, "queue_position", None),
        ({"queue_position": 2}, "queue_position", 2),
        ({"queuing_num": 1.5}, "queue_position", None),
        ({"error_code": 1004}, "error_code", 1004),
        ({"error": {"code": "2018", "message": "waited too long"}}, "error_code", 2018),
        ({"error": {"code": "2018", "message": "waited too long"}}, "error_message", "waited too long"),
        ({"error_msg": "too odd"}, "error_message", "too odd"),
        ({"error_message": "too odd", "error_msg": "x"}, "error_message", "too odd"),
        ({"consumed_credit": 30}, "credits", Decimal(30)),
        ({"credits_consumed": 12.5}, "credits", Decimal("12.5")),
        ({"credits_consumed": "12.50"}, "credits", Decimal("12.50")),
        ({"credits_consumed": -5}, "credits", None),
        ({"credits_consumed": 1e300}, "credits", None),
        ({"credits_consumed": "many"}, "credits", None),
        ({"create_time": 1768888519}, "created_at", datetime(2026, 1, 20, 5, 55, 19, tzinfo=UTC)),
        ({"create_time": 1768888519000}, "created_at", datetime(2026, 1, 20, 5, 55, 19, tzinfo=UTC)),
        (
            {"created_at": "2026-01-20T06:55:19+01:00"},
            "created_at",
            datetime(2026, 1, 20, 5, 55, 19, tzinfo=UTC),
        ),
        ({"created_at": "2026-01-20T05:55:19"}, "created_at", datetime(2026, 1, 20, 5, 55, 19, tzinfo=UTC)),
        ({"created_at": "yesterday"}, "created_at", None),
        ({"created_at": 0}, "created_at", None),
        ({"create_time": 10**40}, "created_at", None),
        ({"type": None}, "type", ""),
        ({"input": "x"}, "input", {}),
    ],
)
def test_each_field_is_read_and_nonsense_is_left_out(
    wire: respx.MockRouter, client: TripoClient, parts: dict[str, object], name: str, value: object
) -> None:
    assert getattr(read(wire, client, task_with(**parts)), name) == value


def test_numbers_that_json_does_not_have_are_left_out(wire: respx.MockRouter, client: TripoClient) -> None:
    content = b'{"code": 0, "data": {"status": "running", "progress": NaN, "consumed_credit": Infinity}}'
    wire.get(read_path(client.version)).respond(content=content)

    task = client.read(TASK_ID)

    assert (task.progress, task.credits, task.task_id) == (0, None, TASK_ID)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        {"task_id": TASK_ID},
        {"status": ""},
        {"status": 5},
        {"status": "x" * 101},
        task_with(task_id=OTHER_ID),
    ],
)
def test_what_is_no_task_or_another_one_is_a_failed_read(
    wire: respx.MockRouter, client: TripoClient, data: object
) -> None:
    with pytest.raises(ReadFailedError, match="unexpected shape"):
        read(wire, client, data)


@pytest.mark.parametrize(
    "data",
    [
        {"tasks": {TASK_ID: task_with(), "stranger": task_with(task_id="stranger")}, "missed": [OTHER_ID]},
        {"tasks": {TASK_ID: {"status": "running", "progress": 40}}, "missed": [OTHER_ID]},
        {"tasks": [task_with()], "missed": [OTHER_ID]},
        {"tasks": [task_with()]},
        [task_with()],
    ],
)
def test_a_batch_is_read_in_every_shape(
    wire: respx.MockRouter, client: TripoClient, version: Version, data: object
) -> None:
    wire.post(batch_path(version)).respond(
        json={"code": 0, "data": data}, headers={"X-Tripo-Trace-ID": "trace-9"}
    )

    answers = client.read_many([TASK_ID, OTHER_ID])

    assert list(answers.tasks) == [TASK_ID]
    assert (answers.tasks[TASK_ID].progress, answers.tasks[TASK_ID].trace_id) == (40, "trace-9")
    assert (answers.missed, answers.broken) == ((OTHER_ID,), ())


@pytest.mark.parametrize(
    "data",
    [
        {"tasks": {TASK_ID: task_with(), OTHER_ID: "oops"}, "missed": []},
        {"tasks": {TASK_ID: task_with(), OTHER_ID: task_with()}},
        {"tasks": [task_with(), {"task_id": OTHER_ID}, 7, None]},
        {"tasks": {TASK_ID: task_with()}, "missed": []},
    ],
)
def test_one_unreadable_task_never_costs_the_others(
    wire: respx.MockRouter, client: TripoClient, version: Version, data: object
) -> None:
    wire.post(batch_path(version)).respond(json={"code": 0, "data": data})

    answers = client.read_many([TASK_ID, OTHER_ID])

    assert list(answers.tasks) == [TASK_ID]
    assert (answers.missed, answers.broken) == ((), (OTHER_ID,))


@pytest.mark.parametrize("data", [None, {}, {"tasks": None}, {"tasks": "x"}, 3])
def test_a_batch_without_tasks_is_a_failed_read(
    wire: respx.MockRouter, client: TripoClient, version: Version, data: object
) -> None:
    wire.post(batch_path(version)).respond(json={"code": 0, "data": data})

    with pytest.raises(ReadFailedError):
        client.read_many([TASK_ID])


@pytest.mark.parametrize(
    ("data", "balance"),
    [
        ({"balance": 1234, "frozen": 60}, Balance(balance=Decimal(1234), frozen=Decimal(60))),
        ({"balance": 12.5}, Balance(balance=Decimal("12.5"), frozen=Decimal(0))),
    ],
)
def test_the_wallet_is_read(
    wire: respx.MockRouter, client: TripoClient, version: Version, data: dict[str, Any], balance: Balance
) -> None:
    wire.get(balance_path(version)).respond(json={"code": 0, "data": data})

    assert client.balance() == balance


@pytest.mark.parametrize("data", [None, {}, {"balance": None}, {"balance": True}, []])
def test_a_wallet_without_a_balance_is_a_failed_read(
    wire: respx.MockRouter, client: TripoClient, version: Version, data: object
) -> None:
    wire.get(balance_path(version)).respond(json={"code": 0, "data": data})

    with pytest.raises(ReadFailedError):
        client.balance()


ROW = {
    "task_id": TASK_ID, "type": "text_to_model", "status": "success", "credits": 20, "created_at": "2026-01-20T05:55:19Z"
}  # fmt: skip


OTHER_WORDS = {
    "id": TASK_ID, "task_type": "text_to_model", "status": "success", "credits_consumed": "20.0", "time": 1768888519
}  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [{"items": [ROW, "x", {}]}, [ROW], {"records": [ROW]}, {"total": 1, "rows": [ROW]}, [OTHER_WORDS]],
)
def test_the_history_names_tasks_that_were_created(wire: respx.MockRouter, data: object) -> None:
    route = wire.get(BASES["v3"] + "/account/usage").respond(json={"code": 0, "data": data})

    with mocked_client("v3") as client:
        rows = client.usage(limit=20, offset=40)

    assert dict(route.calls.last.request.url.params) == {"limit": "20", "offset": "40"}
    [row] = rows
    assert (row.task_id, row.type, row.credits) == (TASK_ID, "text_to_model", Decimal(20))
    assert (row.status, row.created_at) == (
        ProviderStatus.SUCCESS,
        datetime(2026, 1, 20, 5, 55, 19, tzinfo=UTC),
    )


def test_a_history_row_may_lack_all_but_its_id(wire: respx.MockRouter) -> None:
    wire.get(BASES["v3"] + "/account/usage").respond(json={"code": 0, "data": [{"task_id": TASK_ID}]})

    with mocked_client("v3") as client:
        [row] = client.usage()

    assert (row.task_id, row.status, row.credits, row.created_at) == (TASK_ID, None, None, None)


@pytest.mark.parametrize("data", [None, {}, {"items": None}, 5])
def test_a_history_without_rows_is_a_failed_read(wire: respx.MockRouter, data: object) -> None:
    wire.get(BASES["v3"] + "/account/usage").respond(json={"code": 0, "data": data})

    with mocked_client("v3") as client, pytest.raises(ReadFailedError):
        client.usage()


def test_v2_says_plainly_that_it_has_no_history() -> None:
    with mocked_client("v2") as v2, mocked_client("v3") as v3:
        assert (v2.has_usage, v3.has_usage) == (False, True)
        with pytest.raises(RejectedError, match="no account history"):
            v2.usage()


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (201, 0), (1, -1)])
def test_a_senseless_page_of_history_is_our_own_fault(client: TripoClient, limit: int, offset: int) -> None:
    with pytest.raises(ValueError, match="a page is"):
        client.usage(limit, offset)
