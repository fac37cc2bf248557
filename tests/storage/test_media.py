"""Media: encrypted on disk, gone when it should be, and never left behind by a crash."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.storage.engine import StorageError
from rtc_server.storage.media import ORPHAN_SECONDS
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import MediaRecord
from rtc_server.storage.retention import DAY_MS, Retention
from rtc_server.storage.stores import Stores, open_stores
from tests.storage.records import session_record

KEY = bytes(range(32))
PICTURE = b"\xff\xd8 the face of a person " * 100


@pytest.fixture
async def stores(database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url, MediaFiles(tmp_path / "media", KEY), Retention(media_days=2))
    await stores.sessions.create_session(session_record(1))
    yield stores
    await stores.close()


def picture(media_id: str, created_at: int = 1, session_id: str = "session-00001") -> MediaRecord:
    return MediaRecord(media_id, session_id, "screenshot", 0, "image/jpeg", len(PICTURE), created_at)


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "media").glob("*/*"))


async def test_what_is_kept_comes_back(stores: Stores) -> None:
    await stores.media.put(picture("m_1", 2), PICTURE)
    await stores.media.put(picture("m_0", 3), b"")
    kept = await stores.media.media_of("session-00001")
    assert [record.id for record in kept] == ["m_1", "m_0"]
    assert await stores.media.get("m_1") == (kept[0], PICTURE)
    assert await stores.media.get("m_0") == (kept[1], b"")
    assert await stores.media.get("m_9") is None


async def test_nothing_readable_lies_on_the_disk(stores: Stores, tmp_path: Path) -> None:
    await stores.media.put(picture("m_1"), PICTURE)
    await stores.media.put(picture("m_2"), PICTURE)
    first, second = (file.read_bytes() for file in files(tmp_path))
    assert b"face" not in first
    assert first[15:] != second[15:], "the same picture twice must not look the same"
    assert files(tmp_path)[0].stat().st_mode & 0o077 == 0


async def test_a_file_that_was_changed_or_swapped_is_refused(stores: Stores, tmp_path: Path) -> None:
    await stores.media.put(picture("m_1"), PICTURE)
    await stores.media.put(picture("m_2"), PICTURE)
    one, two = files(tmp_path)
    original = one.read_bytes()
    for content in (two.read_bytes(), original[:-1] + bytes([original[-1] ^ 1]), original[:10], b""):
        one.write_bytes(content)
        with pytest.raises(StorageError, match=r"m_1 .* damaged, or was written with another server\.key"):
            await stores.media.get("m_1")
    one.write_bytes(original)
    with pytest.raises(StorageError, match="another server"):
        MediaFiles(tmp_path / "media", b"x" * 32).read("m_1")


async def test_a_session_that_is_gone_keeps_nothing(stores: Stores, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        await stores.media.put(picture("m_1", session_id="unknown"), PICTURE)
    assert files(tmp_path) == []


async def test_deleting_takes_row_and_file(stores: Stores, tmp_path: Path) -> None:
    await stores.media.put(picture("m_1"), PICTURE)
    await stores.media.put(picture("m_2"), PICTURE)
    files(tmp_path)[0].unlink()  # as after a crash between file and row
    assert await stores.media.get("m_1") is None
    assert await stores.media.delete_media("session-00001") == 2
    assert await stores.media.delete_media("session-00001") == 0
    assert files(tmp_path) == []


async def test_retention_removes_what_is_old(stores: Stores, tmp_path: Path) -> None:
    await stores.media.put(picture("m_1", created_at=1_000), PICTURE)
    await stores.media.put(picture("m_2", created_at=2_000), PICTURE)
    assert await stores.media.delete_due(1_000 + 2 * DAY_MS - 1) == 0
    assert await stores.media.delete_due(1_000 + 2 * DAY_MS) == 1
    assert [file.stem for file in files(tmp_path)] == ["m_2"]


async def test_only_old_files_without_a_row_are_swept(stores: Stores, tmp_path: Path) -> None:
    await stores.media.put(picture("m_known"), PICTURE)
    folder = MediaFiles(tmp_path / "media", KEY)
    folder.write("m_orphan", PICTURE)
    folder.write("m_young", PICTURE)
    unfinished = files(tmp_path)[0].with_suffix(".0.tmp")
    unfinished.write_bytes(b"half")
    long_ago = time.time() - ORPHAN_SECONDS - 60
    for file in files(tmp_path):
        if file.stem != "m_young":
            os.utime(file, (long_ago, long_ago))
    assert await stores.media.sweep_orphans() == 1
    assert sorted(file.name for file in files(tmp_path)) == ["m_known.bin", "m_young.bin"]


def test_an_id_that_is_a_path_is_refused(tmp_path: Path) -> None:
    folder = MediaFiles(tmp_path / "media", KEY)
    for media_id in ("../../secret", "a/b/c", "", "m_" + "x" * 100, "m_\0"):
        with pytest.raises(StorageError, match="characters"):
            folder.read(media_id)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match=r"media folder .*media cannot be used"):
        MediaFiles(tmp_path / "media", KEY).write("m_1", b"x")
