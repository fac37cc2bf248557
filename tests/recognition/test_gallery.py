"""The index follows the table through crashes, interruptions and long builds."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rtc_server.recognition import gallery as gallery_module
from rtc_server.recognition.gallery import IndexNotReadyError
from rtc_server.recognition.search_ports import Numbers, TemplateIndex
from rtc_server.recognition.service import FaceRecognition
from rtc_server.recognition.settings import RecognitionSettings
from rtc_server.recognition.usearch_index import UsearchIndex
from rtc_server.storage.engine import StorageError
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.ports import Owner, Templates
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.stage import eventually
from tests.recognition.people import ACME, DIMENSIONS, EMBEDDER, SERVER_KEY, enrolment, in_memory, on_thread, person

NOW = 1_790_000_000_000


class HinderedIndex(UsearchIndex):
    """Adds only while ``open`` is set, and fails ``failures`` times first."""

    def __init__(self) -> None:
        super().__init__(DIMENSIONS, on_thread)
        self.open = asyncio.Event()
        self.open.set()
        self.failures = 0
        self.batches: list[int] = []

    async def put(self, face_ids: Sequence[str], numbers: Numbers, templates: Templates) -> None:
        await self.open.wait()
        if self.failures:
            self.failures -= 1
            raise StorageError("the process dies here")
        self.batches.append(len(numbers))
        await super().put(face_ids, numbers, templates)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(f"sqlite:///{tmp_path}/visavis.db", face_seal=FaceSeal(SERVER_KEY))
    yield stores
    await stores.close()


def recognition(stores: Stores, index: TemplateIndex, wait_seconds: float = 10.0) -> FaceRecognition:
    async def make(owner: Owner, embedder: str, dimensions: int) -> TemplateIndex:
        return index

    settings = RecognitionSettings(wait_seconds=wait_seconds)
    return FaceRecognition(stores.faces, make, on_thread, {}, lambda: NOW, settings)


async def enrol_all(stores: Stores, count: int) -> list[str]:
    faces = FaceRecognition(stores.faces, in_memory(), on_thread, {}, lambda: NOW)
    return [(await faces.enrol(ACME, EMBEDDER, person(number), enrolment())).face_id for number in range(count)]


async def test_a_crash_between_table_and_index_loses_nothing(stores: Stores) -> None:
    index = HinderedIndex()
    faces = recognition(stores, index)
    enrolled = await faces.enrol(ACME, EMBEDDER, person(1), enrolment())
    assert await index.size() == 0, "the row is there first"
    index.failures = 1
    with pytest.raises(StorageError):
        await faces.identify(ACME, EMBEDDER, person(1))
    assert (await faces.identify(ACME, EMBEDDER, person(1))).face_id == enrolled.face_id


async def test_an_index_that_takes_long_is_told_and_finished_in_the_background(stores: Stores) -> None:
    ids = await enrol_all(stores, 3)
    index = HinderedIndex()
    index.open.clear()
    faces = recognition(stores, index, wait_seconds=1.0)
    for _ in range(2):
        with pytest.raises(IndexNotReadyError, match="goes on"):
            await faces.identify(ACME, EMBEDDER, person(2))
    index.open.set()
    await eventually(lambda: bool(index.batches), "the build did not go on")
    assert index.batches == [3], "built once, although two asked"
    assert (await faces.identify(ACME, EMBEDDER, person(2))).face_id == ids[2]
    await faces.close()


async def test_closing_stops_a_build(stores: Stores) -> None:
    await enrol_all(stores, 1)
    index = HinderedIndex()
    index.open.clear()
    faces = recognition(stores, index, wait_seconds=0.05)
    with pytest.raises(IndexNotReadyError):
        await faces.identify(ACME, EMBEDDER, person(0))
    await asyncio.wait_for(faces.close(), 5)
    index.open.set()
    assert index.batches == []


async def test_large_sets_are_read_page_by_page(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await enrol_all(stores, 8)
    monkeypatch.setattr(gallery_module, "PAGE", 3)
    index = HinderedIndex()
    faces = recognition(stores, index)
    assert [(await faces.identify(ACME, EMBEDDER, person(number))).face_id for number in range(8)] == ids
    assert index.batches == [3, 3, 2]


async def test_the_graph_skips_what_it_has_and_what_it_never_had() -> None:
    index = UsearchIndex(DIMENSIONS, on_thread)
    assert (await index.newest(), await index.search(person(1), 10)) == (0, [])
    numbers, people = np.array([1, 2, 5]), np.stack([person(number) for number in (1, 2, 5)])
    for _ in range(2):
        await index.put([], numbers, people)
    assert (await index.size(), await index.newest()) == (3, 5)
    await index.remove(np.array([2, 9]))
    assert sorted(await index.numbers()) == [1, 5]
    found = await index.search(person(5), 10)
    assert [neighbour.number for neighbour in found] == [5, 1]
    assert found[0].distance == pytest.approx(0, abs=0.01)
    assert found[1].distance == pytest.approx(float(np.linalg.norm(person(1) - person(5))), abs=0.01)
