"""A webhook's secret and signature, in the form of Standard Webhooks 1.0 (standardwebhooks.com). Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from datetime import datetime
from uuid import UUID

_MARK = "whsec_"


def new_secret() -> str:
    """32 random bytes, as receivers' libraries take them."""
    return _MARK + base64.b64encode(os.urandom(32)).decode()


def headers(secret: str, message: UUID, at: datetime, body: str) -> dict[str, str]:
    """What stands above `body`. The id is the same at every attempt; the time is the attempt's."""
    name, seconds = f"msg_{message.hex}", str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(_MARK))
    code = hmac.digest(key, f"{name}.{seconds}.{body}".encode(), hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(code).decode()}",
    }
