"""The rules around the Whisper decoder."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.speech.decoding import (
    LONGEST_PIECE_SECONDS,
    context_seconds,
    is_silence,
    loop_period,
    pieces,
    token_limit,
    without_loop,
)
from conversation.speech.ports import SAMPLE_RATE_HZ


@pytest.mark.parametrize(("speech", "context"), [(0.3, 10), (9.0, 10), (9.1, 11), (20.5, 22), (29.0, 30), (60.0, 30)])
def test_context_is_ten_seconds_or_a_second_more_than_the_speech(speech: float, context: int) -> None:
    assert context_seconds(speech) == context


def test_the_token_limit_fits_the_decoder() -> None:
    assert token_limit(1.0) == 16
    assert token_limit(29.0) == 224


@pytest.mark.parametrize(
    ("tokens", "period"),
    [
        ([1, 2, 1, 2, 1, 2], 2),  # "Yes. Yes. Yes."
        ([9, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1], 3),  # cut off in its fourth round
        ([4, 1, 5, 8, 8, 8], 1),
        ([1, 2, 3, 4, 1, 2, 3, 4], 4),  # a whole sentence twice
        ([1, 2, 1, 2], None),  # "no, no"
        ([1, 2, 3, 4, 5, 6], None),
        ([1, 1, 1, 2], None),  # repeats, but not at the end
        ([], None),
    ],
)
def test_loops_are_noticed(tokens: list[int], period: int | None) -> None:
    assert loop_period(tokens) == period


def test_a_loop_is_cut_to_one_round() -> None:
    assert without_loop([9, 1, 2, 1, 2, 1, 2, 1]) == [9, 1, 2]
    assert without_loop([4, 5, 8, 8, 8, 8]) == [4, 5, 8]
    assert without_loop([1, 2, 3]) == [1, 2, 3]


@given(
    st.lists(st.integers(0, 50), max_size=10),
    st.lists(st.integers(51, 99), min_size=1, max_size=8, unique=True),
    st.integers(3, 9),
)
def test_any_phrase_repeated_three_times_is_cut_to_itself(start: list[int], phrase: list[int], rounds: int) -> None:
    assert without_loop([*start, *phrase * rounds]) == [*start, *phrase]


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "silence"),
    [
        (0.90, -1.39, True),  # "you" over digital silence, base
        (0.86, -1.12, True),  # "Thank you." over faint noise, base
        (0.49, -3.17, True),  # "You" over a breath, base
        (0.33, -1.02, False),  # spoken digits, base
        (0.66, -1.02, False),  # spoken digits, tiny.en
        (0.95, -0.20, False),  # a sure text outweighs the probability of silence
    ],
)
def test_silence_needs_two_witnesses(no_speech: float, log_probability: float, silence: bool) -> None:
    assert is_silence(no_speech, log_probability) is silence


def test_long_speech_is_cut_where_it_is_quiet() -> None:
    rng = np.random.default_rng(1)
    speech = rng.standard_normal(70 * SAMPLE_RATE_HZ).astype(np.float32)
    for quiet_at in (24, 47):
        speech[quiet_at * SAMPLE_RATE_HZ : int((quiet_at + 0.3) * SAMPLE_RATE_HZ)] = 0
    cut = pieces(speech)
    assert np.array_equal(np.concatenate(cut), speech)
    ends = np.cumsum([len(piece) for piece in cut]) / SAMPLE_RATE_HZ
    assert ends[0] == pytest.approx(24.15, abs=0.06)
    assert ends[1] == pytest.approx(47.15, abs=0.06)


@pytest.mark.parametrize("seconds", [0, 1, 29, 30, 95, 600])
def test_pieces_are_bounded_and_lose_nothing(seconds: int) -> None:
    speech = np.ones(seconds * SAMPLE_RATE_HZ, dtype=np.float32)
    cut = pieces(speech)
    assert sum(map(len, cut)) == len(speech)
    assert max(map(len, cut)) <= LONGEST_PIECE_SECONDS * SAMPLE_RATE_HZ
    assert len(cut) <= seconds // 19 + 1
