"""The vendor's JavaScript SDK as it stands on the wire (contract §11.3): its headers, its bodies, its careless URLs.

The package itself is not run here; these requests are written from what its request function sends.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.api.access.limits import LimitSettings
from tests.api.flows import APPENDIX_B, GRAPH
from tests.fakes.whole_server import SANDBOX_KEY, WholeServer, open_server

NODE_FETCH = {
    "User-Agent": "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "Accept": "*/*",
    "Accept-Encoding": "gzip,deflate",
    "authorization": f"Bearer {SANDBOX_KEY}",
}
CURRENT = NODE_FETCH | {"Facesign-Version": "2024-12-18", "x-facesign-api-version": "1.0.47"}
ORIGINAL = NODE_FETCH | {"Facesign-Version": "2024-10-11", "x-facesign-api-version": "1.0.2"}
WHITELIST = (
    "clientReferenceId", "metadata", "providedData", "avatarId", "langs", "defaultLang", "zone", "flow",
    "customization", "videoAIAnalysisEnabled", "extractionSchema", "backgroundAssetId",
)  # fmt: skip
"""The body keys of package 1.0.47."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, limits=LimitSettings(sandbox_per_minute=0)) as opened:
        yield opened


async def send(
    server: WholeServer, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """What the SDK's request function does; the content type is sent only with a body."""
    options: dict[str, Any] = {} if body is None else {"json": body}
    response = await server.client.session.request(method, server.url + path, headers=headers or CURRENT, **options)
    return response.status, await response.json()


async def test_every_key_that_the_sdk_sends_is_taken_and_echoed(server: WholeServer) -> None:
    body = APPENDIX_B | {
        "avatarId": "June_HR_public",
        "customization": {
            "permissionsPage": {"buttonText": "Go", "buttonTextTranslates": {"de": "Los"}},
            "controls": {"showUxControls": True, "captionsOpenedByDefault": True, "buttons": [], "autoHide": False},
        },
        "videoAIAnalysisEnabled": True,
        "backgroundAssetId": "asset-1",
    }
    assert set(body) == set(WHITELIST)
    status, created = await send(server, "POST", "/sessions", body)
    assert status == 200
    assert created["session"]["settings"] == body
    assert {"session", "clientSecret", "warnings"} == set(created)


@pytest.mark.parametrize("path", ["/sessions", "//sessions", "/v1/sessions", "/sessions/"])
async def test_base_urls_are_joined_carelessly(server: WholeServer, path: str) -> None:
    status, created = await send(server, "POST", path, {"flow": APPENDIX_B["flow"]})
    assert status == 200
    status, retrieved = await send(server, "GET", f"{path}/{created['session']['id']}")
    assert (status, retrieved["session"]["id"]) == (200, created["session"]["id"])


@pytest.mark.parametrize("headers", [CURRENT, ORIGINAL])
@pytest.mark.parametrize("body", [{}, None])
async def test_an_empty_create_is_answered_cleanly(server: WholeServer, headers: dict[str, str], body: Any) -> None:
    """Contract C12: ``create({})``, and a POST without any body."""
    status, answer = await send(server, "POST", "/sessions", body, headers)
    assert status == 400
    assert answer["error"]["type"] == "validation_error"
    assert answer["error"]["code"] == "parameter_missing"
    assert "flow" in answer["error"]["message"]


async def test_a_later_version_may_send_what_is_unknown_here(server: WholeServer) -> None:
    """No SDK call breaks because its author added a field."""
    flow = [dict(node) for node in APPENDIX_B["flow"]]
    flow[1]["brandNewOption"] = True
    body = {"flow": flow, "brandNewSetting": {"a": 1}}
    status, created = await send(server, "POST", "/sessions", body)
    assert status == 200
    assert created["session"]["settings"]["brandNewSetting"] == {"a": 1}
    told = " ".join(created["warnings"])
    assert "brandNewSetting" in told
    assert "brandNewOption" in told
    without = {name: value for name, value in CURRENT.items() if name != "x-facesign-api-version"}
    status, refused = await send(server, "POST", "/sessions", body, without)
    assert status == 400
    assert {detail["path"] for detail in refused["error"]["details"]} == {"brandNewSetting", "flow[1].brandNewOption"}


async def test_a_fresh_session_reads_as_in_the_newest_types(server: WholeServer) -> None:
    """Contract C11."""
    body = {"clientReferenceId": "r-1", "metadata": {"a": [1, None]}, "flow": APPENDIX_B["flow"]}
    _, created = await send(server, "POST", "/sessions", body)
    status, retrieved = await send(server, "GET", f"/sessions/{created['session']['id']}")
    assert status == 200
    session = retrieved["session"]
    assert session["status"] == "created"
    assert session["report"] == {"transcript": [], "lang": "en", "nodeReports": []}
    assert session["settings"] == body | {"avatarId": "June_HR_public"}
    assert retrieved["clientSecret"] == created["clientSecret"], "the secret of the creation comes again"
    assert not {"transcript", "data"} & session.keys()


async def test_list_with_repeated_status_and_texts_for_booleans(server: WholeServer) -> None:
    _, first = await send(server, "POST", "/sessions", {"flow": APPENDIX_B["flow"]})
    _, second = await send(server, "POST", "/sessions", {"flow": APPENDIX_B["flow"]})
    await server.simulate(second["session"]["id"])
    query = "limit=10&status=complete&status=incomplete&includeTotal=true&sortBy=createdAt&sortOrder=desc"
    status, page = await send(server, "GET", f"/sessions?{query}")
    assert status == 200
    assert [entry["id"] for entry in page["sessions"]] == [second["session"]["id"]]
    assert (page["totalCount"], page["hasMore"]) == (1, False)
    _, everything = await send(server, "GET", "/sessions")
    assert {entry["id"] for entry in everything["sessions"]} == {first["session"]["id"], second["session"]["id"]}


async def test_the_remaining_calls(server: WholeServer) -> None:
    _, created = await send(server, "POST", "/sessions", {"flow": APPENDIX_B["flow"]})
    status, secret = await send(server, "GET", f"/sessions/{created['session']['id']}/refresh")
    assert status == 200
    assert set(secret) == {"secret", "createdAt", "expireAt", "url"}
    for path in ("/langs", "/avatars"):
        status, entries = await send(server, "GET", path)
        assert status == 200
        assert isinstance(entries, list)
        assert entries


@pytest.mark.parametrize("path", ["/sessions/nobody", "/nothing", "/sessions?limit=x"])
async def test_an_error_is_readable_json_because_the_sdk_shows_it_raw(server: WholeServer, path: str) -> None:
    status, answer = await send(server, "GET", path)
    assert status in (400, 404)
    assert answer["error"]["message"]


async def test_the_client_of_2024_reads_its_own_words(server: WholeServer) -> None:
    """Contract C21: package 1.0.2 asks for data and finds it at the top of the session."""
    body = {
        "clientReferenceId": "r-2",
        "metadata": {},
        "requestedData": [{"key": "city", "isRequired": True, "description": "where you live"}],
        "initialPhrase": "Welcome to the check.",
        "finalPhrase": "Goodbye.",
        "avatarId": "June_HR_public",
        "voiceId": "some-voice",
        "avatar": "heygen",
        "lang": "en",
        "zone": "eu",
    }
    status, created = await send(server, "POST", "/sessions", body, ORIGINAL)
    assert status == 200, created
    session = created["session"]
    assert session["status"] == "requiresInput"
    assert (session["transcript"], session["data"]) == ([], {})
    assert session["settings"] == body
    flow = (await server.get(f"/sessions/{session['id']}/flow"))["flow"]
    spoken = " ".join(str(node.get("prompt", "")) for node in flow)
    assert "Welcome to the check." in spoken
    assert "Goodbye." in spoken
    await server.simulate(session["id"])
    _, retrieved = await send(server, "GET", f"/sessions/{session['id']}", headers=ORIGINAL)
    assert retrieved["session"]["status"] == "complete"
    assert retrieved["session"]["data"] == {}, "nobody said a city"


async def test_two_phrases_were_once_enough(server: WholeServer) -> None:
    body = {"initialPhrase": "Welcome.", "finalPhrase": "Goodbye."}
    status, created = await send(server, "POST", "/sessions", body, ORIGINAL)
    assert status == 200, created
    finished = await server.simulate(created["session"]["id"])
    assert finished["status"] == "complete"
    assert finished["report"]["verdict"]["reasons"] == ["nothing_checked"]


async def test_a_graph_from_the_flow_designer(server: WholeServer) -> None:
    status, created = await send(server, "POST", "/sessions", {"flow": GRAPH | {"version": "1.0"}})
    assert status == 200, created
    flow = (await server.get(f"/sessions/{created['session']['id']}/flow"))["flow"]
    assert [node["id"] for node in flow] == ["start", "live", "end"]
