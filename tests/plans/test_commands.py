"""`python -m core plan ...`: what it says, what it leaves, and its exit codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from core.__main__ import main
from core.settings import SANDBOX_KEY
from tests.world import World

PLAN = """## Props
- [STATIC] Mooring Post
  - Description: Weathered oak post
- [STATIC] Crate
  - Description: Fish crate
"""


class Said(NamedTuple):
    exit_code: int
    out: str
    err: str


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.md"
    file.write_text(PLAN)
    return file


@pytest.fixture
def run(world: World, monkeypatch, capsys) -> Callable[..., Said]:
    """Run a command as a person does, on the world's database."""
    settings = world.settings
    monkeypatch.setenv("TRIPO_API_KEY", SANDBOX_KEY)
    monkeypatch.setenv("TRIPO_API_BASE", settings.tripo_api_base)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SECRET_KEY", "a secret for a test")
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))

    def run_command(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["python -m core", "plan", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return Said(ended.value.code or 0, *capsys.readouterr())

    return run_command


def test_a_plan_goes_from_check_to_export(run: Callable[..., Said], world: World, plan: Path) -> None:
    assert run("check", str(plan))[:2] == (0, "2 assets, 0 errors, 0 warnings.\n")
    wanted = run("diff", str(plan))
    assert wanted.exit_code == 3
    assert "+ Props / Mooring Post: 20 credits" in wanted.out
    assert "2 tasks, 40 credits" in wanted.out
    assert world.tasks() == []
    assert run("apply", str(plan), "--yes").exit_code == 0
    assert run("diff", str(plan)).exit_code == 0
    assert "nothing to do" in run("apply", str(plan)).out
    under_way = run("status", str(plan))
    assert under_way.exit_code == 3
    assert re.search(
        r"2 assets: .*\n.*\nIt will be done in (about 1 minute|about \d+ minutes|\d+ to \d+ minutes)\.",
        under_way.out,
    )
    world.run_until(lambda: all(task.status == "success" for task in world.tasks()))
    done = run("status", str(plan))
    assert (done.exit_code, "2 complete" in done.out, "40 credits spent" in done.out) == (0, True, True)
    assert run("export", str(plan)).exit_code == 0

    copy = plan.with_name("plan.status.md")
    text = copy.read_text()
    assert text.count("status: complete") == 2
    assert "generate" in text
    assert run("diff", str(copy)).exit_code == 0


def test_without_a_key_a_plan_is_applied_for_the_local_sandbox(
    run: Callable[..., Said], world: World, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPO_API_KEY", "")
    monkeypatch.setenv("TRIPO_API_BASE", "")

    assert run("apply", str(plan), "--yes").exit_code == 0

    assert len(world.tasks()) == 2


def test_a_copy_keeps_what_its_author_wrote(run: Callable[..., Said], plan: Path) -> None:
    written = """# Harbour

For the *second* milestone.

## Props
- [STATIC] Mooring Post
  - Description: Weathered
    oak post
  - Height: 2 m

Ask Mia about the crates.
- [static] Crate

---
The end.
"""
    plan.write_text(written)
    assert run("apply", str(plan), "--yes").exit_code == 0
    assert run("export", str(plan)).exit_code == 0
    copy = plan.with_name("plan.status.md")
    first = copy.read_text()
    added = [line for line in first.splitlines() if line not in written.splitlines()]
    assert [line.split(":")[0] for line in added] == ["  - assetId", "  - status", "  - files"] * 2
    assert "\n".join(line for line in first.split("\n") if line not in added) == written
    assert "  - Height: 2 m\n  - assetId" in first
    assert run("diff", str(copy)).exit_code == 0

    plan.write_text(first)
    assert run("export", str(plan)).exit_code == 0
    assert copy.read_text() == first


def test_problems_end_with_1_and_differences_with_3(run: Callable[..., Said], plan: Path) -> None:
    empty = plan.with_name("empty.md")
    empty.write_text("# nothing")
    bad = plan.with_name("bad.md")
    bad.write_text("- [STATIC] Fox\n  - Description: cute 🦊")

    assert run("check", str(empty)).exit_code == 1
    assert run("check", str(plan.with_name("absent.md"))).exit_code == 1
    assert run("diff", str(bad)).exit_code == 1
    refused = run("apply", str(bad), "--yes")
    assert (refused.exit_code, "🦊" in refused.err) == (1, False)
    assert run("status", str(plan)).exit_code == 1
    assert "No plan called plan.md" in run("status", str(plan)).err
    assert run("export", str(plan), "--to", str(plan)).exit_code == 1
    assert run("diff", str(plan), "--project", "nowhere").exit_code == 1
    assert run("diff", "--colour").exit_code == 2
