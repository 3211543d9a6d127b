"""The tables. What a state means stands in `core.lifecycle`; who may change one stands in `core.tasks`."""

from core.models.alerts import Alert, AlertDelivery, AlertMark, AlertTarget
from core.models.assets import Asset, AssetText, Review
from core.models.base import Base, new_id, utc_now
from core.models.failures import FailureGroup, FailureNote
from core.models.files import Artifact, Upload, UploadToken
from core.models.jobs import Job, JobItem, Pause
from core.models.keys import KeyHour, Lane, LaneSample, ProviderKey, Stop, Stoppable, WalletReading
from core.models.projects import Plan, Project, ProjectStyle, SavedView
from core.models.tasks import Exchange, Inquiry, Task, TaskEvent
from core.models.traffic import Heartbeat, IdempotentRequest, WebhookDelivery

__all__ = [
    "Alert",
    "AlertDelivery",
    "AlertMark",
    "AlertTarget",
    "Artifact",
    "Asset",
    "AssetText",
    "Base",
    "Exchange",
    "FailureGroup",
    "FailureNote",
    "Heartbeat",
    "IdempotentRequest",
    "Inquiry",
    "Job",
    "JobItem",
    "KeyHour",
    "Lane",
    "LaneSample",
    "Pause",
    "Plan",
    "Project",
    "ProjectStyle",
    "ProviderKey",
    "Review",
    "SavedView",
    "Stop",
    "Stoppable",
    "Task",
    "TaskEvent",
    "Upload",
    "UploadToken",
    "WalletReading",
    "WebhookDelivery",
    "new_id",
    "utc_now",
]
