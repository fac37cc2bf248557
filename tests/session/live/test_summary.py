"""The line of a session in the list: who does what, and how long nothing has been done."""

import pytest

from conversation.flow import events as e
from rtc_server.rtc.messages import State
from tests.scores.flows import fixed, name_flow
from tests.scores.score import STARTED_UTC_MS
from tests.session.live.watched import WatchedScore, record

LIVENESS = fixed("liveness_detection", "livenessDetected", "deepfakeDetected", "noFace", "inconclusive")
DEVICE = {"browser": "Firefox", "os": "Android 15", "isMobile": True, "source": "Mozilla/5.0 …"}


def test_what_is_known_from_the_start() -> None:
    stored = record(
        client_reference_id="c-17", flow_id="fl_1", started_at=STARTED_UTC_MS + 5, device=DEVICE, sandbox=True
    )
    summary = WatchedScore(name_flow(), stored=stored).summary
    assert (summary["id"], summary["tenant"], summary["sandbox"]) == ("s1", "default", True)
    assert (summary["clientReferenceId"], summary["flowId"], summary["avatarId"]) == ("c-17", "fl_1", "ava")
    assert (summary["startedAt"], summary["language"]) == (STARTED_UTC_MS + 5, "en")
    assert summary["device"] == {"browser": "Firefox", "os": "Android 15", "mobile": True}
    assert (summary["state"], summary["nodeId"], summary["nodeType"]) == ("connecting", "start", "start")
    assert summary["risk"] == {"level": "none", "reasons": []}


def test_a_browser_that_said_nothing_is_unknown() -> None:
    assert WatchedScore(name_flow()).summary["device"] == {"browser": "unknown", "os": "unknown", "mobile": False}


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        ("speaking", "speaking"),
        ("listening", "listening"),
        ("hearing", "hearing"),
        ("thinking", "thinking"),
        ("waiting", "waiting"),
    ],
)
def test_the_state_is_what_the_page_was_told(shown: str, state: str) -> None:
    score = WatchedScore(name_flow())
    score.join()
    score.view.sent(State(shown))  # type: ignore[arg-type]
    assert score.summary["state"] == state


def test_a_check_shows_while_nobody_speaks() -> None:
    score = WatchedScore(LIVENESS)
    score.join()
    score.view.note(1.0, {"type": "Check", "request_id": "r1", "part": "began", "kind": "face", "header": {}})
    assert score.summary["state"] == "checking"
    score.view.sent(State("speaking"))
    assert score.summary["state"] == "speaking"
    score.view.sent(State("waiting"))
    score.view.note(2.0, {"type": "Check", "request_id": "r1", "part": "ended", "verdict": None})
    assert score.summary["state"] == "waiting"


def test_a_person_who_left_is_away_until_they_are_back() -> None:
    score = WatchedScore(name_flow())
    score.join()
    score.view.sent(State("speaking"))
    score.play(e.Left(), after=1.0)
    assert (score.summary["state"], score.summary["network"]["quality"]) == ("away", "unknown")
    assert score.summary["waitingSince"] is not None
    score.play(e.Joined(), after=1.0)
    assert score.summary["state"] == "speaking"


def test_waiting_counts_from_the_last_word_or_deed() -> None:
    score = WatchedScore(name_flow())
    score.join()
    score.view.sent(State("speaking"))
    assert score.summary["waitingSince"] is None
    score.spoken()
    score.view.sent(State("listening"))
    assert score.summary["waitingSince"] == STARTED_UTC_MS + 2_000
    score.play(e.UserStarted(), after=3.0)
    assert score.summary["waitingSince"] == STARTED_UTC_MS + 5_000
    score.play(e.AgentCame("stf_mara", "Mara"), after=3.0)
    assert score.summary["waitingSince"] == STARTED_UTC_MS + 5_000


def test_attempts_are_those_at_this_node() -> None:
    score = WatchedScore(name_flow())
    score.join()
    score.spoken()
    score.reply("Blue.", None)
    assert score.summary["attempts"] == 1
    score.spoken()
    score.reply("Green.", None)
    assert score.summary["attempts"] == 2
    score.spoken()
    score.reply("I am Mia.", "given")
    assert (score.summary["nodeId"], score.summary["attempts"]) == ("thanks", 0)
    assert score.summary["nodeSince"] == STARTED_UTC_MS + round(1000 * score.now)
