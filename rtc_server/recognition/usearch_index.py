"""Search in memory: an HNSW graph (Malkov and Yashunin, 2016) by usearch. Nothing of it is ever written to a disk."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from rtc_server.recognition.search_ports import Neighbour, Numbers
from rtc_server.storage.ports import Templates
from vision.ports import RunOnThread

CONNECTIVITY = 16
"""Neighbours of a node (M): twice as many take half as much memory again."""

EXPANSION_ADD = 128
"""Candidates while a node is added (efConstruction)."""

EXPANSION_SEARCH = 128
"""Candidates while searching (ef)."""

NUMBERS = "f16"
"""Half precision: half the memory and as good a search, because the nearest ones are compared again exactly."""


class UsearchIndex:
    """``TemplateIndex`` in the memory of this process. Graph work runs on ``run``'s threads, one call at a time."""

    def __init__(self, dimensions: int, run: RunOnThread, threads: int = 1, numbers: str = NUMBERS) -> None:
        from usearch.index import Index

        self._run = run
        self._threads = threads
        self._lock = threading.Lock()
        self._newest = 0
        self._graph: Any = Index(
            ndim=dimensions,
            metric="l2sq",
            dtype=numbers,
            connectivity=CONNECTIVITY,
            expansion_add=EXPANSION_ADD,
            expansion_search=EXPANSION_SEARCH,
        )

    @property
    def memory_bytes(self) -> int:
        """What the graph takes."""
        return int(self._graph.memory_usage)

    async def newest(self) -> int:
        """Greatest number that it holds; 0 = none."""
        return self._newest

    async def size(self) -> int:
        """How many it holds."""
        return len(self._graph)

    async def numbers(self) -> Numbers:
        """All that it holds, in any order."""
        return await self._run(self._all_numbers)

    async def put(self, face_ids: Sequence[str], numbers: Numbers, templates: Templates) -> None:
        """Add templates; those that are there are skipped."""
        await self._run(self._put, numbers, templates)

    async def remove(self, numbers: Numbers) -> None:
        """Let templates go; unknown ones are skipped."""
        await self._run(self._remove, numbers)

    async def settle(self) -> None:
        """Nothing to do."""

    async def search(self, template: Templates, count: int) -> list[Neighbour]:
        """The nearest ones, nearest first."""
        return await self._run(self._search, template, count)

    def _all_numbers(self) -> Numbers:
        with self._lock:
            return np.fromiter(self._graph.keys, np.int64, len(self._graph))

    def _put(self, numbers: Numbers, templates: Templates) -> None:
        with self._lock:
            # A caller that was cancelled may have left this thread running, and the next one repeats its work.
            new = np.flatnonzero(~np.asarray(self._graph.contains(numbers)))
            if len(new):
                self._graph.add(numbers[new], templates[new], threads=self._threads)
            self._newest = max(self._newest, int(numbers.max(initial=0)))

    def _remove(self, numbers: Numbers) -> None:
        with self._lock:
            known = numbers[np.asarray(self._graph.contains(numbers))]
            if len(known):
                self._graph.remove(known)

    def _search(self, template: Templates, count: int) -> list[Neighbour]:
        with self._lock:
            if not len(self._graph):
                return []
            found = self._graph.search(template, count, threads=1)
            distances = np.sqrt(np.maximum(np.asarray(found.distances, np.float64), 0))
            return [Neighbour(int(key), float(far)) for key, far in zip(found.keys, distances, strict=True)]
