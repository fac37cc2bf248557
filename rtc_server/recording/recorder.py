"""Records one call: what its hub hands on goes into files, until the session ends or the person objects."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from rtc_server.observe.failures import log_failure
from rtc_server.recording.backlog import Backlog, Stream
from rtc_server.recording.shelf import Keeping, SessionShelf
from rtc_server.recording.speaker import Speaker
from rtc_server.rtc.hub import MediaHub
from rtc_server.storage.ports import SessionRecord

WRITE_EVERY_SECONDS = 1.0
"""What a crash costs, beside what the container holds back."""
SETTLE_SECONDS = 0.25
"""Packets that came just now are left, so that those which overtook each other are put in order."""
STOP_SECONDS = 5.0
ERASE_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Recordings:
    """Begins recordings; one for all sessions of a process."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def recorder(
        self, hub: MediaHub, session: SessionRecord, tracks: Sequence[str], on_failed: Callable[[], None]
    ) -> "CallRecorder":
        """Record these of ``TRACKS`` from now on. ``on_failed`` is told once when that has ended before ``stop``."""
        shelf = SessionShelf(self._keeping, session)
        return CallRecorder(hub, session.id, tracks, shelf, on_failed, self._keeping.clock)


class CallRecorder:
    """One recording. Belongs to the event loop, and writes in threads."""

    def __init__(
        self,
        hub: MediaHub,
        session_id: str,
        tracks: Sequence[str],
        shelf: SessionShelf,
        on_failed: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._session_id = session_id
        self._shelf = shelf
        self._on_failed = on_failed
        self._clock = clock
        self._ending = asyncio.Event()
        self._given_up = False
        streams = [Stream(track) for track in tracks]
        person = [stream for stream in streams if stream is not Stream.AVATAR]
        told = [stream for stream in streams if stream is Stream.AVATAR]
        self._speakers = [Speaker(each, shelf) for each in (person, told) if each]
        self._backlog = Backlog(streams, hub.request_key_frame, self._overflown, clock)
        self._unsubscribe = hub.subscribe(self._backlog.subscriber())
        logger.info("recording of session %s begins: %s", session_id, ", ".join(tracks))
        self._task = asyncio.create_task(self._run(), name="recorder")

    async def stop(self) -> None:
        """Finish what is being recorded, within ``STOP_SECONDS``. Never raises; may be called again."""
        self._unsubscribe()
        self._ending.set()
        _, unfinished = await asyncio.wait({self._task}, timeout=STOP_SECONDS)
        if unfinished:
            logger.error("recording of session %s could not be finished in time", self._session_id)

    async def erase(self) -> None:
        """Stop, and leave nothing that was ever recorded of this session. Never raises; bounded in time."""
        self._shelf.unwanted = True
        await self.stop()
        try:
            async with asyncio.timeout(ERASE_SECONDS):
                await self._shelf.erase()
        except Exception as error:
            log_failure(logger, f"erasing the recording of session {self._session_id}", error)

    async def _run(self) -> None:
        while not self._ending.is_set():
            try:
                async with asyncio.timeout(WRITE_EVERY_SECONDS):
                    await self._ending.wait()
            except TimeoutError:
                if not await self._succeeds(self._write(self._clock() - SETTLE_SECONDS)):
                    self._give_up()
        if not self._given_up:
            await self._succeeds(self._write(float("inf")))
        for speaker in self._speakers:
            await self._succeeds(speaker.finish())
        logger.info(
            "recording of session %s has ended: %d parts, %.1f MB",
            self._session_id,
            self._shelf.parts,
            self._shelf.size_bytes / 1e6,
        )

    async def _write(self, until: float) -> None:
        pieces = self._backlog.take(until)
        for speaker in self._speakers:
            await speaker.write(pieces)

    async def _succeeds(self, work: Awaitable[None]) -> bool:
        try:
            await work
        except KeyError:
            logger.info("session %s was erased while it was recorded", self._session_id)
            return False
        except Exception as error:
            log_failure(logger, f"recording of session {self._session_id}", error)
            return False
        return True

    def _overflown(self) -> None:
        logger.error("recording of session %s is given up: the disk does not keep up", self._session_id)
        self._give_up()

    def _give_up(self) -> None:
        """End before anybody wanted it; what is there is finished."""
        if not self._given_up:
            self._given_up = True
            self._unsubscribe()
            self._ending.set()
            self._on_failed()
