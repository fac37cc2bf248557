"""The sandbox in place of a person: forced outcomes, whole walks, and keys that may not."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.flows import APPENDIX_B
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, languages=("en", "de")) as opened:
        yield opened


async def new_session(server: WholeServer, **body: Any) -> str:
    session_id: str = (await server.post("/sessions", APPENDIX_B | body))["session"]["id"]
    return session_id


def outcomes(session: dict[str, Any]) -> dict[str, str]:
    return {report["nodeId"]: report["outcome"] for report in session["report"]["nodeReports"]}


async def test_the_example_of_the_contract_completes(server: WholeServer) -> None:
    session = await server.simulate(await new_session(server))
    assert session["status"] == "complete"
    assert outcomes(session) == {
        "hello": "live",
        "live": "livenessDetected",
        "mail": "verified",
        "bye_ok": "end_ok",
    }
    report = session["report"]
    assert (report["isVerified"], report["livenessDetected"]) == (True, True)
    assert report["verdict"]["simulated"] is True
    assert report["extractedData"] == {"agreed": None}


async def test_a_failing_walk_ends_too_and_verifies_nothing(server: WholeServer) -> None:
    session = await server.simulate(await new_session(server), "fail")
    assert session["status"] == "complete", "any end node completes"
    assert outcomes(session)["live"] == "deepfakeDetected"
    assert session["report"]["isVerified"] is False
    assert session["report"]["verdict"]["reasons"] == ["live:deepfakeDetected"]


async def test_single_outcomes_can_differ(server: WholeServer) -> None:
    session = await server.simulate(await new_session(server), outcomes={"mail": "delivery_failed"})
    assert outcomes(session)["mail"] == "delivery_failed"
    assert session["report"]["verdict"]["reasons"] == ["mail:delivery_failed"]


async def test_outcomes_can_be_decided_at_creation(server: WholeServer) -> None:
    session_id = await new_session(server, sandbox={"live": "noFace"})
    session = await server.simulate(session_id)
    assert outcomes(session) == {"hello": "live", "live": "noFace", "bye_no": "end_no"}
    assert session["settings"]["sandbox"] == {"live": "noFace"}


async def test_start_and_cancel(server: WholeServer) -> None:
    session_id = await new_session(server)
    started = await server.simulate(session_id, "start")
    assert started["status"] == "inProgress"
    assert "startedAt" in started
    cancelled = await server.simulate(session_id, "cancel")
    assert (cancelled["status"], cancelled["reason"]) == ("incomplete", "cancelled")


async def test_real_events_are_written(server: WholeServer) -> None:
    session_id = await new_session(server)
    await server.simulate(session_id)
    events = await server.stage.store.events(session_id)
    assert [(event.type, event.data["status"]) for event in events] == [
        ("session.status", "created"),
        ("session.status", "inProgress"),
        ("session.status", "complete"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({}, 400, "parameter_missing", "action"),
        ({"action": "jump"}, 400, "invalid_value", "action"),
        ({"action": "outcome"}, 400, "parameter_missing", "outcome"),
        ({"action": "outcome", "outcome": 7}, 400, "wrong_type", "outcome"),
        ({"action": "outcome", "outcome": "no such"}, 400, "invalid_outcome", None),
        ({"action": "outcome", "outcome": "go", "nodeId": "mail"}, 409, "wrong_node", None),
        ({"action": "complete", "outcomes": {"nowhere": "x"}}, 400, "invalid_outcome", None),
        ({"action": "complete", "outcomes": {"live": "x"}}, 400, "invalid_outcome", None),
        ({"action": "complete", "surprise": 1}, 400, "unknown_field", "surprise"),
    ],
)
async def test_a_wrong_step_is_named(
    server: WholeServer, body: dict[str, Any], status: int, code: str, param: str | None
) -> None:
    session_id = await new_session(server)
    response = await server.call("POST", f"/sessions/{session_id}/simulate", json=body)
    error = (await response.json())["error"]
    assert (response.status, error["code"], error.get("param")) == (status, code, param)
    assert (await server.get(f"/sessions/{session_id}"))["session"]["status"] == "created", "nothing moved"


async def test_a_finished_session_cannot_be_moved(server: WholeServer) -> None:
    session_id = await new_session(server)
    await server.simulate(session_id)
    response = await server.call("POST", f"/sessions/{session_id}/simulate", json={"action": "complete"})
    assert response.status == 409


async def test_production_is_real(server: WholeServer) -> None:
    body = APPENDIX_B | {"sandbox": {"live": "livenessDetected"}}
    response = await server.call("POST", "/sessions", json=body, key=PRODUCTION_KEY)
    error = (await response.json())["error"]
    assert (response.status, error["param"]) == (400, "sandbox")
    session_id = (await server.post("/sessions", APPENDIX_B, key=PRODUCTION_KEY))["session"]["id"]
    path = f"/sessions/{session_id}/simulate"
    refused = await server.call("POST", path, json={"action": "complete"}, key=PRODUCTION_KEY)
    assert (refused.status, (await refused.json())["error"]["code"]) == (403, "sandbox_only")
    for key in (None, OTHER_KEY):
        options = {"key": key} if key else {}
        stranger = await server.call("POST", path, json={"action": "complete"}, **options)
        assert stranger.status == 404, "sandbox and production never see each other"


@pytest.mark.parametrize(
    ("sandbox", "param", "says"),
    [
        ({"nowhere": "x"}, "sandbox.nowhere", "no node"),
        ({"live": "verified"}, "sandbox.live", "livenessDetected"),
        ({"s": "hello"}, "sandbox.s", "no outcome of this start node"),
        ({"live": 1}, "sandbox.live", "must be a string"),
        ([], "sandbox", "must be an object"),
    ],
)
async def test_outcomes_that_cannot_be_forced_are_named(
    server: WholeServer, sandbox: Any, param: str, says: str
) -> None:
    response = await server.call("POST", "/sessions", json=APPENDIX_B | {"sandbox": sandbox})
    assert response.status == 400
    error = (await response.json())["error"]
    assert error["param"] == param
    assert says in error["message"]
