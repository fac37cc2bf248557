"""Short recordings as a browser plays them: WebM with a picture that changes, and a tone."""

import io
from fractions import Fraction

import av
import numpy as np

FRAMES_PER_SECOND = 10
SOUND_HZ = 48_000
_PACKET_SAMPLES = 960
_PACKETS_PER_FRAME = SOUND_HZ // FRAMES_PER_SECOND // _PACKET_SAMPLES
_OPTIONS = {"cluster_time_limit": "1000", "flush_packets": "1"}


def webm(
    seconds: float,
    *,
    picture: bool = True,
    sound: bool = True,
    silent_seconds: float = 0.0,
    cut_off: bool = False,
) -> bytes:
    """VP8 of 160x120 and Opus; the picture grows brighter to white. For ``silent_seconds`` there are no packets.

    ``cut_off``: as a crash leaves it, without the length that is written into the head at the end.
    """
    content = io.BytesIO()
    frames = round(seconds * FRAMES_PER_SECOND)
    with av.open(content, "w", format="webm", options=_OPTIONS) as container:
        video = container.add_stream("libvpx", rate=FRAMES_PER_SECOND, width=160, height=120) if picture else None
        audio = container.add_stream("libopus", rate=SOUND_HZ, layout="mono") if sound else None
        for number in range(frames):
            if video is not None:
                container.mux(video.encode(_shade(number / frames)))
            if audio is not None and number >= silent_seconds * FRAMES_PER_SECOND:
                for packet in range(number * _PACKETS_PER_FRAME, (number + 1) * _PACKETS_PER_FRAME):
                    container.mux(audio.encode(_tone(packet * _PACKET_SAMPLES)))
        for stream in (video, audio):
            if stream is not None:
                container.mux(stream.encode(None))
        written = content.getvalue()
    return written if cut_off else content.getvalue()


def _shade(share: float) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((120, 160, 3), round(60 + 195 * share), np.uint8), format="rgb24")


def _tone(start: int) -> av.AudioFrame:
    times = np.arange(start, start + _PACKET_SAMPLES) / SOUND_HZ
    wave = (0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)[np.newaxis]
    frame = av.AudioFrame.from_ndarray(wave, format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = SOUND_HZ, start, Fraction(1, SOUND_HZ)
    return frame
