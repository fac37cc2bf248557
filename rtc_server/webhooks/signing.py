"""Signatures of a webhook: Standard Webhooks, and beside it the header that FaceSign integrations check.

Both are HMAC-SHA256 (RFC 2104) over the exact bytes of the body. They differ in what is signed with it and in the key.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Literal, get_args

SECRET_PREFIX = "whsec_"
SignatureStyle = Literal["sha256_hex", "bare_hex", "t_v1"]
"""How the vendor's headers are written: ``sha256=<hex>``, ``<hex>``, or ``t=<Unix seconds>,v1=<hex>`` (contract
§6.3)."""
SIGNATURE_STYLES: tuple[SignatureStyle, ...] = get_args(SignatureStyle)


def secret_text(key: bytes) -> str:
    """A secret as customers see it: ``whsec_`` and the key in base64."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def secret_key(secret: str) -> bytes:
    """The key of Standard Webhooks in a secret. Raises ``ValueError``, which does not repeat it."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not key:
        raise ValueError(f"a webhook secret is {SECRET_PREFIX} followed by base64")
    return key


def standard_signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """``v1,<base64>`` over ``id.timestamp.body`` (Standard Webhooks, symmetric scheme); ``timestamp`` in seconds."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret_key(secret), signed, "sha256")).decode()


def vendor_digest(secret: str, body: bytes) -> str:
    """Hex over the body alone. The key is the whole secret as shown, ``whsec_`` included, as UTF-8."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def vendor_signature(secrets: Sequence[str], style: SignatureStyle, timestamp: int, body: bytes) -> str:
    """Value of ``X-FaceSign-Signature``. Only ``t_v1`` has room for more than the first, newest secret."""
    digests = [vendor_digest(secret, body) for secret in secrets]
    if style == "t_v1":
        return ",".join([f"t={timestamp}", *(f"v1={digest}" for digest in digests)])
    return f"sha256={digests[0]}" if style == "sha256_hex" else digests[0]


def signature_headers(
    secrets: Sequence[str], style: SignatureStyle, event_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """All headers that identify and sign a delivery. ``secrets``: those that are valid now, newest first."""
    vendor = vendor_signature(secrets, style, timestamp, body)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(standard_signature(s, event_id, timestamp, body) for s in secrets),
        "X-FaceSign-Signature": vendor,
        "FaceSign-Signature": vendor,
        "FaceSign-Event-Id": event_id,
    }
