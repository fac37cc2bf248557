"""Opus packets: their length, their silence, and damaged ones."""

import numpy as np
import pytest

from rtc_server.rtc.opus import ENCODER_DELAY_SAMPLES, FRAME_SAMPLES, OpusDecoder, OpusEncoder, packet_samples
from tests.rtc.client import sine


@pytest.mark.parametrize(
    ("first_byte", "samples"),
    [(0x00, 480), (0x18, 2880), (0x60, 480), (0x68, 960), (0x80, 120), (0xF8, 960), (0xF9, 1920), (0x78, 960)],
)
def test_the_length_is_read_from_the_first_byte(first_byte: int, samples: int) -> None:
    assert packet_samples(bytes([first_byte, 0])) == samples


@pytest.mark.parametrize("payload", [b"", b"\xfb", b"\xfb\x00", b"\xfb\x3f"])
def test_an_impossible_packet_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="Opus packet"):
        packet_samples(payload)


def test_a_click_comes_out_after_the_stated_delay() -> None:
    encoder, decoder = OpusEncoder(), OpusDecoder()
    pcm = np.zeros(20 * FRAME_SAMPLES, dtype=np.int16)
    onset = 10 * FRAME_SAMPLES
    pcm[onset:] = (sine(0.2, 48_000, 1000) * 32_767).astype(np.int16)
    decoded = [decoder.decode(encoder.encode(frame), FRAME_SAMPLES) for frame in pcm.reshape(-1, FRAME_SAMPLES)]
    heard = np.concatenate([frame for frame in decoded if frame is not None])
    shift = int(np.argmax(np.correlate(heard.astype(float), pcm[onset : onset + 4_800].astype(float), "valid"))) - onset
    # A period of the tone is 48 samples: the nearest one is found.
    assert shift % 48 == pytest.approx(ENCODER_DELAY_SAMPLES % 48, abs=4)
    first = int(np.argmax(np.abs(heard) > 3_000)) - onset
    assert 0 <= first - ENCODER_DELAY_SAMPLES < 96


def test_the_packet_kept_for_silence_is_silent_and_speech_after_it_is_whole() -> None:
    encoder, decoder = OpusEncoder(), OpusDecoder()
    speech = (sine(0.2, 48_000) * 32_767).astype(np.int16).reshape(-1, FRAME_SAMPLES)
    silence = np.zeros(FRAME_SAMPLES, dtype=np.int16)
    for frame in speech:
        decoder.decode(encoder.encode(frame), FRAME_SAMPLES)
    quiet = [encoder.encode(silence) for _ in range(200)]
    assert len(set(quiet[20:])) == 1
    heard = [decoder.decode(payload, FRAME_SAMPLES) for payload in quiet]
    assert max(int(np.abs(frame).max()) for frame in heard[20:] if frame is not None) < 33, "below -60 dBFS"
    again = [decoder.decode(encoder.encode(frame), FRAME_SAMPLES) for frame in speech]
    loudness = np.sqrt(np.mean(np.concatenate([f for f in again[3:] if f is not None]).astype(float) ** 2))
    assert loudness == pytest.approx(16_384 / np.sqrt(2), rel=0.15)


def test_a_damaged_packet_is_no_audio_and_no_exception() -> None:
    decoder = OpusDecoder()
    rng = np.random.default_rng(0)
    for _ in range(200):
        payload = rng.bytes(int(rng.integers(1, 80)))
        pcm = decoder.decode(payload, FRAME_SAMPLES)
        assert pcm is None or pcm.size == FRAME_SAMPLES
