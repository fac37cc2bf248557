"""Recordings: they grow encrypted, can be read while they do and after a crash, and leave nothing when erased."""

import errno
import os
import tracemalloc
from collections.abc import AsyncIterator
from io import FileIO
from pathlib import Path

import pytest

from rtc_server.storage.engine import StorageError
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import HEAD_BYTES, MediaRecord
from rtc_server.storage.recording_files import HEAD_STEP_BYTES, PIECE_BYTES
from rtc_server.storage.retention import DAY_MS, Retention
from rtc_server.storage.stores import Stores, open_stores
from tests.storage.records import session_record

KEY = bytes(range(32))
SESSION = "session-00001"
LONG = os.urandom(HEAD_BYTES + 3 * PIECE_BYTES + 1_000)


@pytest.fixture
async def stores(database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url, MediaFiles(tmp_path / "media", KEY), Retention(media_days=2))
    await stores.sessions.create_session(session_record(1))
    yield stores
    await stores.close()


def part(media_id: str = "m_1", session_id: str = SESSION) -> MediaRecord:
    return MediaRecord(media_id, session_id, "userVideo", 0, "video/webm", 0, 1)


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "media").glob("*/*"))


async def kept(stores: Stores, content: bytes, media_id: str = "m_1") -> None:
    file = await stores.recordings.begin(part(media_id))
    for start in range(0, len(content), 10_000):
        file.write(content[start : start + 10_000])
    assert await stores.recordings.finish(media_id, file.finish())


@pytest.mark.parametrize("length", [0, 1, HEAD_STEP_BYTES, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + PIECE_BYTES, None])
async def test_what_is_recorded_comes_back(stores: Stores, length: int | None) -> None:
    content = LONG[:length]
    await kept(stores, content)
    assert [record.size_bytes for record in await stores.media.media_of(SESSION)] == [len(content)]
    assert await stores.recordings.length("m_1") == len(content)
    if content:
        assert await stores.recordings.part("m_1", 0, len(content) + 5) == content


async def test_any_part_can_be_read(stores: Stores) -> None:
    await kept(stores, LONG)
    for start in (0, 1, HEAD_BYTES - 2, HEAD_BYTES, HEAD_BYTES + PIECE_BYTES - 1, len(LONG) - 3, len(LONG), 10**9):
        for size in (1, 5, PIECE_BYTES + 7):
            assert await stores.recordings.part("m_1", start, size) == LONG[start : start + size]
    assert await stores.recordings.part("m_2", 0, 10) is None
    assert await stores.recordings.length("m_2") == 0


async def test_the_head_can_be_written_again_and_nothing_else(stores: Stores) -> None:
    file = await stores.recordings.begin(part())
    file.write(LONG)
    assert file.seek(4) == file.tell() == 4
    file.write(b"length")
    assert file.seek(0, os.SEEK_END) == len(LONG)
    file.write(b"cues")
    for place in (HEAD_BYTES + 1, len(LONG) + 5, -1):
        with pytest.raises(ValueError, match="only the head"):
            file.seek(place)
    file.seek(HEAD_BYTES - 2)
    with pytest.raises(ValueError, match="only the head"):
        file.write(b"more than the head")
    size = file.finish()
    assert size == file.finish() == len(LONG) + 4
    with pytest.raises(ValueError, match="finished"):
        file.write(b"more")
    expected = LONG[:4] + b"length" + LONG[10:] + b"cues"
    assert await stores.recordings.part("m_1", 0, size) == expected


async def test_it_can_be_read_while_it_grows_and_after_a_crash(stores: Stores) -> None:
    file = await stores.recordings.begin(part())
    assert await stores.recordings.length("m_1") == 0
    file.write(LONG[:HEAD_STEP_BYTES])
    assert await stores.recordings.length("m_1") == HEAD_STEP_BYTES
    file.write(LONG[HEAD_STEP_BYTES:])
    del file  # never finished: the newest piece is lost
    length = await stores.recordings.length("m_1")
    assert length == HEAD_BYTES + 3 * PIECE_BYTES
    assert await stores.recordings.part("m_1", 0, length) == LONG[:length]


async def test_what_a_crash_has_torn_counts_as_not_written(stores: Stores, tmp_path: Path) -> None:
    file = await stores.recordings.begin(part())
    file.write(LONG)
    del file
    rest = tmp_path / "media" / "_1" / "m_1.rest"
    rest.write_bytes(rest.read_bytes()[:-500])
    length = await stores.recordings.length("m_1")
    assert length == HEAD_BYTES + 2 * PIECE_BYTES
    assert await stores.recordings.part("m_1", 0, len(LONG)) == LONG[:length]


async def test_without_its_whole_head_the_rest_counts_as_not_written(stores: Stores, tmp_path: Path) -> None:
    file = await stores.recordings.begin(part())
    file.write(LONG)
    MediaFiles(tmp_path / "media", KEY).write("m_1", LONG[:1_000])  # as a copy finds it that began earlier
    assert await stores.recordings.length("m_1") == 1_000
    assert await stores.recordings.part("m_1", 0, len(LONG)) == LONG[:1_000]


class FillsUp(FileIO):
    """A file on a disk that is full in the middle of one write, and then has room again."""

    full = False

    def write(self, data: object) -> int:
        if self.full:
            self.full = False
            super().write(bytes(data)[:300])  # type: ignore[call-overload]
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data) or 0  # type: ignore[arg-type]


async def test_a_full_disk_harms_nothing_that_was_written(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        MediaFiles, "create_rest", lambda _, media_id: FillsUp(tmp_path / "media" / "_1" / f"{media_id}.rest", "xb")
    )
    file = await stores.recordings.begin(part())
    written = HEAD_BYTES + PIECE_BYTES
    file.write(LONG[:written])
    monkeypatch.setattr(FillsUp, "full", True)
    with pytest.raises(StorageError, match="No space left"):
        file.write(LONG[written:])
    assert await stores.recordings.length("m_1") == written
    assert await stores.recordings.part("m_1", 0, len(LONG)) == LONG[:written]
    assert await stores.recordings.finish("m_1", file.finish())
    assert await stores.recordings.part("m_1", 0, len(LONG)) == LONG


async def test_an_end_that_could_not_be_written_is_told_each_time(stores: Stores, tmp_path: Path) -> None:
    file = await stores.recordings.begin(part())
    file.write(LONG[:1_000])
    folder = tmp_path / "media"
    folder.write_bytes(b"")  # a file where the folder should be: not even root can write there
    for _ in range(2):
        with pytest.raises(StorageError, match="check data_dir"):
            file.finish()
    folder.unlink()
    assert await stores.recordings.finish("m_1", file.finish())
    assert await stores.recordings.part("m_1", 0, len(LONG)) == LONG[:1_000]


async def test_nothing_readable_lies_on_the_disk(stores: Stores, tmp_path: Path) -> None:
    await kept(stores, b"the voice of a person " * 30_000)
    assert len(files(tmp_path)) == 2
    for file in files(tmp_path):
        assert b"voice" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "damage", ["changed", "swapped", "of another", "head", "cut off", "cut off in a piece", "only the head"]
)
async def test_damage_is_found(stores: Stores, tmp_path: Path, damage: str) -> None:
    await kept(stores, LONG)
    await kept(stores, LONG, "m_2")
    head, rest = (tmp_path / "media" / "_1" / f"m_1{suffix}" for suffix in (".bin", ".rest"))
    sealed = rest.read_bytes()
    step = PIECE_BYTES + 28
    match damage:
        case "changed":
            rest.write_bytes(sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:])
        case "swapped":
            rest.write_bytes(sealed[step : 2 * step] + sealed[:step] + sealed[2 * step :])
        case "of another":
            rest.write_bytes((tmp_path / "media" / "_2" / "m_2.rest").read_bytes())
        case "cut off":
            rest.write_bytes(sealed[: 2 * step])
        case "cut off in a piece":
            rest.write_bytes(sealed[: 2 * step + 500])
        case "only the head":
            rest.unlink()
        case "head":
            head.write_bytes((tmp_path / "media" / "_2" / "m_2.bin").read_bytes())
    with pytest.raises(StorageError, match="m_1"):
        await stores.recordings.part("m_1", 0, len(LONG))


async def test_it_is_erased_with_everything_else(stores: Stores, tmp_path: Path) -> None:
    await kept(stores, LONG)
    assert await stores.media.delete_media(SESSION) == 1
    assert files(tmp_path) == []
    await kept(stores, LONG, "m_2")
    await stores.recordings.erase(["m_2", "m_9"])
    assert files(tmp_path) == []
    assert await stores.media.media_of(SESSION) == []
    await kept(stores, LONG, "m_3")
    assert await stores.media.delete_due(3 * DAY_MS) == 1
    assert files(tmp_path) == []


async def test_one_that_is_erased_as_it_grows_leaves_nothing(stores: Stores, tmp_path: Path) -> None:
    file = await stores.recordings.begin(part())
    file.write(LONG)
    await stores.sessions.finish_session(SESSION, [], status="complete", reason="end", report={}, finished_at=5)
    assert await stores.lifecycle.redact(SESSION, session_record(1).owner, 6, "api") is not None
    file.write(LONG[:10])
    file.seek(0)
    file.write(LONG[:10])
    assert not await stores.recordings.finish("m_1", file.finish())
    assert files(tmp_path) == []


async def test_a_session_that_is_not_there_is_refused(stores: Stores, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        await stores.recordings.begin(part(session_id="gone"))
    assert files(tmp_path) == []


async def test_without_a_folder_nothing_is_noted(database_url: str) -> None:
    stores = await open_stores(database_url)
    await stores.sessions.create_session(session_record(1))
    with pytest.raises(StorageError, match="no folder"):
        await stores.recordings.begin(part())
    assert await stores.media.media_of(SESSION) == []
    await stores.close()


async def test_orphans_of_both_kinds_are_swept(stores: Stores, tmp_path: Path) -> None:
    await kept(stores, LONG)
    await stores.media._delete_rows(["m_1"])  # as a crash between the two leaves it
    for file in files(tmp_path):
        os.utime(file, (1, 1))
    assert await stores.media.sweep_orphans() == 1
    assert files(tmp_path) == []


async def test_memory_stays_flat(stores: Stores) -> None:
    file = await stores.recordings.begin(part())
    block = os.urandom(50_000)
    tracemalloc.start()
    for _ in range(400):
        file.write(block)
    size = file.finish()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 20_000_000
    assert most < 2_000_000
