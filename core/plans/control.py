"""What a person does about plans that were applied: follow, hold, hasten or end them, pick, restyle and renew."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import budgets, idempotency
from core.chosen_keys import chosen_for
from core.database import Database
from core.idempotency import RequestKey
from core.keys import KeyRing
from core.models import Plan, Project, ProviderKey
from core.plans import pacing
from core.plans.ending import cancel_some
from core.plans.paces import Pace, measured_pace
from core.plans.picking import pick
from core.plans.progress import PlanProgress, PlanView, list_plans, plan_of, plan_progress
from core.plans.renewing import OutdatedAsset, outdated_assets, renew_assets
from core.plans.style import Style, StyleVersion, current_style, set_style
from core.projects import asset_of, project_of
from core.settings import Settings
from core.tripo import Version


class PlanControl:
    """Reads and changes of what plans made; each change is one transaction."""

    def __init__(
        self, settings: Settings, database: Database, keys: KeyRing, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._database = database
        self._keys = keys
        self._now = clock

    # --- plans ---

    def progress(self, plan_id: str) -> PlanProgress:
        """Say how far a plan is; raises NotFoundError."""
        with self._database.reading() as session:
            plan = plan_of(session, plan_id)
            project = session.get_one(Project, plan.project_id)
            key = (session.get(ProviderKey, project.key_id) if project.key_id else None) or self._shared(
                session
            )
            version = self._settings.tripo_api_version
            pace = self._pace(session)
            return plan_progress(session, plan, key=key, version=version, pace=pace, now=self._now())

    def plans(self, project_id: str | None = None) -> tuple[PlanView, ...]:
        """List all plans, or those of one project; raises NotFoundError for a project that is not there."""
        with self._database.reading() as session:
            if project_id is not None:
                project_of(session, project_id)
            return list_plans(session, project_id, self._now())

    def page(self, number: int, per_page: int) -> tuple[tuple[PlanView, ...], int]:
        """List one numbered page (from 1) of all plans, and say how many there are."""
        with self._database.reading() as session:
            begin = (number - 1) * per_page
            some = list_plans(session, None, self._now(), limit=per_page, offset=begin)
            return some, session.scalar(select(func.count()).select_from(Plan)) or 0

    def pause(self, plan_id: str, request: RequestKey | None = None, *, actor: str = "api") -> list[str]:
        """Send nothing more of a plan; what was sent is followed and fetched as ever."""
        return self._change(plan_id, request, lambda _s, plan: pacing.pause_plan(plan, actor, self._now()))

    def resume(self, plan_id: str, request: RequestKey | None = None) -> list[str]:
        """Let a paused plan be sent again."""
        return self._change(plan_id, request, lambda _s, plan: pacing.resume_plan(plan))

    def cancel(
        self,
        plan_id: str,
        request: RequestKey | None = None,
        *,
        reason: str | None = None,
        actor: str = "api",
    ) -> list[str]:
        """End all of a plan that was not sent; what is at the provider goes on and is kept."""
        said = reason or "The plan was cancelled."
        touched = self._change(plan_id, request, lambda _session, _plan: None)
        while self._cancel_some(plan_id, said, actor):
            pass
        return touched

    def reschedule(
        self,
        plan_id: str,
        request: RequestKey | None = None,
        *,
        priority: int | None = None,
        not_before: datetime | Literal[False] | None = False,
        window: tuple[str, str, str] | Literal[False] | None = False,
    ) -> list[str]:
        """Change a plan's priority, its start, or its night window (opens, closes, zone); False leaves it as it is.

        Raises OrderError for what is no priority, time or zone.
        """

        def write(session: Session, plan: Plan) -> None:
            if priority is not None:
                pacing.set_priority(session, plan, priority)
            if not_before is not False:
                pacing.start_at(plan, not_before)
            if window is not False:
                pacing.set_window(plan, *(window or (None, None)))

        return self._change(plan_id, request, write)

    def pick(
        self, project_id: str, asset_id: str, request: RequestKey | None = None, *, actor: str = "api"
    ) -> list[str]:
        """Choose the best of a row's variants; returns the ids of all of them (see `picking.pick`)."""
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            asset = asset_of(session, project_id, asset_id)
            version = self._settings.tripo_api_version
            variants = pick(session, asset, version=version, actor=actor, now=self._now())
            ids = [each.id for each in variants]
            idempotency.note_made(session, request, ids)
            return ids

    # --- style ---

    def style(self, project_id: str) -> StyleVersion:
        """Read a project's style; raises NotFoundError."""
        with self._database.reading() as session:
            return current_style(session, project_of(session, project_id).id)

    def set_style(
        self, project_id: str, style: Style, request: RequestKey | None = None, *, actor: str = "api"
    ) -> list[str]:
        """Give a project another style; models that are there stay as they are (see `outdated`)."""
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            project = locked(session, project_id)
            set_style(session, project, style, actor, self._now())
            idempotency.note_made(session, request, [project.id])
            return [project.id]

    def outdated(self, project_id: str) -> tuple[OutdatedAsset, ...]:
        """List the assets that the project's style would now make otherwise, each with the price of doing so."""
        with self._database.reading() as session:
            project = project_of(session, project_id)
            return outdated_assets(session, project, self._version_of(session, project))

    def renew(
        self,
        project_id: str,
        asset_ids: Collection[str],
        request: RequestKey | None = None,
        *,
        actor: str = "api",
    ) -> list[str]:
        """Make these outdated assets anew under today's style, all or none; returns the ids of the new tasks."""
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            project = locked(session, project_id)
            version = self._version_of(session, project)
            with budgets.within(session, project.id):
                made = renew_assets(
                    session, project, asset_ids, version=version, actor=actor, now=self._now()
                )
            idempotency.note_made(session, request, made)
            return made

    # --- inside ---

    def _cancel_some(self, plan_id: str, reason: str, actor: str) -> int:
        with self._database.transaction() as session:
            return cancel_some(session, plan_of(session, plan_id), reason, actor, self._now())

    def _change(
        self, plan_id: str, request: RequestKey | None, write: Callable[[Session, Plan], object]
    ) -> list[str]:
        with self._database.transaction() as session:
            idempotency.claim(session, request)
            plan = plan_of(session, plan_id)
            locked(session, plan.project_id)
            session.refresh(plan)
            write(session, plan)
            idempotency.note_made(session, request, [plan.id])
            return [plan.id]

    def _version_of(self, session: Session, project: Project) -> Version:
        key = chosen_for(session, project, None)
        return key.version if key is not None else self._settings.tripo_api_version

    def _shared(self, session: Session) -> ProviderKey | None:
        """Find the row of the shared key; None before it was first used."""
        rows = select(ProviderKey).filter_by(
            is_shared=True, version=self._settings.tripo_api_version, base=self._settings.provider_base
        )
        newest = session.scalars(rows.order_by(ProviderKey.created_at.desc())).all()
        return next((row for row in newest if self._keys.is_todays_shared(row)), None)

    def _pace(self, session: Session) -> Pace:
        is_sandbox = self._settings.provider_is_sandbox
        return measured_pace(session, self._settings.sandbox_speed if is_sandbox else 1.0)


def locked(session: Session, project_id: str) -> Project:
    """Find a project and let nobody else apply a plan to it meanwhile; orders may still be placed."""
    wanted = select(Project).filter_by(id=project_id).with_for_update(key_share=True)
    return session.scalar(wanted) or project_of(session, project_id)
