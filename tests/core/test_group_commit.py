"""Group commit: one thread writes what several have, in one go, and each learns how its own part ended."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from core.group_commit import GroupCommit
from tests.core.started_process import wait_until


class Pen:
    """Writes when it is let; keeps what it wrote in one go."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.may_write = threading.Event()
        self.writes = threading.Event()

    def write(self, items: Sequence[int]) -> None:
        self.writes.set()
        assert self.may_write.wait(10)
        self.written.append(sorted(items))
        if 13 in items:
            raise OSError("no ink")


def test_what_comes_while_one_writes_is_written_together_after_it() -> None:
    pen = Pen()
    with ThreadPoolExecutor(6) as threads:
        _, _, others = _write_behind_a_slow_one(pen, threads, [1, 2, 3, 4, 5])
        for other in others:
            other.result(10)
    assert pen.written == [[0], [1, 2, 3, 4, 5]]


def test_what_goes_wrong_is_told_to_all_that_it_concerns_and_to_nobody_else() -> None:
    pen = Pen()
    with ThreadPoolExecutor(6) as threads:
        commit, first, others = _write_behind_a_slow_one(pen, threads, [12, 13])
        first.result(10)
        for other in others:
            with pytest.raises(OSError, match="no ink"):
                other.result(10)
        assert threads.submit(commit.write, 7).result(10) is None
    assert pen.written == [[0], [12, 13], [7]]


def _write_behind_a_slow_one(
    pen: Pen, threads: ThreadPoolExecutor, items: Sequence[int]
) -> tuple[GroupCommit[int], Future[None], list[Future[None]]]:
    """Have 0 written, and these handed over while that is not done."""
    commit = GroupCommit(pen.write)
    first = threads.submit(commit.write, 0)
    assert pen.writes.wait(10)
    others = [threads.submit(commit.write, item) for item in items]
    assert wait_until(lambda: len(commit._waiting) == len(items))
    pen.may_write.set()
    return commit, first, others
