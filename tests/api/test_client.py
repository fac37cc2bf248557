"""The session page's calls: what a client secret opens, when, and how bad offers are answered."""

from typing import Any

import pytest

from conversation.flow.schema.check import check_flow
from rtc_server.api.ports import CallError, Candidate
from rtc_server.api.resources.client_session import asks_permissions_first, possible_languages
from rtc_server.api.resources.visitor import accepted_languages
from tests.api.conftest import KEY, OFFER, START_MS, Edge, FakeCalls, busy

PATHS = [
    ("GET", "/client/session"),
    ("POST", "/client/offer"),
    ("POST", "/client/candidates"),
    ("POST", "/client/leave"),
]
TWO_HOURS_MS = 7_200_000


async def secret_of_new_session(edge: Edge, **body: Any) -> tuple[str, str]:
    created = await edge.create(**body)
    return created["session"]["id"], created["clientSecret"]["secret"]


async def test_the_page_learns_what_it_needs(edge: Edge) -> None:
    session_id, secret = await secret_of_new_session(edge)
    response = await edge.call("GET", "/client/session", key=secret)
    assert await response.json() == {
        "session": {"id": session_id, "status": "created", "language": "en"},
        "avatar": {"id": "ava", "name": "Ava", "persona": "ava"},
        "customization": {},
        "iceServers": [
            {"urls": ["stun:stun.example.org"]},
            {"urls": ["turn:turn.example.org"], "username": "u", "credential": "p"},
        ],
        "heartbeatMs": 1000,
        "captions": True,
        "languages": [{"id": "en", "title": "English"}],
        "asksPermissions": False,
        "pageLanguage": "en",
        "embedders": ["*"],
        "consent": None,
        "recording": ["userAudio", "avatarAudio"],
        "expiresAt": START_MS + TWO_HOURS_MS,
    }


async def test_the_integrator_chooses_captions_and_texts(edge: Edge) -> None:
    customization = {"controls": {"captionsOpenedByDefault": False}, "permissionsPage": {"buttonText": "Go"}}
    _, secret = await secret_of_new_session(edge, customization=customization)
    data = await (await edge.call("GET", "/client/session", key=secret)).json()
    assert data["captions"] is False
    assert data["customization"] == customization


@pytest.mark.parametrize(
    ("langs", "expected"),
    [
        ([], ["en", "de", "zh-TW"]),
        (["de-AT", "fr"], ["de"]),
        (["fr"], ["en", "de", "zh-TW"]),
        (["zh-Hant", "en"], ["en", "zh-TW"]),
    ],
)
def test_the_person_chooses_among_what_is_allowed_and_spoken(langs: list[str], expected: list[str]) -> None:
    assert possible_languages(langs, ["en", "de", "zh-TW"]) == expected


def node(node_id: str, node_type: str, **fields: Any) -> dict[str, Any]:
    return {"id": node_id, "type": node_type, **fields}


PERMISSIONS = node("p", "permissions", outcomes={"permissionsGranted": "e", "permissionsDenied": "e"})
TALK = node("t", "conversation", prompt="Say: hello", outcomes=[{"id": "o", "targetNodeId": "e", "condition": ""}])
BRANCH = node(
    "b",
    "field_condition",
    rules=[
        {
            "left": {"source": "providedData", "field": "a"},
            "operator": "exists",
            "outcome": "p",
        }
    ],
    default="p",
)


@pytest.mark.parametrize(
    ("first", "nodes", "asks"),
    [
        ("p", [PERMISSIONS], True),
        ("t", [TALK], False),
        ("b", [BRANCH, PERMISSIONS], True),
        ("b", [BRANCH | {"default": "t"}, PERMISSIONS, TALK], False),
    ],
)
def test_the_page_asks_for_devices_unless_the_flow_does_so_first(
    first: str, nodes: list[dict[str, Any]], asks: bool
) -> None:
    flow = [node("s", "start", outcome=first), *nodes, node("e", "end")]
    check = check_flow(flow)
    assert not check.problems, check.problems
    assert asks_permissions_first(check.nodes) is asks


async def test_an_offer_tells_who_comes(edge: Edge) -> None:
    _, secret = await secret_of_new_session(edge)
    headers = {"User-Agent": "Browser/1", "Accept-Language": "fr;q=0.5, de-AT, en;q=0.8, *;q=0.1, xx;q=0"}
    body = {"pageId": "p", "sdp": OFFER, "language": "zh-TW"}
    assert (await edge.call("POST", "/client/offer", key=secret, json=body, headers=headers)).status == 200
    (visitor,) = edge.calls.visitors
    assert visitor.user_agent == "Browser/1"
    assert visitor.languages == ("zh-TW", "de-AT", "en", "fr")
    assert visitor.address == "127.0.0.1"


@pytest.mark.parametrize("header", ["", ",,,", "de;q=x", "\u00fc", "a" * 9_000, "en;q=0", ";" * 500])
def test_a_strange_list_of_languages_names_none(header: str) -> None:
    assert accepted_languages(header) == ()


async def test_an_offer_reaches_the_calls_and_the_answer_the_page(edge: Edge) -> None:
    session_id, secret = await secret_of_new_session(edge)
    body = {"pageId": "page-1", "sdp": OFFER, "type": "offer", "somethingNewer": 1}
    response = await edge.call("POST", "/client/offer", key=secret, json=body)
    assert response.status == 200
    assert await response.json() == {"peerId": "peer-1", "sdp": "v=0\r\n", "type": "answer"}
    assert edge.calls.offers == [(session_id, "page-1", OFFER)]


async def test_candidates_arrive_as_the_browser_writes_them(edge: Edge) -> None:
    session_id, secret = await secret_of_new_session(edge)
    line = "candidate:1 1 udp 2122 192.0.2.1 5000 typ host"
    candidates = [
        {"candidate": line, "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": "x"},
        {"candidate": "", "sdpMid": None, "sdpMLineIndex": None},
    ]
    body = {"peerId": "peer-1", "candidates": candidates}
    response = await edge.call("POST", "/client/candidates", key=secret, json=body)
    assert response.status == 204
    assert edge.calls.trickled == [(session_id, "peer-1", [Candidate(line, "0", 0), Candidate("", None, None)])]


@pytest.mark.parametrize(("body", "peer_id"), [(b"", None), (b"{}", None), (b'{"peerId": "peer-1"}', "peer-1")])
async def test_the_person_may_leave(edge: Edge, body: bytes, peer_id: str | None) -> None:
    session_id, secret = await secret_of_new_session(edge)
    assert (await edge.call("POST", "/client/leave", key=secret, data=body)).status == 204
    assert edge.calls.left == [(session_id, peer_id)]


@pytest.mark.parametrize("secret", ["", "cs", "cs" + "0" * 32, "cs" + "A" * 32, KEY, "x" * 4000])
async def test_a_foreign_secret_opens_nothing(edge: Edge, secret: str) -> None:
    await secret_of_new_session(edge)
    for method, path in PATHS:
        await edge.error(await edge.call(method, path, key=secret), 404, "client_secret_unknown")


async def test_a_finished_session_is_closed_to_its_page(edge: Edge) -> None:
    session_id, secret = await secret_of_new_session(edge)
    await edge.stores.sessions.finish_session(
        session_id, [], status="incomplete", reason="cancelled", report={}, finished_at=1
    )
    edge.clock[0] += TWO_HOURS_MS * 2
    for method, path in PATHS:
        error = await edge.error(await edge.call(method, path, key=secret), 409, "session_finished")
        assert error["status"] == "incomplete"
    assert edge.calls == FakeCalls()


async def test_an_expired_secret_opens_nothing_new(edge: Edge) -> None:
    _, secret = await secret_of_new_session(edge)
    edge.clock[0] += TWO_HOURS_MS - 1
    assert (await edge.call("GET", "/client/session", key=secret)).status == 200
    edge.clock[0] += 1
    await edge.error(await edge.call("GET", "/client/session", key=secret), 410, "client_secret_expired")
    offer = await edge.call("POST", "/client/offer", key=secret, json={"pageId": "p", "sdp": OFFER, "type": "offer"})
    await edge.error(offer, 410, "client_secret_expired")


async def test_an_expired_secret_does_not_cut_a_running_call(edge: Edge) -> None:
    session_id, secret = await secret_of_new_session(edge)
    body = {"pageId": "page-1", "sdp": OFFER, "type": "offer"}
    assert (await edge.call("POST", "/client/offer", key=secret, json=body)).status == 200
    await edge.stores.sessions.update_session(session_id, status="inProgress", started_at=START_MS)
    edge.clock[0] += TWO_HOURS_MS + 1
    assert (await edge.call("POST", "/client/offer", key=secret, json=body)).status == 200, "the same page redials"
    trickle = {"peerId": "peer-2", "candidates": []}
    assert (await edge.call("POST", "/client/candidates", key=secret, json=trickle)).status == 204
    other = await edge.call("POST", "/client/offer", key=secret, json=body | {"pageId": "page-2"})
    await edge.error(other, 410, "client_secret_expired")
    assert (await edge.call("POST", "/client/leave", key=secret, json={"peerId": "peer-2"})).status == 204


async def test_a_reload_within_the_time_resumes(edge: Edge) -> None:
    session_id, secret = await secret_of_new_session(edge)
    await edge.stores.sessions.update_session(session_id, status="inProgress", started_at=START_MS)
    for page_id in ("page-1", "page-2"):
        data = await (await edge.call("GET", "/client/session", key=secret)).json()
        assert data["session"]["status"] == "inProgress"
        body = {"pageId": page_id, "sdp": OFFER, "type": "offer"}
        assert (await edge.call("POST", "/client/offer", key=secret, json=body)).status == 200


@pytest.mark.parametrize(
    ("sdp", "why"),
    [
        ("", "v=0"),
        ("hello", "v=0"),
        ("v=0\r\n" + "a" * 70_000, "longer than"),
        (OFFER.replace("m=audio", "m=video"), "no audio"),
        (OFFER.replace("m=application", "m=video"), "no data channel"),
        (OFFER.replace("a=ice-ufrag", "a=x"), "no ICE"),
        (OFFER.replace("a=fingerprint", "a=x"), "no DTLS"),
    ],
)
async def test_a_broken_offer_is_named(edge: Edge, sdp: str, why: str) -> None:
    _, secret = await secret_of_new_session(edge)
    response = await edge.call("POST", "/client/offer", key=secret, json={"pageId": "p", "sdp": sdp, "type": "offer"})
    error = await edge.error(response, 400, "invalid_sdp")
    assert error["param"] == "sdp"
    assert why in error["message"]
    assert edge.calls.offers == []


@pytest.mark.parametrize(
    ("path", "body", "code", "param"),
    [
        ("offer", {}, "parameter_missing", "pageId"),
        ("offer", {"pageId": 7}, "invalid_value", "pageId"),
        ("offer", {"pageId": "a b"}, "invalid_value", "pageId"),
        ("offer", {"pageId": "x" * 65}, "invalid_value", "pageId"),
        ("offer", {"pageId": "p", "sdp": OFFER, "language": 7}, "wrong_type", "language"),
        ("offer", {"pageId": "p", "sdp": OFFER, "language": "x" * 36}, "wrong_type", "language"),
        ("offer", {"pageId": "p", "sdp": 7}, "wrong_type", "sdp"),
        ("offer", {"pageId": "p", "sdp": OFFER, "type": "answer"}, "invalid_value", "type"),
        ("candidates", {"candidates": []}, "parameter_missing", "peerId"),
        ("candidates", {"peerId": "p"}, "wrong_type", "candidates"),
        ("candidates", {"peerId": "p", "candidates": [{}] * 101}, "invalid_value", "candidates"),
        ("candidates", {"peerId": "p", "candidates": [7]}, "wrong_type", "candidates[0]"),
        ("candidates", {"peerId": "p", "candidates": [{}]}, "wrong_type", "candidates[0].candidate"),
        (
            "candidates",
            {"peerId": "p", "candidates": [{"candidate": "c" * 1025}]},
            "wrong_type",
            "candidates[0].candidate",
        ),
        (
            "candidates",
            {"peerId": "p", "candidates": [{"candidate": "", "sdpMid": 1}]},
            "wrong_type",
            "candidates[0].sdpMid",
        ),
        (
            "candidates",
            {"peerId": "p", "candidates": [{"candidate": "", "sdpMLineIndex": True}]},
            "wrong_type",
            "candidates[0].sdpMLineIndex",
        ),
        ("leave", {"peerId": []}, "invalid_value", "peerId"),
    ],
)
async def test_a_wrong_field_is_named(edge: Edge, path: str, body: dict[str, Any], code: str, param: str) -> None:
    _, secret = await secret_of_new_session(edge)
    response = await edge.call("POST", f"/client/{path}", key=secret, json=body)
    assert (await edge.error(response, 400, code))["param"] == param


async def test_a_full_server_says_when_to_come_back(edge: Edge) -> None:
    _, secret = await secret_of_new_session(edge)
    body = {"pageId": "p", "sdp": OFFER, "type": "offer"}
    edge.calls.refuse = busy()
    response = await edge.call("POST", "/client/offer", key=secret, json=body)
    error = await edge.error(response, 503, "busy")
    assert error["type"] == "server_error"
    assert response.headers["Retry-After"] == "3"
    edge.calls.refuse = CallError("invalid_sdp", "The offer has no codec that we speak.", 400)
    await edge.error(await edge.call("POST", "/client/offer", key=secret, json=body), 400, "invalid_sdp")
