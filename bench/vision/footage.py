"""Video as a page sends it: 640×480 at 15 frames a second in VP8."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from aiortc.codecs.vpx import Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame

from tests.fakes.films import FRAMES_PER_SECOND, filling
from tests.fakes.person import render_person
from vision.ports import RgbImage

CLOCK_RATE = 90_000


@dataclass(frozen=True)
class Footage:
    """Encoded frames, ready for the decoder of the WebRTC stack."""

    name: str
    frames: list[JitterFrame]
    bits_per_second: float


def drawn(seconds: float) -> Iterator[RgbImage]:
    """A drawn person who looks about, blinks and speaks."""
    for index in range(round(seconds * FRAMES_PER_SECOND)):
        at = index / FRAMES_PER_SECOND
        yield render_person(
            yaw=18 * math.sin(at),
            pitch=5 * math.sin(0.7 * at),
            eye_closure=float(at % 3 > 2.8),
            jaw_open=round(0.3 * abs(math.sin(4 * at)), 2),
            size=0.55,
            seed=index,
        )


def recorded(path: Path, seconds: float) -> Iterator[RgbImage]:
    """A clip, cut to the shape of the page's video, from its beginning and then again."""
    wanted = round(seconds * FRAMES_PER_SECOND)
    while wanted > 0:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            step = max(1, round(float(stream.average_rate or FRAMES_PER_SECOND) / FRAMES_PER_SECOND))
            for frame in islice(container.decode(stream), 0, wanted * step, step):
                yield filling(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
                wanted -= 1


def encode(name: str, images: Iterator[RgbImage]) -> Footage:
    """As the page would send it, at the encoder's default bit rate."""
    encoder, frames, size = Vp8Encoder(), [], 0
    for index, image in enumerate(images):
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = index * CLOCK_RATE // FRAMES_PER_SECOND, Fraction(1, CLOCK_RATE)
        payloads, timestamp = encoder.encode(frame)
        data = b"".join(vp8_depayload(payload) for payload in payloads)
        frames.append(JitterFrame(data=data, timestamp=timestamp))
        size += len(data)
    return Footage(name, frames, 8 * size * FRAMES_PER_SECOND / max(1, len(frames)))
