"""Sees every answer of the provider as it came, beside the client that reads it: for `python -m core tripo smoke`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from core.tripo.addresses import base_is_loopback

_FROM_URL = str.maketrans("-_~", "+=/")  # CloudFront's base64
_CONNECT_SECONDS, _READ_SECONDS = 5.0, 60.0


@dataclass(frozen=True)
class Seen:
    """One answer; `body` is the JSON object in it, or empty."""

    method: str
    path: str
    http_status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def data(self) -> Mapping[str, Any]:
        """The object in the envelope, or nothing."""
        data = self.body.get("data")
        return data if isinstance(data, dict) else {}


class Witness:
    """An HTTP client to give to a `TripoClient`, and what it saw. Each request has a fresh connection."""

    def __init__(self, base_url: str) -> None:
        self.seen: list[Seen] = []
        self.http = httpx.Client(
            timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=not base_is_loopback(base_url),
            headers={"User-Agent": "hatchery"},
            event_hooks={"response": [self._note]},
        )

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()

    def _note(self, response: httpx.Response) -> None:
        try:
            body = json.loads(response.read())
        except (ValueError, RecursionError):
            body = None
        self.seen.append(
            Seen(
                method=response.request.method,
                path=response.request.url.path,
                http_status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=body if isinstance(body, dict) else {},
            )
        )


def expiry_of(url: str) -> float | None:
    """When a signed link dies, in unix seconds, as its own policy says; None when it has no such policy."""
    policies = parse_qs(urlsplit(url).query).get("Policy", [])
    try:
        policy = json.loads(base64.b64decode(policies[0].translate(_FROM_URL)))
        return float(policy["Statement"][0]["Condition"]["DateLessThan"]["AWS:EpochTime"])
    except (LookupError, TypeError, ValueError):
        return None
