"""Identification (1:N) of a process, built from the settings."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from conversation.speech.errors import SpeechError
from conversation.speech.pool import ModelPool
from rtc_server.recognition.pgvector_index import PgVectorIndex
from rtc_server.recognition.portrait import PortraitReader
from rtc_server.recognition.rotation import rotation
from rtc_server.recognition.search_ports import MakeIndex, TemplateIndex
from rtc_server.recognition.service import FaceRecognition
from rtc_server.recognition.usearch_index import UsearchIndex
from rtc_server.session.ports import VisionEngines
from rtc_server.session.vision.picture import decode
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.storage.database import Database
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import Owner
from rtc_server.storage.stores import Stores
from vision.ports import RunOnThread

THREADS = 2
BACKLOG = 64
"""Calls that may wait for one of them; one more is told to come back."""

Result = TypeVar("Result")


class SearchPool:
    """``RunOnThread`` for opening templates and searching; a full one is a StorageError, as callers expect."""

    def __init__(self) -> None:
        self._pool = ModelPool("faces", workers=THREADS, backlog=BACKLOG)

    async def __call__(self, function: Callable[..., Result], /, *arguments: object) -> Result:
        """Run it on a thread."""
        try:
            return await self._pool.run(function, *arguments)
        except SpeechError as error:
            raise StorageError("too many searches among enrolled faces at once: try again later") from error

    async def close(self) -> None:
        """Wait for what is on a thread."""
        await self._pool.close()


@dataclass(frozen=True, slots=True)
class FaceRoom:
    """Enrolled faces of a process, and how to let them go."""

    recognition: FaceRecognition
    portraits: PortraitReader | None
    """None: nobody looks at pictures here."""
    pool: SearchPool

    async def close(self) -> None:
        """Stop building indices, then the threads."""
        await self.recognition.close()
        await self.pool.close()


def build_faces(
    settings: Settings, server_key: bytes, stores: Stores, eyes: VisionEngines | None, now_ms: Callable[[], int]
) -> FaceRoom:
    """Inside a running event loop. Raises SettingsError."""
    pool, wanted = SearchPool(), settings.recognition.index
    if wanted == "pgvector" and stores.database.dialect != "postgresql":
        raise SettingsError("recognition.index (VISAVIS_RECOGNITION_INDEX) is pgvector, which needs PostgreSQL")
    make = _in_database(stores.database, server_key, pool) if wanted == "pgvector" else in_memory(pool)
    embedder = eyes.embedder if eyes is not None else None
    calibrations = {embedder.name: embedder.calibration} if embedder is not None else {}
    recognition = FaceRecognition(stores.faces, make, pool, calibrations, now_ms, settings.recognition)
    portraits = None
    if eyes is not None and embedder is not None:
        portraits = PortraitReader(eyes.new_tracker, embedder, eyes.run, decode)
    return FaceRoom(recognition, portraits, pool)


def in_memory(run: RunOnThread) -> MakeIndex:
    """Indices of usearch."""

    async def make(_owner: Owner, _embedder: str, dimensions: int) -> TemplateIndex:
        return await asyncio.to_thread(UsearchIndex, dimensions, run)  # the first one loads the library

    return make


def _in_database(database: Database, server_key: bytes, run: RunOnThread) -> MakeIndex:
    """Indices of pgvector."""

    async def make(owner: Owner, embedder: str, dimensions: int) -> TemplateIndex:
        rotate = partial(rotation, server_key, owner, embedder, dimensions)
        index = PgVectorIndex(database, owner, embedder, dimensions, rotate, run)
        await index.open()
        return index

    return make
