"""What has come from a hub and is not written yet, each piece with its place on the clock of the recording."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from rtc_server.recording.container import PICTURE_HZ
from rtc_server.recording.stretch import Stretch
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, Subscriber, VideoCodec
from rtc_server.rtc.opus import CLOCK_HZ as SOUND_HZ
from rtc_server.storage.ports import AVATAR_AUDIO, USER_AUDIO, USER_VIDEO

MAX_BACKLOG_SECONDS = 10.0
MAX_BACKLOG_BYTES = 64 * 2**20
"""More than this is not held in memory for a disk that is too slow."""

KEY_FRAME_EVERY_SECONDS = 10.0
"""Key frames are what one can jump to in a recording; browsers send hardly any by themselves."""


class Stream(StrEnum):
    """What is recorded, by the name that it has where people agree to it."""

    CAMERA = USER_VIDEO
    MICROPHONE = USER_AUDIO
    AVATAR = AVATAR_AUDIO


@dataclass(frozen=True, slots=True)
class Piece:
    """A frame or packet."""

    stream: Stream
    data: bytes
    position: int
    """Ticks of the stream's clock since the recording began."""
    is_key: bool = True
    codec: VideoCodec | None = None
    """None: sound."""

    @property
    def seconds(self) -> float:
        """Since the recording began."""
        return self.position / clock_hz(self.stream)


def clock_hz(stream: Stream) -> int:
    """What its positions are counted in."""
    return PICTURE_HZ if stream is Stream.CAMERA else SOUND_HZ


class _Came(NamedTuple):
    at: float
    stretch: Stretch
    ticks: int
    data: bytes
    is_key: bool
    codec: VideoCodec | None


@dataclass(slots=True)
class _Lane:
    """One stream: where its timestamps stand, and what came of it."""

    stretch: Stretch | None = None
    came: list[_Came] = field(default_factory=list)


class Backlog:
    """Fills as a subscriber of a hub; belongs to the event loop. ``on_full`` is told once, and nothing is kept then."""

    def __init__(
        self,
        streams: Sequence[Stream],
        request_key_frame: Callable[[], None],
        on_full: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._started_at = clock()
        self._request_key_frame = request_key_frame
        self._on_full = on_full
        self._lanes = {stream: _Lane() for stream in streams}
        self._bytes = 0
        self._closed = False
        self._codec: VideoCodec | None = None
        self._needs_key = True
        self._key_at = self._started_at

    def subscriber(self) -> Subscriber:
        """What is to be subscribed; streams that are not recorded never come here."""
        wanted = Subscriber(interrupted=self._interrupted)
        if Stream.CAMERA in self._lanes:
            wanted = replace(wanted, video=self._camera)
        if Stream.MICROPHONE in self._lanes:
            wanted = replace(wanted, user_audio=lambda packet: self._sound(Stream.MICROPHONE, packet))
        if Stream.AVATAR in self._lanes:
            wanted = replace(wanted, avatar_audio=lambda packet: self._sound(Stream.AVATAR, packet))
        return wanted

    def take(self, until: float) -> list[Piece]:
        """What came before that time of the clock, in the order in which it belongs."""
        pieces = [piece for stream, lane in self._lanes.items() for piece in self._taken(stream, lane, until)]
        return sorted(pieces, key=lambda piece: piece.seconds)

    def _taken(self, stream: Stream, lane: _Lane, until: float) -> list[Piece]:
        count = next((index for index, came in enumerate(lane.came) if came.at > until), len(lane.came))
        taken, lane.came = lane.came[:count], lane.came[count:]
        self._bytes -= sum(len(came.data) for came in taken)
        for stretch in {came.stretch for came in taken}:
            stretch.settle((came.at - self._started_at, came.ticks) for came in taken if came.stretch is stretch)
        return [Piece(stream, came.data, came.stretch.place(came.ticks), came.is_key, came.codec) for came in taken]

    def _camera(self, frame: EncodedFrame) -> None:
        now, is_key = self._clock(), frame.is_key
        if frame.codec is not self._codec:
            self._codec, self._needs_key = frame.codec, True
        if is_key:
            self._needs_key, self._key_at = False, now
        elif self._needs_key or now - self._key_at > KEY_FRAME_EVERY_SECONDS:
            self._request_key_frame()
        if not self._needs_key:
            self._keep(Stream.CAMERA, now, frame.rtp_timestamp, frame.data, is_key, frame.codec)

    def _sound(self, stream: Stream, packet: AudioPacket) -> None:
        self._keep(stream, self._clock(), packet.rtp_timestamp, packet.payload, True, None)

    def _interrupted(self) -> None:
        self._needs_key = True

    def _keep(
        self, stream: Stream, now: float, timestamp: int, data: bytes, is_key: bool, codec: VideoCodec | None
    ) -> None:
        if self._closed:
            return
        lane = self._lanes[stream]
        if self._bytes > MAX_BACKLOG_BYTES or (lane.came and now - lane.came[0].at > MAX_BACKLOG_SECONDS):
            self._closed = True
            self._on_full()
            return
        ticks = None if lane.stretch is None else lane.stretch.ticks(timestamp, now=now)
        if lane.stretch is None or ticks is None:
            lane.stretch, ticks = Stretch(clock_hz(stream), timestamp, now=now), 0
        lane.came.append(_Came(now, lane.stretch, ticks, data, is_key, codec))
        self._bytes += len(data)
