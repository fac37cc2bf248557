"""What a file has to know of Opus packets: how long one lasts, and how silence is written (RFC 6716 §3)."""

from collections.abc import Iterator

CLOCK_HZ = 48_000

_FRAME_SAMPLES = (
    *(480, 960, 1920, 2880) * 3,  # SILK: 10, 20, 40, 60 ms
    *(480, 960) * 2,  # hybrid: 10, 20 ms
    *(120, 240, 480, 960) * 4,  # CELT: 2.5, 5, 10, 20 ms
)
"""Samples of one frame at 48 kHz by configuration, the first five bits of a packet (RFC 6716 table 2)."""

_SILENT_FRAME = b"\xff\xfe"
_SHORT_SILENCE = b"\xf8" + _SILENT_FRAME
"""20 ms of digital silence: CELT, full band, mono."""
_LONG_SILENCE = b"\xfb\x06" + 6 * _SILENT_FRAME
"""120 ms, the longest that a packet may last: six such frames of equal size."""
_SILENCES = ((5760, _LONG_SILENCE), (960, _SHORT_SILENCE))


def samples_of(packet: bytes) -> int:
    """How long a packet lasts, at 48 kHz; 0 for what is no packet."""
    if not packet:
        return 0
    frame_samples = _FRAME_SAMPLES[packet[0] >> 3]
    count_code = packet[0] & 3
    if count_code < 3:
        return frame_samples * (2 if count_code else 1)
    return frame_samples * (packet[1] & 0x3F) if len(packet) > 1 else 0


def silence(start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Positions and packets that fill a gap, in samples at 48 kHz; less than 20 ms of it are left."""
    for samples, packet in _SILENCES:
        while start + samples <= end:
            yield start, packet
            start += samples
