"""The mouth follows the audio that is played, and the face lives, rests and keeps still as it should."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import Page

from tests.static.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OCULUS = {"sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"}


async def in_module(page: Page, module: str, body: str, argument: object = None) -> Any:
    """Run ``body`` (a function of the module and the argument) in the page."""
    call = f"(argument) => import('/static/session/{module}').then((m) => ({body})(m, argument))"
    return await page.evaluate(call, argument)


async def test_every_oculus_viseme_has_a_shape_of_its_own(module_page: Page) -> None:
    shapes = await in_module(module_page, "avatar/visemes.js", "(m) => m.VISEMES")
    assert set(shapes) == OCULUS
    assert len({tuple(sorted(shape.items())) for shape in shapes.values()}) == len(OCULUS)


async def test_mouth_is_closed_outside_a_clause_and_open_inside(module_page: Page) -> None:
    opened = await in_module(
        module_page,
        "avatar/timeline.js",
        "(m) => [-500, -20, 0, 150, 300, 320, 900].map((t) => m.mouthAt([[0, 'aa', 1]], 300, t).open)",
    )
    assert opened[0] == 0
    assert opened[-1] == 0
    assert opened[3] == pytest.approx(0.86)
    assert 0 < opened[1] < opened[2] < opened[3], "the mouth opens before the sound is heard"
    assert opened[3] > opened[4] > opened[5] > 0


async def test_lips_meet_for_a_plosive_between_open_vowels(module_page: Page) -> None:
    opened = await in_module(
        module_page,
        "avatar/timeline.js",
        """(m) => {
          const word = [[0, 'aa', 1], [240, 'PP', 1], [320, 'aa', 1]];
          return Array.from({length: 60}, (_, i) => m.mouthAt(word, 600, i * 10).open);
        }""",
    )
    assert min(opened[24:32]) < 0.25 * max(opened)
    assert max(abs(a - b) for a, b in pairwise(opened)) < 0.2, "no jumps"


async def test_weight_scales_the_shape_and_unknown_visemes_rest(module_page: Page) -> None:
    half, unknown = await in_module(
        module_page,
        "avatar/timeline.js",
        "(m) => [[[0, 'aa', 0.5]], [[0, '??', 1]]].map((visemes) => m.mouthAt(visemes, 400, 200).open)",
    )
    assert half == pytest.approx(0.43)
    assert unknown == 0


async def test_clock_runs_between_readings_and_follows_a_jump(module_page: Page) -> None:
    steady, jumped = await in_module(
        module_page,
        "avatar/clock.js",
        """(m) => {
          const clock = new m.PlaybackClock();
          for (let ms = 0; ms <= 1000; ms += 20) clock.read(1000 + ms * 48, ms);
          const steady = m.rtpDistanceMs(clock.rtpAt(1010), 1000);
          clock.read(1000 + 3000 * 48, 1020);
          return [steady, m.rtpDistanceMs(clock.rtpAt(1020), 1000)];
        }""",
    )
    assert steady == pytest.approx(1010, abs=1)
    assert jumped == pytest.approx(3000, abs=1)


async def test_clock_and_speaker_pass_the_wrap_of_the_timestamp(module_page: Page) -> None:
    distance, opened = await module_page.evaluate(
        """async () => {
          const { rtpDistanceMs, PlaybackClock } = await import('/static/session/avatar/clock.js');
          const { Speaker } = await import('/static/session/avatar/speaker.js');
          const start = 2 ** 32 - 4800, clock = new PlaybackClock(), speaker = new Speaker();
          clock.read(start, 0);
          speaker.announce({utteranceId: 'u', rtpTimestamp: start, durationMs: 400, visemes: [[0, 'aa', 1]]});
          return [rtpDistanceMs(4800, start), speaker.mouthAt(clock.rtpAt(200)).open];
        }"""
    )
    assert distance == 200
    assert opened > 0.8


async def test_a_browser_without_timestamps_gets_a_guess_that_readings_overrule(module_page: Page) -> None:
    guessed, read = await in_module(
        module_page,
        "avatar/clock.js",
        """(m) => {
          const clock = new m.PlaybackClock();
          clock.guess(48000, 100, 80);
          const guessed = clock.rtpAt(180);
          clock.read(96000, 200);
          clock.guess(0, 200, 80);
          return [guessed, clock.rtpAt(200)];
        }""",
    )
    assert guessed == 48_000
    assert read == 96_000


async def test_pause_stops_the_mouth_and_resume_goes_on_where_it_was(module_page: Page) -> None:
    speaking, paused, resumed, later_clause = await in_module(
        module_page,
        "avatar/speaker.js",
        """(m) => {
          const speaker = new m.Speaker(), ms = 48;
          speaker.announce({utteranceId: 'u', rtpTimestamp: 0, durationMs: 1000, visemes: [[0, 'aa', 1]]});
          speaker.announce({utteranceId: 'u', rtpTimestamp: 1000 * ms, durationMs: 500, visemes: [[0, 'U', 1]]});
          const speaking = speaker.mouthAt(400 * ms).open;
          speaker.pause('u');
          const paused = speaker.mouthAt(500 * ms).open;
          speaker.resume('u', 2000 * ms, 500);
          return [speaking, paused, speaker.mouthAt(2300 * ms).open, speaker.mouthAt(2750 * ms).round];
        }""",
    )
    assert speaking == pytest.approx(0.86)
    assert paused == 0
    assert resumed == pytest.approx(0.86)
    assert later_clause > 0.9


async def test_stopped_utterance_leaves_the_mouth_closed(module_page: Page) -> None:
    busy, opened = await in_module(
        module_page,
        "avatar/speaker.js",
        """(m) => {
          const speaker = new m.Speaker();
          speaker.announce({utteranceId: 'u', rtpTimestamp: 0, durationMs: 1000, visemes: [[0, 'aa', 1]]});
          speaker.stop('u');
          return [speaker.busy, speaker.mouthAt(19200).open];
        }""",
    )
    assert busy is False
    assert opened == 0


async def test_face_blinks_at_a_human_rate_and_nods_when_the_turn_ends(module_page: Page) -> None:
    blinks, nod = await in_module(
        module_page,
        "avatar/life.js",
        """(m) => {
          let seed = 7;
          const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
          const life = new m.Life(random);
          life.setMood('listening', 0);
          let blinks = 0, shut = false;
          for (let t = 0; t < 120; t += 0.02) {
            const lids = life.at(t).lids;
            if (lids < 0.3 && !shut) blinks += 1;
            shut = lids < 0.3;
          }
          life.setMood('hearing', 120);
          for (let t = 120; t < 122; t += 0.02) life.at(t);
          const before = life.at(122).pitch;
          life.setMood('thinking', 122);
          let deepest = -9;
          for (let t = 122; t < 122.8; t += 0.02) deepest = Math.max(deepest, life.at(t).pitch);
          return [blinks, deepest - before];
        }""",
    )
    assert 20 <= blinks <= 80, "people blink 10 to 30 times a minute"
    assert nod > 0.3


async def draw(page: Page, persona: str) -> None:
    """An avatar alone on the page, its drawing within reach."""
    await page.evaluate(
        """async (persona) => {
          await import('/static/session/avatar/element.js');
          const avatar = document.createElement('visavis-avatar');
          avatar.setAttribute('persona', persona);
          avatar.style.cssText = 'width:400px;height:450px';
          document.body.replaceChildren(avatar);
          await avatar.live();
          window.drawing = () => avatar.shadowRoot.innerHTML;
          window.avatar = avatar;
        }""",
        persona,
    )


@pytest.mark.parametrize("persona", ["ava", "leo", "somebody"])
async def test_portrait_moves_and_its_mouth_follows_the_source(open_page: OpenPage, persona: str) -> None:
    page = await open_page("/demo", permissions=())
    await draw(page, persona)
    await page.wait_for_function("() => avatar.shown === 'portrait'")
    first = await page.evaluate("drawing()")
    await page.wait_for_function("(first) => drawing() !== first", arg=first)
    height = "() => avatar.shadowRoot.querySelector('.mouth clipPath path').getBBox().height"
    closed = await page.evaluate(height)
    await page.evaluate(
        "import('/static/session/avatar/visemes.js').then((m) => { avatar.mouthSource = () => m.VISEMES.aa; })"
    )
    await page.wait_for_function(f"(least) => ({height})() > least", arg=closed + 25)


async def test_portrait_keeps_still_under_reduced_motion(open_page: OpenPage) -> None:
    page = await open_page("/demo", permissions=(), reduced_motion="reduce")
    await draw(page, "ava")
    await page.wait_for_function("() => avatar.shadowRoot.querySelector('img')?.complete")
    changed = await page.evaluate(
        """async () => {
          const first = drawing();
          avatar.mouthSource = () => ({...avatar.mouth, open: 1});
          for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
          return drawing() !== first;
        }"""
    )
    assert changed is False
