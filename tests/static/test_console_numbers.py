"""Numbers over many sessions, and alerts, in the console; over the real routes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from rtc_server.staff.roles import Role
from tests.insight.sessions import end_session, node, report
from tests.static.console_desk import HOSTILE, SUPERVISOR, Desk, opened_desk
from tests.static.test_axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def numbers(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(browser, tmp_path) as desk:
        yield desk


async def test_a_fleet_without_sessions_says_so(numbers: Desk) -> None:
    page = await numbers.signed_in(Role.VIEWER, path="/fleet")
    await expect(page.get_by_text("No session ended in this time")).to_be_visible()
    assert await findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_sessions_are_counted_drawn_and_given_as_a_table(numbers: Desk, scheme: Any) -> None:
    checked = report(node("face", "liveness_detection", HOSTILE, 10, verdict="inconclusive"))
    await end_session(numbers.edge.stores, 1, report=checked)
    await end_session(numbers.edge.stores, 2, report=report())
    numbers.edge.pass_seconds(600)
    page = await numbers.signed_in(Role.VIEWER, path="/fleet", color_scheme=scheme)
    await expect(page.locator(".tiles dd").first).to_have_text("2")
    await page.get_by_text("As a table").first.click()
    await expect(page.get_by_role("columnheader", name="Not verified")).to_be_visible()
    assert await page.locator("img[src=x]").count() == 0
    assert await findings(page) == []
    await page.get_by_label("Mode").select_option("sandbox")
    await expect(page.get_by_text("No session ended in this time")).to_be_visible()


async def test_answers_are_drawn_over_time_and_given_as_a_table(numbers: Desk) -> None:
    turns = [{"totalMs": milliseconds} for milliseconds in (400, 600, 800, 2_400)]
    await end_session(numbers.edge.stores, 1, report=report(turns=turns))
    numbers.edge.pass_seconds(600)
    page = await numbers.signed_in(Role.VIEWER, path="/fleet")
    chart = page.locator(".card").filter(has=page.get_by_role("heading", name="Answers of the avatar over time"))
    await expect(chart).to_contain_text("highest 2.40 s")
    await chart.get_by_text("As a table").click()
    cells = chart.get_by_role("row").filter(has_text="2.40 s").get_by_role("cell")
    assert [await cell.inner_text() for cell in await cells.all()][1:] == ["0.60 s", "2.40 s"]
    assert await findings(page) == []


async def test_what_is_wrong_with_a_rule_stands_beside_its_number(numbers: Desk) -> None:
    page = await numbers.signed_in(*SUPERVISOR, path="/alerts")
    times = page.get_by_role("spinbutton", name="Times")
    await times.fill("0.5")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".field").filter(has=times)).to_contain_text("Write a number from 1.1 to 100")
    await expect(times).to_be_focused()
    await expect(page.locator("form > .problem")).to_be_empty()
    await times.fill("3")
    attacks = page.get_by_role("spinbutton", name="Attacks")
    await attacks.fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".field").filter(has=attacks)).to_contain_text("Write a whole number from 1 to 10000")
    await expect(times).to_have_attribute("aria-invalid", "false")


async def test_alerts_are_saved_and_what_is_wrong_stands_beside_its_field(numbers: Desk) -> None:
    page = await numbers.signed_in(*SUPERVISOR, path="/alerts")
    addresses = page.get_by_label("E-mail addresses")
    await addresses.fill("ops@example.org\nnot an address")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".field").filter(has=addresses)).to_contain_text("write an address")
    await expect(addresses).to_have_attribute("aria-invalid", "true")
    await addresses.fill("ops@example.org")
    await page.get_by_label("Minutes of silence after an alert").fill("90")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("E-mail addresses")).to_have_value("ops@example.org")
    await expect(page.get_by_label("Minutes of silence after an alert")).to_have_value("90")
    assert await findings(page) == []


async def test_a_test_says_what_came_of_it(numbers: Desk) -> None:
    page = await numbers.signed_in(*SUPERVISOR, path="/alerts")
    await page.get_by_role("button", name="Send a test").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Nobody is to be told yet")
