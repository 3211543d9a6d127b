"""What a task that succeeded has to show: its output fields and the files behind them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from core.sandbox import forge
from core.sandbox.catalog import GENERATION_TYPES, RIG_TYPES, TASK_TYPES
from core.sandbox.clips import joined
from core.sandbox.prices import is_textured, presets_of
from core.sandbox.tasks import Task

CONTENT_TYPES = {"glb": "model/gltf-binary", "fbx": "application/octet-stream", "webp": "image/webp"}
_VIEWS = ("front", "left", "back", "right")
_KEPT_BYTES = 64_000_000


@dataclass(frozen=True)
class Product:
    """One file of a task: the v2 output field that names it, its file name, and whether it is the model."""

    field: str
    name: str
    is_model: bool

    @property
    def suffix(self) -> str:
        """The file's kind, without a dot."""
        return self.name.rpartition(".")[2]


def products_of(task: Task) -> list[Product]:
    """The files that this task's success shows."""
    makes = TASK_TYPES[task.type].makes
    if makes == "check":
        return []
    if makes == "image":
        return [Product("generated_image", f"generated_image_{task.id}.webp", False)]
    if makes == "views":
        return [Product(f"{view}_view_url", f"{view}_view_{task.id}.webp", False) for view in _VIEWS]
    field = _model_field(task)
    return [
        Product(field, f"tripo_{field}_{task.id}.{_suffix(task)}", True),
        Product("rendered_image", f"rendered_image_{task.id}.webp", False),
    ]


def _model_field(task: Task) -> str:
    if task.type not in (*GENERATION_TYPES, "texture_model"):
        return "model"
    if task.fields.get("pbr", True):
        return "pbr_model"
    return "model" if task.fields.get("texture", True) else "base_model"


def _suffix(task: Task) -> str:
    fields = task.fields
    is_fbx = fields.get("out_format") == "fbx" or fields.get("format") == "FBX"
    return "fbx" if is_fbx or (task.type in GENERATION_TYPES and fields.get("quad")) else "glb"


class Workshop:
    """Makes files when they are asked for and keeps the last ones; safe to use from several threads.

    Those kept have at most `most_bytes` together, unless the last one alone has more.
    """

    def __init__(self, tasks: Mapping[str, Task], most_bytes: int = _KEPT_BYTES) -> None:
        self._tasks = tasks
        self._most_bytes = most_bytes
        self._made: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._lock = Lock()

    def file(self, task: Task, product: Product) -> bytes:
        """The bytes of one product, the same each time; a chain shows one picture in all its steps."""
        name = product.name if product.is_model else f"picture {task.seed} {task.subject}"
        with self._lock:
            made = self._made.pop(name, None)
            if made is None:
                made = self._make(task, product)
                self._kept_bytes += len(made)
            self._made[name] = made  # as the last one
            while self._kept_bytes > self._most_bytes and len(self._made) > 1:
                _, oldest = self._made.popitem(last=False)
                self._kept_bytes -= len(oldest)
            return made

    def _make(self, task: Task, product: Product) -> bytes:
        if not product.is_model:
            return forge.picture(task.subject, task.seed)
        return forge.fbx(task.subject, task.seed) if product.suffix == "fbx" else self._glb(task)

    def _glb(self, task: Task) -> bytes:
        source = self._tasks.get(task.source or "")
        if task.type == "animate_rig":
            spec = "mixamo" if task.fields.get("spec") == "mixamo" else "tripo"
            return forge.rigged(task.subject, task.seed, rig_type=_rig_type(task), spec=spec)
        if task.type == "animate_retarget":
            return joined([self._clip(task, source, preset) for preset in presets_of(task.fields)])
        if task.type == "convert_model" and source:
            return self._glb(source)
        return forge.draft(task.subject, task.seed, textured=is_textured(task.fields))

    def _clip(self, task: Task, rig: Task | None, preset: str) -> bytes:
        return forge.animated(
            task.subject,
            task.seed,
            preset,
            rig_type=_rig_type(rig) if rig else None,
            in_place=task.fields.get("animate_in_place", False),
            with_geometry=task.fields.get("export_with_geometry", True),
        )


def _rig_type(rig: Task) -> str | None:
    rig_type = rig.fields.get("rig_type", "biped")
    return rig_type if rig_type in RIG_TYPES else None
