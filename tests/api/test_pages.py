"""The hosted page and its files: what is served, how, and what is not."""

import pytest
from yarl import URL

from tests.api.conftest import Edge


async def test_the_page_is_served_with_its_policies(edge: Edge) -> None:
    response = await edge.client.get("/?cs=cs" + "0" * 32)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Visavis</title>" in await response.text()
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'self'", "connect-src 'self'", "script-src 'self'", "frame-ancestors *"} <= set(policy)
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
