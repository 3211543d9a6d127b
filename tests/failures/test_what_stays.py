"""What failed takes nothing else along: what was reached stays usable, and one retry starts one task."""

from __future__ import annotations

from core import approvals
from core.lifecycle import Approval
from core.projects import FIRST_PROJECT, asset_of
from tests.world import World


def approve(world: World, asset_id: str) -> Approval:
    with world.core.database.transaction() as session:
        asset = asset_of(session, FIRST_PROJECT, asset_id)
        approvals.approve(session, asset, actor="Ann", now=world.now())
    return world.asset(asset_id).approval


def test_a_failed_rig_leaves_its_draft_viewable_and_approvable_and_one_retry_starts_one_task(
    world: World,
) -> None:
    world.faults(end_failed={"type": "animate_rig", "error_code": 1004, "message": "No legs."})
    world.walking()
    knight = world.run_to_the_end()

    assert knight.status == "failed"
    assert [(file.kind, file.role) for file in knight.artifacts if file.current] == [
        ("generate", "model"),
        ("generate", "rendered_image"),
    ]
    (group,) = world.core.failures.find().groups
    assert (group.step, group.error_code, group.count) == ("rig", "parameter_invalid", 1)
    assert approve(world, "knight") is Approval.APPROVED

    world.no_faults()
    before = world.creates()
    world.core.desk.retry(group.sample_task_ids[0])
    world.run_until(lambda: world.asset().status == "complete")
    made = {kind: count - before.get(kind, 0) for kind, count in world.creates().items()}
    assert {kind: count for kind, count in made.items() if count} == {"animate_rig": 1, "animate_retarget": 2}
    assert world.core.failures.find().groups[0].left == 0


def test_a_failed_clip_leaves_the_others(world: World) -> None:
    world.faults(end_failed={"type": "animate_retarget", "error_code": 1004, "count": 1})
    world.walking()
    knight = world.run_to_the_end()

    assert knight.status == "failed"
    reached = [file.kind for file in knight.artifacts if file.role == "model" and file.current]
    assert reached == ["generate", "rig", "animate"]
    (group,) = world.core.failures.find().groups
    assert (group.step, group.count) == ("animate", 1)
