"""Accounts and sessions of staff in both databases."""

import asyncio
import dataclasses

import pytest

from rtc_server.audit.chain import SYSTEM, Draft
from rtc_server.storage.ports import EmailTakenError, LastAdminError, StaffRecord, StaffSession
from rtc_server.storage.ports.audit import AuditQuery
from rtc_server.storage.stores import open_stores

MIA = StaffRecord(
    id="stf_mia",
    email="mia@example.org",
    name="Mia Lopez",
    roles=("agent", "admin"),
    tenants=("acme", "bank"),
    sandbox_only=True,
    created_at=5,
    password_hash="$argon2id$…",
    totp_secret="sealed",
    totp_step=7,
)
JO = StaffRecord("stf_jo", "jo@example.org", "Jo", ("admin",), ("*",), False, 6, password_hash="$", totp_secret="s")
DRAFT = Draft(at=499, actor=SYSTEM, action="staff.tested", details={"staff": MIA.id})
LATE = dataclasses.replace(DRAFT, at=500)
SESSION = StaffSession("sts_1", "h" * 64, MIA.id, 100, 100, 1_000, "192.0.2.1", "Firefox")


async def test_an_account_comes_back_as_it_was_kept(database_url: str) -> None:
    stores = await open_stores(database_url)
    staff = stores.staff
    await staff.add_staff(MIA, DRAFT)
    await staff.add_staff(JO, DRAFT)
    assert await staff.staff(MIA.id) == await staff.staff_by_email(MIA.email) == MIA
    assert await staff.all_staff() == [MIA, JO]
    assert await staff.staff("stf_none") is await staff.staff_by_email("none") is None
    with pytest.raises(EmailTakenError):
        await staff.add_staff(StaffRecord("stf_3", MIA.email, "x", ("viewer",), ("*",), False, 7), DRAFT)
    changed = await staff.change_staff(
        JO.id, DRAFT, name="Jo P", roles=("viewer",), tenants=("acme",), sandbox_only=True
    )
    assert changed == await staff.staff(JO.id)
    assert changed is not None
    assert (changed.name, changed.roles, changed.tenants, changed.sandbox_only) == (
        "Jo P",
        ("viewer",),
        ("acme",),
        True,
    )
    assert await staff.change_staff("stf_none", DRAFT, name="x") is None
    with pytest.raises(TypeError, match="password_hash"):
        await staff.change_staff(JO.id, DRAFT, password_hash="")
    await stores.close()


async def test_two_admins_cannot_remove_each_other_at_once(database_url: str) -> None:
    stores = await open_stores(database_url)
    await stores.staff.add_staff(MIA, DRAFT)
    await stores.staff.add_staff(JO, DRAFT)
    results = await asyncio.gather(
        stores.staff.change_staff(MIA.id, DRAFT, disabled_at=9),
        stores.staff.change_staff(JO.id, DRAFT, roles=("viewer",)),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(LastAdminError) == 1
    await stores.close()


async def test_a_time_step_counts_once_also_at_the_same_moment(database_url: str) -> None:
    stores = await open_stores(database_url)
    await stores.staff.add_staff(MIA, DRAFT)
    taken = await asyncio.gather(*(stores.staff.take_step(MIA.id, 8) for _ in range(5)))
    assert sorted(taken) == [False] * 4 + [True]
    assert not await stores.staff.take_step(MIA.id, 7)
    assert await stores.staff.take_step(MIA.id, 10)
    assert not await stores.staff.take_step("", 11)
    await stores.close()


async def test_a_link_and_its_recovery_codes_count_once(database_url: str) -> None:
    stores = await open_stores(database_url)
    staff = stores.staff
    await staff.add_staff(MIA, DRAFT)
    await staff.add_session(SESSION)
    offered = await staff.begin_setup(MIA.id, DRAFT, "s" * 64, 500, "sealed anew")
    assert offered is not None
    assert (offered.password_hash, offered.totp_secret) == ("", "")
    assert await staff.session_by_token(SESSION.token_hash) is None
    assert await staff.staff_by_setup("s" * 64) == offered
    assert await staff.finish_setup("s" * 64, LATE, "hash", 3, ["a", "b"]) is None  # too late
    done = await asyncio.gather(*(staff.finish_setup("s" * 64, DRAFT, "hash", 3, ["a", "b"]) for _ in range(3)))
    (account,) = [each for each in done if each is not None]
    assert (account.password_hash, account.totp_secret, account.totp_step) == ("hash", "sealed anew", 3)
    assert (account.setup_hash, account.setup_totp) == (None, "")
    taken = await asyncio.gather(*(staff.take_recovery_code(MIA.id, "a") for _ in range(4)))
    assert sorted(taken) == [False, False, False, True]
    assert not await staff.take_recovery_code("stf_jo", "b")
    await staff.begin_setup(MIA.id, DRAFT, "t" * 64, 500, "sealed")
    assert not await staff.take_recovery_code(MIA.id, "b")  # gone with the old factors
    await stores.close()


async def test_sessions_end_one_by_one_with_their_account_and_by_time(database_url: str) -> None:
    stores = await open_stores(database_url)
    staff = stores.staff
    await staff.add_staff(MIA, DRAFT)
    await staff.add_staff(JO, DRAFT)
    await staff.add_session(SESSION)
    assert await staff.session_by_token(SESSION.token_hash) == (SESSION, MIA)
    await staff.touch_session(SESSION.id, 150)
    (session, _) = await staff.session_by_token(SESSION.token_hash) or (None, None)
    assert session is not None
    assert session.seen_at == 150
    assert await staff.end_session(SESSION.id)
    assert not await staff.end_session(SESSION.id)
    for number, (seen_at, expires_at) in enumerate([(100, 900), (300, 400), (300, 900)]):
        await staff.add_session(StaffSession(f"sts_{number}", f"{number}", MIA.id, number, seen_at, expires_at))
    await staff.add_session(StaffSession("sts_jo", "jo", JO.id, 9, 300, 900))
    assert await staff.sweep_staff_sessions(now_ms=400, idle_before=200) == 2
    assert [each.id for each in await staff.staff_sessions()] == ["sts_jo", "sts_2"]
    await staff.change_staff(MIA.id, DRAFT, disabled_at=7)
    assert [each.id for each in await staff.staff_sessions()] == ["sts_jo"]
    assert await staff.staff_sessions(MIA.id) == []
    await stores.close()


async def test_what_changes_is_in_the_audit_and_what_does_not_is_not(database_url: str) -> None:
    stores = await open_stores(database_url)
    staff = stores.staff
    await staff.add_staff(MIA, DRAFT)
    with pytest.raises(EmailTakenError):
        await staff.add_staff(dataclasses.replace(JO, email=MIA.email), DRAFT)
    with pytest.raises(LastAdminError):
        await staff.change_staff(MIA.id, DRAFT, disabled_at=9)
    assert await staff.change_staff("stf_none", DRAFT, name="x") is None
    assert await staff.begin_setup("stf_none", DRAFT, "s" * 64, 500, "sealed") is None
    assert await staff.finish_setup("s" * 64, DRAFT, "hash", 3, []) is None
    assert len(await stores.audit.entries(AuditQuery())) == 1
    await staff.change_staff(MIA.id, DRAFT, name="Mia L")
    await staff.begin_setup(MIA.id, DRAFT, "s" * 64, 500, "sealed")
    await staff.finish_setup("s" * 64, DRAFT, "hash", 3, [])
    assert [entry.action for entry in await stores.audit.entries(AuditQuery())] == [DRAFT.action] * 4
    await stores.close()


async def test_a_password_replaces_the_one_that_is_known_and_leaves_one_session(database_url: str) -> None:
    stores = await open_stores(database_url)
    staff = stores.staff
    await staff.add_staff(MIA, DRAFT)
    for number in (1, 2):
        await staff.add_session(dataclasses.replace(SESSION, id=f"sts_{number}", token_hash=str(number) * 64))
    assert not await staff.set_password(MIA.id, "another", "new", LATE, keep_session="sts_2")
    assert not await staff.set_password("stf_none", MIA.password_hash, "new", LATE, keep_session="sts_2")
    assert len(await staff.staff_sessions(MIA.id)) == 2
    assert await staff.set_password(MIA.id, MIA.password_hash, "new", LATE, keep_session="sts_2")
    assert await staff.staff(MIA.id) == dataclasses.replace(MIA, password_hash="new")
    assert [session.id for session in await staff.staff_sessions(MIA.id)] == ["sts_2"]
    assert [entry.at for entry in await stores.audit.entries(AuditQuery(limit=9))] == [LATE.at, DRAFT.at]
    assert not await staff.set_password(MIA.id, MIA.password_hash, "newer", LATE, keep_session="sts_2")
    await stores.close()


def test_secrets_do_not_show_in_a_printed_record() -> None:
    shown = repr(MIA) + repr(SESSION)
    assert "argon2id" not in shown
    assert "sealed" not in shown
    assert SESSION.token_hash not in shown
