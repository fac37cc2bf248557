"""Slower and faster speech at the same pitch."""

import numpy as np
import pytest

from conversation.speech.ports import Samples
from conversation.speech.time_stretch import stretched

RATE_HZ = 24_000


def voice(pitch_hz: float, seconds: float = 1.0) -> Samples:
    """A buzz with twenty harmonics, at half amplitude."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    buzz = sum(np.sin(2 * np.pi * pitch_hz * h * time) / h for h in range(1, 21))
    return np.asarray(0.5 * buzz / np.abs(buzz).max(), np.float32)


def pitch_of(samples: Samples) -> float:
    """By autocorrelation, of the middle half."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    likeness = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    shortest = RATE_HZ // 400
    likeness = likeness[shortest : RATE_HZ // 60]
    # Two periods are as like as one: the first peak that is nearly the highest counts.
    first = int(np.flatnonzero(likeness > 0.9 * likeness.max())[0])
    return RATE_HZ / (shortest + first + int(np.argmax(likeness[first : first + RATE_HZ // 800])))


@pytest.mark.parametrize("rate", [0.7, 0.85, 1.15, 1.3, 2.0])
@pytest.mark.parametrize("pitch_hz", [90.0, 190.0])
def test_the_time_changes_and_the_pitch_does_not(pitch_hz: float, rate: float) -> None:
    before = voice(pitch_hz)
    after = stretched(before, RATE_HZ, rate)
    assert len(after) / RATE_HZ == pytest.approx(1.0 / rate, abs=0.035)
    assert pitch_of(after) == pytest.approx(pitch_of(before), rel=0.02)
    assert np.sqrt(np.mean(after**2)) == pytest.approx(np.sqrt(np.mean(before**2)), rel=0.1)
    assert float(np.abs(after).max()) < 0.6, "nothing adds up"


def test_the_order_of_sounds_stays() -> None:
    """Low, silence, high: each third is where it should be."""
    parts = [voice(100.0, 0.5), np.zeros(RATE_HZ // 2, np.float32), voice(250.0, 0.5)]
    after = stretched(np.concatenate(parts), RATE_HZ, 0.75)
    low, quiet, high = np.array_split(after, 3)
    assert pitch_of(low) == pytest.approx(100.0, rel=0.02)
    assert pitch_of(high) == pytest.approx(250.0, rel=0.02)
    assert np.abs(quiet[2_000:-2_000]).max() < 0.01


def test_the_usual_rate_and_what_is_too_short_stay_as_they_are() -> None:
    before = voice(100.0)
    assert stretched(before, RATE_HZ, 1.0) is before
    click = np.ones(100, np.float32)
    assert stretched(click, RATE_HZ, 0.7) is click
    assert stretched(np.zeros(0, np.float32), RATE_HZ, 0.7).size == 0


def test_a_rate_must_be_one() -> None:
    with pytest.raises(ValueError, match="rate must be above 0"):
        stretched(voice(100.0), RATE_HZ, 0.0)
