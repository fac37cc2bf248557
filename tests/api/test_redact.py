"""Ending and erasing: cancel, redact, and who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.flows import APPENDIX_B
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path) as opened:
        yield opened


async def new_session(server: WholeServer) -> str:
    session_id: str = (await server.post("/sessions", APPENDIX_B))["session"]["id"]
    return session_id


async def test_a_session_can_be_cancelled_before_it_begins(server: WholeServer) -> None:
    created = await server.post("/sessions", APPENDIX_B)
    path = f"/sessions/{created['session']['id']}/cancel"
    session = (await server.post(path, {}))["session"]
    assert (session["status"], session["reason"]) == ("incomplete", "cancelled")
    page = await server.call("GET", "/client/session", key=created["clientSecret"]["secret"])
    assert page.status == 409
    assert (await server.post(path, {}))["session"] == session, "repeating it is harmless"
    refresh = await server.call("GET", path.replace("/cancel", "/refresh"))
    assert refresh.status == 409


async def test_a_running_session_can_be_cancelled(server: WholeServer) -> None:
    session_id = await new_session(server)
    record = await server.stage.store.session(session_id)
    assert record is not None
    peer = await server.stage.join(record)
    session = (await server.post(f"/sessions/{session_id}/cancel", {}))["session"]
    assert (session["status"], session["reason"]) == ("incomplete", "cancelled")
    assert session["report"]["verdict"]["isVerified"] is False
    await peer.close()


async def test_a_session_that_came_to_its_end_cannot_be_cancelled(server: WholeServer) -> None:
    session_id = await new_session(server)
    await server.simulate(session_id)
    response = await server.call("POST", f"/sessions/{session_id}/cancel")
    error = (await response.json())["error"]
    assert (response.status, error["code"], error["status"]) == (409, "session_finished", "complete")


async def test_redaction_keeps_outcomes_and_nothing_personal(server: WholeServer) -> None:
    session_id = await new_session(server)
    await server.simulate(session_id)
    path = f"/sessions/{session_id}/redact"
    session = (await server.post(path, {}))["session"]
    assert session["redactedAt"]
    assert session["status"] == "complete"
    assert session["report"]["isVerified"] is True
    assert [entry["outcome"] for entry in session["report"]["nodeReports"]]
    everything = str(await server.get(f"/sessions/{session_id}"))
    for personal in ("Robin", "robin@example.org", "order-77", "channel"):
        assert personal not in everything
    assert (await server.post(path, {}))["session"] == session, "repeating it is harmless"


async def test_redaction_takes_the_kept_answer_to_the_create_call_with_it(server: WholeServer) -> None:
    once = {"Idempotency-Key": "order 77"}
    session_id = (await server.post("/sessions", APPENDIX_B, headers=once))["session"]["id"]
    await server.simulate(session_id)
    assert (await server.post("/sessions", APPENDIX_B, headers=once))["session"]["id"] == session_id
    await server.post(f"/sessions/{session_id}/redact", {})
    again = await server.call("POST", "/sessions", json=APPENDIX_B, headers=once)
    assert "Idempotent-Replayed" not in again.headers
    assert (await again.json())["session"]["id"] != session_id


async def test_a_session_that_has_not_ended_is_not_redacted(server: WholeServer) -> None:
    response = await server.call("POST", f"/sessions/{await new_session(server)}/redact")
    error = (await response.json())["error"]
    assert (response.status, error["code"]) == (409, "session_not_finished")
    assert "cancel" in error["message"]


@pytest.mark.parametrize("call", ["cancel", "redact", "simulate", "refresh", "flow", ""])
@pytest.mark.parametrize("key", [OTHER_KEY, PRODUCTION_KEY])
async def test_to_others_a_session_does_not_exist(server: WholeServer, call: str, key: str) -> None:
    path = f"/sessions/{await new_session(server)}/{call}"
    method = "POST" if call in ("cancel", "redact", "simulate") else "GET"
    body = {"action": "complete"} if call == "simulate" else {}
    response = await server.call(method, path, key=key, **({"json": body} if method == "POST" else {}))
    assert (response.status, (await response.json())["error"]["code"]) == (404, "session_not_found")
