"""Plain text, times and the names of steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.lifecycle import AssetStatus, TaskKind, TaskStatus
from core.tripo import ALL_PRESETS
from dashboard.components.downloads import size_in_words
from dashboard.components.history import who
from dashboard.components.moments import ago, duration
from dashboard.components.plain_text import WORD_JOINER, as_html, as_markdown, one_line
from dashboard.components.state_badge import ASSETS, TASKS
from dashboard.components.step_words import clip_title, step_title
from dashboard.new_asset import NewAsset, slug

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_every_sign_of_markdown_is_taken_away() -> None:
    strange = "**bold** <b>x</b> :material/home: $x$ [a](b) :red[x]"

    shown = as_markdown(strange)

    assert shown.replace("\\", "") == strange
    assert shown == (r"\*\*bold\*\* \<b\>x\<\/b\> \:material\/home\: \$x\$ \[a\]\(b\) \:red\[x\]")


def test_arrows_and_dashes_stay_what_they_were() -> None:
    assert as_markdown("a->b").replace("\\", "") == f"a-{WORD_JOINER}>b"


def test_addresses_are_not_made_links() -> None:
    for address in ("https://a.example/x", "www.a.example", "ann@a.example"):
        assert WORD_JOINER in as_markdown(address)


def test_html_is_escaped() -> None:
    assert as_html('<b title="x">&\'') == "&lt;b title=&quot;x&quot;&gt;&amp;&#x27;"


def test_long_and_broken_texts_come_on_one_line() -> None:
    assert one_line("a\n\n b\t c") == "a b c"
    assert one_line("x" * 600).endswith("…")
    assert len(one_line("x" * 600)) == 500


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "just now"), (1, "just now"), (12, "12 seconds ago"), (60, "1 minute ago"), (7300, "2 hours ago")],
)
def test_times_are_told_in_words(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_durations_and_sizes_have_units() -> None:
    lengths = [duration(s) for s in (0.9, 1.9, 90, 86_400)]
    assert lengths == ["less than a second", "1 second", "1 minute", "1 day"]
    assert [size_in_words(b) for b in (10, 84_000, 1_250_000)] == ["1 kB", "84 kB", "1.2 MB"]


def test_steps_and_animations_have_names() -> None:
    assert step_title(TaskKind.RIG, None) == "Rig it"
    assert step_title(TaskKind.ANIMATE, "preset:walk") == "Animate: walk"
    assert clip_title("preset:biped:cast_a_spell") == "Cast a spell (biped)"
    assert len({clip_title(preset) for preset in ALL_PRESETS}) == len(ALL_PRESETS)


def test_every_state_has_a_word_an_icon_and_a_colour() -> None:
    assert set(ASSETS) == set(AssetStatus)
    assert set(TASKS) == set(TaskStatus)


def test_our_own_processes_are_named_and_people_are_unverified() -> None:
    assert who("poller-some-host-0a1b2c3d") == "the poller"
    assert who("dashboard") == "the page"
    assert who("Ada") == "Ada (unverified)"


def test_ids_are_made_of_names_in_any_script() -> None:
    assert slug("  Élan vital!  ") == "elan-vital"
    assert slug("骑士") == ""
    order = NewAsset(prompt="x", name="骑士", new_project="城")
    project, asset = order.new_ids(order.request_key("form"))
    assert project.startswith("project-")
    assert asset.startswith("asset-")


def test_a_name_is_taken_from_the_beginning_of_the_prompt() -> None:
    assert NewAsset(prompt="  a   knight ").title == "a knight"
    assert NewAsset(prompt="word " * 40).title == "word " * 11 + "word…"
    assert NewAsset(prompt="x", name="Sir Kay").title == "Sir Kay"
