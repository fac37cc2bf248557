"""Look at the avatars: every persona with its expressions and mouths, as one picture; and draw their still portraits.

python -m bench.page.contact_sheet [--persona ava] [--only head] [--out bench/out/page/avatars.png]
python -m bench.page.contact_sheet --portraits

Chromium draws the heads by software, so this takes minutes on a small machine. Needs the artefacts ``avatar-heads`` and
``three`` (``visavis models pull avatar-heads three``).
"""

import argparse
import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Page, async_playwright

from tests.fakes.session_server import STATIC, FakeSessionServer
from tests.static.browser import SOFTWARE_GPU_FLAGS, chromium_path

PORTRAITS = STATIC / "session" / "avatar" / "portraits"
PORTRAIT_SIDE = 512
PORTRAIT_BYTES = 30_000

CELL_SIDE = 300
LABEL_HEIGHT = 16
COLUMNS = 8
GROUNDS = {"light": "#e9e4dc", "dark": "#23272f"}
KINDS = ("head", "portrait")

Face = dict[str, float]
REST: Face = {
    "yaw": 0, "pitch": 0, "roll": 0, "breath": 0, "lids": 1, "gazeX": 0, "gazeY": 0, "squint": 0.15, "brow": 0.15,
    "frown": 0.1, "smile": 0.6,
}  # fmt: skip
"""A ``Face`` of ``static/session/avatar/portrait.js``, without its mouth."""

MOODS = ("idle", "listening", "hearing", "thinking", "speaking", "waiting", "away", "encouraging", "concerned")
POSES: dict[str, Face] = {
    "no smile": {"smile": 0}, "full smile": {"smile": 1}, "lids shut": {"lids": 0}, "lids half": {"lids": 0.5},
    "turned": {"yaw": 1}, "nods": {"pitch": 1}, "looks up": {"pitch": -1}, "tilted": {"roll": 5},
    "eyes aside": {"gazeX": 1}, "eyes down": {"gazeY": 1}, "brow": {"brow": 1},
    "frown": {"brow": -0.6, "frown": -0.6, "smile": -0.2},
}  # fmt: skip
VISEMES = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U")

SET_UP = """async (side) => {
  const { openRenderer } = await import("/static/session/avatar/renderers.js");
  const { CLOSED, VISEMES } = await import("/static/session/avatar/visemes.js");
  const { Life } = await import("/static/session/avatar/life.js");
  const host = document.createElement("div");
  host.style.cssText = `position: absolute; inset: 0 auto auto 0; width: ${side}px; height: ${side}px`;
  document.body.replaceChildren(host);
  let renderer = null;
  const fill = (element) => (element.style.cssText = "position: absolute; inset: 0; width: 100%; height: 100%");
  window.openAvatar = async (kind, persona) => {
    renderer?.dispose();
    renderer = await openRenderer(kind, host, persona);
    fill(renderer.element);
    renderer.element.querySelectorAll("svg").forEach(fill);
    renderer.resize();
  };
  window.poseAvatar = (face, viseme) => {
    renderer.pose({ ...face, mouth: VISEMES[viseme] ?? CLOSED });
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  };
  window.moodOf = (mood) => {
    const life = new Life(() => 0.5);
    life.setMood(mood, 0);
    return life.still();
  };
}"""


@asynccontextmanager
async def studio(side: int) -> AsyncIterator[Page]:
    """A page on which avatars can be opened and posed, ``side`` pixels wide and high."""
    async with FakeSessionServer() as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=SOFTWARE_GPU_FLAGS)
        page = await browser.new_page(viewport={"width": side, "height": side})
        page.set_default_timeout(120_000)
        page.on("console", lambda message: print(message.text) if message.type in ("error", "warning") else None)
        await page.goto(server.url + "/static/session/avatar/life.js")
        await page.evaluate(SET_UP, side)
        yield page
        await browser.close()


async def shoot(page: Page, face: Face, viseme: str = "sil") -> Image.Image:
    """The open avatar with this face, on a clear ground."""
    await page.evaluate("([face, viseme]) => poseAvatar(face, viseme)", [face, viseme])
    picture = await page.screenshot(omit_background=True)
    return Image.open(io.BytesIO(picture)).convert("RGBA")


async def cells(page: Page) -> list[tuple[str, Image.Image]]:
    """Moods, poses and mouths of the open avatar."""
    shown = []
    for mood in MOODS:
        shown.append((mood, await shoot(page, await page.evaluate("(mood) => moodOf(mood)", mood))))
    for name, pose in POSES.items():
        shown.append((name, await shoot(page, REST | pose)))
    for viseme in VISEMES:
        shown.append((viseme, await shoot(page, REST | {"smile": 0.45}, viseme)))
    return shown


def lay_out(shown: list[tuple[str, Image.Image]]) -> Image.Image:
    """All cells with their names; every other row on the dark ground."""
    height = CELL_SIDE + LABEL_HEIGHT
    sheet = Image.new("RGB", (COLUMNS * CELL_SIDE, -(-len(shown) // COLUMNS) * height), "white")
    pen = ImageDraw.Draw(sheet)
    for number, (name, picture) in enumerate(shown):
        row, column = divmod(number, COLUMNS)
        ground = Image.new("RGBA", picture.size, GROUNDS["dark" if row % 2 else "light"])
        cell = Image.alpha_composite(ground, picture).convert("RGB")
        sheet.paste(cell, (column * CELL_SIDE, row * height + LABEL_HEIGHT))
        pen.text((column * CELL_SIDE + 4, row * height + 2), name, fill="black")
    return sheet


async def draw_sheet(personas: list[str], kinds: list[str], out: Path) -> None:
    """Write the sheet."""
    shown = []
    async with studio(CELL_SIDE) as page:
        for persona in personas:
            for kind in kinds:
                await page.evaluate("([kind, persona]) => openAvatar(kind, persona)", [kind, persona])
                shown += [(f"{persona} {kind}: {name}", picture) for name, picture in await cells(page)]
    out.parent.mkdir(parents=True, exist_ok=True)
    lay_out(shown).save(out)
    print(f"{len(shown)} pictures in {out}")


def compress(picture: Image.Image) -> bytes:
    """As WebP, as good as the size allows."""
    for quality in range(90, 20, -5):
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= PORTRAIT_BYTES:
            break
    return buffer.getvalue()


async def draw_portraits(personas: list[str]) -> None:
    """Write the still portrait of each persona, from its head."""
    async with studio(PORTRAIT_SIDE) as page:
        for persona in personas:
            await page.evaluate("([kind, persona]) => openAvatar(kind, persona)", ["head", persona])
            content = compress(await shoot(page, await page.evaluate("moodOf('idle')")))
            (PORTRAITS / f"{persona}.webp").write_bytes(content)
            print(f"{persona}.webp: {len(content)} bytes")


async def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persona", default="ava,leo,amara,kenji,sofia,ravi", help="with commas between them")
    parser.add_argument("--only", default=",".join(KINDS), help="head, portrait")
    parser.add_argument("--out", type=Path, default=Path("bench/out/page/avatars.png"))
    parser.add_argument("--portraits", action="store_true", help="write the still portraits instead of a sheet")
    arguments = parser.parse_args()
    personas = arguments.persona.split(",")
    if arguments.portraits:
        await draw_portraits(personas)
    else:
        await draw_sheet(personas, arguments.only.split(","), arguments.out)


if __name__ == "__main__":
    asyncio.run(main())
