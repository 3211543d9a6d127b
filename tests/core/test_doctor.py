from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core import heartbeat
from core.__main__ import app
from core.database import Database
from core.doctor import balance_findings, examine, provider_findings, state_findings
from core.errors import SettingsError
from core.models import utc_now
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.settings import ROOT, Settings
from core.startup import Finding, answers, port_finding, reachable_host, startup_findings
from core.up import up
from tests.core.started_process import free_port

KEY = "tsk_0123456789abcdefWXYZ"


@pytest.fixture
def make_settings(tmp_path):
    """Settings that work, in a folder of their own."""

    def make(**changes: object) -> Settings:
        values = {
            "var_dir": tmp_path / "var",
            "database_url": f"sqlite:///{tmp_path}/hatchery.db",
            "hatchery_port": free_port(),
            "sandbox_port": free_port(),
        }
        return Settings.model_validate(values | changes)

    return make


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def sandbox():
    with SandboxServer(SandboxConfig()) as server:
        yield server


def the_wrong_one(findings: list[Finding]) -> Finding:
    bad = [finding for finding in findings if not finding.ok]
    assert len(bad) == 1, bad
    assert bad[0].cure
    return bad[0]


def all_right(findings: list[Finding]) -> bool:
    return bool(findings) and all(finding.ok for finding in findings)


# What `make up` insists on


def test_settings_that_work_are_found_right(make_settings):
    assert all_right(startup_findings(make_settings()))
    assert all_right(provider_findings(make_settings()))


def test_the_checks_leave_no_file_behind(make_settings, tmp_path):
    startup_findings(make_settings())

    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert {name for name in left if "hatchery.db" not in name} == {"var", "var/artifacts"}


def test_a_state_folder_that_cannot_be_written_is_named(make_settings, tmp_path):
    (tmp_path / "file").touch()
    settings = make_settings(var_dir=tmp_path / "file" / "var", artifacts_url=(tmp_path / "vault").as_uri())

    finding = the_wrong_one([f for f in startup_findings(settings) if "SECRET" not in f.sentence])

    assert finding.fatal
    assert f"{tmp_path}/file/var cannot be written" in finding.sentence
    assert "HATCHERY_VAR" in finding.cure


@pytest.mark.parametrize(
    ("url", "is_fatal"), [("file:///dev/null/vault", True), ("nothing://bucket/models", False)]
)
def test_a_vault_that_cannot_be_written_is_named(make_settings, url, is_fatal):
    finding = the_wrong_one(startup_findings(make_settings(artifacts_url=url)))

    assert finding.fatal == is_fatal
    assert url in finding.sentence
    assert "ARTIFACTS_URL" in finding.cure


def test_a_vault_that_is_no_folder_can_be_right(make_settings):
    assert all_right(startup_findings(make_settings(artifacts_url="memory://vault")))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////dev/null/hatchery.db",
        "postgresql://ann:secret@127.0.0.1:1/hatchery",
        "mysql://db.example/hatchery",
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(make_settings, url):
    finding = the_wrong_one(
        [f for f in startup_findings(make_settings(database_url=url, secret_key="x")) if "file" not in f]
    )

    assert finding.fatal
    assert "database" in finding.sentence.lower()
    assert "secret" not in finding.as_text()


def test_a_file_that_is_no_database_is_named(make_settings, tmp_path):
    (tmp_path / "hatchery.db").write_text("these are no tables" * 100)

    finding = the_wrong_one(startup_findings(make_settings()))

    assert f"The database at {tmp_path}/hatchery.db cannot be reached." in finding.sentence


def test_a_shared_database_without_a_secret_is_refused(make_settings):
    findings = startup_findings(make_settings(database_url="postgresql://127.0.0.1:1/hatchery"))

    assert any(finding.fatal and "SECRET_KEY is not set" in finding.sentence for finding in findings)


def test_a_secret_that_others_can_read_is_noted(make_settings):
    settings = make_settings()
    settings.secret()
    settings.secret_file.chmod(0o644)

    finding = the_wrong_one(startup_findings(settings))

    assert not finding.fatal
    assert "chmod 600" in finding.cure


@pytest.mark.parametrize("setting", ["hatchery_port", "sandbox_port"])
def test_a_taken_port_is_named_by_its_setting(make_settings, taken_port, setting):
    finding = the_wrong_one(startup_findings(make_settings(**{setting: taken_port})))

    assert finding.fatal
    assert f"Port {taken_port} on 127.0.0.1 is taken ({setting.upper()})." in finding.sentence


def test_the_sandbox_port_may_be_taken_when_a_key_is_set(make_settings, taken_port):
    settings = make_settings(sandbox_port=taken_port, tripo_api_key=KEY)

    assert all_right(startup_findings(settings))


def test_one_port_cannot_be_two_things(make_settings):
    finding = the_wrong_one(startup_findings(make_settings(hatchery_port=9999, sandbox_port=9999)))

    assert "the same port" in finding.sentence


def test_a_port_of_ours_counts_as_right_for_the_doctor_alone(sandbox):
    port = int(sandbox.url.rpartition(":")[2])
    health = f"{sandbox.url}/sandbox/health"

    assert port_finding("SANDBOX_PORT", "127.0.0.1", port, health).ok
    assert not port_finding("SANDBOX_PORT", "127.0.0.1", port).ok


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_host_that_is_not_this_machine_is_named(make_settings, host):
    finding = the_wrong_one(startup_findings(make_settings(hatchery_host=host)))

    assert f"HATCHERY_HOST: {host} is no address of this machine." in finding.sentence


def test_a_dead_address_does_not_answer():
    assert not answers(f"http://127.0.0.1:{free_port()}/")
    assert not answers("nonsense")


@pytest.mark.parametrize(
    ("host", "reached_at"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("box", "box")],  # noqa: S104
)
def test_what_listens_everywhere_is_reached_on_loopback(host, reached_at):
    assert reachable_host(host) == reached_at


# Key, version, address, file hosts


def test_an_address_without_a_key_is_noted_as_ignored(make_settings):
    finding = the_wrong_one(provider_findings(make_settings(tripo_api_base="https://gateway.example/v3")))

    assert not finding.fatal
    assert "ignores it" in finding.sentence


@pytest.mark.parametrize(
    ("version", "base", "is_fatal", "words"),
    [
        ("v3", "https://api.tripo3d.ai/v2/openapi", True, "an address of v2"),
        ("v2", "https://openapi.tripo3d.ai/v3", True, "an address of v3"),
        ("v2", "", False, "end of v2 for 2026-10-31"),
        ("v3", "http://127.0.0.1:8600/v3", False, "leads to this machine"),
        ("v3", "http://gateway.example/v3", False, "unencrypted"),
    ],
)
def test_a_key_that_does_not_fit_version_or_address_is_named(make_settings, version, base, is_fatal, words):
    settings = make_settings(tripo_api_key=KEY, tripo_api_version=version, tripo_api_base=base)

    finding = the_wrong_one(provider_findings(settings))

    assert finding.fatal == is_fatal
    assert words in finding.sentence


def test_the_sandbox_key_is_never_for_the_real_provider(make_settings):
    finding = the_wrong_one(provider_findings(make_settings(tripo_api_key="tsk_sandbox")))

    assert finding.fatal
    assert "sandbox" in finding.sentence


@pytest.mark.parametrize("hosts", ["https://files.example", "files.example/models", "two words"])
def test_a_file_host_that_is_none_is_named(make_settings, hosts):
    finding = the_wrong_one(provider_findings(make_settings(tripo_file_hosts=f".tripo3d.com, {hosts}")))

    assert finding.fatal
    assert f"TRIPO_FILE_HOSTS: {hosts} is no host name." in finding.sentence


# The database's state and the provider's answer


def test_an_empty_database_is_noted(make_settings):
    sentences = [finding.sentence for finding in state_findings(make_settings()) if not finding.ok]

    assert sentences == ["The database has no tables yet."]


def test_the_doctor_sees_whether_a_poller_is_alive(make_settings):
    settings = make_settings()
    database = Database(settings.sqlalchemy_url)
    database.migrate()
    seen = []

    for silent_for in (None, timedelta(hours=1), timedelta(0)):
        if silent_for is not None:
            with database.transaction() as session:
                now = utc_now() - silent_for
                heartbeat.beat(session, "poller-1", "poller", now, {}, now)
        seen.append([finding.ok for finding in state_findings(settings)])

    assert seen == [[True, False], [True, False], [True, True]]
    database.close()


def test_a_key_that_the_provider_takes_is_right(make_settings, sandbox):
    settings = make_settings(tripo_api_key="tsk_sandbox", tripo_api_base=sandbox.v3_base)

    (finding,) = balance_findings(settings)

    assert finding.ok
    assert "10,000 credits left" in finding.sentence


def test_a_key_that_the_provider_refuses_is_wrong_and_not_printed(make_settings, sandbox):
    (finding,) = balance_findings(make_settings(tripo_api_key=KEY, tripo_api_base=sandbox.v3_base))

    assert finding.fatal
    assert not finding.ok
    assert "0123456789" not in finding.as_text()


def test_a_provider_that_cannot_be_reached_is_wrong(make_settings):
    base = f"http://127.0.0.1:{free_port()}/v3"

    finding = the_wrong_one(balance_findings(make_settings(tripo_api_key=KEY, tripo_api_base=base)))

    assert finding.fatal


def test_a_database_that_does_not_answer_has_no_state(make_settings):
    assert state_findings(make_settings(database_url="postgresql://127.0.0.1:1/hatchery")) == []


def test_without_a_key_nobody_is_asked(make_settings):
    assert balance_findings(make_settings()) == []


# The commands


def core_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "HATCHERY_VAR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "HATCHERY_PORT": str(settings.hatchery_port),
        "SANDBOX_PORT": str(settings.sandbox_port),
    }


def test_doctor_says_in_sentences_that_all_is_right(make_settings):
    environment = environment_of(make_settings())
    assert core_command("migrate", **environment).returncode == 0

    run = core_command("doctor", **environment)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "right   The SQLite database answers." in run.stdout
    assert "note    No poller has run yet." in run.stdout
    assert run.stderr == ""


def test_doctor_names_what_is_wrong_and_its_cure(make_settings):
    environment = environment_of(make_settings()) | {"TRIPO_API_KEY": "tsk-0123456789"}

    run = core_command("doctor", **environment)

    assert run.returncode == 1
    assert run.stdout.startswith("WRONG   The Tripo key starts with tsk- ")
    assert "TRIPO_API_KEY" in run.stdout
    assert "0123456789" not in run.stdout + run.stderr


def test_examine_never_raises(monkeypatch, make_settings):
    for name, value in (environment_of(make_settings()) | {"TRIPO_API_KEY": "tsk_x"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRIPO_API_BASE", f"http://127.0.0.1:{free_port()}/v3")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/x.db")

    assert {finding.ok for finding in examine()} == {True, False}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"TRIPO_API_KEY": "tsk-0123456789"}, "starts with tsk- (a hyphen)"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/x", "SECRET_KEY": "x"}, "cannot be reached"),
        ({"HATCHERY_PORT": "taken"}, "is taken (HATCHERY_PORT)"),
    ],
)
def test_up_says_one_sentence_and_starts_nothing(make_settings, taken_port, change, sentence):
    change = {name: str(taken_port) if value == "taken" else value for name, value in change.items()}

    run = core_command("up", **environment_of(make_settings()) | change)

    assert run.returncode == 1
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert sentence in line
    assert "0123456789" not in line


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"var_dir": Path("/dev/null/var"), "artifacts_url": "memory://x", "secret_key": "x"},
            "cannot be written",
        ),
        (
            {"artifacts_url": "file:///dev/null/vault"},
            "The vault at file:///dev/null/vault cannot be written",
        ),
        ({"sandbox_port": "taken"}, "is taken (SANDBOX_PORT)"),
    ],
)
def test_up_refuses_what_cannot_work_in_one_sentence(make_settings, taken_port, change, sentence):
    change = {name: taken_port if value == "taken" else value for name, value in change.items()}

    with pytest.raises(SettingsError) as refusal:
        up(make_settings(**change))

    assert sentence in refusal.value.message
    assert "\n" not in refusal.value.message


def test_an_unknown_command_is_a_matter_of_usage():
    assert CliRunner().invoke(app, ["hatch"]).exit_code == 2
