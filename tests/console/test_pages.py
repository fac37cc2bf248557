"""The page of the console and its headers."""

import pytest

from tests.fakes.console_edge import ConsoleEdge


@pytest.mark.parametrize("path", ["/console", "/console/"])
async def test_the_page_is_framed_by_nobody_and_runs_nothing_inline(edge: ConsoleEdge, path: str) -> None:
    response = await edge.client.get(path)
    assert response.status == 200
    assert "<title>Console</title>" in await response.text()
    policy = {
        name: sources for name, _, sources in (part.strip().partition(" ") for part in csp(response.headers).split(";"))
    }
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["media-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in csp(response.headers)
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    devices = response.headers["Permissions-Policy"].split(", ")
    assert "camera=()" in devices
    assert "microphone=(self)" in devices


def csp(headers: object) -> str:
    return str(headers["Content-Security-Policy"])  # type: ignore[index]
