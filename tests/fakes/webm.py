"""Short recordings as a browser plays them: WebM with a picture that changes, and a tone."""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

FRAMES_PER_SECOND = 10
SOUND_HZ = 48_000
_PACKET_SAMPLES = 960


def webm(seconds: float, *, picture: bool = True, sound: bool = True, silent_seconds: float = 0.0) -> bytes:
    """VP8 of 160x120 and Opus; the picture grows brighter to white. For ``silent_seconds`` there are no packets."""
    content = io.BytesIO()
    with av.open(content, "w", format="webm") as container:
        video = container.add_stream("libvpx", rate=FRAMES_PER_SECOND, width=160, height=120) if picture else None
        audio = container.add_stream("libopus", rate=SOUND_HZ, layout="mono") if sound else None
        if video is not None:
            for frame in (*_shades(round(seconds * FRAMES_PER_SECOND)), None):
                container.mux(video.encode(frame))
        if audio is not None:
            for tone in (*_tone(round(silent_seconds * SOUND_HZ), round(seconds * SOUND_HZ)), None):
                container.mux(audio.encode(tone))
    return content.getvalue()


def _shades(count: int) -> Iterator[av.VideoFrame]:
    for number in range(count):
        yield av.VideoFrame.from_ndarray(
            np.full((120, 160, 3), round(60 + 195 * number / count), np.uint8), format="rgb24"
        )


def _tone(first: int, end: int) -> Iterator[av.AudioFrame]:
    for start in range(first, end, _PACKET_SAMPLES):
        times = np.arange(start, start + _PACKET_SAMPLES) / SOUND_HZ
        wave = (0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)[np.newaxis]
        frame = av.AudioFrame.from_ndarray(wave, format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_HZ, start, Fraction(1, SOUND_HZ)
        yield frame
