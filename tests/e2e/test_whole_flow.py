"""One flow with every node that needs no camera, by a person in a real browser; mail, SMS and the integrator answer."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Person, Server, running_server, wait_for
from tests.e2e.neighbours import Neighbours, neighbours
from tests.scores.flows import conversation

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.slow]

PRODUCTION_KEY = "sk_prod_end_to_end_0001"
"""A sandbox key would put codes into the mailbox instead of sending them."""

PHONE = "+15125550123"

NOT_ASKED_YET = "navigator.permissions.query = async () => ({ state: 'prompt' })"
"""A headless browser gives devices without a question; the page is to show its card all the same."""

STATE = "testMessages.findLast((message) => message.type === 'state')?.state"

NEW_LINE = """([after, final]) => {
  const lines = testMessages.map((message, at) => ({ ...message, position: at }))
    .filter((message) => message.type === 'caption' && message.speaker === 'avatar');
  const old = new Set(lines.filter((line) => line.position < after).map((line) => line.id));
  return lines.some((line) => !old.has(line.id) && (line.final || !final));
}"""

PAUSES = (", ", " ", ". ")
"""Between the digits of a code, in one try after the other: nobody says a thing in the same way twice."""

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DIGIT_AFTER = dict(zip("0123456789", "1234567890", strict=True))


@pytest.fixture(scope="module")
def around() -> Iterator[Neighbours]:
    """The servers around ours."""
    with neighbours() as found:
        yield found


@pytest.fixture(scope="module")
def sending_server(weights: Path, tmp_path_factory: pytest.TempPathFactory, around: Neighbours) -> Iterator[Server]:
    """A server that sends real mail and SMS and may call the integrator."""
    settings = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(around.mail.port),
        "EMAIL_TLS": "none",
        "EMAIL_SENDER": "Northgate Bank <no-reply@northgate.example>",
        "SMS_PROVIDER": "twilio",
        "SMS_BASE_URL": around.url,
        "SMS_ACCOUNT": "AC1",
        "SMS_TOKEN": "secret",
        "SMS_SENDER": "+15125550100",
        "EXTERNAL_ALLOWED_HOSTS": "127.0.0.1",
        "OUTBOUND_ALLOW_PRIVATE": "true",
        "OUTBOUND_ALLOW_HTTP": "true",
    }
    with running_server(tmp_path_factory.mktemp("sending"), weights, PRODUCTION_KEY, **settings) as running:
        yield running


def every_node(around: Neighbours) -> list[dict[str, Any]]:
    """permissions → name → e-mail → code (typed) → code (spoken) → code by SMS → branch → call → branch → farewell."""
    request = {
        "url": f"{around.url}/customer",
        "method": "POST",
        "vars": [
            {"name": "email", "value": {"type": "ref", "source": "extractedData", "field": "email"}},
            {"name": "channel", "value": {"type": "literal", "value": "web"}},
        ],
    }
    tier = {"source": "providedData", "field": "tier"}
    words = {"bye_gold": "Thank you, that was all.", "bye_basic": "Thank you.", "bye_no": "Sorry."}
    farewells = [conversation(i, f"Say: {text}", ("go", "end", ""), reply=False) for i, text in words.items()]
    gold = {"type": "literal", "value": "gold"}
    return [
        {"id": "start", "type": "start", "outcome": "devices"},
        {
            "id": "devices",
            "type": "permissions",
            "prompt": "May I hear and see you?",
            "outcomes": {"permissionsGranted": "name", "permissionsDenied": "bye_no"},
        },
        conversation(
            "name",
            "Say: Could you tell me your full name?",
            ("given", "email", "The user provided their name"),
            ("missing", "bye_no", "The user did not provide their name"),
        ),
        {
            "id": "email",
            "type": "enter_email",
            "prompt": "Please type your e-mail address.",
            "outcomes": {"emailEntered": "typed_code", "canceled": "bye_no"},
        },
        two_factor("typed_code", "email", "spoken_code"),
        two_factor("spoken_code", "email", "texted_code"),
        two_factor("texted_code", "sms", "staff"),
        {
            "id": "staff",
            "type": "data_validation",
            "validation": {"field": "email", "action": "matches", "value": "@example[.]org$"},
            "outcomes": [
                {"id": "pass", "targetNodeId": "ask_customer", "condition": "the address is known"},
                {"id": "fail", "targetNodeId": "ask_stranger", "condition": "the address is not known"},
            ],
        },
        {"id": "ask_customer", "type": "external_call", "request": request, "outcome": "tier"},
        {"id": "ask_stranger", "type": "external_call", "request": request, "outcome": "tier"},
        {
            "id": "tier",
            "type": "field_condition",
            "rules": [{"left": tier, "operator": "equals", "right": gold, "outcome": "bye_gold"}],
            "default": "bye_basic",
        },
        *farewells,
        {"id": "end", "type": "end"},
    ]


def two_factor(node_id: str, channel: str, verified: str) -> dict[str, Any]:
    """A two_factor node whose other outcomes end the talk."""
    others = dict.fromkeys(("delivery_failed", "failed_unverified", "cancelled", "error"), "bye_no")
    return {
        "id": node_id,
        "type": f"two_factor_{channel}",
        "maxAttempts": 5,
        "resendAfterSeconds": 1,
        "outcomes": {"verified": verified, **others},
    }


class Walk:
    """One person's way through the flow."""

    def __init__(self, person: Person, around: Neighbours) -> None:
        self.codes: list[str] = []
        """All that were sent."""
        self.spoken: str = ""
        self._person = person
        self._page = person.page
        self._around = around
        self._mails = len(around.mail.mails)
        self._messages = len(around.messages)

    def begin(self, link: str) -> None:
        """Into the call, with the devices that the flow asks for."""
        self._page.add_init_script(NOT_ASKED_YET)
        self._page.goto(link)
        self._page.get_by_role("button", name="Start the conversation").click()
        self._page.get_by_role("button", name="Turn on microphone and camera").click()

    def tell_name(self) -> None:
        """By voice, over the microphone that came during the call."""
        self._hear_out(self._reach("name"))
        self._person.say("My name is Maria Lopez.")

    def type_email(self, address: str) -> None:
        """In the field, after a slip."""
        self._reach("email")
        field = self._page.get_by_role("textbox", name="Your e-mail address")
        field.fill("maria.example.org")
        field.press("Enter")
        expect(self._page.get_by_role("alert")).to_contain_text("does not look like an e-mail address")
        field.fill(address)
        field.press("Enter")

    def type_code(self, wrong_first: bool) -> None:
        """From the mail; after a wrong one, from a second mail."""
        self._reach("typed_code")
        field = self._code_field()
        code = self._mailed_code()
        if wrong_first:
            field.press_sequentially("".join(DIGIT_AFTER[digit] for digit in code))
            expect(self._page.get_by_role("alert")).to_have_text("That is not the code. You have 4 more tries.")
            self._page.get_by_role("button", name="Send a new code").click()
            expect(field).to_have_value("")
            code = self._mailed_code()
        field.press_sequentially(code)

    def speak_code(self) -> None:
        """From the next mail; said again when it was misheard, as people do."""
        heard = self._reach("spoken_code")
        self.spoken = self._mailed_code()
        words = [WORDS[int(digit)] for digit in self.spoken]
        for pause in PAUSES:
            heard = self._hear_out(heard)
            expect(self._code_field()).to_have_value("")
            self._person.say(f"The code is {pause.join(words)}.")
            wait_for(partial(self._line_after, heard), 30, "the avatar to answer")
            if self._entered("texted_code"):
                return
        pytest.fail(f"the spoken code was not understood in {len(PAUSES)} tries")

    def type_texted_code(self) -> None:
        """From the SMS."""
        self._reach("texted_code")
        code = wait_for(lambda: self._around.texted_code(self._messages), 15, "an SMS")
        self.codes.append(code)
        self._code_field().press_sequentially(code)

    def _code_field(self) -> Locator:
        return self._page.get_by_role("textbox", name="Enter your code")

    def _mailed_code(self) -> str:
        code: str = wait_for(lambda: self._around.mailed_code(self._mails), 15, "a mail")
        self._mails += 1
        self.codes.append(code)
        return code

    def _reach(self, node_id: str) -> int:
        """Wait until the flow stands on a node; the number of messages then."""
        position: int = wait_for(lambda: self._entered(node_id), 30, f"the flow to come to '{node_id}'")
        return position

    def _hear_out(self, after: int) -> int:
        """Wait until a line that began after so many messages is said and an answer awaited; how many there are then.

        A line of the node before may still be in the air, so that states alone do not tell.
        """
        wait_for(lambda: self._line_after(after, final=True), 30, "the avatar to say something")
        wait_for(lambda: self._page.evaluate(STATE) in ("listening", "waiting"), 10, "the avatar to listen")
        count: int = self._page.evaluate("testMessages.length")
        return count

    def _line_after(self, after: int, final: bool = False) -> bool:
        """Whether the avatar has begun, or with ``final`` ended, a line that is newer than so many messages."""
        found: bool = self._page.evaluate(NEW_LINE, [after, final])
        return found

    def _entered(self, node_id: str) -> int:
        script = "id => testMessages.findIndex((message) => message.type === 'node' && message.nodeId === id) + 1"
        position: int = self._page.evaluate(script, node_id)
        return position


def test_refused_devices_and_a_reload_keep_the_way(sending_server: Server, around: Neighbours, person: Person) -> None:
    flow: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "outcome": "devices"},
        {
            "id": "devices",
            "type": "permissions",
            "outcomes": {"permissionsGranted": "bye", "permissionsDenied": "code"},
        },
        two_factor("code", "email", "bye"),
        conversation("bye", "Say: Thank you.", ("go", "end", ""), reply=False),
        conversation("bye_no", "Say: Sorry.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    session_id, link = sending_server.create(flow, providedData={"email": "maria@example.org"})
    mails = len(around.mail.mails)
    page = person.page
    page.add_init_script(NOT_ASKED_YET)
    page.goto(link)
    page.get_by_role("button", name="Start the conversation").click()
    page.get_by_role("button", name="Not now, I will type").click()
    field = page.get_by_role("textbox", name="Enter your code")
    expect(page.get_by_text("@example.org.")).to_be_visible()
    code = wait_for(lambda: around.mailed_code(mails), 15, "a mail")
    page.reload()
    page.get_by_role("button", name="Continue without microphone").click()
    field.press_sequentially(code)
    session = sending_server.finished(session_id)
    assert session["status"] == "complete"
    assert [(report["nodeId"], report["outcome"]) for report in session["report"]["nodeReports"]] == [
        ("devices", "permissionsDenied"),
        ("code", "verified"),
        ("bye", "end"),
    ]
    assert len(around.mail.mails) == mails + 1, "coming back sends no second code"


def node_report(report: dict[str, Any]) -> tuple[str, str, str, dict[str, Any]]:
    """(node id, type, outcome, what the type adds) of a node's report; what is ours alone is left out."""
    common = ("nodeId", "type", "outcome", "createdAt", "evidence")
    return report["nodeId"], report["type"], report["outcome"], {k: v for k, v in report.items() if k not in common}


@pytest.mark.parametrize(
    ("address", "tier", "wrong_first", "called", "farewell", "rule"),
    [
        ("maria@example.org", "gold", False, "ask_customer", "bye_gold", {"matchedRuleIndex": 0}),
        ("maria@elsewhere.example", "basic", True, "ask_stranger", "bye_basic", {}),
    ],
)
def test_every_node_without_media_in_both_directions(
    sending_server: Server,
    around: Neighbours,
    person: Person,
    address: str,
    tier: str,
    wrong_first: bool,
    called: str,
    farewell: str,
    rule: dict[str, int],
) -> None:
    around.customer = {"tier": tier, "visits": 3, "nested": {"ignored": True}}
    session_id, link = sending_server.create(every_node(around), providedData={"phone": PHONE})
    walk = Walk(person, around)
    walk.begin(link)
    walk.tell_name()
    walk.type_email(address)
    walk.type_code(wrong_first)
    walk.speak_code()
    walk.type_texted_code()
    session = sending_server.finished(session_id)
    person.page.get_by_text("All done").wait_for(timeout=10_000)

    assert session["status"] == "complete"
    answer = {
        "url": f"{around.url}/customer",
        "status": 200,
        "ok": True,
        "response": {"tier": tier, "visits": 3},
        "attempts": 1,
    }
    reports = session["report"]["nodeReports"]
    assert [node_report(report) for report in reports] == [
        ("devices", "permissions", "permissionsGranted", {}),
        ("name", "conversation", "email", {}),
        ("email", "enter_email", "emailEntered", {"email": address}),
        ("typed_code", "two_factor_email", "verified", {"report": {"email": address}}),
        ("spoken_code", "two_factor_email", "verified", {"report": {"email": address}}),
        ("texted_code", "two_factor_sms", "verified", {"report": {"phoneNumber": PHONE}}),
        ("staff", "data_validation", called, {}),
        (called, "external_call", "tier", {"report": answer}),
        ("tier", "field_condition", farewell, rule),
        (farewell, "conversation", "end", {}),
    ]
    times = [report["createdAt"] for report in reports]
    assert times == sorted(times)
    assert all(isinstance(time, int) for time in times)

    assert set(around.mail.recipients[-2:]) == {address}
    assert around.messages[-1]["To"] == PHONE
    assert around.questions[-1] == {"email": address, "channel": "web", "sessionId": session_id}
    spoken = [phrase["text"] for phrase in session["report"]["transcript"] if not phrase["isAvatar"]]
    assert "Lopez" in spoken[0]
    assert len(spoken) >= 2, "the spoken code leaves its sentence"
    log = sending_server.log.read_text()
    assert_private(walk.codes, session=json.dumps(session), log=log)
    typed = [code for code in walk.codes if code != walk.spoken]  # A person sees the words that were heard of them.
    assert_private(typed, page=person.page.content())
    assert address not in log


def assert_private(codes: list[str], **texts: str) -> None:
    """No code is in any of these, in one piece or digit by digit."""
    assert len(codes) >= 2
    for name, text in texts.items():
        assert not [code for code in codes if code in text or " ".join(code) in text], f"a code is in the {name}"
