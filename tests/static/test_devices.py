"""Choosing microphone, camera and loudspeaker, and devices that go away, are taken or forbidden in mid-call."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.cameras import CAMERAS
from tests.static.conftest import OpenPage
from tests.static.ways import HURRY, join

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAPTURE = """() => {
  window.captured = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await real(wanted);
    captured.push(...stream.getTracks());
    return stream;
  };
}"""

HEARD_NOW = """() => captured.filter((track) => track.kind === 'audio' && track.readyState === 'live')
  .map((track) => track.label)"""

WATCH_PEER = """() => {
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real { constructor(...all) { super(...all); window.peer = this; } };
}"""

SENT = """(kind) => peer.getSenders().find((sender) => sender.track?.kind === kind)?.track.label"""

REVOKE = """() => {
  window.permissionState = 'granted';
  const statuses = [];
  navigator.permissions.query = async () => {
    const status = { get state() { return window.permissionState; }, onchange: null };
    statuses.push(status);
    return status;
  };
  window.setPermission = (state) => {
    window.permissionState = state;
    for (const status of statuses) status.onchange?.();
  };
}"""


async def to_the_check(page: Page) -> None:
    """From the welcome to the device check, with the pickers open."""
    await page.get_by_role("button", name="Continue", exact=True).click()
    await page.get_by_text("Choose other devices").click()


async def settings(page: Page) -> None:
    """Open the sheet in the call."""
    await page.get_by_role("button", name="Settings", exact=True).click()
    await expect(page.get_by_role("dialog", name="Settings")).to_be_visible()


async def test_microphone_is_chosen_before_the_call_and_kept(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(CAPTURE)
    await page.evaluate(WATCH_PEER)
    await to_the_check(page)
    microphone = page.get_by_role("combobox", name="Microphone")
    await microphone.select_option(label="Fake Audio Input 2")
    await page.wait_for_function(f"() => ({HEARD_NOW})().join() === 'Fake Audio Input 2'")
    await expect(page.locator("level-meter .lit").first).to_be_attached()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    assert await page.evaluate(SENT, "audio") == "Fake Audio Input 2"

    await page.reload()
    await page.evaluate(CAPTURE)
    await to_the_check(page)
    await expect(microphone.locator(":checked")).to_have_text("Fake Audio Input 2")
    assert await page.evaluate(HEARD_NOW) == ["Fake Audio Input 2"]


async def test_microphone_is_changed_in_the_call_without_a_new_offer(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(CAPTURE)
    await page.evaluate(WATCH_PEER)
    await join(page, server)
    await page.get_by_role("button", name="Mute microphone", exact=True).click()
    await settings(page)
    await page.get_by_role("combobox", name="Microphone").select_option(label="Fake Audio Input 1")
    await page.wait_for_function(f"() => ({SENT})('audio') === 'Fake Audio Input 1'")
    assert await page.evaluate(HEARD_NOW) == ["Fake Audio Input 1"]
    assert await page.evaluate("peer.getSenders().find((s) => s.track?.kind === 'audio').track.enabled") is False
    assert len(server.offers) == 1


async def test_camera_is_changed_in_the_call(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(CAMERAS)
    await join(page, server)
    assert (await server.wait_for("camera"))["label"] == "Front camera"
    await settings(page)
    camera = page.get_by_role("combobox", name="Camera")
    await expect(camera.locator("option")).to_have_text(["Front camera", "Back camera"])
    await camera.select_option(label="Back camera")
    assert (await server.wait_for("camera", count=2))["label"] == "Back camera"
    assert await page.evaluate("cameras.live()") == ["rear"], "a phone has but one camera on"
    await expect(page.locator(".sheet-preview")).to_be_visible()


async def test_loudspeaker_is_chosen(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    await settings(page)
    speaker = page.get_by_role("combobox", name="Loudspeaker")
    await speaker.select_option(label="Fake Audio Output 2")
    await page.wait_for_function(
        "(label) => document.querySelector('audio').sinkId === [...document.querySelectorAll('#device-speaker option')]"
        ".find((option) => option.textContent === label).value",
        arg="Fake Audio Output 2",
    )


async def test_without_permission_no_device_is_named(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await page.get_by_role("button", name="Continue without microphone").click()
    await server.wait_for("microphone")
    await settings(page)
    await expect(page.get_by_text("Your devices are listed here once you have allowed them.")).to_be_visible()
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_count(0)


async def test_chosen_microphone_that_vanishes_is_replaced_and_said(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(CAPTURE)
    await to_the_check(page)
    await page.get_by_role("combobox", name="Microphone").select_option(label="Fake Audio Input 2")
    await page.wait_for_function(f"() => ({HEARD_NOW})().join() === 'Fake Audio Input 2'")
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    await page.evaluate(
        """() => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            if (wanted.audio?.deviceId?.exact) throw new DOMException('gone', 'OverconstrainedError');
            return real(wanted);
          };
          const track = captured.findLast(({ kind }) => kind === 'audio');
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }"""
    )
    await expect(page.locator(".banner")).to_contain_text("Your microphone was disconnected")
    await page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    assert (await server.wait_for("microphone", count=3))["state"] == "live"
    await expect(page.locator(".banner")).to_contain_text("We use another microphone now.")


@pytest.mark.parametrize(("kind", "name"), [("audio", "microphone"), ("video", "camera")])
async def test_device_that_another_program_takes_is_said_until_it_is_back(
    open_page: OpenPage, server: FakeSessionServer, kind: str, name: str
) -> None:
    page = await open_page()
    await page.evaluate(HURRY)
    await page.evaluate(CAPTURE)
    await join(page, server)
    take = """([kind, muted]) => {
      const track = captured.findLast((track) => track.kind === kind);
      Object.defineProperty(track, 'muted', { value: muted, configurable: true });
      track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
    }"""
    await page.evaluate(take, [kind, True])
    banner = page.locator(".banner")
    await expect(banner).to_contain_text(f"Another program is using your {name}")
    server.send("caption", id="1", speaker="avatar", text="Are you there?", final=True)
    await expect(page.get_by_role("log")).to_contain_text("Are you there?")
    await expect(banner).to_be_visible()
    await page.evaluate(take, [kind, False])
    await expect(banner).to_be_hidden()


@pytest.mark.parametrize(("kind", "name"), [("audio", "microphone"), ("video", "camera")])
async def test_permission_that_is_taken_away_in_mid_call_can_be_given_back(
    open_page: OpenPage, server: FakeSessionServer, kind: str, name: str
) -> None:
    page = await open_page("/static/shared/icon.svg")
    await page.context.add_init_script(f"({REVOKE})()")
    await page.goto(server.page_url)
    await page.evaluate(CAPTURE)
    await join(page, server)
    await page.evaluate(
        """(kind) => {
          const track = captured.findLast((track) => track.kind === kind);
          track.stop();
          track.dispatchEvent(new Event('ended'));
          setPermission('denied');
        }""",
        kind,
    )
    await expect(page.locator(".banner")).to_contain_text(f"no longer lets us use the {name}")
    told = 1
    while (await server.wait_for(name, count=told))["state"] != "absent":
        told += 1
    await page.evaluate("setPermission('granted')")
    await expect(page.locator(".banner")).to_be_hidden()
    await page.wait_for_function(
        "(kind) => captured.filter((track) => track.kind === kind && track.readyState === 'live').length === 1",
        arg=kind,
    )
