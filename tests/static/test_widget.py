"""The widget on a partner's page of another origin: what it tells, shows and refuses, and how it explains itself."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fakes.partner_site import LOGO, PartnerSite
from tests.fakes.session_server import FakeSessionServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TYPES = ("ready", "permission", "state", "node", "caption", "error", "resize", "finished", "close")

RECORD = """<script>
window.heard = [];
for (const type of %s) document.addEventListener('visavis-' + type, ({ detail }) => heard.push({ type, detail }));
</script>"""

HURRY = """<script>{
  const real = setTimeout;
  setTimeout = (call, ms, ...more) => real(call, ms >= 1500 ? ms / 20 : ms, ...more);
}</script>"""
"""Let the partner's page wait a twentieth of its long waits."""


LOGO_ADDRESS = f"data:image/svg+xml;base64,{base64.b64encode(LOGO.encode()).decode()}"


class Partner:
    """A page of the partner's site that holds a widget."""

    def __init__(self, page: Page, site: PartnerSite, server: FakeSessionServer) -> None:
        self.page = page
        self.site = site
        self.server = server
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))

    async def show(self, attributes: str = "", *, src: str | None = None, head: str = "") -> None:
        """Open a page with a widget of these attributes."""
        module = f'<script type="module" src="{self.server.url}/static/widget/visavis-session.js"></script>'
        self.site.head = head + RECORD % json.dumps(TYPES) + module
        address = self.server.page_url if src is None else src
        self.site.body = (
            f'<h1>Shop</h1><button>Before</button><visavis-session src="{address}" {attributes}></visavis-session>'
        )
        await self.page.goto(self.site.url)

    @property
    def frame(self) -> Any:
        return self.page.frame_locator("visavis-session iframe")

    async def wait_for(self, type_: str, **fields: Any) -> Any:
        """Detail of the first event of this type with these fields."""
        found = await self.page.wait_for_function(
            """([type, fields]) => heard.find((event) => event.type === type
              && Object.entries(fields).every(([name, value]) => event.detail[name] === value))""",
            arg=[type_, fields],
        )
        return (await found.json_value())["detail"]

    async def heard(self, type_: str) -> list[Any]:
        """Details of all events of a type so far."""
        return [event["detail"] for event in await self.page.evaluate("heard") if event["type"] == type_]

    async def type_into_call(self) -> None:
        """From the welcome to the call, without a microphone."""
        await self.frame.get_by_role("button", name="Continue without microphone").click()
        await self.server.wait_for("microphone")


@pytest_asyncio.fixture(loop_scope="session")
async def partner(browser: Browser, server: FakeSessionServer) -> AsyncIterator[Partner]:
    async with PartnerSite() as site:
        context = await browser.new_context(permissions=["microphone", "camera"])
        context.set_default_timeout(10_000)
        yield Partner(await context.new_page(), site, server)
        await context.close()


async def test_inline_widget_tells_everything_in_order(partner: Partner, server: FakeSessionServer) -> None:
    server.opening["embedders"] = [partner.site.url]
    await partner.show("captions")
    assert await partner.wait_for("ready") == {"sessionId": "session-1", "locale": "en"}
    assert await partner.wait_for("permission") == {"microphone": "prompt", "camera": "prompt"}
    await partner.type_into_call()
    server.send("state", state="speaking")
    server.send("node", nodeId="payment", nodeType="conversation")
    server.send("caption", id="1", speaker="avatar", text="Hello", final=True)
    server.send("finished", status="complete", reason="end")
    assert await partner.wait_for("finished") == {"sessionId": "session-1", "status": "complete"}
    assert await partner.heard("node") == [{"nodeId": "payment", "nodeType": "conversation"}]
    assert await partner.heard("caption") == [{"speaker": "avatar", "text": "Hello", "final": True}]
    states = [detail["state"] for detail in await partner.heard("state")]
    assert [s for s in states if s in {"welcome", "speaking", "ended"}] == ["welcome", "speaking", "ended"]
    assert (await partner.heard("permission"))[-1]["microphone"] == "absent"
    assert (await partner.wait_for("resize"))["height"] > 300
    session = await partner.page.evaluate("document.querySelector('visavis-session').session")
    assert session == {"id": "session-1", "status": "complete"}
    assert await partner.heard("error") == []
    assert partner.console == []


async def test_captions_stay_in_the_page_unless_asked_for(partner: Partner, server: FakeSessionServer) -> None:
    await partner.show()
    await partner.type_into_call()
    server.send("caption", id="1", speaker="user", text="My secret", final=True)
    server.send("node", nodeId="after", nodeType="conversation")
    await partner.wait_for("node")
    assert await partner.heard("caption") == []


async def test_modal_closes_at_once_before_the_call_and_gives_the_focus_back(partner: Partner) -> None:
    await partner.show('mode="modal"')
    page = partner.page
    await page.get_by_role("button", name="Before").focus()
    assert await page.locator("visavis-session iframe").count() == 0  # Nothing is loaded before it is wanted.
    await page.evaluate("document.querySelector('visavis-session').open()")
    await expect(page.get_by_role("dialog", name="Conversation")).to_be_visible()
    assert await page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    await partner.wait_for("ready")
    await page.get_by_role("button", name="Close").click()
    await partner.wait_for("close")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await page.evaluate("getComputedStyle(document.documentElement).overflow") != "hidden"
    await expect(page.get_by_role("button", name="Before")).to_be_focused()


@pytest.mark.parametrize("way", ["button", "escape outside", "escape inside"])
async def test_modal_never_ends_a_call_silently(partner: Partner, server: FakeSessionServer, way: str) -> None:
    await partner.show('mode="modal" open')
    await partner.type_into_call()
    page, question = partner.page, partner.frame.get_by_role("dialog", name="End the conversation?")
    for answer in ("Keep talking", "End conversation"):
        if way == "escape inside":
            await partner.frame.get_by_role("textbox").focus()
            await page.keyboard.press("Escape")
        else:
            close = page.get_by_role("button", name="Close")
            await (close.click() if way == "button" else close.press("Escape"))
        await expect(question).to_be_visible()
        assert await partner.heard("close") == []
        await question.get_by_role("button", name=answer).click()
    assert (await partner.wait_for("finished"))["status"] == "incomplete"
    async with asyncio.timeout(5):
        await server.left.wait()
    if way != "escape inside":
        await partner.wait_for("close")
        await expect(page.get_by_role("dialog", name="Conversation")).to_have_count(0)


async def test_modal_fills_a_phone(partner: Partner) -> None:
    await partner.page.set_viewport_size({"width": 390, "height": 844})
    await partner.show('mode="modal" open')
    await partner.wait_for("ready")
    box = await partner.page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)


async def test_theme_tokens_logo_strings_and_locale_reach_the_page(partner: Partner) -> None:
    await partner.show(
        'theme="dark" logo="/logo.svg" locale="de-AT" strings=\'{"welcome.heading": "Hallo, ich bin {name}"}\'',
        head="<style>visavis-session{--visavis-accent:#ffd166;--visavis-radius:4px}</style>",
    )
    assert (await partner.wait_for("ready"))["locale"] == "de"
    frame = partner.frame
    await expect(frame.get_by_role("heading", level=1)).to_have_text("Hallo, ich bin Ava")
    await expect(frame.locator("img.brand")).to_have_attribute("src", LOGO_ADDRESS)
    look = await frame.locator("html").evaluate(
        """(html) => {
          const style = getComputedStyle(html);
          const tokens = ['--accent', '--radius', '--ground'].map((name) => style.getPropertyValue(name));
          return [html.lang, style.colorScheme, ...tokens];
        }"""
    )
    assert look == ["de", "dark", "#ffd166", "4px", "#0f1513"]
    assert partner.console == []


async def test_what_would_harm_the_page_is_refused_by_name(partner: Partner) -> None:
    strings = json.dumps({"welcome.lead": "<img src=x onerror=alert(1)>", "consent.text": "Nothing to see"})
    await partner.show(
        f'theme="blue" locale="xx" strings=\'{strings}\'',
        head=(
            "<style>visavis-session{--visavis-accent:#eeeeee;--visavis-ink:url(https://evil.example/);"
            "--visavis-radius:calc(100vw);--visavis-font:x,expression(alert(1))}</style>"
        ),
    )
    error = await partner.wait_for("error", code="option_refused")
    for name in (
        "theme",
        "locale",
        "strings.consent.text",
        "tokens.--accent: contrast",
        "tokens.--ink;",
        "--radius",
        "--font",
    ):
        assert name in error["fix"], name
    # Text that an integrator may set is shown as text, whatever it looks like.
    await expect(partner.frame.locator(".panel .lead")).to_have_text("<img src=x onerror=alert(1)>")
    assert await partner.frame.locator(".panel .lead img").count() == 0
    accent = await partner.frame.locator("html").evaluate(
        "(html) => getComputedStyle(html).getPropertyValue('--accent')"
    )
    assert accent != "#eeeeee"


async def test_logo_of_the_wrong_kind_is_left_out(partner: Partner) -> None:
    await partner.show('logo="/"')
    assert "text/html" in (await partner.wait_for("error"))["fix"]
    await partner.wait_for("ready")
    await expect(partner.frame.locator("img.brand")).to_be_hidden()


FORGED: list[Any] = [
    {"visavis": 1, "type": "finished", "sessionId": "session-1", "status": "complete"},
    {"visavis": 1, "type": "close"},
    {"visavis": 2, "type": "close"},
    {"visavis": 1, "type": "__proto__"},
]


async def test_forged_messages_of_other_windows_are_counted_and_not_believed(
    partner: Partner, server: FakeSessionServer
) -> None:
    await partner.show()
    await partner.wait_for("ready")
    forge = "(messages) => messages.forEach((message) => {window}.postMessage(message, '*'))"
    await partner.page.evaluate(forge.replace("{window}", "window"), FORGED)
    to_partner, to_page = (json.dumps(message) for message in FORGED[:2])
    third = f"<script>parent.postMessage({to_partner}, '*'); parent[0].postMessage({to_page}, '*')</script>"
    await partner.page.evaluate(
        """(markup) => new Promise((done) => {
          const frame = document.createElement('iframe');
          frame.srcdoc = markup;
          frame.onload = () => done(null);
          document.body.append(frame);
        })""",
        third,
    )
    expected = len(FORGED) + 1
    await partner.page.wait_for_function(
        "(count) => document.querySelector('visavis-session').ignoredMessages === count", arg=expected
    )
    assert await partner.heard("finished") == []
    assert await partner.heard("close") == []


async def test_page_hears_nobody_but_its_parent_of_an_allowed_origin(
    partner: Partner, server: FakeSessionServer
) -> None:
    server.opening["embedders"] = ["https://partner.example.org", "https://*.example.com"]
    await partner.show(head=HURRY)
    error = await partner.wait_for("error")
    assert error["code"] == "unreachable"
    assert f"{partner.site.url} is among the allowedOrigins" in error["fix"]
    await expect(partner.page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert await partner.heard("ready") == []
    ignored = await partner.page.frames[1].evaluate("document.documentElement.dataset.ignoredMessages")
    assert int(ignored) >= 1
    server.opening["embedders"] = ["http://127.0.0.1:*"]
    await partner.page.get_by_role("button", name="Try again").click()
    await partner.wait_for("ready")


@pytest.mark.parametrize(
    ("src", "said"),
    [
        ("", "missing"),
        ("https://session.example.org/", "without a client secret"),
        ("javascript:alert(1)", "javascript:"),
        ("https://", "no address"),
    ],
)
async def test_wrong_address_is_named(partner: Partner, src: str, said: str) -> None:
    await partner.show(src=src)
    error = await partner.wait_for("error")
    assert (error["code"], error["recoverable"]) == ("wrong_src", False)
    assert said in error["fix"]
    assert any("wrong_src" in line for line in partner.console)
    assert await partner.page.locator("visavis-session iframe").count() == 0


async def test_policy_of_the_partner_that_blocks_frames_is_named(partner: Partner) -> None:
    partner.site.headers["Content-Security-Policy"] = "frame-src https://other.example.org"
    await partner.show()
    error = await partner.wait_for("error")
    assert error["code"] == "csp_blocked"
    assert error["fix"].endswith(f"(frame-src). Add {partner.server.url} to its frame-src.")


async def test_widget_needs_no_unsafe_inline_and_no_markup(partner: Partner) -> None:
    origin = partner.server.url
    partner.site.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {origin} 'unsafe-inline'; style-src 'none'; connect-src 'self'; "
        f"frame-src {origin}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    await partner.show()
    await partner.wait_for("ready")
    box = await partner.page.locator("visavis-session iframe").bounding_box()
    assert box is not None
    assert box["height"] > 400
    assert partner.console == []


async def test_header_that_keeps_the_camera_is_named(partner: Partner) -> None:
    partner.site.headers["Permissions-Policy"] = "camera=(self), microphone=(self)"
    await partner.show()
    for device in ("camera", "microphone"):
        error = await partner.wait_for("error", code=f"{device}_not_delegated")
        assert f'camera=(self "{partner.server.url}"), microphone=(self "{partner.server.url}")' in error["fix"]
        assert error["recoverable"] is True


async def test_expired_link_reaches_the_partner_as_an_error(partner: Partner, server: FakeSessionServer) -> None:
    server.refusal = (410, {"code": "client_secret_expired"}, {})
    await partner.show()
    error = await partner.wait_for("error")
    assert (error["code"], error["recoverable"]) == ("client_secret_expired", False)
    await expect(partner.frame.get_by_role("heading", level=1)).to_contain_text("expired")


async def test_removed_widget_can_come_back_into_the_same_session(partner: Partner, server: FakeSessionServer) -> None:
    await partner.show()
    await partner.type_into_call()
    await partner.page.evaluate("(window.widget = document.querySelector('visavis-session')).remove()")
    assert len(partner.page.frames) == 1
    server.opening["session"]["status"] = "inProgress"
    await partner.page.evaluate("document.body.append(widget)")
    await partner.frame.get_by_role("button", name="Rejoin the conversation").wait_for()
    await partner.frame.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone", count=2)
    assert server.offers[0]["pageId"] != server.offers[1]["pageId"]


async def test_reload_of_the_partners_page_finds_the_session_again(partner: Partner, server: FakeSessionServer) -> None:
    await partner.show()
    await partner.type_into_call()
    server.opening["session"]["status"] = "inProgress"
    await partner.page.reload()
    await partner.wait_for("ready")
    await expect(partner.frame.get_by_role("heading", level=1)).to_have_text("Welcome back")


async def test_replaced_page_says_so(partner: Partner, server: FakeSessionServer) -> None:
    await partner.show()
    await partner.type_into_call()
    server.send("replaced")
    error = await partner.wait_for("error")
    assert (error["code"], error["recoverable"]) == ("replaced", True)


async def test_size_follows_the_attributes(partner: Partner) -> None:
    await partner.show('width="640" height="500"')
    await partner.wait_for("ready")
    frame = partner.page.locator("visavis-session iframe")
    box = await frame.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (640, 500)
    await partner.page.evaluate(
        """() => {
          const widget = document.querySelector('visavis-session');
          widget.removeAttribute('height');
          widget.setAttribute('aspect', '16 / 10');
        }"""
    )
    box = await frame.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (640, 400)


async def test_words_of_the_widget_are_complete_in_every_language(module_page: Page) -> None:
    gaps = await module_page.evaluate(
        """async () => {
          const { TEXTS, textsFor } = await import('/static/widget/texts.js');
          const { LANGUAGES } = await import('/static/session/strings.js');
          const isShort = (texts) => Object.keys(TEXTS.en).some((key) => !texts[key]);
          return {
            languages: LANGUAGES.filter((id) => !TEXTS[id]),
            words: LANGUAGES.filter((id) => isShort(TEXTS[id])),
            chosen: ['de-AT', 'zh-Hant-HK', 'nb-NO', 'constructor'].map((tag) => textsFor([tag]).close),
          };
        }"""
    )
    assert gaps == {"languages": [], "words": [], "chosen": ["Schließen", "關閉", "Lukk", "Close"]}
