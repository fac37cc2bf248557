"""What a call's media is handed on through: the current peer feeds it, onlookers subscribe to it.

Everything is passed on as it came from the network or goes out to it: encoded, never copied, never decoded. All of it
belongs to the event loop.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rtc_server.observe.failures import log_failure

KEY_FRAME_SECONDS = 0.5
"""A person's browser is asked for a key frame no more often: each costs as much as a second of ordinary frames."""

_H264_IDR = 5
_H264_START_CODE = b"\x00\x00\x01"

logger = logging.getLogger(__name__)


class VideoCodec(StrEnum):
    """The video codecs that aiortc negotiates, by their names in SDP."""

    VP8 = "VP8"
    H264 = "H264"


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """One whole frame of the person's camera, as their browser encoded it."""

    data: bytes
    """VP8: a frame of RFC 6386. H.264: NAL units with start codes (ITU-T H.264 Annex B)."""
    rtp_timestamp: int
    """32 bits, at 90 kHz."""
    codec: VideoCodec

    @property
    def is_key(self) -> bool:
        """Whether it can be decoded without the frames before it."""
        if self.codec is VideoCodec.VP8:
            return bool(self.data) and not self.data[0] & 1  # RFC 6386 §9.1
        return _holds_idr(self.data)


@dataclass(frozen=True, slots=True)
class AudioPacket:
    """One packet of Opus."""

    payload: bytes
    rtp_timestamp: int
    """32 bits, at 48 kHz."""
    sequence: int
    """16 bits; a jump means that packets were lost, or that nothing was said meanwhile."""


def _ignore(_: object) -> None:
    """For a subscriber who does not want this kind."""


def _nothing() -> None:
    """For a subscriber to whom it makes no difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Subscriber:
    """Callbacks of one onlooker, called on the event loop; none may block."""

    video: Callable[[EncodedFrame], None] = _ignore
    """Every frame of the camera in decoding order."""
    user_audio: Callable[[AudioPacket], None] = _ignore
    """The person's microphone, in the order in which packets came from the network."""
    avatar_audio: Callable[[AudioPacket], None] = _ignore
    """What the person is told, by avatar or agent; nothing while there is silence."""
    interrupted: Callable[[], None] = _nothing
    """What follows does not go on from what came before: a new peer, or frames that were given up."""


class MediaSource(Protocol):
    """The peer's side of the hub."""

    def request_key_frame(self) -> None:
        """Ask the person's browser for a key frame, now."""


class MediaHub:
    """Hands on the media of one call; it outlives the peers that feed it. With no subscriber it costs nothing."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []
        self._source: MediaSource | None = None
        self._asked_at = float("-inf")
        self._asking: asyncio.TimerHandle | None = None
        self._video_codec: VideoCodec | None = None

    @property
    def watched(self) -> bool:
        """Whether there is any subscriber; a source need not feed the hub while there is none."""
        return bool(self._subscribers)

    @property
    def video_codec(self) -> VideoCodec | None:
        """What the person's camera is encoded with; None before a peer has said it."""
        return self._video_codec

    # The source

    def attach(self, source: MediaSource) -> None:
        """Take this source from now on, in place of any other."""
        self._source = source
        self.interrupted()

    def detach(self, source: MediaSource) -> None:
        """This source ends; nothing happens when another has taken its place."""
        if self._source is source:
            self._source = None
            self._stop_asking()

    def feeds(self, source: MediaSource) -> bool:
        """Whether this source is the current one and somebody is there to see what it gives."""
        return self._source is source and bool(self._subscribers)

    def use_video_codec(self, codec: VideoCodec) -> None:
        """Note what the camera is encoded with, before there is anybody to see it."""
        self._video_codec = codec

    def video(self, frame: EncodedFrame) -> None:
        """A frame of the person's camera."""
        self._video_codec = frame.codec
        if self._asking is not None and frame.is_key:
            self._stop_asking()  # whoever asked has been subscribed since, so this frame is an answer to all of them
        self._tell(lambda subscriber: subscriber.video(frame))

    def user_audio(self, packet: AudioPacket) -> None:
        """A packet of the person's microphone."""
        self._tell(lambda subscriber: subscriber.user_audio(packet))

    def avatar_audio(self, packet: AudioPacket) -> None:
        """A packet of what the person is told."""
        self._tell(lambda subscriber: subscriber.avatar_audio(packet))

    def interrupted(self) -> None:
        """What follows does not go on from what came before."""
        self._tell(lambda subscriber: subscriber.interrupted())

    # Subscribers

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Hand everything on to this subscriber too; the answer ends that, and may be called again."""
        self._subscribers.append(subscriber)
        return lambda: self._unsubscribe(subscriber)

    def request_key_frame(self) -> None:
        """Have the person's browser send a key frame, now or as soon as ``KEY_FRAME_SECONDS`` allow."""
        if self._source is None or self._asking is not None:
            return
        loop = asyncio.get_running_loop()
        due_at = self._asked_at + KEY_FRAME_SECONDS
        if due_at <= loop.time():
            self._ask()
        else:
            self._asking = loop.call_at(due_at, self._ask)

    def _ask(self) -> None:
        self._asking = None
        if self._source is not None:
            self._asked_at = asyncio.get_running_loop().time()
            self._source.request_key_frame()

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _unsubscribe(self, subscriber: Subscriber) -> None:
        if subscriber in self._subscribers:
            self._subscribers.remove(subscriber)
        if not self._subscribers:
            self._stop_asking()

    def _tell(self, call: Callable[[Subscriber], None]) -> None:
        """A subscriber that fails is told nothing more; neither the call nor other subscribers notice."""
        for subscriber in tuple(self._subscribers):
            try:
                call(subscriber)
            except Exception as error:
                log_failure(logger, "media subscriber", error)
                self._unsubscribe(subscriber)


def _holds_idr(data: bytes) -> bool:
    """Whether one of the NAL units is a slice of an IDR picture (ITU-T H.264 table 7-1)."""
    start = data.find(_H264_START_CODE)
    while 0 <= start < len(data) - len(_H264_START_CODE):
        start += len(_H264_START_CODE)
        if data[start] & 0x1F == _H264_IDR:
            return True
        start = data.find(_H264_START_CODE, start)
    return False
