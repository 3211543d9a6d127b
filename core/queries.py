"""What pages and API read: one function a question, frozen values out, no writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, selectinload

from core.approvals import reviews_of
from core.errors import NotFoundError
from core.lifecycle import FINAL, Hold, TaskKind, TaskStatus
from core.lost_orders import evidence_of
from core.models import Artifact, Asset, Inquiry, Project, Task, TaskEvent, Upload
from core.obstacles import Obstacles, obstacles_now
from core.pauses import standing
from core.rigs import playable_presets
from core.schemas import (
    ArtifactView,
    AssetDetail,
    AssetRow,
    ErrorView,
    EventView,
    OutputView,
    ProjectView,
    SourceImageView,
    TaskView,
)

MOST_EVENTS: Final = 500
_KINDS: Final = list(TaskKind)


def artifact_url(artifact_id: str) -> str:
    """Name our own link to a stored file."""
    return f"/api/artifacts/{artifact_id}"


def upload_url(upload_id: str) -> str:
    """Name our own link to a picture that was sent in."""
    return f"/api/uploads/{upload_id}"


# --- one task ------------------------------------------------------------------------------------------------


def task_view(session: Session, task: Task) -> TaskView:
    """Show one task."""
    asset = session.get_one(Asset, task.asset_pk)
    files = session.scalars(select(Artifact).where(Artifact.task_id == task.id)).all()
    return _task_view(task, asset, files, obstacles_now(session), session.get(Inquiry, task.id))


def task_views(session: Session, tasks: Sequence[Task]) -> tuple[TaskView, ...]:
    """Show many tasks, in their order."""
    task_ids, asset_pks = [task.id for task in tasks], {task.asset_pk for task in tasks}
    assets = {each.id: each for each in session.scalars(select(Asset).where(Asset.id.in_(asset_pks)))}
    lost = {
        each.task_id: each for each in session.scalars(select(Inquiry).where(Inquiry.task_id.in_(task_ids)))
    }
    files: dict[str, list[Artifact]] = defaultdict(list)
    for file in session.scalars(select(Artifact).where(Artifact.task_id.in_(task_ids))):
        files[file.task_id].append(file)
    obstacles = obstacles_now(session)
    return tuple(
        _task_view(task, assets[task.asset_pk], files[task.id], obstacles, lost.get(task.id))
        for task in tasks
    )


def _task_view(
    task: Task, asset: Asset, files: Iterable[Artifact], obstacles: Obstacles, inquiry: Inquiry | None
) -> TaskView:
    urls = {file.role: artifact_url(file.id) for file in files}
    waiting = obstacles.before(task)
    return TaskView(
        task_id=task.id,
        tripo_task_id=task.tripo_task_id,
        project_id=task.project_id,
        asset_id=asset.asset_id,
        kind=task.kind,
        preset=task.preset or None,
        status=obstacles.shown_status(task),
        inner_status=task.status,
        progress=task.progress,
        seconds_left=task.seconds_left,
        queue_position=task.queue_position,
        attempt=task.attempt,
        chain=task.chain,
        output=OutputView(
            model_url=urls.get("model"),
            rendered_image_url=urls.get("rendered_image"),
            riggable=task.riggable,
            rig_type=task.rig_type,
        ),
        error=error_of(task),
        asset_status=asset.status,
        credits_consumed=task.credits,
        waiting_for=waiting.word if waiting else None,
        waiting_text=waiting.sentence if waiting else None,
        evidence=evidence_of(inquiry) if inquiry else None,
        created_at=task.created_at,
        submitted_at=task.submitted_at,
        finished_at=task.finished_at,
        updated_at=task.updated_at,
    )


def error_of(task: Task) -> ErrorView | None:
    """Say why a task failed; None when it did not."""
    if task.status is not TaskStatus.FAILED:
        return None
    return ErrorView(
        code=task.error_code or "failed",
        message=task.error_message or "The task failed.",
        suggestion=task.error_suggestion or "",
        trace_id=task.trace_id,
        retryable=bool(task.error_retryable),
        fingerprint=task.fingerprint,
    )


# --- assets --------------------------------------------------------------------------------------------------


def rows_of(session: Session, assets: Sequence[Asset]) -> tuple[AssetRow, ...]:
    """Describe assets as lists show them, in their order."""
    tasks: dict[str, list[Task]] = defaultdict(list)
    asset_pks = [asset.id for asset in assets]
    current = (
        select(Task)
        .join(Asset, and_(Asset.id == Task.asset_pk, Asset.chain == Task.chain))
        .where(Task.asset_pk.in_(asset_pks))
        .order_by(Task.attempt)
    )
    for task in session.scalars(current):
        tasks[task.asset_pk].append(task)
    pictures = _newest_pictures(session, asset_pks)
    obstacles = obstacles_now(session)
    return tuple(_asset_row(a, _newest_attempts(tasks[a.id]), pictures.get(a.id), obstacles) for a in assets)


def _asset_row(asset: Asset, steps: Sequence[Task], picture: str | None, obstacles: Obstacles) -> AssetRow:
    acting = next((t for t in steps if t.status not in FINAL and t.hold is not Hold.FAILED_STEP), None)
    waiting = obstacles.before(acting) if acting else None
    failed = next((t for t in steps if t.status is TaskStatus.FAILED), None)
    return AssetRow(
        project_id=asset.project_id,
        asset_id=asset.asset_id,
        asset_pk=asset.id,
        name=asset.name,
        category=asset.category,
        tag=asset.tag,
        status=asset.status,
        approval=asset.approval,
        has_unknown=asset.has_unknown,
        progress=_chain_progress(steps),
        waiting_for=waiting.word if waiting else None,
        waiting_text=waiting.sentence if waiting else None,
        error=error_of(failed) if failed else None,
        picture_url=picture,
        created_by=asset.created_by,
        created_at=asset.created_at,
        updated_at=asset.updated_at,
    )


def _chain_progress(steps: Sequence[Task]) -> int:
    if not steps:
        return 0
    done = sum(100 if t.status is TaskStatus.SUCCESS else min(t.progress, 99) for t in steps)
    return done // len(steps)


def _newest_attempts(tasks: Iterable[Task]) -> list[Task]:
    """Keep the newest attempt of each step, in the order of the chain."""
    newest = {(t.kind, t.preset): t for t in tasks}
    return sorted(newest.values(), key=lambda t: (_KINDS.index(t.kind), t.created_at))


def _newest_pictures(session: Session, asset_pks: Sequence[str]) -> dict[str, str]:
    """Find each asset's picture: of its newest generation, and there one that a person took before any other."""
    found = session.execute(
        select(Artifact.asset_pk, Artifact.id)
        .join(Task, Task.id == Artifact.task_id)
        .where(Artifact.asset_pk.in_(asset_pks), Artifact.role.in_(("rendered_image", "thumbnail")))
        .order_by(Task.chain, Artifact.role == "thumbnail", Artifact.created_at)
    )
    return {asset_pk: artifact_url(artifact_id) for asset_pk, artifact_id in found}


def asset_detail(session: Session, asset: Asset, now: datetime | None = None) -> AssetDetail:
    """Show one asset with all attempts, files and events."""
    rows = session.scalars(select(Task).where(Task.asset_pk == asset.id)).all()
    rows = sorted(rows, key=lambda t: (t.chain, _KINDS.index(t.kind), t.preset, t.attempt))
    files = session.scalars(
        select(Artifact)
        .where(Artifact.asset_pk == asset.id)
        .options(selectinload(Artifact.task))
        .order_by(Artifact.created_at)
    ).all()
    by_task: dict[str, list[Artifact]] = defaultdict(list)
    for file in files:
        by_task[file.task_id].append(file)
    obstacles = obstacles_now(session, now)
    lost = session.scalars(select(Inquiry).join(Task).where(Task.asset_pk == asset.id))
    inquiries = {inquiry.task_id: inquiry for inquiry in lost}
    return AssetDetail(
        project_id=asset.project_id,
        asset_id=asset.asset_id,
        name=asset.name,
        category=asset.category,
        tag=asset.tag,
        description=asset.description,
        prompt=asset.prompt,
        animations=tuple(asset.animations),
        playable=_playable(asset, rows),
        options=asset.options,
        source_image=_source_image(session, asset, rows),
        status=asset.status,
        approval=asset.approval,
        has_unknown=asset.has_unknown,
        chain=asset.chain,
        progress=_chain_progress(_newest_attempts(t for t in rows if t.chain == asset.chain)),
        created_by=asset.created_by,
        created_at=asset.created_at,
        updated_at=asset.updated_at,
        tasks=tuple(_task_view(t, asset, by_task[t.id], obstacles, inquiries.get(t.id)) for t in rows),
        artifacts=_artifact_views(asset, rows, files),
        events=_events(session, asset, {t.id: t for t in rows}),
        reviews=reviews_of(session, asset),
    )


def _playable(asset: Asset, tasks: Sequence[Task]) -> tuple[str, ...]:
    """List the animations that the newest finished rig of the current chain can play."""
    rigs = [
        t
        for t in tasks
        if t.chain == asset.chain and t.kind is TaskKind.RIG and t.status is TaskStatus.SUCCESS
    ]
    if not rigs:
        return ()
    order = rigs[-1].order
    return playable_presets({**order, "rigType": rigs[-1].rig_type or order.get("rigType") or "biped"})


def _source_image(session: Session, asset: Asset, tasks: Sequence[Task]) -> SourceImageView | None:
    """Show what the newest generation of the current chain is made from, if that is an image."""
    made = [t for t in tasks if t.chain == asset.chain and t.kind is TaskKind.GENERATE]
    image = made[-1].order.get("image") if made else None
    if image is None:
        return None
    upload = session.get(Upload, image["uploadId"]) if "uploadId" in image else None
    if upload is None:
        return SourceImageView(url=image["url"]) if "url" in image else None
    return upload_view(upload)


def upload_view(upload: Upload) -> SourceImageView:
    """Show a picture that was sent in."""
    return SourceImageView(
        url=upload_url(upload.id),
        upload_id=upload.id,
        name=upload.name,
        media_type=upload.media_type,
        bytes=upload.bytes,
        width=upload.width,
        height=upload.height,
    )


def _artifact_views(
    asset: Asset, tasks: Sequence[Task], files: Sequence[Artifact]
) -> tuple[ArtifactView, ...]:
    current = {
        (t.kind, t.preset): t.id for t in tasks if t.chain == asset.chain and t.status is TaskStatus.SUCCESS
    }  # later attempts overwrite earlier ones
    return tuple(
        ArtifactView(
            artifact_id=file.id,
            task_id=file.task_id,
            kind=file.task.kind,
            preset=file.task.preset or None,
            role=file.role,
            url=artifact_url(file.id),
            sha256=file.sha256,
            bytes=file.bytes,
            media_type=file.media_type,
            current=current.get((file.task.kind, file.task.preset)) == file.task_id,
            facts=file.facts,
        )
        for file in files
    )


def _events(session: Session, asset: Asset, tasks: Mapping[str, Task]) -> tuple[EventView, ...]:
    newest = (
        select(TaskEvent)
        .where(TaskEvent.asset_pk == asset.id)
        .order_by(TaskEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(
        EventView(
            at=event.at,
            task_id=event.task_id,
            kind=tasks[event.task_id].kind,
            preset=tasks[event.task_id].preset or None,
            from_status=event.from_status,
            to_status=event.to_status,
            message=event.message,
            actor=event.actor,
        )
        for event in reversed(session.scalars(newest).all())
    )


def chain_of(session: Session, task: Task) -> list[Task]:
    """List the newest attempts of a task's chain, in order."""
    rows = session.scalars(
        select(Task).where(Task.asset_pk == task.asset_pk, Task.chain == task.chain).order_by(Task.attempt)
    )
    return _newest_attempts(rows)


# --- projects, artifacts -------------------------------------------------------------------------------------


def list_projects(session: Session, *, counted: bool = True) -> tuple[ProjectView, ...]:
    """List all projects by name, each with how many assets it has if these are to be counted."""
    by_project = select(Asset.project_id, func.count()).group_by(Asset.project_id)
    counts = dict(session.execute(by_project).all()) if counted else {}
    paused = {each.project_id: each for each in standing(session)}
    rows = session.scalars(select(Project).order_by(func.lower(Project.name), Project.id))
    return tuple(
        ProjectView(
            project_id=row.id,
            name=row.name,
            key_id=row.key_id,
            defaults=row.defaults,
            created_at=row.created_at,
            assets=counts.get(row.id, 0),
            paused=paused.get(row.id),
        )
        for row in rows
    )


def last_project_id(session: Session, actor: str) -> str | None:
    """Name the project of the newest asset that somebody ordered; None when there is none."""
    newest = select(Asset.project_id).where(Asset.created_by == actor).order_by(Asset.created_at.desc())
    return session.scalar(newest.limit(1))


def artifact_of(session: Session, artifact_id: str) -> tuple[Artifact, Task, Asset]:
    """Find a stored file with its task and asset; raises NotFoundError."""
    found = session.execute(
        select(Artifact, Task, Asset)
        .join(Task, Task.id == Artifact.task_id)
        .join(Asset, Asset.id == Artifact.asset_pk)
        .where(Artifact.id == artifact_id)
    ).first()
    if found is None:
        raise NotFoundError(
            "There is no file with this id.",
            suggestion="Take the links from the asset's or the task's answer.",
            code="artifact_not_found",
        )
    artifact, task, asset = found
    return artifact, task, asset
