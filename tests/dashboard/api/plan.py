"""The original plan's own test data, unchanged."""

from __future__ import annotations

PROJECT, ASSET = "test-project-123", "asset-456"

WHOLE_CHAIN = {
    "projectId": "test-project-123",
    "assetId": "asset-456",
    "prompt": "a low poly knight character in T-pose",
    "shouldRig": True,
    "animations": ["preset:idle", "preset:walk"],
}
MODEL_ONLY = {key: WHOLE_CHAIN[key] for key in ("projectId", "assetId", "prompt")}
NAMES = {"projectId": PROJECT, "assetId": ASSET}
