"""Every documented error code of both versions, from the wire to the sentence that a person reads.

The lists below are typed from Tripo's documents (docs.tripo3d.ai, errors page, 2026-06-03; developers.tripo3d.ai,
2026-09), not from our tables: what the product does about a code is said here a second time.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from core import queries
from core.bootstrap import Core, connect
from core.errors import TaskGoneError, TripoError
from core.lifecycle import TaskStatus
from core.models import ProviderKey, Task, utc_now
from core.projects import FIRST_PROJECT, ensure_first_project
from core.schemas import TaskView
from core.tripo.codes_v2 import CODES_V2
from core.tripo.codes_v3 import CODES_V3
from tests.conftest import settings_in
from tests.core.scripted_provider import TRACE, ScriptedProvider, refusal
from tests.core.started_process import wait_until

FAILED, WAITS, STOPS, UNKNOWN = "failed", "waits", "stops its key", "outcome unknown"


class Documented(NamedTuple):
    """A code as it is documented, and what an order must become that it answers."""

    http: int
    code: int
    effect: str


# The same number in both versions, with the same meaning.
BOTH = [
    Documented(401, 1002, STOPS), Documented(400, 1003, FAILED), Documented(400, 1004, FAILED),
    Documented(403, 1005, STOPS), Documented(429, 1007, WAITS), Documented(429, 2000, WAITS),
    Documented(400, 2000, WAITS), Documented(404, 2001, FAILED), Documented(400, 2001, FAILED),
    Documented(400, 2002, FAILED), Documented(400, 2003, FAILED), Documented(400, 2004, FAILED),
    Documented(400, 2005, FAILED), Documented(400, 2006, FAILED), Documented(400, 2007, FAILED),
    Documented(400, 2008, FAILED), Documented(400, 2009, FAILED), Documented(403, 2010, STOPS),
    Documented(200, 2010, STOPS), Documented(400, 2011, FAILED), Documented(400, 2012, FAILED),
    Documented(403, 2013, FAILED), Documented(400, 2014, WAITS), Documented(500, 2014, WAITS),
    Documented(400, 2015, FAILED), Documented(400, 2016, FAILED), Documented(400, 2017, FAILED),
    Documented(400, 2018, FAILED), Documented(404, 2019, FAILED), Documented(400, 2021, FAILED),
    Documented(400, 2022, FAILED),
]  # fmt: skip
CODES = {
    "v2": [*BOTH, Documented(500, 1000, UNKNOWN), Documented(500, 1001, UNKNOWN), Documented(404, 9404, STOPS)],
    "v3": [
        *BOTH,
        *(Documented(401, 2, STOPS), Documented(401, 1000, STOPS), Documented(401, 1001, STOPS)),
        Documented(404, 9404, STOPS),
    ],
}  # fmt: skip
LAPSED_PERHAPS = [("v3", 2018)]  # too complex, or too long in the queue: the number does not say which
TABLES = {"v2": CODES_V2, "v3": CODES_V3}
ALL = [pytest.param(version, each, id=f"{version}-{each.http}-{each.code}") for version in CODES for each in CODES[version]]  # fmt: skip


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as each:
        yield each


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which nothing has been ordered: copied, it saves each test the migrations."""
    folder = tmp_path_factory.mktemp("empty")
    core = connect(settings_in(folder), "test")
    core.database.migrate()
    with core.database.transaction() as session:
        ensure_first_project(session)
    core.close()
    return folder / "hatchery.db"


class Desk:
    """A core with an empty database and a clock of its own, at the scripted provider."""

    def __init__(self, provider: ScriptedProvider, folder: Path, version: str) -> None:
        self.offset = timedelta()
        self._provider = provider
        settings = settings_in(folder, tripo_api_version=version, tripo_api_base=provider.bases[version])
        self.core: Core = connect(settings, "test", self._now)

    def _now(self) -> datetime:
        return utc_now() + self.offset

    def order(self) -> TaskView:
        (task_id,) = self.core.desk.generate(project_id=FIRST_PROJECT, asset_id="knight", prompt="a knight")
        # a busy machine may take longer to begin a send, and for the send, than the desk waits
        assert wait_until(lambda: self._provider.creates == 1)
        assert wait_until(lambda: self.view(task_id).inner_status is not TaskStatus.SUBMITTING)
        return self.view(task_id)

    def view(self, task_id: str) -> TaskView:
        with self.core.database.reading() as session:
            return queries.task_view(session, session.get_one(Task, task_id))

    def ask(self) -> None:
        """One pass over all that is at the provider, some time later."""
        self.offset += timedelta(minutes=6)
        assert self.core.orchestrator.ask_due() == 1

    def stopped_word(self) -> str | None:
        with self.core.database.reading() as session:
            return session.scalars(select(ProviderKey)).one().stopped_word


@pytest.fixture
def open_desk(provider, empty_database, tmp_path) -> Iterator[Callable[[str], Desk]]:
    desks: list[Desk] = []

    def make(version: str) -> Desk:
        shutil.copy(empty_database, tmp_path / "hatchery.db")
        desks.append(Desk(provider, tmp_path, version))
        return desks[-1]

    provider.forget()
    yield make
    for desk in desks:
        desk.core.close()


def assert_plain(code: int, *sentences: str) -> None:
    """Words for a person; the number alone helps nobody."""
    assert len(set(sentences)) == len(sentences)
    for sentence in sentences:
        assert re.match(r"[A-Z\"]", sentence), sentence
        assert sentence.endswith("."), sentence
        assert len(re.findall(r"[A-Za-z]{2,}", sentence)) >= 2, sentence
        assert str(code) not in sentence or code == 2, sentence
        assert not re.search(r"Traceback|Error\b|\{|None|tsk_|HTTP \d", sentence), sentence


def split(waiting_text: str) -> tuple[str, str]:
    """What has happened, and what to do."""
    first, _, rest = waiting_text.partition(". ")
    return f"{first}.", rest


def test_each_row_of_the_tables_is_walked():
    for version, table in TABLES.items():
        walked = {each.code for each in CODES[version] if each.code < 9000}
        assert walked == set(table.rows), version
        for code, row in table.rows.items():
            assert set(row.http) <= {each.http for each in CODES[version] if each.code == code}, (
                version,
                code,
            )


@pytest.mark.parametrize(("version", "documented"), ALL)
def test_an_order_that_is_answered_with_a_code(provider, open_desk, version, documented):
    desk = open_desk(version)
    provider.create = refusal(version, documented.http, documented.code)

    view = desk.order()

    assert provider.creates == 1
    if documented.effect == FAILED:
        assert (view.inner_status, view.waiting_for) == (TaskStatus.FAILED, None)
        assert view.error is not None
        assert view.error.trace_id == TRACE
        assert_plain(documented.code, view.error.message, view.error.suggestion)
        assert desk.stopped_word() is None
        return
    assert view.error is None
    assert view.waiting_text is not None
    if documented.effect == UNKNOWN:
        assert (view.inner_status, view.waiting_for) == (TaskStatus.UNKNOWN, "outcome_unknown")
        assert_plain(documented.code, view.waiting_text)  # the page asks for a decision beside it
        return
    assert view.inner_status is TaskStatus.READY
    assert_plain(documented.code, *split(view.waiting_text))
    assert (desk.stopped_word() is not None) == (documented.effect == STOPS)
    provider.create = None
    desk.offset += timedelta(minutes=6)
    desk.core.orchestrator.send_ready()
    assert desk.view(view.task_id).inner_status is TaskStatus.QUEUED, "it is sent when the cause is gone"
    assert desk.stopped_word() is None
    assert provider.creates == 2


@pytest.mark.parametrize(("version", "documented"), ALL)
def test_a_read_that_is_answered_with_a_code(provider, open_desk, version, documented):
    desk = open_desk(version)
    task_id = desk.order().task_id
    provider.read = refusal(version, documented.http, documented.code)

    desk.ask()
    view = desk.view(task_id)
    assert (view.status, view.error) == (TaskStatus.QUEUED, None), "a failed read says nothing about the task"

    desk.offset += timedelta(minutes=6)
    with pytest.raises(TripoError) as refused:
        desk.core.orchestrator.ask_now(task_id)
    assert_plain(documented.code, refused.value.message, refused.value.suggestion)
    assert isinstance(refused.value, TaskGoneError) == (documented.code == 2001)

    provider.read = None
    desk.ask()
    assert desk.view(task_id).status is TaskStatus.RUNNING, "the next good answer is taken"


@pytest.mark.parametrize(("version", "documented"), ALL)
def test_a_task_that_ends_with_a_code(provider, open_desk, version, documented):
    desk = open_desk(version)
    task_id = desk.order().task_id
    provider.ending = {"status": "failed", "error_code": documented.code, "progress": 100}

    desk.ask()

    view = desk.view(task_id)
    assert view.inner_status is TaskStatus.FAILED
    assert view.error is not None
    assert view.error.trace_id == TRACE
    assert_plain(documented.code, view.error.message, view.error.suggestion)
    may_succeed_next_time = documented.effect != FAILED or (version, documented.code) in LAPSED_PERHAPS
    assert view.error.retryable == may_succeed_next_time
    assert desk.stopped_word() is None, "the end of one task says nothing about its key"


@pytest.mark.parametrize("version", CODES)
@pytest.mark.parametrize(
    ("http", "code", "expected"),
    [
        (400, 2999, TaskStatus.FAILED),
        (418, 7, TaskStatus.FAILED),
        (500, 2004, TaskStatus.UNKNOWN),
        (503, 5, TaskStatus.UNKNOWN),
        (200, 777, TaskStatus.UNKNOWN),
    ],
)
def test_a_code_that_nobody_documents_is_never_taken_for_a_success(
    provider, open_desk, version, http, code, expected
):
    desk = open_desk(version)
    provider.create = refusal(version, http, code)

    view = desk.order()

    assert view.inner_status is expected
    assert provider.creates == 1
