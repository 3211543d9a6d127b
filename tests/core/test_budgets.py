"""Budgets: what they do not cover is refused when it is ordered, and held where it would be sent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core import budgets, overview
from core.budgets import BudgetStanding
from core.errors import BudgetError, OrderError
from core.failures.states import Trouble
from core.jobs.scope import Scope
from core.models import Asset, Project, Task, utc_now
from core.projects import FIRST_PROJECT
from tests.dashboard.api.served import ServedApi, refusal
from tests.world import World

MODEL, RIG, CLIP = 20, 25, 10  # as the provider's price list has them


def set_budget(world: World, credits: int | None) -> None:
    with world.core.database.transaction() as session:
        amount = None if credits is None else Decimal(credits)
        budgets.set_budget(session.get_one(Project, FIRST_PROJECT), amount, actor="Lea <i>", now=world.now())


def standing(world: World) -> BudgetStanding:
    with world.core.database.reading() as session:
        return budgets.standing_of(session, session.get_one(Project, FIRST_PROJECT))


def left(world: World) -> int:
    return int(standing(world).left or 0)


def count(world: World, table: type[Asset | Task]) -> int:
    with world.core.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_budget_refuses_holds_and_lets_go_on_by_itself(
    make_world: Callable[..., World], each_database_url: str
) -> None:
    """One story, since the database is what costs."""
    world = make_world(database_url=each_database_url, speed=100, queue_seconds=0)
    set_budget(world, 100)

    # what it covers is taken, and counts at once
    world.walking()
    assert left(world) == 100 - (MODEL + RIG + 2 * CLIP)
    rows = count(world, Asset), count(world, Task)
    with pytest.raises(
        BudgetError, match="It needs 65 credits, and 35 credits are left of the budget"
    ) as told:
        world.walking("second")
    assert "“My first project”" in told.value.suggestion
    assert "Lea" in told.value.suggestion
    written: list[object] = []
    with pytest.raises(BudgetError, match="It needs 40 credits, and 35 credits are left"):
        world.core.plans.apply(
            project_id=FIRST_PROJECT,
            filename="plan.md",
            content="- [STATIC] A\n- [STATIC] B\n",
            tell=lambda *told: written.append(told),
        )
    assert written == []  # it is refused before, not rolled back after
    assert (count(world, Asset), count(world, Task)) == rows

    # lowered, it holds what was taken before: nothing beyond it is sent
    set_budget(world, MODEL)
    world.run_until(lambda: any(task.hold == "budget" for task in world.tasks("rig")))
    world.run_for(20)
    assert world.creates().get("animate_rig") is None
    assert (standing(world).spent, standing(world).under_way) == (MODEL, 0)
    (rig,) = world.tasks("rig")
    (group,) = world.core.failures.find().groups
    assert (group.error_code, group.trouble, group.count) == ("budget_exceeded", Trouble.NEEDS_PERSON, 1)
    assert "nothing is left of the budget of 20 credits" in group.message
    with world.core.database.reading() as session:
        assert overview.read_needs(session, world.now()).held_groups == 1
    held = Scope(fingerprint=group.fingerprint)
    assert world.core.jobs.preview(action="cancel", scope=held).count == 1
    shown = next(task for task in world.asset().tasks if task.task_id == rig.id)
    assert (shown.status, shown.waiting_for) == ("waiting", "budget")
    assert "It needs 25 credits" in (shown.waiting_text or "")

    # raised, it lets go on what it covers, and no more
    set_budget(world, MODEL + RIG)
    world.run_until(lambda: world.tasks("rig")[0].status == "success")
    world.run_until(lambda: all(task.hold == "budget" for task in world.tasks("animate")))
    set_budget(world, MODEL + RIG + CLIP)
    world.run_until(lambda: any(task.status == "success" for task in world.tasks("animate")))
    world.run_for(10)
    assert sorted(task.status for task in world.tasks("animate")) == ["success", "waiting"]
    set_budget(world, None)
    assert world.run_to_the_end().status == "complete"
    assert (world.core.failures.find().groups, standing(world).left) == ((), None)
    assert standing(world).spent == MODEL + RIG + 2 * CLIP


def test_a_job_beyond_the_budget_is_refused_and_a_failure_gives_its_credits_back(world: World) -> None:
    set_budget(world, MODEL)
    world.faults(end_failed={"error_code": 1001, "message": "no"})
    (failed,) = world.order()
    world.run_until(lambda: world.task(failed).status == "failed")
    assert left(world) == MODEL
    scope = Scope(task_ids=(failed,))
    set_budget(world, MODEL - 1)
    for do in (world.core.jobs.preview, world.core.jobs.start):
        with pytest.raises(BudgetError):
            do(action="retry", scope=scope)
    with pytest.raises(BudgetError):
        world.core.desk.retry(failed)
    set_budget(world, MODEL)
    assert world.core.jobs.preview(action="retry", scope=scope).credits == MODEL


def test_over_http_a_budget_is_read_set_and_answered_with_402(world: World) -> None:
    at = f"/api/projects/{FIRST_PROJECT}/budget"
    order = {"projectId": FIRST_PROJECT, "assetId": "knight", "prompt": "a knight"}
    with ServedApi(world.core) as api:
        assert api.get(at).json()["credits"] is None
        told = api.request("PUT", at, json={"credits": MODEL - 0.5}).json()
        assert (told["credits"], told["left"], told["spent"]) == (MODEL - 0.5, MODEL - 0.5, 0)
        assert refusal(api.post("/api/generate-3d", order)) == (402, "budget_exceeded", None)
        assert refusal(api.request("PUT", at, json={"credits": -1}))[:2] == (400, "invalid_request")
        assert refusal(api.request("PUT", at, json={}))[:2] == (400, "missing_field")
        assert refusal(api.get("/api/projects/none/budget"))[:2] == (404, "project_not_found")
        assert refusal(api.request("PUT", "/api/projects/none/budget", json={"credits": 1}))[0] == 404
        assert api.request("PUT", at, json={"credits": MODEL}).status_code == 200
        assert api.post("/api/generate-3d", order).status_code == 202
        assert api.get(at).json()["left"] == 0
        assert api.request("PUT", at, json={"credits": None}).json()["left"] is None
    assert count(world, Task) == 1


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "1e12"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(OrderError, match="A budget is a number of credits"):
        budgets.set_budget(Project(), Decimal(amount), actor="Lea", now=utc_now())
