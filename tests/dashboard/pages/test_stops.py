"""What stands still is told on every page: the vault, and tasks at an address that is no longer today's."""

from __future__ import annotations

from core import outages, way_home
from core.errors import UnreachableError, VaultError
from core.models import ProviderKey
from tests.dashboard.pages.conftest import Show, words
from tests.world import World


def test_a_vault_without_room_is_told_with_what_to_do(world: World, show: Show) -> None:
    with world.core.database.transaction() as session:
        full = VaultError("There is no room left for files.", code="vault_full")
        way_home.note_vault(session, full, world.now())

    said = words(show(world, "assets"))

    assert "There is no room left for files. It stands still since" in said
    assert "`ARTIFACTS_URL`" in said


def test_an_outage_says_since_when_and_when_it_is_tried_again(world: World, show: Show) -> None:
    world.order()
    with world.core.database.transaction() as session:
        outages.begin(session.query(ProviderKey).one(), outages.WORD, "Nobody is there.", world.now())
        session.query(ProviderKey).one().stopped_until = world.now().replace(year=2100)

    said = words(show(world, "health"))

    assert "The local sandbox does not answer since" in said
    assert "The next try is in" in said


def test_tasks_at_an_address_that_is_no_longer_todays_are_told(world: World, show: Show) -> None:
    world.order()
    with world.core.database.transaction() as session:
        key = session.query(ProviderKey).one()
        key.base = "http://127.0.0.1:8599/v3"
        outages.note(key, UnreachableError("Tripo cannot be reached."), world.now())

    said = words(show(world, "health"))

    assert "at http://127.0.0.1:8599/v3, which is not today's address" in said


def test_the_sandboxs_key_is_not_said_to_be_set_by_a_setting(world: World, show: Show) -> None:
    world.order()

    said = words(show(world, "keys"))

    assert "The local sandbox's own" in said
    assert "TRIPO_API_KEY" not in said
