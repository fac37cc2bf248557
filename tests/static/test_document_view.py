"""The view of a scan: what is shown and said, by sight, by ear and by keyboard, on every screen."""

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.scans import ready, said

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
