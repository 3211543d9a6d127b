"""`python -m tests.install_browser`: brings a Chromium for the browser tests, unless there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-liberation")  # without a font, pages have no letters
APT = ("apt-get", "--yes", "--quiet", "-o", "DPkg::Lock::Timeout=120")


def find_browser() -> Path | None:
    """The browser that tests drive: one on the PATH, else Playwright's own; None when neither starts."""
    found = [Path(path) for path in map(shutil.which, NAMES) if path]
    return next((path for path in [*found, *_of_playwright()] if _starts(path)), None)


def main() -> int:
    """Find a browser or install one; returns the exit code."""
    browser = find_browser()
    for install in (_from_debian, _from_playwright):
        if browser is None:
            install()
            browser = find_browser()
    if browser is None:
        sys.stderr.write(
            "No browser could be installed; put Chromium on the PATH (Debian: apt-get install chromium).\n"
        )
        return 1
    sys.stdout.write(f"Tests drive {browser}.\n")
    return 0


def _of_playwright() -> list[Path]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return [Path(playwright.chromium.executable_path)]


def _starts(path: Path) -> bool:
    """Some systems ship a stand-in that only tells how to install the real one: ask it for its version."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _from_debian() -> None:
    rights = _administrator()
    if rights is None or shutil.which("apt-get") is None:
        return
    sys.stdout.write("Installing Chromium with apt-get ...\n")
    sys.stdout.flush()
    _run([*rights, *APT, "update"])
    _run([*rights, *APT, "install", "--no-install-recommends", *PACKAGES])


def _from_playwright() -> None:
    sys.stdout.write("Installing Playwright's Chromium ...\n")
    sys.stdout.flush()
    playwright = [sys.executable, "-m", "playwright"]
    if _administrator() is not None and shutil.which("apt-get") is not None:
        _run([*playwright, "install-deps", "chromium"])
    _run([*playwright, "install", "chromium"])


def _administrator() -> list[str] | None:
    """What to put before a command that needs an administrator; None when we cannot be one without asking."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "--non-interactive"]
    allowed = shutil.which("sudo") and not subprocess.run([*sudo, "true"], capture_output=True).returncode
    return sudo if allowed else None


def _run(command: list[str]) -> bool:
    """Run it, showing what it says only when it goes wrong."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=900, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{' '.join(command)}: {error}\n")
        return False
    if run.returncode:
        sys.stderr.write(f"{run.stdout[-2000:]}{run.stderr[-2000:]}\n")
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
