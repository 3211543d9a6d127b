"""Stored files: their bytes, from our own vault."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from core import queries
from core.archive import SUFFIXES
from core.lifecycle import TaskKind
from core.models import Artifact, Asset, Task
from dashboard.api.requests import CheckedRoute, TheCore
from dashboard.api.stored_files import StoredFile, answers_for, in_a_name, sent

router = APIRouter(prefix="/artifacts", tags=["artifacts"], route_class=CheckedRoute)

LONGEST_NAME: Final = 60  # characters of the asset's name
ANSWERS: Final = answers_for("model/gltf-binary", "application/octet-stream", "image/webp")
CURE: Final = "Bring back the folder or bucket of ARTIFACTS_URL from a copy, or retry the task."

ArtifactId = Annotated[str, Path(alias="artifactId")]
Download = Annotated[bool, Query(description="Offer it for saving in place of showing it.")]


@router.head("/{artifactId}", include_in_schema=False)
@router.get("/{artifactId}", response_class=Response, responses=ANSWERS)
def read_artifact(
    artifact_id: ArtifactId, request: Request, core: TheCore, download: Download = False
) -> Response:
    """Send a stored file, or the one part of it that `Range` names."""
    with core.database.reading() as session:
        artifact, task, asset = queries.artifact_of(session, artifact_id)
    name = _file_name(artifact, task, asset)
    file = StoredFile(artifact.sha256, artifact.bytes, artifact.media_type, name, CURE)
    return sent(file, core.vault, request, download=download)


def _file_name(artifact: Artifact, task: Task, asset: Asset) -> str:
    """Name a file for people, such as knight-walk.glb."""
    step = {TaskKind.RIG: "-rigged", TaskKind.ANIMATE: "-" + task.preset.removeprefix("preset:")}
    stem = in_a_name(asset.name)[:LONGEST_NAME] + in_a_name(step.get(task.kind, ""))
    return (stem.strip("-._") or "model") + SUFFIXES.get(artifact.media_type, "")
