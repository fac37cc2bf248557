"""What a file has to know of Opus packets: how long one lasts, and how silence is written (RFC 6716 §3)."""

from collections.abc import Iterator

from rtc_server.rtc.opus import packet_samples

_SILENT_FRAME = b"\xff\xfe"
_SHORT_SILENCE = b"\xf8" + _SILENT_FRAME
"""20 ms of digital silence: CELT, full band, mono."""
_LONG_SILENCE = b"\xfb\x06" + 6 * _SILENT_FRAME
"""120 ms, the longest that a packet may last: six such frames of equal size."""
_SILENCES = ((5760, _LONG_SILENCE), (960, _SHORT_SILENCE))


def samples_of(packet: bytes) -> int:
    """How long a packet lasts, at 48 kHz; 0 for what is no packet."""
    try:
        return packet_samples(packet)
    except ValueError:
        return 0


def silence(start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Positions and packets that fill a gap, in samples at 48 kHz; less than 20 ms of it are left."""
    for samples, packet in _SILENCES:
        while start + samples <= end:
            yield start, packet
            start += samples
