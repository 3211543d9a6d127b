"""What may be sent about jobs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from core.jobs.catalogue import ACTIONS
from core.jobs.scope import MOST_GROUPS, MOST_ITEMS, AssetName, Scope
from dashboard.api.bodies import Body

Name = Annotated[str, Field(min_length=1, max_length=200)]


class AssetNameBody(Body):
    """An asset by its project and its id there."""

    project_id: Name
    asset_id: Name


class ScopeBody(Body):
    """What a job is about: exactly one of these; `projectId` narrows fingerprints or a query."""

    task_ids: list[Name] = Field(default=[], max_length=MOST_ITEMS)
    assets: list[AssetNameBody] = Field(default=[], max_length=MOST_ITEMS)
    fingerprint: Annotated[str, Field(max_length=200, description="From GET /api/failures.")] | None = None
    fingerprints: list[Name] = Field(default=[], max_length=MOST_GROUPS, description="Several of them.")
    query: str | None = Field(
        default=None, max_length=1000, description="As on the page Assets; empty means all."
    )
    plan_id: Name | None = None
    project_id: Name | None = None

    def scope(self) -> Scope:
        """Return it as the core takes it; raises OrderError unless exactly one way is named."""
        return Scope.checked(
            task_ids=tuple(self.task_ids),
            assets=tuple(AssetName(**each.model_dump()) for each in self.assets),
            fingerprint=self.fingerprint,
            fingerprints=tuple(self.fingerprints),
            query=self.query,
            plan_id=self.plan_id,
            project_id=self.project_id,
        )


class JobPreviewBody(Body):
    """An action, what it is about, and what it is to know."""

    action: Annotated[str, Field(description=f"One of: {', '.join(ACTIONS)}.")]
    scope: ScopeBody
    terms: dict[str, Any] = Field(default={}, description="What the action is told, such as `faceLimit`.")


class JobBody(JobPreviewBody):
    """Start a job."""

    fingerprint: Annotated[
        str | None, Field(description="Of the preview that was looked at; 409 when it would not be the same.")
    ] = None
    after_seconds: Annotated[
        float, Field(ge=0, strict=False, description="Wait so long before it begins.")
    ] = 0
