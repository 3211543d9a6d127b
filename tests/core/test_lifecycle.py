"""The state machine, as a table."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.lifecycle import ALLOWED, FINAL, Hold, StepState, TaskKind, TaskStatus, asset_status, is_final

ROOT = Path(__file__).resolve().parents[2]
S, K = TaskStatus, TaskKind


def step(
    kind: TaskKind, status: TaskStatus, *, succeeded: bool | None = None, hold: Hold | None = None
) -> StepState:
    return StepState(kind, status, status is S.SUCCESS if succeeded is None else succeeded, hold)


def test_every_status_has_a_row_and_can_reach_an_end() -> None:
    assert set(ALLOWED) == set(TaskStatus)
    for start in TaskStatus:
        reached, frontier = set(), {start}
        while frontier:
            reached |= frontier
            frontier = {to for status in frontier for to in ALLOWED[status]} - reached
        assert reached & FINAL, start


def test_exactly_success_failed_and_cancelled_are_final() -> None:
    assert {status for status in TaskStatus if is_final(status)} == {S.SUCCESS, S.FAILED, S.CANCELLED}


def test_an_unknown_outcome_is_never_ready_again_by_the_submitting_move() -> None:
    assert S.SUBMITTING not in ALLOWED[S.UNKNOWN]


def test_no_module_but_moves_assigns_a_task_status() -> None:
    """The one writer: elsewhere a status may only be given to a new row by its constructor."""
    offenders = []
    for path in [*ROOT.glob("core/*.py"), *ROOT.glob("poller/*.py"), *ROOT.glob("dashboard/**/*.py")]:
        if path == ROOT / "core" / "moves.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign):
                targets = [t for t in node.targets if isinstance(t, ast.Attribute) and t.attr == "status"]
                words = ast.unparse(node.value)
                offenders += [f"{path.name}:{node.lineno}" for _ in targets if "TaskStatus" in words]
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".values"):
                offenders += [f"{path.name}:{node.lineno}" for k in node.keywords if k.arg == "status"]
    assert offenders == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], "ready"),
        ([step(K.GENERATE, S.READY)], "queued"),
        ([step(K.GENERATE, S.SUBMITTING)], "queued"),
        ([step(K.GENERATE, S.QUEUED)], "queued"),
        ([step(K.GENERATE, S.UNKNOWN)], "queued"),
        ([step(K.GENERATE, S.RUNNING)], "generating"),
        ([step(K.GENERATE, S.DOWNLOADING)], "generating"),
        ([step(K.GENERATE, S.SUCCESS)], "complete"),
        ([step(K.GENERATE, S.FAILED)], "failed"),
        ([step(K.GENERATE, S.FAILED), step(K.RIG_CHECK, S.WAITING, hold=Hold.FAILED_STEP)], "failed"),
        ([step(K.GENERATE, S.CANCELLED), step(K.RIG_CHECK, S.CANCELLED)], "ready"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG_CHECK, S.READY), step(K.RIG, S.WAITING)], "generated"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG_CHECK, S.RUNNING), step(K.RIG, S.WAITING)], "rigging"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG_CHECK, S.SUCCESS), step(K.RIG, S.READY)], "rigging"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG_CHECK, S.SUCCESS), step(K.RIG, S.FAILED)], "failed"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG_CHECK, S.SUCCESS), step(K.RIG, S.CANCELLED)], "generated"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.READY)], "rigged"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.RUNNING)], "animating"),
        ([step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.SUCCESS), step(K.ANIMATE, S.RUNNING)], "animating"),
        ([step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.FAILED), step(K.ANIMATE, S.RUNNING)], "animating"),
        ([step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.FAILED), step(K.ANIMATE, S.SUCCESS)], "failed"),
        ([step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.CANCELLED), step(K.ANIMATE, S.SUCCESS)], "rigged"),
        ([step(K.GENERATE, S.SUCCESS), step(K.RIG, S.SUCCESS), step(K.ANIMATE, S.SUCCESS)], "complete"),
    ],
)
def test_an_assets_status_follows_from_its_steps(steps: list[StepState], expected: str) -> None:
    assert asset_status(steps) == expected
