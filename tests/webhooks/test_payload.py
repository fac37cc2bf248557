"""Bodies of webhooks and who gets them."""

import json
from typing import Any

import pytest

from rtc_server.webhooks.payload import PayloadStyle, encode, payload, wants

SESSION: dict[str, Any] = {
    "id": "fs_session_xyz789",
    "status": "complete",
    "report": {"isVerified": True, "livenessDetected": True},
    "settings": {"clientReferenceId": "user_123"},
}


def body(style: PayloadStyle, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "event_id": "evt_abc123",
        "event_type": "session.status",
        "created_at": 1_790_000_000_000,
        "session_id": "fs_session_xyz789",
        "data": {"status": "complete"},
        "session": SESSION,
        "reason": "end",
    }
    return payload(style, **(fields | changes))


def test_the_current_payload_is_a_doorbell() -> None:
    assert body("current") == {
        "id": "evt_abc123",
        "type": "session.status",
        "createdAt": 1_790_000_000_000,
        "sessionId": "fs_session_xyz789",
        "status": "complete",
    }


def test_the_full_payload_is_the_same_with_the_session_inside() -> None:
    assert body("full") == body("current") | {"data": {"session": SESSION}}


def test_the_legacy_payload_is_that_of_the_identity_verification_page() -> None:
    sent = body("legacy")
    assert sent == {
        "id": "evt_abc123",
        "type": "session.completed",
        "createdAt": 1_790_000_000_000,
        "data": {"session": SESSION},
    }
    # As the page's handler reads it.
    session = sent["data"]["session"]
    assert session["report"]["isVerified"]
    assert session["report"]["livenessDetected"]
    assert session["settings"]["clientReferenceId"] == "user_123"


@pytest.mark.parametrize(
    ("status", "reason", "name"),
    [("complete", "end", "session.completed"), ("incomplete", "expired", "session.expired"),
     ("incomplete", "cancelled", "session.cancelled"), ("incomplete", "silence", "session.cancelled")],
)  # fmt: skip
def test_legacy_names_of_the_ends_of_a_session(status: str, reason: str, name: str) -> None:
    data = {"status": status}
    assert body("legacy", data=data, reason=reason)["type"] == name
    assert wants("legacy", ("*",), "session.status", data, reason)
    assert wants("legacy", (name,), "session.status", data, reason)
    assert not wants("legacy", ("media.user_photo",), "session.status", data, reason)


@pytest.mark.parametrize("status", ["created", "inProgress"])
def test_legacy_endpoints_get_nothing_but_ends(status: str) -> None:
    assert not wants("legacy", ("*",), "session.status", {"status": status}, "")
    assert not wants("legacy", ("*",), "media.user_photo", {}, "")


def test_event_types_are_filtered() -> None:
    assert wants("current", ("*",), "media.user_photo", {}, "")
    assert wants("current", ("media.user_photo",), "media.user_photo", {}, "")
    assert not wants("full", ("session.status",), "media.user_photo", {}, "")


def test_events_without_a_session_have_none_in_the_payload() -> None:
    sent = body("full", event_type="webhook.test", session_id="", data={}, session=None)
    assert sent == {"id": "evt_abc123", "type": "webhook.test", "createdAt": 1_790_000_000_000}


def test_data_cannot_replace_what_identifies_the_event() -> None:
    assert body("current", data={"id": "forged", "media": {"id": "m_1"}})["id"] == "evt_abc123"


def test_bytes_are_plain_json_whatever_people_are_called() -> None:
    name = {"name": "Zoë \ud800 \0"}
    assert json.loads(encode(name)) == name
    with pytest.raises(ValueError, match="JSON"):
        encode({"score": float("nan")})
