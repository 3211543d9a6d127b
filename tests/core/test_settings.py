from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import SettingsError
from core.settings import ROOT, Settings, load_settings
from tests.bare_environment import names_in_environment


@pytest.fixture(autouse=True)
def env_file(monkeypatch, tmp_path):
    monkeypatch.setenv("HATCHERY_ENV_FILE", str(tmp_path / ".env"))


@pytest.fixture
def write_env(tmp_path):
    return (tmp_path / ".env").write_text


def example_lines() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text()
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_names_exactly_the_fields_of_settings():
    assert sorted(example_lines()) == sorted(names_in_environment())


def test_each_setting_of_the_example_stands_below_a_comment_of_its_own():
    lines = (ROOT / ".env.example").read_text().splitlines()

    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), f"{line} has no comment"


def test_the_example_gives_the_defaults_and_so_runs_against_the_sandbox(write_env):
    without_file = load_settings()

    write_env((ROOT / ".env.example").read_text())

    assert load_settings() == without_file
    assert without_file.tripo_api_key.get_secret_value() == ""


def test_the_environment_wins_over_the_file(monkeypatch, write_env):
    write_env("HATCHERY_PORT=9001\nSANDBOX_PORT=9002\n")
    monkeypatch.setenv("HATCHERY_PORT", "9003")

    settings = load_settings()

    assert (settings.hatchery_port, settings.sandbox_port) == (9003, 9002)


def test_an_empty_setting_counts_as_not_set(monkeypatch, write_env):
    write_env("HATCHERY_PORT=9001\n")
    monkeypatch.setenv("HATCHERY_PORT", "")

    assert load_settings().hatchery_port == 9001


@pytest.mark.parametrize("typed", ["tsk_abc123", "  tsk_abc123 ", "'tsk_abc123'", '" tsk_abc123 "'])
def test_a_key_loses_the_spaces_and_quotes_around_it(monkeypatch, typed):
    monkeypatch.setenv("TRIPO_API_KEY", typed)

    assert load_settings().tripo_api_key.get_secret_value() == "tsk_abc123"


@pytest.mark.parametrize("typed", ["tsk-abc123", "tcli_abc123"])
def test_a_key_of_the_wrong_form_is_refused_with_a_sentence_that_names_the_fault(monkeypatch, typed):
    monkeypatch.setenv("TRIPO_API_KEY", typed)

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert typed[:4] in refusal.value.message
    assert "TRIPO_API_KEY" in refusal.value.suggestion
    assert "abc123" not in refusal.value.message + refusal.value.suggestion


def test_a_key_never_shows_in_the_settings_text(monkeypatch):
    monkeypatch.setenv("TRIPO_API_KEY", "tsk_opens_the_door")

    assert "opens_the_door" not in repr(load_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRIPO_API_VERSION", "v4"),
        ("TRIPO_API_BASE", "openapi.tripo3d.ai/v3"),
        ("HATCHERY_PORT", "eighty"),
        ("HATCHERY_PORT", "70000"),
        ("SANDBOX_SPEED", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_setting(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00tsk")

    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_plain_postgresql_means_psycopg2(monkeypatch, scheme):
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://ann:secret@db.example/hatchery")

    assert load_settings().sqlalchemy_url == "postgresql+psycopg2://ann:secret@db.example/hatchery"


@pytest.mark.parametrize(
    "url", ["mysql://db.example/x", "hatchery.db", "postgresql+nothing://x/y", "postgresql://x:port/y"]
)
def test_a_database_that_is_not_spoken_is_refused(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(SettingsError, match="DATABASE_URL"):
        _ = load_settings().sqlalchemy_url


def test_relative_paths_count_from_the_root_wherever_it_was_started(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HATCHERY_VAR", "elsewhere")

    settings = load_settings()

    assert settings.sqlalchemy_url == f"sqlite:///{ROOT}/var/hatchery.db"
    assert settings.var_dir == ROOT / "elsewhere"
    assert settings.vault_url == (ROOT / "elsewhere" / "artifacts").as_uri()


def test_a_vault_can_be_named_by_a_path_or_an_address(monkeypatch, tmp_path):
    monkeypatch.setenv("ARTIFACTS_URL", str(tmp_path))
    assert load_settings().vault_url == tmp_path.as_uri()

    monkeypatch.setenv("ARTIFACTS_URL", "s3://models/hatchery")
    assert load_settings().vault_url == "s3://models/hatchery"


def test_the_secret_is_made_once_and_for_this_account_only(tmp_path):
    settings = Settings(var_dir=tmp_path / "new")

    first = settings.secret()

    assert len(first) > 30
    assert Settings(var_dir=tmp_path / "new").secret() == first
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_two_processes_that_start_at_once_get_the_same_secret(tmp_path):
    command = [sys.executable, "-c", "from core.settings import Settings; print(Settings().secret())"]
    environment = {**os.environ, "HATCHERY_VAR": str(tmp_path)}

    def ask(_: int) -> str:
        return subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    with ThreadPoolExecutor(2) as starters:
        answers = set(starters.map(ask, range(2)))

    assert len(answers) == 1


def test_threads_that_ask_at_once_get_the_same_secret(tmp_path):
    with ThreadPoolExecutor(16) as askers:
        answers = set(askers.map(lambda _: Settings(var_dir=tmp_path).secret(), range(64)))

    assert len(answers) == 1


def test_a_secret_that_is_set_is_the_one(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "chosen")

    assert Settings(var_dir=tmp_path).secret() == "chosen"
    assert not list(tmp_path.iterdir())


def test_a_shared_database_needs_a_secret_that_all_machines_know(tmp_path):
    settings = Settings(var_dir=tmp_path, database_url="postgresql://db.example/hatchery")

    with pytest.raises(SettingsError, match="SECRET_KEY"):
        settings.secret()


def test_an_empty_secret_file_is_refused_rather_than_used(tmp_path):
    (tmp_path / "secret_key").touch()

    with pytest.raises(SettingsError, match="is empty"):
        Settings(var_dir=tmp_path).secret()


def test_a_place_where_no_secret_can_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="cannot be read or made"):
        Settings(var_dir=tmp_path / "file").secret()
