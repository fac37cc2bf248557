"""From packets to 16 kHz samples: whole, concealed, damaged."""

import asyncio

import numpy as np
import pytest

from conversation.speech.ports import Samples
from rtc_server.rtc.audio_in import CONCEAL_SAMPLES, AudioReceiver, Concealer
from rtc_server.rtc.opus import FRAME_SAMPLES, OpusEncoder, Pcm
from tests.rtc.client import frequency_of, sine


def tone_packets(seconds: float) -> list[bytes]:
    pcm = (sine(seconds, 48_000) * 32_767).astype(np.int16).reshape(-1, FRAME_SAMPLES)
    encoder = OpusEncoder()
    return [encoder.encode(frame) for frame in pcm]


class Ear:
    """Collects and checks contiguity as it goes."""

    def __init__(self) -> None:
        self.samples: Samples = np.empty(0, dtype=np.float32)

    def __call__(self, samples: Samples, first: int) -> None:
        assert first == self.samples.size
        assert samples.dtype == np.float32
        self.samples = np.concatenate([self.samples, samples])


async def feed(receiver: AudioReceiver, packets: list[bytes], missing: frozenset[int] = frozenset()) -> None:
    for number, payload in enumerate(packets):
        if number not in missing:
            receiver.receive(1, number & 0xFFFF, number * FRAME_SAMPLES, payload)
    await asyncio.sleep(0.15)


async def test_a_tone_arrives_whole() -> None:
    ear = Ear()
    receiver = AudioReceiver(ear)
    await feed(receiver, tone_packets(1.0))
    receiver.close()
    assert ear.samples.size == pytest.approx(16_000, abs=32)
    assert frequency_of(ear.samples[2_000:14_000], 16_000) == pytest.approx(440, abs=2)
    assert np.abs(ear.samples[2_000:]).max() == pytest.approx(0.5, abs=0.1)


async def test_lost_packets_leave_no_hole_in_the_index() -> None:
    ear = Ear()
    receiver = AudioReceiver(ear)
    await feed(receiver, tone_packets(1.0), missing=frozenset({10, 11, 25}))
    receiver.close()
    assert receiver.statistics.lost == 3
    assert ear.samples.size == pytest.approx(16_000, abs=32)
    concealed = ear.samples[10 * 320 + 100 : 11 * 320]
    assert 0.1 < np.abs(concealed).max() < 0.6, "the last frame goes on, softer"


async def test_damaged_packets_are_counted_and_the_stream_goes_on() -> None:
    ear = Ear()
    receiver = AudioReceiver(ear)
    packets = tone_packets(0.4)
    packets[5] = b""
    packets[8] = b"\xfb\x00"
    await feed(receiver, packets)
    receiver.close()
    assert receiver.damaged_packets == 2
    assert ear.samples.size == pytest.approx(6_400, abs=32)


async def test_nothing_is_told_after_close() -> None:
    ear = Ear()
    receiver = AudioReceiver(ear)
    receiver.close()
    await feed(receiver, tone_packets(0.1))
    assert ear.samples.size == 0


def test_concealment_fades_to_silence() -> None:
    concealer = Concealer()
    frame: Pcm = np.full(FRAME_SAMPLES, 10_000, dtype=np.int16)
    concealer.heard(frame)
    made_up = np.concatenate([concealer.conceal(FRAME_SAMPLES) for _ in range(5)])
    assert made_up[0] == 10_000
    assert np.all(np.diff(made_up.astype(int)) <= 0)
    assert not made_up[CONCEAL_SAMPLES:].any()


def test_after_a_pause_of_the_sender_there_is_nothing_to_repeat() -> None:
    concealer = Concealer()
    concealer.heard(np.full(FRAME_SAMPLES, 10_000, dtype=np.int16))
    assert not concealer.silence(FRAME_SAMPLES).any()
    assert not concealer.conceal(FRAME_SAMPLES).any()
