"""The reducer's part about checks of the face: what each event makes of the view."""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.static.test_state import IN_CALL, after

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHOW: dict[str, Any] = {
    "type": "showCheck",
    "requestId": "r1",
    "purpose": "liveness",
    "instructions": "",
    "sound": True,
    "haptics": False,
    "cancellable": True,
}
CAMERA_ON: dict[str, Any] = {"type": "cameraBack"}
HINT: dict[str, Any] = {"type": "checkHint", "requestId": "r1", "key": "closer"}
CHALLENGE: dict[str, Any] = {
    "type": "checkChallenge",
    "requestId": "r1",
    "index": 0,
    "count": 2,
    "kind": "blink",
    "phrase": "",
    "limitMs": 6000,
    "at": 1000,
}
ENDED: dict[str, Any] = {"type": "checkChallengeEnded", "requestId": "r1", "index": 0, "passed": True}
FLASH: dict[str, Any] = {
    "type": "flashWanted",
    "requestId": "r1",
    "colours": ["#ff0000"],
    "symbolMs": 400,
    "until": 9000,
}

ADVICE = "({ check, camera }) => import('/static/session/check_state.js').then((m) => m.advice(check, camera))"


async def advice(page: Page, *events: dict[str, Any]) -> Any:
    """The one thing that the page says in a call after these events."""
    return await page.evaluate(ADVICE, await after(page, *IN_CALL, *events))


async def test_one_thing_is_said_at_a_time(module_page: Page) -> None:
    seen = [CAMERA_ON, SHOW]
    assert await advice(module_page, *seen) == {"kind": "instructions"}
    assert await advice(module_page, *seen, HINT) == {"kind": "hint", "hint": "closer"}
    challenge = await advice(module_page, *seen, HINT, CHALLENGE)
    assert (challenge["kind"], challenge["hint"]) == ("challenge", "closer")
    steady = {**HINT, "key": "steady"}
    assert (await advice(module_page, *seen, CHALLENGE, steady))["hint"] == "", "no praise over a task"
    assert await advice(module_page, *seen, CHALLENGE, ENDED) == {"kind": "ended", "passed": True}
    sign_over = {"type": "challengeSeen", "requestId": "r1", "index": 0}
    assert await advice(module_page, *seen, HINT, CHALLENGE, ENDED, sign_over) == {"kind": "hint", "hint": "closer"}


async def test_camera_that_is_not_on_comes_first(module_page: Page) -> None:
    assert await advice(module_page, SHOW, HINT, CHALLENGE) == {"kind": "camera", "camera": "off"}
    lost = {"type": "cameraLost"}
    assert await advice(module_page, CAMERA_ON, SHOW, HINT, lost) == {"kind": "camera", "camera": "lost"}


async def test_messages_about_another_check_change_nothing(module_page: Page) -> None:
    before = await after(module_page, *IN_CALL, SHOW)
    for message in (HINT, CHALLENGE, ENDED, FLASH, {"type": "checkProgress", "fraction": 0.5}):
        assert await after(module_page, *IN_CALL, SHOW, {**message, "requestId": "r0"}) == before
    close = {"type": "closeCheck", "requestId": "r0", "result": "passed"}
    assert await after(module_page, *IN_CALL, SHOW, close) == before


async def test_time_for_a_challenge_counts_from_the_end_of_the_instruction(module_page: Page) -> None:
    speaking = {"type": "state", "state": "speaking", "at": 1100}
    listening = {"type": "state", "state": "listening", "at": 3200}
    state = await after(module_page, *IN_CALL, SHOW, CHALLENGE, speaking, listening)
    assert state["check"]["challenge"]["since"] == 3200
    left = await module_page.evaluate(
        """(challenge) => import('/static/session/check_state.js').then((m) =>
          [[3200, false], [5200, false], [99000, false], [99000, true]].map(([now, speaking]) =>
            m.remainingMs(challenge, now, speaking)))""",
        state["check"]["challenge"],
    )
    assert left == [6000, 4000, 0, 6000]


async def test_progress_stays_between_nothing_and_all(module_page: Page) -> None:
    for told, kept in ((0.4, 0.4), (-1, 0), (7, 1)):
        progress = {"type": "checkProgress", "requestId": "r1", "fraction": told}
        assert (await after(module_page, *IN_CALL, SHOW, progress))["check"]["fraction"] == kept


async def test_result_stands_for_a_while_and_nothing_changes_it(module_page: Page) -> None:
    close = {"type": "closeCheck", "requestId": "r1", "result": "failed"}
    state = await after(module_page, *IN_CALL, SHOW, CHALLENGE, close, HINT)
    assert (state["check"]["result"], state["check"]["challenge"], state["check"]["hint"]) == ("failed", None, "")
    seen = {"type": "resultSeen", "requestId": "r1"}
    assert (await after(module_page, *IN_CALL, SHOW, close, seen))["check"] is None
    another = {**SHOW, "requestId": "r2"}
    kept = await after(module_page, *IN_CALL, SHOW, close, another, seen)
    assert kept["check"]["requestId"] == "r2", "the sign of the old check does not take the new one away"


@pytest.mark.parametrize(("purpose", "result"), [("liveness", "stopped"), ("portrait", "passed")])
async def test_some_checks_close_without_a_sign(module_page: Page, purpose: str, result: str) -> None:
    close = {"type": "closeCheck", "requestId": "r1", "result": result}
    assert (await after(module_page, *IN_CALL, {**SHOW, "purpose": purpose}, close))["check"] is None


async def test_check_survives_a_reconnect_only_when_asked_for_again(module_page: Page) -> None:
    progress = {"type": "checkProgress", "requestId": "r1", "fraction": 0.5}
    again = [*IN_CALL, SHOW, progress, HINT, CHALLENGE, FLASH, {"type": "linkLost"}, {"type": "hello"}]
    assert (await after(module_page, *again, {"type": "staleRequests"}))["check"] is None
    kept = (await after(module_page, *again, SHOW, {"type": "staleRequests"}))["check"]
    assert (kept["fraction"], kept["challenge"], kept["hint"], kept["flash"]) == (0.5, None, "", None)


async def test_choice_about_flashing_light_is_remembered(module_page: Page) -> None:
    assert (await after(module_page, *IN_CALL, SHOW, FLASH))["check"]["flash"]["stage"] == "asking"
    allowed = {"type": "flashAllowed", "requestId": "r1"}
    over = {"type": "flashOver", "requestId": "r1"}
    state = await after(module_page, *IN_CALL, SHOW, FLASH, allowed)
    assert (state["check"]["flash"]["stage"], state["flashAllowed"]) == ("showing", True)
    state = await after(module_page, *IN_CALL, SHOW, FLASH, allowed, over, FLASH)
    assert state["check"]["flash"]["stage"] == "showing"
    refused = await after(module_page, *IN_CALL, SHOW, FLASH, {"type": "flashRefused", "requestId": "r1"})
    assert (refused["check"]["flash"], refused["flashAllowed"]) == (None, False)


async def test_end_of_the_call_ends_the_check(module_page: Page) -> None:
    finished = {"type": "finished", "status": "complete", "reason": "end"}
    assert (await after(module_page, *IN_CALL, SHOW, finished))["check"] is None


async def test_camera_comes_and_goes(module_page: Page) -> None:
    lost = await after(module_page, *IN_CALL, CAMERA_ON, {"type": "cameraLost"}, {"type": "camera", "on": True})
    assert (lost["camera"], lost["notice"]) == ("lost", "camera_lost")
    problem = {"type": "cameraProblem", "problem": "in_use"}
    assert (await after(module_page, *IN_CALL, {"type": "cameraLost"}, problem))["cameraProblem"] == "in_use"
    back = await after(module_page, *IN_CALL, {"type": "cameraLost"}, problem, CAMERA_ON)
    assert (back["camera"], back["notice"], back["cameraProblem"]) == ("on", None, None)


@pytest.mark.parametrize(("elapsed_ms", "index"), [(-5, 0), (0, 0), (399, 0), (400, 1), (1199, 2), (1200, 3), (9e9, 3)])
async def test_colour_that_is_due(module_page: Page, elapsed_ms: float, index: int) -> None:
    due = await module_page.evaluate(
        "(ms) => import('/static/session/flash.js').then((m) => m.due(ms, 400, 3))", elapsed_ms
    )
    assert due == index


@pytest.mark.parametrize(
    ("colours", "symbol_ms", "reason"),
    [
        (["#ff0000", "#00ff00"], 400, None),
        (["#ff0000", "#00ff00"], 170, None),
        (["#ff0000", "#00ff00"], 160, "unavailable"),
        (["red"], 400, "unavailable"),
        (["url(http://example.org)"], 400, "unavailable"),
        ([], 400, "unavailable"),
        (["#ffffff"] * 100, 400, "unavailable"),
    ],
)
async def test_colours_that_are_unsafe_or_nonsense_are_not_shown(
    module_page: Page, colours: list[str], symbol_ms: int, reason: str | None
) -> None:
    found = await module_page.evaluate(
        "([colours, ms]) => import('/static/session/flash.js').then((m) => m.unfit(colours, ms))", [colours, symbol_ms]
    )
    assert found == reason


async def test_tones_lead_by_side_and_pitch(module_page: Page) -> None:
    patterns = await module_page.evaluate("import('/static/session/guide_tones.js').then((m) => m.PATTERNS)")
    assert {tone["pan"] for tone in patterns["left"]} == {-1}
    assert {tone["pan"] for tone in patterns["right"]} == {1}
    pitches = {name: [tone["frequency"] for tone in pattern] for name, pattern in patterns.items()}
    assert pitches["closer"] == sorted(pitches["closer"])
    assert pitches["back"] == sorted(pitches["back"], reverse=True)
    assert min(pitches["up"]) > max(pitches["down"])
    assert len({str(pattern) for pattern in patterns.values()}) == len(patterns), "no two hints sound alike"
    assert max(tone["startMs"] + tone["lengthMs"] for pattern in patterns.values() for tone in pattern) < 900
