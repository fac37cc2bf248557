"""One running session in the console, in Chromium: the sessions are real, the person's page is in the test's hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from rtc_server.rtc.messages import Agent, Caption, Recording, Text
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.viewers import Viewers
from rtc_server.session.agents import AgentRef
from rtc_server.session.supervision import Supervision
from rtc_server.staff.roles import Role
from rtc_server.storage.ports import SessionRecord
from tests.conftest import REPOSITORY
from tests.fakes.console_edge import ConsoleEdge, open_console
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, open_stage
from tests.scores.flows import conversation, strict_flow
from tests.static.console_server import open_console_page
from tests.static.test_axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOSTILE = "<img src=x onerror=\"document.title='taken'\">"
KEPT_MICROPHONE = """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => (window.microphone = await ask(wish));"""
UNPLUGGED = """() => {
  const [track] = window.microphone.getAudioTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""
FILM = """async () => {
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d");
  const video = document.querySelector("video");
  video.srcObject = canvas.captureStream(15);
  let drawn = 0;
  const timer = setInterval(() => brush.fillRect(drawn, 0, 1, 1) || (drawn += 1) > 15 && clearInterval(timer), 50);
}"""
"""A picture that moves for a second, then stands still."""
NO_MICROPHONE = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotFoundError'); }"


@dataclass
class Watched:
    """A console over real sessions."""

    edge: ConsoleEdge
    stage: Stage
    browser: Browser
    pages: list[Page] = field(default_factory=list)

    async def call(self, flow: list[dict[str, Any]] | None = None) -> tuple[SessionRecord, FakePeer]:
        """A session whose first question has been asked."""
        record = await self.stage.create(flow or strict_flow())
        peer = await self.stage.join(record)
        await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
        return record, peer

    async def open(self, session_id: str, *roles: Role, script: str = "", **options: Any) -> Page:
        """The view of a session, by somebody new."""
        page = await self.browser.new_page(permissions=["microphone"], **options)
        self.pages.append(page)
        page.set_default_timeout(10_000)
        if script:
            await page.add_init_script(script)
        person = await self.edge.person(*(roles or (Role.SUPERVISOR,)), name="Mia Lopez")
        await open_console_page(page, self.edge, person, f"/live/{session_id}")
        await page.locator(".flow, [role=alert]").first.wait_for()  # a snapshot has come, or a refusal
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, tmp_path: Path) -> AsyncIterator[Watched]:
    async with open_stage(tmp_path, {}) as stage:
        supervision = Supervision(stage.registry, Viewers(PeerPolicy()))
        async with open_console(REPOSITORY, supervision, shared=stage.stores) as edge:
            watched = Watched(edge, stage, browser)
            yield watched
            for page in watched.pages:
                await page.context.close()
        await supervision.close()


async def test_what_is_said_is_shown_and_a_line_is_whispered(watched: Watched) -> None:
    record, peer = await watched.call()
    page = await watched.open(record.id)
    said = page.get_by_label("What is said", exact=True)
    await expect(said.locator("li").first).to_contain_text("moving house")
    peer.send_message(Text("bananas"))
    await expect(said.get_by_text("bananas")).to_be_visible()
    field = page.get_by_label("Line that the avatar says")
    await field.fill("Take your time.")
    await field.press("Enter")
    await peer.receives(Caption, lambda caption: caption.text == "Take your time." and caption.final)
    await expect(field).to_have_value("")
    await expect(said.locator("li.agent")).to_contain_text("Take your time.")


async def test_it_says_so_while_the_conversation_is_recorded(watched: Watched) -> None:
    record, _ = await watched.call()
    page = await watched.open(record.id)
    session = watched.stage.registry.session(record.id)
    assert session is not None
    signs = page.locator(".page-head .badges")
    await expect(signs).not_to_contain_text("Recorded")
    session.line.send(Recording("on"))
    await expect(signs).to_contain_text("Recorded")
    session.line.send(Recording("erased"))
    await expect(signs).not_to_contain_text("Recorded")


async def test_taking_over_by_keyboard_and_handing_back(watched: Watched) -> None:
    record, peer = await watched.call()
    page = await watched.open(record.id)
    await page.get_by_role("button", name="Take over").focus()
    await page.keyboard.press("t")
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    await expect(page.get_by_text("You are live")).to_be_visible()
    assert await findings(page) == []
    await page.keyboard.press("t")
    await peer.receives(Agent, lambda agent: agent.mode == "watching")
    await expect(page.get_by_text("You are live")).to_be_hidden()
    await page.keyboard.press("w")
    await expect(page.get_by_label("Line that the avatar says")).to_be_focused()


async def test_an_agent_without_a_microphone_is_told_and_can_still_write(watched: Watched) -> None:
    record, peer = await watched.call()
    page = await watched.open(record.id, script=NO_MICROPHONE)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.get_by_text("Your microphone cannot be used")).to_be_visible()
    session = watched.stage.registry.session(record.id)
    assert session is not None
    assert session.agents.holder is None
    field = page.get_by_label("Line that the avatar says")
    await field.fill("I write instead.")
    await field.press("Enter")
    await peer.receives(Caption, lambda caption: caption.text == "I write instead.")


async def test_a_microphone_that_is_unplugged_is_said_at_once_and_another_one_chosen(watched: Watched) -> None:
    record, peer = await watched.call()
    page = await watched.open(record.id, script=KEPT_MICROPHONE)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.get_by_text("You are live")).to_be_visible()
    await page.evaluate(UNPLUGGED)
    told = page.get_by_role("alert").filter(has_text="The person does not hear you")
    await expect(told).to_contain_text("unplugged")
    await expect(page.get_by_text("You are live")).to_be_hidden()
    assert await findings(page) == []
    assert await page.get_by_label("Microphone", exact=True).locator("option").count() > 0
    await page.get_by_role("button", name="Use it").click()
    await expect(page.get_by_text("You are live")).to_be_visible()
    await expect(told).to_be_hidden()
    await page.evaluate(UNPLUGGED)
    await page.locator(".silent").get_by_role("button", name="Hand back").click()
    await peer.receives(Agent, lambda agent: agent.mode == "watching")
    await expect(told).to_be_hidden()


async def test_a_picture_that_does_not_come_or_stands_still_is_not_taken_for_the_person(watched: Watched) -> None:
    record, _ = await watched.call()
    page = await watched.open(record.id)
    words = page.locator(".media-words")
    await expect(words).to_contain_text("No picture comes: the camera is off")
    await page.evaluate(FILM)
    await expect(words).to_be_hidden()
    await expect(words).to_contain_text("The picture has stood still for 3 s")
    await expect(words).to_contain_text("The picture has stood still for 4 s")
    await expect(words.get_by_role("status")).to_have_text("The picture has stood still")


async def test_a_refused_picture_is_asked_for_again(watched: Watched) -> None:
    record, _ = await watched.call()
    refusal = '{"error": {"code": "invalid_sdp", "message": "This offer is not understood."}}'

    async def refuse(route: Route) -> None:
        await route.fulfill(status=400, body=refusal, content_type="application/json")

    page = await watched.browser.new_page(permissions=["microphone"])
    watched.pages.append(page)
    await page.route("**/media", refuse)
    person = await watched.edge.person(Role.SUPERVISOR)
    await open_console_page(page, watched.edge, person, f"/live/{record.id}")
    await expect(page.locator(".media-words")).to_contain_text("This offer is not understood.")
    await page.unroute("**/media", refuse)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    await expect(page.get_by_text("No picture comes")).to_be_visible()


async def test_a_node_of_the_drawing_shows_what_it_came_to(watched: Watched) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Are you alone?", ("yes", "after", "They are alone"), ("no", "end", "They are not alone")),
        conversation("after", "Good. And is it quiet?", ("yes", "end", "It is quiet"), ("no", "end", "It is loud")),
        {"id": "end", "type": "end"},
    ]
    record, _ = await watched.call(flow)
    page = await watched.open(record.id)
    drawing = page.get_by_role("group", name="Nodes of the flow")
    here = drawing.get_by_role("button", name="Are you alone?, here now")
    await expect(here).to_have_attribute("tabindex", "0")
    await here.focus()
    await page.keyboard.press("Enter")
    await expect(here).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".steps .chosen")).to_contain_text("ask")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    await expect(page.locator(".flow-frame > [role=status]")).to_contain_text("Ways out: It is quiet, It is loud.")
    assert await findings(page) == []
    await drawing.get_by_role("button", name="And is it quiet?").click()
    await expect(page.locator(".flow-frame > [role=status]")).to_be_empty()


async def test_while_another_agent_talks_one_only_looks_on(watched: Watched) -> None:
    record, peer = await watched.call()
    session = watched.stage.registry.session(record.id)
    assert session is not None
    other = AgentRef("stf_other", "Noor Other")
    session.agents.came(other)
    session.agents.take_over(other)
    await peer.receives(Agent, lambda agent: agent.mode == "speaking")
    page = await watched.open(record.id)
    await expect(page.get_by_text("Noor Other talks to the person just now")).to_be_visible()
    await expect(page.get_by_role("button", name="Take over")).to_be_disabled()
    await expect(page.get_by_label("Line that the avatar says")).to_be_disabled()


async def test_a_session_that_ends_while_watched_says_so_and_leads_to_its_report(watched: Watched) -> None:
    record, _ = await watched.call()
    page = await watched.open(record.id)
    await watched.stage.registry.cancel(record.id)
    await expect(page.get_by_text("The session has ended").first).to_be_visible()
    await expect(page.get_by_role("button", name="Take over")).to_be_disabled()
    await page.get_by_role("link", name="Open its report").click()
    await page.wait_for_url(f"**/#/history/{record.id}")


async def test_an_outcome_is_forced_only_with_a_reason(watched: Watched) -> None:
    record, _ = await watched.call()
    page = await watched.open(record.id)
    await page.get_by_role("button", name="Force outcome").click()
    dialog = page.get_by_role("dialog")
    assert await findings(page) == []
    await dialog.get_by_label("Outcome").select_option("yes")
    await dialog.get_by_role("button", name="Force outcome").click()
    await expect(dialog.get_by_text("Write at least 5 characters.")).to_be_visible()
    await dialog.get_by_label("Reason").fill("Nodded twice.")
    await dialog.get_by_role("button", name="Force outcome").click()
    await expect(page.get_by_text("The session has ended").first).to_be_visible()
    stored = await watched.stage.store.session(record.id)
    assert stored is not None
    assert stored.report["verdict"]["byAgent"] is True


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_session_is_ended_only_with_a_reason(watched: Watched, scheme: Any) -> None:
    record, _ = await watched.call()
    page = await watched.open(record.id, color_scheme=scheme)
    await page.get_by_role("button", name="End session").click()
    dialog = page.get_by_role("dialog", name="End this session")
    await dialog.get_by_role("button", name="End session").click()
    await expect(dialog.get_by_text("Write at least 5 characters.")).to_be_visible()
    assert await findings(page) == []
    await dialog.get_by_label("Reason").fill("Asked for it.")
    await dialog.get_by_role("button", name="End session").click()
    await expect(page.get_by_text("The session has ended").first).to_be_visible()


async def test_an_agent_who_may_not_act_is_shown_no_buttons_for_it(watched: Watched) -> None:
    record, _ = await watched.call()
    page = await watched.open(record.id, Role.AGENT)
    await expect(page.get_by_role("button", name="Take over")).to_be_visible()
    await expect(page.get_by_role("link", name="Open its report")).to_have_count(0)


async def test_a_session_that_does_not_run_is_said_to_be_none(watched: Watched) -> None:
    page = await watched.open("nobody")
    await expect(page.get_by_role("alert")).to_contain_text("No session of this id runs just now")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_that_people_said_or_wrote_becomes_markup(watched: Watched, scheme: Any) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", f"Say: {HOSTILE}", ("yes", "end", HOSTILE), ("no", "end", "Other")),
        {"id": "end", "type": "end"},
    ]
    record, peer = await watched.call(flow)
    await watched.stage.store.update_session(record.id, client_reference_id=HOSTILE)
    page = await watched.open(record.id, color_scheme=scheme)
    peer.send_message(Text(HOSTILE))
    await expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert await page.locator("img[src=x]").count() == 0
    assert "taken" not in await page.title()
    assert await findings(page) == []
