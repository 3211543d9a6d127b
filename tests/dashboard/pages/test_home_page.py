"""The Home page: empty, and when there is something to tell."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from core.lifecycle import AssetStatus, Hold, TaskStatus
from core.models import Asset, LaneSample, Task, utc_now
from core.projects import FIRST_PROJECT
from tests.dashboard.pages.conftest import Show, poller_beats, press, words
from tests.world import World

PLAN = "# Night\n## Props\n- [STATIC] Old sword\n  - Description: a rusty blade\n"


def links(page) -> dict[str, str]:
    return {
        link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in page.get("page_link")
    }


def test_an_empty_product_offers_the_sample_plan_with_its_price_before_anything_is_made(
    world: World, show: Show
) -> None:
    page = show(world, "home")
    assert "Nothing here yet" in words(page)

    page = press(page, "Look at the sample plan")

    assert page.title[0].value == "New plan"
    said = words(page)
    assert "sample plan.md" in said
    assert "credits" in said
    assert world.tasks() == []


def test_home_tells_how_things_stand_and_each_number_leads_to_its_list(world: World, show: Show) -> None:
    poller_beats(world)
    world.core.plans.apply(project_id=FIRST_PROJECT, filename="**Night** <b>.md", content=PLAN)
    for number, status in enumerate(("complete", "failed")):
        world.order(f"ended-{number}", send=False)
        ended(world, f"ended-{number}", AssetStatus(status), days_ago=0)
    world.order("long-ago", send=False)
    ended(world, "long-ago", AssetStatus.COMPLETE, days_ago=3)
    world.order("lost", send=False)
    with world.core.database.transaction() as session:
        session.execute(update(Asset).where(Asset.asset_id == "lost").values(has_unknown=True))
        failed, lost = (
            update(Task).where(Task.asset_pk.in_(select(Asset.id).where(Asset.asset_id == asset_id)))
            for asset_id in ("ended-1", "lost")
        )
        session.execute(lost.values(status=TaskStatus.WAITING, hold=Hold.GATE))
        session.execute(failed.values(status=TaskStatus.FAILED, fingerprint="generate.ours.0.failed.0"))
        minute = utc_now().replace(second=0, microsecond=0)
        for n in range(40):
            at = minute - timedelta(minutes=n)
            session.add(LaneSample(at=at, pool="generation", held=n % 10, places=10, waiting=1))

    page = show(world, "home")

    found = links(page)
    assert found["**2** on its way"] == "assets?q=state%3Amoving"
    assert found["**1** finished"].startswith("assets?q=state%3Acomplete+since%3A")
    assert found[":red[**1** failed]"].startswith("assets?q=state%3Afailed+since%3A")
    assert found[":red[**1** kind of failure]"] == "failures?"
    assert found["**1** standstill"] == "failures?trouble=needs_person"
    assert found["**1** outcome unknown"] == "assets?q=state%3Aunknown"
    said = words(page)
    assert "Balance" in [metric.label for metric in page.metric]
    assert "of 10 lately" in said
    assert any("Night" in label for label in found)

    page = press(page, "I have seen them")
    assert "**0** finished" in links(page)


def ended(world: World, asset_id: str, status: AssetStatus, days_ago: int) -> None:
    at = utc_now() - timedelta(days=days_ago)
    with world.core.database.transaction() as session:
        session.execute(update(Asset).where(Asset.asset_id == asset_id).values(status=status, updated_at=at))
