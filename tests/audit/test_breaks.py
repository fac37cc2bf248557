"""Every way to bend the chain in a real database is found, and named for what it is."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from rtc_server.audit.chain import CUT_OFF, Entry, Head, entry_hash, head_of
from rtc_server.audit.signing import AuditKey
from rtc_server.storage.audit import row_of
from rtc_server.storage.schema import audit_entries
from rtc_server.storage.stores import Stores
from tests.audit.chains import SERVER_KEY, fill, found, open_audited, tamper, tampering, verdict

LENGTH = 12


@pytest.fixture
async def stores(database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_audited(database_url, tmp_path)
    await fill(stores, LENGTH)
    yield stores
    await stores.close()


async def test_an_untouched_chain_is_whole(stores: Stores) -> None:
    result = await verdict(stores)
    assert (result.whole, result.entries, result.head.sequence) == (True, LENGTH, LENGTH)


@pytest.mark.parametrize("every_signature", [True, False])
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("at = at + 1", "edited"),
        ("actor = 'staff:stf_2'", "edited"),
        ("actor_name = 'Somebody Else'", "edited"),
        ("action = 'session.left'", "edited"),
        ("tenant = 'other'", "edited"),
        ("sandbox = NOT sandbox", "edited"),
        ("session_id = 'session-99'", "edited"),
        ("""details = '{"number":6}'""", "edited"),
        ("""details = '{"number": 5}'""", "edited"),
        ("details = 'no JSON'", "edited"),
        ("previous = hash", "edited"),
        (f"hash = '{'ab' * 32}'", "edited"),
        ("hash = 'no hash'", "edited"),
    ],
)
async def test_an_edit_of_any_member_is_found(stores: Stores, change: str, kind: str, every_signature: bool) -> None:
    await tamper(stores, f"UPDATE audit_entries SET {change} WHERE sequence = 5")
    assert await found(stores, every_signature=every_signature) == [(kind, 5, 5)]


@pytest.mark.parametrize("signature", ["00" * 64, "", "no signature"])
async def test_an_edit_of_a_signature_is_found(stores: Stores, signature: str) -> None:
    await tamper(stores, f"UPDATE audit_entries SET signature = '{signature}' WHERE sequence = 5")
    assert await found(stores) == [("foreign_signature", 5, 5)]


async def test_an_edit_of_a_number_is_a_gap_and_a_stranger(stores: Stores) -> None:
    await tamper(stores, "UPDATE audit_entries SET sequence = 40 WHERE sequence = 5")
    assert await found(stores) == [("missing", 5, 5), ("missing", 13, 39), ("reordered", 40, 40)]


@pytest.mark.parametrize("every_signature", [True, False])
@pytest.mark.parametrize(("where", "gap"), [("= 1", (1, 1)), ("= 6", (6, 6)), ("BETWEEN 4 AND 7", (4, 7))])
async def test_a_deletion_is_found(stores: Stores, where: str, gap: tuple[int, int], every_signature: bool) -> None:
    await tamper(stores, f"DELETE FROM audit_entries WHERE sequence {where}")
    assert await found(stores, every_signature=every_signature) == [("missing", *gap)]


async def test_a_deletion_at_the_end_is_found_by_the_head_in_the_database(stores: Stores) -> None:
    await tamper(stores, "DELETE FROM audit_entries WHERE sequence > 9")
    assert await found(stores) == [("cut_off", 10, 12)]


async def test_a_deletion_at_the_end_with_its_head_is_found_by_a_head_from_elsewhere(stores: Stores) -> None:
    head = (await verdict(stores)).head
    await cut(stores, 9)
    assert await found(stores) == [], "the database by itself cannot know"
    assert await found(stores, head) == [("cut_off", 10, 12)]


async def test_everything_gone_is_found(stores: Stores) -> None:
    head = (await verdict(stores)).head
    await tamper(stores, "DELETE FROM audit_entries", "DELETE FROM audit_head")
    assert await found(stores, head) == [("cut_off", 1, 12)]


async def test_a_deletion_that_closes_the_gap_is_found(stores: Stores) -> None:
    await tamper(stores, "DELETE FROM audit_entries WHERE sequence = 4", *shifted(5, LENGTH, -1))
    assert await found(stores) == [("reordered", 4, 11), ("cut_off", 12, 12)]


async def test_an_exchange_of_two_is_found(stores: Stores) -> None:
    await tamper(
        stores,
        "UPDATE audit_entries SET sequence = 99 WHERE sequence = 3",
        "UPDATE audit_entries SET sequence = 3 WHERE sequence = 8",
        "UPDATE audit_entries SET sequence = 8 WHERE sequence = 99",
    )
    result = await verdict(stores)
    assert [(one.kind, one.sequence, one.shift) for one in result.breaks] == [("reordered", 3, 5), ("reordered", 8, -5)]
    assert result.breaks[0].sentence == "entry 3: stands where another one stood (it stood 5 later)"


@pytest.mark.parametrize("every_signature", [True, False])
async def test_an_entry_put_in_is_found(stores: Stores, every_signature: bool) -> None:
    (old,) = [entry async for page in stores.audit.walk() for entry in page if entry.sequence == 4]
    await tamper(stores, *reversed(shifted(5, LENGTH, 1)))
    await put(stores, forged(old, sequence=5, previous=old.hash, action="session.left"))
    breaks = await found(stores, every_signature=every_signature)
    assert ("reordered", 6, 13) in breaks
    assert every_signature is False or ("foreign_signature", 5, 5) in breaks


@pytest.mark.parametrize("every_signature", [True, False])
async def test_an_entry_put_at_the_end_is_found(stores: Stores, every_signature: bool) -> None:
    head = (await verdict(stores)).head
    (old,) = [entry async for page in stores.audit.walk() for entry in page if entry.sequence == 4]
    await put(stores, forged(old, sequence=13, previous=head.hash))
    assert await found(stores, every_signature=every_signature) == [("foreign_signature", 13, 13)]


@pytest.mark.parametrize("every_signature", [True, False])
async def test_an_edit_with_its_hash_made_anew_needs_the_key(stores: Stores, every_signature: bool) -> None:
    (old,) = [entry async for page in stores.audit.walk() for entry in page if entry.sequence == 5]
    await tamper(stores, "DELETE FROM audit_entries WHERE sequence = 5")
    await put(stores, forged(old, action="session.left"))
    assert await found(stores, every_signature=every_signature) == [("foreign_signature", 5, 5)]


@pytest.mark.parametrize(("every_signature", "first"), [(True, 5), (False, LENGTH)])
async def test_a_whole_new_end_needs_the_key(stores: Stores, every_signature: bool, first: int) -> None:
    entries = [entry async for page in stores.audit.walk() for entry in page]
    head = (await verdict(stores)).head
    await tamper(stores, "DELETE FROM audit_entries WHERE sequence >= 5")
    previous = entries[3].hash
    for old in entries[4:]:
        new = forged(old, previous=previous, tenant="elsewhere")
        await put(stores, new)
        previous = new.hash
    breaks = await found(stores, head, every_signature=every_signature)
    assert ("foreign_signature", first, LENGTH) in breaks
    assert ("cut_off", LENGTH, LENGTH) in breaks, "the head is another one"


async def test_an_entry_of_another_branch_is_found_although_it_is_signed(stores: Stores) -> None:
    entries = [entry async for page in stores.audit.walk() for entry in page]
    other = forged(entries[4], action="session.left", key=AuditKey(SERVER_KEY))
    await tamper(stores, "DELETE FROM audit_entries WHERE sequence = 5")
    await put(stores, other)
    assert await found(stores) == [("missing", 5, 5)]
    assert ("cut_off", 5, 5) in await found(stores, head_of(entries[4]))


async def test_an_end_cut_off_behind_the_back_of_a_running_server_stays_a_gap(stores: Stores) -> None:
    await tamper(stores, "DELETE FROM audit_entries WHERE sequence > 9")
    (entry,) = await fill(stores, 1)
    assert entry.sequence == LENGTH + 1, "no number is given twice"
    assert await found(stores) == [("missing", 10, 12)]


async def test_an_old_head_still_fits(stores: Stores) -> None:
    head = (await verdict(stores)).head
    await fill(stores, 5)
    assert await found(stores, head) == []
    assert await found(stores, Head(head.sequence, "ab" * 32)) == [("cut_off", LENGTH, LENGTH)]


async def test_the_next_entry_tells_that_the_end_was_cut_off(stores: Stores) -> None:
    await cut(stores, 9)
    (entry,) = await fill(stores, 1)
    assert entry.sequence == 14, "no number is given twice"
    notice = [entry async for page in stores.audit.walk() for entry in page][-2]
    assert (notice.sequence, notice.action, notice.details["sequence"]) == (13, CUT_OFF, 12)
    assert await found(stores) == [("cut_off", 10, 12)]


async def test_a_server_that_starts_again_sees_by_its_file_that_the_end_was_cut_off(
    stores: Stores, database_url: str, tmp_path: Path
) -> None:
    await stores.audit.close()
    await cut(stores, 9)
    again = await open_audited(database_url, tmp_path)
    await fill(again, 1)
    assert await found(again) == [("cut_off", 10, 12)]
    await again.close()


async def test_the_next_entry_tells_that_the_last_was_replaced(stores: Stores) -> None:
    (last,) = [entry async for page in stores.audit.walk() for entry in page if entry.sequence == LENGTH]
    await tamper(stores, f"DELETE FROM audit_entries WHERE sequence = {LENGTH}")
    other = forged(last, action="session.left")
    await put(stores, other)
    await tamper(stores, f"UPDATE audit_head SET hash = '{other.hash}'")
    await fill(stores, 1)
    assert await found(stores) == [("cut_off", 12, 12), ("foreign_signature", 12, 12)]


async def cut(stores: Stores, keep: int) -> None:
    """Remove the end and make the database's own head fit, as somebody would who knows of it."""
    await tamper(
        stores,
        f"DELETE FROM audit_entries WHERE sequence > {keep}",
        f"UPDATE audit_head SET sequence = {keep}, hash = (SELECT hash FROM audit_entries WHERE sequence = {keep})",
    )


def shifted(first: int, last: int, by: int) -> list[str]:
    """Statements that renumber, lowest first."""
    return [
        f"UPDATE audit_entries SET sequence = {number + by} WHERE sequence = {number}"
        for number in range(first, last + 1)
    ]


def forged(entry: Entry, key: AuditKey | None = None, **changes: object) -> Entry:
    """A changed entry with the right hash, signed by somebody else unless ``key`` is the server's."""
    changed = dataclasses.replace(entry, **changes)  # type: ignore[arg-type]
    digest = entry_hash(changed)
    signature = (key or AuditKey(b"x" * 32)).sign("audit-entry/1", bytes.fromhex(digest))
    return dataclasses.replace(changed, hash=digest, signature=signature)


async def put(stores: Stores, entry: Entry) -> None:
    """Write a row past the triggers."""
    async with tampering(stores) as connection:
        await connection.execute(insert(audit_entries), row_of(entry))
