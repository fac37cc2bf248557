"""Who may embed a session's page: the key's list, as it is now; the setting for all others."""

import dataclasses
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from rtc_server.api.access.limits import LimitSettings
from rtc_server.api.context import CONTEXT
from rtc_server.api.routes import setup
from tests.api.conftest import FLOW, KEY, Edge

PARTNER = "https://partner.example.org"
UNKNOWN = "cs" + "0" * 32


async def key_for(edge: Edge, *origins: str) -> dict[str, Any]:
    response = await edge.call("POST", "/api-keys", json={"allowedOrigins": list(origins)})
    assert response.status == 200, await response.text()
    data: dict[str, Any] = await response.json()
    return data


async def secret_by(edge: Edge, key: str) -> str:
    response = await edge.call("POST", "/sessions", key=key, json={"flow": FLOW})
    secret: str = (await response.json())["clientSecret"]["secret"]
    return secret


async def frame_ancestors(edge: Edge, query: str) -> str:
    response = await edge.client.get("/" + query)
    assert response.status == 200
    policy: str = response.headers["Content-Security-Policy"]
    return policy.partition("frame-ancestors ")[2]


async def test_only_the_origins_of_the_key_may_frame_its_sessions(edge: Edge) -> None:
    made = await key_for(edge, PARTNER, "http://localhost:*")
    secret = await secret_by(edge, made["key"])
    response = await edge.client.get(f"/?cs={secret}")
    assert response.headers["Content-Security-Policy"].endswith(f"frame-ancestors {PARTNER} http://localhost:*")
    assert f'camera=(self "{PARTNER}"), microphone=(self "{PARTNER}")' in response.headers["Permissions-Policy"]
    told = await (await edge.call("GET", "/client/session", key=secret)).json()
    assert told["embedders"] == [PARTNER, "http://localhost:*"]
    other = await secret_by(edge, KEY)
    assert await frame_ancestors(edge, f"?cs={other}") == "*"


async def test_a_change_of_the_list_holds_for_sessions_that_exist(edge: Edge) -> None:
    made = await key_for(edge, PARTNER)
    secret = await secret_by(edge, made["key"])
    path = f"/api-keys/{made['apiKey']['id']}"
    for origins, expected in ([["https://new.example"], "https://new.example"], [[], "*"]):
        response = await edge.call("PATCH", path, json={"allowedOrigins": origins})
        assert (await response.json())["apiKey"]["allowedOrigins"] == origins
        assert await frame_ancestors(edge, f"?cs={secret}") == expected


async def test_a_revoked_key_still_says_who_may_embed(edge: Edge) -> None:
    made = await key_for(edge, PARTNER)
    secret = await secret_by(edge, made["key"])
    assert (await edge.call("DELETE", f"/api-keys/{made['apiKey']['id']}")).status == 200
    assert await frame_ancestors(edge, f"?cs={secret}") == PARTNER


@pytest.mark.parametrize("query", ["", "?cs=", "?cs=nonsense", f"?cs={UNKNOWN}", f"?cs={'x' * 3000}"])
async def test_without_a_known_secret_the_setting_counts(edge: Edge, query: str) -> None:
    assert await frame_ancestors(edge, query) == "*"


async def test_a_session_of_an_earlier_version_names_no_key(edge: Edge) -> None:
    created = await edge.create()
    secret = created["clientSecret"]["secret"]
    await edge.stores.sessions.update_session(created["session"]["id"], api_key_id="")
    assert await frame_ancestors(edge, f"?cs={secret}") == "*"


async def test_the_setting_is_told_to_the_page_too(edge: Edge) -> None:
    secret = await secret_by(edge, KEY)
    app = web.Application()
    setup(app, dataclasses.replace(edge.client.app[CONTEXT], frame_ancestors="'self' https://a.example"))
    async with TestClient(TestServer(app)) as client:
        own = dataclasses.replace(edge, client=client)
        assert await frame_ancestors(own, f"?cs={secret}") == "'self' https://a.example"
        told = await (await own.call("GET", "/client/session", key=secret)).json()
        assert told["embedders"] == ["https://verify.example.org", "https://a.example"]


async def test_secrets_cannot_be_tried_out_on_the_page(edge: Edge) -> None:
    """Wrong ones count as they do at the API; then nobody may frame the page, whichever secret it has."""
    made = await key_for(edge, PARTNER)
    secret = await secret_by(edge, made["key"])
    app = web.Application()
    setup(app, dataclasses.replace(edge.client.app[CONTEXT], limits=LimitSettings(failures_per_minute=2)))
    async with TestClient(TestServer(app)) as client:
        own = dataclasses.replace(edge, client=client)
        for number in range(2):
            assert await frame_ancestors(own, f"?cs=cs{number:032x}") == "*"
        assert await frame_ancestors(own, f"?cs={secret}") == "'none'"
        await own.error(await own.call("GET", "/client/session", key=secret), 429, "rate_limit_exceeded")


async def test_the_page_has_no_other_address_that_anybody_may_frame(edge: Edge) -> None:
    response = await edge.client.get(f"/static/session/index.html?cs={UNKNOWN}")
    assert response.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
