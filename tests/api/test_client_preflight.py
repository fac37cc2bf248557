"""``POST /client/preflight``: a real measurement over HTTP, and who is refused."""

import json
from typing import Any

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from rtc_server.rtc.preflight import MAX_OF_SESSION
from tests.api.conftest import Edge
from tests.fakes.stage import eventually

PATH = "/client/preflight"


async def secret_of(edge: Edge) -> str:
    return str((await edge.create())["clientSecret"]["secret"])


async def an_offer() -> tuple[RTCPeerConnection, str]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.createDataChannel("preflight")
    await connection.setLocalDescription(await connection.createOffer())
    return connection, str(connection.localDescription.sdp)


async def test_a_page_measures_its_connection(edge: Edge) -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    results: list[dict[str, Any]] = []
    channel = connection.createDataChannel("preflight")
    channel.on("message", lambda data: results.append(json.loads(data)) if isinstance(data, str) else None)
    await connection.setLocalDescription(await connection.createOffer())
    body = {"sdp": connection.localDescription.sdp}
    response = await edge.call("POST", PATH, key=await secret_of(edge), json=body)
    assert response.status == 200, await response.text()
    answer = await response.json()
    assert answer.keys() == {"sdp", "type"}
    await connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))
    await eventually(lambda: bool(results), "nothing was measured")
    assert results[0]["transport"] == "udp"
    assert edge.calls.offers == [], "a measurement is no call"
    await connection.close()


async def test_a_session_measures_a_few_at_a_time(edge: Edge) -> None:
    secret = await secret_of(edge)
    connection, sdp = await an_offer()
    for _ in range(MAX_OF_SESSION):
        assert (await edge.call("POST", PATH, key=secret, json={"sdp": sdp})).status == 200
    response = await edge.call("POST", PATH, key=secret, json={"sdp": sdp})
    await edge.error(response, 429, "rate_limit_exceeded")
    assert int(response.headers["Retry-After"]) > 0
    await connection.close()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "parameter_missing"),
        ({"sdp": 7}, "wrong_type"),
        ({"sdp": "v" * 70_000}, "wrong_type"),
        ({"sdp": "hello"}, "invalid_sdp"),
    ],
)
async def test_an_offer_that_is_none_is_refused(edge: Edge, body: dict[str, Any], code: str) -> None:
    await edge.error(await edge.call("POST", PATH, key=await secret_of(edge), json=body), 400, code)


async def test_only_who_may_join_may_measure(edge: Edge) -> None:
    connection, sdp = await an_offer()
    unknown = await edge.call("POST", PATH, key="cs_" + "x" * 40, json={"sdp": sdp})
    await edge.error(unknown, 404, "client_secret_unknown")
    secret = await secret_of(edge)
    edge.clock[0] += 365 * 86_400_000
    expired = await edge.call("POST", PATH, key=secret, json={"sdp": sdp})
    await edge.error(expired, 410, "client_secret_expired")
    await connection.close()
