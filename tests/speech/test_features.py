"""The log-mel spectrogram against its definition."""

import time

import numpy as np
import pytest

from conversation.speech.features import FRAMES_PER_SECOND, MEL_BANDS, LogMel, mel_filters
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples


def tone(frequency_hz: float, seconds: float = 1.0, amplitude: float = 0.5) -> Samples:
    at = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (amplitude * np.sin(2 * np.pi * frequency_hz * at)).astype(np.float32)


def slaney_mel(frequency_hz: float) -> float:
    return 3 * frequency_hz / 200 if frequency_hz < 1000 else 15 + 27 * float(np.log(frequency_hz / 1000) / np.log(6.4))


@pytest.mark.parametrize("frequency_hz", [300.0, 440.0, 1000.0, 2500.0, 4000.0, 7000.0])
def test_a_tone_lands_in_its_mel_band(frequency_hz: float) -> None:
    step = slaney_mel(SAMPLE_RATE_HZ / 2) / (MEL_BANDS + 1)
    expected = slaney_mel(frequency_hz) / step - 1
    middle = LogMel()(tone(frequency_hz), FRAMES_PER_SECOND)[:, 50]
    assert abs(int(middle.argmax()) - expected) <= 1


def test_filters_have_equal_area_in_hz() -> None:
    # Slaney's normalisation: every triangle has height 2/width. Low ones are narrower than a bin, so look at wide ones.
    areas = mel_filters()[40:].sum(axis=1) * (SAMPLE_RATE_HZ / 400)
    assert areas == pytest.approx(np.ones(40), rel=0.15)


def test_a_known_power_gives_the_known_value() -> None:
    # A tone on bin 100 (4 kHz) has the amplitude A * sum(window) / 2; the Hann window gives half of it to each side.
    power = (0.5 * 200 / 2) ** 2 * np.array([1 / 2, 1.0, 1 / 2]) ** 2
    expected = np.log10((mel_filters()[:, 99:102] * power).sum(axis=1).max())
    assert LogMel()(tone(4000.0), FRAMES_PER_SECOND)[:, 50].max() == pytest.approx((expected + 4) / 4, abs=1e-3)


def test_shape_padding_and_cutting() -> None:
    log_mel = LogMel()
    assert log_mel(tone(440.0, 0.5), 300).shape == (80, 300)
    assert log_mel(tone(440.0, 5.0), 300).shape == (80, 300)
    assert log_mel(np.zeros(0, dtype=np.float32), 100).shape == (80, 100)


def test_ten_times_louder_is_one_half_higher_and_the_floor_is_two_below_the_peak() -> None:
    log_mel = LogMel()
    rng = np.random.default_rng(3)
    noise = (0.02 * rng.standard_normal(SAMPLE_RATE_HZ)).astype(np.float32)
    quiet, loud = log_mel(noise, 100), log_mel(10 * noise, 100)
    assert loud - quiet == pytest.approx(np.full((80, 100), 0.5), abs=1e-4)
    assert log_mel(tone(440.0), 200).min() == pytest.approx(log_mel(tone(440.0), 200).max() - 2.0)


def test_ten_seconds_take_milliseconds() -> None:
    log_mel = LogMel()
    speech = tone(440.0, 10.0)
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        log_mel(speech, 1000)
        best = min(best, time.perf_counter() - started)
    assert best < 0.05  # 5 to 7 ms on a quiet core
