"""Where a reply is cut, and where its voice begins and ends."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from conversation.speech.clauses import LONGEST_PIECE, LONGEST_WHOLE, clauses
from conversation.speech.trim import audible_span


def test_a_short_sentence_stays_whole() -> None:
    assert list(clauses(["Thank you, Maria.", "See you on Tuesday, then."])) == [
        "Thank you, Maria.",
        "See you on Tuesday, then.",
    ]


def test_a_long_sentence_is_cut_at_its_clauses_but_not_into_crumbs() -> None:
    long = (
        "Well, if you prefer, we can send you a new code by text message, or you can try the camera again, "
        "whichever is easier for you."
    )
    pieces = list(clauses([long]))
    assert " ".join(pieces) == long
    assert pieces[0] == "Well, if you prefer, we can send you a new code by text message,"
    assert all(piece[-1] in ",." for piece in pieces)


@given(st.lists(st.text("abc,;: —", max_size=600), max_size=4))
def test_no_word_is_lost_and_no_piece_is_too_long(sentences: list[str]) -> None:
    pieces = list(clauses(sentences))
    assert " ".join(pieces).split() == " ".join(sentences).split()
    for piece in pieces:
        assert len(piece) <= max(LONGEST_PIECE, LONGEST_WHOLE) or len(piece.split()) == 1


def test_the_span_keeps_a_soft_opening_and_drops_the_silence() -> None:
    rate_hz = 24_000
    rng = np.random.default_rng(4)
    sound = np.zeros(rate_hz, dtype=np.float32)
    sound[7_200:8_400] = 0.003 * rng.standard_normal(1_200)  # "th", 36 dB below the voice
    sound[8_400:16_800] = 0.2 * rng.standard_normal(8_400)
    span = audible_span(sound, rate_hz)
    assert span is not None
    assert 7_200 - 0.015 * rate_hz <= span[0] <= 7_200
    assert 16_800 <= span[1] <= 16_800 + 0.04 * rate_hz


def test_silence_has_no_span() -> None:
    assert audible_span(np.zeros(0, dtype=np.float32), 24_000) is None
    assert audible_span(np.zeros(24_000, dtype=np.float32), 24_000) is None
    assert audible_span(np.full(24_000, 1e-5, dtype=np.float32), 24_000) is None
