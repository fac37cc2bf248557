"""The agents' console in Chromium, over the real console routes: signing in, the live list, reports, staff, audit."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from rtc_server.staff.roles import Role
from tests.insight.sessions import end_session, node, report
from tests.static.console_desk import HOSTILE, SUPERVISOR, Desk, opened_desk
from tests.static.console_server import fill_sign_in, open_console_page, summary
from tests.static.test_axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(browser, tmp_path) as desk:
        yield desk


async def test_wrong_credentials_are_refused_and_the_code_has_to_be_typed_anew(desk: Desk) -> None:
    person = await desk.edge.person(Role.AGENT)
    page = await desk.page()
    await page.goto(f"{desk.edge.origin}/console/")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Fill this in.")).to_have_count(3)
    await fill_sign_in(page, desk.edge, person, password="not the password")
    await expect(page.get_by_role("alert")).to_contain_text("is wrong")
    await expect(page.get_by_label("Code")).to_have_value("")
    await expect(page.get_by_label("E-mail address")).to_have_value(person.staff.email)
    await fill_sign_in(page, desk.edge, person)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Live")


async def test_who_guesses_too_often_is_told_how_long_to_wait(desk: Desk) -> None:
    person = await desk.edge.person(Role.AGENT)
    page = await desk.page()
    await page.goto(f"{desk.edge.origin}/console/")
    for _ in range(5):
        async with page.expect_response("**/sign-in"):
            await fill_sign_in(page, desk.edge, person, password="not the password")
        await expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    desk.edge.pass_seconds(-30)  # the next try comes within the wait
    await fill_sign_in(page, desk.edge, person)
    await expect(page.get_by_role("alert")).to_contain_text("Too many tries")
    await expect(page.get_by_role("button", name="Wait")).to_be_disabled()


async def test_an_expired_sign_in_keeps_what_was_typed_and_the_call_goes_on(desk: Desk) -> None:
    person = await desk.edge.person(*SUPERVISOR)
    page = await desk.page()
    await open_console_page(page, desk.edge, person, "/staff")
    await page.get_by_role("button", name="Add an account").click()
    await page.get_by_label("E-mail address").fill("new@example.org")
    await page.get_by_label("Name", exact=True).fill("Robin New")
    desk.edge.pass_seconds(3 * 3600)
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Robin New")
    await fill_sign_in(page, desk.edge, person)
    await expect(page.get_by_role("dialog", name="Hand this link over")).to_contain_text("/console/#setup=")
    await page.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("row", name="Robin New")).to_contain_text("Invited")


async def test_an_account_is_set_up_by_its_link(desk: Desk) -> None:
    page = await desk.page()
    await page.goto(f"{desk.edge.origin}/console/#setup=nobody")
    await expect(page.get_by_role("heading", level=1)).to_have_text("This link opens nothing")


async def test_two_hundred_sessions_stay_usable_while_all_change(desk: Desk) -> None:
    desk.calls.set(*(summary(number) for number in range(200)))
    page = await desk.signed_in(Role.AGENT)
    rows = page.locator(".rows > .row")
    await expect(rows).to_have_count(200)
    await rows.first.focus()
    first = await page.evaluate("document.activeElement.dataset.id")
    for burst in range(5):
        desk.calls.set(*(summary(number, state="held", nodeId=f"node-{burst}") for number in range(200)))
        await expect(page.locator(".row .node", has_text=f"node-{burst}")).to_have_count(200)
    assert await page.evaluate("document.activeElement.dataset.id") == first
    spent = await page.evaluate("performance.getEntriesByName('live-list').map(({ duration }) => duration)")
    assert sorted(spent)[int(len(spent) * 0.95) - 1] < 300, spent
    desk.calls.end(first)
    await expect(rows).to_have_count(199)


async def test_the_list_is_searched_filtered_sorted_and_opened_by_keys(desk: Desk) -> None:
    desk.calls.set(*(summary(number) for number in range(20)))
    page = await desk.signed_in(Role.AGENT)
    rows = page.locator(".rows > .row")
    await expect(rows).to_have_count(20)
    await expect(page.get_by_text("Recorded", exact=True).filter(visible=True)).to_have_count(5)
    await page.keyboard.press("/")
    await page.keyboard.type("session-0007")
    await expect(rows).to_have_count(1)
    await page.get_by_role("searchbox").fill("")
    await page.get_by_role("button", name="At risk").click()
    await expect(rows).to_have_count(3)
    await page.get_by_role("button", name="All").click()
    await page.get_by_role("columnheader", name="Node").get_by_role("button").click()
    await expect(page.get_by_role("columnheader", name="Node")).to_have_attribute("aria-sort", "ascending")
    await expect(rows.first).to_contain_text("confirm")
    await rows.first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(rows.nth(1)).to_be_focused()
    await page.keyboard.press("End")
    await expect(rows.last).to_be_focused()
    wanted = await rows.last.get_attribute("data-id")
    # The view of a session has tests of its own, and no session runs here.
    module = "export const open = () => ({ close: () => undefined });"
    await page.route("**/views/session.js", lambda route: route.fulfill(body=module, content_type="text/javascript"))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/#/live/{wanted}")


async def fill_with_hostile_text(desk: Desk) -> None:
    phrase = {"id": "p1", "createdAt": 1, "text": HOSTILE, "isAvatar": False}
    looked = node("face", "liveness_detection", "inconclusive", 10, verdict="inconclusive", reason=HOSTILE)
    shown = report(looked, transcript=[phrase], extractedData={HOSTILE: HOSTILE}, aiAnalysis=HOSTILE)
    await end_session(desk.edge.stores, 1, report=shown, reason=HOSTILE, client_reference_id=HOSTILE)
    desk.calls.set(
        summary(1, clientReferenceId=HOSTILE, nodeId=HOSTILE, nodeType=HOSTILE, state=HOSTILE, flowName=HOSTILE)
        | {
            "risk": {"level": "high", "reasons": [HOSTILE]},
            "agents": [{"id": "a", "name": HOSTILE, "mode": "watching"}],
        }
    )


@pytest.mark.parametrize(
    "path", ["/live", "/reviews", "/history", "/history/session-00001", "/staff", "/audit", f"/history/{HOSTILE}"]
)
async def test_nothing_that_is_shown_becomes_markup(desk: Desk, path: str) -> None:
    await fill_with_hostile_text(desk)
    await desk.edge.person(Role.AGENT, name=HOSTILE)
    page = await desk.signed_in(*SUPERVISOR, path=path)
    await expect(page.locator("main")).to_contain_text("<img src=x" if HOSTILE not in path else "Nothing to see here")
    assert await page.locator("main img, main script").count() == 0
    assert "taken" not in (await page.title()).split("·")[-1]


async def test_a_doubtful_session_is_decided_on_its_report(desk: Desk) -> None:
    doubtful = report(node("face", "liveness_detection", "inconclusive", 10, verdict="inconclusive"))
    await end_session(desk.edge.stores, 1, report=doubtful)
    page = await desk.signed_in(Role.REVIEWER, path="/reviews")
    await page.get_by_role("link", name="session-00001").click()
    await page.get_by_role("button", name="Decide").click()
    await expect(page.get_by_role("alert")).to_have_text("Choose one of the three.")
    await page.get_by_label("Approve").check()
    await page.get_by_label("Reason").fill("Called back and confirmed")
    await page.get_by_role("button", name="Decide").click()
    await expect(page.get_by_role("heading", name="Review: approved")).to_be_visible()


async def test_navigation_shows_only_what_the_roles_open(desk: Desk) -> None:
    page = await desk.signed_in(Role.AUDITOR)
    links = page.get_by_role("navigation", name="Console").get_by_role("link")
    assert await links.all_inner_texts() == ["History", "Fleet", "Audit"]
    await page.goto(f"{desk.edge.origin}/console/#/staff")
    await expect(page.locator("main")).to_contain_text("your roles do not open it")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/live", "/reviews", "/history", "/history/session-00001", "/staff", "/audit"])
async def test_axe_finds_nothing(desk: Desk, path: str, scheme: str) -> None:
    desk.calls.set(*(summary(number) for number in range(12)))
    await end_session(desk.edge.stores, 1, report=report(node("face", "liveness_detection", "inconclusive", 9)))
    page = await desk.signed_in(*SUPERVISOR, path=path, color_scheme=scheme)
    await expect(page.locator("main h1")).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text("Reading")
    assert await findings(page) == []
