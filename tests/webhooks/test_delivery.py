"""From a change of status to the customer's server, over failures."""

import asyncio
import hashlib
import hmac
import itertools
import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook

from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.webhooks.desk import DeskPolicy
from rtc_server.webhooks.ports import Attempt, Delivery, DeliveryQuery
from rtc_server.webhooks.schedule import Schedule
from tests.fakes.receiver import Receiver
from tests.webhooks.line import OWNER, QUICK, Line, open_line, session, unix_ms


def urls(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'visavis.db'}", f"sqlite:///{folder / 'webhooks.db'}"


async def ended(line: Line, count: int = 1) -> list[tuple[Delivery, list[Attempt]]]:
    """Deliveries with their attempts, oldest first, once all are finished."""
    async with asyncio.timeout(15):
        while True:
            page, _ = await line.deliveries.deliveries(DeliveryQuery(OWNER, limit=100))
            if len(page) >= count and all(delivery.status != "pending" for delivery in page):
                break
            await asyncio.sleep(0.02)
    found = [await line.deliveries.delivery(delivery.id, OWNER) for delivery in reversed(page)]
    return [entry for entry in found if entry is not None]


async def one_test(line: Line, url: str, **fields: Any) -> tuple[Delivery, list[Attempt]]:
    """What becomes of a test event."""
    endpoint, _ = await line.endpoint(url, **fields)
    await line.service.test(endpoint)
    return (await ended(line))[0]


async def test_events_of_a_session_arrive_in_order_with_ids_of_their_own_and_valid_signatures(
    line: Line, receiver: Receiver
) -> None:
    _, secret = await line.endpoint(receiver.url)
    await line.sessions.create_session(session("one"))
    await line.sessions.update_session("one", status="inProgress", started_at=unix_ms())
    await line.finish("one")
    requests = await receiver.wait_for(3)
    bodies = [json.loads(request.body) for request in requests]
    assert [body["status"] for body in bodies] == ["created", "inProgress", "complete"]
    assert {body["type"] for body in bodies} == {"session.status"}
    assert {body["sessionId"] for body in bodies} == {"one"}
    assert len({body["id"] for body in bodies}) == 3
    for request, body in zip(requests, bodies, strict=True):
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        assert request.headers["X-FaceSign-Signature"] == f"sha256={digest}"
        assert Webhook(secret).verify(request.body, request.headers) == body
        assert request.headers["webhook-id"] == request.headers["FaceSign-Event-Id"] == body["id"]
        assert request.headers["Content-Type"] == "application/json"
        assert request.headers["User-Agent"] == "visavis/test"


async def test_a_backlog_of_many_sessions_keeps_the_order_of_each(tmp_path: Path, receiver: Receiver) -> None:
    async with open_line(*urls(tmp_path), start=False) as line:
        await line.endpoint(receiver.url)
        for number in range(8):
            await line.sessions.create_session(session(f"s{number}"))
        for number in range(8):
            await line.finish(f"s{number}")
        line.dispatcher.start()
        bodies = [json.loads(request.body) for request in await receiver.wait_for(16)]
    for number in range(8):
        assert [b["status"] for b in bodies if b["sessionId"] == f"s{number}"] == ["created", "complete"]


async def test_failures_are_tried_again_by_the_schedule_under_the_same_id(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=500 if number <= 3 else 200, text=f"answer {number}")
    delivery, attempts = await one_test(line, receiver.url)
    assert delivery.status == "delivered"
    assert [(a.number, a.status_code) for a in attempts] == [(1, 500), (2, 500), (3, 500), (4, 200)]
    assert [a.response_excerpt for a in attempts] == [f"answer {n}" for n in range(1, 5)]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len({request.body for request in receiver.requests}) == 1
    waits = [b.attempted_at - a.attempted_at for a, b in itertools.pairwise(attempts)]
    for waited, delay in zip(waits, QUICK.schedule.delays, strict=False):
        assert waited >= 1000 * delay * (1 - QUICK.schedule.jitter) - 2


async def test_a_delivery_fails_for_good_after_the_last_attempt(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=503)
    delivery, attempts = await one_test(line, receiver.url)
    assert (delivery.status, delivery.attempts) == ("failed", len(QUICK.schedule.delays) + 1)
    assert delivery.finished_at == attempts[-1].attempted_at


async def test_a_receiver_may_ask_for_more_time(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=429 if number == 1 else 200, headers={"Retry-After": "1"})
    _, attempts = await one_test(line, receiver.url)
    assert [a.status_code for a in attempts] == [429, 200]
    assert attempts[1].attempted_at - attempts[0].attempted_at >= 1000


async def test_an_endpoint_that_says_410_is_disabled_at_once_and_others_are_told(
    line: Line, receiver: Receiver
) -> None:
    receiver.answer = lambda number: web.Response(status=410 if number == 1 else 200)
    endpoint, _ = await line.endpoint(receiver.url)
    watcher, _ = await line.endpoint(receiver.url + "?w=1", event_types=("webhook_endpoint.disabled",))
    await line.service.test(endpoint)
    told = json.loads((await receiver.wait_for(2))[1].body)
    assert told["type"] == "webhook_endpoint.disabled"
    assert (told["endpointId"], told["reason"]) == (endpoint.id, "gone")
    found = await line.service.endpoints.endpoint(endpoint.id, OWNER)
    assert found is not None
    assert (found.status, found.disabled_reason) == ("disabled", "gone")
    await line.sessions.create_session(session("one"))
    await asyncio.sleep(0.2)
    assert len(receiver.requests) == 2, "nothing more for the disabled one"
    assert watcher.id != endpoint.id


async def test_days_of_nothing_but_failures_disable_an_endpoint(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=500)
    policy = DeskPolicy(schedule=Schedule((0.3, 0.3, 0.3, 0.3)), disable_after_days=0.5 / 86_400)
    async with open_line(*urls(tmp_path), policy) as line:
        endpoint, _ = await line.endpoint(receiver.url)
        await line.service.test(endpoint)
        (delivery, attempts), *_ = await ended(line)
        found = await line.service.endpoints.endpoint(endpoint.id, OWNER)
    assert found is not None
    assert (found.status, found.disabled_reason) == ("disabled", "failing")
    assert delivery.status == "failed"
    assert 2 <= len(attempts) < 5


async def test_one_success_forgets_the_failures_before(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=500 if number == 1 else 200)
    await one_test(line, receiver.url)
    assert (await line.service.endpoints.endpoints(OWNER))[0].failing_since is None


async def test_redirects_are_failures_and_never_followed(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=307, headers={"Location": receiver.url})
    delivery, attempts = await one_test(line, receiver.url)
    assert delivery.status == "failed"
    assert {a.status_code for a in attempts} == {307}
    assert len(receiver.requests) == len(attempts)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://169.254.169.254/latest/meta-data", "address_not_allowed"),
        ("http://localhost:1/hook", "address_not_allowed"),
        ("http://127.0.0.1:1/hook", "address_not_allowed"),
        ("http://example.org/hook", "scheme_not_allowed"),
    ],
)
async def test_a_private_address_is_judged_at_each_attempt(tmp_path: Path, url: str, error: str) -> None:
    policy = DeskPolicy(schedule=Schedule((0.01,)))
    outbound = OutboundPolicy(allow_http="example.org" not in url)
    async with open_line(*urls(tmp_path), policy, outbound) as line:
        delivery, attempts = await one_test(line, url)
    assert delivery.status == "failed"
    assert [(a.status_code, a.error) for a in attempts] == [(None, error)] * 2


async def test_a_receiver_that_does_not_answer_is_given_up(tmp_path: Path, receiver: Receiver) -> None:
    receiver.delay = 5
    outbound = OutboundPolicy(allow_private=True, allow_http=True, timeout_seconds=0.2)
    async with open_line(*urls(tmp_path), DeskPolicy(schedule=Schedule(())), outbound) as line:
        _, attempts = await one_test(line, receiver.url)
    assert [(a.status_code, a.error) for a in attempts] == [(None, "timeout")]
    assert 150 < attempts[0].latency_ms < 2000


async def test_no_more_of_an_answer_is_read_than_is_kept(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(body=b"\0\xff" + b"x" * 50_000_000)
    delivery, attempts = await one_test(line, receiver.url)
    assert delivery.status == "delivered"
    assert len(attempts[0].response_excerpt) <= 500
    assert "\0" not in attempts[0].response_excerpt


async def test_a_connection_that_fails_is_told_in_a_word(line: Line) -> None:
    _, attempts = await one_test(line, "http://127.0.0.1:9/hook")
    assert {a.error for a in attempts} == {"connection_failed"}


@pytest.fixture
async def tls_url(tmp_path: Path) -> AsyncIterator[str]:
    """A receiver whose certificate nobody vouches for."""
    certificate, key = self_signed()
    (tmp_path / "certificate.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    server = TestServer(web.Application(), scheme="https")
    await server.start_server(ssl=context)
    yield str(server.make_url("/hook"))
    await server.close()


async def test_a_certificate_that_cannot_be_trusted_gets_nothing(line: Line, tls_url: str) -> None:
    _, attempts = await one_test(line, tls_url)
    assert {a.error for a in attempts} == {"tls_failed"}


async def test_a_disabled_endpoint_gets_nothing_that_is_still_pending(line: Line, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=500)
    endpoint, _ = await line.endpoint(receiver.url)
    await line.service.test(endpoint)
    await receiver.wait_for(1)
    await line.service.update(endpoint, {"status": "disabled"})
    delivery, attempts = (await ended(line))[0]
    assert delivery.status == "failed"
    assert attempts[-1].error == "endpoint_disabled"


async def test_a_restart_goes_on_where_the_schedule_stood(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = lambda number: web.Response(status=500 if number == 1 else 200)
    policy = DeskPolicy(schedule=Schedule((1.5,), jitter=0))
    async with open_line(*urls(tmp_path), policy) as line:
        endpoint, _ = await line.endpoint(receiver.url)
        await line.service.test(endpoint)
        await receiver.wait_for(1)
        await asyncio.sleep(0.1)
    async with open_line(*urls(tmp_path), policy) as line:
        delivery, attempts = (await ended(line))[0]
    assert delivery.status == "delivered"
    assert [a.status_code for a in attempts] == [500, 200]
    assert attempts[1].attempted_at - attempts[0].attempted_at >= 1500


async def test_deliveries_survive_the_loss_of_the_workflows_database(tmp_path: Path, receiver: Receiver) -> None:
    database, durable = urls(tmp_path)
    receiver.answer = lambda number: web.Response(status=500 if number == 1 else 200)
    policy = DeskPolicy(schedule=Schedule((2.0,), jitter=0))
    async with open_line(database, durable, policy) as line:
        endpoint, _ = await line.endpoint(receiver.url)
        await line.service.test(endpoint)
        await receiver.wait_for(1)
        await asyncio.sleep(0.1)
    async with open_line(database, f"sqlite:///{tmp_path / 'new.db'}", policy) as line:
        delivery, _ = (await ended(line))[0]
    assert delivery.status == "delivered"


async def test_an_endpoint_gets_nothing_from_before_it_existed(line: Line, receiver: Receiver) -> None:
    await line.sessions.create_session(session("early", created_at=unix_ms() - 1))
    await asyncio.sleep(0.01)
    await line.endpoint(receiver.url)
    await line.finish("early")
    assert json.loads((await receiver.wait_for(1))[0].body)["status"] == "complete"


async def test_styles_of_payload_and_signature_are_those_of_the_endpoint(line: Line, receiver: Receiver) -> None:
    _, secret = await line.endpoint(receiver.url, payload_style="legacy", signature_style="t_v1")
    await line.sessions.create_session(session("one"))
    await line.finish("one", status="incomplete", reason="expired")
    request = (await receiver.wait_for(1))[0]
    body = json.loads(request.body)
    assert body["type"] == "session.expired"
    assert body["data"]["session"]["settings"] == {"clientReferenceId": "user_123"}
    digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-FaceSign-Signature"].endswith(f",v1={digest}")


async def test_a_slow_receiver_does_not_hold_up_another(line: Line, receiver: Receiver) -> None:
    slow = Receiver(delay=1.5)
    app = web.Application()
    app.router.add_post("/hook", slow.handle)
    async with TestServer(app) as server:
        await line.endpoint(str(server.make_url("/hook")))
        await line.endpoint(receiver.url)
        started = asyncio.get_running_loop().time()
        for number in range(12):
            await line.sessions.create_session(session(f"s{number}"))
        await receiver.wait_for(12)
        assert asyncio.get_running_loop().time() - started < 3 * 1.5, "12 at 4 at once would take longer"


def self_signed() -> tuple[bytes, bytes]:
    """Certificate and key in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem), private
