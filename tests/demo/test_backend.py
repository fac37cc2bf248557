"""What the sample partner's server believes."""

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from rtc_server.commands.rest import RestError
from rtc_server.demo.backend import CLOCK_SECONDS, Backend, is_genuine

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_790_000_000.0
BODY = json.dumps({"id": "evt_1", "type": "session.status", "status": "complete"}).encode()


def headers(body: bytes = BODY, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    """As the specification's own library signs."""
    signature = Webhook(secret).sign("evt_1", datetime.fromtimestamp(at, UTC), body.decode())
    return {"webhook-id": "evt_1", "webhook-timestamp": str(int(at)), "webhook-signature": signature}


def test_a_signature_of_the_standards_library_is_genuine() -> None:
    assert is_genuine(SECRET, headers(), BODY, NOW)
    rotated = headers() | {"webhook-signature": f"v1,AAAA {headers()['webhook-signature']}"}
    assert is_genuine(SECRET, rotated, BODY, NOW)


@pytest.mark.parametrize(
    "forged",
    [
        {},
        headers(body=b"{}"),
        headers(secret="whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        headers() | {"webhook-id": "evt_2"},
        headers() | {"webhook-timestamp": str(int(NOW) + 1)},
        headers() | {"webhook-timestamp": "now"},
        headers() | {"webhook-timestamp": "²"},
        headers() | {"webhook-signature": ""},
        headers() | {"webhook-signature": "v1,ä"},
        headers() | {"webhook-signature": headers()["webhook-signature"].removeprefix("v1,")},
    ],
)
def test_anything_else_is_not(forged: dict[str, str]) -> None:
    assert not is_genuine(SECRET, forged, BODY, NOW)


@pytest.mark.parametrize("late", [-CLOCK_SECONDS - 1, CLOCK_SECONDS + 1])
def test_an_old_signature_is_not_taken_again(late: int) -> None:
    assert not is_genuine(SECRET, headers(), BODY, NOW + late)


def test_nothing_is_believed_before_the_endpoint_is_made() -> None:
    backend = Backend("http://localhost:1", "sk_test_1234567890", "http://localhost:2", {})
    assert not backend.receive(headers(), BODY, NOW)
    assert backend.received("") == {"events": [], "refused": 1}


async def test_a_server_out_of_reach_is_told() -> None:
    backend = Backend("http://localhost:1", "sk_test_1234567890", "http://localhost:2", {"payment": {}})
    with pytest.raises(RestError, match="does not answer"):
        await backend.connect()
    with pytest.raises(RestError, match="still starting"):
        await backend.open_session("payment")
