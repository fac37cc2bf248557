"""A check of the face on the page: what is shown, said and answered."""

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import HURRY, join

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HINTS = {
    "no_face": "We cannot see your face",
    "more_faces": "Only one person, please",
    "closer": "Come a little closer",
    "back": "Move back a little",
    "left": "Move a little to your left",
    "right": "Move a little to your right",
    "up": "Move up a little",
    "down": "Move down a little",
    "face_camera": "Look straight at the camera",
    "level": "Hold your head upright",
    "hold_still": "Hold still",
    "more_light": "It is too dark",
    "less_light": "It is too bright",
    "backlight": "The light is behind you",
    "uncover": "Uncover your face",
    "blurred": "The picture is blurred",
    "steady": "Good. Stay like this.",
}

CHALLENGES = {
    "turn_left": "Turn your head to your left",
    "turn_right": "Turn your head to your right",
    "blink": "Blink once or twice",
    "smile": "Smile",
    "closer": "Move your face closer",
    "read": "“seven green apples”",
}

RESULTS = {
    "passed": "Done. Thank you.",
    "failed": "This check did not succeed",
    "unclear": "We could not tell for sure",
}

WATCH_TONES = """() => {
  window.pans = [];
  const Real = StereoPannerNode;
  window.StereoPannerNode = class extends Real {
    constructor(context, options) { super(context, options); window.pans.push(options.pan); }
  };
  window.buzzes = [];
  navigator.vibrate = (pattern) => window.buzzes.push(pattern);
}"""

ARROWS_AT = """() => {
  const arrows = document.querySelector('.sweep');
  if (arrows.hidden) return '';
  const [a, lens] = [arrows, document.querySelector('.lens')].map((e) => e.getBoundingClientRect());
  const [x, y] = [(a.left + a.width / 2 - lens.left) / lens.width, (a.top + a.height / 2 - lens.top) / lens.height];
  return x < 0.3 ? 'left' : x > 0.7 ? 'right' : y < 0.3 ? 'up' : y > 0.7 ? 'down' : 'middle';
}"""


async def show_check(page: Page, server: FakeSessionServer, **more: object) -> None:
    """Have a check shown in the call; what the page shows for a while it shows for a shorter one."""
    await page.evaluate(HURRY)
    await join(page, server)
    server.show_check("r1", **more)
    await page.locator(".check").wait_for()


def challenge(server: FakeSessionServer, kind: str, index: int = 0, count: int = 3) -> None:
    """Ask for something."""
    phrase = "seven green apples" if kind == "read" else ""
    fields = {"index": index, "count": count, "kind": kind, "phrase": phrase, "limitMs": 8_000}
    server.send("checkChallenge", requestId="r1", **fields)


async def test_own_picture_is_large_and_mirrored_and_the_avatar_stays(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(viewport={"width": 1280, "height": 800})
    await show_check(page, server)
    check = page.get_by_role("region", name="Face check")
    await expect(check.get_by_role("heading", name="Face check")).to_be_focused()
    await expect(check.get_by_role("status")).to_have_text("Put your face in the oval and look at the camera.")
    await expect(page.locator(".self")).to_be_hidden()
    await expect(page.get_by_role("img", name="Ava, an AI avatar")).to_be_visible()
    video = page.locator(".check .lens-video")
    await page.wait_for_function("() => document.querySelector('.check .lens-video').videoWidth === 640")
    assert await video.evaluate("(e) => getComputedStyle(e).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    lens, avatar = await page.evaluate(
        "['.lens', '.arch'].map((s) => document.querySelector(s).getBoundingClientRect().height)"
    )
    assert lens > 300 > 100 > avatar > 50

    progress = check.get_by_role("progressbar", name="How far the check is")
    server.send("checkProgress", requestId="r1", fraction=0.42)
    await expect(progress).to_have_attribute("aria-valuenow", "42")
    server.show_check("r1", instructions="<b>Hold</b> your ID beside you")
    await expect(check.get_by_role("status")).to_have_text("<b>Hold</b> your ID beside you")


async def test_each_hint_is_said_once_and_points_the_way(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await show_check(page, server)
    said = page.locator(".check").get_by_role("status")
    for key, words in HINTS.items():
        server.send("checkHint", requestId="r1", key=key)
        await expect(said).to_contain_text(words)
        at = await page.evaluate(ARROWS_AT)
        assert at == (key if key in ("left", "right", "up", "down") else ""), key
        await expect(page.locator(".check-sign .icon")).to_have_count(1)
    await page.evaluate(
        """() => {
          window.repeats = 0;
          const said = document.querySelector('.check-words');
          new MutationObserver((all) => (window.repeats += all.length))
            .observe(said, { childList: true, characterData: true, subtree: true });
        }"""
    )
    server.send("checkHint", requestId="r1", key="steady")
    server.send("checkProgress", requestId="r1", fraction=0.5)
    await expect(page.get_by_role("progressbar", name="How far the check is")).to_have_attribute("aria-valuenow", "50")
    assert await page.evaluate("repeats") == 0
    server.send("checkHint", requestId="r1", key="")
    await expect(said).to_have_text("Put your face in the oval and look at the camera.")


async def test_each_challenge_shows_what_to_do_and_how_it_went(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await show_check(page, server)
    said = page.locator(".check").get_by_role("status")
    for index, (kind, words) in enumerate(CHALLENGES.items()):
        challenge(server, kind, index, len(CHALLENGES))
        await expect(said).to_contain_text(words)
        await expect(page.locator(f".check-sign .sign.{kind}")).to_be_visible()
        await expect(page.get_by_text(f"Step {index + 1} of {len(CHALLENGES)}")).to_be_visible()
        await expect(page.locator(".count span")).to_have_text("8")
        turn = kind.removeprefix("turn_")
        assert await page.evaluate(ARROWS_AT) == (turn if turn != kind else ""), kind
    await expect(said).to_contain_text("Read this out loud")
    await expect(page.locator(".count span")).to_have_text("7")
    server.send("checkHint", requestId="r1", key="closer")
    await expect(said).to_have_text("“seven green apples”Come a little closer")

    server.send("checkChallengeEnded", requestId="r1", index=5, passed=True)
    await expect(said).to_have_text("Good, thank you.")
    await expect(page.locator(".lens-mark")).to_have_attribute("data-symbol", "check")
    await expect(page.locator(".count")).to_be_hidden()
    await expect(said).to_have_text("Come a little closer")  # The sign goes by itself.
    challenge(server, "smile")
    server.send("checkChallengeEnded", requestId="r1", index=0, passed=False)
    await expect(said).to_have_text("Not quite. Let us try again.")
    await expect(page.locator(".lens-mark")).to_have_attribute("data-symbol", "again")


async def test_sides_are_those_of_the_mirror_in_every_language(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["session"]["language"] = "ar"
    page = await open_page(viewport={"width": 390, "height": 844})
    await show_check(page, server)
    assert await page.evaluate("document.dir") == "rtl"
    for kind, side in (("turn_left", "left"), ("turn_right", "right")):
        challenge(server, kind)
        await expect(page.locator(".sweep")).to_have_attribute("data-direction", side)
        assert await page.evaluate(ARROWS_AT) == side


async def test_person_stops_the_check(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await show_check(page, server)
    await page.keyboard.press("Escape")
    assert await server.wait_for("cancelCheck") == {"type": "cancelCheck", "requestId": "r1"}
    await expect(page.get_by_role("button", name="Stopping…")).to_be_disabled()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="End the conversation?")).to_be_visible()
    await page.keyboard.press("Escape")
    server.send("closeCheck", requestId="r1", result="stopped")
    await expect(page.locator(".check")).to_be_hidden()
    await expect(page.locator(".self")).to_be_visible()

    server.show_check("r2")
    await page.get_by_role("button", name="Stop the check").click()
    assert (await server.wait_for("cancelCheck", count=2))["requestId"] == "r2"
    server.send("closeCheck", requestId="r2", result="stopped")
    await expect(page.get_by_role("heading", name="Talking with Ava")).to_be_focused()

    server.show_check("r3", cancellable=False)
    await expect(page.locator(".check")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop the check")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="End the conversation?")).to_be_visible()


async def test_result_is_shown_for_a_moment_without_a_sound_unless_the_flow_wants_one(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(WATCH_TONES)
    await show_check(page, server)
    said = page.locator(".check").get_by_role("status")
    challenge(server, "blink")
    server.send("checkChallengeEnded", requestId="r1", index=0, passed=True)
    await expect(said).to_have_text("Good, thank you.")
    for request, (result, words) in enumerate(RESULTS.items(), start=1):
        server.show_check(f"r{request}")
        await expect(page.get_by_role("button", name="Stop the check")).to_be_visible()
        server.send("closeCheck", requestId=f"r{request}", result=result)
        await expect(said).to_contain_text(words)
        await expect(page.get_by_role("button", name="Stop the check")).to_have_count(0)
        await expect(page.locator(".check")).to_be_hidden()
    assert await page.evaluate("document.querySelector('.check .lens-video').srcObject") is None
    assert await page.evaluate("[pans.length, buzzes.length]") == [0, 0]


async def test_portrait_is_a_small_sign(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    server.show_check("r1", purpose="portrait", cancellable=False)
    sign = page.get_by_role("status").filter(has_text="Looking at your camera")
    await expect(sign).to_be_visible()
    await expect(page.locator(".check")).to_be_hidden()
    assert (await server.wait_for("camera", count=2))["state"] == "live"
    server.send("closeCheck", requestId="r1", result="passed")
    await expect(sign).to_be_hidden()


async def test_reload_in_the_middle_goes_on(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await show_check(page, server)
    server.opening["session"]["status"] = "inProgress"
    await page.reload()
    await page.get_by_role("button", name="Rejoin the conversation").click()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone", count=2)
    server.show_check("r1")
    challenge(server, "blink")
    await expect(page.locator(".check").get_by_role("status")).to_have_text("Blink once or twice")
    assert (await server.wait_for("camera", count=4))["state"] == "live"


async def test_lost_connection_takes_the_check_away_unless_it_is_asked_for_again(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await show_check(page, server)
    await server.drop()
    await server.wait_for("microphone", count=2)
    await expect(page.locator(".check")).to_be_visible()
    await expect(page.locator(".check")).to_be_hidden()
    assert len(server.offers) == 2


async def test_guided_by_sound_and_told_by_sound_and_touch(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(WATCH_TONES)
    await show_check(page, server, sound=True, haptics=True)
    server.send("checkHint", requestId="r1", key="left")
    guide = page.get_by_role("button", name="Guide me by sound")
    await expect(guide).to_have_attribute("aria-pressed", "false")
    assert await page.evaluate("pans") == []
    await guide.focus()
    await page.keyboard.press("Enter")
    await expect(guide).to_have_attribute("aria-pressed", "true")
    assert await server.wait_for("guideByEar") == {"type": "guideByEar", "requestId": "r1", "wanted": True}
    await page.wait_for_function("() => pans.length >= 4 && pans.every((pan) => pan === -1)")  # It is repeated.
    server.send("checkHint", requestId="r1", key="right")
    await page.wait_for_function("() => pans.at(-1) === 1")
    server.send("checkHint", requestId="r1", key="more_light")
    await expect(page.locator(".check").get_by_role("status")).to_contain_text("too dark")
    count = await page.evaluate("pans.length")
    challenge(server, "blink")
    server.send("checkChallengeEnded", requestId="r1", index=0, passed=True)
    await page.wait_for_function(f"() => pans.length === {count + 2} && buzzes.length === 1")
    server.send("closeCheck", requestId="r1", result="passed")
    await page.wait_for_function(f"() => pans.length === {count + 5} && buzzes.length === 2")


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (844, 390), (1280, 800)])
async def test_everything_is_in_sight_on_every_screen(
    open_page: OpenPage, server: FakeSessionServer, size: tuple[int, int]
) -> None:
    page = await open_page(viewport={"width": size[0], "height": size[1]})
    await show_check(page, server)
    server.send("caption", id="1", speaker="avatar", text="Please turn your head to your left.", final=True)
    challenge(server, "turn_left")
    await expect(page.locator(".sweep")).to_be_visible()
    # The stage makes room for the view by a transition, which is not what is measured here.
    await page.wait_for_function("() => document.getAnimations().every((a) => !(a instanceof CSSTransition))")
    found = await page.evaluate(
        """() => {
          const box = (e) => e.getBoundingClientRect();
          const parts = ['.hint', '.check-sign', '.check-words', '.lens', '.caption', '.dock', '.chip', '.composer']
            .flatMap((s) => [...document.querySelectorAll(s)]).filter((e) => e.checkVisibility());
          const name = (e) => e.className || e.tagName;
          const outside = parts.filter((e) => {
            const { left, top, right, bottom } = box(e);
            return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
          }).map(name);
          const overlaps = parts.flatMap((a, i) => parts.slice(i + 1).filter((b) => {
            const [p, q] = [box(a), box(b)];
            return Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
              && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1;
          }).map((b) => `${name(a)} over ${name(b)}`));
          const small = [...document.querySelectorAll('.check button')].filter((e) => e.checkVisibility())
            .filter((e) => box(e).width < 44 || box(e).height < 44).map(name);
          return { outside, overlaps, small, lens: box(document.querySelector('.lens')).height };
        }"""
    )
    assert found.pop("lens") > 110
    assert found == {"outside": [], "overlaps": [], "small": []}


async def test_nothing_moves_under_reduced_motion(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(reduced_motion="reduce")
    await show_check(page, server)
    for kind in CHALLENGES:
        challenge(server, kind)
        await expect(page.locator(f".check-sign .sign.{kind}")).to_be_visible()
        moving = await page.evaluate("document.querySelector('.check').getAnimations({ subtree: true }).length")
        assert moving == 0, kind
    challenge(server, "turn_right")
    await expect(page.locator(".sweep")).to_have_attribute("data-direction", "right")
    turned = await page.evaluate("getComputedStyle(document.querySelector('.sign-features')).transform")
    assert turned.startswith("matrix(0.72"), "the resting pose is the one that is meant"
