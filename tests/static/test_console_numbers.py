"""Numbers over many sessions, and alerts, in the console; over the real routes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from rtc_server.staff.roles import Role
from tests.insight.sessions import end_session, node, report
from tests.static.console_server import ScriptedCalls, console_server
from tests.static.test_axe import findings
from tests.static.test_console import HOSTILE, SUPERVISOR, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def numbers(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    """A console of its own; no page may report an error."""
    async with console_server(tmp_path, ScriptedCalls()) as edge:
        desk = Desk(edge, ScriptedCalls(), browser)
        yield desk
        await desk.close()
        assert desk.complaints == []


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
    await page.get_by_text("As a table").click()
    await expect(page.get_by_role("columnheader", name="Not verified")).to_be_visible()
    assert await page.locator("img[src=x]").count() == 0
    assert await findings(page) == []
    await page.get_by_label("Mode").select_option("sandbox")
    await expect(page.get_by_text("No session ended in this time")).to_be_visible()


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
