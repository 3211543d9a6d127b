from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import ROOT


@pytest.fixture
def machine(tmp_path):
    """A machine that has the programs that a test puts on it, and no others."""
    programs = tmp_path / "bin"
    programs.mkdir()

    def put(name: str, script: str) -> Path:
        path = programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def install() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tests.install_browser"],
            env={
                **os.environ,
                "PATH": str(programs),
                "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"),
                "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",  # where nobody listens
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    # An administrator without being one: apt-get is asked for, and is the test's own.
    put("sudo", 'shift; exec "$@"')
    put("true", "exit 0")
    machine = type("Machine", (), {"put": staticmethod(put), "install": staticmethod(install)})
    machine.programs = programs
    return machine


def test_a_browser_that_starts_is_enough(machine):
    chromium = machine.put("chromium", "echo Chromium 1")
    machine.put("apt-get", "exit 1")

    run = machine.install()

    assert run.returncode == 0, run.stderr
    assert run.stdout == f"Tests drive {chromium}.\n"


def test_debian_brings_one_when_what_is_there_does_not_start(machine):
    machine.put("chromium-browser", "echo install the real one; exit 1")
    machine.put("ready-chromium", "echo Chromium 1")
    machine.put(
        "apt-get",
        'case "$*" in *install*chromium*) /bin/mv "${0%/*}/ready-chromium" "${0%/*}/chromium";; esac',
    )

    run = machine.install()

    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith(f"Tests drive {machine.programs}/chromium.\n")


def test_no_browser_is_a_failure_with_a_sentence(machine):
    machine.put("apt-get", "exit 100")

    run = machine.install()

    assert run.returncode == 1
    assert "No browser could be installed" in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr
