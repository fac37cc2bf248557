"""Create, retrieve, refresh: the contract's shapes, and who may see what."""

import asyncio
import re
from typing import Any

import pytest

from rtc_server.storage.ports import SessionRecord
from tests.api.conftest import FLOW, KEY, OTHER_KEY, START_MS, Edge

BODY: dict[str, Any] = {
    "clientReferenceId": "order-77",
    "metadata": {"channel": "web", "nested": {"a": [1, None, True]}},
    "providedData": {"name": "Robin", "age": 40, "member": True},
    "langs": ["en", "pt-BR"],
    "defaultLang": "en",
    "zone": "eu",
    "customization": {"controls": {"buttons": [], "autoHide": False}, "permissionsPage": {"buttonText": "Go"}},
    "videoAIAnalysisEnabled": False,
    "extractionSchema": [{"fieldName": "agreed", "type": "boolean", "description": "Did they agree?"}],
    "backgroundAssetId": "asset-1",
    "flow": FLOW,
}


async def test_create_answers_as_the_contract_says(edge: Edge) -> None:
    response = await edge.call("POST", "/sessions", json=BODY)
    assert response.status == 200
    assert response.headers["Facesign-Version"] == "2024-12-18"
    assert response.headers["Cache-Control"] == "no-store"
    data = await response.json()
    assert set(data) == {"session", "clientSecret", "warnings"}
    assert any(warning.startswith("backgroundAssetId has no effect") for warning in data["warnings"])
    session, secret = data["session"], data["clientSecret"]
    assert re.fullmatch(r"[A-Za-z0-9]{20}", session["id"])
    assert session == {
        "id": session["id"],
        "createdAt": START_MS,
        "status": "created",
        "settings": BODY | {"avatarId": "ava"},
        "version": "2024-12-18",
        "report": {"transcript": [], "lang": "en", "nodeReports": []},
    }
    assert list(session["settings"]) == [*BODY, "avatarId"], "echoed key for key"
    assert re.fullmatch(r"cs[0-9a-f]{32}", secret["secret"])
    assert secret == {
        "secret": secret["secret"],
        "createdAt": START_MS,
        "expireAt": START_MS + 7_200_000,
        "url": f"https://verify.example.org?cs={secret['secret']}",
    }


async def test_retrieve_gives_the_same_session_and_secret(edge: Edge) -> None:
    created = await edge.create()
    response = await edge.call("GET", f"/sessions/{created['session']['id']}")
    assert response.status == 200
    assert await response.json() == {name: created[name] for name in ("session", "clientSecret")}


async def test_times_and_report_appear_when_they_exist(edge: Edge) -> None:
    session_id = (await edge.create())["session"]["id"]
    await edge.stores.sessions.update_session(session_id, status="inProgress", started_at=START_MS + 1)
    await edge.stores.sessions.finish_session(
        session_id, [], status="complete", reason="end", report={"lang": "de"}, finished_at=START_MS + 2
    )
    session = (await (await edge.call("GET", f"/sessions/{session_id}")).json())["session"]
    assert session["status"] == "complete"
    assert (session["startedAt"], session["finishedAt"]) == (START_MS + 1, START_MS + 2)
    assert session["report"] == {"lang": "de"}
    await edge.error(await edge.call("GET", f"/sessions/{session_id}/refresh"), 409, "session_finished")


async def test_refresh_replaces_the_secret_and_keeps_the_session(edge: Edge) -> None:
    created = await edge.create()
    session_id = created["session"]["id"]
    edge.clock[0] += 60_000
    response = await edge.call("GET", f"/sessions/{session_id}/refresh")
    fresh = await response.json()
    assert set(fresh) == {"secret", "createdAt", "expireAt", "url"}
    assert fresh["secret"] != created["clientSecret"]["secret"]
    assert fresh["expireAt"] == START_MS + 60_000 + 7_200_000
    retrieved = await (await edge.call("GET", f"/sessions/{session_id}")).json()
    assert retrieved == {"session": created["session"], "clientSecret": fresh}
    old = await edge.call("GET", "/client/session", key=created["clientSecret"]["secret"])
    await edge.error(old, 404, "client_secret_unknown")
    assert (await edge.call("GET", "/client/session", key=fresh["secret"])).status == 200


async def test_the_secret_itself_is_not_stored(edge: Edge, tmp_path: Any) -> None:
    secret = (await edge.create())["clientSecret"]["secret"]
    await edge.stores.sessions.close()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("visavis.db*"))
    assert b"order" in content or b"ask" in content, "this is the database"
    assert secret.encode() not in content
    assert KEY.encode() not in content


async def test_sessions_of_another_tenant_look_like_none(edge: Edge) -> None:
    session_id = (await edge.create())["session"]["id"]
    for path in (f"/sessions/{session_id}", f"/sessions/{session_id}/refresh"):
        foreign = await edge.error(await edge.call("GET", path, key=OTHER_KEY), 404, "session_not_found")
        missing = await edge.error(await edge.call("GET", path.replace(session_id, "x" * 20)), 404, "session_not_found")
        assert foreign["type"] == "not_found_error"
        assert {**foreign, "requestId": ""} == {**missing, "requestId": ""}
    assert (await edge.call("GET", f"/sessions/{session_id}")).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer sk_test_unknown0000000"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": "Bearer " + "x" * 4000},
        {"Authorization": "", "X-API-Key": "sk_test_unknown0000000"},
        {"Authorization": "Bearer cs" + "0" * 32},
    ],
)
async def test_without_a_known_key_nothing_is_told(edge: Edge, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/sessions"), ("GET", "/sessions/x"), ("GET", "/sessions/x/refresh")):
        response = await edge.call(method, path, headers=headers)
        assert response.status == 401
        error = (await response.json())["error"]
        assert error["type"] == "authentication_error"
        assert error["code"] in ("api_key_missing", "invalid_api_key")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "", "X-API-Key": KEY},
        {"Authorization": "", "x-api-KEY": KEY},
        {"authorization": f"bearer   {KEY} "},
    ],
)
async def test_a_key_may_come_in_several_ways(edge: Edge, headers: dict[str, str]) -> None:
    response = await edge.client.post("/sessions", json={"flow": FLOW}, headers=headers)
    assert response.status == 200


async def test_an_unknown_avatar_is_replaced_with_a_warning(edge: Edge) -> None:
    created = await edge.create(avatarId="June_HR_public")
    assert created["session"]["settings"]["avatarId"] == "June_HR_public"
    assert any("June_HR_public" in warning for warning in created["warnings"])
    page = await (await edge.call("GET", "/client/session", key=created["clientSecret"]["secret"])).json()
    assert page["avatar"]["id"] == "ava"


async def test_all_problems_of_a_call_come_at_once(edge: Edge) -> None:
    flow = [
        {"id": "s", "type": "start", "outcome": "nowhere"},
        {"id": "c", "type": "conversation", "outcomes": []},
        {"id": "e", "type": "end"},
    ]
    response = await edge.call("POST", "/sessions", json={"flow": flow, "langs": "en", "client_reference_id": "x"})
    error = await edge.error(response, 400, "wrong_type")
    assert error["type"] == "validation_error"
    assert error["param"] == "langs"
    by_path = {detail["path"]: detail for detail in error["details"]}
    assert by_path["langs"]["message"] == "must be an array, not a string"
    assert "did you mean 'clientReferenceId'" in by_path["client_reference_id"]["message"]
    assert by_path["flow[0].outcome"]["rule"] == "valid_references"
    assert any(path.startswith("flow[1]") for path in by_path)


async def test_a_prompt_of_20000_characters_is_refused_by_its_path(edge: Edge) -> None:
    flow = [FLOW[0], FLOW[1] | {"prompt": "p" * 20_000}, FLOW[2]]
    response = await edge.call("POST", "/sessions", json={"flow": flow})
    assert response.status == 400
    assert (await response.json())["error"]["param"] == "flow[1].prompt"


@pytest.mark.parametrize("flow", [FLOW, None, [], 7])
@pytest.mark.parametrize(
    "fields",
    [
        {"sandbox": [1]},
        {"sandbox": {"ask": []}},
        {"sandbox": 7},
        {"initialPhrase": 7},
        {"finalPhrase": []},
        {"requestedData": 7},
        {"flowId": 7, "flowVersion": "x"},
        {"flowVersion": 2**70},
        {"avatarId": {}},
        {"langs": [[]], "defaultLang": {}},
        {"customization": {"permissionsBackgroundType": 7}},
        {"extractionSchema": [7]},
        {"clientReferenceId": "\x00"},
    ],
    ids=str,
)
async def test_wrong_types_are_named_whatever_stands_beside(edge: Edge, fields: dict[str, Any], flow: Any) -> None:
    for headers in ({}, {"x-facesign-api-version": "1.0.47"}):
        response = await edge.call("POST", "/sessions", json={"flow": flow} | fields, headers=headers)
        assert response.status == 400, await response.text()
        assert (await response.json())["error"]["param"].startswith(tuple(fields))


@pytest.mark.parametrize("body", [b"", b"{}", b'{"flow": null}'])
async def test_a_call_without_a_flow_says_so(edge: Edge, body: bytes) -> None:
    error = await edge.error(await edge.call("POST", "/sessions", data=body), 400, "parameter_missing")
    assert error["param"] == "flow"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[]",
        b'"text"',
        b"NaN",
        b'{"metadata": NaN}',
        b'{"metadata": {"a": 1e999}}',
        b'{"metadata": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b'{"metadata": ' + b"[" * 70 + b"]" * 70 + b"}",
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(edge: Edge, body: bytes) -> None:
    await edge.error(await edge.call("POST", "/sessions", data=body), 400, "invalid_json")


async def test_a_wrong_content_encoding_is_refused(edge: Edge) -> None:
    response = await edge.call("POST", "/sessions", data=b"not gzip", headers={"Content-Encoding": "gzip"})
    assert response.status == 400


async def test_a_body_over_the_limit_is_refused(edge: Edge) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 65_536
            await asyncio.sleep(0)

    error = await edge.error(await edge.call("POST", "/sessions", data=b" " * 1_000_001), 413, "body_too_large")
    assert error["type"] == "validation_error"
    await edge.error(await edge.call("POST", "/sessions", data=endless()), 413, "body_too_large")


async def test_any_string_that_comes_in_can_go_out(edge: Edge) -> None:
    body = b'{"metadata": {"\\ud800": "\\u0000 \\udfff"}, "flow": null}'
    await edge.error(await edge.call("POST", "/sessions", data=body), 400, "parameter_missing")
    created = await edge.create(metadata={"\ud800": "\x00 \udfff"})
    response = await edge.call("GET", f"/sessions/{created['session']['id']}")
    assert (await response.json())["session"]["settings"]["metadata"] == {"\ud800": "\x00 \udfff"}


async def test_refreshes_at_once_all_answer_with_one_working_secret(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = (await edge.create())["session"]["id"]
    all_have_read, update = asyncio.Barrier(4), edge.stores.sessions.update_session

    async def together(*args: Any, **changes: Any) -> SessionRecord:
        async with asyncio.timeout(10):
            await all_have_read.wait()
        return await update(*args, **changes)

    monkeypatch.setattr(edge.stores.sessions, "update_session", together)
    replies = await asyncio.gather(*(edge.call("GET", f"/sessions/{session_id}/refresh") for _ in range(4)))
    assert [reply.status for reply in replies] == [200] * 4
    current = (await (await edge.call("GET", f"/sessions/{session_id}")).json())["clientSecret"]["secret"]
    assert {(await reply.json())["secret"] for reply in replies} == {current}, "no reply carries a dead secret"
    assert (await edge.call("GET", "/client/session", key=current)).status == 200
