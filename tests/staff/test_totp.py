"""Codes of authenticator apps against the vectors of RFC 6238."""

import base64

import pytest

from rtc_server.staff.totp import code_at, matching_step, new_secret, otpauth_uri

SECRET = base64.b32encode(b"12345678901234567890").decode()
"""Of RFC 6238, appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    six = code[-6:]
    assert code_at(SECRET, seconds * 1000) == six
    assert matching_step(SECRET, six, seconds * 1000) == seconds // 30


def test_one_step_of_drift_and_no_more() -> None:
    now_ms = 1_790_000_000_000
    step = now_ms // 30_000
    for drift, found in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        assert matching_step(SECRET, code_at(SECRET, now_ms + drift * 30_000), now_ms) == found


@pytest.mark.parametrize("code", ["", "0", "\u0661\u0662\u0663\u0664\u0665\u0666", "\ud800", "1" * 1000])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(SECRET, code, 59_000) is None


def test_secrets_are_160_random_bits_and_apps_can_read_them() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(base64.b32decode(first)) == 20
    uri = otpauth_uri(first, "mia@example.org", "Some & Company")
    assert uri == f"otpauth://totp/Some%20%26%20Company:mia%40example.org?secret={first}&issuer=Some%20%26%20Company"
