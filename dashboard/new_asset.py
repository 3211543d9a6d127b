"""What the Submit page asks for: checked by core's own code, and named so that the same order is one order."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from core.chain import Step, checked_presets, steps_for
from core.errors import OrderError
from core.idempotency import RequestKey
from core.prices import StepPrice, prices_of_chain
from core.projects import LONGEST_ID
from core.prompts import checked_prompt
from core.steps import checked_options

ROUTE: Final = "page submit"
_LONGEST_SLUG: Final = 60
_LONGEST_TAKEN_NAME: Final = 60


@dataclass(frozen=True, kw_only=True)
class NewAsset:
    """An asset as it stands in the form. `project_id` is None for a project that is yet to be made."""

    prompt: str
    name: str = ""
    project_id: str | None = None
    new_project: str = ""
    rig: bool = False
    animations: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    key_id: str | None = None  # None: the project's key, else the shared one

    @property
    def title(self) -> str:
        """The name that was given, else the beginning of the prompt."""
        words = " ".join((self.name.strip() or self.prompt).split())
        if self.name.strip() or len(words) <= _LONGEST_TAKEN_NAME:
            return words
        return words[:_LONGEST_TAKEN_NAME].rsplit(" ", 1)[0] + "…"

    @property
    def presets(self) -> tuple[str, ...]:
        """The animations that are ordered: none without a rig."""
        return self.animations if self.rig else ()

    def steps(self) -> tuple[Step, ...]:
        """List what will be made."""
        return steps_for(should_rig=self.rig, animations=self.presets)

    def prices(self) -> tuple[StepPrice, ...]:
        """List what will be made with the credits of each step; nothing while an option is at fault."""
        try:
            order = {"prompt": "a priced thing", "options": checked_options(self.options)}
        except OrderError:
            return ()
        return prices_of_chain(order, should_rig=self.rig, animations=self.presets)

    def request_key(self, form: str) -> RequestKey:
        """Name this order: the same content of the same form, sent twice, is one order."""
        content = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
        return RequestKey(f"{form}-{content[:32]}", ROUTE, content)

    def new_ids(self, request: RequestKey) -> tuple[str, str]:
        """Make the ids of a new project and of the asset from their names; one request gives the same ones."""
        suffix = hashlib.sha256(request.key.encode()).hexdigest()[:6]
        project, asset = slug(self.new_project) or "project", slug(self.title) or "asset"
        return f"{project}-{suffix}", f"{asset}-{suffix}"


def faults_of(order: NewAsset) -> dict[str, OrderError]:
    """Find what speaks against an order, by the field that it stands beside; empty when it can be sent."""
    checks: dict[str, Callable[[], object]] = {
        "name": lambda: _check_length(order.name, "name"),
        "prompt": lambda: checked_prompt(order.prompt),
        "project": lambda: _check_project(order),
        "animations": lambda: checked_presets(order.presets),
        "options": lambda: checked_options(order.options),
    }
    faults = {}
    for name, check in checks.items():
        try:
            check()
        except OrderError as error:
            faults[name] = error
    return faults


def slug(text: str) -> str:
    """Write a name with letters, digits and hyphens alone; empty when it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")


def _check_length(text: str, what: str) -> None:
    if len(text.strip()) > LONGEST_ID:
        raise OrderError(
            f"The {what} has {len(text.strip())} characters; {LONGEST_ID} is the most.",
            suggestion="Shorten it.",
            field=what,
        )


def _check_project(order: NewAsset) -> None:
    if order.project_id is None and not order.new_project.strip():
        raise OrderError("The new project has no name.", suggestion="Give it a short one.", field="project")
    _check_length(order.new_project, "project")
