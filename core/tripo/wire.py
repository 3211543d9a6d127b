"""What one version of the wire format has to say; `wire_v2` and `wire_v3` say it. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import quote

from core.errors import RejectedError
from core.tripo import catalog
from core.tripo.catalog import Version
from core.tripo.codes import CodeTable
from core.tripo.messages import Generate, ImageRef, Request, Rig


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels as the multipart field `file`."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request to be sent: method, path below the base, JSON body or file, and query."""

    method: Literal["GET", "POST"]
    path: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, int] = field(default_factory=dict)
    file: Attachment | None = None


class Wire(Protocol):
    """One version of Tripo's API: its requests, its error codes, its names for a model file."""

    @property
    def version(self) -> Version:
        """The version that is spoken."""
        ...

    @property
    def codes(self) -> CodeTable:
        """What its error codes mean."""
        ...

    @property
    def model_keys(self) -> Sequence[str]:
        """Its names for a model file, the best first."""
        ...

    def create(self, request: Request) -> Call:
        """Order a task; raises RejectedError when this version does not have what is asked for."""
        ...

    def upload(self, file: Attachment) -> Call:
        """Upload a file the direct way."""
        ...

    def presign(self, kind: str) -> Call | None:
        """Ask for a link to PUT a file of this kind to; None when this version has only the direct way."""
        ...

    def read(self, task_id: str) -> Call:
        """Ask for one task."""
        ...

    def read_many(self, task_ids: Sequence[str]) -> Call:
        """Ask for many tasks at once."""
        ...

    def balance(self) -> Call:
        """Ask for the credits."""
        ...

    def usage(self, limit: int, offset: int) -> Call | None:
        """Ask for the account's history; None when this version has none."""
        ...


def segment(task_id: str) -> str:
    """A task id as one segment of a path, whatever it contains."""
    return quote(task_id, safe="").replace(".", "%2E") if set(task_id) <= {"."} else quote(task_id, safe="")


def image_fields(image: ImageRef) -> Mapping[str, str]:
    """The one name under which an image travels; raises ValueError for one that is yet to be uploaded."""
    if image.pending is not None:
        raise ValueError("the image has not been uploaded yet")
    return {"url": image.url} if image.url is not None else {"file_token": str(image.token)}


def refuse_unoffered(request: Request, version: Version) -> None:
    """Raise RejectedError, unsent and unpaid, for a model or rig that this version does not have."""
    if isinstance(request, Generate):
        _refuse_unless_offered("model", request.options.model, version)
    elif isinstance(request, Rig):
        _refuse_unless_offered("rigModel", request.model, version)
        _refuse_unless_offered("spec", request.spec, version)


def _refuse_unless_offered(name: str, wanted: str, version: Version) -> None:
    fault = catalog.unoffered(name, wanted, version)
    if fault is not None:
        sentence, cure = fault
        raise RejectedError(sentence, suggestion=cure, code="version_unknown")
