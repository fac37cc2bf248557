"""Whole sessions that reach outside: fields and devices on the page, codes, the integrator's server."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rtc_server.notify.codes import Codes
from rtc_server.notify.email import SmtpSender
from rtc_server.notify.ports import SentCode
from rtc_server.notify.settings import EmailSettings
from rtc_server.outbound.external import HttpExternalCaller
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.outbound.ports import ExternalAnswer
from rtc_server.rtc.messages import (
    AskInput,
    AskPermissions,
    CancelInput,
    Caption,
    CloseInput,
    Finished,
    Input,
    InputRefused,
    Leave,
    Node,
    Permissions,
    Resend,
    State,
)
from rtc_server.session.ports import Services
from rtc_server.session.registry import SessionRegistry
from rtc_server.storage.ports import SessionRecord
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.notify.mail_server import MailServer, mail_server
from tests.scores.flows import conversation, fixed, one_node, two_factor

EMAIL = "robin@example.org"
ADDRESS = {"source": "providedData", "field": "email"}
VARS = [{"name": "mail", "value": {"type": "ref", **ADDRESS}}]
REQUEST = {"url": "https://api.example.org/check", "method": "POST"}
CALL: dict[str, Any] = {"type": "external_call", "request": REQUEST, "outcome": "e"}


def enter_email() -> list[dict[str, Any]]:
    return fixed("enter_email", "emailEntered", "canceled", prompt="Please enter your e-mail address.")


async def outcome(stage: Stage, record: SessionRecord, node: int = 0) -> dict[str, Any]:
    """What the report says of a node, once the session is over."""
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("complete", "end"), stored.report
    report: dict[str, Any] = stored.report["nodeReports"][node]
    return report


async def field(peer: FakePeer, kind: str) -> AskInput:
    """The next field of a kind that the page is asked to show."""
    return await peer.receives(AskInput, lambda message: message.kind == kind)


# ---- fields


async def test_an_address_typed_into_the_field_is_reported_and_no_caption(stage: Stage) -> None:
    record = await stage.create(enter_email())
    peer = await stage.join(record)
    asked = await field(peer, "email")
    assert (asked.value, asked.sent_to, asked.code_length, asked.resend_after_ms) == ("", "", 0, -1)
    peer.send_message(Input(asked.request_id, "  robin@"))
    refused = await peer.receives(InputRefused)
    assert (refused.request_id, refused.problem) == (asked.request_id, "invalid_email")
    peer.send_message(Input(asked.request_id, f"  {EMAIL} "))
    closed = await peer.receives(CloseInput)
    assert closed.request_id == asked.request_id
    report = await outcome(stage, record)
    assert (report["outcome"], report["email"]) == ("emailEntered", EMAIL)
    assert not [caption.text for caption in peer.received(Caption) if "robin" in caption.text]


async def test_the_page_is_told_that_something_else_than_speech_is_awaited(stage: Stage) -> None:
    record = await stage.create(enter_email())
    peer = await stage.join(record)
    asked = await field(peer, "email")
    await peer.receives(Caption, lambda caption: caption.final)
    await eventually(lambda: peer.received(State)[-1:] == [State("waiting")], "it waits after its question")
    assert State("listening") not in peer.received(State)
    peer.send_message(CancelInput(asked.request_id))
    await peer.receives(Finished)
    assert (await outcome(stage, record))["outcome"] == "canceled"


async def test_a_field_is_shown_again_after_a_reconnect(stage: Stage) -> None:
    record = await stage.create(enter_email())
    peer = await stage.join(record)
    asked = await field(peer, "email")
    peer.lose()
    again = await stage.join(record)
    assert (await field(again, "email")).request_id == asked.request_id
    again.send_message(Input(asked.request_id, EMAIL))
    assert (await outcome(stage, record))["outcome"] == "emailEntered"


async def test_an_answer_to_a_field_that_is_not_open_is_ignored(stage: Stage) -> None:
    record = await stage.create(enter_email())
    peer = await stage.join(record)
    asked = await field(peer, "email")
    for message in (
        Input("r99", "a@b.example"),
        CancelInput("r99"),
        Resend("r99"),
        Permissions("r99", "granted", "granted"),
    ):
        peer.send_message(message)
    peer.send_message(Input(asked.request_id, EMAIL))
    assert (await outcome(stage, record))["email"] == EMAIL


# ---- devices


@pytest.mark.parametrize(
    ("camera", "microphone", "result"),
    [("granted", "granted", "permissionsGranted"), ("denied", "granted", "permissionsDenied")],
)
async def test_the_browser_is_asked_for_devices(stage: Stage, camera: Any, microphone: Any, result: str) -> None:
    record = await stage.create(fixed("permissions", "permissionsGranted", "permissionsDenied"))
    peer = await stage.join(record)
    asked = await peer.receives(AskPermissions)
    assert (asked.camera, asked.microphone) == (True, True)
    peer.send_message(Permissions(asked.request_id, camera, microphone))
    assert (await outcome(stage, record))["outcome"] == result


async def test_devices_are_asked_for_again_after_a_reconnect(stage: Stage) -> None:
    record = await stage.create(fixed("permissions", "permissionsGranted", "permissionsDenied"))
    peer = await stage.join(record)
    asked = await peer.receives(AskPermissions)
    peer.lose()
    again = await stage.join(record)
    assert await again.receives(AskPermissions) == asked
    again.send_message(Permissions(asked.request_id, "granted", "granted"))
    assert (await outcome(stage, record))["outcome"] == "permissionsGranted"


async def test_what_is_answered_by_hand_is_asked_again_after_a_restart(stage: Stage) -> None:
    email = await stage.create(enter_email())
    devices = await stage.create(fixed("permissions", "permissionsGranted", "permissionsDenied"))
    await field(await stage.join(email), "email")
    await (await stage.join(devices)).receives(AskPermissions)
    await stage.registry.close()
    stage.registry = stage.new_registry()
    page, browser = await stage.join(email), await stage.join(devices)
    page.send_message(Input((await field(page, "email")).request_id, EMAIL))
    asked = await browser.receives(AskPermissions)
    browser.send_message(Permissions(asked.request_id, "granted", "granted"))
    assert (await outcome(stage, email))["outcome"] == "emailEntered"
    assert (await outcome(stage, devices))["outcome"] == "permissionsGranted"


# ---- codes


async def test_a_typed_code_verifies(stage: Stage) -> None:
    record = await stage.create(two_factor(resendAfterSeconds=12), providedData={"email": EMAIL})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    assert stage.codes.sent == [("email", EMAIL, "482913")]
    assert asked.code_length == 6
    assert 0 < asked.resend_after_ms <= 12_000
    assert asked.sent_to.endswith("@example.org")
    assert "robin" not in asked.sent_to
    peer.send_message(Input(asked.request_id, "482 913"))
    report = await outcome(stage, record)
    assert (report["outcome"], report["report"]) == ("verified", {"email": EMAIL})


async def test_a_spoken_code_verifies(stage: Stage) -> None:
    record = await stage.create(two_factor("sms", otpLength=4), providedData={"phone": "+4915112345671"})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    await eventually(lambda: stage.codes.sent == [("sms", "+4915112345671", "4829")], "the code is sent")
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
    peer.hears(stage.book.speech("It's four eight two nine."))
    report = await outcome(stage, record)
    assert (report["outcome"], report["report"]) == ("verified", {"phoneNumber": "+4915112345671"})
    stored = await stage.store.session(record.id)
    assert stored is not None
    assert "4829" not in str(stored.report["transcript"])
    assert asked.code_length == 4


async def test_a_code_is_not_lost_for_a_digit_too_many(stage: Stage) -> None:
    record = await stage.create(two_factor(), providedData={"email": EMAIL})
    peer = await stage.join(record)
    await eventually(lambda: bool(stage.codes.sent), "the code is sent")
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
    stage.transcriber.likeliest = "It's 4829913."
    peer.hears(stage.book.speech("It's four eight two nine one three."))
    assert (await outcome(stage, record))["outcome"] == "verified"


async def test_an_address_is_asked_for_first(stage: Stage) -> None:
    record = await stage.create(two_factor())
    peer = await stage.join(record)
    asked = await field(peer, "email")
    peer.send_message(Input(asked.request_id, EMAIL))
    code = await field(peer, "code")
    peer.send_message(Input(code.request_id, "482913"))
    assert (await outcome(stage, record))["report"] == {"email": EMAIL}


async def test_wrong_codes_use_up_the_attempts(stage: Stage) -> None:
    record = await stage.create(two_factor(maxAttempts=2), providedData={"email": EMAIL})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    peer.send_message(Input(asked.request_id, "111111"))
    refused = await peer.receives(InputRefused)
    assert (refused.problem, refused.attempts_left) == ("wrong_code", 1)
    peer.send_message(Input(asked.request_id, "222222"))
    assert (await outcome(stage, record))["outcome"] == "failed_unverified"


async def test_another_code_can_be_asked_for(stage: Stage) -> None:
    record = await stage.create(two_factor(resendAfterSeconds=0), providedData={"email": EMAIL})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    stage.codes.code = "770011"
    peer.send_message(Resend(asked.request_id))
    await eventually(lambda: len(stage.codes.sent) == 2, "a second code is sent")
    await field(peer, "code")
    peer.send_message(Input(asked.request_id, "770011"))
    assert (await outcome(stage, record))["outcome"] == "verified"


@pytest.mark.parametrize(
    ("failure", "result"),
    [("undeliverable", "delivery_failed"), ("unavailable", "delivery_failed"), ("not_configured", "error")],
)
async def test_a_code_that_cannot_be_sent_is_an_outcome_of_its_own(stage: Stage, failure: Any, result: str) -> None:
    stage.codes.failure = failure
    record = await stage.create(two_factor(), providedData={"email": EMAIL})
    await stage.join(record)
    assert (await outcome(stage, record))["outcome"] == result


async def test_a_person_may_break_off(stage: Stage) -> None:
    record = await stage.create(two_factor(), providedData={"email": EMAIL})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    peer.send_message(CancelInput(asked.request_id))
    assert (await outcome(stage, record))["outcome"] == "cancelled"


async def test_a_code_counts_after_a_reconnect(stage: Stage) -> None:
    record = await stage.create(two_factor(), providedData={"email": EMAIL})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    peer.lose()
    again = await stage.join(record)
    assert (await field(again, "code")).request_id == asked.request_id
    again.send_message(Input(asked.request_id, "482913"))
    assert (await outcome(stage, record))["outcome"] == "verified"
    assert len(stage.codes.sent) == 1


async def test_a_code_that_was_not_written_down_before_a_restart_is_sent_anew(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await stage.create(two_factor(), providedData={"email": EMAIL})
    sent, send = asyncio.Event(), stage.codes.send

    async def killed(*args: Any, **kwargs: Any) -> SentCode:
        await send(*args, **kwargs)
        sent.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(stage.codes, "send", killed)
    await stage.join(record)
    await sent.wait()
    monkeypatch.undo()
    await stage.registry.close()
    stage.codes.code = "111222"
    stage.registry = stage.new_registry()
    peer = await stage.join(record)
    asked = await field(peer, "code")
    peer.send_message(Input(asked.request_id, "482913"))
    assert (await peer.receives(InputRefused)).problem == "wrong_code"
    peer.send_message(Input(asked.request_id, "111222"))
    assert (await outcome(stage, record))["outcome"] == "verified"
    assert [code for _, _, code in stage.codes.sent] == ["482913", "111222"]


async def test_nothing_is_sent_once_the_session_has_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    record = await stage.create(two_factor(), providedData={"email": EMAIL})
    sending, stopped_at = asyncio.Event(), list[str]()

    async def slow(*args: Any, **kwargs: Any) -> SentCode:
        try:
            sending.set()
            await asyncio.Event().wait()
        finally:
            stored = await stage.store.session(record.id)
            assert stored is not None
            stopped_at.append(stored.status)
        raise AssertionError

    monkeypatch.setattr(stage.codes, "send", slow)
    peer = await stage.join(record)
    await sending.wait()
    peer.send_message(Leave())
    await stage.ended(record)
    assert stopped_at == ["inProgress"]


async def test_attempts_count_over_a_restart(stage: Stage) -> None:
    record = await stage.create(two_factor(maxAttempts=3), providedData={"email": EMAIL})
    for left in (2, 1):
        peer = await stage.join(record)
        asked = await field(peer, "code")
        peer.send_message(Input(asked.request_id, "000000"))
        assert (await peer.receives(InputRefused, lambda m: m.attempts_left > 0)).attempts_left == left
        await stage.registry.close()
        stage.registry = stage.new_registry()
    peer = await stage.join(record)
    asked = await field(peer, "code")
    peer.send_message(Input(asked.request_id, "000000"))
    report = await outcome(stage, record)
    assert (report["outcome"], report["evidence"]["attempts"]) == ("failed_unverified", 3)
    assert len(stage.codes.sent) == 1


# ---- the integrator's server


async def test_a_call_that_was_under_way_at_a_restart_is_made_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await stage.create(one_node(CALL))
    called, call = asyncio.Event(), stage.external.call

    async def killed(*args: Any, **kwargs: Any) -> ExternalAnswer:
        await call(*args, **kwargs)
        called.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(stage.external, "call", killed)
    await stage.join(record)
    await called.wait()
    monkeypatch.undo()
    await stage.registry.close()
    stage.registry = stage.new_registry()
    await stage.join(record)
    report = await outcome(stage, record)
    assert (report["report"]["ok"], len(stage.external.calls)) == (True, 2)


async def test_what_the_server_says_is_known_to_the_flow(stage: Stage) -> None:
    stage.external.answers = [ExternalAnswer(200, {"plan": "gold"}, "", 1, 5.0)]
    flow = [
        {"id": "start", "type": "start", "outcome": "call"},
        {**CALL, "id": "call", "request": {**REQUEST, "vars": VARS}, "outcome": "bye"},
        conversation("bye", "Say: Your plan is {plan}.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    record = await stage.create(flow, providedData={"email": EMAIL})
    peer = await stage.join(record)
    await peer.receives(Caption, lambda caption: caption.text == "Your plan is gold.")
    assert stage.external.calls == [("POST", "https://api.example.org/check", {"mail": EMAIL})]
    report = await outcome(stage, record)
    assert report["outcome"] == "bye"
    assert (report["report"]["ok"], report["report"]["status"], report["report"]["response"]) == (
        True,
        200,
        {"plan": "gold"},
    )


async def test_the_page_shows_that_the_outside_is_awaited(stage: Stage) -> None:
    record = await stage.create(one_node(CALL))
    peer = await stage.join(record)
    await outcome(stage, record)
    assert peer.received(State)[0] == State("waiting")


async def test_without_a_field_a_code_is_listened_for(stage: Stage) -> None:
    record = await stage.create(two_factor(showUI=False), providedData={"email": EMAIL})
    peer = await stage.join(record)
    await eventually(lambda: peer.received(State)[-1:] == [State("listening")], "it listens")
    assert peer.received(State) == [State("waiting"), State("speaking"), State("listening")]
    assert peer.received(AskInput) == []
    peer.hears(stage.book.speech("four eight two nine one three"))
    assert (await outcome(stage, record))["outcome"] == "verified"


async def test_a_refused_call_goes_on(stage: Stage) -> None:
    stage.external.answers = [ExternalAnswer(None, {}, "not_allowed", 0, 0.0)]
    record = await stage.create(one_node(CALL))
    await stage.join(record)
    report = await outcome(stage, record)
    assert (report["outcome"], report["report"]["ok"], report["report"]["error"]) == ("e", False, "not_allowed")


async def test_a_conversation_polls_until_the_data_are_ready(stage: Stage) -> None:
    stage.external.answers = [ExternalAnswer(202, {}, "", 1, 1.0)] * 2 + [ExternalAnswer(200, {"ok": True}, "", 1, 1.0)]
    waits = {
        "request": {"url": "https://api.example.org/ready", "method": "GET"},
        "poll": {"intervalMs": 1000, "timeoutMs": 30_000},
        "exits": {"onDataReady": "ready", "onTimeout": "late", "onError": "failed"},
    }
    node = conversation("it", "Say: One moment, I am looking it up.", ("done", "talked", "The user is done"))
    record = await stage.create(one_node({**node, "awaitExternal": waits}))
    await stage.join(record)
    assert (await outcome(stage, record))["outcome"] == "ready"
    assert [method for method, _, _ in stage.external.calls] == ["GET"] * 3


# ---- services that break their word


class Broken:
    """Raises, which no service may."""

    async def send(self, session: SessionRecord, request_id: str, **rest: Any) -> Any:
        raise ValueError(f"cannot send to {rest['contact']}")

    def matches(self, session_id: str, sent_request_id: str, digest: str, candidate: str) -> bool:
        return False

    async def call(self, session_id: str, url: str, **rest: Any) -> Any:
        raise RuntimeError(f"cannot call {url}")


@pytest.mark.parametrize(("flow", "result"), [(two_factor(), "delivery_failed"), (one_node(CALL), "e")])
async def test_no_flow_hangs_on_a_broken_service(
    stage: Stage, caplog: pytest.LogCaptureFixture, flow: list[dict[str, Any]], result: str
) -> None:
    stage.registry = with_services(stage, Services(Broken(), Broken()))
    record = await stage.create(flow, providedData={"email": EMAIL})
    await stage.join(record)
    assert (await outcome(stage, record))["outcome"] == result
    assert "failed with" in caplog.text
    assert "robin" not in caplog.text
    assert "api.example.org" not in caplog.text


# ---- the real services


def with_services(stage: Stage, services: Services) -> SessionRegistry:
    """The stage's registry, on other services."""
    stage.codes, stage.external = services.codes, services.external  # type: ignore[assignment]
    return stage.new_registry()


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def partner() -> AsyncIterator[str]:
    """An integrator's server that knows the plan of a verified address; its URL."""

    async def check(request: web.Request) -> web.Response:
        body = await request.json()
        assert request.query["sessionId"]
        return web.json_response({"plan": "gold" if body["mail"] == EMAIL else "none", "nested": {"a": 1}})

    app = web.Application()
    app.router.add_post("/check", check)
    async with TestServer(app, skip_url_asserts=True) as server:
        yield f"http://localhost:{server.port}/check"


async def test_with_real_mail_and_a_real_server(stage: Stage, mails: MailServer, partner: str) -> None:
    settings = EmailSettings("127.0.0.1", mails.port, tls="none", sender="Bank <no-reply@bank.example>")
    codes = Codes(
        b"k" * 32,
        {"email": SmtpSender(settings)},
        stage.stores.mailbox,
        company_name="Bank",
        sandbox_sends=False,
        now_ms=lambda: 1,
    )
    policy = OutboundPolicy(("localhost",), allow_private=True, allow_http=True, timeout_seconds=5.0)
    external = HttpExternalCaller(policy)
    stage.registry = with_services(stage, Services(codes, external))
    outcomes = ("delivery_failed", "failed_unverified", "cancelled", "error")
    plan = {"source": "providedData", "field": "plan"}
    flow: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "outcome": "mail"},
        {"id": "mail", "type": "two_factor_email", "outcomes": {"verified": "call"} | dict.fromkeys(outcomes, "end")},
        {**CALL, "id": "call", "request": {"url": partner, "method": "POST", "vars": VARS}, "outcome": "plan"},
        {
            "id": "plan",
            "type": "field_condition",
            "rules": [{"left": plan, "operator": "equals", "right": "gold", "outcome": "gold"}],
            "default": "end",
        },
        conversation("gold", "Say: Welcome back.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    record = await stage.create(flow, providedData={"email": EMAIL})
    peer = await stage.join(record)
    asked = await field(peer, "code")
    body = mails.mails[0].get_body(("plain",))
    assert body is not None
    found = re.search(r"\b\d{6}\b", body.get_content())
    assert found is not None
    peer.send_message(Input(asked.request_id, found[0]))
    await peer.receives(Finished)
    assert [node.node_id for node in peer.received(Node)] == ["mail", "call", "plan", "gold", "end"]
    stored = await stage.ended(record)
    assert stored.report["nodeReports"][0]["outcome"] == "verified"
    journal = str(await stage.store.journal(record.id))
    assert "digest" in journal
    await external.close()
