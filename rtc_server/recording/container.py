"""Container files out of encoded frames and packets: nothing is decoded or encoded.

WebM for VP8 and for sound alone; its length and index are written at the end, into the head. Fragmented MP4 for H.264
(ISO/IEC 14496-12 §8.8). A file of either kind that is cut off can be played up to there.
"""

from fractions import Fraction
from typing import Any

import av
from av.stream import Stream

from rtc_server.recording.opus import samples_of, silence
from rtc_server.rtc.hub import VideoCodec
from rtc_server.rtc.opus import CLOCK_HZ as SOUND_HZ
from rtc_server.storage.ports import RecordingFile

PICTURE_HZ = 90_000
"""RTP clock of VP8 (RFC 7741 §4.1) and H.264 (RFC 6184 §5.1)."""

FRAGMENT_SECONDS = 2
"""What a crash costs of a file at most, beside what is not written yet."""

SOUND_LATE_SECONDS = 1
"""Sound that is missing beside pictures for so long is taken for silence, so that no picture waits for it."""

_WEBM = {"cluster_time_limit": str(FRAGMENT_SECONDS * 1000)}
_MP4 = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": str(FRAGMENT_SECONDS * 1_000_000),
}
_ANY = {"flush_packets": "1", "max_interleave_delta": str(FRAGMENT_SECONDS * 1_000_000)}


def content_type(codec: VideoCodec | None) -> str:
    """What a file with pictures of this codec, or without pictures, is served as."""
    if codec is None:
        return "audio/webm"
    return "video/mp4" if codec is VideoCodec.H264 else "video/webm"


def picture_size(key_frame: bytes, codec: VideoCodec) -> tuple[int, int] | None:
    """Width and height in pixels, by decoding this one frame; None when it cannot be decoded."""
    decoder: Any = av.CodecContext.create(_decoder_name(codec), "r")
    decoder.thread_count = 1
    try:
        pictures = [*decoder.decode(av.Packet(key_frame)), *decoder.decode(None)]
    except av.FFmpegError:
        return None
    return (pictures[0].width, pictures[0].height) if pictures else None


class Container:
    """One file as it grows. Every method blocks, and raises what the file raises, or ``av.FFmpegError``.

    Positions are ticks of the stream's clock and count from the file's zero. What does not go forward is left out.
    """

    def __init__(
        self, file: RecordingFile, codec: VideoCodec | None, size: tuple[int, int] = (0, 0), *, sound: bool
    ) -> None:
        in_mp4 = codec is VideoCodec.H264
        # PyAV passes write, seek and tell on, so its type, which also asks for reading, is wider than its need.
        opened: Any = file
        self._output = av.open(
            opened, "w", format="mp4" if in_mp4 else "webm", options=(_MP4 if in_mp4 else _WEBM) | _ANY
        )
        self._pictures: Stream | None = None
        self._sound: Stream | None = None
        if codec is not None:
            width, height = size
            self._pictures = self._output.add_mux_stream(
                _decoder_name(codec), width=width, height=height, time_base=Fraction(1, PICTURE_HZ)
            )
        if sound:
            # An encoder's context, which writes the head that players need (RFC 7845 §5.1) and encodes nothing.
            self._sound = self._output.add_stream("libopus", rate=SOUND_HZ, layout="mono")
        self._picture_ms = -1
        self._sound_end = 0

    def add_picture(self, frame: bytes, position: int, *, is_key: bool) -> None:
        """The next frame; the first one, which must be a key frame, stands from the file's zero on."""
        if self._pictures is None:
            raise ValueError("this file has no pictures")
        position_ms = max(0, position) * 1000 // PICTURE_HZ
        if self._picture_ms < 0:
            position = position_ms = 0
        if position_ms <= self._picture_ms:  # the clock of WebM is that coarse
            return
        self._picture_ms = position_ms
        self._mux(self._pictures, frame, position, PICTURE_HZ, is_key=is_key)
        if self._sound is not None:
            self._be_silent_until((position_ms - SOUND_LATE_SECONDS * 1000) * SOUND_HZ // 1000)

    def add_sound(self, packet: bytes, position: int) -> None:
        """The next packet of Opus. What lies between it and the one before is filled with silence."""
        if self._sound is None:
            raise ValueError("this file has no sound")
        samples = samples_of(packet)
        if not samples or position < self._sound_end:
            return
        self._be_silent_until(position)
        self._mux(self._sound, packet, position, SOUND_HZ)
        self._sound_end = position + samples

    def close(self) -> None:
        """Write what is held back, and the end. The file is left open. May be called again."""
        self._output.close()

    def _be_silent_until(self, end: int) -> None:
        if self._sound is None:
            return
        for position, packet in silence(self._sound_end, end):
            self._mux(self._sound, packet, position, SOUND_HZ)
            self._sound_end = position + samples_of(packet)

    def _mux(self, stream: Stream, payload: bytes, position: int, clock_hz: int, *, is_key: bool = True) -> None:
        packet: av.Packet[Any] = av.Packet(payload)
        packet.stream = stream
        packet.time_base = Fraction(1, clock_hz)
        packet.pts = packet.dts = position
        packet.is_keyframe = is_key
        if stream is self._sound:
            packet.duration = samples_of(payload)
        self._output.mux_one(packet)


def _decoder_name(codec: VideoCodec) -> str:
    return "h264" if codec is VideoCodec.H264 else "vp8"
