"""48 kHz to 16 kHz: what the speech models hear."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.rtc.decimate import CUTOFF_HZ, Decimator


def tone(hz: float, seconds: float = 0.5) -> np.ndarray:
    return (20_000 * np.sin(2 * np.pi * hz * np.arange(int(48_000 * seconds)) / 48_000)).astype(np.int16)


@pytest.mark.parametrize("hz", [100, 440, 1_000, 4_000, 6_500])
def test_speech_passes_unchanged(hz: float) -> None:
    heard = Decimator().feed(tone(hz))[200:]
    assert np.abs(heard).max() == pytest.approx(20_000 / 32_768, rel=0.03)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(heard.size)))
    assert np.argmax(spectrum) * 16_000 / heard.size == pytest.approx(hz, abs=5)


@pytest.mark.parametrize("hz", [9_000, 12_000, 16_000, 20_000])
def test_what_would_alias_is_gone(hz: float) -> None:
    assert hz > CUTOFF_HZ
    assert np.abs(Decimator().feed(tone(hz))[200:]).max() < 0.005


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=20))
def test_blocks_of_any_size_give_the_same_stream(sizes: list[int]) -> None:
    sound = np.random.default_rng(1).integers(-20_000, 20_000, sum(sizes)).astype(np.int16)
    whole = Decimator().feed(sound)
    decimator, position, parts = Decimator(), 0, []
    for size in sizes:
        parts.append(decimator.feed(sound[position : position + size]))
        position += size
    joined = np.concatenate(parts)
    assert joined.size == whole.size == -(-sound.size // 3)
    np.testing.assert_allclose(joined, whole, atol=1e-5)
