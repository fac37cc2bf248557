"""A person talks to the avatar in a real browser; the integrator reads the report."""

import json
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Person, Server, wait_for
from tests.scores.flows import conversation

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.slow]

HELLO: list[dict[str, Any]] = json.loads((REPOSITORY / "examples" / "hello.json").read_text())["flow"]


def way(session: dict[str, Any]) -> list[str]:
    return [report["nodeId"] for report in session["report"]["nodeReports"]]


def lines(session: dict[str, Any], by_avatar: bool) -> list[str]:
    return [phrase["text"] for phrase in session["report"]["transcript"] if phrase["isAvatar"] is by_avatar]


@pytest.mark.parametrize(
    ("answer", "farewell"), [("Yes, please move it.", "bye_moved"), ("No, leave it as it is.", "bye_kept")]
)
def test_both_branches_by_voice(server: Server, person: Person, answer: str, farewell: str) -> None:
    session_id, link = server.create(HELLO, clientReferenceId="order-77")
    person.begin(link)
    heard = person.wait_until("listening", person.wait_until("speaking"))
    person.say("My name is Maria Lopez.")
    heard = person.wait_until("listening", person.wait_until("speaking", heard))
    person.say(answer)
    session = server.finished(session_id)
    assert session["status"] == "complete"
    assert way(session) == ["ask_name", "ask_move", farewell]
    assert "Lopez" in lines(session, by_avatar=False)[0]
    assert lines(session, by_avatar=True)[0] == "Hi there, could you tell me your full name?"
    evidence = session["report"]["nodeReports"][0]["evidence"]
    assert evidence["outcome"] == "has_name"
    assert evidence["quote"] in lines(session, by_avatar=False)[0]
    assert session["settings"]["clientReferenceId"] == "order-77"
    person.page.get_by_text("All done").wait_for(timeout=10_000)
    visemes = [mark for speech in person.messages("speech") for mark in speech["visemes"]]
    assert {viseme for _, viseme, _ in visemes} >= {"sil", "aa"}


def test_typing_is_an_equal_way_to_answer(server: Server, person: Person) -> None:
    session_id, link = server.create(HELLO)
    person.page.goto(link)
    person.page.get_by_role("button", name="Continue without microphone").click()
    start = person.page.get_by_role("button", name="Start the conversation")
    if start.count():
        start.click()
    heard = person.wait_until("speaking")
    field = person.page.get_by_role("textbox")
    field.fill("Maria Lopez")
    field.press("Enter")
    heard = person.wait_until("speaking", heard)
    field.fill("no thanks, keep it")
    field.press("Enter")
    session = server.finished(session_id)
    assert way(session) == ["ask_name", "ask_move", "bye_kept"]
    assert [phrase.get("isTyped") for phrase in session["report"]["transcript"] if not phrase["isAvatar"]] == [
        True,
        True,
    ]


def test_barge_in_silences_the_avatar_and_the_answer_counts(server: Server, person: Person) -> None:
    prompt = (
        "Say: Before we begin I would like to tell you a few things about how this works, what we keep, how long we "
        "keep it and who may see it, and then I have just one single question. Do you want to move your appointment?"
    )
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation(
            "ask",
            prompt,
            ("move", "end", "The user wants to move the appointment"),
            ("keep", "end", "The user does not want to move the appointment"),
        ),
        {"id": "end", "type": "end"},
    ]
    session_id, link = server.create(flow)
    person.begin(link)
    person.wait_until("speaking")
    person.page.wait_for_timeout(1_500)
    person.say("Yes, I want to move the appointment please.")
    session = server.finished(session_id)
    assert session["status"] == "complete"
    assert person.messages("speechStopped")
    (heard,) = lines(session, by_avatar=True)
    assert heard in prompt
    assert len(heard) < len(prompt) * 0.7, "the transcript holds only what was heard"
    assert session["report"]["nodeReports"][0]["evidence"]["outcome"] == "move"


def test_a_reload_takes_the_call_up_again(server: Server, person: Person) -> None:
    session_id, link = server.create(HELLO)
    person.begin(link)
    person.wait_until("listening", person.wait_until("speaking"))
    person.say("My name is Maria Lopez.")
    wait_for(lambda: len(person.messages("node")) == 2, 20, "the second question")
    person.begin(link, "Rejoin the conversation")
    assert wait_for(lambda: person.messages("hello"), 20, "the call to come back")[0]["rejoined"] is True
    person.wait_until("listening", person.wait_until("speaking"))
    person.say("Yes please.")
    session = server.finished(session_id)
    assert way(session) == ["ask_name", "ask_move", "bye_moved"]


def test_leaving_ends_the_session_as_cancelled(server: Server, person: Person) -> None:
    session_id, link = server.create(HELLO)
    person.begin(link)
    person.wait_until("speaking")
    person.page.keyboard.press("Escape")
    person.page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
    assert server.finished(session_id)["status"] == "incomplete"
