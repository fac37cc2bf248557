"""Bodies of webhooks (contract §6.2, §6.6) and which events an endpoint gets."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

Json = dict[str, Any]

PayloadStyle = Literal["current", "full", "legacy"]
"""``current``: what happened, refetch the session. ``full``: the same with the session inside. ``legacy``:
``session.completed``, ``session.cancelled`` and ``session.expired`` with the session inside, nothing else."""
PAYLOAD_STYLES: tuple[PayloadStyle, ...] = get_args(PayloadStyle)

TEST_EVENT = "webhook.test"
DISABLED_EVENT = "webhook_endpoint.disabled"
STATUS_EVENT = "session.status"
DOCUMENT_PHOTO_EVENT = "media.document_photo"
USER_VIDEO_EVENT = "media.user_video"
REDACTED_EVENT = "session.redacted"
REVIEWED_EVENT = "session.reviewed"
LEGACY_EVENTS = ("session.completed", "session.cancelled", "session.expired")
EVENT_TYPES = (
    STATUS_EVENT,
    REDACTED_EVENT,
    REVIEWED_EVENT,
    "media.user_photo",
    DOCUMENT_PHOTO_EVENT,
    USER_VIDEO_EVENT,
    "analysis.video",
    "analysis.screenshot",
    "analysis.deepfake",
    "settings.avatars",
    "settings.langs",
    DISABLED_EVENT,
    TEST_EVENT,
)
"""What an endpoint may subscribe to, beside ``*`` and the names of legacy events."""


def legacy_type(event_type: str, status: str, reason: str) -> str:
    """The older name of an event; empty when it has none. ``reason``: why the session ended."""
    if event_type == STATUS_EVENT and status == "complete":
        return "session.completed"
    if event_type == STATUS_EVENT and status == "incomplete":
        return "session.expired" if reason == "expired" else "session.cancelled"
    return ""


def wants(
    style: PayloadStyle, subscribed: Sequence[str], event_type: str, data: Mapping[str, Any], reason: str
) -> bool:
    """Whether an endpoint gets an event. ``subscribed``: its event types, ``*`` = all; legacy names are understood."""
    if style != "legacy":
        return "*" in subscribed or event_type in subscribed
    name = legacy_type(event_type, str(data.get("status", "")), reason)
    return bool(name) and not {"*", event_type, name}.isdisjoint(subscribed)


def payload(
    style: PayloadStyle,
    *,
    event_id: str,
    event_type: str,
    created_at: int,
    session_id: str,
    data: Mapping[str, Any],
    session: Json | None,
    reason: str = "",
) -> Json:
    """The body as a JSON object. ``session``: as the API shows it, None when there is none (any more)."""
    if style == "legacy":
        name = legacy_type(event_type, str(data.get("status", "")), reason) or event_type
        inner = {"session": session} if session is not None else {}
        return {"id": event_id, "type": name, "createdAt": created_at, "data": inner}
    thin: Json = {"id": event_id, "type": event_type, "createdAt": created_at}
    if session_id:
        thin["sessionId"] = session_id
    thin |= {key: value for key, value in data.items() if key not in thin}
    return thin | {"data": {"session": session}} if style == "full" and session is not None else thin


def encode(body: Json) -> bytes:
    """The bytes that are signed and sent: UTF-8 JSON (RFC 8259), half surrogate pairs escaped."""
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
