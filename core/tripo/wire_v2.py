"""The wire format of API v2: every task is created at one route and named by its `type` (docs.tripo3d.ai)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.tripo.answers import MODEL_KEYS_V2
from core.tripo.catalog import Version
from core.tripo.codes_v2 import CODES_V2
from core.tripo.messages import Generate, Request, Rig, RigCheck
from core.tripo.wire import Call, refuse_unoffered, segment


class WireV2:
    """Requests of API v2."""

    version: Version = "v2"
    codes = CODES_V2
    model_keys = MODEL_KEYS_V2

    def create(self, request: Request) -> Call:
        """POST /task (docs: task, generation and animation pages)."""
        refuse_unoffered(request, self.version)
        return Call("POST", "/task", _body(request))

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


def _body(request: Request) -> dict[str, Any]:
    if isinstance(request, Generate):
        options = request.options
        body = {"type": "text_to_model", "model_version": options.model, "prompt": request.prompt}
        return body | options.to_wire()
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
