"""What a form orders, named so that the same content of the same form, sent twice, is one order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from core.idempotency import RequestKey


def form_request(route: str, form: str, content: Mapping[str, Any]) -> RequestKey:
    """Name an order; `form` names the form that was filled in, `route` what it is for."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return RequestKey(f"{form}-{digest[:32]}", route, digest)
