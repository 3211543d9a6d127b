"""Nothing that we say or log opens a door."""

from __future__ import annotations

import logging

import pytest
import respx

from core.errors import TripoError
from core.tripo import Generate, TripoClient, Version
from tests.tripo.conftest import KEY, TASK_ID, create_path, read_path, success_of

ORDER = Generate(prompt="a secret knight")


def test_no_log_line_has_a_key_a_signed_link_or_a_prompt(
    wire: respx.MockRouter, client: TripoClient, version: Version, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wire.get(read_path(version)).respond(json={"code": 0, "data": success_of(version)})
    wire.post(create_path(version)).respond(
        400,
        json={"code": 2008, "message": f"no {KEY}"},
        headers={"X-Tripo-Trace-ID": "trace-1\r\nforged line"},
    )
    wire.get(url__startswith="https://tripo-data").respond(403)

    task = client.read(TASK_ID)
    with pytest.raises(TripoError) as caught:
        client.create(ORDER)
    with pytest.raises(TripoError):
        client.download(str(task.model_url), lambda _: None)

    ours = [record for record in caplog.records if record.name == "hatchery.tripo"]
    assert [record.levelno for record in ours] == [logging.DEBUG, logging.INFO, logging.INFO]
    assert TASK_ID in ours[0].getMessage()
    assert "code 2008" in ours[1].getMessage()
    assert "trace-1" in ours[1].getMessage()
    assert "tripo_pbr_model_a.glb: HTTP 403" in ours[2].getMessage()
    said = caplog.text + repr(caught.value) + str(caught.value) + caught.value.suggestion
    for secret in (KEY, "Signature", "Policy", "secret knight", "\nforged"):
        assert secret not in said


def test_no_value_shows_a_key_a_link_or_a_prompt(
    wire: respx.MockRouter, client: TripoClient, version: Version
) -> None:
    wire.get(read_path(version)).respond(json={"code": 0, "data": success_of(version)})

    shown = repr(client) + str(client) + repr(ORDER) + str(ORDER) + repr(client.read(TASK_ID))

    for secret in (KEY, "Signature", "a knight", "secret knight"):
        assert secret not in shown
