"""The rules around a Whisper decoder: how much context, how many tokens, and when not to believe the text. Pure.

Whisper was trained on 30 s of audio; the encoder's cost grows with the context, and most answers last 2 s. A shorter
context fails in one way, by looping ("Yes. Yes. Yes."), which shows in the tokens and is cured by the full context.
"""

import math
from collections.abc import Sequence

import numpy as np

from conversation.speech.features import FRAMES_PER_SECOND
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples

FULL_CONTEXT_SECONDS = 30
SHORTEST_CONTEXT_SECONDS = 10
"""With 8 s the word error rate of base on real speech rose from 3.2 to 5.1 %, with 6 s to 11.5 %."""
MARGIN_SECONDS = 1
"""Silence that the decoder wants to see behind the speech."""
LONGEST_PIECE_SECONDS = FULL_CONTEXT_SECONDS - MARGIN_SECONDS
_EARLIEST_CUT_SECONDS = 19
_QUIET_SECONDS = 0.2

_SPARE_TOKENS = 8
_TOKENS_PER_SECOND = 8
_MOST_TOKENS = 224
"""Half of the decoder's 448 positions; the other half is the prompt's."""
_REPEATS_OF_A_LOOP = 3
_LONGEST_LOOP_TOKENS = 24
_SHORTEST_DOUBLED_TOKENS = 4

_NO_SPEECH = 0.7
_UNSURE_LOG_PROBABILITY = -1.0
_NONSENSE_LOG_PROBABILITY = -2.5


def context_seconds(speech_seconds: float) -> int:
    """Context for so much speech: 10 s at least, otherwise one second of margin, rounded up, 30 s at most."""
    wanted = math.ceil(speech_seconds + MARGIN_SECONDS)
    return min(FULL_CONTEXT_SECONDS, max(SHORTEST_CONTEXT_SECONDS, wanted))


def context_frames(seconds: int) -> int:
    """Mel frames in a context."""
    return seconds * FRAMES_PER_SECOND


def token_limit(speech_seconds: float) -> int:
    """Most text tokens to take from so much speech; digits read fast, "4, 1, 5", reach eight a second."""
    return min(_MOST_TOKENS, _SPARE_TOKENS + math.ceil(_TOKENS_PER_SECOND * speech_seconds))


def loop_period(tokens: Sequence[int]) -> int | None:
    """Length of the phrase that the tokens end by repeating; None when they do not loop.

    A loop is three rounds or more at the end, the last one perhaps cut off by the token limit, or a text of at least
    four tokens said exactly twice. People do repeat themselves, so a loop is a reason to look again, not to cut.
    """
    for period in range(1, _LONGEST_LOOP_TOKENS + 1):
        needed = period * _REPEATS_OF_A_LOOP
        if needed > len(tokens):
            break
        run = 0
        while run < len(tokens) - period and tokens[-1 - run] == tokens[-1 - run - period]:
            run += 1
        if run + period >= needed:
            return period
    half = len(tokens) // 2
    doubled = half >= _SHORTEST_DOUBLED_TOKENS and list(tokens[:half]) == list(tokens[half:])
    return half if doubled else None


def without_loop(tokens: Sequence[int]) -> list[int]:
    """The tokens with a loop at their end reduced to one round."""
    period = loop_period(tokens)
    if period is None:
        return list(tokens)
    first = len(tokens) - period
    while first > 0 and tokens[first - 1] == tokens[first - 1 + period]:
        first -= 1
    return list(tokens[: first + period])


def is_silence(no_speech: float, log_probability: float) -> bool:
    """Whether a text must be dropped because nothing was said.

    Whisper writes "you" or "Thank you." over silence and noise. The text proves nothing, since people do say that; the
    probability of silence together with a low score does (openai/whisper's ``transcribe.py`` has 0.6 and -1.0, but a
    spoken "two zero two four" has 0.66 and -1.02 in tiny.en). Below -2.5 the score is enough: silence, noise and
    breath gave -1.1 to -4.8, 148 spoken clips never less than -1.4, and those with at most 0.34.
    """
    if log_probability < _NONSENSE_LOG_PROBABILITY:
        return True
    return no_speech > _NO_SPEECH and log_probability < _UNSURE_LOG_PROBABILITY


def pieces(speech: Samples) -> list[Samples]:
    """Cut speech longer than a context at its quietest points, into pieces of 19 to 29 s and a shorter last one."""
    cut: list[Samples] = []
    rest = speech
    while len(rest) > LONGEST_PIECE_SECONDS * SAMPLE_RATE_HZ:
        at = _quietest(rest, _EARLIEST_CUT_SECONDS * SAMPLE_RATE_HZ, LONGEST_PIECE_SECONDS * SAMPLE_RATE_HZ)
        cut.append(rest[:at])
        rest = rest[at:]
    return [*cut, rest]


def _quietest(speech: Samples, first: int, last: int) -> int:
    """Middle of the quietest 200 ms that lies between two sample positions."""
    width = int(_QUIET_SECONDS * SAMPLE_RATE_HZ)
    energy = np.concatenate([[0.0], np.cumsum(speech[first:last].astype(np.float64) ** 2)])
    windows = energy[width:] - energy[:-width]
    return first + int(np.argmin(windows)) + width // 2
