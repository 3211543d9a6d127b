"""Applying a plan: the same rows as any order, all or nothing, twice as good as once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from core.errors import ConflictError
from core.models import Asset, Plan, Task, TaskEvent, new_id
from core.plans.desk import Outcome, PlanInvalidError
from core.plans.plan import PlanRow
from core.plans.style import Style
from core.plans.writing import write_plan
from core.projects import FIRST_PROJECT, add_project
from tests.world import World

KNIGHT = "a low poly knight in T-pose"
SAME_FOR_ALL = (
    "id",
    "asset_pk",
    "created_at",
    "status_at",
    "ready_at",
    "updated_at",
    "due_at",
    "at",
    "task_id",
)


@pytest.fixture
def world_on_each(make_world: Callable[..., World], each_database_url: str) -> World:
    return make_world(database_url=each_database_url)


def row(name: str, **more: Any) -> PlanRow:
    return PlanRow(line=1, name=name, **more)


def apply(world: World, rows: list[PlanRow], project_id: str = FIRST_PROJECT, **more: Any) -> Outcome:
    return world.core.plans.apply(
        project_id=project_id, filename="plan.json", content=write_plan(rows, "json"), **more
    )


def columns_of(world: World, model: type) -> list[dict[str, Any]]:
    """What tells rows apart beside ids and times."""
    with world.core.database.reading() as session:
        rows = session.execute(select(model.__table__)).mappings().all()
        return [{k: v for k, v in each.items() if k not in SAME_FOR_ALL} for each in rows]


def steps_of(world: World, project_id: str) -> dict[str, set[tuple]]:
    """All tasks of a project, by asset: any move or new row shows."""
    with world.core.database.reading() as session:
        found = session.execute(
            select(Asset.asset_id, Task.id, Task.status, Task.order, Task.priority, Task.hold)
            .join(Task, Task.asset_pk == Asset.id)
            .where(Asset.project_id == project_id)
        )
        steps: dict[str, set[tuple]] = {}
        for asset_id, *rest in found:
            steps.setdefault(asset_id, set()).add(tuple(map(str, rest)))
        return steps


def test_a_plan_writes_the_rows_that_an_order_would(make_world: Callable[..., World], tmp_path: Any) -> None:
    ordered = make_world(database_url=f"sqlite:///{tmp_path}/ordered.db")
    planned = make_world(database_url=f"sqlite:///{tmp_path}/planned.db")
    animations, options = ["preset:idle", "preset:walk"], {"faceLimit": 9000}

    ordered.order("knight", send=False, should_rig=True, animations=animations, options=options, priority=3)
    apply(
        planned,
        [
            row(
                "knight",
                key="knight",
                tag="RIG",
                description=KNIGHT,
                animations=animations,
                options=options,
                priority=3,
            )
        ],
    )

    assert columns_of(planned, Task) == columns_of(ordered, Task)
    like_an_order = [{**each, "actor": "api"} for each in columns_of(planned, TaskEvent)]
    assert like_an_order == columns_of(ordered, TaskEvent)
    theirs, ours = columns_of(ordered, Asset)[0], columns_of(planned, Asset)[0]
    of_plans = {"plan_id", "plan_order", "plan_key", "brief", "made_from", "priority"}
    assert {name for name in ours if ours[name] != theirs[name]} == of_plans


def test_a_plan_runs_to_the_end_in_its_order(world_on_each: World) -> None:
    world = world_on_each
    apply(world, [row("Knight", tag="RIG", description=KNIGHT, animations=("preset:walk",)), row("Crate")])

    world.run_until(
        lambda: {t.status for k in ("generate", "animate") for t in world.tasks(k)} == {"success"}
    )

    assert [task.order["prompt"] for task in world.tasks()] == [KNIGHT, "A 3D model of Crate"]
    assert sum(world.creates().values()) == 5


def test_an_animation_and_a_rig_are_added_to_what_is_there(world_on_each: World) -> None:
    world = world_on_each
    apply(world, [row("Knight", description=KNIGHT)])
    world.run_until(lambda: world.tasks()[0].status == "success")

    rigged = apply(world, [row("Knight", description=KNIGHT, tag="RIG", animations=("preset:walk",))])
    world.run_until(lambda: [t.status for t in world.tasks("animate")] == ["success"])
    walking = [row("Knight", description=KNIGHT, tag="RIG", animations=("preset:walk", "preset:run"))]
    added = apply(world, walking)
    world.run_until(lambda: [t.status for t in world.tasks("animate")] == ["success"] * 2)

    assert (rigged.preview.estimate.tasks, rigged.preview.estimate.credits) == (3, 35)
    assert (added.preview.estimate.tasks, added.preview.estimate.credits) == (1, 10)
    assert world.creates()["text_to_model"] == 1


def test_an_error_in_one_row_leaves_nothing_of_the_others(world_on_each: World) -> None:
    world = world_on_each

    with pytest.raises(PlanInvalidError) as refused:
        apply(world, [row("Crate"), row("Fox", description="cute 🦊")])

    assert [note.code for note in refused.value.preview.errors] == ["prompt_invalid"]
    assert world.tasks() == []
    assert world.core.plans.plans() == ()


def test_a_database_that_fails_half_way_leaves_nothing(world_on_each: World) -> None:
    world = world_on_each

    def fail(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO task_events"):
            raise ZeroDivisionError

    event.listen(world.core.database.engine, "before_cursor_execute", fail)
    with pytest.raises(ZeroDivisionError):
        apply(world, [row("Crate"), row("Knight", tag="RIG")])
    event.remove(world.core.database.engine, "before_cursor_execute", fail)

    with world.core.database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (Asset, Task, Plan)]
    assert counts == [0, 0, 0]
    assert apply(world, [row("Crate"), row("Knight", tag="RIG")]).is_new


def less(rows: list[PlanRow]) -> list[PlanRow]:
    return rows[:1]


def with_another(**edit: Any) -> Callable[[list[PlanRow]], list[PlanRow]]:
    return lambda rows: [each.model_copy(update=edit) for each in rows]


@pytest.mark.parametrize(
    "edited",
    [
        with_another(description="another thing"),
        with_another(priority=7),
        with_another(tag="STATIC", animations=()),
        with_another(animations=("preset:walk", "preset:idle")),
        less,
    ],
)
def test_many_edits_take_as_many_statements_as_few(
    world: World, edited: Callable[[list[PlanRow]], list[PlanRow]]
) -> None:
    statements: list[str] = []
    note = lambda _c, _cursor, statement, *_rest: statements.append(statement)  # noqa: E731
    counts = []
    for project_id, number in (("few", 3), ("many", 30)):
        with world.core.database.transaction() as session:
            add_project(session, project_id, project_id)
        rows = [row(f"Crate {n}", tag="RIG", animations=("preset:walk",)) for n in range(number)]
        apply(world, rows, project_id)
        statements.clear()
        event.listen(world.core.database.engine, "before_cursor_execute", note)
        apply(world, edited(rows), project_id)
        event.remove(world.core.database.engine, "before_cursor_execute", note)
        counts.append(len(statements))
        assert not apply(world, edited(rows), project_id).is_new

    assert counts[0] == counts[1]


def test_applying_says_how_far_it_is(world: World) -> None:
    rows = [row(f"Crate {n}") for n in range(300)]
    told: list[tuple[int, int]] = []
    apply(world, rows, tell=lambda *news: told.append(news))
    assert told == [(0, 300), (300, 300)]

    told.clear()
    apply(world, rows[:50], tell=lambda *news: told.append(news))  # what leaves is ended one by one
    assert told == [(0, 300), (100, 300), (200, 300), (300, 300)]


def test_a_model_that_is_being_made_is_not_made_anew(world: World) -> None:
    apply(world, [row("Crate", description="wooden")])
    world.run_passes()

    with pytest.raises(PlanInvalidError, match="being made"):
        apply(world, [row("Crate", description="iron")], remake=True)

    assert len(world.tasks()) == 1


def test_words_of_an_unsent_model_are_replaced_without_paying_twice(world: World) -> None:
    apply(world, [row("Crate", description="wooden")])

    apply(world, [row("Crate", description="iron")], remake=True)
    world.run_for(30)

    assert world.creates() == {"text_to_model": 1}


def test_a_preview_that_a_style_has_overtaken_is_not_applied(world: World) -> None:
    preview = world.core.plans.preview(
        project_id=FIRST_PROJECT, filename="plan.json", content=write_plan([row("Crate")], "json")
    )
    world.core.plans.set_style(FIRST_PROJECT, Style(suffix="clay"))

    with pytest.raises(ConflictError, match="changed since"):
        apply(world, [row("Crate")], revision=preview.revision)


def test_what_two_plans_list_leaves_with_the_last_of_them(world: World) -> None:
    def apply_as(filename: str, *names: str) -> Outcome:
        content = write_plan([row(name) for name in names], "json")
        return world.core.plans.apply(project_id=FIRST_PROJECT, filename=filename, content=content)

    first = apply_as("a.json", "Crate", "Rope").preview
    second = apply_as("b.json", "Crate").preview
    without = apply_as("a.json", "Rope").preview

    assert second.assets[0].asset_id == first.assets[0].asset_id
    assert [asset.change for asset in without.assets] == ["unchanged"]
    assert len(world.tasks()) == 2


def test_fewer_variants_keep_the_first_and_more_add_some(world: World) -> None:
    apply(world, [row("Crate", variants=3, seed=5)])
    fewer = apply(world, [row("Crate", variants=1, seed=5)])
    more = apply(world, [row("Crate", variants=2, seed=5)])

    seeds = [task.order["options"]["modelSeed"] for task in world.tasks()]
    assert seeds[:3] == [5, 6, 7]
    assert sorted(t.status for t in world.tasks()) == ["cancelled", "cancelled", "ready", "ready"]
    assert (fewer.preview.estimate.tasks, more.preview.estimate.tasks) == (0, 1)


def test_a_gated_asset_that_becomes_static_with_one_variant_less_is_complete(world: World) -> None:
    apply(world, [row("Knight", description=KNIGHT, tag="RIG", animations=("preset:walk",), variants=2)])
    with world.core.database.transaction() as session:
        session.execute(update(Asset).values(is_gated=True))
    world.run_until(lambda: [t.status for t in world.tasks("generate")] == ["success", "success"])

    apply(world, [row("Knight", description=KNIGHT, tag="STATIC", variants=1)])

    with world.core.database.reading() as session:
        kept = session.scalars(select(Asset).where(Asset.removed_at.is_(None))).one()
        assert (kept.tag, kept.status) == ("STATIC", "complete")


# --- any plan, any edit --------------------------------------------------------------------------------------

NAMES = st.sampled_from(["Guard", "Rope", "Crate", "Knight"])
ROWS = st.builds(
    row,
    NAMES,
    category=st.sampled_from(["Crew", "Props"]),
    tag=st.sampled_from(["RIG", "STATIC"]),
    description=st.sampled_from(["", "old and worn", "new, T-pose"]),
    animations=st.lists(st.sampled_from(["preset:idle", "preset:walk", "preset:run"]), unique=True).map(
        tuple
    ),
    priority=st.integers(0, 2),
    variants=st.sampled_from([1, 1, 2]),
    options=st.sampled_from([{}, {"faceLimit": 9000}]),
)
EDITS = st.sampled_from(
    [
        {"animations": ("preset:jump",), "tag": "RIG"},
        {"tag": "STATIC", "animations": ()},
        {"priority": 7},
        {"description": "another thing"},
        {"options": {"faceLimit": 500}},
        {"variants": 3},
    ]
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(rows=st.lists(ROWS, min_size=1, max_size=6), edit=EDITS, data=st.data())
def test_twice_is_once_and_an_edit_touches_its_own_asset_alone(
    world: World, rows: list[PlanRow], edit: dict[str, Any], data: st.DataObject
) -> None:
    project_id = new_id()
    with world.core.database.transaction() as session:
        add_project(session, "P", project_id)

    first = apply(world, rows, project_id)
    made = steps_of(world, project_id)
    second = apply(world, rows, project_id)

    assert (first.is_new, second.is_new) == (True, False)
    assert steps_of(world, project_id) == made
    n = data.draw(st.integers(0, len(rows) - 1))
    edited = [*rows[:n], rows[n].model_copy(update=edit), *rows[n + 1 :]]
    third = apply(world, edited, project_id, remake=True)
    after = steps_of(world, project_id)
    apply(world, edited, project_id, remake=True)

    mine = _row_s_assets(world, project_id, third.preview.assets[n].asset_id)
    assert {asset_id for asset_id in after if after[asset_id] != made.get(asset_id)} <= mine
    assert steps_of(world, project_id) == after


def _row_s_assets(world: World, project_id: str, asset_id: str | None) -> set[str]:
    with world.core.database.reading() as session:
        own = session.scalars(select(Asset).filter_by(project_id=project_id, asset_id=asset_id)).one()
        if own.variant_group is None:
            return {own.asset_id}
        return set(session.scalars(select(Asset.asset_id).filter_by(variant_group=own.variant_group)))
