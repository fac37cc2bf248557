"""The page in a plain frame of another origin, without the widget."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fakes.partner_site import PartnerSite
from tests.fakes.session_server import FakeSessionServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LISTEN = """<script>
window.heard = [];
addEventListener('message', ({ data, origin }) => heard.push({ data, origin }));
const hello = (options) => frames[0].postMessage({ visavis: 1, type: 'hello', options }, '*');
</script>"""

ALLOW = 'allow="camera; microphone; autoplay; fullscreen"'


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[PartnerSite]:
    async with PartnerSite() as partner:
        partner.head = LISTEN
        yield partner


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(permissions=["microphone", "camera"])
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


async def heard(page: Page, type_: str) -> dict[str, object]:
    """The first message of this type, which must come from the page's origin."""
    found = await page.wait_for_function("(type) => heard.find(({ data }) => data.type === type)", arg=type_)
    event: dict[str, dict[str, object]] = await found.json_value()
    return event["data"]


async def test_end_is_told_as_a_string_to_who_never_said_hello(
    page: Page, site: PartnerSite, server: FakeSessionServer
) -> None:
    site.body = f'<iframe src="{server.page_url}" {ALLOW} width="900" height="700"></iframe>'
    await page.goto(site.url)
    frame = page.frame_locator("iframe")
    await frame.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone")
    server.send("caption", id="1", speaker="avatar", text="Goodbye", final=True)
    server.send("finished", status="complete", reason="end")
    await page.wait_for_function("heard.length > 0")
    events = await page.evaluate("heard")
    message = json.dumps(
        {"message": "SESSION_FINISHED", "sessionId": "session-1", "status": "complete"}, separators=(",", ":")
    )
    assert events == [{"data": message, "origin": server.url}]


async def test_own_hello_opens_the_protocol(page: Page, site: PartnerSite, server: FakeSessionServer) -> None:
    server.opening["embedders"] = [site.url]
    site.body = f'<iframe src="{server.page_url}#visavis" {ALLOW} onload="hello({{theme: \'dark\', bad: 1}})"></iframe>'
    await page.goto(site.url)
    ready = await heard(page, "ready")
    assert ready == {"visavis": 1, "type": "ready", "sessionId": "session-1", "locale": "en", "refused": ["bad"]}
    assert (await heard(page, "state"))["state"] == "welcome"
    await page.evaluate("hello({ theme: 'light', locale: 'fr', strings: { 'welcome.heading': 'Late' } })")
    frame = page.frame_locator("iframe")
    await expect(frame.locator("html")).to_have_attribute("lang", "fr")
    await expect(frame.locator("html")).to_have_css("color-scheme", "light")
    late = await page.wait_for_function("heard.find(({ data }) => data.refused?.[0]?.startsWith('strings: too late'))")
    assert late is not None


@pytest.mark.parametrize(
    "message",
    [
        {"type": "hello"},
        {"visavis": 2, "type": "hello"},
        {"visavis": "1", "type": "hello"},
        {"visavis": 1, "type": "leave"},
        {"visavis": 1},
        "hello",
        None,
        [1],
    ],
)
async def test_junk_is_not_answered(page: Page, site: PartnerSite, server: FakeSessionServer, message: object) -> None:
    site.body = f'<iframe src="{server.page_url}" {ALLOW}></iframe>'
    await page.goto(site.url)
    await page.frame_locator("iframe").get_by_role("button", name="Continue", exact=True).wait_for()
    await page.evaluate("(message) => frames[0].postMessage(message, '*')", message)
    # Messages arrive in order: once the real one is answered, the other has been read.
    await page.evaluate("hello({})")
    await heard(page, "ready")
    assert await page.evaluate("heard[0].data.type") == "ready"


async def test_window_that_is_not_the_parent_is_no_embedder(
    page: Page, site: PartnerSite, server: FakeSessionServer
) -> None:
    site.body = f'<iframe src="{server.page_url}" {ALLOW}></iframe>'
    await page.goto(site.url)
    await page.frame_locator("iframe").get_by_role("button", name="Continue", exact=True).wait_for()
    await page.frames[1].evaluate("postMessage({ visavis: 1, type: 'hello', options: { theme: 'dark' } }, '*')")
    root = page.frame_locator("iframe").locator("html")
    await expect(root).to_have_attribute("data-ignored-messages", "1")
    assert await root.evaluate("(html) => html.style.colorScheme") == ""


async def test_frame_without_leave_for_devices_explains_itself_to_both(
    page: Page, site: PartnerSite, server: FakeSessionServer
) -> None:
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    site.body = f'<iframe src="{server.page_url}" width="900" height="700"></iframe>'
    await page.goto(site.url)
    frame = page.frame_locator("iframe")
    await frame.get_by_role("button", name="Continue", exact=True).click()
    await expect(frame.get_by_role("alert")).to_contain_text("This site keeps the microphone from us")
    await expect(frame.get_by_role("button", name="Answer by typing")).to_be_visible()
    for device in ("camera", "microphone"):
        said = [line for line in console if line.startswith(f"Visavis: {device}_not_delegated")]
        assert len(said) == 1
        assert 'allow="camera; microphone; autoplay; fullscreen"' in said[0]


@pytest.mark.parametrize(
    "agent", ["Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Instagram 300.0", "FBAN/FBIOS"]
)
async def test_browser_inside_of_an_app_is_named(
    browser: Browser, site: PartnerSite, server: FakeSessionServer, agent: str
) -> None:
    context = await browser.new_context(user_agent=agent)
    page = await context.new_page()
    site.body = f'<iframe src="{server.page_url}#visavis" {ALLOW} onload="hello({{}})"></iframe>'
    await page.goto(site.url)
    found = await page.wait_for_function("heard.find(({ data }) => data.code === 'in_app_browser')")
    assert (await found.json_value())["data"]["recoverable"] is True
    await context.close()
