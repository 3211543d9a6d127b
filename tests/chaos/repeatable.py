"""Makes a history the same each time it is told: ids and chance come from its seed, its threads wait for each other.

Work that the product hands to its worker threads runs at once, in the thread that hands it over; a process that is
killed in the middle of it is then dead as a whole, and what happened before what does not depend on the machine.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


@contextmanager
def repeatable(
    seed: int, sleep: Callable[[float], None], note: Callable[[Exception], None]
) -> Iterator[None]:
    """Within the block this thread's product is repeatable.

    Its sleeps go to `sleep` (in seconds), and `note` hears of each error that ends work handed to a worker.
    """
    teller = threading.get_ident()
    ids = {True: random.Random(f"{seed}/ids"), False: random.Random(f"{seed}/sandbox ids")}
    truly_submit, truly_sleep, truly_monotonic = ThreadPoolExecutor.submit, time.sleep, time.monotonic
    steady = [truly_monotonic()]  # its clock moves by its sleeps alone, however slow the machine is
    chance_before = random.getstate()

    def is_ours() -> bool:
        return threading.get_ident() == teller

    def uuid4() -> uuid.UUID:
        return uuid.UUID(int=ids[is_ours()].getrandbits(128), version=4)

    def submit(pool: ThreadPoolExecutor, work: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        if not is_ours():
            return truly_submit(pool, work, *args, **named)
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **named))
        except Exception as error:
            note(error)
            future.set_exception(error)
        return future

    def slept(seconds: float) -> None:
        if is_ours():
            steady[0] += seconds
        (sleep if is_ours() else truly_sleep)(seconds)

    def monotonic() -> float:
        return steady[0] if is_ours() else truly_monotonic()

    random.seed(seed)
    try:
        with (
            patch.object(ThreadPoolExecutor, "submit", submit),
            patch.object(uuid, "uuid4", uuid4),
            patch.object(time, "sleep", slept),
            patch.object(time, "monotonic", monotonic),
        ):
            yield
    finally:
        random.setstate(chance_before)
