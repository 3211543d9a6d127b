"""Which row is which asset: by key, else by category and name; renames are offered and never guessed."""

from __future__ import annotations

from typing import Any

from core.plans.matching import Change, Known, match, offered_renames
from core.plans.plan import PlanRow
from core.plans.style import brief_of


def row(name: str, line: int = 1, **more: Any) -> PlanRow:
    return PlanRow(line=line, name=name, **more)


def known(name: str, asset_id: str, order: int = 0, of_plan: bool = True, **more: Any) -> Known:
    like = row(name, **{k: v for k, v in more.items() if k not in ("is_removed", "asset_key")})
    brief = brief_of(like)
    return Known(
        asset_pk=f"pk-{asset_id}",
        asset_id=asset_id,
        key=more.get("asset_key", like.key),
        name=name,
        category=like.category,
        tag=like.tag,
        animations=like.animations,
        brief=brief,
        made_from=brief,
        order=order,
        is_removed=more.get("is_removed", False),
        is_of_this_plan=of_plan,
    )


def changes(rows: list[PlanRow], there: list[Known], renames: dict[int, str] | None = None) -> list[tuple]:
    return [
        (m.change.value, m.known.asset_id if m.known else None, m.fields) for m in match(rows, there, renames)
    ]


def test_a_row_put_in_above_shifts_nobody() -> None:
    there = [known("Guard", "a", 0), known("Rope", "b", 1)]

    found = changes([row("Flag", 1), row("Guard", 2), row("Rope", 3)], there)

    assert found == [("added", None, ()), ("unchanged", "a", ()), ("unchanged", "b", ())]


def test_equal_names_are_told_apart_by_their_order() -> None:
    there = [known("Guard", "a", 0, description="tall"), known("Guard", "b", 1, description="short")]

    found = changes([row("Guard", 1, description="tall"), row("Guard", 2, description="small")], there)

    assert found == [("unchanged", "a", ()), ("changed", "b", ("description",))]


def test_a_key_finds_its_asset_under_any_name() -> None:
    there = [known("Guard", "a", key="k1"), known("Rope", "b", 1)]

    found = changes([row("Rope", 1), row("Sentry", 2, key="k1", category="Crew")], there)

    assert found == [("unchanged", "b", ()), ("changed", "a", ("name", "category"))]


def test_a_row_with_a_key_never_takes_an_asset_with_another_key() -> None:
    found = changes([row("Guard", 1, key="k2")], [known("Guard", "a", key="k1")])

    assert found == [("added", None, ()), ("removed", "a", ())]


def test_a_key_that_is_given_later_finds_the_asset_by_its_name() -> None:
    assert changes([row("Guard", key="k1")], [known("Guard", "a")]) == [("unchanged", "a", ())]


def test_what_another_plan_lists_is_found_and_never_removed() -> None:
    there = [known("Guard", "a", of_plan=False), known("Rope", "b", of_plan=False)]

    assert changes([row("Guard")], there) == [("unchanged", "a", ())]


def test_a_removed_asset_that_is_listed_again_comes_back() -> None:
    there = [known("Guard", "a", is_removed=True)]

    assert changes([row("Guard")], there) == [("changed", "a", ("removed",))]
    assert changes([], there) == []


def test_renames_are_offered_and_only_made_when_a_person_says_so() -> None:
    there = [
        known("Guard", "a", 0, category="Crew"),
        known("Rope", "b", 1, description="thick hemp"),
        known("Cog", "c", 2),
    ]
    rows = [
        row("Guard", 1, category="Soldiers"),
        row("Cable", 2, description="thick hemp"),
        row("Gear", 3),
        row("Anvil", 4),
    ]

    matches = match(rows, there)

    assert [m.change for m in matches].count(Change.ADDED) == 4
    assert [(r.line, r.asset_id) for r in offered_renames(matches)] == [(1, "a"), (2, "b"), (3, "c")]
    assert changes(rows, there, {2: "b"})[1] == ("changed", "b", ("name",))


def test_animations_under_a_static_asset_are_no_difference() -> None:
    assert changes([row("Flag", animations=("preset:idle",))], [known("Flag", "a")]) == [
        ("unchanged", "a", ())
    ]


def test_what_differs_is_named() -> None:
    there = [known("Guard", "a")]
    edited = row("Guard", tag="RIG", animations=("preset:idle",), priority=2, variants=3, seed=4)

    assert changes([edited], there) == [
        ("changed", "a", ("tag", "animations", "priority", "variants", "seed"))
    ]
