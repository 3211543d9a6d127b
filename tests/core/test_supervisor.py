from __future__ import annotations

import re
import signal
import sys

import psutil
import pytest

from tests.core.started_process import StartedProcess, wait_until, wait_until_gone


def supervise(*names: str) -> StartedProcess:
    return StartedProcess([sys.executable, "-m", "tests.core.supervise_stand_ins", *names], {})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_in_reverse_order_and_leaves_nothing(number):
    with supervise("obedient", "obedient", "obedient") as supervisor:
        supervisor.wait_for("all are ready")
        wait_until(lambda: supervisor.output.count("runs") == 3)
        family = supervisor.family()

        supervisor.send(number)

        assert supervisor.wait() == 0
        stops = [supervisor.output.index(f"obedient{n} | stops") for n in (3, 2, 1)]
        assert stops == sorted(stops)
        assert supervisor.output.rstrip().endswith("Hatchery has stopped.")
        assert "Traceback" not in supervisor.output
        assert len(family) == 3
        wait_until_gone(family)


def test_what_a_child_started_goes_with_it():
    with supervise("parent") as supervisor:
        offspring = psutil.Process(int(supervisor.wait_for(r"has a child (\d+)")[1]))

        supervisor.send(signal.SIGTERM)

        assert supervisor.wait() == 0
        wait_until_gone([offspring])


def test_a_child_that_does_not_stop_is_killed():
    with supervise("stubborn", "obedient") as supervisor:
        wait_until(lambda: supervisor.output.count("runs") == 2)
        family = supervisor.family()

        supervisor.send(signal.SIGTERM)

        assert supervisor.wait() == 0
        assert "The stubborn1 did not stop by itself and is ended." in supervisor.output
        wait_until_gone(family)


def test_a_child_that_dies_is_started_again_after_a_growing_delay_and_the_log_says_so():
    with supervise("dying", "obedient") as supervisor:
        first = supervisor.wait_for(
            r"The dying1 ended by itself \(exit code 3\); it is started again in (\d) s\."
        )
        second = supervisor.wait_for(r"The dying1 ended by itself \(exit code 3\); .* again in 2 s\.")

        assert first[1] == "1"
        assert "dying1    | last words" in supervisor.output[: second.start()]
        assert "The obedient2 ended" not in supervisor.output


def test_a_killed_child_is_replaced_by_a_new_process():
    with supervise("obedient", "obedient") as supervisor:
        wait_until(lambda: supervisor.output.count("runs") == 2)
        killed = min(supervisor.family(), key=lambda process: process.pid)

        killed.kill()

        supervisor.wait_for(r"The obedient1 ended by itself \(signal SIGKILL\)")
        assert wait_until(lambda: supervisor.output.count("obedient1 | runs") == 2)
        assert killed.pid not in [process.pid for process in supervisor.family()]


def test_children_do_not_outlive_a_supervisor_that_is_killed():
    with supervise("obedient", "obedient") as supervisor:
        wait_until(lambda: supervisor.output.count("runs") == 2)
        family = supervisor.family()

        supervisor.send(signal.SIGKILL)

        supervisor.wait()
        assert len(family) == 2
        wait_until_gone(family)


def test_a_child_that_closes_its_output_is_kept_and_costs_nothing():
    with supervise("mute") as supervisor:
        supervisor.wait_for("mute1     | runs")
        process = psutil.Process(supervisor.pid)
        before = process.cpu_times().user

        assert not wait_until_ended(process, seconds=1)

        assert process.cpu_times().user - before < 0.5
        assert not re.search("ended by itself", supervisor.output)
        supervisor.send(signal.SIGTERM)
        assert supervisor.wait() == 0


def wait_until_ended(process: psutil.Process, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except psutil.TimeoutExpired:
        return False
    return True
