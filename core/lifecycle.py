"""The life of a task: its states, the moves between them, and what an asset's status follows from.

                        +-------------------------------------------------------------+
                        v                                                             |
    [*] -> waiting -> ready -> submitting -> queued -> running -> downloading -> success
              |         |       |   |   ^       |         |            |
              |         |       |   |   |       +----+----+------------+--> failed
              |         |       |   |   |            |
              |         |       |   +-> unknown -----+   (sent, answer lost: evidence or a person decides)
              +---------+-------+---------------------------> cancelled, failed

A move is made only by `core.tasks`, written by `core.moves`, and only if it stands in `ALLOWED`. A final row never
changes: a retry is a new row, late truth is an event beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class TaskKind(StrEnum):
    """One step of a chain: one call that the provider may charge for."""

    GENERATE = "generate"
    RIG_CHECK = "rig_check"
    RIG = "rig"
    ANIMATE = "animate"


class TaskStatus(StrEnum):
    """Where one task stands."""

    WAITING = "waiting"  # an earlier step, a gate, a pause or a budget holds it
    READY = "ready"  # may be sent to the provider
    SUBMITTING = "submitting"  # claimed; the provider may or may not know of it
    UNKNOWN = "unknown"  # sent, the answer was lost: never sent again by itself
    QUEUED = "queued"  # the provider gave us an id and has not begun
    RUNNING = "running"  # the provider works on it
    DOWNLOADING = "downloading"  # the provider is done, our copies of its files are not all safe yet
    SUCCESS = "success"  # done, files verified and stored
    FAILED = "failed"  # ended badly; the row says why
    CANCELLED = "cancelled"  # a person ended it


_S = TaskStatus

ALLOWED: Mapping[TaskStatus, frozenset[TaskStatus]] = {
    _S.WAITING: frozenset({_S.READY, _S.FAILED, _S.CANCELLED}),
    _S.READY: frozenset({_S.SUBMITTING, _S.WAITING, _S.FAILED, _S.CANCELLED}),
    _S.SUBMITTING: frozenset({_S.QUEUED, _S.READY, _S.UNKNOWN, _S.FAILED}),
    _S.UNKNOWN: frozenset({_S.QUEUED, _S.FAILED, _S.CANCELLED}),  # sent again only as another attempt
    _S.QUEUED: frozenset({_S.RUNNING, _S.DOWNLOADING, _S.SUCCESS, _S.FAILED, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.QUEUED, _S.DOWNLOADING, _S.SUCCESS, _S.FAILED, _S.CANCELLED}),
    _S.DOWNLOADING: frozenset({_S.SUCCESS, _S.FAILED, _S.CANCELLED}),
    _S.SUCCESS: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}

FINAL = frozenset(status for status, moves in ALLOWED.items() if not moves)
OPEN = frozenset(TaskStatus) - FINAL
AT_PROVIDER = frozenset({_S.QUEUED, _S.RUNNING})  # polled
IN_FLIGHT = frozenset({_S.SUBMITTING, _S.QUEUED, _S.RUNNING, _S.DOWNLOADING})
HOLDS_SLOT = frozenset({_S.SUBMITTING, _S.QUEUED, _S.RUNNING})
UNSENT = frozenset({_S.WAITING, _S.READY})


class Hold(StrEnum):
    """What holds a WAITING task."""

    EARLIER_STEP = "earlier_step"  # the step before it is not done yet
    GATE = "gate"  # its model is one of several, and none is picked yet
    FAILED_STEP = "failed_step"  # the step before it ended badly: it waits for a retry of that one
    BUDGET = "budget"  # what its project may still spend does not cover it


class AssetStatus(StrEnum):
    """Where an asset stands in its pipeline. Computed from its tasks, never stored by hand."""

    READY = "ready"  # planned only
    QUEUED = "queued"
    GENERATING = "generating"
    GENERATED = "generated"
    RIGGING = "rigging"
    RIGGED = "rigged"
    ANIMATING = "animating"
    COMPLETE = "complete"
    FAILED = "failed"


class Approval(StrEnum):
    """What a person thinks of a finished model. Independent of the pipeline."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Verdict(StrEnum):
    """One word of a person about a model."""

    APPROVED = "approved"
    REJECTED = "rejected"
    COMMENTED = "commented"  # decides nothing


class ItemState(StrEnum):
    """Where one item of a job stands. All but the first are final."""

    WAITING = "waiting"  # its turn has not come
    DONE = "done"
    SKIPPED = "skipped"  # it changed since the job was started, or the job was stopped: nothing was done
    FAILED = "failed"  # an error of ours kept it from being done: nothing was done


class StepState(NamedTuple):
    """The newest attempt of one step of an asset's current chain, and whether any attempt of it succeeded."""

    kind: TaskKind
    status: TaskStatus
    succeeded: bool
    hold: Hold | None = None


def is_final(status: TaskStatus) -> bool:
    """Say whether a task in this status never moves again."""
    return not ALLOWED[status]


def asset_status(steps: Iterable[StepState]) -> AssetStatus:
    """Compute an asset's status from the newest attempts of its current chain.

    `failed` means that a step ended badly and nothing is still open; an unknown task leaves the asset at its
    stage; a cancelled one leaves the best stage reached.
    """
    steps = list(steps)
    if not steps:
        return AssetStatus.READY
    active = [s for s in steps if s.status not in FINAL and s.hold is not Hold.FAILED_STEP]
    if active:
        return _stage_of_open(steps, active)
    if any(s.status is _S.FAILED for s in steps):
        return AssetStatus.FAILED
    if all(s.succeeded for s in steps):
        return AssetStatus.COMPLETE
    return _best_reached(steps)


def _stage_of_open(steps: list[StepState], active: list[StepState]) -> AssetStatus:
    first = min(active, key=lambda s: list(TaskKind).index(s.kind))
    if first.kind is TaskKind.GENERATE:
        begun = first.status in (_S.RUNNING, _S.DOWNLOADING)
        return AssetStatus.GENERATING if begun else AssetStatus.QUEUED
    if first.kind is TaskKind.RIG_CHECK:
        return AssetStatus.GENERATED if first.status in UNSENT else AssetStatus.RIGGING
    if first.kind is TaskKind.RIG:
        return AssetStatus.RIGGING
    sent = any(s.kind is TaskKind.ANIMATE and s.status not in UNSENT for s in steps)
    return AssetStatus.ANIMATING if sent else AssetStatus.RIGGED


def _best_reached(steps: list[StepState]) -> AssetStatus:
    reached = {s.kind for s in steps if s.succeeded}
    if TaskKind.RIG in reached or TaskKind.ANIMATE in reached:
        return AssetStatus.RIGGED
    if TaskKind.GENERATE in reached:
        return AssetStatus.GENERATED
    return AssetStatus.READY
