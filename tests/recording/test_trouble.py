"""What becomes of a recording when the disk, the codec or the database fails it, and that nothing outlives erasure."""

import asyncio
import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from rtc_server.recording import backlog, recorder
from rtc_server.rtc.hub import EncodedFrame, VideoCodec
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import MediaRecord, RecordingFile, RecordingStore
from tests.fakes.stage import eventually
from tests.recording.material import pictures, sounds
from tests.recording.studio import ZERO_MS, Studio

SECRET = "what somebody said"


class FailingFile:
    """Holds so many bytes; with ``slow`` it answers when that is set."""

    def __init__(
        self, file: RecordingFile, room_bytes: int, slow: threading.Event | None, writing: threading.Event
    ) -> None:
        self._file = file
        self.writing = writing
        self._room_bytes = room_bytes
        self._slow = slow

    def write(self, data: bytes) -> int:
        self.writing.set()
        if self._slow is not None:
            self._slow.wait(20)
        if self._file.tell() + len(data) > self._room_bytes:
            raise StorageError(f"the disk is full ({SECRET})")
        return self._file.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def finish(self) -> int:
        return self._file.finish()


class FailingStore:
    """The real store, on a disk that is full or slow."""

    def __init__(self, store: RecordingStore, room_bytes: int, slow: threading.Event | None = None) -> None:
        self._store = store
        self._room_bytes = room_bytes
        self._slow = slow
        self.writing = threading.Event()

    async def begin(self, record: MediaRecord) -> RecordingFile:
        return FailingFile(await self._store.begin(record), self._room_bytes, self._slow, self.writing)

    async def finish(self, media_id: str, size_bytes: int) -> bool:
        return await self._store.finish(media_id, size_bytes)

    async def erase(self, media_ids: Sequence[str]) -> None:
        await self._store.erase(media_ids)

    async def part(self, media_id: str, start: int, size_bytes: int) -> bytes | None:
        return await self._store.part(media_id, start, size_bytes)

    async def length(self, media_id: str) -> int:
        return await self._store.length(media_id)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put off for a second comes at once."""
    monkeypatch.setattr(recorder, "WRITE_EVERY_SECONDS", 0.02)


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "media").rglob("*") if path.is_file()]


async def test_a_full_disk_ends_the_recording_and_keeps_what_there_is(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.keeping = dataclasses.replace(studio.keeping, recordings=FailingStore(studio.stores.recordings, 30_000))
    recording = studio.record("userVideo", "userAudio")
    studio.feed(studio.camera(pictures(8)), studio.microphone(sounds(8)))
    await eventually(lambda: studio.failures == 1, "nobody was told")
    studio.feed(studio.camera(pictures(1), 9.0))
    await recording.stop()
    (part,) = await studio.parts()
    assert 10_000 < part.size_bytes <= 30_000
    assert len((await studio.played("userVideo")).pictures) >= 50
    assert studio.failures == 1
    assert not studio.hub.watched
    assert SECRET not in caplog.text


async def test_a_disk_that_does_not_answer_costs_neither_memory_nor_the_call(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MAX_BACKLOG_SECONDS", 10.0)
    monkeypatch.setattr(recorder, "STOP_SECONDS", 0.2)
    answer = threading.Event()
    store = FailingStore(studio.stores.recordings, 10**9, answer)
    studio.keeping = dataclasses.replace(studio.keeping, recordings=store)
    recording = studio.record("userAudio")
    studio.feed(studio.microphone(sounds(2)))
    await eventually(store.writing.is_set, "it never wrote")
    studio.feed(studio.microphone(sounds(13), 2.0))
    assert studio.failures == 1
    assert not studio.hub.watched
    async with asyncio.timeout(2):
        await recording.stop()
    answer.set()
    monkeypatch.setattr(recorder, "STOP_SECONDS", 5.0)
    await recording.stop()


async def test_frames_that_are_none_do_no_harm(studio: Studio) -> None:
    recording = studio.record("userVideo", "userAudio")
    for codec in VideoCodec:
        studio.hub.video(EncodedFrame(b"\0\0\0\1\x65nonsense", 0, codec))
    studio.feed(studio.camera(pictures(2), 0.5), studio.microphone([b"", b"\xff", *sounds(2)], 0.5))
    await recording.stop()
    assert studio.failures == 0
    assert len((await studio.played("userVideo")).pictures) == 50


async def test_a_session_that_is_erased_meanwhile(studio: Studio, tmp_path: Path) -> None:
    store = FailingStore(studio.stores.recordings, 10**9)
    studio.keeping = dataclasses.replace(studio.keeping, recordings=store)
    recording = studio.record("userAudio")
    studio.feed(studio.microphone(sounds(5)))
    await eventually(store.writing.is_set, "it never wrote")
    await studio.stores.media.delete_media(studio.session.id)
    studio.feed(studio.microphone(sounds(2), 5.0))
    await recording.stop()
    assert await studio.parts() == []
    assert files(tmp_path) == []
    assert await studio.told() == []


async def test_a_session_that_is_gone_is_not_recorded(studio: Studio, tmp_path: Path) -> None:
    studio.session = studio.session.with_(id="session-99999")
    recording = studio.record("userAudio")
    studio.feed(studio.microphone(sounds(2)))
    await eventually(lambda: studio.failures == 1, "nobody was told")
    await recording.stop()
    assert files(tmp_path) == []


async def test_erasing_leaves_nothing_of_this_process_or_one_before(studio: Studio, tmp_path: Path) -> None:
    before = studio.record("userAudio")
    studio.feed(studio.microphone(sounds(1)))
    await before.stop()
    photo = MediaRecord("m_photo", studio.session.id, "userPhoto", 0, "image/jpeg", 3, ZERO_MS)
    await studio.stores.media.put(photo, b"jpg")
    studio.now = 130
    recording = studio.record()
    studio.feed(studio.camera(pictures(1), 30.0), studio.microphone(sounds(1), 30.0), studio.avatar(sounds(1), 30.0))
    told = await studio.told()
    await recording.erase()
    assert [part.kind for part in await studio.parts()] == ["userPhoto"]
    assert len(files(tmp_path)) == 1
    assert await studio.told() == told, "nobody is told of what is being erased"
    await recording.erase()


async def test_what_is_recorded_after_another_answer_is_not_erased_with_the_former(studio: Studio) -> None:
    former = studio.record("userAudio")
    studio.feed(studio.microphone(sounds(1)))
    erasing = asyncio.create_task(former.erase())
    present = studio.record("avatarAudio")
    studio.feed(studio.avatar(sounds(1), 1.0))
    await erasing
    await present.stop()
    assert [part.kind for part in await studio.parts()] == ["avatarAudio"]


async def test_what_a_crash_leaves_can_be_played(studio: Studio, tmp_path: Path) -> None:
    recording = studio.record("userVideo", "userAudio")
    studio.feed(studio.camera(pictures(8)), studio.microphone(sounds(8)))
    await eventually(lambda: bool(files(tmp_path)), "it never wrote")
    async with asyncio.timeout(5):
        while not len((await studio.played("userVideo")).pictures) >= 100:  # noqa: ASYNC110 - the disk tells nobody
            await asyncio.sleep(0.02)
    (part,) = await studio.parts()
    assert part.size_bytes == 0, "it is not finished"
    await recording.stop()
    assert len((await studio.played("userVideo")).pictures) == 200
