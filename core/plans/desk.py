"""Plans for pages, API and command line: preview, apply, and what a person does about one afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import budgets, idempotency
from core.chosen_keys import chosen_for
from core.errors import ConflictError, KeyMissingError, OrderError
from core.idempotency import RequestKey
from core.models import Plan, Project, ProviderKey
from core.plans.applying import Applied, Source, Tell, apply, tell_nobody
from core.plans.control import PlanControl, locked
from core.plans.drafting import Draft, Remake, draft, least_price
from core.plans.exporting import exported
from core.plans.forecasting import Range, range_of, seconds_to_the_end
from core.plans.plan import Format, ReadPlan
from core.plans.progress import plan_of
from core.plans.reading import read_plan
from core.plans.sniffing import checked_format
from core.plans.views import PlanEstimate, PlanPreview, preview_of, totals
from core.plans.workload import Workload
from core.projects import project_of

LONGEST_FILENAME = 200


class PlanInvalidError(OrderError):
    """A plan that cannot be applied; `preview` says row by row why, and nothing was written."""

    code = "plan_invalid"

    def __init__(self, message: str, *, suggestion: str, code: str, preview: PlanPreview) -> None:
        super().__init__(message, suggestion=suggestion, code=code)
        self.preview = preview


class Outcome(NamedTuple):
    """What came of applying: `is_new` is false when there was nothing to do."""

    preview: PlanPreview
    is_new: bool


class PlanCopy(NamedTuple):
    """A plan written out again, with what became of it."""

    content: bytes
    format: Format
    filename: str


class PlanDesk(PlanControl):
    """Takes plans. A plan is known by its project and its file name: the same name again is the next revision."""

    def preview(
        self,
        *,
        project_id: str,
        filename: str,
        content: bytes | str,
        format: str | None = None,
        renames: Mapping[int, str] | None = None,
        remake: Remake = False,
    ) -> PlanPreview:
        """Say what applying would do and cost; nothing is written.

        Raises PlanRefusedError for a file that cannot be read, NotFoundError for the project or a renamed asset,
        ConflictError when the project's key was removed. What is wrong with single rows is in its `errors`.
        """
        filename = checked_filename(filename)
        read = read_plan(content, filename, format)
        with self._database.reading() as session:
            project = project_of(session, project_id)
            key = chosen_for(session, project, None)
            drafted = self._draft(session, project, key, read, filename, renames, remake)
            return self._described(session, drafted, read, filename, key)

    def apply(
        self,
        request: RequestKey | None = None,
        *,
        project_id: str,
        filename: str,
        content: bytes | str,
        format: str | None = None,
        renames: Mapping[int, str] | None = None,
        remake: Remake = False,
        revision: int | None = None,
        actor: str = "api",
        tell: Tell = tell_nobody,
    ) -> Outcome:
        """Write a plan's assets and chains in one transaction, or nothing.

        Models whose words changed are made anew only as far as `remake` says so. `revision` is that of the preview
        that a person looked at: raises ConflictError `plan_changed_meanwhile` when somebody was faster. Raises
        PlanInvalidError for a plan with errors or without assets, KeyMissingError when nothing could be sent, and
        what `preview` raises. `tell` hears how many rows are written, and of how many.
        """
        filename = checked_filename(filename)
        read = read_plan(content, filename, format)
        raw = content.encode() if isinstance(content, str) else content
        source = Source(filename, read.format, raw, hashlib.sha256(raw).hexdigest())
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            project = locked(session, project_id)
            _refuse_outdated(session, project, revision)
            key = chosen_for(session, project, None)
            drafted = self._draft(session, project, key, read, filename, renames, remake)
            described = self._described(session, drafted, read, filename, key)
            _refuse_invalid(described)
            if key is None and described.estimate.tasks and not self._keys.has_shared:
                raise KeyMissingError("No Tripo key is set: TRIPO_API_KEY is empty, and no other was chosen.")
            budgets.refuse_beyond(session, {project.id: least_price(drafted)})  # before anything is written
            with budgets.within(session, project.id):
                applied = apply(
                    session,
                    drafted,
                    source,
                    version=self._settings.tripo_api_version,
                    key=key,
                    now=self._now(),
                    actor=actor,
                    tell=tell,
                )
            idempotency.note_made(session, request, [applied.plan_id])
            return Outcome(_with_ids(described, applied, project.plans_revision), applied.is_new)

    def export(
        self, *, project_id: str, filename: str, content: bytes | str, format: str | None = None
    ) -> bytes:
        """Write a plan's rows in its own format, each with its asset's status, id and file hashes."""
        filename = checked_filename(filename)
        read = read_plan(content, filename, format)
        preview = self.preview(project_id=project_id, filename=filename, content=content, format=format)
        ids = [asset.asset_id for asset in preview.assets if asset.line is not None]
        with self._database.reading() as session:
            return exported(session, project_id, read, content, ids)

    def export_applied(self, plan_id: str) -> PlanCopy:
        """Export a plan as it was last applied; raises NotFoundError."""
        with self._database.reading() as session:
            plan = plan_of(session, plan_id)
            project_id, filename, content = plan.project_id, plan.filename, plan.content
            form = checked_format(plan.format)
        copy = self.export(project_id=project_id, filename=filename, content=content, format=form)
        return PlanCopy(copy, form, filename)

    # --- inside ---

    def _draft(
        self,
        session: Session,
        project: Project,
        key: ProviderKey | None,
        read: ReadPlan,
        filename: str,
        renames: Mapping[int, str] | None,
        remake: Remake,
    ) -> Draft:
        version = key.version if key is not None else self._settings.tripo_api_version
        return draft(
            session,
            project,
            read,
            filename,
            version=version,
            now=self._now(),
            renames=renames,
            remake=remake,
        )

    def _described(
        self, session: Session, drafted: Draft, read: ReadPlan, filename: str, key: ProviderKey | None
    ) -> PlanPreview:
        used = key or self._shared(session)
        return preview_of(drafted, read, filename, self._estimate(session, drafted, used))

    def _estimate(self, session: Session, drafted: Draft, key: ProviderKey | None) -> PlanEstimate:
        tasks, credits = totals(drafted)
        now = self._now()
        version = self._settings.tripo_api_version
        pace = self._pace(session)
        workload = Workload(session, key, drafted.project, version, pace)
        seconds = Range(0, 0)
        if tasks:
            courses = [*workload.open_courses(now), *workload.drafted_courses(drafted)]
            seconds = range_of(seconds_to_the_end(courses, workload.places(now), pace.hand_on_seconds))
        return PlanEstimate(
            tasks=tasks,
            credits=credits,
            balance=key.balance if key is not None else None,
            waiting_credits=workload.waiting_credits(),
            budget_left=budgets.what_may_be_ordered(session, drafted.project),
            seconds_low=seconds.low,
            seconds_high=seconds.high,
        )


def checked_filename(filename: str) -> str:
    """Return a plan's file name without folders; raises OrderError for one that cannot be shown or kept."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name or len(name) > LONGEST_FILENAME or not name.isprintable():
        raise OrderError(
            f"filename must have 1 to {LONGEST_FILENAME} printable characters.",
            suggestion="Use a name such as plan.md.",
            field="filename",
        )
    return name


def _refuse_outdated(session: Session, project: Project, revision: int | None) -> None:
    if revision is None or revision == project.plans_revision:
        return
    last = select(Plan).filter_by(project_id=project.id).order_by(Plan.applied_at.desc()).limit(1)
    plan = session.scalar(last)
    who = f" {plan.applied_by} applied “{plan.filename}” last." if plan and plan.applied_by else ""
    raise ConflictError(
        f"The project's plans or style have changed since this preview was made.{who}",
        suggestion="Look at the preview again, then apply.",
        code="plan_changed_meanwhile",
        field="revision",
    )


def _refuse_invalid(preview: PlanPreview) -> None:
    if preview.errors:
        first = preview.errors[0]
        place = f"Line {first.line}: " if first.line is not None else ""
        raise PlanInvalidError(
            f"The plan has {len(preview.errors)} error{'s' if len(preview.errors) > 1 else ''}. "
            f"{place}{first.message}",
            suggestion="Correct the plan; nothing of it was applied.",
            code="plan_invalid",
            preview=preview,
        )
    if not any(asset.line is not None for asset in preview.assets):
        raise PlanInvalidError(
            "The plan has no assets.",
            suggestion="Write each asset as a bullet, such as: - [STATIC] Wooden Crate",
            code="plan_empty",
            preview=preview,
        )


def _with_ids(preview: PlanPreview, applied: Applied, revision: int) -> PlanPreview:
    """Name in a preview what has been made of it."""
    assets = tuple(
        asset if asset.asset_id == asset_id else asset.model_copy(update={"asset_id": asset_id})
        for asset, asset_id in zip(preview.assets, applied.asset_ids, strict=True)
    )
    return preview.model_copy(update={"plan_id": applied.plan_id, "assets": assets, "revision": revision})
