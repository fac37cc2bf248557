"""What the page tells of its camera, and a camera that goes and comes back."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PULL_OUT = """() => {
  const [track] = document.querySelector('.self').srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""
"""What a browser does when the camera is unplugged: the track ends and says so."""

REFUSE = """(name) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', name); };
}"""

WATCH_PEER = """() => {
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real { constructor(...all) { super(...all); window.peer = this; } };
}"""

SENT_FRAMES = """async () => [...(await peer.getStats()).values()]
  .filter((entry) => entry.type === 'outbound-rtp' && entry.kind === 'video')
  .reduce((sum, entry) => sum + (entry.framesSent ?? 0), 0)"""


async def sent_frames(page: Page) -> int:
    """Video frames that the page has sent over its newest connection."""
    count: int = await page.evaluate(SENT_FRAMES)
    return count


async def frames_go_on(page: Page) -> None:
    """Wait until more video frames have been sent than now."""
    before = await sent_frames(page)
    await page.wait_for_function(f"async () => (await ({SENT_FRAMES})()) > {before + 2}")


async def test_server_is_told_which_camera_is_on(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(WATCH_PEER)
    await join(page, server)
    told = await server.wait_for("camera")
    assert (told["state"], told["width"], told["height"], told["framesPerSecond"]) == ("live", 640, 480, 15)
    assert "fake" in told["label"]
    encodings = await page.evaluate(
        "peer.getTransceivers().find((e) => e.sender.track?.kind === 'video').sender.getParameters().encodings"
    )
    assert [encoding["maxFramerate"] for encoding in encodings] == [15]
    await frames_go_on(page)
    server.show_check("r1")
    assert await server.wait_for("camera", count=2) == told, "said again for each check"

    await page.get_by_role("button", name="Turn camera off").click()
    assert await server.wait_for("camera", count=3) == {**told, "state": "off"}
    check = page.get_by_role("region", name="Face check")
    await expect(check.get_by_role("status")).to_contain_text("Your camera is off")
    await check.get_by_role("button", name="Turn camera on").click()
    assert (await server.wait_for("camera", count=4))["state"] == "live"
    await expect(check.get_by_role("status")).to_contain_text("Put your face in the oval")


async def test_camera_that_is_pulled_out_can_be_connected_again(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(WATCH_PEER)
    await join(page, server)
    server.show_check("r1")
    await expect(page.locator(".check")).to_be_visible()
    await page.evaluate(PULL_OUT)
    assert await server.wait_for("camera", count=3) == {
        "type": "camera",
        "state": "absent",
        "label": "",
        "width": 0,
        "height": 0,
        "framesPerSecond": 0,
        "purpose": "face",
    }
    check = page.get_by_role("region", name="Face check")
    await expect(check.get_by_role("status")).to_contain_text("Your camera was disconnected")
    await check.get_by_role("button", name="Connect again").click()
    assert (await server.wait_for("camera", count=4))["state"] == "live"
    await expect(check.get_by_role("status")).to_contain_text("Put your face in the oval")
    await frames_go_on(page)
    assert len(server.offers) == 1, "the place in the connection is used again"

    server.send("closeCheck", requestId="r1", result="stopped")
    await expect(page.locator(".check")).to_be_hidden()
    await page.evaluate(PULL_OUT)
    await expect(page.get_by_role("status").filter(has_text="Your camera was disconnected")).to_be_visible()
    await page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    assert (await server.wait_for("camera", count=6))["state"] == "live"
    await expect(page.get_by_text("Your camera was disconnected")).to_have_count(0)
    await expect(page.get_by_role("button", name="Turn camera off")).to_be_visible()


@pytest.mark.parametrize(
    ("error", "words"), [("NotAllowedError", "The camera is blocked"), ("NotFoundError", "No camera found")]
)
async def test_camera_that_was_never_there_is_asked_for(
    open_page: OpenPage, server: FakeSessionServer, error: str, words: str
) -> None:
    page = await open_page()
    await page.evaluate(WATCH_PEER)
    await join_typing(page, server)
    assert (await server.wait_for("camera"))["state"] == "absent"
    server.show_check("r1")
    said = page.get_by_role("region", name="Face check").get_by_role("status")
    await expect(said).to_contain_text("There is no camera yet")
    await page.evaluate(REFUSE, error)
    await page.get_by_role("button", name="Turn camera on").click()
    await expect(said).to_contain_text(words)
    await page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")  # Allowed, or plugged in.
    await page.get_by_role("button", name="Try again").click()
    await server.wait_for("microphone", count=2)  # There was no place for a camera: dialled anew, and asked again.
    server.show_check("r1")
    await expect(said).to_contain_text("Put your face in the oval")
    await frames_go_on(page)
    assert [m["state"] for m in server.messages if m["type"] == "camera"][-1] == "live"
