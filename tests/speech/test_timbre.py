"""A voice made of another one: lower or higher, larger or smaller, as long and as loud."""

import numpy as np
import pytest

from conversation.speech.ports import Samples
from conversation.speech.timbre import Timbre, recoloured
from tests.speech.test_time_stretch import RATE_HZ, pitch_of

FRAME_SAMPLES = 300
PITCH_HZ = 190.0
FORMANT_HZ = 1_500.0


def vowel(seconds: float = 1.0) -> Samples:
    """Harmonics of ``PITCH_HZ`` under one formant."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    harmonics = PITCH_HZ * np.arange(1, 40)
    strength = np.exp(-(((harmonics - FORMANT_HZ) / 300.0) ** 2)) + 0.3 * np.exp(-harmonics / 300.0)
    sound = sum(s * np.cos(2 * np.pi * h * time) for h, s in zip(harmonics, strength, strict=True))
    return np.asarray(0.4 * sound / np.abs(sound).max(), np.float32)


def pitches(samples: Samples, hz: float = PITCH_HZ) -> np.ndarray:
    return np.full(len(samples) // FRAME_SAMPLES, hz, np.float32)


def formant_of(samples: Samples) -> float:
    """Centre of the energy between 700 and 2,500 Hz."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    band = (frequencies > 700) & (frequencies < 2_500)
    return float((frequencies[band] * power[band]).sum() / power[band].sum())


@pytest.mark.parametrize(("pitch", "formants"), [(0.64, 0.87), (0.72, 0.89), (0.9, 0.97), (1.06, 1.04)])
def test_pitch_and_formants_move_each_by_its_factor(pitch: float, formants: float) -> None:
    before = vowel()
    after = recoloured(before, RATE_HZ, pitches(before), Timbre(pitch, formants))
    assert len(after) == len(before)
    assert pitch_of(after) == pytest.approx(pitch * PITCH_HZ, rel=0.03)
    assert formant_of(after) / formant_of(before) == pytest.approx(formants, rel=0.04)
    assert np.sqrt(np.mean(after**2)) == pytest.approx(np.sqrt(np.mean(before**2)), rel=0.05)


def test_noise_stays_noise_where_it_was() -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.1, RATE_HZ).astype(np.float32)
    noise[: RATE_HZ // 2] = 0.0
    after = recoloured(noise, RATE_HZ, pitches(noise, 0.0), Timbre(0.64, 0.87))
    assert np.abs(after[: RATE_HZ // 2 - 500]).max() == 0.0
    assert np.std(after[RATE_HZ // 2 :]) == pytest.approx(0.1, rel=0.25)


def test_nothing_and_silence_are_possible() -> None:
    nothing, silence = np.zeros(0, np.float32), np.zeros(RATE_HZ, np.float32)
    assert recoloured(nothing, RATE_HZ, pitches(nothing), Timbre(0.7, 0.9)).size == 0
    assert not recoloured(silence, RATE_HZ, pitches(silence, 0.0), Timbre(0.7, 0.9)).any()
