"""What may be sent: camelCase, no field that is not known, no type that has to be guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, WithJsonSchema
from pydantic.alias_generators import to_camel

from core.approvals import LONGEST_WORDS
from core.errors import OrderError
from core.key_desk import Region
from core.plans.limits import NAME_LENGTH_MOST
from core.plans.style import Style
from core.tripo import GenerationOptions

Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH_MOST)]
Category = Annotated[str, Field(min_length=1, max_length=100)]
Reason = Annotated[str, Field(max_length=500)]
Words = Annotated[str, Field(max_length=LONGEST_WORDS)]
Link = Annotated[str, Field(max_length=4000)]
Priority = Annotated[int, Field(ge=-100, le=100, description="0 is normal; higher goes first.")]
KeyId = Annotated[str, Field(description="The provider key to use, from GET /api/keys.")]
Secret = Annotated[SecretStr, Field(max_length=500, description="Kept encrypted, and never shown again.")]
# Checked by the core, in the same words as on the pages.
Options = Annotated[dict[str, Any], WithJsonSchema(GenerationOptions.model_json_schema(by_alias=True))]


class Body(BaseModel):
    """A request's JSON object."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class ImageBody(Body):
    """What a model is made from in place of words: exactly one of a public link and an upload."""

    url: Annotated[str | None, Field(description="JPEG or PNG, at most 20 MB; the provider fetches it.")] = (
        None
    )
    upload_id: Annotated[str | None, Field(description="From POST /api/uploads.")] = None


RigType = Annotated[
    str | None, Field(description="One of the provider's; without it the check's word is taken.")
]
RigModel = Annotated[
    str | None, Field(description="The rig's version; without it the one that can do its type and spec.")
]
Spec = Annotated[
    str | None, Field(description="The bone names; only `tripo` can be animated by the provider.")
]
OutFormat = Annotated[str | None, Field(description="`glb` or `fbx`.")]


class RigOptions(Body):
    """What the rig behind a generation is to be like."""

    rig_type: RigType = None
    rig_model: RigModel = None
    spec: Spec = None
    out_format: OutFormat = None


class GenerateBody(Body):
    """Order an asset's whole chain at once; with an image the prompt may be left out, and is not sent."""

    project_id: str
    asset_id: str
    prompt: str | None = None
    image: ImageBody | None = None
    name: Name | None = None
    category: Category | None = None
    should_rig: bool = False
    animations: list[str] = Field(default=[], examples=[["preset:idle", "preset:walk"]])
    options: Options = {}
    rig: Annotated[RigOptions | None, Field(description="Only with `shouldRig`.")] = None
    key_id: KeyId | None = None
    priority: Priority = 0

    def said(self) -> dict[str, Any]:
        """Return the order as the core takes it; image and rig keep the names under which they were sent."""
        inner = {name: value for name in ("image", "rig") if (value := getattr(self, name)) is not None}
        named = {name: value.model_dump(by_alias=True, exclude_none=True) for name, value in inner.items()}
        return {**self.model_dump(), **named}


class RigBody(Body):
    """Order a rig of an asset's finished model: the named task, the linked one, or the newest."""

    project_id: str
    asset_id: str
    draft_task_id: str | None = None
    draft_model_url: Link | None = None
    rig_type: RigType = None
    rig_model: RigModel = None
    spec: Spec = None
    out_format: OutFormat = None
    priority: Priority = 0


class AnimateBody(Body):
    """Order animations of an asset's finished rig; exactly one of `animationPreset` and `animations`."""

    project_id: str
    asset_id: str
    animation_preset: str | None = Field(default=None, examples=["preset:walk"])
    animations: list[str] | None = None
    rig_task_id: str | None = None
    rigged_model_url: Link | None = None
    in_place: bool | None = None
    out_format: str | None = None
    priority: Priority = 0

    def presets(self) -> list[str]:
        """Return what was asked for, in either form; raises OrderError for both or neither."""
        if (self.animation_preset is None) == (self.animations is None):
            raise OrderError(
                "Exactly one of animationPreset and animations is needed.",
                suggestion="Send animationPreset for one animation, or animations for a list.",
                field="animations",
            )
        return [self.animation_preset] if self.animation_preset is not None else list(self.animations or ())


class RetryBody(Body):
    """Order a step again, if wanted with another prompt or other options."""

    prompt: str | None = None
    options: Options | None = None
    key_id: KeyId | None = None
    reason: Reason | None = None


class CancelBody(Body):
    """End a task and the chain behind it."""

    reason: Reason | None = None


class ResolveBody(Body):
    """Decide a submission of unknown fate; `tripoTaskId` belongs to `created`."""

    outcome: Literal["not_created", "created"]
    tripo_task_id: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    reason: Reason


class ProjectDefaults(Body):
    """What a project's forms and plans begin with; an order over HTTP says everything itself."""

    should_rig: bool | None = None
    animations: list[str] | None = None
    options: Options | None = None


class ProjectBody(Body):
    """Make a project, if wanted under an id of the caller's own."""

    name: str
    project_id: str | None = None
    key_id: KeyId | None = None
    defaults: ProjectDefaults | None = None


class ProjectChange(Body):
    """Change a project; what is left out stays."""

    name: str | None = None
    key_id: Annotated[str | None, Field(description="null lets its orders use the shared key.")] = None
    defaults: ProjectDefaults | None = None


class KeyBody(Body):
    """Add a provider key of one's own."""

    name: str
    key: Secret
    region: Annotated[
        Region | None, Field(description="Where the account is; left out, where the shared key's is.")
    ] = None


class PauseBody(Body):
    """Send nothing more for now."""

    reason: Reason | None = None


class ResumeBody(Body):
    """Send again; it takes no fields."""


class ApproveBody(Body):
    """Approve a model, with words if there are any."""

    comment: Words = ""


class RejectBody(Body):
    """Reject a model."""

    reason: Words


class CommentBody(Body):
    """Say something of a model without deciding."""

    text: Words


class ReplaceKeyBody(Body):
    """Put another key in a key's place."""

    key: Secret


# --- plans ---------------------------------------------------------------------------------------------------


class EmptyBody(Body):
    """Nothing needs to be said."""


class RenameBody(Body):
    """A person's word that the row at this line is this asset under another name."""

    line: int
    asset_id: str


class PlanBody(Body):
    """Apply a plan, or see what that would do."""

    project_id: str
    filename: Annotated[str, Field(description="The same name again is the plan's next revision.")]
    text: Annotated[str | None, Field(description="The plan itself; a form sends `file` instead.")] = None
    dry_run: bool = False
    format: Annotated[
        str | None, Field(description="markdown, csv, tsv, xlsx, json or yaml; found out when left out.")
    ] = None
    revision: Annotated[
        int | None, Field(description="Of the preview that was looked at; 409 when somebody was faster.")
    ] = None
    renames: list[RenameBody] = []
    remake: Annotated[
        bool | list[str],
        Field(
            description="Make models anew whose words changed: all, or these by assetId. They are paid again."
        ),
    ] = False


class NightWindowBody(Body):
    """Times of the day between which a plan is sent."""

    opens: str = Field(examples=["22:00"])
    closes: str = Field(examples=["06:00"])
    zone: str = Field(default="UTC", examples=["Europe/Berlin"])


class PlanChange(Body):
    """Change how a plan is sent; what is left out stays."""

    priority: Priority | None = None
    not_before: Annotated[
        datetime | None, Field(strict=False, description="null lets it be sent at once.")
    ] = None
    night_window: Annotated[NightWindowBody | None, Field(description="null lets it be sent always.")] = None


class StyleBody(Body):
    """What a project adds to the words of its plans; what is left out is empty."""

    prefix: str = ""
    suffix: str = ""
    negative_prompt: str = ""
    pose: Annotated[str, Field(description="For RIG assets whose description names no pose.")] = ""
    size_classes: Annotated[
        dict[Literal["hero", "prop", "creature", "foliage"], Options],
        Field(description="Generation options by size class; a row's own come before them."),
    ] = {}
    gate: Annotated[bool, Field(description="Rigs of variants wait until one is picked.")] = False

    def style(self) -> Style:
        """Return the style as the core takes it; raises OrderError for one that is too long."""
        try:
            return Style(**self.model_dump())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = to_camel(str(first["loc"][0]))
            raise OrderError(
                f"{field}: {first['msg']}.", suggestion="Shorten it.", code="style_invalid", field=field
            ) from None


class RenewBody(Body):
    """Make these assets anew under today's style."""

    asset_ids: Annotated[list[str], Field(min_length=1, max_length=20_000)]
