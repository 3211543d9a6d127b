"""The rows of a chain: new attempts, what they work on, and what speaks against ordering them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.chain import can_be_animated, refuse_unplayable, request_for, rig_model_of
from core.errors import ConflictError, OrderError
from core.lifecycle import FINAL, Hold, TaskKind, TaskStatus
from core.models import Artifact, Asset, ProviderKey, Task, new_id
from core.tripo import GenerationOptions, Version, pool_of
from core.tripo.catalog import unoffered
from core.tripo.options import CLASH

HEAD_START: Final = timedelta(seconds=3)  # whoever placed the order may send it before the poller does


# --- new rows ------------------------------------------------------------------------------------------------


def waiting_task(
    asset: Asset,
    chain: int,
    kind: TaskKind,
    preset: str = "",
    *,
    order: Mapping[str, Any] | None = None,
    attempt: int = 1,
    priority: int = 0,
    now: datetime,
) -> Task:
    """Make a task that waits for the step before it."""
    step = step_columns(asset.id, asset.project_id, chain, kind, preset, order or {}, attempt, priority, now)
    return Task(**step, **WAITING_COLUMNS)


def ready_task(
    asset: Asset,
    chain: int,
    kind: TaskKind,
    preset: str = "",
    *,
    order: Mapping[str, Any],
    source: Task | None,
    version: Version,
    key: ProviderKey | None = None,
    attempt: int = 1,
    priority: int = 0,
    now: datetime,
) -> Task:
    """Make a task that may be sent, with a head start for whoever placed it.

    It uses the key of the task that it works on; the first step of a chain uses the chosen `key`, and without one
    gets the shared key when it is sent.
    """
    source_id = source.id if source is not None else None
    chosen_id = key.id if key is not None else None
    pool = pool_of(request_for(kind, preset, order, source_id), key.version if key else version)
    step = step_columns(asset.id, asset.project_id, chain, kind, preset, order, attempt, priority, now)
    key_id = source.key_id if source is not None else chosen_id
    return Task(**step, **ready_columns(key_id, pool, now), source_task_id=source_id)


WAITING_COLUMNS: Final[Mapping[str, Any]] = {"status": TaskStatus.WAITING, "hold": Hold.EARLIER_STEP}


def ready_columns(key_id: str | None, pool: str, now: datetime) -> dict[str, Any]:
    """Name what a task has that may be sent."""
    due_at = now + HEAD_START
    return {"status": TaskStatus.READY, "ready_at": now, "due_at": due_at, "key_id": key_id, "pool": pool}


def step_columns(
    asset_pk: str,
    project_id: str,
    chain: int,
    kind: TaskKind,
    preset: str,
    order: Mapping[str, Any],
    attempt: int,
    priority: int,
    now: datetime,
) -> dict[str, Any]:
    """Name what every new task has, in the columns' own words: plans write thousands at once."""
    return {
        "id": new_id(),
        "asset_pk": asset_pk,
        "project_id": project_id,
        "chain": chain,
        "kind": kind,
        "preset": preset,
        "order": dict(order),
        "attempt": attempt,
        "priority": priority,
        "created_at": now,
        "status_at": now,
        "updated_at": now,
    }


def next_attempt(session: Session, asset: Asset, chain: int, kind: TaskKind, preset: str = "") -> int:
    """Say which number the next attempt at a step has."""
    last = session.scalar(
        select(Task.attempt)
        .filter_by(asset_pk=asset.id, chain=chain, kind=kind, preset=preset)
        .order_by(Task.attempt.desc())
        .limit(1)
    )
    return (last or 0) + 1


# --- what a step works on ------------------------------------------------------------------------------------


def source_of(
    session: Session,
    asset: Asset,
    kind: TaskKind,
    task_id: str | None,
    url: str | None,
    fields: tuple[str, str],
) -> Task:
    """Find the finished task to work on: the named one, the linked one, or the asset's newest of that kind."""
    if task_id is not None:
        return _named_source(session, asset, kind, task_id, fields[0])
    if url is not None:
        return _linked_source(session, asset, kind, url, fields[1])
    source = newest_success(session, asset, asset.chain, kind)
    if source is None:
        what = "model" if kind is TaskKind.GENERATE else "rig"
        raise OrderError(
            f"This asset has no finished {what} yet.",
            suggestion=f"Wait for its {what} to succeed; retry it if it failed, or order one.",
            code="source_not_finished",
            field=fields[0],
        )
    return source


def _named_source(session: Session, asset: Asset, kind: TaskKind, task_id: str, field: str) -> Task:
    task = session.get(Task, task_id) or session.scalar(select(Task).where(Task.tripo_task_id == task_id))
    fits = task is not None and task.asset_pk == asset.id and task.kind is kind
    if task is None or not fits or task.status is not TaskStatus.SUCCESS:
        raise OrderError(
            f"{field} does not name a finished {kind} task of this asset.",
            suggestion="Leave it out to use the newest one.",
            code="source_not_finished",
            field=field,
        )
    return task


def _linked_source(session: Session, asset: Asset, kind: TaskKind, url: str, field: str) -> Task:
    finished = session.scalars(
        select(Task)
        .where(Task.asset_pk == asset.id, Task.kind == kind, Task.status == TaskStatus.SUCCESS)
        .order_by(Task.created_at.desc())
    ).all()
    places = _places_in(url)
    for task in finished:
        if places & _places_of(session, task):
            return task
    raise OrderError(
        f"{field} is not a link to this asset's own model.",
        suggestion="Leave it out to use the newest one: the provider works on tasks, not on links.",
        code="source_link_unknown",
        field=field,
    )


def _places_in(url: str) -> set[str]:
    """Name what a link points at: with its host, and by its path alone, for our own files have many hosts."""
    plain = url.strip().split("#", 1)[0].split("?", 1)[0]
    try:
        return {plain, urlsplit(plain).path}
    except ValueError:
        return {plain}


def _places_of(session: Session, task: Task) -> set[str]:
    ours = session.scalars(
        select(Artifact.id).where(Artifact.task_id == task.id, Artifact.role == "model")
    ).all()
    paths = {f"/api/artifacts/{artifact_id}" for artifact_id in ours}
    theirs = (task.links or {}).get("model")
    return paths | ({str(theirs).split("?", 1)[0]} if theirs else set())


def newest_success(session: Session, asset: Asset, chain: int, kind: TaskKind) -> Task | None:
    """Find the newest attempt of a step that succeeded."""
    return session.scalar(
        select(Task)
        .filter_by(asset_pk=asset.id, chain=chain, kind=kind, status=TaskStatus.SUCCESS)
        .order_by(Task.attempt.desc())
        .limit(1)
    )


# --- what speaks against it ----------------------------------------------------------------------------------


def checked_options(
    options: Mapping[str, Any], *, has_image: bool | None = None, version: Version | None = None
) -> dict[str, Any]:
    """Return the provider's generation options as they will be stored; raises OrderError naming the bad one.

    Some are for models made from words or from an image only; `has_image` says which it is. Some models are offered
    by one version of the API only; `version` says by which it will be ordered. None leaves it open.
    """
    try:
        value = GenerationOptions.model_validate(dict(options))
    except ValidationError as error:
        raise _unfit_options(error) from None
    unfit = None if has_image is None else value.unfit_option(has_image=has_image)
    if unfit is not None:
        name, sentence = unfit
        raise OrderError(
            sentence,
            suggestion="Leave this option out.",
            code="options_invalid",
            field=f"options.{name}",
        )
    fault = None if version is None else unoffered("model", value.model, version)
    if fault is not None:
        sentence, cure = fault
        raise OrderError(sentence, suggestion=cure, code="version_unknown", field="options.model")
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def _unfit_options(error: ValidationError) -> OrderError:
    """Say the first fault in a sentence; one that lies between options names the one to change."""
    first = error.errors(include_url=False, include_input=False)[0]
    is_clash = first["type"] == CLASH
    place = [first["ctx"]["field"]] if is_clash else first["loc"]
    name = ".".join(["options", *(str(part) for part in place)])
    said = str(first["msg"]).removeprefix("Value error, ")
    return OrderError(
        said if is_clash else f"{name}: {said}.".replace("..", "."),
        suggestion="Change or leave out this option.",
        code="options_invalid",
        field=name,
    )


def refuse_if_open(
    session: Session, asset: Asset, kind: TaskKind, preset: str = "", chain: int | None = None
) -> None:
    """Raise ConflictError when this step of the asset is under way."""
    wanted = select(Task.id).where(
        Task.asset_pk == asset.id,
        Task.chain == (asset.chain if chain is None else chain),
        Task.kind == kind,
        Task.preset == preset,
        Task.status.not_in(list(FINAL)),
    )
    if session.scalar(wanted.limit(1)) is not None:
        what = f"{kind} {preset}".strip().replace("_", " ")
        raise ConflictError(
            f"This asset already has an open task of that kind ({what}).",
            suggestion="Wait for it, or cancel it first.",
            code="already_open",
        )


def refuse_unanimatable(rig: Task, presets: Sequence[str], field: str) -> None:
    """Raise OrderError when this rig cannot play one of these presets."""
    rig_type = rig.rig_type or rig.order.get("rigType") or "biped"
    for preset in presets:
        refuse_unplayable(preset, rig_type, rig_model_of(rig.order, rig_type), field)
    if not can_be_animated(rig.order):
        raise OrderError(
            "This rig's skeleton cannot be animated by the provider.",
            suggestion="Rig the model again with spec tripo.",
            code="preset_not_playable",
            field=field,
        )


def refuse_unlisted(value: str | None, allowed: Sequence[str], field: str) -> None:
    """Raise OrderError, with the allowed words, for a word that is not among them."""
    if value is not None and value not in allowed:
        raise OrderError(
            f"{field} is {value[:60]!r}.", suggestion=f"Use one of: {', '.join(allowed)}.", field=field
        )
