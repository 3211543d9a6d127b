"""A step ordered again as another attempt: whether that can be, what it costs, doing so.

What is shown before and what is done pass the same check, so that neither can differ from the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from core import tasks
from core.asset_chain import AssetChain, read_chain
from core.chain import BEFORE, SOURCE, refuse_unfit_rig, rig_type_found
from core.chosen_keys import chosen_again, refuse_removed
from core.errors import ConflictError, OrderError
from core.lifecycle import Hold, TaskKind, TaskStatus
from core.models import Asset, ProviderKey, Task
from core.prices import credits_of_step
from core.projects import project_of
from core.prompts import checked_prompt
from core.steps import checked_options, ready_task, refuse_unanimatable, waiting_task
from core.tripo import RIG_TYPES, Version

AUTOMATIC: Final = "automatic_retry"  # what an attempt waits for that no person ordered


class Retry(NamedTuple):
    """Another attempt that can be ordered: `restored` are the steps behind it that were cancelled along with it.

    `credits` is the price of the step and of what follows it by itself, when all succeed.
    """

    task: Task
    order: dict[str, Any]
    source: Task | None
    key: ProviderKey | None
    restored: tuple[Task, ...]
    credits: Decimal


def retry(
    session: Session,
    task: Task,
    *,
    version: Version,
    now: datetime,
    prompt: str | None = None,
    options: Mapping[str, Any] | None = None,
    key_id: str | None = None,
    reason: str | None = None,
    actor: str = "api",
    restores: bool = True,
) -> Task:
    """Order a step again as a new attempt; the old one stays as it is.

    With `restores` the cancelled steps behind it come back too; without a person's word they never do.
    An attempt that waits to be sent by itself is sent now instead, as this order says. A generation keeps the key
    that was chosen for it, unless `key_id` names another. Raises ConflictError when the step is still open, of
    unknown outcome, succeeded, or superseded, or when its key was removed.
    """
    asset = session.get_one(Asset, task.asset_pk, with_for_update=True)
    chain = read_chain(session, asset)
    waits = chain.newest(task.kind, task.preset)
    is_taken_over = waits is not None and waits.waiting_for == AUTOMATIC and waits.attempt == task.attempt + 1
    if is_taken_over:  # checked and written as if it were not there
        chain = chain._replace(tasks=tuple(each for each in chain.tasks if each is not waits))
    checked = checked_retry(
        session, chain, task, version=version, prompt=prompt, options=options, key_id=key_id
    )
    if waits is not None and is_taken_over:
        return _take_over(session, chain, checked, waits, version=version, now=now, actor=actor)
    if not restores:
        checked = checked._replace(restored=())
    return order_retry(session, chain, checked, version=version, now=now, reason=reason, actor=actor)


def checked_retry(
    session: Session,
    chain: AssetChain,
    task: Task,
    *,
    version: Version,
    prompt: str | None = None,
    image: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    key_id: str | None = None,
) -> Retry:
    """Say what another attempt would be; nothing is written. Raises as `retry` does."""
    _refuse_retry(chain, task)
    order, key, source = dict(task.order), None, None
    if task.kind is TaskKind.GENERATE:
        if prompt is not None:
            order["prompt"] = checked_prompt(prompt)
        if image is not None:
            order["image"] = dict(image)
        key = chosen_again(session, project_of(session, task.project_id), task, key_id)
        said = checked_options(
            options if options is not None else order.get("options") or {},
            has_image="image" in order,
            version=key.version if key else version,
        )
        if options is not None:
            order["options"] = said
    else:
        _refuse_what_only_a_generation_has(prompt=prompt, options=options, keyId=key_id)
        source = _source_again(session, chain, task, order)
    restored = _restored(chain, task)
    return Retry(task, order, source, key, restored, _credits(chain, task, order, restored))


def order_retry(
    session: Session,
    chain: AssetChain,
    checked: Retry,
    *,
    version: Version,
    now: datetime,
    reason: str | None = None,
    actor: str = "api",
) -> Task:
    """Write an attempt that was checked in this very transaction, under the lock of its asset."""
    asset = chain.asset
    again = _attempt(chain, checked, version, now)
    restored = [
        waiting_task(
            asset,
            t.chain,
            t.kind,
            t.preset,
            order=t.order,
            attempt=t.attempt + 1,
            priority=t.priority,
            now=now,
        )
        for t in checked.restored
    ]
    tasks.add_steps(session, asset, [again, *restored], actor, now)
    if any(later.hold is Hold.FAILED_STEP for later in chain.behind(again)):
        tasks.wake_behind(session, again)
    tasks.note(session, again, f"Attempt {again.attempt}. {reason or ''}".strip(), now, actor)
    return again


def _attempt(chain: AssetChain, checked: Retry, version: Version, now: datetime) -> Task:
    """Make the next attempt, and let its asset know of words and options that changed."""
    asset, before = chain.asset, checked.task
    if checked.order.get("prompt") != before.order.get("prompt"):
        asset.prompt = checked.order["prompt"]
    if checked.order.get("options") != before.order.get("options"):
        asset.options = checked.order["options"]
    return ready_task(
        asset,
        before.chain,
        before.kind,
        before.preset,
        order=checked.order,
        source=checked.source,
        version=version,
        key=checked.key,
        attempt=before.attempt + 1,
        priority=before.priority,
        now=now,
    )


def _take_over(
    session: Session,
    chain: AssetChain,
    checked: Retry,
    waits: Task,
    *,
    version: Version,
    now: datetime,
    actor: str,
) -> Task:
    """Send an attempt now, and as a person says, that would have been sent later by itself."""
    wanted = _attempt(chain, checked, version, now)
    tasks.hasten(session, waits, wanted.order, wanted.key_id, wanted.pool, now, actor)
    return waits


def price_again(chain: AssetChain, task: Task) -> Decimal:
    """Say what a step that has not ended would cost once more, with all that waits behind it."""
    return _credits(chain, task, task.order, ())


def _restored(chain: AssetChain, task: Task) -> tuple[Task, ...]:
    """List the steps behind a retried one that come back because they were cancelled with it.

    An asset that is static by now asks for none of them.
    """
    if chain.asset.tag != "RIG":
        return ()
    return tuple(later for later in chain.behind(task) if later.status is TaskStatus.CANCELLED)


def _credits(chain: AssetChain, task: Task, order: Mapping[str, Any], restored: tuple[Task, ...]) -> Decimal:
    is_gated = task.kind is TaskKind.GENERATE and chain.asset.is_gated
    follows = [
        later for later in chain.behind(task) if later.status is TaskStatus.WAITING or later in restored
    ]
    behind = [credits_of_step(later.kind, later.preset, later.order) for later in follows]
    return credits_of_step(task.kind, task.preset, order) + (
        Decimal(0) if is_gated else sum(behind, Decimal(0))
    )


def _source_again(session: Session, chain: AssetChain, task: Task, order: dict[str, Any]) -> Task:
    """Find what a retried step works on; a rig also takes over the rig type that the check named."""
    earlier, source = chain.success(BEFORE[task.kind]), chain.success(SOURCE[task.kind])
    if earlier is None or source is None:
        raise ConflictError(
            "The step before this one has not succeeded, so there is nothing to work on.",
            suggestion="Retry the earlier step; this one then follows by itself.",
            code="source_not_finished",
        )
    if task.kind is TaskKind.RIG and earlier.rig_type in RIG_TYPES:
        if "rigType" not in order:
            order |= rig_type_found(earlier.rig_type)
        refuse_unfit_rig(order)
    refuse_removed(session, source)
    if task.kind is TaskKind.ANIMATE:
        refuse_unanimatable(source, [task.preset], "animations")
    return source


def _refuse_what_only_a_generation_has(**given: object) -> None:
    named = next((field for field, value in given.items() if value is not None), None)
    if named is not None:
        raise OrderError(
            "Only a generation has a prompt, options and a key of its own choice.",
            suggestion="Retry without them, or retry the generation.",
            field=named,
        )


def _refuse_retry(chain: AssetChain, task: Task) -> None:
    if task.status is TaskStatus.UNKNOWN:
        raise ConflictError(
            "Nobody knows yet whether the provider made this task; sending it again could pay twice.",
            suggestion="Decide its outcome first (resolve).",
            code="outcome_unknown",
        )
    if task.status not in (TaskStatus.FAILED, TaskStatus.CANCELLED):
        raise ConflictError(
            f"Only a failed or cancelled task can be retried; this one is {task.status}.",
            suggestion="Wait for its end, or order a new generation.",
            code="not_retryable",
        )
    newest = chain.newest(task.kind, task.preset)
    if task.chain != chain.asset.chain or newest is None or newest.id != task.id:
        raise ConflictError(
            "This attempt has been followed by a newer one.",
            suggestion="Look at the newest.",
            code="superseded",
        )
