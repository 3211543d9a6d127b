"""A process of the product as a history has it: a core with a watch of its own, that can be killed at any moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from core import heartbeat
from core.bootstrap import Core, connect
from core.settings import Settings
from tests.chaos.clock import Clock, Watch
from tests.chaos.trouble import Trouble

Value = TypeVar("Value")
STATEMENTS: Final = ("do_execute", "do_execute_no_params", "do_executemany")


class Killed(BaseException):
    """The process is gone, as after `kill -9`: nothing of ours may run any more, not even `except Exception`."""


class Process:
    """A dashboard or a poller. Between any two things that others could see, it may die.

    `trouble` is asked at each of these moments and may raise what goes wrong there.
    """

    def __init__(self, role: str, settings: Settings, clock: Clock, trouble: Trouble) -> None:
        self.role = role
        self.watch = Watch(clock)
        self.core: Core = connect(settings, role, self.watch.now)
        self.moments_left: int | None = None  # until it is killed
        self.is_alive = True
        self.acts = 0
        self._trouble = trouble
        self._started_at = self.watch.now()
        self._listen()

    def act(self, work: Callable[[], Value]) -> Value | None:
        """Do something in this process; None when it is killed meanwhile, or its database fails."""
        before, self._trouble.acting = self._trouble.acting, self
        self.acts += 1
        try:
            return work()
        except Killed:
            self._trouble.forgive(self)
            return None
        except OperationalError:
            return None
        finally:
            self._trouble.acting = before

    def moment(self) -> None:
        """Something that others can see has just happened or is about to."""
        if self.moments_left is not None:
            self.moments_left -= 1
            if self.moments_left < 0:
                self.is_alive = False
                raise Killed

    def beat(self) -> None:
        with self.core.database.transaction() as session:
            name = self.core.orchestrator.owner
            heartbeat.beat(session, name, self.role, self._started_at, {}, self.watch.now())

    def bury(self) -> None:
        """Give back what this test process holds for it; the product's rows stay as they were left."""
        self.moments_left = None
        self._stop_listening()
        self.core.close()

    def _listen(self) -> None:
        """Stand between the engine and its driver, where a locked or lost database shows."""
        engine = self.core.database.engine
        dialect = engine.dialect
        truly_commit = dialect.do_commit

        def statement(*_: Any) -> None:
            self.moment()
            self._trouble.at_statement(self)

        def commit(connection: Any) -> None:
            self.moment()
            self._trouble.before_commit(self)
            truly_commit(connection)
            self._trouble.after_commit(self)
            self.moment()

        if self.core.database.is_sqlite:  # no power cut here, and the disk of a test machine is slow
            event.listen(
                engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
            )
        for name in STATEMENTS:
            event.listen(engine, name, statement)
        dialect.do_commit = commit

        def stop() -> None:
            for name in STATEMENTS:
                event.remove(engine, name, statement)
            del dialect.do_commit

        self._stop_listening = stop  # SQLAlchemy's caches keep a dialect, and what listens to it, for good
