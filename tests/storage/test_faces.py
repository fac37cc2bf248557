"""Enrolled faces on both databases: sealed, counted, erased with their session and subject, gone in time."""

import dataclasses
from collections.abc import AsyncIterator

import numpy as np
import pytest
from sqlalchemy import select, update

from rtc_server.audit.chain import SYSTEM, Actor
from rtc_server.storage import schema
from rtc_server.storage.engine import StorageError
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.faces import FaceLimitError, SqlFaceStore
from rtc_server.storage.ports import AuditQuery, FaceRecord, FaceSet, Owner, Templates
from rtc_server.storage.retention import DAY_MS, Retention
from rtc_server.storage.stores import Stores, open_stores
from rtc_server.storage.subject import erase_subject
from tests.storage.records import session_record

KEY = bytes(range(32))
ACME = Owner("acme", sandbox=False)
SANDBOX = Owner("acme", sandbox=True)
NOW = 1_790_000_000_000


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url, retention=Retention(face_days=30), face_seal=FaceSeal(KEY))
    yield stores
    await stores.close()


def template(number: int) -> Templates:
    return np.random.default_rng(number).normal(size=8).astype(np.float32)


def face(number: int, reference: str = "", owner: Owner = ACME, session_id: str = "") -> FaceRecord:
    consent = {"text": "I agree.", "locale": "en", "givenAt": NOW}
    fields = {"name": f"Robin No. {number}"}
    return FaceRecord(
        f"face_{number}", owner, "dlib", reference, fields, consent, session_id, NOW + number, NOW + number
    )


async def save(stores: Stores, record: FaceRecord, number: int = 1, at_most: int = 100) -> FaceRecord:
    last = (await stores.faces.face_set(record.owner, record.embedder)).last_number
    saved = await stores.faces.save_face(record, template(number), if_last=last, at_most=at_most)
    assert saved is not None
    return saved


async def opened(stores: Stores, owner: Owner = ACME) -> Templates:
    sealed = await stores.faces.templates_after(owner, "dlib", 0, 100)
    return stores.faces.opened(owner, "dlib", sealed)


async def test_what_is_stored_comes_back(stores: Stores) -> None:
    saved = [await save(stores, face(number, f"p-{number}"), number) for number in range(3)]
    assert [record.number for record in saved] == [1, 2, 3]
    assert await stores.faces.face("face_1", ACME) == saved[1]
    assert await stores.faces.face_of(ACME, "dlib", "p-2") == saved[2]
    assert await stores.faces.faces_numbered(ACME, "dlib", [1, 9]) == [saved[0]]
    assert np.array_equal(await opened(stores), np.stack([template(number) for number in range(3)]))
    assert [one.number for one in await stores.faces.templates(ACME, "dlib", [3, 2, 7])] == [2, 3]
    assert await stores.faces.face_set(ACME, "dlib") == FaceSet(3, 3)


async def test_whoever_did_not_see_the_last_one_is_sent_back(stores: Stores) -> None:
    await save(stores, face(1))
    assert await stores.faces.save_face(face(2), template(2), if_last=0, at_most=9) is None
    assert await stores.faces.face("face_2", ACME) is None
    with pytest.raises(FaceLimitError, match="1 faces"):
        await save(stores, face(2), at_most=1)
    with pytest.raises(ValueError, match="have 8 numbers, not 7"):
        await stores.faces.save_face(face(2), template(2)[:7], if_last=1, at_most=9)


async def test_a_template_may_be_replaced_also_by_one_of_another_model(stores: Stores) -> None:
    saved = await save(stores, face(1), 1)
    again = await save(stores, saved, 2)
    assert np.array_equal(await opened(stores), template(2)[None])
    assert await stores.faces.face_set(ACME, "dlib") == FaceSet(2, 1)
    await save(stores, dataclasses.replace(again, embedder="fr-feature"), 3)
    assert await stores.faces.face_set(ACME, "dlib") == FaceSet(2, 0)
    assert await stores.faces.face_set(ACME, "fr-feature") == FaceSet(1, 1)
    await stores.faces.delete_face("face_1", ACME)
    with pytest.raises(KeyError):
        await save(stores, dataclasses.replace(again, embedder="fr-feature"), 4)
    assert await stores.faces.face_set(ACME, "fr-feature") == FaceSet(1, 0)


async def test_what_was_swapped_or_sealed_by_another_key_is_refused(stores: Stores) -> None:
    for number in (1, 2):
        await save(stores, face(number), number)
    other_key = SqlFaceStore(stores.database, FaceSeal(bytes(32)), Retention(), stores.audit)
    with pytest.raises(StorageError, match=r"face_1 .* another server\.key"):
        other_key.opened(ACME, "dlib", await stores.faces.templates(ACME, "dlib", [1]))
    with pytest.raises(StorageError, match="face_1"):
        await other_key.face("face_1", ACME)
    async with stores.database.write() as connection:
        rows = (await connection.execute(select(schema.faces.c.template).order_by(schema.faces.c.number))).all()
        await connection.execute(update(schema.faces).where(schema.faces.c.id == "face_1").values(template=rows[1][0]))
    with pytest.raises(StorageError, match="face_1"):
        await opened(stores)
    with pytest.raises(StorageError, match="no server key"):
        await SqlFaceStore(stores.database, None, Retention(), stores.audit).face("face_1", ACME)


async def test_nothing_told_of_a_person_is_readable(stores: Stores) -> None:
    await save(stores, face(1))
    async with stores.database.read() as connection:
        row = (await connection.execute(select(schema.faces))).one()
    assert "Robin" not in repr(row)
    assert template(1).tobytes()[:8] not in bytes(row.template)


async def test_owners_keys_differ(stores: Stores) -> None:
    await save(stores, face(1))
    sealed = await stores.faces.templates(ACME, "dlib", [1])
    with pytest.raises(StorageError):
        stores.faces.opened(SANDBOX, "dlib", sealed)


@pytest.mark.parametrize("completely", [False, True])
async def test_a_subject_is_erased_with_faces_of_reference_and_session(stores: Stores, completely: bool) -> None:
    ended = session_record(1, client_reference_id="p-1", status="complete", finished_at=NOW)
    await stores.sessions.create_session(ended)
    await save(stores, face(1, "p-1"))
    await save(stores, face(2, "", session_id=ended.id))
    await save(stores, face(3, "p-2"))
    await save(stores, face(4, "p-1", owner=SANDBOX))
    assert [found.id for found in await stores.faces.faces_of_subject(ACME, "p-1")] == ["face_1", "face_2"]
    assert [done.erased async for done in erase_subject(stores, ACME, "p-1", NOW, completely=completely)] == [True]
    assert [left.id for left in (await stores.faces.faces(ACME, 9))[0]] == ["face_3"]
    assert len((await stores.faces.faces(SANDBOX, 9))[0]) == 1
    assert await stores.faces.face_set(ACME, "dlib") == FaceSet(3, 1)


@pytest.mark.parametrize(("cause", "left"), [("api", []), ("retention", ["face_1"])])
async def test_redacting_a_session_takes_its_face_unless_time_did_it(
    stores: Stores, cause: str, left: list[str]
) -> None:
    ended = session_record(1, status="complete", finished_at=NOW)
    await stores.sessions.create_session(ended)
    await save(stores, face(1, "p-1", session_id=ended.id))
    await stores.lifecycle.redact(ended.id, ACME, NOW, cause)
    assert [found.id for found in (await stores.faces.faces(ACME, 9))[0]] == left
    async with stores.database.read() as connection:
        (counts,) = await connection.scalars(select(schema.erasures.c.counts))
    assert counts.get("faces") == (1 if cause == "api" else None)


async def test_faces_go_in_time(stores: Stores) -> None:
    await save(stores, face(0))
    await save(stores, face(1, owner=SANDBOX))
    assert await stores.faces.delete_due_faces(NOW + 7 * DAY_MS) == 0
    assert await stores.faces.delete_due_faces(NOW + 7 * DAY_MS + 1) == 1
    assert await stores.faces.delete_due_faces(NOW + 30 * DAY_MS) == 1
    assert await stores.faces.face_set(ACME, "dlib") == FaceSet(1, 0)


async def test_without_a_setting_faces_stay(stores: Stores) -> None:
    kept = SqlFaceStore(stores.database, FaceSeal(KEY), Retention(), stores.audit)
    assert await kept.save_face(face(1), template(1), if_last=0, at_most=9) is not None
    assert await kept.delete_due_faces(NOW + 100_000 * DAY_MS) == 0


async def test_what_was_removed_is_in_the_audit_without_whose_it_was(stores: Stores) -> None:
    for number in range(4):
        await save(stores, face(number, "p-secret"))
    assert await stores.faces.delete_face("face_0", ACME, Actor.key("key_1"))
    assert not await stores.faces.delete_face("face_0", ACME, Actor.key("key_1"))
    assert await stores.faces.delete_faces_of_subject(ACME, "p-secret") == 3
    subject, single = await stores.audit.entries(AuditQuery(action="faces.deleted"))
    assert (single.actor.id, single.tenant, single.details) == (
        *("key:key_1", "acme"),
        {"cause": "api", "count": 1, "face": "face_0"},
    )
    assert (subject.actor, subject.details) == (SYSTEM, {"cause": "subject", "count": 3})
    assert "p-secret" not in str([entry.json() for entry in (subject, single)])
