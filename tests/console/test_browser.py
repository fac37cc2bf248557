"""What a real browser makes of the cookie and the headers: the one judge of ``__Host-``, ``SameSite`` and framing."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Response, async_playwright
from yarl import URL

from rtc_server.console.access import COOKIE, CSRF_HEADER
from rtc_server.staff.roles import Role
from rtc_server.staff.totp import code_at
from tests.fakes.console_edge import PASSWORD, ConsoleEdge
from tests.fakes.stage import eventually
from tests.static.browser import LAUNCH_FLAGS, chromium_path

pytestmark = pytest.mark.browser

FETCH = """async ([url, options]) => {
  const response = await fetch(url, options);
  return {status: response.status, body: await response.text()};
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's 'chromium', or set CHROMIUM")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=LAUNCH_FLAGS)
        yield chromium
        await chromium.close()


async def sign_in(edge: ConsoleEdge, page: Page) -> str:
    """Sign a new admin in by the page's own means; the token for calls that change something."""
    person = await edge.person(Role.ADMIN)
    body = {"email": person.staff.email, "password": PASSWORD, "code": code_at(person.secret, edge.clock[0])}
    me = await page.evaluate(
        "async body => (await fetch('/console/api/sign-in', {method: 'POST', body: JSON.stringify(body)})).json()",
        body,
    )
    return str(me["csrf"])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_browser_on_this_machine_keeps_the_cookie_and_hides_it_from_scripts(
    edge: ConsoleEdge, browser: Browser, host: str
) -> None:
    page = await browser.new_page()
    await page.goto(str(URL(edge.origin).with_host(host) / "console"))
    csrf = await sign_in(edge, page)
    (cookie,) = await page.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (COOKIE, True, True, "Strict")
    assert await page.evaluate("document.cookie") == ""
    assert (await page.evaluate(FETCH, ["/console/api/me", {}]))["status"] == 200
    assert (await page.evaluate(FETCH, ["/console/api/sign-out", {"method": "POST"}]))["status"] == 403
    signed_out = {"method": "POST", "headers": {CSRF_HEADER: csrf}}
    assert (await page.evaluate(FETCH, ["/console/api/sign-out", signed_out]))["status"] == 204
    assert await page.context.cookies() == []


async def test_another_site_gets_nothing_out_of_who_is_signed_in(edge: ConsoleEdge, browser: Browser) -> None:
    page = await (await browser.new_context()).new_page()
    ours, theirs = URL(edge.origin).with_host("localhost"), URL(edge.origin).with_host("127.0.0.1")
    await page.goto(str(ours / "console"))
    csrf = await sign_in(edge, page)

    other = await page.context.new_page()
    statuses: list[int] = []
    cookies: list[bool] = []

    async def note(response: Response) -> None:
        if response.url.startswith(str(ours / "console/api")):
            cookies.append("cookie" in await response.request.all_headers())
            statuses.append(response.status)

    other.on("response", note)
    await other.goto(str(theirs / "healthz"))
    # A form, which needs nobody's leave to be sent, with what an attacker may have learnt of the token.
    form = """([url, csrf]) => {
      const form = document.createElement('form');
      form.method = 'POST'; form.enctype = 'text/plain'; form.action = url;
      const field = document.createElement('input');
      field.name = '{"csrf":"' + csrf + '","x":"'; field.value = '"}';
      form.append(field); document.documentElement.append(form); form.submit();
    }"""
    async with other.expect_navigation():
        await other.evaluate(form, [str(ours / "console/api/sign-out"), csrf])
    await eventually(lambda: bool(statuses), "the call is answered")
    assert statuses == [403]
    assert cookies == [False]
    assert (await page.evaluate(FETCH, ["/console/api/me", {}]))["status"] == 200


async def test_the_console_cannot_be_framed(edge: ConsoleEdge, browser: Browser) -> None:
    page = await browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    await page.set_content(f'<iframe src="{edge.origin}/console"></iframe>')
    await page.wait_for_load_state("networkidle")
    assert any("frame-ancestors" in text for text in refused), refused
    assert [frame.name for frame in page.frames if "Console" in await frame.title()] == []
