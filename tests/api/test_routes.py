"""Paths, methods, errors, request ids and the access log."""

import logging
import re
import sqlite3
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from rtc_server.api.context import CONTEXT
from rtc_server.api.routes import setup
from tests.api.conftest import FLOW, KEY, OFFER, Edge


@pytest.mark.parametrize("prefix", ["/", "/v1/", "//", "//v1//", "/v1//"])
@pytest.mark.parametrize("end", ["", "/"])
async def test_base_addresses_may_be_joined_carelessly(edge: Edge, prefix: str, end: str) -> None:
    session_id = (await edge.create())["session"]["id"]
    address = edge.client.make_url("/").origin()
    for path in (f"sessions/{session_id}", f"sessions//{session_id}", f"sessions/{session_id}//refresh"):
        headers = {"Authorization": f"Bearer {KEY}"}
        # A path that begins with two slashes is joined by hand, since a URL library would read it as a host.
        async with edge.client.session.get(f"{address}{prefix}{path}{end}", headers=headers) as response:
            assert response.status == 200, path
            assert response.history == ()


@pytest.mark.parametrize(
    "path", ["/nothing", "/v2/sessions", "/sessions/a/b/c", "/v1", "/static", "/static/", "/%00", "//"]
)
async def test_an_unknown_path_is_json(edge: Edge, path: str) -> None:
    async with edge.client.session.get(f"{edge.client.make_url('/').origin()}{path}") as response:
        error = await edge.error(response, 404, "unknown_path")
    assert error["type"] == "not_found_error"


async def test_asking_for_headers_renews_nothing(edge: Edge) -> None:
    created = await edge.create()
    assert (await edge.call("HEAD", f"/sessions/{created['session']['id']}/refresh")).status == 405
    assert (await edge.call("GET", "/client/session", key=created["clientSecret"]["secret"])).status == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/sessions/x", "GET"),
        ("PUT", "/sessions", "GET,POST"),
        ("GET", "/client/offer", "POST"),
        ("POST", "/", "GET,HEAD"),
    ],
)
async def test_a_wrong_method_names_the_right_one(edge: Edge, method: str, path: str, allowed: str) -> None:
    response = await edge.call(method, path)
    error = await edge.error(response, 405, "method_not_allowed")
    assert error["type"] == "validation_error"
    assert response.headers["Allow"] == allowed
    assert allowed in error["message"]


async def test_an_unexpected_failure_is_logged_by_place_only(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    secret = (await edge.create())["clientSecret"]["secret"]
    edge.calls.refuse = RuntimeError("Robin said something private")
    body = {"pageId": "p", "sdp": OFFER, "type": "offer"}
    response = await edge.call("POST", "/client/offer", key=secret, json=body)
    error = await edge.error(response, 500, "internal_error")
    assert error["type"] == "server_error"
    assert error["requestId"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "conftest.py" in caplog.text
    assert "private" not in caplog.text
    assert "private" not in error["message"]


async def test_a_broken_database_is_named_to_the_operator_only(
    edge: Edge, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(tmp_path / "visavis.db") as connection:
        connection.execute("DROP TABLE sessions")
    response = await edge.call("GET", "/sessions/x")
    error = await edge.error(response, 503, "storage_unavailable")
    assert response.headers["Retry-After"] == "5"
    assert "visavis.db" in caplog.text
    assert "no such table" in caplog.text
    assert "visavis.db" not in error["message"]


async def test_redirects_of_other_routes_pass(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    """The composition root may mount more routes on the same application, as the demo does."""

    async def elsewhere(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/healthz")

    app = web.Application()
    setup(app, edge.client.app[CONTEXT])
    app.router.add_get("/away", elsewhere)
    caplog.set_level(logging.INFO, logger="rtc_server")
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/away", allow_redirects=False)
    assert response.status == 302
    assert response.headers["Location"] == "/healthz"
    assert response.headers["X-Request-Id"].startswith("req_")
    assert "GET /away 302" in caplog.text


async def test_every_reply_has_its_own_request_id(edge: Edge) -> None:
    seen = []
    for path in ("/", "/healthz", "/sessions/x", "/nothing", "/static/session/app.js"):
        response = await edge.client.get(path, headers={"X-Request-Id": "mine"})
        seen.append(response.headers["X-Request-Id"])
    assert len(set(seen)) == len(seen)
    assert all(re.fullmatch(r"req_[A-Za-z0-9]{20}", request_id) for request_id in seen)


async def test_the_access_log_holds_no_secret(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="rtc_server")
    secret = (await edge.create(metadata={"note": "very private"}))["clientSecret"]["secret"]
    caplog.clear()
    await edge.client.get(f"/?cs={secret}")
    await edge.client.get(f"/{secret}")
    await edge.client.get(f"/sessions/{KEY}")
    await edge.call("GET", "/client/session", key=secret)
    lines = [record.getMessage() for record in caplog.records if record.name == "rtc_server.access"]
    assert len(lines) == 4
    assert re.fullmatch(r"GET / 200 \d+\.\d ms req_[A-Za-z0-9]{20}", lines[0])
    assert lines[1].startswith("GET /[secret] 404 ")
    assert secret not in caplog.text
    assert KEY not in caplog.text
    assert "private" not in caplog.text


async def test_the_access_log_holds_no_client_reference(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="rtc_server")
    await edge.call("GET", "/v1/subjects/robin%40example.org/export")
    await edge.call("DELETE", "/subjects//robin%40example.org")
    lines = [record.getMessage() for record in caplog.records if record.name == "rtc_server.access"]
    assert [line.split()[1] for line in lines] == ["/v1/subjects/[reference]/export", "/subjects//[reference]"]
    assert "robin" not in caplog.text


async def test_a_long_or_strange_path_cannot_forge_a_log_line(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="rtc_server")
    await edge.client.get("/a%0aGET /forged" + "x" * 3000)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "rtc_server.access"]
    assert "\n" not in line
    assert len(line) < 300


@pytest.mark.parametrize("path", ["/identity/sessions", "/identity/verification_sessions", "/v1/identity//sessions/"])
async def test_the_paths_of_2024_lead_to_sessions(edge: Edge, path: str) -> None:
    created = await (await edge.call("POST", path, json={"flow": FLOW})).json()
    session_id = created["session"]["id"]
    for end in ("", "/refresh"):
        assert (await edge.call("GET", f"{path.rstrip('/')}/{session_id}{end}")).status == 200


@pytest.mark.parametrize("path", ["/verification_sessions", "/identity/flows", "/identity"])
async def test_no_other_path_has_a_former_place(edge: Edge, path: str) -> None:
    await edge.error(await edge.call("GET", path), 404, "unknown_path")


async def test_the_other_header_for_a_key(edge: Edge) -> None:
    response = await edge.client.get("/v1/langs", headers={"x-api-key": KEY})
    assert response.status == 200
    assert response.headers["Facesign-Version"] == "2024-12-18"
