"""`python -m core alerts test` says of each address whether it takes a message."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.alerts.commands import app
from tests.alerts.service import Service


def test_each_address_is_tried_out(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATCHERY_ENV_FILE", "")
    monkeypatch.setenv("HATCHERY_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/hatchery.db")
    monkeypatch.setenv("ALERT_URLS", service.address)

    well = CliRunner().invoke(app, ["test"])
    service.status = 403
    refused = CliRunner().invoke(app, ["test", "ALERT_URLS 1"])
    unknown = CliRunner().invoke(app, ["test", "nobody"])

    assert (well.exit_code, well.output) == (0, "ALERT_URLS 1 (json): the message was taken.\n")
    assert refused.exit_code == 1
    assert "The service answered with HTTP 403" in refused.output
    assert unknown.exit_code == 1
    assert len(service.messages) == 1
