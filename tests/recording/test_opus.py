"""What is read and written of Opus packets, against a real decoder."""

import av
import numpy as np
import pytest

from rtc_server.recording.opus import samples_of, silence


def decoded_samples(packet: bytes) -> tuple[int, float]:
    """How many samples a decoder makes of it, and the loudest."""
    decoder = av.CodecContext.create("opus", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    frames = decoder.decode(av.Packet(packet))
    return sum(frame.samples for frame in frames), max(float(np.abs(frame.to_ndarray()).max()) for frame in frames)


@pytest.mark.parametrize("milliseconds", ["2.5", "5", "10", "20", "40", "60"])
@pytest.mark.parametrize("application", ["voip", "lowdelay"])
def test_the_length_of_a_packet(milliseconds: str, application: str) -> None:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    encoder.options = {"frame_duration": milliseconds, "application": application}
    encoder.open()
    samples = round(float(milliseconds) * 48)
    frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate, frame.pts = 48_000, 0
    (packet,) = encoder.encode(frame)
    assert samples_of(bytes(packet)) == samples


@pytest.mark.parametrize(("packet", "samples"), [(b"", 0), (b"\xfb", 0), (b"\xf9\0", 1920), (b"\xfb\x03", 2880)])
def test_what_is_hardly_a_packet(packet: bytes, samples: int) -> None:
    assert samples_of(packet) == samples


def test_silence_fills_a_gap_and_is_silent() -> None:
    filled = list(silence(1_000, 1_000 + 2 * 5_760 + 960 + 959))
    assert [position for position, _ in filled] == [1_000, 6_760, 12_520]
    for _, packet in filled:
        assert decoded_samples(packet) == (samples_of(packet), 0.0)
    assert list(silence(0, 959)) == []
    assert list(silence(10, 5)) == []
