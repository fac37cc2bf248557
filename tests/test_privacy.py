"""What people say, type and are called, keys, links, SDP and addresses never reach a log, whatever goes wrong."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from conversation.flow.schema.check import check_flow
from conversation.speech.errors import Category, SpeechError
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar
from rtc_server.api.routes import setup
from rtc_server.commands.options import OUR_PACKAGES, start_log
from rtc_server.notify.codes import Channel, Codes
from rtc_server.notify.email import SmtpSender
from rtc_server.notify.ports import Sender
from rtc_server.notify.settings import EmailSettings
from rtc_server.outbound.external import HttpExternalCaller
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.rtc.messages import AskInput, Caption, Finished, Input, InputRefused, Leave, ShowDocument, Text
from rtc_server.rtc.ports import IceServer
from rtc_server.session import session
from tests.fakes.documents import Desk, still
from tests.fakes.specimens.zones import mrz_lines
from tests.fakes.stage import Stage, eventually, open_stage
from tests.fakes.vision import Eyes
from tests.notify.mail_server import mail_server
from tests.scores.flows import fixed, name_flow

API_KEY = "sk_test_privacy_0123456789"
SPOKEN = "My name is Wilhelmina Quarterstaff."
TYPED = "Write to wilhelmina@quarterstaff.example please."
EMAIL = "wilhelmina@quarterstaff.example"
TITLE = "Countess"
PHONE = "+4915112345671"
TOKEN = "integrators-token-0815"
TURN_PASSWORD = "relay-password-4711"
ADDRESS = "198.51.100.23"
CANDIDATE = f"candidate:1 1 udp 2122260223 {ADDRESS} 50123 typ host"
OFFER = f"""v=0
o=- 1 2 IN IP4 {ADDRESS}
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=ice-ufrag:uFrAg77
a=ice-pwd:pWd8812
a=fingerprint:sha-256 AB:CD:EF
a={CANDIDATE}
m=application 9 x
"""
PERSONAL = (SPOKEN, TYPED, EMAIL, "Wilhelmina", "Quarterstaff", "Write to", TITLE, API_KEY, API_KEY[8:], TURN_PASSWORD)
NETWORK = (ADDRESS, CANDIDATE, "uFrAg77", "pWd8812", "AB:CD:EF")


class Records(logging.Handler):
    """Keeps all that a formatter could ever print of each record."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One text per record: message, arguments, exception with its causes, extra fields."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        exception = "".join(traceback.format_exception(error)) if error is not None else ""
        self.texts.append(f"{record.name} {record.getMessage()} {record.__dict__!r} {exception} {record.stack_info}")

    def leaks(self, *more: str) -> list[str]:
        """Whatever is personal in what was logged."""
        return sorted({word for word in (*PERSONAL, *NETWORK, *more) for text in self.texts if word in text})


@pytest.fixture
def records() -> Iterator[Records]:
    """Everything that the server logs at its most talkative level."""
    names = ["", *OUR_PACKAGES, *logging.Logger.manager.loggerDict]
    levels = {name: logging.getLogger(name).level for name in names}
    handler = Records()
    logging.getLogger().addHandler(handler)
    start_log("debug")
    yield handler
    logging.getLogger().removeHandler(handler)
    for name in [*logging.Logger.manager.loggerDict, ""]:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


class Server:
    """The HTTP edge in front of a stage, and the calls that a partner and a page make."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        context = ApiContext(
            stores=stage.stores,
            calls=stage.registry,
            check_flow=check_flow,
            server_key=b"k" * 32,
            avatars={"ava": Avatar("ava", "Ava", "ava")},
            default_avatar_id="ava",
            static_folder=folder,
            ice_servers=(IceServer(("turn:relay.example",), "user", TURN_PASSWORD),),
        )
        app = web.Application()
        setup(app, context)
        self.stage = stage
        self.client = TestClient(TestServer(app))
        self.secret = ""
        self.session_id = ""

    async def create(self) -> None:
        """POST /sessions."""
        await ensure_bootstrap_key(self.stage.stores.keys, API_KEY)
        body = {"flow": name_flow(), "providedData": {"title": TITLE, "email": EMAIL}, "clientReferenceId": "r1"}
        answer = await self.call("POST", "/sessions", API_KEY, body)
        self.secret, self.session_id = answer["clientSecret"]["secret"], answer["session"]["id"]

    async def dial(self) -> None:
        """What a page does to join."""
        await self.call("GET", "/client/session", self.secret)
        offer = {"pageId": "page-1", "sdp": OFFER, "type": "offer"}
        peer_id = (await self.call("POST", "/client/offer", self.secret, offer))["peerId"]
        trickle = {"peerId": peer_id, "candidates": [{"candidate": CANDIDATE, "sdpMid": "0", "sdpMLineIndex": 0}]}
        await self.call("POST", "/client/candidates", self.secret, trickle)
        await self.stage.peers[-1].connect()

    async def call(self, method: str, path: str, bearer: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"}
        async with self.client.request(method, path, headers=headers, json=body) as response:
            assert response.status in (200, 204), await response.text()
            return await response.json() if response.status == 200 else None


async def converse(folder: Path, *, spoil: bool = False, talkative: str = "") -> str:
    """A session over HTTP in which names are spoken and typed; with ``spoil`` every engine fails with them.

    ``talkative`` is a logger that is let loose.
    """
    async with open_stage(folder, {SPOKEN: "given"}, evaluate_seconds=0.05) as stage:
        if talkative:
            logging.getLogger(talkative).setLevel(logging.DEBUG)
        server = Server(stage, folder)
        async with server.client:
            await server.create()
            if spoil:
                stage.synthesizer.error = ValueError(f"cannot say {TITLE}")
            await server.dial()
            peer = stage.peers[-1]
            await peer.receives(Caption, lambda caption: caption.final)
            peer.send_message(Text(TYPED))
            await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
            if spoil:
                stage.transcriber.error = ValueError(f"cannot hear {SPOKEN}")
                peer.hears(stage.book.speech(SPOKEN))
                stage.evaluator.error = RuntimeError(f"cannot judge {TYPED}")
                peer.send_message(Text(TYPED))
                await eventually(lambda: len(stage.evaluator.replies) >= 2, "it is judged")
                peer.send_message(Leave())
            else:
                stage.evaluator.extracted[SPOKEN] = {"name": "Wilhelmina Quarterstaff"}
                peer.hears(stage.book.speech(SPOKEN))
            await peer.receives(Finished)
            await eventually(lambda: stage.registry.running == 0, "it has ended")
            report = await server.call("GET", f"/sessions/{server.session_id}", API_KEY)
            assert TYPED in str(report)  # it was really said, and kept where it belongs
            return server.secret


@pytest.fixture(autouse=True)
def no_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "FAREWELL_SECONDS", 0.0)


async def test_nothing_personal_is_logged(tmp_path: Path, records: Records) -> None:
    secret = await converse(tmp_path)
    assert any("rtc_server.access" in text for text in records.texts)
    assert any("rtc_server.session" in text for text in records.texts)
    assert records.leaks(secret, secret[2:]) == []


async def test_nothing_personal_is_logged_when_everything_fails(tmp_path: Path, records: Records) -> None:
    secret = await converse(tmp_path, spoil=True)
    assert any("RuntimeError" in text for text in records.texts)
    assert records.leaks(secret, secret[2:]) == []


async def test_a_store_that_fails_tells_no_tales(
    tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(tmp_path, {TYPED: "given"}) as stage:
        record = await stage.create(name_flow(), providedData={"title": TITLE})
        peer = await stage.join(record)
        await peer.receives(Caption, lambda caption: caption.final)

        async def broken(*args: Any, **kwargs: Any) -> None:
            raise ValueError(f"cannot store {args!r} {kwargs!r}")

        monkeypatch.setattr(stage.store, "finish_session", broken)
        monkeypatch.setattr(stage.store, "append_journal", broken)
        peer.send_message(Text(TYPED))
        await peer.receives(Finished)
        await eventually(lambda: stage.registry.running == 0, "it has ended")
    assert any("ValueError" in text for text in records.texts)
    assert records.leaks() == []


async def test_codes_addresses_and_variables_are_not_logged(tmp_path: Path, records: Records) -> None:
    """A refused mail, a code typed wrong and right, a call that fails and one that is answered with personal data."""
    async with (
        mail_server() as mails,
        TestServer(partner_app(), skip_url_asserts=True) as partner,
        open_stage(tmp_path, {}) as stage,
    ):
        settings = EmailSettings("127.0.0.1", mails.port, tls="none", sender="Bank <no-reply@bank.example>")
        senders: dict[Channel, Sender] = {"email": SmtpSender(settings, retry_pause_seconds=0.01)}
        codes = Codes(
            b"k" * 32, senders, stage.stores.mailbox, company_name="Bank", sandbox_sends=False, now_ms=lambda: 1
        )
        policy = OutboundPolicy(("localhost",), allow_private=True, allow_http=True, timeout_seconds=2.0)
        external = HttpExternalCaller(policy, pause_seconds=0.01)
        stage.codes, stage.external = codes, external  # type: ignore[assignment]
        stage.registry = stage.new_registry()
        mails.rcpt_answers = [f"550 5.1.1 <{EMAIL}> is unknown here, {TITLE}"]
        flow = code_flow(f"http://localhost:{partner.port}/check?token={TOKEN}")
        record = await stage.create(flow, providedData={"email": EMAIL, "name": TITLE, "phone": PHONE})
        peer = await stage.join(record)
        asked = await peer.receives(AskInput)
        body = mails.mails[-1].get_body(("plain",))
        assert body is not None
        code = body.get_content().split("is:")[1].split()[0]
        peer.send_message(Input(asked.request_id, "000000" if code != "000000" else "111111"))
        await peer.receives(InputRefused)
        peer.send_message(Input(asked.request_id, code))
        await peer.receives(Finished)
        stored = await stage.ended(record)
        await external.close()
    by_node = {report["nodeId"]: report for report in stored.report["nodeReports"]}
    assert by_node["refused"]["outcome"] == "delivery_failed"
    assert by_node["verified"]["outcome"] == "verified"
    assert by_node["call"]["report"]["response"] == {"secret": SPOKEN}
    assert by_node["nobody"]["report"]["ok"] is False
    assert any("undeliverable" in text for text in records.texts)
    assert records.leaks(code, PHONE, TOKEN) == []


def partner_app() -> web.Application:
    """An integrator's server that first fails and then answers with something personal."""
    answers = iter([500])

    async def check(request: web.Request) -> web.Response:
        assert (await request.json())["phone"] == PHONE
        return web.json_response({"secret": SPOKEN}, status=next(answers, 200))

    app = web.Application()
    app.router.add_post("/check", check)
    return app


def code_flow(url: str) -> list[dict[str, Any]]:
    """A mail that is refused, two calls, of which one finds nobody, and a mail that arrives."""
    bad = ("failed_unverified", "cancelled", "error")
    variables = [{"name": "phone", "value": {"type": "ref", "source": "providedData", "field": "phone"}}]
    mail = {"type": "two_factor_email", "emailTemplate": "{{userName}}, your code is: {{otp}}"}
    call = {"type": "external_call"}
    end = dict.fromkeys(bad, "end")
    return [
        {"id": "start", "type": "start", "outcome": "refused"},
        {**mail, "id": "refused", "outcomes": {**end, "verified": "end", "delivery_failed": "call"}},
        {**call, "id": "call", "request": {"url": url, "vars": variables}, "outcome": "nobody"},
        {**call, "id": "nobody", "request": {"url": f"http://localhost:9/?token={TOKEN}"}, "outcome": "verified"},
        {**mail, "id": "verified", "outcomes": {**end, "verified": "end", "delivery_failed": "end"}},
        {"id": "end", "type": "end"},
    ]


async def test_nothing_of_a_document_is_logged(tmp_path: Path, records: Records) -> None:
    """A reader that fails with what it read, and a file that is read well."""
    desk, ways = Desk(), ("scanSuccess", "userCancelled", "scanTimeout", "documentRejected")
    holder = desk.person
    desk.reader_error = ValueError(f"cannot read {holder.last_name} {holder.number}")
    async with open_stage(tmp_path, {}, document_seconds=12.0) as stage:
        stage.documents, stage.vision = desk.engines(), Eyes().engines()
        stage.registry = stage.new_registry()
        node = {"scanningMode": "single", "allowedDocumentTypes": ["passport"]}
        record = await stage.create(fixed("document_scan", *ways, **node))
        peer = await stage.join(record)
        view = await peer.receives(ShowDocument)
        await stage.registry.document_picture(record.id, view.request_id, number=None, content=still())
        await eventually(lambda: len(desk.read) == 1, "the file is read")
        desk.reader_error = None
        await stage.registry.document_picture(record.id, view.request_id, number=None, content=still())
        await peer.receives(Finished)
        stored = await stage.ended(record)
    report = stored.report["nodeReports"][0]
    assert report["report"]["documentNumber"]["latin"]["value"] == holder.number
    assert any("ValueError" in text for text in records.texts)
    born = holder.birth.isoformat()
    assert records.leaks(holder.last_name, holder.first_name, holder.number, born, *mrz_lines(desk.kind, holder)) == []


async def test_the_net_has_no_hole(tmp_path: Path, records: Records) -> None:
    """The same conversation, with one library allowed to talk: its leak must be caught."""
    await converse(tmp_path, talkative="aiosqlite")
    assert {TYPED, SPOKEN, EMAIL} <= set(records.leaks())


@pytest.mark.parametrize("logger", ["rtc_server.session.session", "conversation.speech.listener", "aiortc.peer"])
def test_messages_arguments_and_exceptions_are_seen(records: Records, logger: str) -> None:
    log = logging.getLogger(logger)
    log.error("plain %s", "one")
    try:
        raise KeyError(SPOKEN) from ValueError(EMAIL)
    except KeyError as error:
        log.error("went wrong", exc_info=error)
    log.warning("extra", extra={"who": "Wilhelmina"})
    assert {SPOKEN, EMAIL, "Wilhelmina"} <= set(records.leaks())


@pytest.mark.parametrize(
    "name", ["aiortc.rtcicetransport", "aioice.ice", "openai._base_client", "sqlalchemy.engine.Engine"]
)
def test_talkative_libraries_are_kept_quiet(records: Records, name: str) -> None:
    logging.getLogger(name).info("my address is %s", ADDRESS)
    logging.getLogger(name).debug("my address is %s", ADDRESS)
    assert records.leaks() == []


def test_speech_errors_hold_no_speech() -> None:
    error = SpeechError(Category.TIMEOUT, "whisper", "took longer than 10 s")
    assert str(error) == "whisper: took longer than 10 s"
    assert vars(error) == {"category": Category.TIMEOUT, "engine": "whisper"}
