"""Microphone and camera that the flow asks for during the call."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOT_ASKED_YET = "navigator.permissions.query = async () => ({ state: 'prompt' })"
"""A browser that has yet to ask; a headless one can only be told its answer beforehand."""

COUNT_AND_REFUSE = """([refused, error]) => {
  window.asked = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.asked.push(Object.keys(wanted).sort().join());
    if (refused.some((kind) => wanted[kind])) throw new DOMException('no', error);
    return real(wanted);
  };
}"""


async def begin(page: Page, server: FakeSessionServer) -> None:
    """Into the call of a flow that asks for the devices itself."""
    await page.get_by_role("button", name="Start the conversation").click()
    assert (await server.wait_for("microphone"))["state"] == "absent"


async def sent_audio(page: Page) -> int:
    """Audio packets that the page has sent."""
    packets: int = await page.evaluate(
        """async () => {
          const report = await window.peer.getStats();
          return [...report.values()].filter((e) => e.type === 'outbound-rtp' && e.kind === 'audio')
            .reduce((sum, entry) => sum + entry.packetsSent, 0);
        }"""
    )
    return packets


WATCH_PEER = """() => {
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real { constructor(...all) { super(...all); window.peer = this; } };
}"""


@pytest.fixture
def asking(server: FakeSessionServer) -> FakeSessionServer:
    """A session whose flow asks for the devices."""
    server.opening["asksPermissions"] = True
    return server


async def test_devices_are_asked_for_by_a_card_and_come_without_a_new_offer(
    open_page: OpenPage, asking: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(NOT_ASKED_YET)
    await page.evaluate(WATCH_PEER)
    await page.evaluate(COUNT_AND_REFUSE, [[], ""])
    await expect(page.get_by_text("Off for now.")).to_be_visible()
    await begin(page, asking)
    assert "m=video" in asking.offers[0]["sdp"]
    await expect(page.get_by_role("button", name="Microphone is not on yet")).to_be_disabled()
    asking.send("askPermissions", requestId="r1", microphone=True, camera=True)
    asking.send("state", state="waiting")
    card = page.get_by_role("region", name="May Ava hear and see you?")
    await expect(card).to_contain_text("Microphone, so that you can simply talk")
    await expect(card).to_contain_text("Camera, so that Ava can see you")
    await expect(page.locator(".hint")).to_have_text("Waiting for you")
    assert await page.evaluate("asked") == [], "the browser asks after a press alone"
    assert await sent_audio(page) == 0
    allow = card.get_by_role("button", name="Turn on microphone and camera")
    await expect(allow).to_be_focused()
    await page.keyboard.press("Enter")
    answer = await asking.wait_for("permissions")
    assert answer == {"type": "permissions", "requestId": "r1", "camera": "granted", "microphone": "granted"}
    assert (await asking.wait_for("microphone", count=2))["state"] == "live"
    await expect(card).to_have_count(0)
    await expect(page.get_by_role("button", name="Mute microphone", exact=True)).to_be_enabled()
    await expect(page.get_by_role("button", name="Turn camera off")).to_be_visible()
    await expect(page.locator(".self")).to_be_visible()
    await page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.control.microphone')).getPropertyValue('--level') > 0"
    )
    await page.wait_for_function(
        """async () => [...(await peer.getStats()).values()]
          .filter((entry) => entry.type === 'outbound-rtp' && entry.packetsSent > 5).length === 2"""
    )
    assert len(asking.offers) == 1
    assert await page.evaluate("asked") == ["audio,video"]


async def test_declined_devices_leave_a_talk_by_typing(open_page: OpenPage, asking: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await page.evaluate(NOT_ASKED_YET)
    await begin(page, asking)
    asking.send("askPermissions", requestId="r1", microphone=True, camera=True)
    await page.get_by_role("button", name="Not now, I will type").click()
    answer = await asking.wait_for("permissions")
    assert (answer["camera"], answer["microphone"]) == ("denied", "denied")
    composer = page.get_by_role("textbox", name="Type your answer")
    await expect(composer).to_be_focused()
    await expect(page.get_by_role("button", name="No microphone")).to_be_disabled()
    await composer.fill("I would rather type")
    await composer.press("Enter")
    assert (await asking.wait_for("text"))["text"] == "I would rather type"


@pytest.mark.parametrize(
    ("refused", "error", "answers", "asked"),
    [
        (["audio", "video"], "NotAllowedError", ("denied", "denied"), ["audio,video"]),
        (["video"], "NotFoundError", ("absent", "granted"), ["audio,video", "audio", "video"]),
        (["audio", "video"], "NotFoundError", ("absent", "absent"), ["audio,video", "audio", "video"]),
        (["video"], "NotReadableError", ("absent", "granted"), ["audio,video", "audio", "video"]),
    ],
)
async def test_each_device_is_answered_for(
    open_page: OpenPage,
    asking: FakeSessionServer,
    refused: list[str],
    error: str,
    answers: tuple[str, str],
    asked: list[str],
) -> None:
    page = await open_page()
    await page.evaluate(NOT_ASKED_YET)
    await page.evaluate(COUNT_AND_REFUSE, [refused, error])
    await begin(page, asking)
    asking.send("askPermissions", requestId="r1", microphone=True, camera=True)
    await page.get_by_role("button", name="Turn on microphone and camera").click()
    answer = await asking.wait_for("permissions")
    assert (answer["camera"], answer["microphone"]) == answers
    assert sorted(await page.evaluate("asked")) == sorted(asked), "who refused both is not asked again"


async def test_blocked_camera_does_not_cost_the_microphone(open_page: OpenPage, asking: FakeSessionServer) -> None:
    page = await open_page(permissions=("microphone",))
    await begin(page, asking)
    asking.send("askPermissions", requestId="r1", microphone=True, camera=True)
    await page.get_by_role("button", name="Turn on microphone and camera").click()
    answer = await asking.wait_for("permissions")
    assert (answer["camera"], answer["microphone"]) == ("denied", "granted")
    await expect(page.get_by_role("button", name="Mute microphone", exact=True)).to_be_enabled()


async def test_what_is_allowed_for_good_needs_no_card(open_page: OpenPage, asking: FakeSessionServer) -> None:
    page = await open_page()
    await begin(page, asking)
    asking.send("askPermissions", requestId="r1", microphone=True, camera=True)
    assert (await asking.wait_for("permissions"))["camera"] == "granted"
    assert (await asking.wait_for("microphone", count=2))["state"] == "live"
    assert len(asking.offers) == 1


async def test_held_devices_are_answered_for_at_once(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(COUNT_AND_REFUSE, [[], ""])
    await join(page, server)
    composer = page.get_by_role("textbox", name="Type your answer")
    await composer.focus()
    server.send("askPermissions", requestId="r1", microphone=True, camera=True)
    answer = await server.wait_for("permissions")
    assert (answer["camera"], answer["microphone"]) == ("granted", "granted")
    await expect(composer).to_be_focused()
    assert await page.evaluate("asked") == ["audio,video"]


async def test_only_the_missing_device_is_asked_for(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(COUNT_AND_REFUSE, [["video"], "NotReadableError"])
    await join(page, server)
    await page.evaluate(NOT_ASKED_YET)
    await page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")  # The camera is free again.
    server.send("askPermissions", requestId="r1", microphone=True, camera=True)
    await page.get_by_role("button", name="Turn on camera").click()
    await server.wait_for("microphone", count=2)  # There was no place for a camera: dialled anew, and asked again.
    assert "m=video" in server.offers[1]["sdp"]
    server.send("askPermissions", requestId="r1", microphone=True, camera=True)
    answer = await server.wait_for("permissions")
    assert (answer["camera"], answer["microphone"]) == ("granted", "granted")


async def test_typist_can_still_be_heard_when_the_flow_asks(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join_typing(page, server)
    server.send("askPermissions", requestId="r1", microphone=True, camera=False)
    await server.wait_for("microphone", count=2)
    assert "a=sendrecv" in server.offers[1]["sdp"]


async def test_card_goes_when_the_flow_moves_on_and_grants_come_too_late(
    open_page: OpenPage, asking: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(NOT_ASKED_YET)
    await page.evaluate(
        """() => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            await new Promise((done) => { window.answerBrowser = done; });
            return (window.opened = await real(wanted));
          };
        }"""
    )
    await begin(page, asking)
    asking.send("askPermissions", requestId="r1", microphone=True, camera=True)
    await page.get_by_role("button", name="Turn on microphone and camera").click()
    await expect(page.get_by_text("Your browser is asking you now.")).to_be_visible()
    await expect(page.get_by_role("button", name="Not now, I will type")).to_be_hidden()
    asking.send("node", nodeId="next", nodeType="conversation")
    await expect(page.get_by_role("region", name="May Ava hear and see you?")).to_have_count(0)
    await page.evaluate("answerBrowser()")
    await page.wait_for_function("() => window.opened?.getTracks().every((track) => track.readyState === 'ended')")
    assert not any(message["type"] == "permissions" for message in asking.messages)


async def test_coming_back_starts_with_the_device_check(open_page: OpenPage, asking: FakeSessionServer) -> None:
    asking.opening["session"]["status"] = "inProgress"
    page = await open_page()
    await page.get_by_role("button", name="Rejoin the conversation").click()
    await page.get_by_role("button", name="Start the conversation").click()
    assert (await asking.wait_for("microphone"))["state"] == "live"
