"""The reducer's part about scans of a document: what each event makes of the view."""

import typing
from typing import Any

import pytest
from playwright.async_api import Page

from tests.static.test_state import IN_CALL, after
from vision.document.capture.commands import HintKey, Step
from vision.document.document import Problem

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHOW: dict[str, Any] = {
    "type": "showDocument",
    "requestId": "r1",
    "side": 0,
    "step": "show_front",
    "problem": "",
    "types": ["dl", "id"],
    "torchButton": True,
    "switchButton": False,
    "mirrorButton": True,
    "upload": True,
}
TURN: dict[str, Any] = {**SHOW, "side": 1, "step": "turn_over"}
HINT: dict[str, Any] = {"type": "checkHint", "requestId": "r1", "key": "closer"}
SEEN: dict[str, Any] = {"type": "documentSeen", "requestId": "r1", "corners": [0.1, 0.2, 0.9, 0.2, 0.9, 0.8, 0.1, 0.8]}
DONE: dict[str, Any] = {"type": "sideDone", "requestId": "r1", "side": 0}
CLOSE: dict[str, Any] = {"type": "closeCheck", "requestId": "r1", "result": "passed"}
CAMERA_ON: dict[str, Any] = {"type": "cameraBack"}
CAMERA: dict[str, Any] = {"type": "documentCamera", "mirrored": False, "torch": False, "others": 1}

ADVICE = """(state) => import('/static/session/document_state.js')
  .then((m) => m.documentAdvice(m.openScan(state), state.camera))"""

MAY = "([name, state]) => import('/static/session/document_state.js').then((m) => m[name](state))"


async def advice(page: Page, *events: dict[str, Any]) -> Any:
    """The one thing that the page says in a call after these events."""
    return await page.evaluate(ADVICE, await after(page, *IN_CALL, CAMERA_ON, *events))


async def may(page: Page, name: str, *events: dict[str, Any]) -> Any:
    """What ``canUpload`` or ``canPress`` says in a call after these events."""
    return await page.evaluate(MAY, [name, await after(page, *IN_CALL, CAMERA_ON, *events)])


async def scan_after(page: Page, *events: dict[str, Any]) -> Any:
    """The scan in a call after these events."""
    return (await after(page, *IN_CALL, *events))["check"]["scan"]


async def test_one_thing_is_said_at_a_time(module_page: Page) -> None:
    assert await advice(module_page, SHOW) == {"kind": "step", "step": "show_front"}
    assert await advice(module_page, SHOW, HINT) == {"kind": "hint", "hint": "closer"}
    assert await advice(module_page, SHOW, HINT, DONE) == {"kind": "done"}
    seen = {"type": "sideSeen", "requestId": "r1", "side": 0}
    assert await advice(module_page, SHOW, HINT, DONE, TURN, seen) == {"kind": "step", "step": "turn_over"}
    sending = {"type": "uploading", "requestId": "r1", "stage": "sending"}
    assert await advice(module_page, SHOW, HINT, sending) == {"kind": "uploading", "uploading": "sending"}
    refused = {"type": "uploadEnded", "requestId": "r1", "problem": "too_late"}
    assert await advice(module_page, SHOW, HINT, sending, refused) == {"kind": "uploadProblem", "problem": "too_late"}
    problem_seen = {"type": "uploadProblemSeen", "requestId": "r1"}
    assert (await advice(module_page, SHOW, HINT, sending, refused, problem_seen))["kind"] == "hint"
    assert await advice(module_page, SHOW, HINT, CLOSE) == {"kind": "result", "result": "passed"}


async def test_camera_that_is_not_on_is_said_unless_a_file_is_read(module_page: Page) -> None:
    lost = {"type": "cameraLost"}
    assert await advice(module_page, SHOW, HINT, lost) == {"kind": "camera", "camera": "lost"}
    reading = {**HINT, "key": "reading"}
    assert await advice(module_page, SHOW, lost, reading) == {"kind": "hint", "hint": "reading"}


@pytest.mark.parametrize(
    ("types", "shape"),
    [
        (["passport"], "page"),
        (["passport", "minors-passport", "visa"], "page"),
        (["passport-card"], "card"),
        (["passport", "id"], "card"),
        (["any"], "card"),
        ([], "card"),
    ],
)
async def test_frame_has_the_shape_of_what_is_asked_for(module_page: Page, types: list[str], shape: str) -> None:
    assert (await scan_after(module_page, {**SHOW, "types": types}))["shape"] == shape


async def test_next_step_takes_the_old_advice_away_and_keeps_the_progress(module_page: Page) -> None:
    progress = {"type": "checkProgress", "requestId": "r1", "fraction": 0.5}
    state = await after(module_page, *IN_CALL, SHOW, HINT, progress, TURN)
    assert (state["check"]["hint"], state["check"]["fraction"]) == ("", 0.5)
    assert (state["check"]["scan"]["side"], state["check"]["scan"]["frontFirst"]) == (1, True)
    any_side = await scan_after(module_page, {**SHOW, "step": "show_document"}, TURN)
    assert any_side["frontFirst"] is False


async def test_outline_is_that_of_the_newest_picture(module_page: Page) -> None:
    assert (await scan_after(module_page, SHOW, SEEN))["corners"] == SEEN["corners"]
    assert (await scan_after(module_page, SHOW, SEEN, {**SEEN, "corners": []}))["corners"] == []
    assert (await scan_after(module_page, SHOW, SEEN, {**SEEN, "corners": [0.1, 0.2]}))["corners"] == []


async def test_messages_about_another_scan_or_about_a_face_change_nothing(module_page: Page) -> None:
    before = await after(module_page, *IN_CALL, SHOW)
    for message in (HINT, SEEN, DONE, {"type": "uploading", "requestId": "r1", "stage": "reading"}):
        assert await after(module_page, *IN_CALL, SHOW, {**message, "requestId": "r0"}) == before
    face = {
        "type": "showCheck",
        "requestId": "r1",
        "purpose": "liveness",
        "instructions": "",
        "sound": False,
        "haptics": False,
        "cancellable": True,
    }
    before = await after(module_page, *IN_CALL, face)
    for message in (SEEN, DONE):
        assert await after(module_page, *IN_CALL, face, message) == before


async def test_scan_survives_a_reconnect_only_when_asked_for_again(module_page: Page) -> None:
    again = [*IN_CALL, SHOW, HINT, TURN, {"type": "linkLost"}, {"type": "hello"}]
    assert (await after(module_page, *again, {"type": "staleRequests"}))["check"] is None
    kept = (await after(module_page, *again, TURN, {"type": "staleRequests"}))["check"]["scan"]
    assert (kept["side"], kept["frontFirst"]) == (1, True)


async def test_files_are_taken_one_at_a_time_and_only_where_allowed(module_page: Page) -> None:
    sending = {"type": "uploading", "requestId": "r1", "stage": "sending"}
    ended = {"type": "uploadEnded", "requestId": "r1", "problem": None}
    assert await may(module_page, "canUpload", SHOW) is True
    assert await may(module_page, "canUpload", SHOW, {"type": "cameraLost"}) is True
    assert await may(module_page, "canUpload", SHOW, sending) is False
    assert await may(module_page, "canUpload", SHOW, sending, ended) is True
    assert await may(module_page, "canUpload", {**SHOW, "upload": False}) is False
    assert await may(module_page, "canUpload", SHOW, CLOSE) is False
    assert await may(module_page, "canUpload", SHOW, {"type": "linkLost"}) is False


async def test_shutter_works_once_the_camera_is_on(module_page: Page) -> None:
    assert await may(module_page, "canPress", SHOW) is False
    assert await may(module_page, "canPress", SHOW, CAMERA) is True
    assert await may(module_page, "canPress", SHOW, CAMERA, {"type": "cameraLost"}) is False
    assert await may(module_page, "canPress", SHOW, CAMERA, {"type": "checkCancelled", "requestId": "r1"}) is False


async def test_every_hint_step_and_problem_of_the_server_has_words(module_page: Page) -> None:
    words = await module_page.evaluate(
        """Promise.all(['document_words', 'more_icons', 'strings/en'].map((m) => import(`/static/session/${m}.js`)))
          .then(([{ HINT_SYMBOLS, STEP_SYMBOLS, UPLOAD_SYMBOLS, RESULT_SYMBOLS }, { icon }, { default: english }]) => {
            for (const symbol of [HINT_SYMBOLS, STEP_SYMBOLS, UPLOAD_SYMBOLS, RESULT_SYMBOLS].flatMap(Object.values)) {
              if (icon(symbol).firstChild.getAttribute('d') === 'undefined') throw new Error(symbol);
            }
            return { hints: Object.keys(HINT_SYMBOLS), steps: Object.keys(STEP_SYMBOLS), keys: Object.keys(english) };
          })"""
    )
    assert set(words["hints"]) == set(typing.get_args(HintKey)) - {""}
    assert set(words["steps"]) == set(typing.get_args(Step))
    wanted = [f"document.hint.{key}" for key in words["hints"]]
    wanted += [f"document.step.{key}" for key in words["steps"]]
    wanted += [f"document.problem.{key}" for key in typing.get_args(Problem)]
    assert set(wanted) <= set(words["keys"])


@pytest.mark.parametrize(
    ("chosen", "face", "wishes"),
    [
        ("", "", [None, "any"]),
        ("", "face", [None, "face", "any"]),
        ("rear", "face", ["rear", None, "face", "any"]),
    ],
)
async def test_camera_that_looks_away_is_asked_for_first_unless_one_was_chosen(
    module_page: Page, chosen: str, face: str, wishes: list[str | None]
) -> None:
    found = await module_page.evaluate(
        """([chosen, face]) => import('/static/session/document_camera.js').then((m) =>
          m.documentWishes(chosen, face))""",
        [chosen, face],
    )
    assert all(wish["width"]["ideal"] == 1920 for wish in found)
    ids = [None if "facingMode" in wish else wish.get("deviceId", {"exact": "any"})["exact"] for wish in found]
    assert ids == wishes


@pytest.mark.parametrize(("current", "following"), [("a", "b"), ("c", "a"), ("gone", "a")])
async def test_cameras_take_turns(module_page: Page, current: str, following: str) -> None:
    found = await module_page.evaluate(
        "(id) => import('/static/session/document_camera.js').then((m) => m.nextCamera(['a', 'b', 'c'], id))", current
    )
    assert found == following
