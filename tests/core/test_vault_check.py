"""`python -m core vault verify` over a real vault: what is missing, damaged or nobody's is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.vault_commands import app
from tests.world import World


def verify(world: World, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[int, str]:
    monkeypatch.setattr("core.vault_commands.load_settings", lambda: world.settings)
    result = CliRunner().invoke(app, ["verify", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_every_fault_of_a_vault_is_named_with_its_asset_and_told_by_the_exit_code(
    make_world: Callable[..., World], each_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(database_url=each_database_url)
    world.order("crate", name="Oak crate")
    model, picture = sorted(world.run_to_the_end("crate").artifacts, key=lambda file: file.role)
    assert verify(world, monkeypatch)[0] == 0
    assert "2 files are whole" in verify(world, monkeypatch)[1]

    folder = Path(world.settings.var_dir) / "artifacts"
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / ("ab" + "0" * 62)).write_bytes(b"nobody's")
    code, said = verify(world, monkeypatch)
    assert (code, "orphaned: ab0000" in said) == (1, True)

    stored = folder / model.sha256[:2] / model.sha256
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    (folder / picture.sha256[:2] / picture.sha256).unlink()
    code, said = verify(world, monkeypatch)
    assert code == 2
    assert f"damaged: {model.sha256} (generate model of “Oak crate”" in said
    assert f"missing: {picture.sha256} (generate rendered image of “Oak crate”" in said
    assert "0 files are whole, 1 missing, 1 damaged, 1 without a row." in said

    world.faults(link_dead={"file": "picture"})
    code, said = verify(world, monkeypatch, "--fetch-again")
    assert code == 2
    assert "not fetched again: The link to the file is over" in said
    assert "1 files were fetched again." in said
    assert "1 files are whole, 1 missing, 0 damaged" in verify(world, monkeypatch)[1]

    world.no_faults()
    assert verify(world, monkeypatch, "--fetch-again")[0] == 1
    assert "2 files are whole, 0 missing, 0 damaged, 1 without a row." in verify(world, monkeypatch)[1]
    assert sum(world.creates().values()) == 1
