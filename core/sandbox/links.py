"""Signed links, in the manner of a CDN: the signature is the permission, and it dies.

The policy is base64 JSON with `-_~` in place of `+=/`, as in CloudFront's signed URLs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

_TO_URL = str.maketrans("+=/", "-_~")
_FROM_URL = str.maketrans("-_~", "+=/")
_NONCE_BYTES = 9


def signed(url: str, secret: str, expires_at: float) -> str:
    """This URL with a policy and a signature that no other call returns; it dies at the unix second given."""
    policy = json.dumps(
        {
            "Statement": [
                {"Resource": url, "Condition": {"DateLessThan": {"AWS:EpochTime": math.ceil(expires_at)}}}
            ]
        },
        separators=(",", ":"),
    ).encode()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    query = {
        "Policy": _encoded(policy),
        "Signature": _encoded(nonce + _signature(secret, nonce, policy)),
        "Key-Pair-Id": "SANDBOX",
    }
    return f"{url}?{urlencode(query)}"


def is_alive(path: str, query: Mapping[str, str], secret: str, now: float) -> bool:
    """Whether this query lets its bearer have the file at this path now."""
    try:
        policy = _decoded(query["Policy"])
        signature = _decoded(query["Signature"])
        statement = json.loads(policy)["Statement"][0]
        expires_at = statement["Condition"]["DateLessThan"]["AWS:EpochTime"]
        resource = urlsplit(statement["Resource"]).path
    except (KeyError, IndexError, TypeError, ValueError):
        return False
    expected = _signature(secret, signature[:_NONCE_BYTES], policy)
    return hmac.compare_digest(signature[_NONCE_BYTES:], expected) and resource == path and now < expires_at


def _signature(secret: str, nonce: bytes, policy: bytes) -> bytes:
    return hmac.new(secret.encode(), nonce + policy, hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().translate(_TO_URL)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.translate(_FROM_URL), validate=True)
