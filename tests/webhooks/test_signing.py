"""Signatures against the reference implementation of Standard Webhooks, and against what FaceSign handlers compute."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from rtc_server.webhooks.signing import (
    SIGNATURE_STYLES,
    secret_key,
    secret_text,
    signature_headers,
    standard_signature,
    vendor_signature,
)

SECRET = secret_text(bytes(range(32)))
FORMER = secret_text(b"f" * 32)
BODY = '{"id":"evt_1","name":"Zoë"}'.encode()


@given(key=st.binary(min_size=1, max_size=64), text=st.text(), timestamp=st.integers(0, 2**33))
def test_the_standard_signature_is_the_reference_implementations(key: bytes, text: str, timestamp: int) -> None:
    body = text.encode("utf-8", "replace")
    secret = secret_text(key)
    moment = datetime.fromtimestamp(timestamp, UTC)
    assert standard_signature(secret, "evt_1", timestamp, body) == Webhook(secret).sign("evt_1", moment, body.decode())


def test_both_secrets_sign_during_a_rotation() -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = signature_headers([SECRET, FORMER], "sha256_hex", "evt_1", now, BODY)
    for secret in (SECRET, FORMER):
        assert Webhook(secret).verify(BODY, headers)["id"] == "evt_1"
    assert len(headers["webhook-signature"].split(" ")) == 2


def test_vendor_signatures_are_hmac_over_the_body_with_the_secret_as_shown() -> None:
    def digest(secret: str) -> str:
        return hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()

    both = [SECRET, FORMER]
    assert vendor_signature(both, "sha256_hex", 17, BODY) == f"sha256={digest(SECRET)}"
    assert vendor_signature(both, "bare_hex", 17, BODY) == digest(SECRET)
    assert vendor_signature(both, "t_v1", 17, BODY) == f"t=17,v1={digest(SECRET)},v1={digest(FORMER)}"


@pytest.mark.parametrize("style", SIGNATURE_STYLES)
def test_every_header_of_the_contract_is_there(style: str) -> None:
    headers = signature_headers([SECRET], style, "evt_1", 17, BODY)  # type: ignore[arg-type]
    assert headers["webhook-id"] == headers["FaceSign-Event-Id"] == "evt_1"
    assert headers["webhook-timestamp"] == "17"
    assert headers["FaceSign-Signature"] == headers["X-FaceSign-Signature"]


@pytest.mark.parametrize("wrong", ["", "whsec_", "whsec_%%%", "MDEyMw==", "whsec_é"])
def test_a_secret_of_another_form_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="a webhook secret is whsec_") as caught:
        secret_key(wrong)
    assert not wrong.removeprefix("whsec_") or wrong.removeprefix("whsec_") not in str(caught.value)
