"""Tracks that send on what others encoded: aiortc packs it into RTP again and never decodes or encodes it."""

import asyncio
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from rtc_server.rtc.hub import AudioPacket, EncodedFrame, VideoCodec
from rtc_server.rtc.opus import CLOCK_HZ
from rtc_server.rtc.timeline import Timeline

VIDEO_CLOCK_HZ = 90_000
"""RTP clock of VP8 (RFC 7741 §4.1) and H.264 (RFC 6184 §5.1)."""

MAX_QUEUED_FRAMES = 30
MAX_QUEUED_PACKETS = 50
"""Two seconds of video and one of sound, while the event loop has other things to do; more is dropped."""


class _ForwardedTrack(MediaStreamTrack):
    """A short queue of encoded payloads, each with its place on the track's clock."""

    def __init__(self, clock_hz: int) -> None:
        super().__init__()
        self._timeline = Timeline(clock_hz)
        self._time_base = Fraction(1, clock_hz)
        self._queue: deque[tuple[bytes, int]] = deque()
        self._filled = asyncio.Event()
        self.sent = 0
        """Payloads given to the sender."""

    async def recv(self) -> "av.Packet[Any]":
        """The next payload, when there is one (called by aiortc's sender)."""
        while not self._queue and self.readyState == "live":
            self._filled.clear()
            await self._filled.wait()
        if self.readyState != "live":
            raise MediaStreamError
        payload, position = self._queue.popleft()
        packet = av.Packet(payload)
        packet.pts = position
        packet.time_base = self._time_base
        self.sent += 1
        return packet

    def stop(self) -> None:
        """End the track; whoever waits for a packet is told."""
        super().stop()
        self._filled.set()

    def _put(self, payload: bytes, timestamp: int) -> None:
        self._queue.append((payload, self._timeline.place(timestamp, now=asyncio.get_running_loop().time())))
        self._filled.set()


class ForwardedAudio(_ForwardedTrack):
    """Opus packets of one speaker."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__(CLOCK_HZ)

    def put(self, packet: AudioPacket) -> None:
        """Send the packet; the oldest makes room for it."""
        if len(self._queue) >= MAX_QUEUED_PACKETS:
            self._queue.popleft()
        self._put(packet.payload, packet.rtp_timestamp)


class ForwardedVideo(_ForwardedTrack):
    """Frames of a camera, from a key frame on.

    ``needs_key_frame`` is called, often, while frames come that cannot be shown without one.
    """

    kind = "video"

    def __init__(self, needs_key_frame: Callable[[], None]) -> None:
        super().__init__(VIDEO_CLOCK_HZ)
        self._ask_key_frame = needs_key_frame
        self._needs_key = True
        self.codec: VideoCodec | None = None
        """What was agreed with the receiver; frames of another codec are dropped."""
        self.dropped = 0

    def put(self, frame: EncodedFrame) -> None:
        """Send the frame, if it can be shown and there is room."""
        if frame.codec is not self.codec:
            self.dropped += 1
            return
        if len(self._queue) >= MAX_QUEUED_FRAMES:
            self._drop_queue()
        if self._needs_key and not frame.is_key:
            self.dropped += 1
            self._ask_key_frame()
            return
        self._needs_key = False
        self._put(frame.data, frame.rtp_timestamp)

    def interrupted(self) -> None:
        """What follows cannot be shown before a key frame."""
        self._needs_key = True

    def _drop_queue(self) -> None:
        self.dropped += len(self._queue)
        self._queue.clear()
        self._needs_key = True
