"""The values that travel between Hatchery and Tripo, the same for both versions of its API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.tripo import catalog
from core.tripo.addresses import is_public_link
from core.tripo.catalog import OutFormat, RigSpec, Version
from core.tripo.options import GenerationOptions, text_fault


class Value(BaseModel):
    """A frozen value that refuses names it does not know and never quotes its input in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, protected_namespaces=())


class ImageRef(Value):
    """Where the image is that a model is made from: behind a public link, or uploaded to Tripo under a token.

    `pending` is the caller's own name for a file that is yet to be uploaded; such a request cannot be sent.
    """

    url: str | None = Field(None, max_length=catalog.IMAGE_URL_LENGTH_MOST, repr=False)
    token: str | None = Field(None, min_length=1, repr=False)
    pending: str | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if [self.url, self.token, self.pending].count(None) != 2:
            raise ValueError("An image is either a link or an upload.")
        if self.url is not None and not is_public_link(self.url):
            raise ValueError("This is not an http or https link that Tripo can reach from the internet.")
        return self


class Generate(Value):
    """Make a model from words or from an image; with an image, words are not sent: Tripo takes none then.

    A prompt that Tripo would refuse, and options of the other way, raise pydantic's ValidationError.
    """

    prompt: str | None = Field(None, repr=False)
    image: ImageRef | None = None
    options: GenerationOptions = GenerationOptions()

    @field_validator("prompt")
    @classmethod
    def _prompt_is_good(cls, prompt: str | None) -> str | None:
        fault = None if prompt is None else text_fault(prompt)
        if fault:
            raise ValueError(fault)
        return prompt

    @model_validator(mode="after")
    def _has_what_it_is_made_from(self) -> Self:
        if self.prompt is None and self.image is None:
            raise ValueError("There is neither a prompt nor an image.")
        unfit = self.options.unfit_option(has_image=self.image is not None)
        if unfit:
            raise ValueError(unfit[1])
        return self


class RigCheck(Value):
    """Ask whether, and as what, a model can be rigged. `source` is Tripo's id of the generate task."""

    source: str = Field(min_length=1)


class Rig(Value):
    """Give a model its skeleton. `source` is Tripo's id of the generate task, `rig_type` the check's word."""

    source: str = Field(min_length=1)
    rig_type: str = Field("biped", min_length=1)
    model: str
    spec: RigSpec = "tripo"
    out_format: OutFormat = "glb"

    @model_validator(mode="after")
    def _version_can_do_it(self) -> Self:
        fault = catalog.rig_fault(self.model, self.rig_type, self.spec)
        if fault:
            raise ValueError(fault)
        return self


class Retarget(Value):
    """Make one preset animation for a rigged model. `source` is Tripo's id of the rig task."""

    source: str = Field(min_length=1)
    preset: str = Field(min_length=1)
    in_place: bool = False
    out_format: OutFormat = "glb"


Request = Generate | RigCheck | Rig | Retarget


def pool_of(request: Request, version: Version) -> str:
    """The pool of concurrent tasks in which the provider counts this request."""
    if isinstance(request, Generate):
        return "generation_p" if catalog.is_low_poly(request.options.model) else "generation"
    if version == "v3":
        return "animation"
    if isinstance(request, RigCheck):
        return "rig_check"
    return "rig" if isinstance(request, Rig) else "retarget"


class ProviderStatus(StrEnum):
    """What Tripo says about a task (Tripo docs, task query); UNLISTED stands for a word never heard of."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    BANNED = "banned"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    UNLISTED = "unlisted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come; a word that we do not understand is not final, and asked again."""
        return self in _FINAL


_FINAL = frozenset(
    {
        ProviderStatus.SUCCESS,
        ProviderStatus.FAILED,
        ProviderStatus.BANNED,
        ProviderStatus.EXPIRED,
        ProviderStatus.CANCELLED,
    }
)


class ProviderTask(NamedTuple):
    """One task as Tripo describes it; what it leaves out, or says senselessly, is None.

    Built a thousand times a second by `answers` alone, which has checked each part: validating it again would cost
    more than all the rest.
    """

    task_id: str
    type: str
    status: ProviderStatus
    raw_status: str
    progress: int = 0
    seconds_left: float | None = None
    queue_position: int | None = None
    model_url: str | None = None  # signed: whoever holds it may fetch the file
    image_url: str | None = None
    riggable: bool | None = None
    rig_type: str | None = None
    error_code: int | None = None
    error_message: str | None = None
    credits: Decimal | None = None
    created_at: datetime | None = None
    ended_at: datetime | None = None  # only v3 tells
    trace_id: str | None = None
    input: Mapping[str, Any] = MappingProxyType({})
    raw: Mapping[str, Any] = MappingProxyType({})  # as it came, of one that has ended

    def __repr__(self) -> str:
        """Name it without its links and what it was made from."""
        return f"ProviderTask({self.task_id!r}, {self.type!r}, {self.raw_status!r}, progress={self.progress})"


class ReadMany(NamedTuple):
    """What one batch read brought.

    `missed` are the ids that the provider does not know, `broken` those of which it said something odd.
    """

    tasks: Mapping[str, ProviderTask]
    missed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class Created(Value):
    """The provider's yes."""

    task_id: str
    trace_id: str | None = None
    said: Mapping[str, Any] = Field(default_factory=dict, repr=False)  # what was sent, and what came back
    slots_left: int | None = None  # in the pool of this request (v2's X-ParallelismLimit-Remain)


class UploadPlace(Value):
    """Where a file may be PUT, and the token that names it from then on."""

    url: str = Field(repr=False)  # signed: whoever holds it may write there
    token: str = Field(repr=False)


class Balance(Value):
    """Credits to spend, and credits set aside for tasks under way."""

    balance: Decimal
    frozen: Decimal


class UsageRow(Value):
    """A task in the account's history (v3 docs, account usage): how a lost create is found again."""

    task_id: str
    type: str
    status: ProviderStatus | None = None
    credits: Decimal | None = None
    created_at: datetime | None = None


class Download(Value):
    """What arrived. `bytes` is the number received, `suffix` the ending of the link's path, as `.glb`."""

    bytes: int
    content_type: str | None
    declared_length: int | None
    suffix: str
