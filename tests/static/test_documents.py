"""The camera for documents: it takes the place of the one for the face on the same call, and gives it back."""

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.cameras import CAMERAS
from tests.static.conftest import OpenPage
from tests.static.scans import ready, said
from tests.static.ways import join

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_camera_that_looks_away_is_on_for_the_scan_alone(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(viewport={"width": 1280, "height": 800})
    told = await ready(page, server)
    assert told == {
        "type": "camera",
        "state": "live",
        "label": "Back camera",
        "width": 1920,
        "height": 1080,
        "framesPerSecond": 15,
        "purpose": "document",
    }
    assert await page.evaluate("cameras.opened") == [["front", 640], ["rear", 1920]]
    assert await page.evaluate("cameras.live()") == ["rear"], "one light at a time"
    await expect(page.get_by_role("heading", name="Your document")).to_be_focused()
    await page.wait_for_function("() => document.querySelector('.scan video').videoWidth === 1920")
    assert await page.locator(".document-picture").evaluate("(e) => getComputedStyle(e).transform") == "none"
    await expect(page.locator(".self")).to_be_hidden()

    server.send("closeCheck", requestId="r1", result="passed")
    await expect(said(page)).to_contain_text("Done. Thank you.")
    back = await server.wait_for("camera", count=3)
    assert (back["label"], back["width"], back["purpose"]) == ("Front camera", 640, "face")
    assert await page.evaluate("cameras.live()") == ["front"]
    await expect(page.locator(".scan")).to_be_hidden()
    await expect(page.locator(".self")).to_be_visible()
    assert len(server.offers) == 1, "nothing was negotiated again"


async def test_large_frames_go_over_the_place_that_the_face_had(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(
        """() => {
          const Real = RTCPeerConnection;
          window.RTCPeerConnection = class extends Real { constructor(...all) { super(...all); window.peer = this; } };
        }"""
    )
    await ready(page, server)
    sender = "peer.getTransceivers().find((e) => e.sender.track?.kind === 'video').sender"
    assert await page.evaluate(f"{sender}.track.contentHint") == "detail"
    assert await page.evaluate(f"{sender}.track.kindOfCamera") == "rear"
    server.send("closeCheck", requestId="r1", result="stopped")
    await server.wait_for("camera", count=3)
    assert await page.evaluate(f"{sender}.track.kindOfCamera") == "front"
    assert await page.evaluate(f"{sender}.track.contentHint") == ""


async def test_device_with_one_camera_uses_it_and_shows_it_as_a_mirror(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(CAMERAS)
    await page.evaluate("() => { cameras.present = ['front']; }")
    await join(page, server)
    server.show_document("r1")
    assert (await server.wait_for("camera", count=2))["purpose"] == "document"
    assert (await page.evaluate("cameras.opened"))[1:] == [["front", 1920]]
    picture = page.locator(".document-picture")
    mirror = page.get_by_role("button", name="Mirror the picture")
    await expect(mirror).to_have_attribute("aria-pressed", "true")
    assert await picture.evaluate("(e) => getComputedStyle(e).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    await mirror.click()
    assert await picture.evaluate("(e) => getComputedStyle(e).transform") == "none"
    for absent in ("Light", "Use another camera"):
        await expect(page.get_by_role("button", name=absent, exact=True)).to_have_count(0)


async def test_camera_light_and_mirror_have_buttons_where_the_server_allows_them(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await ready(page, server)
    light = page.get_by_role("button", name="Light", exact=True)
    await light.click()
    await expect(light).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate("cameras.applied") == {"advanced": [{"torch": True}]}
    await page.get_by_role("button", name="Use another camera").click()
    other = await server.wait_for("camera", count=3)
    assert (other["label"], other["purpose"]) == ("Front camera", "document")
    await expect(light).to_be_hidden()

    server.send("closeCheck", requestId="r1", result="stopped")
    await server.wait_for("camera", count=4)
    server.show_document("r2", torchButton=False, switchButton=False, mirrorButton=False, upload=False)
    again = await server.wait_for("camera", count=5)
    assert again["label"] == "Front camera", "the choice is kept"
    await expect(page.get_by_role("button", name="Take the picture now")).to_be_visible()
    await expect(page.locator(".scan-control:visible")).to_have_count(1)


async def test_camera_that_fails_or_stays_off_is_said_and_can_be_tried_again(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(CAMERAS)
    await join(page, server)
    await page.get_by_role("button", name="Turn camera off").click()
    await page.evaluate("() => { cameras.refuse = 'NotReadableError'; }")
    server.show_document("r1", upload=False)
    await expect(said(page)).to_contain_text("Your camera is off")
    assert await page.evaluate("cameras.opened.length") == 1, "what the person turned off stays off"
    await page.locator(".scan").get_by_role("button", name="Turn camera on").click()
    await expect(said(page)).to_contain_text("The camera is busy")
    assert "choose a picture" not in (await said(page).text_content() or "")
    await expect(page.get_by_role("button", name="Choose a file")).to_have_count(0)
    await page.evaluate("() => { cameras.refuse = ''; }")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("button", name="Take the picture now")).to_be_visible()
    await expect(said(page)).to_contain_text("Show the front of your document")
    server.send("closeCheck", requestId="r1", result="stopped")
    await expect(page.locator(".self")).to_be_visible()
    assert await page.evaluate("cameras.live()") == ["front"]


async def test_end_of_the_call_turns_every_camera_off(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await ready(page, server)
    server.send("finished", status="incomplete", reason="time_limit")
    await expect(page.get_by_role("heading", name="Time is up")).to_be_visible()
    await page.wait_for_function("() => cameras.live().length === 0")


async def test_lost_connection_keeps_the_scan_only_when_it_is_asked_for_again(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await ready(page, server)
    await server.drop()
    await server.wait_for("microphone", count=2)
    assert [m["purpose"] for m in server.messages if m["type"] == "camera"][-1] == "document"
    server.show_document("r1", side=1, step="turn_over")
    await expect(said(page)).to_contain_text("Now turn it over")
    assert await page.evaluate("cameras.live()") == ["rear"]
    await server.drop()
    await server.wait_for("microphone", count=3)
    await expect(page.locator(".scan")).to_be_hidden()
    await page.wait_for_function("() => cameras.live()[0] === 'front'")
