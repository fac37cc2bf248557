"""What is sealed, and who can open it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.crypto.seal import Seal, SealError, derived_key

KEY = b"k" * 32
SEAL = Seal(KEY, "this purpose")


@given(st.binary(max_size=200), st.text(max_size=20))
def test_bytes_come_back(content: bytes, about: str) -> None:
    closed = SEAL.close(content, about)
    assert SEAL.open(closed, about) == content
    assert SEAL.close(content, about) != closed


def test_texts_come_back() -> None:
    assert SEAL.open_text(SEAL.close_text("grüße", "this"), "this") == "grüße"


@pytest.mark.parametrize(
    ("other", "about"),
    [(SEAL, "that"), (Seal(b"l" * 32, "this purpose"), "this"), (Seal(KEY, "another purpose"), "this")],
)
def test_nothing_else_opens_it(other: Seal, about: str) -> None:
    with pytest.raises(SealError):
        other.open(SEAL.close(b"secret", "this"), about)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    closed = bytearray(SEAL.close(b"secret", "this"))
    closed[place] ^= 1
    with pytest.raises(SealError):
        SEAL.open(bytes(closed), "this")


@pytest.mark.parametrize("sealed", ["", "AAAA", "no base64!", "ü"])
def test_what_never_was_a_seal_is_refused(sealed: str) -> None:
    with pytest.raises(SealError):
        SEAL.open_text(sealed, "this")


def test_each_purpose_has_its_own_key() -> None:
    keys = {derived_key(KEY, "a"), derived_key(KEY, "b"), derived_key(b"l" * 32, "a"), KEY}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
