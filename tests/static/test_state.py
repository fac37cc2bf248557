"""The page's reducer: what each event makes of the state."""

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOADED: dict[str, Any] = {
    "type": "loaded",
    "session": {"id": "s", "language": "en"},
    "avatar": {"name": "Ava", "persona": "ava"},
    "welcome": {},
    "captions": True,
    "rejoining": False,
    "transcript": True,
}
IN_CALL: list[dict[str, Any]] = [LOADED, {"type": "dialling", "attempt": 0}, {"type": "hello"}]


AFTER = """async (events) => {
  const parts = ['state', 'device_state', 'call_state'].map((name) => import(`/static/session/${name}.js`));
  const [{ HANDLERS, INITIAL, reducer }, { DEVICE_HANDLERS }, { CALL_HANDLERS }] = await Promise.all(parts);
  return events.reduce(reducer({ ...HANDLERS, ...DEVICE_HANDLERS, ...CALL_HANDLERS }), INITIAL);
}"""
"""With all parts of the page loaded."""


async def after(page: Page, *events: dict[str, Any]) -> Any:
    """The state after these events."""
    return await page.evaluate(AFTER, list(events))


async def test_way_into_the_call(module_page: Page) -> None:
    assert (await after(module_page))["screen"] == "loading"
    assert (await after(module_page, LOADED))["screen"] == "welcome"
    ready = await after(module_page, LOADED, {"type": "devices", "microphone": True, "camera": False})
    assert (ready["screen"], ready["microphone"], ready["camera"]) == ("ready", "live", "absent")
    call = await after(module_page, *IN_CALL)
    assert (call["screen"], call["link"]) == ("call", "open")


async def test_lost_connection_keeps_the_call_and_counts_attempts(module_page: Page) -> None:
    lost = await after(module_page, *IN_CALL, {"type": "linkLost"}, {"type": "dialling", "attempt": 2})
    assert (lost["screen"], lost["link"], lost["attempt"]) == ("call", "reconnecting", 2)
    assert (await after(module_page, *IN_CALL, {"type": "linkLost"}, {"type": "hello"}))["link"] == "open"
    given_up = await after(module_page, *IN_CALL, {"type": "linkGivenUp"})
    assert given_up["stop"]["code"] == "connection_lost"


async def test_caption_with_the_same_id_rewords_its_line(module_page: Page) -> None:
    caption = {"type": "caption", "id": "1", "speaker": "user", "final": False}
    state = await after(
        module_page,
        *IN_CALL,
        {**caption, "text": "My na"},
        {**caption, "speaker": "avatar", "text": "Hello", "final": True},
        {**caption, "text": "My name is Ada", "final": True},
    )
    assert [(line["speaker"], line["text"], line["final"]) for line in state["lines"]] == [
        ("user", "My name is Ada", True),
        ("avatar", "Hello", True),
    ]


async def test_end_is_the_end(module_page: Page) -> None:
    finished = {"type": "finished", "status": "complete", "reason": "end"}
    late: list[dict[str, Any]] = [
        {"type": "linkLost"},
        {"type": "dialling", "attempt": 1},
        {"type": "hello"},
        {"type": "linkGivenUp"},
    ]
    state = await after(module_page, *IN_CALL, finished, *late)
    assert (state["screen"], state["outcome"]) == ("ended", {"status": "complete", "reason": "end"})
    assert (await after(module_page, *IN_CALL, {"type": "replaced"}, *late))["stop"]["code"] == "replaced"


async def test_leaving_is_asked_only_during_the_call(module_page: Page) -> None:
    assert (await after(module_page, LOADED, {"type": "askLeave"}))["leaveAsked"] is False
    assert (await after(module_page, *IN_CALL, {"type": "askLeave"}))["leaveAsked"] is True
    assert (await after(module_page, *IN_CALL, {"type": "askLeave"}, {"type": "stay"}))["leaveAsked"] is False


async def test_person_without_microphone_cannot_unmute_one(module_page: Page) -> None:
    state = await after(module_page, LOADED, {"type": "withoutMicrophone"}, {"type": "microphone", "muted": False})
    assert (state["microphone"], state["typingOffered"]) == ("absent", True)


async def test_problems_are_told_and_the_worst_stop_the_page(module_page: Page) -> None:
    problem = {"type": "problem", "code": "slow", "message": "One moment, please.", "recoverable": True}
    assert (await after(module_page, *IN_CALL, problem))["notice"] == "One moment, please."
    caption = {"type": "caption", "id": "1", "speaker": "avatar", "text": "So", "final": True}
    assert (await after(module_page, *IN_CALL, problem, caption))["notice"] is None
    assert (await after(module_page, *IN_CALL, {"type": "microphoneLost"}, caption))["notice"] == "microphone_lost"
    assert (await after(module_page, *IN_CALL, {**problem, "recoverable": False}))["stop"]["code"] == "problem"


async def test_unknown_events_change_nothing_and_the_transcript_is_bounded(module_page: Page) -> None:
    assert await after(module_page, LOADED, {"type": "pong", "atMs": 1}) == await after(module_page, LOADED)
    captions: list[dict[str, Any]] = [
        {"type": "caption", "id": str(i), "speaker": "user", "text": "x", "final": True} for i in range(600)
    ]
    lines = (await after(module_page, *IN_CALL, *captions))["lines"]
    assert (len(lines), lines[-1]["id"]) == (500, "599")


async def test_retry_starts_from_a_clean_page(module_page: Page) -> None:
    state = await after(module_page, *IN_CALL, {"type": "linkGivenUp"}, LOADED)
    assert (state["screen"], state["stop"], state["lines"]) == ("welcome", None, [])


ASK: dict[str, Any] = {
    "type": "askInput",
    "requestId": "r1",
    "kind": "code",
    "value": "",
    "sentTo": "m•••@example.org",
    "codeLength": 6,
    "resendAt": 5_000,
}
SENT: dict[str, Any] = {"type": "inputSent", "requestId": "r1"}
WANTED: dict[str, Any] = {
    "type": "devicesWanted",
    "requestId": "r1",
    "camera": True,
    "microphone": True,
    "card": True,
    "asking": False,
}
WRONG: dict[str, Any] = {"type": "inputRefused", "requestId": "r1", "problem": "wrong_code", "attemptsLeft": 2}


async def test_field_is_shown_refused_updated_and_taken_away(module_page: Page) -> None:
    shown = (await after(module_page, *IN_CALL, ASK))["input"]
    assert (shown["kind"], shown["awaiting"], shown["problem"], shown["resendAt"]) == ("code", "no", None, 5_000)
    assert (await after(module_page, *IN_CALL, ASK, SENT))["input"]["awaiting"] == "answer"
    twice = (await after(module_page, *IN_CALL, ASK, SENT, WRONG, SENT, {**WRONG, "attemptsLeft": 1}))["input"]
    assert (twice["awaiting"], twice["problem"]) == ("no", {"code": "wrong_code", "attemptsLeft": 1, "count": 2})
    updated = (await after(module_page, *IN_CALL, ASK, SENT, WRONG, {**ASK, "sentTo": "x", "resendAt": 5_100}))["input"]
    assert (updated["sentTo"], updated["problem"]["count"], updated["codesRenewed"]) == ("x", 1, 0)
    assert (await after(module_page, *IN_CALL, ASK, {"type": "closeInput", "requestId": "r1"}))["input"] is None


async def test_another_code_clears_the_problem_and_is_counted(module_page: Page) -> None:
    wanted = {"type": "codeWanted", "requestId": "r1"}
    renewed = (await after(module_page, *IN_CALL, ASK, SENT, WRONG, wanted, {**ASK, "resendAt": 9_000}))["input"]
    assert (renewed["problem"], renewed["codesRenewed"], renewed["resendAt"]) == (None, 1, 9_000)
    by_voice = (await after(module_page, *IN_CALL, ASK, SENT, WRONG, {**ASK, "resendAt": 35_000}))["input"]
    assert (by_voice["problem"], by_voice["codesRenewed"]) == (None, 1)
    failed = (await after(module_page, *IN_CALL, ASK, wanted, {**WRONG, "problem": "not_sent"}))["input"]
    assert (failed["awaiting"], failed["codesRenewed"], failed["problem"]["code"]) == ("no", 0, "not_sent")


async def test_messages_about_another_field_change_nothing(module_page: Page) -> None:
    shown = await after(module_page, *IN_CALL, ASK)
    for event in (SENT, WRONG, {"type": "closeInput"}, {"type": "codeWanted"}, {"type": "inputUnanswered"}):
        assert await after(module_page, *IN_CALL, ASK, {**event, "requestId": "r0"}) == shown
        assert (await after(module_page, *IN_CALL, {**event, "requestId": "r1"}))["input"] is None


async def test_unanswered_value_may_be_sent_again(module_page: Page) -> None:
    unanswered = {"type": "inputUnanswered", "requestId": "r1"}
    assert (await after(module_page, *IN_CALL, ASK, SENT, unanswered))["input"]["awaiting"] == "no"
    assert (await after(module_page, *IN_CALL, {"type": "inputUnanswered"}))["input"] is None


async def test_requests_go_stale_with_the_connection_and_live_again_when_asked(module_page: Page) -> None:
    back: list[dict[str, Any]] = [*IN_CALL, ASK, SENT, {"type": "linkLost"}, {"type": "hello"}]
    stale = (await after(module_page, *back))["input"]
    assert (stale["stale"], stale["awaiting"]) == (True, "no")
    forgotten = {"type": "staleRequests"}
    assert (await after(module_page, *back, forgotten))["input"] is None
    assert (await after(module_page, *back, ASK, forgotten))["input"]["stale"] is False
    devices = {
        "type": "devicesWanted",
        "requestId": "r2",
        "camera": True,
        "microphone": True,
        "card": True,
        "asking": False,
    }
    lost = await after(module_page, *IN_CALL, devices, {"type": "hello"}, forgotten)
    assert lost["permissions"] is None


async def test_devices_come_during_the_call(module_page: Page) -> None:
    begun: list[dict[str, Any]] = [{**LOADED, "asksPermissions": True}, {"type": "withoutDevices"}, *IN_CALL[1:]]
    state = await after(module_page, *begun)
    assert (state["microphone"], state["camera"], state["asksPermissions"]) == ("off", "absent", True)
    asked = await after(module_page, *begun, WANTED, {"type": "browserAsks"})
    assert asked["permissions"]["asking"] is True
    granted = await after(module_page, *begun, WANTED, {"type": "devicesAnswered", "microphone": True, "camera": True})
    assert (granted["microphone"], granted["camera"], granted["permissions"]) == ("live", "on", None)
    assert granted["typingOffered"] is False
    denied = await after(module_page, *begun, WANTED, {"type": "devicesAnswered", "microphone": False, "camera": False})
    assert (denied["microphone"], denied["camera"], denied["typingOffered"]) == ("absent", "absent", True)


async def test_answering_for_held_devices_changes_nothing_that_the_person_chose(module_page: Page) -> None:
    chosen: list[dict[str, Any]] = [
        LOADED,
        {"type": "devices", "microphone": True, "camera": True},
        {"type": "microphone", "muted": True},
        {"type": "camera", "on": False},
    ]
    state = await after(module_page, *chosen, {"type": "devicesAnswered", "microphone": True, "camera": True})
    assert (state["microphone"], state["camera"]) == ("muted", "off")


async def test_end_takes_every_request_away(module_page: Page) -> None:
    state = await after(module_page, *IN_CALL, ASK, {"type": "finished", "status": "complete", "reason": "end"})
    assert (state["input"], state["permissions"]) == (None, None)


async def test_comfort_outlives_a_new_opening_and_a_reconnect(module_page: Page) -> None:
    larger = {"type": "comfort", "change": {"captionSize": "large"}}
    state = await after(
        module_page, larger, LOADED, {"type": "hello"}, {"type": "comfort", "change": {"contrast": True}}
    )
    assert (state["comfort"]["captionSize"], state["comfort"]["contrast"]) == ("large", True)
    assert state["comfort"]["extraTime"] is False


@pytest.mark.parametrize("what", ["lost", "revoked", "interrupted"])
async def test_what_hinders_a_device_is_said_while_the_talk_goes_on(module_page: Page, what: str) -> None:
    said = {"type": "caption", "id": "1", "speaker": "avatar", "text": "Hello", "final": True}
    trouble = {
        "lost": {"type": "cameraLost"},
        "revoked": {"type": "deviceRevoked", "device": "camera"},
        "interrupted": {"type": "deviceInterrupted", "device": "camera"},
    }[what]
    state = await after(module_page, *IN_CALL, trouble, said)
    assert state["notice"] == f"camera_{what}"
    over = {"type": "deviceGoesOn", "device": "camera"} if what == "interrupted" else {"type": "cameraBack"}
    assert (await after(module_page, *IN_CALL, trouble, said, over))["notice"] is None
    replaced = await after(module_page, *IN_CALL, {"type": "deviceReplaced", "device": "camera"}, said)
    assert replaced["notice"] is None
