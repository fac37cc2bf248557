"""Stills of a document, and files that the person chooses."""

import io

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.cameras import CAMERAS
from tests.static.conftest import OpenPage
from tests.static.scans import ready, said
from tests.static.ways import join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

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
        (409, "same_picture", "You sent this picture already"),
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
