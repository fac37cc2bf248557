"""A scan of a document on the page: cameras that change places, stills, files, and what is shown and said."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.cameras import CAMERAS
from tests.static.conftest import OpenPage
from tests.static.ways import HURRY, join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CORNERS = [0.25, 0.222, 0.75, 0.222, 0.75, 0.783, 0.25, 0.783]

HINTS = {
    "no_document": "We cannot see a document",
    "two_documents": "Only one document, please",
    "cut_off": "A part is missing",
    "closer": "Come closer with it",
    "back": "Hold it further away",
    "tilted": "Hold it straight",
    "glare": "Light is reflected on it",
    "blurred": "The picture is blurred",
    "shadow": "There is a shadow on it",
    "more_light": "It is too dark",
    "less_light": "It is too bright",
    "hold_still": "Hold still",
    "steady": "Good. Stay like this.",
    "reading": "Reading. One moment…",
}

WATCH_SIGNS = """() => {
  window.tones = 0;
  const Real = OscillatorNode;
  window.OscillatorNode = class extends Real { constructor(...all) { super(...all); window.tones += 1; } };
  window.buzzes = [];
  navigator.vibrate = (pattern) => window.buzzes.push(pattern);
}"""

NO_PHOTOS = "() => { delete window.ImageCapture; }"

GIVE_FILE = """([how, type]) => new Promise((done) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 200 });
  canvas.getContext('2d').fillRect(0, 0, 300, 200);
  canvas.toBlob((blob) => {
    const data = new DataTransfer();
    data.items.add(new File([blob], 'card.png', { type: blob.type }));
    const scan = document.querySelector('.scan');
    if (how === 'paste') window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }));
    else {
      scan.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, cancelable: true, bubbles: true }));
      window.shownDrop = getComputedStyle(document.querySelector('.drop-here')).display;
      scan.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true, bubbles: true }));
    }
    done();
  }, type);
})"""


async def show(page: Page, server: FakeSessionServer, **more: object) -> None:
    """Have a document asked for in the call, on a device with two cameras."""
    await page.evaluate(CAMERAS)
    await page.evaluate(HURRY)
    await join(page, server)
    server.show_document("r1", **more)
    await page.locator(".scan").wait_for()


async def ready(page: Page, server: FakeSessionServer, **more: object) -> dict[str, Any]:
    """The same, with the camera for documents on; what the server was told of it."""
    await show(page, server, **more)
    told = await server.wait_for("camera", count=2)
    await page.get_by_role("button", name="Take the picture now").wait_for()
    return told


def said(page: Page) -> Locator:
    """The one thing that is said."""
    return page.get_by_role("region", name="Your document").get_by_role("status")


def jpeg(width: int, height: int) -> bytes:
    """A picture of this size."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#d0d8e4").save(buffer, "JPEG")
    return buffer.getvalue()


async def choose(page: Page, name: str, mime: str, content: bytes) -> None:
    """Choose a file by the button."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").click()
    await (await chooser.value).set_files({"name": name, "mimeType": mime, "buffer": content})


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


async def test_still_of_the_whole_picture_is_sent_when_it_is_asked_for(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(NO_PHOTOS)
    await ready(page, server)
    server.send("takeStill", requestId="r1", number=7)
    picture = await server.picture()
    assert (picture.request_id, picture.number, picture.content_type) == ("r1", 7, "image/jpeg")
    with Image.open(io.BytesIO(picture.content)) as still:
        assert (still.format, still.size) == ("JPEG", (1920, 1080))
        middle = still.convert("RGB").getpixel((960, 800))
    assert isinstance(middle, tuple)
    assert min(middle) > 200, "the card, not its surroundings"

    await page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 4400, height: 3300 });
          canvas.getContext('2d').fillRect(0, 0, 4400, 3300);
          const photo = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
          window.ImageCapture = class { async takePhoto() { return photo; } };
        }"""
    )
    server.send("takeStill", requestId="r1", number=8)
    with Image.open(io.BytesIO((await server.picture(count=2)).content)) as photo:
        assert photo.size == (4000, 3000), "a photo has more points; too many are scaled down"

    await page.evaluate("() => { window.ImageCapture = class { takePhoto() { return new Promise(() => {}); } }; }")
    server.send("takeStill", requestId="r1", number=9)
    with Image.open(io.BytesIO((await server.picture(count=3)).content)) as frame:
        assert frame.size == (1920, 1080), "a photo that does not come is not waited for"


async def test_server_is_told_when_no_still_gets_through(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(NO_PHOTOS)
    await ready(page, server)
    server.picture_answers = [(413, "picture_too_large")]
    server.send("takeStill", requestId="r1", number=1)
    assert await server.wait_for("stillFailed") == {"type": "stillFailed", "requestId": "r1", "number": 1}
    assert len(server.pictures) == 1, "what was refused is not sent again"
    await page.route("**/client/documents/**", lambda route: route.abort())
    server.send("takeStill", requestId="r1", number=2)
    assert (await server.wait_for("stillFailed", count=2))["number"] == 2


async def test_each_hint_is_said_and_the_outline_follows(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await ready(page, server, types=["passport"])
    await expect(said(page)).to_contain_text("Show the front of your document")
    await expect(page.locator(".document-frame")).to_have_attribute("data-shape", "page")
    for key, words in HINTS.items():
        server.send("checkHint", requestId="r1", key=key)
        await expect(said(page)).to_contain_text(words)
    server.send("documentSeen", requestId="r1", corners=CORNERS)
    outline = page.locator(".outline-line")
    await expect(outline).to_have_attribute("points", "480.0 239.8 1440.0 239.8 1440.0 845.6 480.0 845.6")
    seen, video = await page.evaluate(
        """['.outline-line', '.document-video'].map((s) => document.querySelector(s).getBoundingClientRect())
          .map(({ x, y, width, height }) => [x + width / 2, y + height / 2])"""
    )
    assert abs(seen[0] - video[0]) < 3
    assert abs(seen[1] - video[1]) < 6
    server.send("documentSeen", requestId="r1", corners=[])
    await expect(outline).to_have_attribute("points", "")
    server.send("checkProgress", requestId="r1", fraction=0.42)
    progress = page.get_by_role("progressbar", name="How far the scan is")
    await expect(progress).to_have_attribute("aria-valuenow", "42")


async def test_side_that_is_done_is_signed_and_the_other_one_asked_for(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(WATCH_SIGNS)
    await ready(page, server)
    await expect(page.locator(".scan .check-step")).to_have_text("Front")
    server.send("sideDone", requestId="r1", side=0)
    await expect(said(page)).to_have_text("Got it.")
    await expect(page.locator(".scan .lens-mark")).to_have_attribute("data-symbol", "check")
    await page.wait_for_function("() => tones === 2 && buzzes.length === 1")
    server.show_document("r1", side=1, step="turn_over")
    await expect(said(page)).to_contain_text("Now turn it over")  # The sign goes by itself.
    await expect(page.locator(".turning-card")).to_be_visible()
    await expect(page.locator(".scan .check-step")).to_have_text("Back")
    server.send("checkHint", requestId="r1", key="glare")
    await expect(page.locator(".turning-card")).to_be_hidden()
    server.show_document("r1", side=1, step="try_again", problem="same_side")
    await expect(said(page)).to_have_text("That was the same sideTurn your document over.")


async def test_file_is_sent_and_what_the_server_says_is_shown(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await ready(page, server)
    content = jpeg(1200, 800)
    await choose(page, "card.jpg", "image/jpeg", content)
    picture = await server.picture()
    assert (picture.request_id, picture.number, picture.content) == ("r1", None, content), "as it is"

    await choose(page, "large.jpg", "image/jpeg", jpeg(5000, 2500))
    with Image.open(io.BytesIO((await server.picture(count=2)).content)) as scaled:
        assert (scaled.format, scaled.size) == ("JPEG", (4000, 2000))

    refusals = [
        (409, "not_awaited", "That came too late"),
        (413, "picture_too_large", "This picture is too large"),
        (400, "picture_unreadable", "This picture cannot be opened"),
        (429, "too_many_pictures", "These were too many pictures"),
        (503, "busy", "We are busy with other pictures"),
        (500, "internal", "The picture did not get through"),
    ]
    for status, code, words in refusals:
        server.picture_answers = [(status, code)]
        await choose(page, "card.jpg", "image/jpeg", content)
        await expect(said(page)).to_contain_text(words)
    count = len(server.pictures)
    for name, mime, words in [
        ("card.heic", "image/heic", "This browser cannot open HEIC pictures"),
        ("card.jpg", "image/jpeg", "This picture cannot be opened"),
        ("card.pdf", "application/pdf", "That is not a picture"),
    ]:
        await choose(page, name, mime, b"no picture at all")
        await expect(said(page)).to_contain_text(words)
    assert len(server.pictures) == count
    await expect(said(page)).to_contain_text("Show the front of your document")  # The problem goes by itself.


@pytest.mark.parametrize("how", ["drop", "paste"])
async def test_picture_may_be_dropped_or_pasted(open_page: OpenPage, server: FakeSessionServer, how: str) -> None:
    page = await open_page()
    await ready(page, server)
    await page.evaluate(GIVE_FILE, [how, "image/png"])
    picture = await server.picture()
    assert (picture.number, picture.content_type) == (None, "image/png")
    if how == "drop":
        assert await page.evaluate("shownDrop") == "flex"

    server.show_document("r1", upload=False)
    await expect(page.get_by_role("button", name="Choose a file")).to_be_hidden()
    await page.evaluate(GIVE_FILE, [how, "image/png"])
    server.show_document("r1")
    await choose(page, "card.jpg", "image/jpeg", jpeg(30, 20))
    assert (await server.picture(count=2)).content_type == "image/jpeg", "the one before was not taken"


async def test_without_a_camera_a_file_is_the_way(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(CAMERAS)
    await join_typing(page, server)
    server.show_document("r1")
    await expect(said(page)).to_contain_text("There is no camera yet")
    await expect(said(page)).to_contain_text("Or choose a picture of your document.")
    await page.evaluate("() => { cameras.refuse = 'NotAllowedError'; }")
    await page.get_by_role("button", name="Turn camera on").click()
    await expect(said(page)).to_contain_text("The camera is blocked")
    await choose(page, "card.jpg", "image/jpeg", jpeg(30, 20))
    assert (await server.picture()).number is None

    await page.evaluate("() => { cameras.refuse = ''; }")
    await page.get_by_role("button", name="Try again").click()
    await server.wait_for("microphone", count=2)  # There was no place for a camera: dialled anew, and asked again.
    server.show_document("r1")
    await expect(page.get_by_role("button", name="Take the picture now")).to_be_visible()
    assert await page.evaluate("cameras.live()") == ["rear"]
    server.send("closeCheck", requestId="r1", result="stopped")
    await expect(page.locator(".scan")).to_be_hidden()
    await page.wait_for_function("() => cameras.live().length === 0")  # No camera before, none after.
    last = [message for message in server.messages if message["type"] == "camera"][-1]
    assert (last["state"], last["purpose"]) == ("absent", "face")


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


async def test_everything_can_be_done_by_keyboard(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(viewport={"width": 1280, "height": 800})
    await ready(page, server)
    names = []
    for _ in range(7):
        await page.keyboard.press("Tab")
        names.append(await page.evaluate("document.activeElement.getAttribute('aria-label')"))
        if names[-1] == "Take the picture now":
            await page.keyboard.press("Space")
        if names[-1] == "Guide me by sound":
            await page.keyboard.press("Enter")
    assert names == [
        "Choose a file",
        "Light",
        "Take the picture now",
        "Mirror the picture",
        "Use another camera",
        "Guide me by sound",
        "Stop the scan",
    ]
    assert await server.wait_for("pressShutter") == {"type": "pressShutter", "requestId": "r1"}
    assert await server.wait_for("guideByEar") == {"type": "guideByEar", "requestId": "r1", "wanted": True}
    await page.keyboard.press("Escape")
    assert await server.wait_for("cancelCheck") == {"type": "cancelCheck", "requestId": "r1"}
    await expect(page.get_by_role("button", name="Stopping…")).to_be_disabled()
    server.send("closeCheck", requestId="r1", result="stopped")
    await expect(page.get_by_role("heading", name="Talking with Ava")).to_be_focused()


async def test_guided_by_sound(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(WATCH_SIGNS)
    await ready(page, server)
    server.send("checkHint", requestId="r1", key="closer")
    await expect(said(page)).to_contain_text("Come closer")
    assert await page.evaluate("tones") == 0
    await page.get_by_role("button", name="Guide me by sound").click()
    await page.wait_for_function("() => tones >= 6")  # Three rising tones, again and again.
    server.send("checkHint", requestId="r1", key="glare")
    await expect(said(page)).to_contain_text("Light is reflected")
    silent = await page.evaluate("tones")
    server.send("checkHint", requestId="r1", key="steady")
    await page.wait_for_function(f"() => tones > {silent}")


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (844, 390), (1280, 800)])
@pytest.mark.parametrize("direction", ["en", "ar"])
async def test_everything_is_in_sight_on_every_screen(
    open_page: OpenPage, server: FakeSessionServer, size: tuple[int, int], direction: str
) -> None:
    server.opening["session"]["language"] = direction
    page = await open_page(viewport={"width": size[0], "height": size[1]})
    await ready(page, server)
    server.send("caption", id="1", speaker="avatar", text="Please show the front of your document.", final=True)
    server.send("checkHint", requestId="r1", key="glare")
    await expect(said(page)).to_contain_text("Light is reflected")
    await expect(page.locator(".caption")).to_be_visible()
    await page.wait_for_function("() => document.getAnimations().every((a) => !(a instanceof CSSTransition))")
    found = await page.evaluate(
        """() => {
          const box = (e) => e.getBoundingClientRect();
          const seen = (s) => [...document.querySelectorAll(s)].filter((e) => e.checkVisibility());
          const name = (e) => e.className || e.tagName;
          const clash = (a, b) => {
            const [p, q] = [box(a), box(b)];
            return Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
              && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1;
          };
          const overlapsOf = (parts) => parts.flatMap((a, i) => parts.slice(i + 1).filter((b) => clash(a, b))
            .map((b) => `${name(a)} over ${name(b)}`));
          const inLens = seen('.document-frame, .scan-control');
          const around = seen('.hint, .check-sign, .check-words, .lens, .caption, .dock, .chip, .composer');
          const outside = (parts, { left, top, right, bottom }) => parts.filter((e) => {
            const b = box(e);
            return b.left < left - 1 || b.top < top - 1 || b.right > right + 1 || b.bottom > bottom + 1;
          }).map(name);
          const lens = document.querySelector('.scan .lens');
          return {
            outside: [...outside(around, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }),
              ...outside(inLens, box(lens))],
            overlaps: [...overlapsOf(around), ...overlapsOf(inLens)],
            small: seen('.scan button').filter((e) => box(e).width < 44 || box(e).height < 44).map(name),
            frame: box(document.querySelector('.document-frame')).width,
          };
        }"""
    )
    assert found.pop("frame") > 200
    assert found == {"outside": [], "overlaps": [], "small": []}


async def test_nothing_moves_under_reduced_motion(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(reduced_motion="reduce")
    await ready(page, server)
    server.show_document("r1", side=1, step="turn_over")
    await expect(page.locator(".turning-card")).to_be_visible()
    server.send("takeStill", requestId="r1", number=1)
    await server.picture()
    assert await page.evaluate("document.querySelector('.scan').getAnimations({ subtree: true }).length") == 0
    turned = await page.evaluate("getComputedStyle(document.querySelector('.turning-card > div')).transform")
    assert turned.startswith("matrix3d(-1"), "the resting pose is the other side"
