"""What the Submit page asks for: checked by core's own code, and named so that the same order is one order."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from core.chain import Step, checked_presets, steps_for
from core.errors import OrderError
from core.generations import refuse_unriggable
from core.idempotency import RequestKey
from core.prices import StepPrice, prices_of_chain
from core.projects import LONGEST_ID
from core.prompts import checked_prompt
from core.rigs import checked_rig, refuse_unoffered_rig, refuse_unplayable_by
from core.steps import checked_options
from core.tripo import Version
from core.uploads import checked_image_ref
from dashboard.form_request import form_request

ROUTE: Final = "page submit"
_LONGEST_SLUG: Final = 60
_LONGEST_TAKEN_NAME: Final = 60


@dataclass(frozen=True, kw_only=True)
class NewAsset:
    """An asset as it stands in the form.

    `image` names what it is made from in place of words, as an order does; it is empty while none is chosen.
    `project_id` is None for a project that is yet to be made. `version` is that of the API by which it will be ordered.
    """

    prompt: str = ""
    image: Mapping[str, str] | None = None
    image_name: str = ""
    name: str = ""
    project_id: str | None = None
    new_project: str = ""
    rig: bool = False
    animations: tuple[str, ...] = ()
    rig_options: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    version: Version = "v3"
    key_id: str | None = None  # None: the project's key, else the shared one

    @property
    def title(self) -> str:
        """The name that was given, else the beginning of the prompt, else the image's name."""
        words = " ".join((self.name.strip() or self.prompt or self._words_of_image()).split())
        if self.name.strip() or len(words) <= _LONGEST_TAKEN_NAME:
            return words
        return words[:_LONGEST_TAKEN_NAME].rsplit(" ", 1)[0] + "…"

    @property
    def presets(self) -> tuple[str, ...]:
        """The animations that are ordered: none without a rig."""
        return self.animations if self.rig else ()

    @property
    def rig_order(self) -> dict[str, str]:
        """What is said of the rig; raises OrderError when there can be no such rig."""
        order = checked_rig(self.rig_options if self.rig else {}, "rig.")
        refuse_unoffered_rig(order, self.version, "rig.")
        return order

    def checked_options(self) -> dict[str, Any]:
        """Return the generation options as they are ordered; raises OrderError that names the bad one."""
        checked = checked_options(self.options, has_image=self.image is not None, version=self.version)
        if self.rig:
            refuse_unriggable(checked)
        return checked

    def steps(self) -> tuple[Step, ...]:
        """List what will be made."""
        return steps_for(should_rig=self.rig, animations=self.presets)

    def prices(self) -> tuple[StepPrice, ...]:
        """List what will be made with the credits of each step; nothing while an option is at fault."""
        try:
            order = {"prompt": "a priced thing", "options": self.checked_options()}
        except OrderError:
            return ()
        if self.image is not None:
            order["image"] = {"uploadId": "priced"}
        return prices_of_chain(order, should_rig=self.rig, animations=self.presets)

    def request_key(self, form: str) -> RequestKey:
        """Name this order: the same content of the same form, sent twice, is one order."""
        return form_request(ROUTE, form, asdict(self))

    def new_ids(self, request: RequestKey) -> tuple[str, str]:
        """Make the ids of a new project and of the asset from their names; one request gives the same ones."""
        suffix = hashlib.sha256(request.key.encode()).hexdigest()[:6]
        project, asset = slug(self.new_project) or "project", slug(self.title) or "asset"
        return f"{project}-{suffix}", f"{asset}-{suffix}"

    def _words_of_image(self) -> str:
        path = self.image_name or urlsplit((self.image or {}).get("url", "")).path
        return re.sub(r"[-_]+", " ", PurePosixPath(path).stem) or "image"


def faults_of(order: NewAsset) -> dict[str, OrderError]:
    """Find what speaks against an order, by the field that it stands beside; empty when it can be sent.

    Fields are named as over HTTP (`options.faceLimit`), apart from `image`, `name` and `project`.
    """
    checks: dict[str, Callable[[], object]] = {
        "name": lambda: _check_length(order.name, "name"),
        "prompt": lambda: _check_prompt(order),
        "image": lambda: _check_image(order),
        "project": lambda: _check_project(order),
        "rig": lambda: order.rig_order,
        "animations": lambda: _check_animations(order),
        "options": order.checked_options,
    }
    faults = {}
    for name, check in checks.items():
        try:
            check()
        except OrderError as error:
            is_inner = error.field is not None and error.field.startswith(("options.", "rig."))
            faults[str(error.field) if is_inner else name] = error
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


def _check_prompt(order: NewAsset) -> None:
    if order.image is None or order.prompt.strip():
        checked_prompt(order.prompt)


def _check_image(order: NewAsset) -> None:
    if order.image is None:
        return
    if not order.image:
        raise OrderError(
            "There is no image yet.", suggestion="Choose one, or describe the model in words.", field="image"
        )
    checked_image_ref(order.image)


def _check_animations(order: NewAsset) -> None:
    refuse_unplayable_by(order.rig_order, checked_presets(order.presets))


def _check_project(order: NewAsset) -> None:
    if order.project_id is None and not order.new_project.strip():
        raise OrderError("The new project has no name.", suggestion="Give it a short one.", field="project")
    _check_length(order.new_project, "project")
