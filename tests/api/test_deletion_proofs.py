"""The proof of a deletion over the API: who gets it, what it says, and that it is one."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.audit.proof import ProofError, checked_proof
from rtc_server.audit.signing import AuditKey
from rtc_server.storage.ports import AuditQuery
from tests.api.flows import APPENDIX_B
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server
from tests.storage.records import session_record


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path) as opened:
        yield opened


async def test_a_redacted_session_has_a_proof_that_names_the_entry(server: WholeServer) -> None:
    session_id = (await server.post("/sessions", APPENDIX_B))["session"]["id"]
    path = f"/sessions/{session_id}/deletion-proof"
    missing = await server.call("GET", path)
    assert (missing.status, (await missing.json())["error"]["code"]) == (404, "deletion_proof_not_found")
    await server.simulate(session_id)
    session = (await server.post(f"/sessions/{session_id}/redact", {}))["session"]
    proof = await server.get(path)
    audit = server.stage.stores.audit
    assert checked_proof(json.dumps(proof), (audit.key.public,)) == proof
    with pytest.raises(ProofError):
        checked_proof(json.dumps(proof), (AuditKey(b"x" * 32).public,))
    (entry,) = await audit.entries(AuditQuery(action="session.redacted"))
    assert (proof["auditSequence"], proof["auditHash"]) == (entry.sequence, entry.hash)
    assert (proof["sessionId"], proof["erasedAt"], proof["cause"]) == (session_id, session["redactedAt"], "api")
    assert entry.actor.id.startswith("key:"), "whose API key it was"
    (reached,) = await audit.entries(AuditQuery(action="verdict.reached"))
    assert reached.details["reportSha256"] == proof["reportSha256"], "the report that was erased is that of the verdict"


async def test_nobody_else_gets_it(server: WholeServer) -> None:
    session_id = (await server.post("/sessions", APPENDIX_B))["session"]["id"]
    await server.simulate(session_id)
    await server.post(f"/sessions/{session_id}/redact", {})
    for key in (OTHER_KEY, PRODUCTION_KEY):
        response = await server.call("GET", f"/sessions/{session_id}/deletion-proof", key=key)
        assert response.status == 404
    assert (await server.call("GET", f"/sessions/{session_id}/deletion-proof", key="sk_test_wrong")).status == 401


async def test_a_deleted_session_in_production_has_one_too(server: WholeServer) -> None:
    stores = server.stage.stores
    record = session_record(1, tenant="default", status="complete")
    await stores.sessions.create_session(record)
    assert await stores.lifecycle.delete(record.id, record.owner, 9, "subject")
    response = await server.call("GET", f"/sessions/{record.id}/deletion-proof", key=PRODUCTION_KEY)
    proof = await response.json()
    assert (response.status, proof["action"], proof["cause"]) == (200, "session.deleted", "subject")
