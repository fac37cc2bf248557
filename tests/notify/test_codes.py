"""Codes: drawn, sent to the right place, recognised, and nowhere to be read afterwards."""

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.notify.codes import Codes, draw_code
from rtc_server.notify.email import SmtpSender
from rtc_server.notify.ports import SentCode
from rtc_server.notify.settings import EmailSettings
from rtc_server.storage.ports import SessionRecord
from rtc_server.storage.stores import Stores, open_stores
from tests.notify.mail_server import MailServer, mail_server
from tests.storage.records import session_record

NOW_MS = 1_790_000_000_000
REAL = session_record(1)
SANDBOX = session_record(2, sandbox=True)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_stores(f"sqlite+aiosqlite:///{tmp_path / 'visavis.db'}")
    await opened.sessions.create_session(REAL)
    await opened.sessions.create_session(SANDBOX)
    yield opened
    await opened.close()


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as found:
        yield found


def service(stores: Stores, server: MailServer | None, *, sandbox_sends: bool = False, key: bytes = b"k" * 32) -> Codes:
    senders: dict[Any, Any] = {}
    if server is not None:
        settings = EmailSettings("127.0.0.1", server.port, tls="none", sender="Bank <no-reply@bank.example>")
        senders["email"] = SmtpSender(settings, retry_pause_seconds=0.01)
    return Codes(
        key, senders, stores.mailbox, company_name="Example Bank", sandbox_sends=sandbox_sends, now_ms=lambda: NOW_MS
    )


async def send(codes: Codes, session: SessionRecord, **changes: Any) -> SentCode:
    usual: dict[str, Any] = {"channel": "email", "contact": "robin@example.org", "code_length": 6, "template": ""}
    rest: dict[str, Any] = {"valid_seconds": 300.0, "user_name": "Robin", "language": "en"}
    return await codes.send(session, "r1", **usual | rest | changes)


def code_in(text: str) -> str:
    """The code that a message carries."""
    found = re.search(r"\b\d{4,8}\b", text)
    assert found is not None
    return found[0]


async def test_a_code_arrives_and_is_recognised(stores: Stores, server: MailServer) -> None:
    codes = service(stores, server)
    sent = await send(codes, REAL)
    assert sent.failure == ""
    body = server.mails[0].get_body(("plain",))
    assert body is not None
    code = code_in(body.get_content())
    assert len(code) == 6
    assert "Hello Robin," in body.get_content()
    assert server.mails[0]["Subject"] == "Your verification code for Example Bank"
    assert codes.matches(REAL.id, "r1", sent.digest, code)
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    assert not codes.matches(REAL.id, "r1", sent.digest, wrong)
    assert not codes.matches(REAL.id, "r2", sent.digest, code)
    assert not codes.matches("other", "r1", sent.digest, code)
    assert not codes.matches(REAL.id, "r1", "", code)
    assert not codes.matches(REAL.id, "r1", sent.digest, "")
    assert not codes.matches(REAL.id, "r1", sent.digest, "٤٨٢٩١٣\ud800")
    assert not service(stores, server, key=b"x" * 32).matches(REAL.id, "r1", sent.digest, code)
    assert re.fullmatch("[0-9a-f]{64}", sent.digest)
    assert await stores.mailbox.messages("acme") == []


async def test_a_failure_has_no_digest(stores: Stores, server: MailServer) -> None:
    server.rcpt_answers = ["550 no such user"]
    assert await send(service(stores, server), REAL) == SentCode("", "undeliverable")


async def test_a_channel_that_is_not_set_up(stores: Stores, server: MailServer) -> None:
    assert await send(service(stores, None), REAL) == SentCode("", "not_configured")
    assert await send(service(stores, server), REAL, channel="sms", contact="+15125550123") == SentCode(
        "", "not_configured"
    )


async def test_the_sandbox_keeps_its_messages(stores: Stores, server: MailServer) -> None:
    codes = service(stores, server)
    sent = await send(codes, SANDBOX, channel="sms", contact="+15125550123", code_length=4)
    mailed = await send(codes, SANDBOX)
    assert server.mails == []
    by_channel = {message.channel: message for message in await stores.mailbox.messages("acme")}
    sms, mail = by_channel["sms"], by_channel["email"]
    assert (sms.recipient, sms.session_id, sms.subject, sms.html) == ("+15125550123", SANDBOX.id, "", "")
    assert sms.created_at == NOW_MS
    assert codes.matches(SANDBOX.id, "r1", sent.digest, code_in(sms.text))
    assert codes.matches(SANDBOX.id, "r1", mailed.digest, code_in(mail.text))
    assert code_in(mail.text) in mail.html


async def test_the_sandbox_may_really_send(stores: Stores, server: MailServer) -> None:
    assert (await send(service(stores, server, sandbox_sends=True), SANDBOX)).failure == ""
    assert len(server.mails) == 1
    assert await stores.mailbox.messages("acme") == []


async def test_a_mailbox_out_of_order_is_a_failure(stores: Stores) -> None:
    codes = service(stores, None)
    async with stores.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE mailbox")
    assert await send(codes, SANDBOX) == SentCode("", "unavailable")


async def test_a_template_without_the_code_is_mended_and_told(stores: Stores, caplog: pytest.LogCaptureFixture) -> None:
    codes = service(stores, None)
    with caplog.at_level(logging.DEBUG):
        sent = await send(codes, SANDBOX, template="Dear {{userName}}, welcome to the secret club")
    (message,) = await stores.mailbox.messages("acme")
    assert codes.matches(SANDBOX.id, "r1", sent.digest, code_in(message.text))
    assert "has no place for the code" in caplog.text
    assert "secret club" not in caplog.text


async def test_nothing_personal_is_logged(stores: Stores, server: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    server.rcpt_answers = ["550 5.1.1 robin@example.org is unknown"]
    with caplog.at_level(logging.DEBUG, logger="rtc_server"):
        await send(service(stores, server), REAL)
        await send(service(stores, server), REAL)
        await send(service(stores, None), REAL)
    assert "undeliverable" in caplog.text
    own = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("rtc_server"))
    body = server.mails[0].get_body(("plain",))
    assert body is not None
    for secret in ("robin", "example.org", "Robin", code_in(body.get_content())):
        assert secret not in own


async def test_a_strange_name_is_tamed(stores: Stores) -> None:
    await send(service(stores, None), SANDBOX, user_name="Eve\r\n\r\n" + "x" * 500)
    (message,) = await stores.mailbox.messages("acme")
    assert message.text.startswith(f"Hello Eve {'x' * 56},\n")


@pytest.mark.parametrize(("asked", "length"), [(0, 4), (4, 4), (6, 6), (8, 8), (99, 8)])
def test_codes_have_four_to_eight_digits(asked: int, length: int) -> None:
    assert re.fullmatch(rf"[0-9]{{{length}}}", draw_code(asked))


def test_every_digit_is_drawn_everywhere() -> None:
    drawn = [draw_code(4) for _ in range(1000)]
    assert all({code[place] for code in drawn} == set("0123456789") for place in range(4))
    assert len(set(drawn)) > 900
