"""Recordings in the console, played by a real Chromium: who was seen and what they were told go together."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery, MediaRecord
from tests.fakes.webm import webm
from tests.insight.sessions import end_session
from tests.static.console_desk import Desk, opened_desk
from tests.static.test_axe import findings
from tests.storage.records import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SESSION = "session-00001"
CONSENT = {"version": "2026-11-23", "acceptedAt": START_MS, "recording": ["userVideo", "avatarAudio"]}
CAMERA = MediaRecord("m_camera", SESSION, "userVideo", 0, "video/webm", 0, START_MS)
TOLD = MediaRecord("m_told", SESSION, "avatarAudio", 0, "audio/webm", 0, START_MS)
CAMERA_SECONDS, TOLD_SECONDS = 8.0, 9.0
TOLD_LATER_SECONDS = 0.5
TIMES = "[...document.querySelectorAll('.player video, .player audio')].map(({ currentTime }) => currentTime)"
TOGETHER = f"(([picture, told]) => Math.abs(told - (picture - {TOLD_LATER_SECONDS})) < 0.1)({TIMES})"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(browser, tmp_path) as desk:
        yield desk


async def keep(desk: Desk, record: MediaRecord, content: bytes) -> None:
    """A finished part, as the recorder writes it; without bytes one that never got so far."""
    file = await desk.edge.stores.recordings.begin(record)
    if content:
        await asyncio.to_thread(file.write, content)
        assert await desk.edge.stores.recordings.finish(record.id, await asyncio.to_thread(file.finish))


async def record_call(desk: Desk) -> None:
    """A session of which camera and avatar were recorded; the avatar began half a second later."""
    await end_session(desk.edge.stores, 1, consent=CONSENT)
    await keep(desk, CAMERA, webm(CAMERA_SECONDS))
    later = START_MS + round(1000 * TOLD_LATER_SECONDS)
    await keep(desk, replace(TOLD, created_at=later), webm(TOLD_SECONDS, picture=False, silent_seconds=1.0))


async def opened(desk: Desk, **options: Any) -> Page:
    """The report, with the recording's player."""
    await record_call(desk)
    page = await desk.signed_in(Role.SUPERVISOR, path=f"/history/{SESSION}", **options)
    await open_player(page)
    await expect(page.locator(".player-row .number")).to_have_text("0:00 of 0:09")
    return page


async def open_player(page: Page) -> None:
    """Ask for the one recording of the report, with a reason."""
    await page.get_by_role("button", name="Play …").click()
    await page.get_by_label("Why do you open it?").fill("The person complained")
    await page.get_by_role("dialog").get_by_role("button", name="Play", exact=True).click()


async def until(page: Page, condition: str) -> None:
    """Wait for a condition in the page; Playwright's own way would evaluate text, which the policy forbids."""
    async with asyncio.timeout(10):
        await page.evaluate(f"async () => {{ while (!({condition})) await new Promise(requestAnimationFrame); }}")


async def test_each_file_is_opened_with_the_reason_and_the_player_gets_the_focus(desk: Desk) -> None:
    page = await opened(desk)
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()
    entries = await desk.edge.stores.audit.entries(AuditQuery(limit=9, session_id=SESSION))
    told = [dict(entry.details) for entry in reversed(entries) if entry.action == "media.opened"]
    assert told == [
        {"media": "m_camera", "kind": "userVideo", "reason": "The person complained"},
        {"media": "m_told", "kind": "avatarAudio", "reason": "The person complained"},
    ]


async def test_picture_and_what_was_told_go_together_through_play_seek_and_speed(desk: Desk) -> None:
    page = await opened(desk)
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await until(page, f"({TIMES})[0] > 1.5")
    await until(page, TOGETHER)
    await page.get_by_label("Speed").select_option("2")
    await until(page, f"({TIMES})[0] > 3")
    await until(page, TOGETHER)
    await page.get_by_role("group", name="The person's camera").press("ArrowLeft")
    await until(page, f"({TIMES})[0] < 2.5")
    await until(page, f"({TIMES})[0] > 3")
    await until(page, TOGETHER)
    await page.get_by_role("button", name="Pause").click()
    paused = await page.evaluate(TIMES)
    assert abs(paused[1] - (paused[0] - TOLD_LATER_SECONDS)) < 0.15
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.evaluate(TIMES) == paused


async def test_the_sound_goes_on_where_the_picture_has_ended_and_it_starts_again(desk: Desk) -> None:
    page = await opened(desk)
    position = page.get_by_label("Position")
    await position.press("End")
    await expect(position).to_have_attribute("aria-valuetext", "0:09 of 0:09")
    await position.press("ArrowLeft")
    await page.get_by_label("Speed").select_option("2")
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()  # by itself, at the end
    await expect(position).to_have_attribute("aria-valuetext", "0:09 of 0:09")
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(position).to_have_attribute("aria-valuetext", "0:01 of 0:09")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_player(desk: Desk, scheme: Any) -> None:
    page = await opened(desk, color_scheme=scheme)
    assert await findings(page) == []


async def test_a_part_that_a_crash_has_cut_off_plays_as_far_as_it_goes(desk: Desk) -> None:
    await end_session(desk.edge.stores, 1, consent=CONSENT)
    file = await desk.edge.stores.recordings.begin(CAMERA)
    await asyncio.to_thread(file.write, webm(CAMERA_SECONDS, cut_off=True))
    page = await desk.signed_in(Role.SUPERVISOR, path=f"/history/{SESSION}")
    await expect(page.get_by_text("Cut off: the server stopped")).to_be_visible()
    await open_player(page)
    await page.get_by_label("Speed").select_option("2")
    await page.get_by_role("button", name="Play", exact=True).click()
    await until(page, f"({TIMES})[0] > 2")
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=10_000)
    await expect(page.locator(".player .problem")).to_be_empty()


async def test_an_erased_recording_says_so_and_who_may_not_open_it_sees_no_button(desk: Desk) -> None:
    await record_call(desk)
    page = await desk.signed_in(Role.SUPERVISOR, path=f"/history/{SESSION}")
    await page.get_by_role("button", name="Play …").click()
    await desk.edge.stores.media.delete_media(SESSION)
    await page.get_by_label("Why do you open it?").fill("The person complained")
    await page.get_by_role("dialog").get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("This file is gone")
    auditor = await desk.signed_in(Role.AUDITOR, path=f"/history/{SESSION}")
    await expect(auditor.get_by_text("The person agreed, and nothing is there")).to_be_visible()


async def test_what_was_not_finished_or_not_recorded_is_said_in_words(desk: Desk) -> None:
    await end_session(desk.edge.stores, 1)
    await keep(desk, CAMERA, b"")
    page = await desk.signed_in(Role.AUDITOR, path=f"/history/{SESSION}")
    await expect(page.get_by_text("Cut off: the server stopped")).to_be_visible()
    await expect(page.get_by_text("Your roles do not open recordings.")).to_be_visible()
    await desk.edge.stores.media.delete_media(SESSION)
    await page.reload()
    await expect(page.get_by_text("Not recorded: nobody asked the person")).to_be_visible()
