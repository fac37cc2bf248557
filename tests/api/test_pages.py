"""The hosted page and its files: what is served, how, and what is not."""

import dataclasses
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from rtc_server.api.context import CONTEXT
from rtc_server.api.routes import setup
from tests.api.conftest import Edge


async def test_the_page_is_served_with_its_policies(edge: Edge) -> None:
    response = await edge.client.get("/?cs=cs" + "0" * 32)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Visavis</title>" in await response.text()
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'self'", "connect-src 'self'", "script-src 'self'", "frame-ancestors *"} <= set(policy)
    assert {"require-trusted-types-for 'script'", "trusted-types 'none'", "object-src 'none'"} <= set(policy)
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "microphone=(self)" in response.headers["Permissions-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_files_have_their_type_and_are_asked_for_again_cheaply(edge: Edge) -> None:
    response = await edge.client.get("/static/session/app.js")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    again = await edge.client.get("/static/session/app.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304
    head = await edge.client.head("/static/session/app.js")
    assert head.status == 200
    assert head.headers["Content-Length"] == response.headers["Content-Length"]


@pytest.mark.parametrize(
    "path",
    [
        "missing.js",
        "session",
        "session/",
        "__init__.py",
        "session/.hidden.js",
        "link.txt",
        "%2e%2e/outside.txt",
        "session/%2e%2e/%2e%2e/outside.txt",
        "..%2foutside.txt",
        "%2fetc%2fhostname.txt",
        "session%5capp.js",
        "session/app.js%00.txt",
        "session//app.js",
        "a" * 3000 + ".js",
    ],
)
async def test_nothing_else_is_served(edge: Edge, path: str) -> None:
    origin = edge.client.make_url("/").origin()
    async with edge.client.session.get(URL(f"{origin}/static/{path}", encoded=True)) as response:
        await edge.error(response, 404, "unknown_path")


async def test_health_is_told(edge: Edge) -> None:
    response = await edge.client.get("/healthz")
    assert await response.json() == {"status": "ok", "sessions": 0}
    assert (await edge.client.get("/readyz")).status == 200
    edge.problems.append("the speech model is still loading")
    response = await edge.client.get("/readyz")
    assert response.status == 503
    assert await response.json() == {"status": "notReady", "problems": ["the speech model is still loading"]}


async def test_heads_and_renderer_come_from_the_model_cache(edge: Edge, tmp_path: Path) -> None:
    (tmp_path / "ava.glb").write_bytes(b"glTF" + bytes(5_000))
    pulled = {"personas/ava.glb": tmp_path / "ava.glb", "vendor/three.module.min.js": tmp_path / "missing.js"}
    app = web.Application()
    setup(app, dataclasses.replace(edge.client.app[CONTEXT], pulled_files=pulled))
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/personas/ava.glb")
        assert response.headers["Content-Type"] == "model/gltf-binary"
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Cache-Control"] == "public, max-age=86400"
        assert await response.read() == b"glTF" + bytes(5_000)
        again = await client.get("/personas/ava.glb", headers={"If-None-Match": response.headers["ETag"]})
        assert again.status == 304
        own = dataclasses.replace(edge, client=client)
        for path in ("/vendor/three.module.min.js", "/vendor/other.js", "/personas/leo.glb", "/personas/..%2fa.glb"):
            await own.error(await client.get(URL(path, encoded=True)), 404, "unknown_path")


async def test_other_sites_may_use_the_widget_and_the_portraits_alone(edge: Edge, static_folder: Path) -> None:
    for name in ("widget/visavis-session.js", "session/avatar/portraits/ava.webp"):
        (static_folder / name).parent.mkdir(parents=True)
        (static_folder / name).write_text("x")
        response = await edge.client.get(f"/static/{name}")
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    response = await edge.client.get("/static/session/app.js")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_the_session_page_keeps_its_opener_and_the_others_do_not(edge: Edge, static_folder: Path) -> None:
    for name, path in (("reference", "/reference"), ("mailbox", "/sandbox/mailbox/page")):
        (static_folder / name).mkdir()
        (static_folder / name / "index.html").write_text("<!doctype html>")
        assert (await edge.client.get(path)).headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Cross-Origin-Opener-Policy" not in (await edge.client.get("/")).headers


@pytest.mark.parametrize("path", ["/", "/static/session/app.js", "/healthz", "/sessions", "/nothing"])
@pytest.mark.parametrize(("public_url", "strict"), [("https://verify.example.org", True), ("http://lab:8080", False)])
async def test_who_is_reached_by_https_is_reached_by_https_only(
    edge: Edge, path: str, public_url: str, strict: bool
) -> None:
    app = web.Application()
    setup(app, dataclasses.replace(edge.client.app[CONTEXT], public_url=public_url))
    async with TestClient(TestServer(app)) as client:
        response = await client.get(path)
        assert response.headers.get("Strict-Transport-Security") == ("max-age=31536000" if strict else None)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/sessions", "/nothing"])
async def test_data_is_no_page(edge: Edge, path: str) -> None:
    response = await edge.client.get(path)
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
