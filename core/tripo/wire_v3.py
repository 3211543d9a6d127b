"""The wire format of API v3: one route for each ability, sources in `input` (developers.tripo3d.ai)."""

from __future__ import annotations

from collections.abc import Sequence

from core.tripo.answers import MODEL_KEYS_V3
from core.tripo.catalog import Version
from core.tripo.codes_v3 import CODES_V3
from core.tripo.messages import Generate, Request, Rig, RigCheck
from core.tripo.wire import Attachment, Call, image_fields, refuse_unoffered, segment


class WireV3:
    """Requests of API v3."""

    version: Version = "v3"
    codes = CODES_V3
    model_keys = MODEL_KEYS_V3

    def create(self, request: Request) -> Call:
        """POST to the route of what is asked for (docs: generation, animations)."""
        refuse_unoffered(request, self.version)
        if isinstance(request, Generate):
            return _generation(request)
        if isinstance(request, RigCheck):
            return Call("POST", "/animations/rig-check", {"input": request.source})
        if isinstance(request, Rig):
            body: dict[str, object] = {
                "input": request.source,
                "model": request.model,
                "rig_type": request.rig_type,
                "spec": request.spec,
                "out_format": request.out_format,
            }
            return Call("POST", "/animations/rig", body)
        body = {
            "input": request.source,
            "animation": request.preset,
            "out_format": request.out_format,
            "export_with_geometry": True,  # sources dispute the default, so it always travels
            "animate_in_place": request.in_place,
        }
        return Call("POST", "/animations/retarget", body)

    def upload(self, file: Attachment) -> Call:
        """POST /files (docs: files)."""
        return Call("POST", "/files", file=file)

    def presign(self, kind: str) -> Call | None:
        """POST /files/presign (docs: files)."""
        return Call("POST", "/files/presign", {"format": kind})

    def read(self, task_id: str) -> Call:
        """GET /tasks/{id} (docs: tasks)."""
        return Call("GET", f"/tasks/{segment(task_id)}")

    def read_many(self, task_ids: Sequence[str]) -> Call:
        """POST /tasks/list (docs: tasks)."""
        return Call("POST", "/tasks/list", {"task_ids": list(task_ids)})

    def balance(self) -> Call:
        """GET /account/balance (docs: account)."""
        return Call("GET", "/account/balance")

    def usage(self, limit: int, offset: int) -> Call | None:
        """GET /account/usage (docs: account)."""
        return Call("GET", "/account/usage", query={"limit": limit, "offset": offset})


def _generation(request: Generate) -> Call:
    options = request.options
    if request.image is None:
        body = {"model": options.model, "prompt": request.prompt} | options.to_wire()
        return Call("POST", "/generation/text-to-model", body)
    (source,) = image_fields(request.image).values()
    body = {"model": options.model, "input": source} | options.to_wire()
    return Call("POST", "/generation/image-to-model", body)
