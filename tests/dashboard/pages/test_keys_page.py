"""The Keys page: adding, checking, replacing, removing, choosing; and never more of a key than four characters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.projects import FIRST_PROJECT
from core.schemas import KeyView
from dashboard import backend
from dashboard.components.plain_text import WORD_JOINER
from tests.dashboard.pages.conftest import Show, poller_beats, press, secret_field, words
from tests.world import World

A, B = "tsk_sandbox_anna_1234", "tsk_sandbox_bert_5678"
EVERY_PAGE = ("submit", "assets", "health", "keys")


def added(world: World, key: str = A, name: str = "Anna") -> str:
    (key_id,) = world.core.key_desk.add(name=name, key=key, actor="Anna")
    return key_id


def own_keys(world: World) -> dict[str, KeyView]:
    with world.core.database.reading() as session:
        return {k.name: k for k in backend.list_keys(session, world.core.keys) if not k.shared}


def fill_in(page: AppTest, name: str, key: str) -> AppTest:
    page.text_input(key="key_name").set_value(name)
    secret_field(page, "Key").set_value(key)
    return press(page, "Check and add")


def everything(page: AppTest) -> str:
    """All that is sent to the browser, and all that the session keeps."""
    return "\n".join([words(page), repr(page), repr(page.session_state), repr(page.session_state._state)])


def test_a_key_is_added_checked_and_leaves_the_form(world: World, show: Show) -> None:
    page = fill_in(show(world, "keys"), "Anna's account", A)

    assert own_keys(world)["Anna's account"].last_four == "1234"
    for word in ("Anna's account (…1234)", "Balance 10,000 credits", "No project uses it", "this machine"):
        assert word in words(page)
    assert "Added. The key works." in words(page)
    assert secret_field(page, "Key").value == ""
    assert secret_field(page, "Key").key != "key_secret"  # another field: a browser may keep what it showed
    assert page.text_input(key="key_name").value == ""
    assert secret_field(page, "Key").proto.type == secret_field(page, "Key").proto.PASSWORD
    assert A not in everything(page)


@pytest.mark.parametrize(
    ("name", "key", "word"),
    [
        ("Anna", "tcli_12345", "client id"),
        ("Anna", "", "empty"),
        ("", A, "name"),
        ("Bert", B, "region"),
    ],
)
def test_a_refused_key_is_not_kept_and_the_page_says_why(
    make_world: Callable[..., World], show: Show, name: str, key: str, word: str
) -> None:
    world = make_world(keys=("tsk_sandbox", A))

    page = fill_in(show(world, "keys"), name, key)

    assert word in words(page)
    assert own_keys(world) == {}
    assert page.text_input(key="key_name").value == name
    assert secret_field(page, "Key").value == ""
    assert not key or key not in everything(page)


def test_a_key_is_checked_replaced_and_removed(world: World, show: Show) -> None:
    key_id = added(world)
    world.ask_sandbox("wallet", {"key": A, "balance": 12})

    page = press(show(world, "keys"), "Check")
    assert "Balance 12 credits" in words(page)

    page.text_input(key=f"new-key-{key_id}").set_value(B)
    page = press(page, "Check and replace")
    assert "Anna (…5678)" in words(page)
    assert B not in everything(page)
    assert own_keys(world)["Anna"].last_four == "5678"

    page = press(page, "Remove it")
    assert "Removed. Nothing more is sent with it." in words(page)
    assert own_keys(world) == {}


def test_a_removal_says_what_happens_to_what_is_under_way(world: World, show: Show) -> None:
    world.order(key_id=added(world))
    page = show(world, "keys")

    assert "It has 1 open task." in words(page)
    assert "fail, unpaid" in words(page)
    page = press(page, "Remove it")
    assert "What is at the provider is followed to its end" in words(page)
    assert not [button for button in page.button if button.label == "Remove it"]


def test_the_shared_key_can_be_checked_and_nothing_else(world: World, show: Show) -> None:
    world.order()

    page = show(world, "keys")

    assert "sandbox (…dbox)" in words(page)
    assert "Used wherever no other key was chosen. 1 open task." in words(page)
    assert [button.label for button in page.button].count("Check") == 1
    assert "Remove it" not in [button.label for button in page.button]


def test_a_project_chooses_its_key_and_gives_it_up(world: World, show: Show) -> None:
    key_id = added(world)
    page = show(world, "keys")
    field = f"project-key-{FIRST_PROJECT}"
    assert page.selectbox(key=field).options == ["The shared key", "Anna (…1234)"]

    page.selectbox(key=field).select_index(1).run()
    assert "Used by My first project." in words(page)
    world.order()
    assert world.tasks()[0].key_id == key_id

    page.selectbox(key=field).select_index(0).run()
    assert "No project uses it." in words(page)


def test_a_project_whose_key_was_removed_says_so(world: World, show: Show) -> None:
    key_id = added(world)
    page = show(world, "keys")
    page.selectbox(key=f"project-key-{FIRST_PROJECT}").select_index(1).run()
    world.core.key_desk.remove(key_id)

    page = show(world, "keys")

    assert page.selectbox(key=f"project-key-{FIRST_PROJECT}").options[-1] == (
        "A key that was removed: choose another"
    )


def test_every_page_says_which_key_is_stopped_and_what_to_do(world: World, show: Show) -> None:
    poller_beats(world)
    key_id = added(world)
    world.ask_sandbox("wallet", {"key": A, "balance": 0})
    world.order(key_id=key_id)

    for name in EVERY_PAGE:
        said = words(show(world, name))
        assert "Orders with the key “Anna” (…1234) wait." in said, name
        assert "Top up its wallet at Tripo" in said, name
    assert "Stopped" in words(show(world, "keys"))


def test_a_name_is_shown_as_it_is(world: World, show: Show) -> None:
    added(world, name="<b>**Anna**</b> :red[x] [y](http://z)")

    page = show(world, "keys")

    heading = page.subheader[0].value.replace(WORD_JOINER, "")  # which keeps an address from becoming a link
    assert heading == r"\<b\>\*\*Anna\*\*\<\/b\> \:red\[x\] \[y\]\(http\:\/\/z\) \(…1234\)"


def test_no_page_shows_a_key_or_keeps_one(world: World, show: Show) -> None:
    key_id = added(world)
    world.order(key_id=key_id)
    world.run_to_the_end()
    world.faults(unauthorized=True)
    world.core.key_desk.check(key_id)

    for name in EVERY_PAGE:
        assert A not in everything(show(world, name)), name
    assert A not in everything(show(world, "asset", project=FIRST_PROJECT, asset="knight"))


def test_without_any_key_the_page_says_so(make_world: Callable[..., World], show: Show) -> None:
    page = show(make_world(settings={"tripo_api_key": ""}), "keys")

    assert "There is no key yet." in words(page)
    assert page.selectbox(key=f"project-key-{FIRST_PROJECT}").options == ["None: it cannot order"]


def test_an_order_from_the_submit_page_may_name_a_key(world: World, show: Show) -> None:
    page = show(world, "submit")
    assert "Key" not in [select.label for select in page.selectbox]
    key_id = added(world)

    page = show(world, "submit")
    page.text_area(key="asset_prompt").set_value("a wooden crate")
    page.selectbox(key="asset_key").select_index(1).run()
    press(page, "Submit")

    assert [task.key_id for task in world.tasks()] == [key_id]
