"""A whole conversation by keyboard alone, by reading and typing alone, and by ear and voice alone."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Person, Server, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.slow]

HELLO: list[dict[str, Any]] = json.loads((REPOSITORY / "examples" / "hello.json").read_text())["flow"]
ANSWER_MS = 30_000
WAY = ["ask_name", "ask_move", "bye_kept"]

FOCUSED = """() => {
  const { activeElement: focused } = document;
  const { width, height } = focused.getBoundingClientRect();
  const labelled = focused.labels?.[0]?.textContent;
  const name = focused.getAttribute("aria-label") || labelled || focused.textContent.trim();
  return { name, isSeen: focused !== document.body && width > 0 && height > 0 };
}"""

NO_SOUND = """
HTMLMediaElement.prototype.play = function () {
  return this.muted ? Promise.resolve() : Promise.reject(new DOMException("no sound here", "NotAllowedError"));
};
"""

READ = """
window.read = [];
addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    const caption = document.querySelector(".caption");
    if (caption?.checkVisibility() && read.at(-1) !== caption.textContent) read.push(caption.textContent);
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
});
"""

ANNOUNCED = """
window.announced = [];
addEventListener("DOMContentLoaded", () => {
  const live = "[role=log], [role=status], [role=alert], [aria-live=polite], [aria-live=assertive]";
  new MutationObserver((mutations) => {
    for (const { target, addedNodes } of mutations) {
      const region = (target.closest ? target : target.parentElement)?.closest(live);
      if (!region || region.closest("[aria-hidden=true]")) continue;
      const there = [...addedNodes].filter((node) => node.isConnected && node.textContent.trim());
      announced.push(...there.map((node) => node.textContent.trim()));
    }
  }).observe(document.body, { subtree: true, childList: true });
});
"""
"""What a screen reader would say by itself: what is added to live regions that are not hidden from it."""


@pytest.fixture
def session(server: Server) -> tuple[str, str]:
    """(id, link) of a new session."""
    return server.create(HELLO)


@pytest.fixture
def page(person: Person) -> Page:
    person.page.set_default_timeout(20_000)
    return person.page


def way(session: dict[str, Any]) -> list[str]:
    return [report["nodeId"] for report in session["report"]["nodeReports"]]


def said_by_avatar(session: dict[str, Any]) -> list[str]:
    return [phrase["text"] for phrase in session["report"]["transcript"] if phrase["isAvatar"]]


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the focus is on the control of this name; each stop must be visible."""
    for _ in range(most):
        focused = page.evaluate(FOCUSED)
        if focused["name"] == name:
            assert focused["isSeen"], f"'{name}' has the focus and cannot be seen"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{most} times Tab did not lead to '{name}'")


def test_by_keyboard_alone(server: Server, session: tuple[str, str], page: Page) -> None:
    session_id, link = session
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready when you are")
    tab_to(page, "Start the conversation")
    page.keyboard.press("Space")
    for question, answer in (("your full name?", "Maria Lopez"), ("move your appointment?", "No, keep it.")):
        expect(page.get_by_role("log")).to_contain_text(question, timeout=ANSWER_MS)
        tab_to(page, "Type your answer")
        page.keyboard.type(answer)
        page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("All done. Thank you!", timeout=ANSWER_MS)
    expect(heading).to_be_focused()
    assert way(server.finished(session_id)) == WAY


def test_by_reading_and_typing_alone(server: Server, session: tuple[str, str], page: Page) -> None:
    """Nothing is ever heard: the browser plays no sound."""
    session_id, link = session
    page.add_init_script(NO_SOUND)
    page.add_init_script(READ)
    page.goto(link)
    page.get_by_role("button", name="Continue without microphone").click()
    field = page.get_by_role("textbox", name="Type your answer")
    for question, answer in (("your full name?", "Maria Lopez"), ("move your appointment?", "No, keep it.")):
        expect(page.locator(".caption")).to_contain_text(question, timeout=ANSWER_MS)
        field.fill(answer)
        field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!", timeout=ANSWER_MS)
    ended = server.finished(session_id)
    assert way(ended) == WAY
    read = " ".join(page.evaluate("read"))
    assert [line for line in said_by_avatar(ended) if line not in read] == [], "every line could be read"
    page.get_by_text("Read what was said").click()
    assert page.get_by_role("listitem").filter(has_text=re.compile("^Maria Lopez$")).count() == 1, (
        "and can be read again"
    )


def test_by_ear_and_voice_alone(server: Server, session: tuple[str, str], person: Person, page: Page) -> None:
    """What a screen reader says and what the avatar says are enough."""
    session_id, link = session
    page.add_init_script(ANNOUNCED)
    page.goto(link)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Meet Ava")
    assert "is an AI avatar" in page.locator("body").aria_snapshot()
    page.get_by_role("button", name="Continue", exact=True).press("Enter")
    expect(heading).to_be_focused()
    page.get_by_role("button", name="Start the conversation").press("Enter")
    heard = person.wait_until("listening", person.wait_until("speaking"))
    person.say("My name is Maria Lopez.")
    person.wait_until("listening", person.wait_until("speaking", heard))
    assert nameless(page) == []
    person.say("No, leave it as it is.")
    expect(heading).to_have_text("All done. Thank you!", timeout=ANSWER_MS)
    expect(heading).to_be_focused()
    ended = server.finished(session_id)
    assert way(ended) == WAY
    announced = page.evaluate("announced")
    questions = said_by_avatar(ended)[:2]
    wait_for(lambda: all(any(line in text for text in announced) for line in questions), 1, "the questions to be told")
    for line in questions:
        assert sum(line in text for text in announced) == 1, announced


def nameless(page: Page) -> list[str]:
    """Controls that a screen reader could not name."""
    lines = page.locator("body").aria_snapshot().splitlines()
    controls = ("- button", "- textbox", "- link", "- checkbox", "- combobox", "- slider")
    return [line for line in lines if line.strip().startswith(controls) and '"' not in line]
