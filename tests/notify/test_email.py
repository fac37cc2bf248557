"""E-mail against a real SMTP server."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from rtc_server.notify.email import SmtpSender
from rtc_server.notify.ports import Message
from rtc_server.notify.settings import EmailSettings
from tests.notify.mail_server import ADDRESS, MailServer, certificate, mail_server

MAIL = Message("robin@example.org", "Your code: 482913", "Your code", "<p>Your code: 482913</p>", "s1")


def sender(server: MailServer | int, **settings: Any) -> SmtpSender:
    port = server if isinstance(server, int) else server.port
    usual: dict[str, Any] = {"tls": "none", "sender": "Example Bänk <no-reply@bank.example>", "timeout_seconds": 5.0}
    tls = settings.pop("context", None)
    return SmtpSender(EmailSettings(host=ADDRESS, port=port, **usual | settings), tls=tls, retry_pause_seconds=0.05)


async def test_a_mail_arrives_whole() -> None:
    async with mail_server() as server:
        assert await sender(server).send(MAIL) == ""
    (mail,) = server.mails
    assert server.recipients == ["robin@example.org"]
    assert mail["From"].addresses[0].display_name == "Example Bänk"
    assert mail["From"].addresses[0].addr_spec == "no-reply@bank.example"
    assert mail["To"] == "robin@example.org"
    assert mail["Subject"] == "Your code"
    assert mail["Date"].datetime is not None
    assert mail["Message-ID"].endswith("@bank.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Your code: 482913"
    assert html.get_content().strip() == "<p>Your code: 482913</p>"


async def test_text_alone_and_any_alphabet() -> None:
    async with mail_server() as server:
        assert await sender(server).send(Message("robin@example.org", "コード 482913\n.\nZoë", "Ihr Côde ✓")) == ""
    (mail,) = server.mails
    assert mail["Subject"] == "Ihr Côde ✓"
    assert mail.get_content().replace("\r\n", "\n").strip() == "コード 482913\n.\nZoë"


async def test_a_refused_recipient_is_undeliverable() -> None:
    async with mail_server() as server:
        server.rcpt_answers = ["550 5.1.1 no such user robin@example.org"]
        assert await sender(server).send(MAIL) == "undeliverable"
    assert len(server.recipients) == 1


async def test_greylisting_is_waited_out_once() -> None:
    async with mail_server() as server:
        server.rcpt_answers = ["451 4.7.1 try again later"]
        assert await sender(server).send(MAIL) == ""
        assert (len(server.recipients), len(server.mails)) == (2, 1)
        server.rcpt_answers = ["451 later", "451 later"]
        assert await sender(server).send(MAIL) == "unavailable"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [("552 too large", "undeliverable"), ("554 spam", "undeliverable"), ("451 no", "unavailable")],
)
async def test_a_mail_that_is_not_taken(answer: str, failure: str) -> None:
    async with mail_server() as server:
        server.data_answer = answer
        assert await sender(server).send(MAIL) == failure


async def test_a_server_that_hangs_is_left() -> None:
    async with mail_server() as server:
        server.hang_on_data = True
        started = time.monotonic()
        assert await sender(server, timeout_seconds=0.3).send(MAIL) == "unavailable"
        assert time.monotonic() - started < 2.0


async def test_a_server_that_never_speaks_is_left() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    listener = await asyncio.start_server(silent, ADDRESS, 0)
    port = listener.sockets[0].getsockname()[1]
    started = time.monotonic()
    assert await sender(port, timeout_seconds=0.3).send(MAIL) == "unavailable"
    assert time.monotonic() - started < 2.0
    listener.close()


async def test_nobody_there(unused_tcp_port: int) -> None:
    assert await sender(unused_tcp_port).send(MAIL) == "unavailable"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("mode", "implicit"), [("starttls", False), ("tls", True)])
async def test_tls_and_login(tmp_path: Path, mode: str, implicit: bool) -> None:
    server_tls, client_tls = certificate(tmp_path)
    async with mail_server(server_tls, implicit=implicit, login=True) as server:
        login = {"tls": mode, "username": "visavis", "context": client_tls}
        assert await sender(server, password="right", **login).send(MAIL) == ""
        assert await sender(server, password="wrong", **login).send(MAIL) == "unavailable"
        assert set(server.logins) == {(b"visavis", b"right"), (b"visavis", b"wrong")}
        login["context"] = None  # nobody vouches for this server
        assert await sender(server, password="right", **login).send(MAIL) == "unavailable"
    assert len(server.mails) == 1


async def test_a_server_without_starttls_gets_nothing() -> None:
    async with mail_server() as server:
        assert await sender(server, tls="starttls").send(MAIL) == "unavailable"
    assert server.mails == []


@pytest.mark.parametrize(
    ("address", "arrives_at"),
    [
        ("robin@bücher.example", "robin@xn--bcher-kva.example"),
        ("zoë@example.org", "zoë@example.org"),
        ("ロビン@例え.jp", "ロビン@xn--r8jz45g.jp"),
        ("o'robin+tag@example.org", "o'robin+tag@example.org"),
    ],
)
async def test_addresses_of_the_world(address: str, arrives_at: str) -> None:
    async with mail_server() as server:
        assert await sender(server).send(Message(address, "text", "subject")) == ""
    assert server.recipients == [arrives_at]


async def test_an_address_that_the_server_cannot_take() -> None:
    async with mail_server(utf8=False) as server:
        assert await sender(server).send(Message("zoë@example.org", "text", "subject")) == "undeliverable"


@pytest.mark.parametrize(
    "address",
    ["", "robin", "robin@", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b.example>", "a@\ud800"],
)
async def test_what_is_no_address_is_not_sent(address: str) -> None:
    async with mail_server() as server:
        assert await sender(server).send(Message(address, "text", "subject")) == "undeliverable"
    assert server.recipients == []


async def test_headers_cannot_be_injected() -> None:
    async with mail_server() as server:
        mail = Message(
            "robin@example.org", "a\r\n.\r\nMAIL FROM:<x@y.example>", "Hi\r\nBcc: eve@evil.example\r\n\r\nbody"
        )
        assert await sender(server, sender="Bank\u2028X <no-reply@bank.example>").send(mail) == ""
    (got,) = server.mails
    assert got["Subject"] == "Hi Bcc: eve@evil.example body"
    assert got["Bcc"] is None
    assert server.recipients == ["robin@example.org"]
