"""The session page in Firefox: a person who types, with a camera that shows no face."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Server
from tests.e2e.firefox import Firefox, firefox_path, running_firefox
from tests.scores.flows import conversation

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.slow]

FIELD = "//textarea[not(@disabled)]"

FLOW: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "outcome": "name"},
    conversation(
        "name",
        "Say: Could you tell me your full name?",
        ("given", "look", "The user provided their name"),
        ("missing", "end", "The user did not provide their name"),
    ),
    {
        "id": "look",
        "type": "liveness_detection",
        "outcomes": {
            "livenessDetected": "end",
            "deepfakeDetected": "end",
            "noFace": "move",
            "inconclusive": "move",
            "captureUnavailable": "end",
        },
    },
    conversation(
        "move",
        "Say: I did not see anybody. Do you want to move your appointment?",
        ("yes", "end", "The user wants to move the appointment"),
        ("no", "end", "The user does not want to move the appointment"),
    ),
    {"id": "end", "type": "end"},
]


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    path = firefox_path()
    if path is None:
        pytest.skip("no Firefox on this machine: install Debian's 'firefox-esr'")
    with running_firefox(path, tmp_path) as running:
        yield running


def answer(firefox: Firefox, question: str, text: str) -> None:
    """Type an answer to a question, once it is in the transcript."""
    firefox.wait_until(f"return document.querySelector('[role=log]')?.textContent.includes('{question}')", question)
    firefox.type(FIELD, f"{text}\ue007")  # Enter (WebDriver, 17.4.2).


def test_a_typed_conversation_with_video_completes(server: Server, firefox: Firefox) -> None:
    session_id, link = server.create(FLOW)
    firefox.open(link)
    firefox.click("Continue")
    firefox.click("Start the conversation")
    answer(firefox, "your full name", "Maria Lopez")
    answer(firefox, "move your appointment", "No, thank you.")
    firefox.wait_until("return document.body.innerText.includes('All done')", "the goodbye")
    session = server.finished(session_id)
    assert session["status"] == "complete"
    assert [(node["nodeId"], node["outcome"]) for node in session["report"]["nodeReports"]] == [
        ("name", "look"),
        ("look", "noFace"),
        ("move", "end"),
    ], "frames arrived, and there was nobody in them"
    typed = [phrase["text"] for phrase in session["report"]["transcript"] if phrase.get("isTyped")]
    assert typed == ["Maria Lopez", "No, thank you."]
