"""Jobs on the pages: what was asked for of many, how far it is, what it did."""

from __future__ import annotations

import re

import pytest

from core.jobs.scope import Scope
from core.prices import credits_in_words
from tests.dashboard.pages.conftest import Show, poller_beats, press, words
from tests.jobs.conftest import cancel_all, items, job, job_list, named
from tests.world import World

CRATES = Scope(query="crate")


@pytest.fixture
def crates(world: World) -> World:
    """Three crates that were cancelled; one of them has a name that is no markup."""
    for n in range(3):
        world.order(f"crate-{n}", send=False, prompt=f"a crate, {n}", name=f"<b>Crate</b> *{n}*")
    cancel_all(world)
    return world


def test_without_a_job_the_page_says_what_one_is(world: World, show: Show) -> None:
    assert "A job does one thing to many" in words(show(world, "jobs"))


def test_a_job_that_does_not_exist_says_so(world: World, show: Show) -> None:
    assert "No such job" in words(show(world, "job", job="x"))


def test_a_job_shows_how_far_it_is_what_it_did_and_is_stopped_after_a_question(
    crates: World, show: Show
) -> None:
    poller_beats(crates)
    done = crates.core.jobs.start(action="retry", scope=named("crate-0"), actor="Ann")
    waiting = crates.core.jobs.start(action="retry", scope=CRATES, after_seconds=3600, actor="Ann")

    listed = words(show(crates, "jobs"))
    ended = words(show(crates, "job", job=done))
    page = show(crates, "job", job=waiting)
    press(page, "Stop")
    crates.core.jobs.stop(waiting, actor="Bob")
    stopped = words(show(crates, "job", job=waiting))

    assert "1 done · " in listed
    assert "0 of 2 (0%)" in listed
    assert "begins at" in listed
    assert "1 of 1 (100%)" in ended
    assert "Ordered as attempt 2." in ended
    assert "&lt;b&gt;Crate&lt;/b&gt; *0*" in ended
    assert "Stopped by Bob (unverified)." in stopped
    assert "1 left out from the beginning" in stopped
    assert re.search(r"started .* by Ann \(unverified\)", stopped)
    assert job(crates, waiting).skipped == len(items(crates, waiting)) == 2


def test_a_selection_is_retried_after_count_and_price_were_shown(crates: World, show: Show) -> None:
    page = show(crates, "assets", q="crate")
    press(page, "Select all 3 that match")
    asked = press(page, "Retry")
    said = words(asked)
    price = crates.core.jobs.preview(action="retry", scope=CRATES).credits

    press(page, f"Retry: 3 steps for {credits_in_words(price)}")

    assert f"3 steps. It costs {credits_in_words(price)} when all succeed." in said.replace("**", "")
    (started,) = job_list(crates)
    assert (started.state, started.done, started.created_by) == ("done", 3, "dashboard")
