"""Which assets a query finds, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.asset_lists import page_of_assets
from core.asset_search import count_up_to, matching, suggestions
from core.lifecycle import AssetStatus, TaskStatus
from core.models import Artifact, Asset, Plan, Project, Task, utc_now
from core.projects import FIRST_PROJECT
from tests.world import World

PLAN = """# Night
## Props
- [STATIC] Old Sword
  - Description: A rusty blade
- [RIG] Ägir der Große
  - Description: ein Riese
- [STATIC] 古い剣士
  - Description: 剣を持つ
## Harbour Props
- [STATIC] 100%_wool
  - Description: a \\ bale, ﬁne
"""


@pytest.fixture
def world(make_world: Callable[..., World], each_database_url: str) -> World:
    world = make_world(database_url=each_database_url)
    world.core.plans.apply(project_id=FIRST_PROJECT, filename="Night run.md", content=PLAN, actor="anna")
    world.order("knight", name="Sword Knight", send=False, should_rig=True, actor="Bérénice")
    return world


def found(world: World, query: str) -> set[str]:
    with world.core.database.reading() as session:
        ids = set(session.scalars(matching(session, query)))
        return {session.get_one(Asset, each).name for each in ids}


def test_a_query_finds_what_it_says(world: World) -> None:
    every = {"Old Sword", "Ägir der Große", "古い剣士", "100%_wool", "Sword Knight"}
    cases = {
        "": every,
        "sword": {"Old Sword", "Sword Knight"},
        "SWORD old": {"Old Sword"},
        '"sword old"': set(),
        "ägir": {"Ägir der Große"},
        "ÄGIR GROSSE": {"Ägir der Große"},
        "剣士": {"古い剣士"},
        "100%_W": {"100%_wool"},
        "0%w": set(),
        "\\": {"100%_wool"},
        "FINE": {"100%_wool"},  # written with a ligature
        "t-pose": {"Sword Knight"},  # in the prompt
        "-sword": {"Ägir der Große", "古い剣士", "100%_wool"},
        "tag:rig": {"Ägir der Große", "Sword Knight"},
        "category:props": {"Old Sword", "Ägir der Große", "古い剣士"},
        "category:harbour": {"100%_wool"},
        "category:none": set(),
        'plan:"night RUN"': every - {"Sword Knight"},
        "-plan:night": {"Sword Knight"},
        "plan:elsewhere": set(),
        "-plan:elsewhere": every,
        "by:BÉRÉNICE": {"Sword Knight"},
        "by:anna by:bérénice": every,
        "state:queued": every,
        "state:moving -tag:rig": {"Old Sword", "古い剣士", "100%_wool"},
        "state:failed state:queued": every,
        "state:unknown": set(),
        "approval:pending": every,
        "has:picture": set(),
        "since:1h": every,
        "-since:1h": set(),
        "since:2999-01-01": set(),
    }

    assert {query: found(world, query) for query in cases} == cases


def test_a_query_finds_what_an_asset_has(world: World) -> None:
    (task,) = (t for t in world.tasks() if t.asset_pk in _ids(world, "knight"))
    with world.core.database.transaction() as session:
        session.execute(update(Task).where(Task.id == task.id).values(status=TaskStatus.SUCCESS))
        session.execute(
            update(Asset)
            .where(Asset.id == task.asset_pk)
            .values(status=AssetStatus.FAILED, has_unknown=True, removed_at=utc_now())
        )
        file = Artifact(asset_pk=task.asset_pk, task_id=task.id, role="rendered_image", sha256="0" * 64)
        file.bytes, file.media_type = 1, "image/webp"
        session.add(file)

    for query in (
        "has:model",
        "has:picture",
        "state:failed",
        "state:unknown",
        "state:removed",
        "has:model -has:rig",
    ):
        assert found(world, query) == {"Sword Knight"}, query
    assert found(world, "has:clip") == found(world, "has:model has:rig") == set()


def test_the_texts_follow_a_new_name_and_a_new_prompt(world: World) -> None:
    renamed = PLAN.replace("A rusty blade", "a shining axe").replace(
        "[STATIC] 古い剣士", "[STATIC] 新しい騎士"
    )
    world.core.plans.apply(project_id=FIRST_PROJECT, filename="Night run.md", content=renamed, actor="anna")
    with world.core.database.transaction() as session:
        session.scalars(matching(session, "knight")).one()
        knight = session.get_one(Asset, session.scalars(matching(session, "knight")).one())
        knight.prompt = "a paladin"

    assert found(world, "騎士") == {"新しい騎士"}
    assert found(world, "paladin") == {"Sword Knight"}
    assert found(world, "pose") == set()


def test_suggestions_complete_what_is_typed(world: World) -> None:
    with world.core.database.reading() as session:

        def offered(text: str) -> tuple[str, ...]:
            return suggestions(session, text)

        assert offered("knight st") == ("knight state:", "knight tag:static")
        assert offered("knight -state:fa") == ("knight -state:failed",)
        assert offered("fail") == ("state:failed",)
        assert offered("category:") == (
            'category:"Harbour Props"',
            "category:Props",
            "category:Uncategorized",
        )
        assert offered("category:pro") == ("category:Props",)
        assert offered('plan:"n') == ('plan:"Night run.md"',)
        assert offered("by:bé") == ("by:Bérénice",)
        assert offered('a plan:"night r') == ('a plan:"Night run.md"',)
        assert offered("state:failed") == offered("") == offered("color:") == ()


def test_counting_stops_where_it_is_told(world: World) -> None:
    with world.core.database.reading() as session:
        assert count_up_to(session, [], 3) == 3
        assert count_up_to(session, [], 100) == 5


def test_what_is_slow_to_count_is_counted_ahead_of_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.asset_search.RARE", 1)
    monkeypatch.setattr("core.asset_lists.FEW", 1)
    monkeypatch.setattr("core.asset_lists.COUNTED_AHEAD", 2)

    def told(query: str, page: int) -> tuple[int | None, bool, int]:
        with world.core.database.reading() as session:
            shown = page_of_assets(session, query, page=page, per_page=1)
        return shown.total, shown.has_more, len(shown.assets)

    # Four are props, one of them with a sword.
    assert [told("props", page) for page in (1, 2, 3, 4)] == [
        (2, True, 1),
        (4, False, 1),
        (4, False, 1),
        (4, False, 1),
    ]
    assert told("-sword", 1) == (2, True, 1)
    assert told("", 1) == (5, False, 1)
    assert told("state:ready", 1)[1] is False


def test_a_name_of_two_plans_and_projects_finds_both(world: World) -> None:
    with world.core.database.transaction() as session:
        session.add(Project(id="other", name="Night"))
        session.flush()
        plan = Plan(
            project_id="other", filename="Night two.md", format="markdown", content=b"", content_sha256=""
        )
        session.add(plan)
        session.flush()
        asset = Asset(project_id="other", asset_id="x", name="Owl", plan_id=plan.id)
        asset.updated_at = utc_now() - timedelta(days=2)
        session.add(asset)
        plan_id = plan.id

    assert "Owl" in found(world, "plan:night")
    assert found(world, "project:night") == found(world, "project:other") == {"Owl"}
    assert found(world, f"plan:{plan_id}") == {"Owl"}
    assert found(world, "-since:1d") == {"Owl"}
    assert found(world, "plan:night sword") == {"Old Sword"}


def _ids(world: World, query: str) -> set[str]:
    with world.core.database.reading() as session:
        return set(session.scalars(matching(session, query)))
