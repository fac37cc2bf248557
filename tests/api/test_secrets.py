"""Ids, client secrets, keys: their forms, and that nothing leaks through them."""

import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.api.access.secrets import client_secret, is_api_key, is_client_secret, lookup_hash, redact

SERVER_KEY = bytes(range(32))


def test_a_client_secret_is_the_documented_hmac() -> None:
    expected = hmac.new(SERVER_KEY, b"AbC:3", hashlib.sha256).hexdigest()[:32]
    assert client_secret(SERVER_KEY, "AbC", 3) == f"cs{expected}"


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=20, max_size=20), st.integers(0, 9))
def test_a_client_secret_has_its_form_and_changes_with_each_input(session_id: str, generation: int) -> None:
    secret = client_secret(SERVER_KEY, session_id, generation)
    assert is_client_secret(secret)
    assert secret != client_secret(SERVER_KEY, session_id, generation + 1)
    assert secret != client_secret(SERVER_KEY, session_id + "x", generation)
    assert secret != client_secret(b"other" * 8, session_id, generation)


def test_a_short_server_key_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="5 bytes") as refused:
        client_secret(b"short", "a", 0)
    assert "short" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "cs", "cs" + "0" * 31, "cs" + "0" * 33, "cs" + "G" * 32, "CS" + "0" * 32])
def test_other_texts_are_no_client_secrets(text: str) -> None:
    assert not is_client_secret(text)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("sk_test_01234567", True),
        ("sk_prod_01234567", True),
        ("sk_live_AbC-_123", True),
        ("sk_test_0123456", False),
        ("sk_demo_0123456789", False),
        ("sk_test_012345 67", False),
        ("xsk_test_01234567", False),
        ("sk_test_01234567\n", False),
    ],
)
def test_api_keys_are_known_by_their_form(text: str, valid: bool) -> None:
    assert is_api_key(text) is valid


@given(st.text())
def test_any_text_can_be_looked_up(text: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", lookup_hash(text))


@given(st.text(), st.text())
def test_redaction_removes_secrets_wherever_they_stand(before: str, after: str) -> None:
    for secret in (client_secret(SERVER_KEY, "a", 0), "sk_test_0123456789abcdef"):
        assert secret not in redact(before + secret + after)
