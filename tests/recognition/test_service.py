"""Identification and enrolment on both databases and both indices, with real stores."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from sqlalchemy import select, text

from rtc_server.recognition.pgvector_index import PgVectorIndex
from rtc_server.recognition.ports import Enrolment
from rtc_server.recognition.rotation import rotation
from rtc_server.recognition.search_ports import MakeIndex, TemplateIndex
from rtc_server.recognition.service import FaceRecognition
from rtc_server.recognition.settings import RecognitionSettings
from rtc_server.storage import schema
from rtc_server.storage.engine import StorageError
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.faces import FaceLimitError
from rtc_server.storage.ports import Owner
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.postgres import PostgresProgram
from tests.recognition.people import (
    ACME,
    DIMENSIONS,
    EMBEDDER,
    SERVER_KEY,
    enrolment,
    in_memory,
    moved,
    on_thread,
    person,
)

OTHERS = (Owner("acme", sandbox=True), Owner("other", sandbox=False))
NOW = 1_790_000_000_000


@dataclass
class House:
    """Processes on one database."""

    url: str
    make_index_name: str
    opened: list[Stores] = field(default_factory=list)

    async def process(self, settings: RecognitionSettings | None = None) -> "Process":
        stores = await open_stores(self.url, face_seal=FaceSeal(SERVER_KEY))
        self.opened.append(stores)
        make = pgvector(stores) if self.make_index_name == "pgvector" else in_memory()
        return Process(stores, FaceRecognition(stores.faces, make, on_thread, {}, lambda: NOW, settings))

    async def vectors(self) -> list[str]:
        """Names of pgvector's tables."""
        query = text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'face_vectors%'")
        async with self.opened[0].database.read() as connection:
            return list(await connection.scalars(query))

    async def drop_vectors(self) -> None:
        """The database is used again by tests that know nothing of them."""
        tables = await self.vectors()
        async with self.opened[0].database.write() as connection:
            for table in tables:
                await connection.execute(text(f"DROP TABLE {table}"))

    async def close(self) -> None:
        for stores in self.opened:
            await stores.close()


@dataclass
class Process:
    stores: Stores
    faces: FaceRecognition

    async def enrol(self, number: int, reference: str = "", owner: Owner = ACME, embedder: str = EMBEDDER) -> str:
        enrolled = await self.faces.enrol(owner, embedder, person(number), enrolment(reference, name=f"No. {number}"))
        assert enrolled.duplicate_of == ""
        return enrolled.face_id

    async def who(self, number: int, owner: Owner = ACME, distance: float = 0.2) -> str:
        return (await self.faces.identify(owner, EMBEDDER, moved(person(number), distance))).face_id


def pgvector(stores: Stores) -> MakeIndex:
    async def make(owner: Owner, embedder: str, dimensions: int) -> TemplateIndex:
        rotate = lambda: rotation(SERVER_KEY, owner, embedder, dimensions)  # noqa: E731
        index = PgVectorIndex(stores.database, owner, embedder, dimensions, rotate, on_thread)
        await index.open()
        return index

    return make


@pytest.fixture(params=["sqlite-usearch", "postgresql-usearch", "postgresql-pgvector"])
async def house(request: pytest.FixtureRequest, tmp_path: object) -> AsyncIterator[House]:
    database, index = request.param.split("-")
    if database == "sqlite":
        house = House(f"sqlite:///{tmp_path}/visavis.db", index)
        yield house
        await house.close()
        return
    postgres: PostgresProgram = request.getfixturevalue("postgres")
    house = House(postgres.borrow_database(), index)
    yield house
    await house.drop_vectors()
    await house.close()
    postgres.return_database(house.url)


@pytest.fixture
async def process(house: House) -> "Process":
    return await house.process()


async def test_who_is_enrolled_is_recognised_and_nobody_else(process: Process) -> None:
    ids = [await process.enrol(number, f"p-{number}") for number in range(20)]
    found = await process.faces.identify(ACME, EMBEDDER, moved(person(7), 0.3))
    assert (found.face_id, found.reference, found.fields) == (ids[7], "p-7", {"name": "No. 7"})
    assert found.distance == pytest.approx(0.3, abs=1e-3)
    assert found.margin is not None
    assert found.margin > 1
    assert found.enrolled == 20
    stranger = await process.faces.identify(ACME, EMBEDDER, person(99))
    assert (stranger.face_id, stranger.reference, stranger.fields) == ("", "", {})
    assert stranger.distance is not None
    assert stranger.distance > 1


async def test_a_little_beyond_the_strict_cut_is_nobody(process: Process) -> None:
    face_id = await process.enrol(1)
    assert await process.who(1, distance=0.449) == face_id
    assert await process.who(1, distance=0.451) == ""


async def test_between_two_people_nobody_is_recognised(process: Process) -> None:
    first, step = person(1), 0.5
    second = moved(first, step)
    for template in (first, second):
        assert (await process.faces.enrol(ACME, EMBEDDER, template, enrolment())).face_id
    between = await process.faces.identify(ACME, EMBEDDER, (0.52 * first + 0.48 * second).astype(np.float32))
    assert between.face_id == ""
    assert between.distance == pytest.approx(0.24, abs=0.01)
    assert between.margin == pytest.approx(0.02, abs=0.01)


async def test_nobody_enrolled_is_told(process: Process) -> None:
    found = await process.faces.identify(ACME, EMBEDDER, person(1))
    assert (found.face_id, found.distance, found.margin, found.enrolled) == ("", None, None, 0)


async def test_a_duplicate_is_reported_and_not_kept(process: Process) -> None:
    first = await process.enrol(1, "p-1")
    again = await process.faces.enrol(ACME, EMBEDDER, moved(person(1), 0.4), enrolment("p-2"))
    assert (again.face_id, again.duplicate_of) == ("", first)
    assert (await process.stores.faces.face_set(ACME, EMBEDDER)).size == 1
    assert (await process.faces.enrol(ACME, EMBEDDER, moved(person(1), 0.46), enrolment("p-2"))).face_id


async def test_the_same_reference_replaces_its_own_template(process: Process) -> None:
    first = await process.enrol(1, "p-1")
    assert await process.enrol(2, "p-1") == first
    assert await process.who(1) == ""
    assert await process.who(2) == first
    assert (await process.stores.faces.face_set(ACME, EMBEDDER)).size == 1


async def test_before_a_camera_nobody_takes_the_place_of_somebody_else(process: Process) -> None:
    first = await process.enrol(1, "p-1")
    theirs = dataclasses.replace(enrolment("p-1"), may_replace=False)
    taken = await process.faces.enrol(ACME, EMBEDDER, person(2), theirs)
    assert (taken.face_id, taken.taken) == ("", True)
    assert await process.who(1) == first
    assert await process.who(2) == ""
    again = await process.faces.enrol(ACME, EMBEDDER, moved(person(1), 0.4), theirs)
    assert (again.face_id, again.taken) == (first, False), "who has changed a little is enrolled anew"


async def test_a_face_may_be_given_another_template_and_other_fields(process: Process) -> None:
    first, second = await process.enrol(1, "p-1"), await process.enrol(2, "p-2")
    await process.faces.enrol_again(ACME, first, (EMBEDDER, person(3)), {"name": "Robin"})
    found = await process.faces.identify(ACME, EMBEDDER, person(3))
    assert (found.face_id, found.fields, found.reference) == (first, {"name": "Robin"}, "p-1")
    assert await process.who(1) == ""
    assert (await process.faces.enrol_again(ACME, second, (EMBEDDER, person(3)))).duplicate_of == first
    with pytest.raises(KeyError):
        await process.faces.enrol_again(OTHERS[0], first, (EMBEDDER, person(4)))
    with pytest.raises(KeyError):
        await process.faces.enrol_again(ACME, "face_unknown", fields={})


async def test_deleting_removes_from_table_and_index_also_after_a_restart(house: House, process: Process) -> None:
    kept, gone = await process.enrol(1), await process.enrol(2)
    assert await process.who(2) == gone
    assert await process.stores.faces.delete_face(gone, ACME)
    assert not await process.stores.faces.delete_face(gone, ACME)
    for current in (process, await house.process()):
        assert await current.who(2) == ""
        assert await current.who(1) == kept
    async with process.stores.database.read() as connection:
        assert list(await connection.scalars(select(schema.faces.c.id))) == [kept]
        if house.make_index_name == "pgvector":
            (table,) = await house.vectors()
            assert list(await connection.scalars(text(f"SELECT face_id FROM {table}"))) == [kept]


async def test_what_other_processes_do_is_seen(house: House, process: Process) -> None:
    other = await house.process()
    first = await process.enrol(1)
    assert await other.who(1) == first
    second = await other.enrol(2)
    assert await process.who(2) == second
    await other.stores.faces.delete_face(first, ACME)
    third = await other.enrol(3)  # as many as before
    assert await process.who(1) == ""
    assert await process.who(3) == third
    duplicate = await process.faces.enrol(ACME, EMBEDDER, person(3), enrolment())
    assert duplicate.duplicate_of == third


async def test_of_many_enrolments_of_one_face_at_once_one_is_kept(house: House, process: Process) -> None:
    processes = [process, await house.process()]
    every = [
        one.faces.enrol(ACME, EMBEDDER, moved(person(1), 0.1, seed), enrolment(f"p-{seed}"))
        for seed in range(4)
        for one in processes
    ]
    # The same reference twice, once in each process: both may succeed, in place of each other.
    done = await asyncio.gather(*every)
    (kept,) = {enrolled.face_id for enrolled in done if enrolled.face_id}
    assert {enrolled.duplicate_of for enrolled in done if not enrolled.face_id} == {kept}
    assert (await process.stores.faces.face_set(ACME, EMBEDDER)).size == 1


async def test_enrolments_of_different_people_at_once_are_all_kept(house: House, process: Process) -> None:
    processes = [process, await house.process()]
    ids = await asyncio.gather(*(processes[number % 2].enrol(number) for number in range(12)))
    assert len(set(ids)) == 12
    assert [await process.who(number) for number in range(12)] == ids


async def test_owners_and_embedders_are_apart(process: Process) -> None:
    first = await process.enrol(1)
    for owner in OTHERS:
        assert await process.who(1, owner) == ""
        assert await process.enrol(1, owner=owner) != first
        assert await process.stores.faces.face(first, owner) is None
        assert not await process.stores.faces.delete_face(first, owner)
    other_model = await process.enrol(1, embedder="fr-feature")
    assert await process.who(1) == first
    found = await process.faces.identify(ACME, "fr-feature", person(1))
    assert (found.face_id, found.enrolled) == (other_model, 1)


async def test_an_owner_can_enrol_so_many_and_no_more(house: House) -> None:
    process = await house.process(RecognitionSettings(max_faces=2))
    await process.enrol(1)
    await process.enrol(2, "p-2")
    with pytest.raises(FaceLimitError, match="2 faces"):
        await process.enrol(3)
    await process.enrol(4, "p-2")  # in place of another


async def test_nothing_in_the_database_holds_a_template(house: House, process: Process) -> None:
    await process.enrol(1, "p-1")
    await process.who(1)
    exact, rows = person(1), []
    async with process.stores.database.read() as connection:
        row = (await connection.execute(select(schema.faces))).one()
        if house.make_index_name == "pgvector":
            (table,) = await house.vectors()
            rows = list(await connection.scalars(text(f"SELECT CAST(template AS text) FROM {table}")))
    sealed = bytes(row.template)
    assert exact.tobytes()[:8] not in sealed
    assert "No. 1" not in repr(row)
    assert len(sealed) == DIMENSIONS * 4 + 28
    for stored in rows:
        vector = np.array([float(part) for part in stored.strip("[]").split(",")])
        assert abs(float(vector @ exact)) / 1.69 < 0.5


@pytest.mark.parametrize("wrong", [np.zeros((2, 128), np.float32), np.full(128, np.nan, np.float32), np.zeros(0, "f4")])
async def test_what_is_no_template_is_refused(process: Process, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        await process.faces.enrol(ACME, EMBEDDER, wrong, enrolment())


async def test_a_template_of_another_length_is_refused(process: Process) -> None:
    await process.enrol(1)
    with pytest.raises((ValueError, StorageError)):
        await process.faces.enrol(ACME, EMBEDDER, person(2)[:64], enrolment())


async def test_an_enrolment_keeps_what_was_agreed_to(process: Process) -> None:
    enrolled = await process.faces.enrol(ACME, EMBEDDER, person(1), Enrolment("p", {}, enrolment().consent))
    record = await process.stores.faces.face(enrolled.face_id, ACME)
    assert record is not None
    assert record.consent == {"text": "I agree to be recognised.", "locale": "en", "givenAt": 1_790_000_000_000}
    assert (record.created_at, record.session_id) == (NOW, "")
