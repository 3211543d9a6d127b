"""How many of the forged files are kept: by their size, the last that were asked for."""

from __future__ import annotations

from core.sandbox.products import Workshop, products_of
from core.sandbox.tasks import Task


def file_of(workshop: Workshop, subject: str) -> bytes:
    """Ask for the model of a task that made this, without a texture, which takes no time to draw."""
    task = Task(
        id=f"task-{subject}",
        owner="studio",
        version="v3",
        type="text_to_model",
        model=None,
        pool="generation",
        source=None,
        fields={"texture": False, "pbr": False},
        echo={},
        subject=subject,
        seed=7,
        price=0,
        created_at=0.0,
        starts_at=0.0,
        ends_at=0.0,
    )
    return workshop.file(task, products_of(task)[0])


def test_a_file_is_forged_once_while_it_is_kept() -> None:
    workshop = Workshop({})

    axe = file_of(workshop, "axe")

    assert axe.startswith(b"glTF")
    assert file_of(workshop, "coin") != axe
    assert file_of(workshop, "axe") is axe


def test_the_file_that_nobody_asked_for_longest_makes_room() -> None:
    sizes = {name: len(file_of(Workshop({}), name)) for name in ("axe", "coin", "crate")}
    workshop = Workshop({}, most_bytes=sum(sizes.values()) - 1)
    axe, coin = file_of(workshop, "axe"), file_of(workshop, "coin")
    assert file_of(workshop, "axe") is axe

    crate = file_of(workshop, "crate")

    assert file_of(workshop, "axe") is axe
    assert file_of(workshop, "crate") is crate
    again = file_of(workshop, "coin")
    assert again is not coin
    assert again == coin


def test_files_fill_what_they_may_to_the_byte() -> None:
    sizes = {name: len(file_of(Workshop({}), name)) for name in ("axe", "coin")}
    workshop = Workshop({}, most_bytes=sum(sizes.values()))

    made = {name: file_of(workshop, name) for name in sizes}

    assert all(file_of(workshop, name) is made[name] for name in sizes)


def test_a_file_larger_than_all_that_may_be_kept_is_kept_alone() -> None:
    workshop = Workshop({}, most_bytes=1)

    axe = file_of(workshop, "axe")
    assert file_of(workshop, "axe") is axe
    coin = file_of(workshop, "coin")

    assert file_of(workshop, "coin") is coin
    assert file_of(workshop, "axe") is not axe
