"""The wire format of API v2: every task is created at one route and named by its `type` (docs.tripo3d.ai)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.tripo.answers import MODEL_KEYS_V2
from core.tripo.catalog import Version
from core.tripo.codes_v2 import CODES_V2
from core.tripo.messages import Generate, Request, Rig, RigCheck
from core.tripo.wire import Attachment, Call, image_fields, refuse_unoffered, segment


class WireV2:
    """Requests of API v2."""

    version: Version = "v2"
    codes = CODES_V2
    model_keys = MODEL_KEYS_V2

    def create(self, request: Request) -> Call:
        """POST /task (docs: task, generation and animation pages)."""
        refuse_unoffered(request, self.version)
        return Call("POST", "/task", _body(request))

    def upload(self, file: Attachment) -> Call:
        """POST /upload/sts (docs: quick upload)."""
        return Call("POST", "/upload/sts", file=file)

    def presign(self, kind: str) -> Call | None:  # noqa: ARG002
        """v2 hands out credentials for S3 in place of a link; the direct way takes all that an image may be."""
        return None

    def read(self, task_id: str) -> Call:
        """GET /task/{id} (docs: task query)."""
        return Call("GET", f"/task/{segment(task_id)}")

    def read_many(self, task_ids: Sequence[str]) -> Call:
        """POST /task/batch (not in the docs; seen in the server by a third party, 2026-07)."""
        return Call("POST", "/task/batch", {"task_ids": list(task_ids)})

    def balance(self) -> Call:
        """GET /user/balance (Python SDK 0.4.2)."""
        return Call("GET", "/user/balance")

    def usage(self, limit: int, offset: int) -> Call | None:  # noqa: ARG002
        """v2 has no history."""
        return None


def _source(request: Generate) -> dict[str, Any]:
    if request.image is None:
        return {"type": "text_to_model", "prompt": request.prompt}
    # The file's own type is not checked there; the SDK says jpg for all (Python SDK 0.4.2).
    return {"type": "image_to_model", "file": {"type": "jpg", **image_fields(request.image)}}


def _body(request: Request) -> dict[str, Any]:
    if isinstance(request, Generate):
        return {"model_version": request.options.model, **_source(request), **request.options.to_wire()}
    if isinstance(request, RigCheck):
        return {"type": "animate_prerigcheck", "original_model_task_id": request.source}
    if isinstance(request, Rig):
        return {
            "type": "animate_rig",
            "original_model_task_id": request.source,
            "model_version": request.model,
            "rig_type": request.rig_type,
            "spec": request.spec,
            "out_format": request.out_format,
        }
    return {
        "type": "animate_retarget",
        "original_model_task_id": request.source,
        "animation": request.preset,
        "out_format": request.out_format,
        "export_with_geometry": True,  # sources dispute the default, so it always travels
        "animate_in_place": request.in_place,
    }
