"""From the first version, with data: nothing is lost on the way up."""

import json
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, select, text

from rtc_server.storage import schema
from rtc_server.storage.engine import WRITES, create_engine
from rtc_server.storage.engine import database_url as address
from rtc_server.storage.migrate import alembic_config
from rtc_server.storage.ports import JournalLine, Owner, SessionQuery
from rtc_server.storage.stores import Stores, open_stores

STATUSES = ("created", "inProgress", "complete", "incomplete")
FLOW = [{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}]


def settings_of(tenant: str, number: int) -> dict[str, Any]:
    if number == 0:
        return {"zone": "es"}
    return {
        "zone": "es",
        "clientReferenceId": f"Order {number}",
        "metadata": {"customer": f"{tenant} Ünal {number}", "odd": ["\ud800", "\x00", None]},
    }


def first_version(connection: Connection) -> None:
    """Tables as the first version made them, with what it could have written."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    for number, (tenant, sandbox) in enumerate([("mixed", True), ("mixed", False), ("trial", True), ("live", False)]):
        connection.execute(
            text("INSERT INTO api_keys VALUES (:id, :tenant, :hash, 'sk_', :sandbox, 5)"),
            {"id": f"key{number}", "tenant": tenant, "hash": f"{number:064}", "sandbox": sandbox},
        )
    number = 0
    for tenant in ("mixed", "trial", "live", "keyless"):
        for index, status in enumerate(STATUSES):
            insert_session(connection, f"{tenant}-{index}", tenant, status, settings_of(tenant, index), number)
            number += 1


def insert_session(
    connection: Connection, session_id: str, tenant: str, status: str, settings: dict[str, Any], number: int
) -> None:
    ended = status in ("complete", "incomplete")
    connection.execute(
        text(
            "INSERT INTO sessions (id, tenant, created_at, status, settings, flow, secret_generation, secret_hash,"
            " secret_created_at, secret_expires_at, started_at, finished_at, reason, report)"
            " VALUES (:id, :tenant, :at, :status, :settings, :flow, 2, :hash, :at, :at, :started, :finished, :reason,"
            " :report)"
        ),
        {
            "id": session_id,
            "tenant": tenant,
            "at": 1_000 + number,
            "status": status,
            "settings": json.dumps(settings),
            "flow": json.dumps(FLOW),
            "hash": f"{number:064}",
            "started": None if status == "created" else 2_000,
            "finished": 3_000 if ended else None,
            "reason": "end" if ended else "",
            "report": json.dumps({"transcript": [{"text": f"hello {number}"}], "lang": "en", "nodeReports": []}),
        },
    )
    for sequence in range(0 if status == "created" else 3):
        connection.execute(
            text("INSERT INTO journal VALUES (:id, :sequence, :now, :event, :commands)"),
            {
                "id": session_id,
                "sequence": sequence,
                "now": sequence / 8,
                "event": json.dumps({"type": "Heard", "text": f"\x00 {sequence}"}),
                "commands": json.dumps([{"type": "Say"}]),
            },
        )


@pytest.fixture
async def stores(new_database_url: str) -> Any:
    """The first version's database, opened by today's."""
    engine = create_engine(address(new_database_url))
    async with engine.execution_options(**{WRITES: True}).begin() as connection:
        await connection.run_sync(first_version)
    await engine.dispose()
    stores = await open_stores(new_database_url)
    yield stores
    await stores.close()


async def test_every_session_is_as_it_was(stores: Stores) -> None:
    for tenant in ("mixed", "trial", "live", "keyless"):
        for index, status in enumerate(STATUSES):
            record = await stores.sessions.session(f"{tenant}-{index}")
            assert record is not None
            assert (record.tenant, record.status, record.flow) == (tenant, status, FLOW)
            assert record.settings == settings_of(tenant, index)
            assert record.client_reference_id == record.settings.get("clientReferenceId", "")
            assert record.report["transcript"][0]["text"].startswith("hello")
            assert (record.secret_generation, record.delete_after, record.redacted_at) == (2, None, None)
            assert (record.finished_at is None) == (index < 2)
            assert (record.api_key_id, record.consent) == ("", None)


async def test_every_journal_is_as_it_was_and_goes_on(stores: Stores) -> None:
    for tenant in ("mixed", "trial", "live", "keyless"):
        for index in range(4):
            lines = await stores.sessions.journal(f"{tenant}-{index}")
            expected = [
                JournalLine(sequence, sequence / 8, {"type": "Heard", "text": f"\x00 {sequence}"}, [{"type": "Say"}])
                for sequence in range(3 if index else 0)
            ]
            assert lines == expected
    await stores.sessions.append_journal("mixed-1", [JournalLine(3, 1.0, {}, [])])


async def test_the_sandbox_is_a_tenant_that_had_only_test_keys(stores: Stores) -> None:
    for tenant, sandbox in (("mixed", False), ("trial", True), ("live", False), ("keyless", False)):
        page = await stores.sessions.sessions(SessionQuery(Owner(tenant, sandbox)))
        assert len(page.sessions) == 4
        assert (await stores.sessions.sessions(SessionQuery(Owner(tenant, not sandbox)))).sessions == []


async def test_what_was_there_can_be_searched(stores: Stores) -> None:
    owner = Owner("live", sandbox=False)
    for words in ("order 2", "LIVE ÜNAL 2", "live-2"):
        page = await stores.sessions.sessions(SessionQuery(owner, search=words))
        assert [record.id for record in page.sessions] == ["live-2"], words
    page = await stores.sessions.sessions(SessionQuery(owner, client_reference_id="Order 3"))
    assert [record.id for record in page.sessions] == ["live-3"]


async def test_keys_go_on_working_for_everything(stores: Stores) -> None:
    keys = await stores.keys.keys("mixed")
    assert {(key.id, key.sandbox, key.name, key.scopes, key.revoked_at, key.allowed_origins) for key in keys} == {
        ("key0", True, "", ("*",), None, ()),
        ("key1", False, "", ("*",), None, ()),
    }


async def test_what_hangs_on_a_session_still_hangs_on_it(stores: Stores) -> None:
    """Foreign keys outlive the change of their tables."""
    assert await stores.lifecycle.redact("live-2", Owner("live", sandbox=False), 9_000, "api") is not None
    async with stores.database.write() as connection:
        await connection.execute(schema.sessions.delete().where(schema.sessions.c.tenant == "live"))
        left = (await connection.execute(select(schema.journal.c.session_id).distinct())).scalars().all()
        searchable = (await connection.execute(select(schema.session_search.c.tenant).distinct())).scalars().all()
    assert not [session_id for session_id in left if session_id.startswith("live")]
    assert len(left) == 9
    assert set(searchable) == {"mixed", "trial", "keyless"}


async def test_a_session_that_was_in_progress_can_be_finished(stores: Stores) -> None:
    lines = [JournalLine(3, 1.0, {}, [])]
    finished = await stores.sessions.finish_session(
        "live-1", lines, status="complete", reason="end", report={}, finished_at=9_000
    )
    assert finished.status == "complete"
    assert [event.data for event in await stores.sessions.events("live-1")] == [{"status": "complete"}]
