"""Where the parts of one session's recording are kept: their rows, their files, and who is told of them."""

import asyncio
import dataclasses
import time
from collections.abc import Callable

from rtc_server.crypto.ids import new_id
from rtc_server.recording.container import content_type
from rtc_server.recording.part import Beginning, Part
from rtc_server.storage.ports import (
    AVATAR_AUDIO,
    RECORDING_KINDS,
    Json,
    MediaRecord,
    MediaStore,
    RecordingStore,
    SessionRecord,
    Store,
)
from rtc_server.webhooks.payload import USER_VIDEO_EVENT


@dataclasses.dataclass(frozen=True, slots=True)
class Keeping:
    """What recordings are kept with, shared by all sessions of a process."""

    recordings: RecordingStore
    media: MediaStore
    store: Store
    link: Callable[[str], Json]
    """Where a recording can be fetched by its id, and until when: ``url`` and ``expires``; empty = nobody knows."""
    unix_ms: Callable[[], int]
    """The clock on the wall."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, for the distances of packets."""


class SessionShelf:
    """The parts of one recorder. ``unwanted``: nobody is to be told of parts any more, as they are about to go."""

    def __init__(self, keeping: Keeping, session: SessionRecord) -> None:
        self._keeping = keeping
        self._session = session
        self._zero_ms = keeping.unix_ms()
        self._numbers: dict[str, int] | None = None
        self._own: list[str] = []
        self.unwanted = False
        self.size_bytes = 0
        """Of the parts that are finished."""

    @property
    def parts(self) -> int:
        """How many have begun."""
        return len(self._own)

    async def begin(self, beginning: Beginning) -> Part:
        """A new file; its row says when its zero was. Raises KeyError when the session is gone, and StorageError."""
        record = MediaRecord(
            new_id("m_"),
            self._session.id,
            beginning.kind,
            await self._next_number(beginning.kind),
            content_type(beginning.codec),
            0,
            self._zero_ms + round(beginning.zero_seconds * 1000),
        )
        file = await self._keeping.recordings.begin(record)
        self._own.append(record.id)
        return await asyncio.to_thread(Part, record, file, beginning)

    async def finish(self, part: Part) -> None:
        """End it and tell the integrator. Raises KeyError when it was erased meanwhile, and StorageError."""
        size_bytes = await asyncio.to_thread(part.finish)
        if not await self._keeping.recordings.finish(part.record.id, size_bytes):
            raise KeyError(part.record.id)
        self.size_bytes += size_bytes
        if part.record.kind != AVATAR_AUDIO and not self.unwanted:
            await self._tell(part.record)

    async def erase(self) -> None:
        """Remove what this recorder made, and what is left of any before it."""
        # A recorder that has begun since belongs to another agreement: its parts stay.
        earlier = [
            record.id
            for record in await self._keeping.media.media_of(self._session.id)
            if record.kind in RECORDING_KINDS and record.created_at < self._zero_ms
        ]
        await self._keeping.recordings.erase(list(dict.fromkeys([*earlier, *self._own])))

    async def _next_number(self, kind: str) -> int:
        """Goes on from the parts that a process before this one has left."""
        if self._numbers is None:
            kept = await self._keeping.media.media_of(self._session.id)
            self._numbers = dict.fromkeys(RECORDING_KINDS, 0)
            for record in kept:
                if record.kind in RECORDING_KINDS:
                    self._numbers[record.kind] = max(self._numbers[record.kind], record.side + 1)
        number = self._numbers[kind]
        self._numbers[kind] += 1
        return number

    async def _tell(self, record: MediaRecord) -> None:
        # The shape of contract §6.2.
        told = {"id": record.id, "createdAt": record.created_at, "contentType": record.content_type}
        event = {"media": told | self._keeping.link(record.id)}
        await self._keeping.store.add_event(self._session, USER_VIDEO_EVENT, event, self._keeping.unix_ms())
