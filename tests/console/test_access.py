"""Who gets in: cookies, their end, forged calls, roles. Every route is looked at."""

import dataclasses
import hashlib
import re
from typing import Any

import pytest

from rtc_server.console.access import COOKIE, CSRF_HEADER
from rtc_server.console.routes import ROUTES
from rtc_server.staff.accounts import Change
from rtc_server.staff.roles import Permission, Role
from tests.fakes.console_edge import ConsoleEdge

OPEN = {("POST", "/sign-in"), ("POST", "/setup/look"), ("POST", "/setup")}
"""What one may call before anybody is signed in."""

CHANGING = [route for route in ROUTES if route.method != "GET" and (route.method, route.path) not in OPEN]


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "stf_nobody", path)


async def test_without_a_cookie_every_route_says_that_nobody_is_signed_in(edge: ConsoleEdge) -> None:
    for route in ROUTES:
        if (route.method, route.path) not in OPEN:
            headers = {"Origin": edge.origin, "Sec-Fetch-Site": "same-origin"}
            url = f"/console/api{filled(route.path)}"
            response = await edge.client.request(route.method, url, headers=headers)
            await edge.error(response, 401, "signed_out")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
        {"Origin": None, "Sec-Fetch-Site": None},
        {"Origin": None, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {CSRF_HEADER: None},
        {CSRF_HEADER: ""},
        {CSRF_HEADER: "0" * 64},
    ],
)
async def test_forged_calls_change_nothing_on_any_route(edge: ConsoleEdge, headers: dict[str, Any]) -> None:
    tab = await edge.tab(*Role)
    for route in CHANGING:
        response = await tab.call(route.method, filled(route.path), headers=headers)
        await edge.error(response, 403, "forged_call")
    assert (await tab.get("/me"))["staff"]["id"] == tab.staff_id  # not signed out by one of them


async def test_a_token_of_another_session_is_no_token(edge: ConsoleEdge) -> None:
    first, second = await edge.tab(Role.VIEWER), await edge.tab(Role.VIEWER)
    response = await first.call("POST", "/sign-out", headers={CSRF_HEADER: second.csrf})
    await edge.error(response, 403, "forged_call")


@pytest.mark.parametrize("path", ["/sign-in", "/setup/look", "/setup"])
async def test_signing_in_is_for_our_own_page_too(edge: ConsoleEdge, path: str) -> None:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    await edge.error(await edge.post(path, {}, headers=foreign), 403, "forged_call")
    await edge.error(await edge.post(path, {}, headers={"Origin": None, "Sec-Fetch-Site": None}), 403, "forged_call")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_reads_and_streams_refuse_other_sites(edge: ConsoleEdge, site: str) -> None:
    tab = await edge.tab(*Role)
    for route in ROUTES:
        if route.method == "GET":
            response = await tab.call("GET", filled(route.path), headers={"Sec-Fetch-Site": site, "Origin": None})
            await edge.error(response, 403, "forged_call")


async def test_a_browser_that_tells_no_site_may_read_but_not_write(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    old = {"Sec-Fetch-Site": None, "Origin": None}
    assert (await tab.call("GET", "/me", headers=old)).status == 200
    await edge.error(await tab.call("POST", "/sign-out", headers=old), 403, "forged_call")
    assert (await tab.call("POST", "/sign-out", headers={"Sec-Fetch-Site": None})).status == 204  # Origin shows it


async def test_behind_a_proxy_that_ends_tls_the_page_is_ours(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    secure = edge.origin.replace("http://", "https://")
    assert (await tab.call("POST", "/sign-out", headers={"Origin": secure})).status == 204


async def test_the_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(edge: ConsoleEdge) -> None:
    response = await edge.try_sign_in(await edge.person(Role.VIEWER))
    value, *attributes = response.headers["Set-Cookie"].split("; ")
    assert value.startswith(f"{COOKIE}=")
    assert COOKIE.startswith("__Host-")
    assert len(value.partition("=")[2]) >= 43  # 256 bits in base64
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"}
    assert response.headers["Cache-Control"] == "no-store"


async def test_only_the_hash_of_a_token_is_stored(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    (session,) = await edge.stores.staff.staff_sessions()
    stored = [str(value) for value in dataclasses.astuple(session)]
    assert hashlib.sha256(tab.token.encode()).hexdigest() in stored
    assert not any(tab.token in value or tab.csrf in value for value in stored)


async def test_signing_out_ends_the_session_and_the_cookie(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    response = await tab.call("POST", "/sign-out")
    assert response.status == 204
    assert re.search(rf'{COOKIE}="?"?;', response.headers["Set-Cookie"])
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    await edge.error(await tab.call("GET", "/me"), 401, "signed_out")


async def test_nobody_there_for_half_an_hour_is_signed_out(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    for _ in range(3):
        edge.pass_seconds(29 * 60)
        await tab.get("/me")
    edge.pass_seconds(30 * 60)
    await edge.error(await tab.call("GET", "/me"), 401, "signed_out")


async def test_after_twelve_hours_everybody_signs_in_again(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    for _ in range(12 * 3 - 1):
        edge.pass_seconds(20 * 60)
        told = await tab.get("/me")
    assert told["expiresAt"] == edge.clock[0] + 20 * 60 * 1000
    edge.pass_seconds(20 * 60)
    await edge.error(await tab.call("GET", "/me"), 401, "signed_out")


async def test_who_is_disabled_is_signed_out_at_once(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    await edge.room.accounts.change(tab.staff_id, Change(disabled=True))
    await edge.error(await tab.call("GET", "/me"), 401, "signed_out")
    await edge.room.accounts.change(tab.staff_id, Change(disabled=False))
    await edge.error(await tab.call("GET", "/me"), 401, "signed_out")  # the old session does not come back


async def test_a_role_taken_away_counts_at_once(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.ADMIN, Role.VIEWER)
    await edge.tab(Role.ADMIN)
    assert (await tab.call("GET", "/staff")).status == 200
    await edge.room.accounts.change(tab.staff_id, Change(roles=[Role.VIEWER]))
    error = await edge.error(await tab.call("GET", "/staff"), 403, "not_allowed")
    assert error["permission"] == Permission.MANAGE_STAFF
    assert Permission.MANAGE_STAFF in error["message"]


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 100_00, "\u00e9", '"; DROP'])
async def test_a_cookie_that_is_nobodys_opens_nothing(edge: ConsoleEdge, token: str) -> None:
    headers = {"Cookie": f"{COOKIE}={token}", "Sec-Fetch-Site": "same-origin"}
    response = await edge.client.get("/console/api/me", headers=headers)
    assert response.status in (400, 401)  # 400: no header can be so long


async def test_odd_ids_in_a_path_are_nobodys(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.ADMIN)
    for odd in ("%00", "a%20b", "%2e%2e", "x" * 300):
        response = await tab.call("POST", f"/staff/{odd}/reset")
        assert response.status == 404, odd
