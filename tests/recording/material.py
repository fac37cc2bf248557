"""Encoded pictures and sounds from real encoders, and what is in a finished file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import av
import numpy as np

from rtc_server.rtc.hub import VideoCodec

FRAMES_PER_SECOND = 25
PACKET_SECONDS = 0.02
WIDTH, HEIGHT = 160, 120

_ENCODERS = {
    VideoCodec.VP8: ("libvpx", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}),
    VideoCodec.H264: ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}),
}


@cache
def pictures(
    seconds: float, codec: VideoCodec = VideoCodec.VP8, *, flash_at: float = -1.0, key_every: int = 25, scale: int = 1
) -> tuple[bytes, ...]:
    """Frames of a dark picture in which a light bar moves; white for 0.2 s at ``flash_at``."""
    width, height = WIDTH * scale, HEIGHT * scale
    name, options = _ENCODERS[codec]
    encoder = av.CodecContext.create(name, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.thread_count = 1
    encoder.time_base, encoder.framerate = Fraction(1, FRAMES_PER_SECOND), Fraction(FRAMES_PER_SECOND)
    encoder.options, encoder.gop_size, encoder.bit_rate = options, key_every, 200_000
    encoded: list[bytes] = []
    for number in range(round(seconds * FRAMES_PER_SECOND)):
        flashing = 0 <= number / FRAMES_PER_SECOND - flash_at < 0.2
        picture = np.full((height, width, 3), 255 if flashing else 20, np.uint8)
        picture[:, number % width] = 90
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        encoded += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(encoded)


@cache
def sounds(seconds: float, *, beep_at: float = 0.0, beep_seconds: float = 1e9) -> tuple[bytes, ...]:
    """Packets of Opus: a beep, and digital silence before and after it."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    time = np.arange(round(seconds * 48_000)) / 48_000
    beep = np.sin(2 * np.pi * 880 * time) * ((time >= beep_at) & (time < beep_at + beep_seconds))
    encoded: list[bytes] = []
    for number, part in enumerate((beep * 12_000).astype(np.int16).reshape(-1, 1, 960)):
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, number * 960
        encoded += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(encoded)


@dataclass
class Played:
    """A file as a player sees it."""

    duration: float | None
    pictures: list[tuple[float, float]] = field(default_factory=list)
    """When, and how bright (0 to 255)."""
    sounds: list[tuple[float, np.ndarray]] = field(default_factory=list)
    """When, and samples of 48 kHz."""

    @property
    def flash_seconds(self) -> float:
        """When the picture turns white."""
        return next(at for at, brightness in self.pictures if brightness > 150)

    def loud(self) -> Iterator[float]:
        """Every 5 ms at which there is sound."""
        for at, samples in self.sounds:
            for start in range(0, samples.size, 240):
                if np.abs(samples[start : start + 240]).max() > 0.05:
                    yield at + start / 48_000


def play(content: bytes, *, cut_off: bool = False) -> Played:
    """Decode everything; of a file that is ``cut_off`` all but the frame that the cut goes through."""
    with av.open(io.BytesIO(content), "r") as file:
        played = Played(None if file.duration is None else file.duration / av.time_base)
        for packet in file.demux():
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                if cut_off:
                    break
                raise
            for frame in frames:
                _add(played, frame)
        return played


def _add(played: Played, frame: object) -> None:
    if isinstance(frame, av.VideoFrame):
        assert frame.time is not None
        played.pictures.append((frame.time, float(frame.to_ndarray(format="gray").mean())))
    elif isinstance(frame, av.AudioFrame):
        assert frame.time is not None
        played.sounds.append((frame.time, frame.to_ndarray().astype(np.float32).reshape(-1)))
