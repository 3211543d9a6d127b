"""The pages over a world of their own, run by Streamlit's AppTest: no server, no browser, the real core."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from core.heartbeat import beat
from core.models import utc_now
from dashboard import process
from dashboard.components.plain_text import WORD_JOINER
from tests.world import World

FRAME = Path(process.__file__).parent / "streamlit_app.py"

Show = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """Streamlit's caches outlive a test otherwise."""
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Open a page over a world: `show(world, "asset", project=..., asset=...)`."""

    def open_page(world: World, page: str, **address: str) -> AppTest:
        monkeypatch.setattr(process, "_made", [world.core])
        st.cache_data.clear()
        test = AppTest.from_file(FRAME, default_timeout=90)
        for name, value in address.items():
            test.query_params[name] = value
        test.switch_page(f"app_pages/{page}.py").run()
        assert not test.exception, test.exception[0].message
        return test

    return open_page


def poller_beats(world: World, at: datetime | None = None) -> None:
    """Have a poller say that it is alive, now or at another time."""
    now = at or utc_now()
    with world.core.database.transaction() as session:
        beat(session, "poller-test", "poller", now, {}, now)


def words(page: AppTest) -> str:
    """All that a page says."""
    kinds = (
        "title",
        "subheader",
        "markdown",
        "caption",
        "text",
        "error",
        "warning",
        "info",
        "toast",
        "progress",
    )
    said = [str(getattr(element, "value", "")) for kind in kinds for element in page.get(kind)]
    said += [bar.text for bar in page.get("progress")]
    tables = [element.proto.body for element in page.get("html")]
    labels = [part.label for part in page.expander] + [
        part.proto.popover.label for part in page.get("popover")
    ]
    text = "\n".join([*said, *tables, *labels]).replace(WORD_JOINER, "")  # nobody sees it
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def press(page: AppTest, label: str) -> AppTest:
    """Press the one button with this label."""
    (button,) = [button for button in page.button if button.label == label]
    button.click().run()
    assert not page.exception, page.exception[0].message
    return page


def secret_field(page: AppTest, label: str) -> TextInput:
    """The field for a secret with this label; it is another one after each that was taken."""
    (field,) = [field for field in page.text_input if field.label == label]
    return field


def told(page: AppTest, component: str) -> dict[str, Any]:
    """What a component of ours was given to show."""
    (mounted,) = [part for part in page.get("bidi_component") if part.proto.component_name == component]
    return dict(json.loads(mounted.proto.json))
