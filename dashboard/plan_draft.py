"""A plan that somebody looks at before applying it: its file, what was edited of it, what was decided."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.errors import OrderError
from core.idempotency import RequestKey
from core.plans.desk import checked_filename
from core.plans.plan import Format
from core.plans.reading import read_plan
from core.plans.writing import write_plan
from dashboard.form_request import form_request

LEAVE_OUT = "leave_out"
Edits = Mapping[int, Mapping[str, Any]]  # by the line of the row: the fields of PlanRow, or LEAVE_OUT


@dataclass(frozen=True)
class PlanDraft:
    """A plan before it is applied. `renames` are by line, `remake` are ids of assets; `form` names it for orders."""

    project_id: str
    filename: str
    content: bytes
    format: Format
    can_be_edited: bool  # else something of it could not be read, and would be lost
    is_edited: bool = False
    renames: Mapping[int, str] = field(default_factory=dict)
    remake: frozenset[str] = frozenset()
    form: str = field(default_factory=lambda: uuid.uuid4().hex)

    @classmethod
    def of(cls, project_id: str, filename: str, content: bytes) -> PlanDraft:
        """Begin with a file; raises PlanRefusedError for one that is no plan, OrderError for its name."""
        name = checked_filename(filename)
        read = read_plan(content, name)
        return cls(project_id, name, content, read.format, can_be_edited=not read.errors)

    def for_project(self, project_id: str) -> PlanDraft:
        """Turn to another project; what was decided about assets of the other one is forgotten."""
        return replace(self, project_id=project_id, renames={}, remake=frozenset())

    def edited(self, edits: Edits) -> PlanDraft:
        """Write the plan anew with these rows changed; raises OrderError while it has lines that cannot be read."""
        read = read_plan(self.content, self.filename, self.format)
        if read.errors:
            raise OrderError(
                "The plan has lines that cannot be read, and would lose them.",
                suggestion="Mend those in the file first.",
            )
        kept = [row for row in read.rows if not edits.get(row.line, {}).get(LEAVE_OUT)]
        rows = [row.model_copy(update=_fields(edits.get(row.line, {}))) for row in kept]
        content = write_plan(rows, self.format)
        again = read_plan(content, self.filename, self.format).rows
        lines = {old.line: new.line for old, new in zip(kept, again, strict=False)}
        renames = {lines[line]: asset_id for line, asset_id in self.renames.items() if line in lines}
        return replace(self, content=content, is_edited=True, renames=renames)

    def request_key(self) -> RequestKey:
        """Name the order: the same draft, applied twice, is one."""
        said = {
            "project_id": self.project_id,
            "filename": self.filename,
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "renames": sorted(self.renames.items()),
            "remake": sorted(self.remake),
        }
        return form_request("page plan", self.form, said)


def _fields(edit: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in edit.items() if name != LEAVE_OUT}
