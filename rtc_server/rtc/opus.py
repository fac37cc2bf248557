"""Opus in and out, through the libopus that PyAV carries. Everything here is 48 kHz mono, 20 ms a frame by default."""

from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt

CLOCK_HZ = 48_000
"""RTP clock of Opus, whatever the audio bandwidth (RFC 7587 §4.1)."""

FRAME_SAMPLES = 960
"""20 ms at 48 kHz."""

ENCODER_DELAY_SAMPLES = 312
"""How much later a sample leaves the decoder than its packet's timestamp says: libopus looks 6.5 ms ahead."""

_TIME_BASE = Fraction(1, CLOCK_HZ)
_MAX_PACKET_SAMPLES = 5_760
_SILENT_FRAMES_BEFORE_CACHE = 15
_ENCODER_OPTIONS = {
    "application": "voip",
    "frame_duration": "20",
    "compression_level": "5",
    # In-band FEC lets a browser repair single losses; the encoder spends bits on it only when loss is announced.
    "fec": "1",
    "packet_loss": "10",
}

Pcm = npt.NDArray[np.int16]


def packet_samples(payload: bytes) -> int:
    """Samples at 48 kHz that an Opus packet holds, read from its table-of-contents byte (RFC 6716 §3.1).

    Raises ValueError for a packet that no decoder may accept (empty, or longer than 120 ms).
    """
    if not payload:
        raise ValueError("an Opus packet has at least one byte")
    configuration = payload[0] >> 3
    if configuration < 12:
        frame = (480, 960, 1920, 2880)[configuration & 3]
    elif configuration < 16:
        frame = (480, 960)[configuration & 1]
    else:
        frame = (120, 240, 480, 960)[configuration & 3]
    code = payload[0] & 3
    if code == 3 and len(payload) < 2:
        raise ValueError("an Opus packet of code 3 has a frame count")
    count = (1, 2, 2)[code] if code < 3 else payload[1] & 0x3F
    samples = frame * count
    if not 0 < samples <= _MAX_PACKET_SAMPLES:
        raise ValueError("an Opus packet lasts at most 120 ms")
    return samples


class OpusDecoder:
    """Decodes packets to mono; one per stream, because Opus carries state from packet to packet."""

    def __init__(self) -> None:
        self._context = av.CodecContext.create("libopus", "r")
        self._context.thread_count = 1  # FFmpeg would keep idle threads for each call
        self._context.sample_rate = CLOCK_HZ
        self._context.layout = "mono"

    def decode(self, payload: bytes, samples: int) -> Pcm | None:
        """int16 [samples] at 48 kHz, or None when the packet is damaged."""
        try:
            frames = self._context.decode(av.Packet(payload))
        except av.FFmpegError:
            return None
        if not frames:
            return None
        pcm = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
        return _fit(pcm, samples)


class OpusEncoder:
    """Encodes 20 ms frames of speech at 32 kbit/s, and costs next to nothing while there is only digital silence."""

    def __init__(self, *, bit_rate: int = 32_000) -> None:
        self._context = av.CodecContext.create("libopus", "w")
        self._context.thread_count = 1
        self._context.sample_rate = CLOCK_HZ
        self._context.layout = "mono"
        self._context.format = "s16"
        self._context.bit_rate = bit_rate
        self._context.time_base = _TIME_BASE
        self._context.options = dict(_ENCODER_OPTIONS)
        self._encoded_samples = 0
        self._silent_frames = 0
        self._last_payload = b""

    def encode(self, pcm: Pcm) -> bytes:
        """One packet for int16 [960]."""
        if pcm.any():
            self._silent_frames = 0
        else:
            self._silent_frames += 1
            # By now the encoder has settled on one packet for silence, so that packet can be sent again as it is.
            if self._silent_frames > _SILENT_FRAMES_BEFORE_CACHE:
                return self._last_payload
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = CLOCK_HZ
        frame.time_base = _TIME_BASE
        frame.pts = self._encoded_samples
        self._encoded_samples += FRAME_SAMPLES
        (packet,) = self._context.encode(frame)
        self._last_payload = bytes(packet)
        return self._last_payload


def rtp_packet(payload: bytes, pts: int) -> "av.Packet[Any]":
    """An encoded frame in the form that aiortc sends without encoding it again."""
    packet = av.Packet(payload)
    packet.pts = pts
    packet.time_base = _TIME_BASE
    return packet


def _fit(pcm: Pcm, samples: int) -> Pcm:
    if pcm.size == samples:
        return pcm
    fitted = np.zeros(samples, dtype=np.int16)
    fitted[: min(samples, pcm.size)] = pcm[:samples]
    return fitted
