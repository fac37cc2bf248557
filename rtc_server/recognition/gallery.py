"""All enrolled faces of one owner and one embedder, searchable.

The table is the truth; the index is a copy that is brought up to date before each search. Each template has a number
that only grows, so what is new is what has a greater number, and what has gone shows in the count. A stale entry of the
index does no harm: its number leads to no row any more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rtc_server.recognition.decision import Candidate
from rtc_server.recognition.search_ports import TemplateIndex
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import FaceRecord, FaceSet, FaceStore, Owner, SealedTemplate, Templates
from vision.ports import RunOnThread

PAGE = 5_000
"""Templates that are opened and added at a time."""

CANDIDATES = 10
"""The nearest faces that the index names; their order is made exact with the stored templates."""


class IndexNotReadyError(StorageError):
    """The index is still being built; the text says that it goes on."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The faces nearest to a template."""

    candidates: Sequence[Candidate]
    """Nearest first, with exact distances."""
    faces: dict[str, FaceRecord]
    """By id."""
    state: FaceSet
    """Of which all templates were searched, and maybe some that came meanwhile."""


class Gallery:
    """Belongs to one event loop. Methods raise StorageError."""

    def __init__(
        self, owner: Owner, embedder: str, store: FaceStore, index: TemplateIndex, run: RunOnThread, wait_seconds: float
    ) -> None:
        self._owner = owner
        self._embedder = embedder
        self._store = store
        self._index = index
        self._run = run
        self._wait_seconds = wait_seconds
        self._seen: FaceSet | None = None
        self._loading: asyncio.Task[FaceSet] | None = None
        self._refreshing = asyncio.Lock()
        self.enrolling = asyncio.Lock()
        """Held while a face is looked for and then stored, so that enrolments of one person see each other."""

    async def nearest(self, template: Templates) -> Nearest:
        """The nearest faces of all that were stored before the call. Raises IndexNotReadyError after a bounded wait."""
        state = await self._current()
        found = await self._index.search(template, CANDIDATES)
        numbers = [neighbour.number for neighbour in found]
        sealed = await self._store.templates(self._owner, self._embedder, numbers)
        distances = await self._run(self._distances, sealed, template) if sealed else []
        faces = {face.id: face for face in await self._store.faces_numbered(self._owner, self._embedder, numbers)}
        candidates = [
            Candidate(one.face_id, faces[one.face_id].reference, distance)
            for one, distance in zip(sealed, distances, strict=True)
            if one.face_id in faces  # else it has gone between the two looks
        ]
        return Nearest(sorted(candidates, key=lambda candidate: candidate.distance), faces, state)

    async def close(self) -> None:
        """Stop building."""
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])

    async def _current(self) -> FaceSet:
        try:
            async with asyncio.timeout(self._wait_seconds):
                if self._seen is None:
                    return await asyncio.shield(self._loaded())
                return await self._refresh()
        except TimeoutError:
            message = "enrolled faces are still being made searchable, which goes on; try again later"
            raise IndexNotReadyError(message) from None

    def _loaded(self) -> asyncio.Task[FaceSet]:
        """The first look at everything, which goes on when whoever asked for it has given up."""
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._refresh())
            self._loading.add_done_callback(_seen)
        return self._loading

    async def _refresh(self) -> FaceSet:
        async with self._refreshing:
            state = await self._store.face_set(self._owner, self._embedder)
            if state != self._seen:
                await self._add_new()
                if await self._index.size() != state.size:
                    await self._remove_gone()
                await self._index.settle()
                self._seen = state
            return state

    async def _add_new(self) -> None:
        number = await self._index.newest()
        while page := await self._store.templates_after(self._owner, self._embedder, number, PAGE):
            templates = await self._run(self._store.opened, self._owner, self._embedder, page)
            numbers = np.array([one.number for one in page], np.int64)
            await self._index.put([one.face_id for one in page], numbers, templates)
            number = page[-1].number

    async def _remove_gone(self) -> None:
        known, there = await self._index.numbers(), await self._store.numbers(self._owner, self._embedder)
        gone = await self._run(np.setdiff1d, known, there)
        if len(gone):
            await self._index.remove(gone)

    def _distances(self, sealed: Sequence[SealedTemplate], template: Templates) -> list[float]:
        templates = self._store.opened(self._owner, self._embedder, sealed).astype(np.float64)
        distances: list[float] = np.linalg.norm(templates - template.astype(np.float64), axis=1).tolist()
        return distances


def _seen(task: asyncio.Task[FaceSet]) -> None:
    """Whoever waited may be gone; a failure is told to the next one, who tries again."""
    if not task.cancelled():
        task.exception()
