"""Two browsers, one session: a person who talks to the avatar; an agent who looks on, whispers and takes over."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import REPOSITORY
from tests.e2e.agent import CONNECTIONS, LOUD, Agent, add_agent, agent_context, close_quietly, hears, inbound_energy
from tests.e2e.conftest import KEY, MICROPHONE, Person, Server, running_server

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.slow, pytest.mark.realtime]

HELLO: list[dict[str, Any]] = json.loads((REPOSITORY / "examples" / "hello.json").read_text())["flow"]
QUESTION = "could you tell me your full name?"
LINE = "Take all the time you need."
PERSON, AVATAR = "0", "1"
"""Media of the agent's connection, in the order of the offer."""
WITH_YOU = "Mara Okafor from the support team is with you"
TALKING = "Mara Okafor from the support team is talking to you"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watched")


@pytest.fixture(scope="module")
def watched_server(weights: Path, folder: Path) -> Iterator[Server]:
    with running_server(folder, weights, KEY) as running:
        yield running


@pytest.fixture(scope="module")
def agent(watched_server: Server, folder: Path, chromium: Browser) -> Iterator[Agent]:
    """Signed in once: the way in is walked on the first test's account."""
    context = agent_context(chromium)
    yield add_agent(watched_server, folder / "data", context, "mara@example.org", "Mara Okafor")
    close_quietly(context)


@pytest.fixture
def caller(chromium: Browser, clips: Callable[[str], str]) -> Iterator[Person]:
    """A person whose page tells what it hears, and whose browser may vanish."""
    context = chromium.new_context(permissions=["microphone", "camera"])
    page = context.new_page()
    page.add_init_script(CONNECTIONS)
    page.add_init_script(path=MICROPHONE)
    yield Person(page, clips)
    close_quietly(context)


def begin(server: Server, caller: Person) -> str:
    """Up to the first question; the session."""
    session_id, link = server.create(HELLO, clientReferenceId="order-4711")
    caller.begin(link)
    caller.wait_until("listening", caller.wait_until("speaking"))
    return session_id


def test_an_agent_sees_hears_whispers_takes_over_and_hands_back(
    watched_server: Server, agent: Agent, caller: Person, tmp_path: Path
) -> None:
    session_id = begin(watched_server, caller)
    company = caller.page.locator(".company")

    from_click, from_join = agent.open(session_id)
    print(f"first picture {from_click:.2f} s after the click, {from_join:.2f} s after joining")
    assert from_join < 1.0
    assert from_click < 2.0
    expect(company).to_have_text(WITH_YOU)

    agent.press("Listen")
    told = len(caller.page.evaluate("testMessages"))
    agent.whisper(LINE)
    expect(caller.page.locator(".caption")).to_contain_text(LINE)
    assert hears(agent.page, medium=AVATAR), "the avatar's voice comes to the agent"
    caller.wait_until("listening", caller.wait_until("speaking", told))

    agent.press("Take over")
    expect(company).to_have_text(TALKING)
    assert hears(caller.page), "the agent's voice comes to the person"

    told = len(caller.page.evaluate("testMessages"))
    agent.press("Hand back")
    expect(company).to_have_text(WITH_YOU)
    told = caller.wait_until("speaking", told)
    said = [caption["text"] for caption in caller.messages("caption") if caption["speaker"] == "avatar"]
    assert QUESTION in said[-1], "the avatar asks again"
    caller.wait_until("listening", told)

    before = inbound_energy(agent.page)[PERSON]
    caller.say("My name is Maria Lopez.")
    assert inbound_energy(agent.page)[PERSON] > before + LOUD, "the person's voice comes to the agent"
    expect(agent.page.get_by_text("Lopez").first).to_be_visible(timeout=20_000)
    told = caller.wait_until("speaking", told)
    caller.wait_until("listening", told)
    caller.say("Yes, please move it.")
    session = watched_server.finished(session_id)
    assert session["status"] == "complete"

    (visit,) = session["report"]["agents"]
    assert (visit["name"], visit["lines"], len(visit["tookOver"])) == ("Mara Okafor", 1, 1)
    assert visit["tookOver"][0]["from"] < visit["tookOver"][0]["to"]
    (line,) = [phrase for phrase in session["report"]["transcript"] if phrase.get("isAgent")]
    assert (line["text"], line["isAvatar"]) == (LINE, True)
    entries = agent.audited(session_id, tmp_path)
    actions = [entry["action"] for entry in entries]
    wanted = ["watched", "media_joined", "whispered", "taken_over", "handed_back"]
    assert [action for action in actions if action.removeprefix("session.") in wanted] == [
        f"session.{action}" for action in wanted
    ]
    assert "verdict.reached" in actions
    assert LINE not in json.dumps(entries), "the audit keeps no words"


def test_a_person_whose_browser_vanishes_is_away_and_the_agent_ends_the_session(
    watched_server: Server, agent: Agent, caller: Person
) -> None:
    session_id = begin(watched_server, caller)
    agent.open(session_id)
    caller.page.context.close()
    expect(agent.page.get_by_text("Away").first).to_be_visible(timeout=20_000)
    agent.press("End")
    dialog = agent.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("The person has gone.")
    dialog.get_by_role("button", name="End").click()
    session = watched_server.finished(session_id)
    assert session["status"] == "incomplete"
    expect(agent.page.get_by_text("ended").first).to_be_visible()


def test_an_agent_who_is_lost_while_speaking_leaves_the_session_to_the_avatar(
    watched_server: Server, agent: Agent, caller: Person, tmp_path: Path
) -> None:
    session_id = begin(watched_server, caller)
    agent.open(session_id)
    agent.press("Take over")
    company = caller.page.locator(".company")
    expect(company).to_have_text(TALKING)
    told = len(caller.page.evaluate("testMessages"))
    lost_at = time.monotonic()
    agent.page.goto("about:blank")
    caller.wait_until("speaking", told)
    seconds = time.monotonic() - lost_at
    print(f"handed back {seconds:.1f} s after the agent was lost")
    assert 6.0 < seconds < 14.0
    expect(company).to_be_hidden()
    entries = agent.audited(session_id, tmp_path)
    handed_back = [entry for entry in entries if entry["action"] == "session.handed_back"]
    assert [entry["details"] for entry in handed_back] == [{"reason": "agent_lost"}]
    caller.page.context.close()
    watched_server.call("POST", f"/sessions/{session_id}/cancel")
