"""What each documented error code means, typed here from the provider's pages and not from our tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import respx

from core.errors import (
    BusyError,
    KeyRefusedError,
    NothingHappenedError,
    OutcomeUnknownError,
    ReadFailedError,
    RejectedError,
    TaskGoneError,
    TripoError,
    WalletEmptyError,
)
from core.tripo import Generate, RigCheck, TripoClient, Version
from tests.tripo.conftest import (
    BASES,
    KEY,
    TASK_ID,
    balance_path,
    batch_path,
    create_path,
    mocked_client,
    read_path,
)

ORDER = Generate(prompt="a knight")

BOTH: list[tuple[int, int, type[TripoError], str]] = [
    (401, 1002, KeyRefusedError, "provider_key_refused"),
    (400, 1003, RejectedError, "request_malformed"),
    (400, 1004, RejectedError, "parameter_invalid"),
    (403, 1005, KeyRefusedError, "provider_key_refused"),
    (429, 1007, BusyError, "provider_busy"),
    (429, 2000, BusyError, "provider_busy"),
    (400, 2000, BusyError, "provider_busy"),
    (404, 2001, RejectedError, "source_missing"),
    (400, 2001, RejectedError, "source_missing"),
    (400, 2003, RejectedError, "image_empty"),
    (400, 2004, RejectedError, "image_unsupported"),
    (400, 2005, RejectedError, "source_not_ready"),
    (400, 2006, RejectedError, "source_unsupported"),
    (400, 2007, RejectedError, "source_not_ready"),
    (400, 2008, RejectedError, "prompt_refused"),
    (400, 2009, RejectedError, "prompt_invalid_characters"),
    (403, 2010, WalletEmptyError, "provider_wallet_empty"),
    (400, 2011, RejectedError, "source_without_model"),
    (400, 2012, RejectedError, "source_not_rigged"),
    (403, 2013, RejectedError, "priority_invalid"),
    (400, 2014, NothingHappenedError, "provider_audit_unavailable"),
    (500, 2014, NothingHappenedError, "provider_audit_unavailable"),
    (400, 2015, RejectedError, "version_retired"),
    (400, 2016, RejectedError, "task_type_retired"),
    (400, 2017, RejectedError, "version_unknown"),
    (400, 2018, RejectedError, "model_too_complex"),
    (404, 2019, RejectedError, "file_missing"),
    (400, 2021, RejectedError, "too_large"),
    (400, 2022, RejectedError, "too_large"),
    (422, 7777, RejectedError, "provider_rejected"),
    (403, 7777, RejectedError, "provider_rejected"),
    (401, 7777, KeyRefusedError, "provider_key_refused"),
    (429, 7777, BusyError, "provider_busy"),
    (500, 7777, OutcomeUnknownError, "outcome_unknown"),
    (200, 7777, OutcomeUnknownError, "outcome_unknown"),
    (408, 7777, OutcomeUnknownError, "outcome_unknown"),
    (503, 2000, OutcomeUnknownError, "outcome_unknown"),
]
CASES: list[tuple[Version, int, int, type[TripoError], str]] = [
    *(("v2", *row) for row in BOTH),
    *(("v3", *row) for row in BOTH),
    ("v2", 500, 1000, OutcomeUnknownError, "provider_server_error"),
    ("v2", 500, 1001, OutcomeUnknownError, "provider_server_error"),
    ("v2", 400, 2002, RejectedError, "task_type_unsupported"),
    ("v2", 404, 9404, NothingHappenedError, "provider_version_shut_down"),
    ("v2", 410, 9410, NothingHappenedError, "provider_version_shut_down"),
    ("v3", 401, 1000, KeyRefusedError, "provider_key_refused"),
    ("v3", 401, 1001, KeyRefusedError, "provider_key_refused"),
    ("v3", 401, 2, KeyRefusedError, "provider_key_refused"),
    ("v3", 500, 1000, OutcomeUnknownError, "outcome_unknown"),
    ("v3", 400, 2002, RejectedError, "parameter_unsupported"),
    ("v3", 404, 9404, NothingHappenedError, "provider_route_missing"),
]


def refusal(code: int) -> dict[str, object]:
    return {
        "code": code,
        "message": "The provider's own words",
        "suggestion": "theirs",
        "request_id": "request-1",
    }


@pytest.mark.parametrize(("version", "status", "code", "kind", "word"), CASES)
def test_each_code_refuses_a_create_in_its_own_way(
    wire: respx.MockRouter, version: Version, status: int, code: int, kind: type[TripoError], word: str
) -> None:
    wire.post(create_path(version)).respond(
        status, json=refusal(code), headers={"X-Tripo-Trace-ID": "trace-1"}
    )

    with mocked_client(version) as client, pytest.raises(TripoError) as caught:
        client.create(ORDER)

    error = caught.value
    assert type(error) is kind
    assert (error.code, error.provider_code, error.http_status) == (word, code, status)
    assert error.trace_id == "trace-1"
    assert error.message.endswith((".", '"'))
    assert error.suggestion.endswith(".")


@pytest.mark.parametrize(("code", "word"), [(2008, "prompt_refused"), (2010, "provider_wallet_empty")])
def test_a_refusal_at_http_200_is_a_refusal_all_the_same(
    wire: respx.MockRouter, client: TripoClient, code: int, word: str
) -> None:
    wire.post(create_path(client.version)).respond(json=refusal(code))

    with pytest.raises((RejectedError, WalletEmptyError)) as caught:
        client.create(ORDER)

    assert caught.value.code == word


@pytest.mark.parametrize(("code", "reason"), [(2000, "slots"), (1007, "rate")])
def test_a_busy_provider_says_why(
    wire: respx.MockRouter, client: TripoClient, code: int, reason: str
) -> None:
    wire.post(create_path(client.version)).respond(429, json=refusal(code), headers={"Retry-After": "7"})

    with pytest.raises(BusyError) as caught:
        client.create(ORDER)

    assert (caught.value.reason, caught.value.retry_after_seconds) == (reason, 7.0)
    assert not caught.value.stops_queue


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("2.5", 2.5),
        ("-4", 0.0),
        ("999999", 3600.0),
        ("inf", 3600.0),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_kept_within_reason(
    wire: respx.MockRouter, client: TripoClient, header: str, seconds: float | None
) -> None:
    wire.post(create_path(client.version)).respond(429, json=refusal(2000), headers={"Retry-After": header})

    with pytest.raises(BusyError) as caught:
        client.create(ORDER)

    assert caught.value.retry_after_seconds == seconds


def test_a_wait_until_a_date_counts_from_the_servers_own_clock(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    now = datetime(2031, 5, 1, 12, tzinfo=UTC)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "Retry-After": format_datetime(now + timedelta(seconds=90), usegmt=True),
    }
    wire.post(create_path(client.version)).respond(429, html="<h1>slow down</h1>", headers=headers)

    with pytest.raises(BusyError) as caught:
        client.create(ORDER)

    assert caught.value.retry_after_seconds == 90.0


def test_a_wait_until_a_date_without_a_servers_clock_counts_from_ours(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    past = "Thu, 01 Jan 2015 00:00:00 -0000"
    wire.post(create_path(client.version)).respond(429, headers={"Retry-After": past})

    with pytest.raises(BusyError) as caught:
        client.create(ORDER)

    assert caught.value.retry_after_seconds == 0.0


def test_an_audit_that_is_out_of_order_names_a_wait_of_its_own(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    wire.post(create_path(client.version)).respond(400, json=refusal(2014))

    with pytest.raises(NothingHappenedError) as caught:
        client.create(ORDER)

    assert caught.value.retry_after_seconds == 30.0


@pytest.mark.parametrize("status", [404, 405, 410, 301, 308])
def test_a_route_that_is_not_there_stops_the_queue_and_names_the_cure(
    wire: respx.MockRouter, client: TripoClient, version: Version, status: int
) -> None:
    wire.post(create_path(version)).respond(
        status, html="<h1>gone</h1>", headers={"Location": "https://example.com/"}
    )

    with pytest.raises(NothingHappenedError) as caught:
        client.create(ORDER)

    assert caught.value.stops_queue
    assert ("TRIPO_API_VERSION=v3" if version == "v2" else "TRIPO_API_BASE") in caught.value.suggestion


def test_a_gateway_that_blocks_is_proof_that_nothing_was_created(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    wire.post(create_path(client.version)).respond(403, html="<h1>forbidden</h1>")

    with pytest.raises(NothingHappenedError) as caught:
        client.create(ORDER)

    assert (caught.value.code, caught.value.stops_queue) == ("provider_blocked", False)


def test_a_key_refused_without_a_body_is_refused(wire: respx.MockRouter, client: TripoClient) -> None:
    wire.post(create_path(client.version)).respond(401)

    with pytest.raises(KeyRefusedError) as caught:
        client.create(ORDER)

    assert caught.value.stops_queue


@pytest.mark.parametrize("status", [200, 201, 302, 303, 400, 408, 413, 425, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "body", [b"", b"<html>oops</html>", b"[1]", b'"yes"', b"{", b"\xff\xfe", b"[" * 100_000]
)
def test_an_answer_that_is_not_the_providers_leaves_a_create_unknown(
    wire: respx.MockRouter, client: TripoClient, status: int, body: bytes
) -> None:
    wire.post(create_path(client.version)).respond(status, content=body)

    with pytest.raises(OutcomeUnknownError) as caught:
        client.create(ORDER)

    assert "may exist" in caught.value.message


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"code": 0, "data": {}}),
        (200, {"code": 0, "data": None}),
        (200, {"code": 0, "data": {"task_id": 17}}),
        (200, {"code": 0, "data": {"task_id": " "}}),
        (200, {"code": 0, "data": {"task_id": "x" * 500}}),
        (200, {"code": 0, "data": ["x"]}),
        (200, {"code": None, "data": {"task_id": "x"}}),
        (200, {"code": True, "data": {"task_id": "x"}}),
        (200, {"code": 0, "status": "error", "data": {"task_id": "x"}}),
        (200, {}),
        (400, {"code": 0, "data": {"task_id": "x"}}),
        (500, {"code": 0, "data": {"task_id": "x"}}),
        (400, {"message": "no code"}),
    ],
)
def test_a_yes_without_a_task_or_with_a_no_leaves_a_create_unknown(
    wire: respx.MockRouter, client: TripoClient, status: int, body: dict[str, object]
) -> None:
    wire.post(create_path(client.version)).respond(status, json=body)

    with pytest.raises(OutcomeUnknownError):
        client.create(ORDER)


def test_a_code_written_as_text_is_a_code(wire: respx.MockRouter, client: TripoClient) -> None:
    wire.post(create_path(client.version)).respond(400, json={"code": "2008"})

    with pytest.raises(RejectedError) as caught:
        client.create(ORDER)

    assert (caught.value.code, caught.value.provider_code) == ("prompt_refused", 2008)


def test_the_request_id_stands_in_for_a_missing_trace_id(wire: respx.MockRouter) -> None:
    wire.post(create_path("v3")).respond(400, json=refusal(2009))

    with mocked_client("v3") as client, pytest.raises(RejectedError) as caught:
        client.create(ORDER)

    assert caught.value.trace_id == "request-1"


def test_the_providers_own_words_are_passed_on_without_links_keys_or_line_breaks(
    wire: respx.MockRouter, client: TripoClient
) -> None:
    theirs = f"Bad\nface_limit: see https://x.tripo3d.ai/?Signature=secret for Bearer {KEY} {'very ' * 100}"
    wire.post(create_path(client.version)).respond(400, json={"code": 1004, "message": theirs})

    with pytest.raises(RejectedError) as caught:
        client.create(ORDER)

    assert 'Tripo says: "Bad face_limit: see (link) for (key) very' in caught.value.message
    assert len(caught.value.message) < 300


READS: list[tuple[Version, int, int, type[TripoError]]] = [
    ("v2", 404, 2001, TaskGoneError),
    ("v2", 400, 2001, TaskGoneError),
    ("v3", 404, 2001, TaskGoneError),
    ("v3", 200, 2001, TaskGoneError),
    ("v2", 429, 1007, BusyError),
    ("v3", 429, 2000, BusyError),
    ("v3", 429, 7777, BusyError),
    ("v2", 401, 1002, KeyRefusedError),
    ("v3", 401, 1000, KeyRefusedError),
    ("v3", 401, 7777, KeyRefusedError),
    ("v2", 403, 1005, KeyRefusedError),
    ("v2", 500, 1000, ReadFailedError),
    ("v2", 500, 1001, ReadFailedError),
    ("v3", 500, 1000, ReadFailedError),
    ("v3", 500, 2001, ReadFailedError),
    ("v2", 404, 9404, ReadFailedError),
    ("v2", 410, 9999, ReadFailedError),
    ("v3", 403, 2010, ReadFailedError),
    ("v3", 400, 1004, ReadFailedError),
    ("v3", 404, 7777, ReadFailedError),
]


@pytest.mark.parametrize(("version", "status", "code", "kind"), READS)
def test_each_code_fails_a_read_in_its_own_way(
    wire: respx.MockRouter, version: Version, status: int, code: int, kind: type[TripoError]
) -> None:
    wire.get(read_path(version)).respond(status, json=refusal(code), headers={"Retry-After": "3"})

    with mocked_client(version) as client, pytest.raises(TripoError) as caught:
        client.read(TASK_ID)

    assert type(caught.value) is kind
    assert (caught.value.http_status, caught.value.provider_code) == (status, code)
    assert caught.value.retry_after_seconds == 3.0


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 410, 500, 502, 503])
@pytest.mark.parametrize("body", [b"", b"<html>oops</html>", b"[1]", b"{"])
def test_a_read_answered_by_something_else_has_merely_failed(
    wire: respx.MockRouter, client: TripoClient, version: Version, status: int, body: bytes
) -> None:
    wire.get(read_path(version)).respond(status, content=body)
    wire.post(batch_path(version)).respond(status, content=body)
    wire.get(balance_path(version)).respond(status, content=body)

    with pytest.raises(ReadFailedError):
        client.read(TASK_ID)
    with pytest.raises(ReadFailedError):
        client.read_many([TASK_ID])
    with pytest.raises(ReadFailedError):
        client.balance()


def test_a_route_that_is_not_there_is_never_taken_for_a_task_that_is_gone(wire: respx.MockRouter) -> None:
    wire.get(read_path("v2")).respond(410, html="<h1>v2 is closed</h1>")

    with mocked_client("v2") as client, pytest.raises(ReadFailedError) as caught:
        client.read(TASK_ID)

    assert caught.value.code == "provider_version_shut_down"
    assert "TRIPO_API_VERSION=v3" in caught.value.suggestion


def test_a_missing_source_rejects_a_create_and_is_no_task_gone(wire: respx.MockRouter) -> None:
    wire.post(BASES["v3"] + "/animations/rig-check").respond(404, json=refusal(2001))

    with mocked_client("v3") as client, pytest.raises(RejectedError) as caught:
        client.create(RigCheck(source=TASK_ID))

    assert caught.value.code == "source_missing"
