"""Where sound begins and ends, to the window, and percentiles."""

import numpy as np
import pytest

from conversation.speech.ports import Samples
from rtc_server.caller.measurement import SoundGate, audible_span, spread

RATE_HZ = 16_000


def tone(seconds: float, amplitude: float = 0.5) -> Samples:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * 400 * time)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def feed(gate: SoundGate, samples: Samples, block: int) -> None:
    for start in range(0, samples.size, block):
        gate.feed(samples[start : start + block], start / RATE_HZ)


@pytest.mark.parametrize("block", [97, 160, 320, 5_000])
def test_stretches_are_found_whatever_the_packets(block: int) -> None:
    gate = SoundGate(RATE_HZ)
    feed(gate, np.concatenate([silence(0.5), tone(0.3), silence(0.1), tone(0.2), silence(0.4), tone(0.1)]), block)
    found = [(round(s.began_at, 3), round(s.ended_at, 3)) for s in gate.stretches]
    # A gap of 100 ms belongs to the speech, one of 400 ms ends it.
    assert found[0] == (0.5, 1.1)
    assert found[1][0] == 1.5
    assert gate.onset_after(0.5) == pytest.approx(1.5)
    assert gate.onset_after(1.5) is None
    assert gate.end_of_sound_at(0.9) == pytest.approx(1.1)
    assert gate.end_of_sound_at(1.3) is None


def test_what_is_below_minus_40_dbfs_is_silence() -> None:
    gate = SoundGate(RATE_HZ)
    feed(gate, tone(0.5, amplitude=0.013), 320)
    assert gate.stretches == []
    feed(gate, tone(0.5, amplitude=0.016), 320)
    assert len(gate.stretches) == 1


def test_silence_since() -> None:
    gate = SoundGate(RATE_HZ)
    assert gate.silent_for(7.0) == float("inf")
    feed(gate, tone(0.5), 320)
    assert gate.silent_for(1.5) == pytest.approx(1.0)


def test_a_clip_is_cut_to_what_is_audible() -> None:
    assert audible_span(np.concatenate([silence(0.2), tone(0.3), silence(0.2)]), RATE_HZ) == (3_200, 8_000)
    assert audible_span(silence(1.0), RATE_HZ) is None
    assert audible_span(tone(0.105), RATE_HZ) == (0, 1_680)


def test_percentiles_interpolate() -> None:
    found = spread([float(n) for n in range(101)])
    assert found is not None
    assert (found.count, found.p50, found.p90, found.p95, found.maximum) == (101, 50.0, 90.0, 95.0, 100.0)
    assert spread([]) is None
