"""Draw each persona as a still picture, for ``imageUrl`` of ``GET /avatars``; run it again when a persona changes.

python -m bench.page.portraits
"""

import asyncio
import sys

from playwright.async_api import async_playwright

from tests.fakes.session_server import STATIC, FakeSessionServer
from tests.static.browser import LAUNCH_FLAGS, chromium_path

FOLDER = STATIC / "session" / "avatar" / "portraits"

DRAW = """async () => {
  const { PERSONAS } = await import("/static/session/avatar/renderers.js");
  const { Portrait } = await import("/static/session/avatar/portrait.js");
  const { CLOSED } = await import("/static/session/avatar/visemes.js");
  const still = { yaw: 0, pitch: 0, roll: 0, breath: 0, lids: 1, gazeX: 0, gazeY: 0, squint: 0.1, brow: 0, frown: 0,
                  smile: 0.6, mouth: CLOSED };
  const pictures = {};
  for (const name of PERSONAS) {
    const { [name]: persona } = await import(`/static/session/avatar/personas/${name}.js`);
    const portrait = new Portrait(persona);
    portrait.pose(still);
    const outer = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    outer.setAttribute("viewBox", "0 0 800 900");
    for (const sheet of portrait.element.children) {
      const layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
      layer.append(...sheet.childNodes);
      outer.append(layer);
    }
    pictures[name] = new XMLSerializer().serializeToString(outer);
  }
  return pictures;
}"""


async def draw() -> None:
    """Write one SVG for each persona."""
    async with FakeSessionServer() as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_FLAGS)
        page = await browser.new_page()
        await page.goto(server.url)
        pictures = await page.evaluate(DRAW)
        await browser.close()
    FOLDER.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        (FOLDER / f"{name}.svg").write_text(picture + "\n", encoding="utf-8")
        print(f"{name}.svg: {len(picture)} bytes")


if __name__ == "__main__":
    sys.exit(asyncio.run(draw()))
