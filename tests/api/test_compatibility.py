"""The runnable compatibility checks of the contract (§11.5) that are not covered elsewhere, one test for each row.

Elsewhere: C1–C8 in ``test_python_sdk``; C11, C12 and C21 in ``test_js_wire``; C14 in ``tests/static/test_embedding``
and ``tests/e2e``; C15 in ``tests/webhooks``; C23 in ``tests/static/test_controls``; C16–C19 and C24 in ``tests/flow``
and ``tests/outbound``. Here C16, C19 and
C24 pass through the API once more.
"""

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.api.access.limits import LimitSettings
from rtc_server.session.languages import LANGUAGES
from tests.api.conftest import OFFER
from tests.api.flows import APPENDIX_B
from tests.fakes.whole_server import SANDBOX_KEY, WholeServer, open_server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, limits=LimitSettings(sandbox_per_minute=0)) as opened:
        yield opened


def example(**changes: Any) -> dict[str, Any]:
    """Appendix B, to be changed freely."""
    return copy.deepcopy(APPENDIX_B) | changes


async def test_the_example_of_appendix_b(server: WholeServer) -> None:
    created = await server.post("/sessions", APPENDIX_B)
    session = created["session"]
    assert session["settings"] == APPENDIX_B | {"avatarId": "June_HR_public"}
    assert session["version"] == "2024-12-18"
    flow = (await server.get(f"/sessions/{session['id']}/flow"))["flow"]
    assert [(node["id"], node["type"]) for node in flow] == [(n["id"], n["type"]) for n in APPENDIX_B["flow"]]
    finished = await server.simulate(session["id"])
    assert finished["createdAt"] <= finished["startedAt"] <= finished["finishedAt"]
    reports = [(entry["type"], entry["nodeId"], entry["outcome"]) for entry in finished["report"]["nodeReports"]]
    assert reports[:3] == [
        ("conversation", "hello", "live"),
        ("liveness_detection", "live", "livenessDetected"),
        ("two_factor_email", "mail", "verified"),
    ]
    assert (finished["report"]["isVerified"], finished["report"]["livenessDetected"]) == (True, True)


async def test_c9_a_missing_inconclusive_is_repaired_and_told(server: WholeServer) -> None:
    body = example()
    del body["flow"][2]["outcomes"]["inconclusive"]
    created = await server.post("/sessions", body)
    assert created["warnings"]
    assert created["session"]["settings"]["flowNormalizations"] == [
        {"nodeId": "live", "outcome": "inconclusive", "filledWith": "bye_no"}
    ]
    again = await server.get(f"/sessions/{created['session']['id']}")
    assert again["session"]["settings"]["flowNormalizations"]
    complete = await server.post("/sessions", APPENDIX_B)
    assert "flowNormalizations" not in complete["session"]["settings"]
    repeated = await server.post("/sessions", created["session"]["settings"])
    assert repeated["session"]["settings"] == created["session"]["settings"], "an echo can be sent again"


def two_starts(flow: list[dict[str, Any]]) -> None:
    flow.append({"id": "s2", "type": "start", "outcome": "hello"})


def cycle(flow: list[dict[str, Any]]) -> None:
    flow[4]["outcomes"][0]["targetNodeId"] = "hello"


def dangling(flow: list[dict[str, Any]]) -> None:
    flow[4]["outcomes"][0]["targetNodeId"] = "nowhere"


def no_end(flow: list[dict[str, Any]]) -> None:
    del flow[-2:]


@pytest.mark.parametrize("break_it", [two_starts, cycle, dangling, no_end])
async def test_c10_a_broken_flow_is_a_validation_error(server: WholeServer, break_it: Any) -> None:
    body = example()
    break_it(body["flow"])
    response = await server.call("POST", "/sessions", json=body)
    error = (await response.json())["error"]
    assert (response.status, error["type"]) == (400, "validation_error")
    assert error["param"].startswith("flow")
    assert error["details"]


@pytest.mark.parametrize("path", ["/langs", "/avatars", "/sessions", "/sessions/x"])
async def test_c13_without_a_key_there_is_an_error_object(server: WholeServer, path: str) -> None:
    response = await server.client.get(path)
    error = (await response.json())["error"]
    assert (response.status, error["type"]) == (401, "authentication_error")


async def test_c16_fields_that_nobody_named_are_null(server: WholeServer) -> None:
    schema = [
        {"fieldName": "agreed", "type": "boolean", "description": "Did they agree?"},
        {"fieldName": "amount", "type": "number", "description": "How much?"},
        {"fieldName": "day", "type": "date", "description": "When?"},
        {"fieldName": "colour", "type": "string", "description": "Which?", "enum": ["red", "green"]},
    ]
    created = await server.post("/sessions", example(extractionSchema=schema))
    finished = await server.simulate(created["session"]["id"])
    assert finished["report"]["extractedData"] == dict.fromkeys(("agreed", "amount", "day", "colour"))


async def test_c19_a_call_to_a_host_that_is_not_listed_lets_the_flow_go_on(server: WholeServer) -> None:
    flow = [
        {"id": "s", "type": "start", "outcome": "ask"},
        {
            "id": "ask",
            "type": "external_call",
            "request": {"url": "https://not-listed.example/score", "method": "POST"},
            "outcome": "e",
        },
        {"id": "e", "type": "end"},
    ]
    created = await server.post("/sessions", {"flow": flow})
    finished = await server.simulate(created["session"]["id"])
    assert finished["status"] == "complete"


@pytest.mark.parametrize(
    ("prefix", "headers"),
    [
        ("/v1/sessions", {}),
        ("/identity/sessions", {}),
        ("/identity/verification_sessions", {}),
        ("/sessions", {"Authorization": "", "X-API-Key": SANDBOX_KEY}),
        ("/v1/identity/sessions", {"Authorization": "", "x-api-KEY": SANDBOX_KEY}),
    ],
)
async def test_c20_older_paths_and_headers_behave_the_same(
    server: WholeServer, prefix: str, headers: dict[str, str]
) -> None:
    created = await server.post(prefix, APPENDIX_B, headers=headers)
    path = f"{prefix}/{created['session']['id']}"
    assert (await server.get(path, headers=headers))["session"] == created["session"]
    fresh = await server.get(f"{path}/refresh", headers=headers)
    assert fresh["secret"] != created["clientSecret"]["secret"]


@pytest.mark.parametrize(
    ("accepts", "langs", "default", "expected"),
    [
        ("fr-CA,fr;q=0.9", [], None, "fr"),
        ("en-GB", [], "de", "en"),
        ("es-MX", [], None, "es"),
        ("ES-mx", [], None, "es"),
        ("zh-Hans", [], None, "zh"),
        ("zh-Hant", [], None, "zh-TW"),
        ("zh-HK", [], None, "zh-HK"),
        ("fr", ["en", "de"], "de", "de"),
        ("fr", ["en", "de"], None, "en"),
        ("sw", [], None, "en"),
        ("sw, de;q=0.3", [], None, "de"),
        ("", [], "it", "it"),
    ],
)
async def test_c22_the_language_follows_the_browser(
    tmp_path: Path, accepts: str, langs: list[str], default: str | None, expected: str
) -> None:
    async with open_server(tmp_path, languages=tuple(LANGUAGES)) as server:
        created = await server.post("/sessions", {"flow": APPENDIX_B["flow"], "langs": langs, "defaultLang": default})
        headers = {"Accept-Language": accepts}
        page = await server.get("/client/session", key=created["clientSecret"]["secret"], headers=headers)
    assert page["session"]["language"] == expected


@pytest.mark.parametrize("outcome", ["failed_unverified", "cancelled", "delivery_failed", "error"])
async def test_c24_every_end_of_a_code_is_an_outcome_of_its_own(server: WholeServer, outcome: str) -> None:
    created = await server.post("/sessions", example(sandbox={"mail": outcome}))
    finished = await server.simulate(created["session"]["id"])
    (mail,) = [entry for entry in finished["report"]["nodeReports"] if entry["nodeId"] == "mail"]
    assert mail["outcome"] == outcome
    assert finished["report"]["isVerified"] is False
    assert finished["report"]["verdict"]["reasons"] == [f"mail:{outcome}"]


async def test_the_device_is_shown_as_soon_as_the_page_is_opened(server: WholeServer) -> None:
    created = await server.post("/sessions", APPENDIX_B)
    path, secret = f"/sessions/{created['session']['id']}", created["clientSecret"]["secret"]
    headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"}
    offer = {"pageId": "page-1", "sdp": OFFER}
    joined = await server.call("POST", "/client/offer", key=secret, json=offer, headers=headers)
    assert joined.status == 200, await joined.text()
    session = (await server.get(path))["session"]
    assert session["status"] == "inProgress"
    device = session["report"]["device"]
    assert (device["browser"], device["os"], device["isDesktop"], device["isMobile"]) == (
        "Firefox",
        "Linux",
        True,
        False,
    )
    assert "location" not in session["report"], "off unless the operator has a database of places"


async def test_a_server_can_be_lenient_with_everybody(tmp_path: Path) -> None:
    async with open_server(tmp_path, lenient=True) as server:
        created = await server.post("/sessions", example(surprise=1, client_reference_id="u-9"))
    assert any(warning.startswith("surprise") for warning in created["warnings"])


async def test_sandbox_and_production_are_two_worlds(server: WholeServer) -> None:
    created = await server.post("/sessions", APPENDIX_B)
    record = await server.stage.store.session(created["session"]["id"])
    assert record is not None
    assert record.sandbox
    assert record.delete_after == record.created_at + 7 * 86_400_000


async def test_flow_and_modules_together(server: WholeServer) -> None:
    body = example(modules=[{"type": "ageEstimation", "age": 18}])
    created = await server.post("/sessions", body)
    assert any("modules have no effect" in warning for warning in created["warnings"])
    flow = (await server.get(f"/sessions/{created['session']['id']}/flow"))["flow"]
    assert [node["id"] for node in flow] == [node["id"] for node in APPENDIX_B["flow"]]


@pytest.mark.parametrize(
    ("modules", "param"),
    [
        ([{"type": "palmReading"}], "modules[0].type"),
        ([{"type": "ageEstimation"}], "modules[0].age"),
        ([], "modules"),
        ("identityVerification", "modules"),
        ([7], "modules[0]"),
    ],
)
async def test_modules_that_cannot_be_compiled_are_named(server: WholeServer, modules: Any, param: str) -> None:
    response = await server.call("POST", "/sessions", json={"modules": modules})
    error = (await response.json())["error"]
    assert (response.status, error["param"]) == (400, param)


@pytest.mark.parametrize(
    "module",
    [
        {"type": "identityVerification"},
        {"type": "documentAuthentication"},
        {"type": "ageEstimation", "age": 18},
        {"type": "emailVerification", "name": "Robin", "email": "robin@example.org"},
        {"type": "smsVerification", "phone": "+34600111222"},
        {"type": "proofOfIntent", "requestedData": [{"key": "approves", "description": "approves the payment"}]},
        {"type": "knowledgeVerify"},
    ],
    ids=lambda module: str(module["type"]),
)
async def test_every_module_runs_to_its_end(server: WholeServer, module: dict[str, Any]) -> None:
    created = await server.post("/sessions", {"modules": [module]})
    finished = await server.simulate(created["session"]["id"])
    assert finished["status"] == "complete"
    assert finished["settings"]["modules"] == [module]


async def test_what_a_module_asks_for_is_in_the_report(server: WholeServer) -> None:
    module = {"type": "proofOfIntent", "requestedData": [{"key": "approves", "description": "approves the payment"}]}
    created = await server.post("/sessions", {"modules": [module]})
    finished = await server.simulate(created["session"]["id"])
    assert "approves" in finished["report"]["extractedData"]


async def test_a_stored_flow_is_pinned_at_its_version(server: WholeServer) -> None:
    flow_id = (await (await server.call("POST", "/flows", json={"name": "f", "flow": APPENDIX_B["flow"]})).json())["id"]
    first = (await server.post("/sessions", {"flowId": flow_id}))["session"]
    shorter = [node | {"outcome": "end_ok"} if node["id"] == "s" else node for node in APPENDIX_B["flow"]]
    shorter = [node for node in shorter if node["id"] in ("s", "end_ok")]
    assert (await server.call("PUT", f"/flows/{flow_id}", json={"name": "f", "flow": shorter})).status == 200
    second = (await server.post("/sessions", {"flowId": flow_id}))["session"]
    older = (await server.post("/sessions", {"flowId": flow_id, "flowVersion": 1}))["session"]
    sizes = {}
    for session in (first, second, older):
        ran = await server.get(f"/sessions/{session['id']}/flow")
        assert ran["flowId"] == flow_id
        sizes[session["id"]] = (ran["flowVersion"], len(ran["flow"]))
    assert list(sizes.values()) == [(1, len(APPENDIX_B["flow"])), (2, 2), (1, len(APPENDIX_B["flow"]))]
    for body, param in (
        ({"flowId": "flow_unknown"}, "flowId"),
        ({"flowId": flow_id, "flowVersion": 9}, "flowVersion"),
    ):
        response = await server.call("POST", "/sessions", json=body)
        assert (response.status, (await response.json())["error"]["param"]) == (400, param)
    assert (await server.call("POST", f"/flows/{flow_id}/archive")).status == 200
    archived = await server.call("POST", "/sessions", json={"flowId": flow_id})
    assert "archived" in (await archived.json())["error"]["message"]
