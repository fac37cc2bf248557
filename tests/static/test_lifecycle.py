"""Sleep, the back button, two tabs, and strings that want to be markup."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OUT_OF_THE_CACHE = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"

HOSTILE = '<img src=x onerror="window.struck = true"><script>window.struck = true</script>&lt;b&gt;'


async def struck(page: Page) -> bool:
    """Whether any hostile string was taken as markup."""
    found: bool = await page.evaluate(
        "() => window.struck === true || document.querySelector('img[src=x], body script') !== null"
    )
    return found


async def test_back_to_a_page_of_the_browsers_cache_dials_again(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    await page.evaluate(OUT_OF_THE_CACHE)
    await server.wait_for("microphone", count=2)
    assert len({offer["pageId"] for offer in server.offers}) == 1
    await expect(page.locator(".banner")).to_be_hidden()


async def test_back_to_the_welcome_asks_how_the_session_stands(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    server.refusal = (409, {"code": "session_finished", "status": "complete", "reason": "end"}, {})
    await page.evaluate(OUT_OF_THE_CACHE)
    await expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!")
    server.refusal = None
    await page.evaluate(OUT_OF_THE_CACHE)
    await expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!")


async def test_page_that_was_frozen_finds_its_call_alive(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    await page.wait_for_timeout(4_000)  # Longer than the silence after which a server counts as dead.
    await session.send("Page.setWebLifecycleState", {"state": "active"})
    server.send("caption", id="1", speaker="avatar", text="Welcome back.", final=True)
    await expect(page.get_by_role("log")).to_contain_text("Welcome back.")
    await expect(page.locator(".banner")).to_be_hidden()
    await page.wait_for_timeout(1_500)
    assert len(server.offers) == 1


async def test_second_tab_takes_the_session_and_the_first_says_so(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    first = await open_page(permissions=())
    await join_typing(first, server)
    tell_first = server.channel
    second = await open_page(permissions=())
    await second.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone", count=2)
    assert len({offer["pageId"] for offer in server.offers}) == 2
    tell_first.send('{"type": "replaced"}')
    await expect(first.get_by_role("heading", level=1)).to_have_text("The conversation continues elsewhere")
    await expect(second.get_by_role("heading", level=1)).to_have_text("Talking with Ava")


async def test_every_string_from_outside_is_text(open_page: OpenPage, server: FakeSessionServer) -> None:
    texts = dict.fromkeys(("mainHeading", "subheading", "buttonText", "backgroundColor"), HOSTILE)
    server.opening["avatar"]["name"] = HOSTILE
    server.opening["customization"] = {"permissionsPage": texts | {"backgroundType": "COLOR"}}
    server.opening["languages"] = [{"id": "en", "title": HOSTILE}, {"id": HOSTILE, "title": HOSTILE}]
    server.opening["metadata"] = {"name": HOSTILE}
    page = await open_page()
    await expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    await page.get_by_role("button", name=HOSTILE).click()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    server.send("caption", id="1", speaker="avatar", text=HOSTILE, final=True)
    server.send("caption", id="2", speaker="user", text=HOSTILE, final=True)
    server.send("problem", code="other", message=HOSTILE, recoverable=True)
    server.ask_input("r1", "code", sentTo=HOSTILE)
    await expect(page.get_by_role("log")).to_contain_text(HOSTILE)
    await expect(page.locator(".banner")).to_contain_text(HOSTILE)
    await expect(page.locator(".card")).to_contain_text(HOSTILE)
    server.send("closeInput", requestId="r1")
    server.show_check("c1", instructions=HOSTILE)
    await expect(page.locator(".check")).to_contain_text(HOSTILE)
    assert await struck(page) is False
    server.send("finished", status="complete", reason=HOSTILE)
    await page.get_by_text("Read what was said").click()
    await expect(page.locator(".said")).to_contain_text(HOSTILE)
    assert await struck(page) is False
