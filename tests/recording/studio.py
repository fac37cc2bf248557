"""A recorder on a hub that the test feeds, on a clock that the test sets: minutes of a call in a moment."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rtc_server.recording.recorder import CallRecorder, Recordings
from rtc_server.recording.shelf import Keeping
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, MediaHub, VideoCodec
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import MediaRecord, SessionRecord
from rtc_server.storage.stores import Stores, open_stores
from tests.recording.material import FRAMES_PER_SECOND, PACKET_SECONDS, Played, play
from tests.storage.records import session_record

EVERYTHING = ("userVideo", "userAudio", "avatarAudio")
ZERO_MS = 1_700_000_000_000

Arrival = tuple[float, Callable[[], None]]
"""When something comes, and what."""


class Source:
    """A peer that counts how often it is asked for a key frame."""

    def __init__(self) -> None:
        self.asked = 0

    def request_key_frame(self) -> None:
        self.asked += 1


class Studio:
    """A hub, a real store, and the recordings of one session."""

    def __init__(self, stores: Stores, session: SessionRecord, keeping: Keeping) -> None:
        self.stores = stores
        self.session = session
        self.hub = MediaHub()
        self.source = Source()
        self.hub.attach(self.source)
        self.now = 100.0
        self.keeping = dataclasses.replace(
            keeping, clock=lambda: self.now, unix_ms=lambda: ZERO_MS + round((self.now - 100) * 1000)
        )
        self.failures = 0

    def record(self, *tracks: str) -> CallRecorder:
        """Begin to record."""
        return Recordings(self.keeping).recorder(self.hub, self.session, tracks or EVERYTHING, self._failed)

    def _failed(self) -> None:
        self.failures += 1

    def feed(self, *streams: Sequence[Arrival]) -> None:
        """Everything comes, each at its time (seconds since the studio opened)."""
        for at, come in sorted((arrival for stream in streams for arrival in stream), key=lambda each: each[0]):
            self.now = 100 + at
            come()

    def camera(
        self,
        frames: Sequence[bytes],
        begin: float = 0.0,
        *,
        codec: VideoCodec = VideoCodec.VP8,
        origin: int = 0xFFFF0000,
        delay: float = 0.03,
    ) -> list[Arrival]:
        """Frames of a camera that was switched on at ``begin``; its first frame, a large one, holds up the others."""
        return [
            (
                begin + delay + max(number / FRAMES_PER_SECOND, 0.2 + number / 1000),
                partial(
                    self.hub.video, EncodedFrame(data, _wrap(origin + number * 90_000 // FRAMES_PER_SECOND), codec)
                ),
            )
            for number, data in enumerate(frames)
        ]

    def microphone(
        self, packets: Sequence[bytes], begin: float = 0.0, *, origin: int = 7, delay: float = 0.03
    ) -> list[Arrival]:
        """Packets of the person's microphone."""
        return self._sound(self.hub.user_audio, packets, begin, origin, delay)

    def avatar(self, packets: Sequence[bytes], begin: float = 0.0, *, origin: int = 9) -> list[Arrival]:
        """What the person is told from then on."""
        return self._sound(self.hub.avatar_audio, packets, begin, origin + round(begin * 48_000), 0.0)

    def _sound(
        self, come: Callable[[AudioPacket], None], packets: Sequence[bytes], begin: float, origin: int, delay: float
    ) -> list[Arrival]:
        return [
            (
                begin + number * PACKET_SECONDS + delay,
                partial(come, AudioPacket(data, _wrap(origin + number * 960), number & 0xFFFF)),
            )
            for number, data in enumerate(packets)
        ]

    async def parts(self) -> list[MediaRecord]:
        """What is kept of the session, the oldest first."""
        kept = await self.stores.media.media_of(self.session.id)
        return sorted(kept, key=lambda part: (part.created_at, part.kind))

    async def content(self, part: MediaRecord) -> bytes:
        """The bytes of a part, finished or not."""
        length = await self.stores.recordings.length(part.id)
        return await self.stores.recordings.part(part.id, 0, length) or b""

    async def played(self, kind: str, number: int = 0) -> Played:
        """A part of that kind as a player sees it."""
        part = next(part for part in await self.parts() if (part.kind, part.side) == (kind, number))
        return play(await self.content(part))

    async def told(self) -> list[str]:
        """Ids of the recordings that the integrator was told of."""
        events = await self.stores.sessions.events(self.session.id)
        return [event.data["media"]["id"] for event in events if event.type == "media.user_video"]


async def open_studio(folder: Path) -> Studio:
    """On a fresh database, with files encrypted in ``folder``."""
    stores = await open_stores(f"sqlite+aiosqlite:///{folder / 'visavis.db'}", MediaFiles(folder / "media", bytes(32)))
    session = session_record(1)
    await stores.sessions.create_session(session)
    keeping = Keeping(
        stores.recordings,
        stores.media,
        stores.sessions,
        lambda media_id: {"url": f"https://verify.example/media/{media_id}", "expires": 9},
        lambda: ZERO_MS,
    )
    return Studio(stores, session, keeping)


def _wrap(timestamp: int) -> int:
    return timestamp & 0xFFFFFFFF
