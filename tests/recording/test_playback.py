"""What is recorded plays in a real Chromium: its length is known, any place can be jumped to, and it runs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright

from rtc_server.rtc.hub import VideoCodec
from tests.recording.material import pictures, sounds
from tests.recording.studio import Studio
from tests.static.browser import LAUNCH_FLAGS, chromium_path

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAY = """async (url) => {
  const video = document.createElement("video");
  const bright = async () => {
    const canvas = new OffscreenCanvas(8, 8), context = canvas.getContext("2d");
    // "seeked" may come before the picture can be drawn; until then the canvas stays transparent.
    for (let tries = 0; tries < 250; tries += 1) {
      context.drawImage(video, 0, 0, 8, 8);
      const [red, , , alpha] = context.getImageData(4, 4, 1, 1).data;
      if (alpha) return red;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error("no picture could be drawn");
  };
  const happens = (name) => new Promise((done, fail) => {
    video.addEventListener(name, done, { once: true });
    video.addEventListener("error", () => fail(new Error(video.error.message)), { once: true });
    setTimeout(() => fail(new Error(`${name} did not come`)), 8000);
  });
  const loaded = happens("loadeddata");
  video.muted = true;
  video.src = url;
  document.body.append(video);
  await loaded;
  const seekable = video.seekable.length && video.seekable.end(0);
  const answer = { duration: video.duration, width: video.videoWidth, seekable };
  const seen = [];
  for (const at of [3.1, 0.5, 4.5]) {
    const sought = happens("seeked");
    video.currentTime = at;
    await sought;
    seen.push([video.currentTime, video.videoWidth ? await bright() : null]);
  }
  const ended = happens("ended");
  await video.play();
  await ended;
  video.remove();
  return { ...answer, seen, end: video.currentTime };
}"""


async def empty(request: web.Request) -> web.Response:
    """A page with nothing in it."""
    return web.Response(text="<!doctype html>", content_type="text/html")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shown_from(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server hands out."""
    return tmp_path_factory.mktemp("shown")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def page(shown_from: Path) -> AsyncIterator[Page]:
    """An empty page of a server that hands out that folder in ranges; shared, as nothing in it stays."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's 'chromium', or set CHROMIUM")
    app = web.Application()
    app.router.add_static("/shown", shown_from)
    app.router.add_get("/", empty)
    async with TestServer(app) as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=LAUNCH_FLAGS)
        page = await browser.new_page()
        await page.goto(str(server.make_url("/")))
        yield page
        await browser.close()


async def shown(studio: Studio, page: Page, folder: Path, name: str) -> dict[str, Any]:
    """What Chromium makes of the only part."""
    (part,) = await studio.parts()
    content = await studio.content(part)
    (folder / name).write_bytes(content)
    answer: dict[str, Any] = await page.evaluate(PLAY, f"/shown/{name}")
    return answer


@pytest.mark.parametrize(("codec", "name"), [(VideoCodec.VP8, "camera.webm"), (VideoCodec.H264, "camera.mp4")])
async def test_a_camera_with_its_sound(
    studio: Studio, page: Page, shown_from: Path, codec: VideoCodec, name: str
) -> None:
    recorder = studio.record("userVideo", "userAudio")
    frames = pictures(5, codec, flash_at=3.0, key_every=75)
    studio.feed(studio.camera(frames, codec=codec), studio.microphone(sounds(5)))
    await recorder.stop()
    answer = await shown(studio, page, shown_from, name)
    assert answer["duration"] == pytest.approx(5.03, abs=0.1)
    assert answer["seekable"] == answer["duration"]
    assert answer["width"] == 160
    assert answer["end"] == pytest.approx(5.03, abs=0.1)
    flash, dark, later = answer["seen"]
    assert (flash[0], dark[0], later[0]) == (3.1, 0.5, 4.5)
    assert flash[1] > 200, "what was white at 3.1 s is white there"
    assert dark[1] < 120 > later[1]


async def test_sound_alone(studio: Studio, page: Page, shown_from: Path) -> None:
    recorder = studio.record("avatarAudio")
    studio.feed(studio.avatar(sounds(1), 1.0), studio.avatar(sounds(1), 4.0))
    await recorder.stop()
    answer = await shown(studio, page, shown_from, "told.webm")
    assert answer["duration"] == pytest.approx(5.0, abs=0.1)
    assert answer["end"] == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize(("codec", "name"), [(VideoCodec.VP8, "cut.webm"), (VideoCodec.H264, "cut.mp4")])
async def test_a_file_that_a_crash_cut_off(
    studio: Studio, page: Page, shown_from: Path, codec: VideoCodec, name: str
) -> None:
    recorder = studio.record("userVideo", "userAudio")
    studio.feed(studio.camera(pictures(9, codec), codec=codec), studio.microphone(sounds(9)))
    await recorder.stop()
    (part,) = await studio.parts()
    content = await studio.content(part)
    (shown_from / name).write_bytes(content[: round(len(content) * 0.8)])
    answer = await page.evaluate(PLAY, f"/shown/{name}")
    assert answer["width"] == 160
    assert answer["end"] > 4.9, "it plays to where it was cut"


@pytest.mark.parametrize(("codec", "name"), [(VideoCodec.VP8, "larger.webm"), (VideoCodec.H264, "larger.mp4")])
async def test_pictures_that_grow_as_the_network_allows(
    studio: Studio, page: Page, shown_from: Path, codec: VideoCodec, name: str
) -> None:
    recorder = studio.record("userVideo")
    frames = [*pictures(3, codec, key_every=75), *pictures(3, codec, flash_at=0.0, scale=2, key_every=75)]
    studio.feed(studio.camera(frames, codec=codec))
    await recorder.stop()
    answer = await shown(studio, page, shown_from, name)
    assert answer["duration"] == pytest.approx(6.03, abs=0.1)
    assert answer["seen"][0][1] > 200, "the first of the larger pictures are white"
    assert answer["seen"][1][1] < 120 > answer["seen"][2][1]
