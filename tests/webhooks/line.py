"""A whole delivery line on a real database. No test framework in here: child processes use it too."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.storage.deliveries import SqlDeliveryStore
from rtc_server.storage.dispatch import SqlWebhookStore
from rtc_server.storage.endpoints import SqlEndpointStore
from rtc_server.storage.ports import Json, Owner, SessionRecord
from rtc_server.storage.sql import SqlStore
from rtc_server.webhooks.courier import Courier
from rtc_server.webhooks.desk import Desk, DeskPolicy
from rtc_server.webhooks.dispatcher import Dispatcher
from rtc_server.webhooks.durable import DurableRunner
from rtc_server.webhooks.ports import Endpoint
from rtc_server.webhooks.schedule import Schedule
from rtc_server.webhooks.sender import Sender
from rtc_server.webhooks.service import WebhookService
from rtc_server.webhooks.vault import Vault
from tests.storage.records import open_store

OWNER = Owner("acme", sandbox=True)
SERVER_KEY = b"k" * 32
QUICK = DeskPolicy(schedule=Schedule(delays=(0.05, 0.1, 0.2, 0.4, 0.8)), user_agent="visavis/test")
OPEN = OutboundPolicy(allow_private=True, allow_http=True, timeout_seconds=2.0)


def unix_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Line:
    """Everything between a store and a receiver."""

    sessions: SqlStore
    deliveries: SqlDeliveryStore
    service: WebhookService
    dispatcher: Dispatcher

    async def endpoint(self, url: str, **fields: Any) -> tuple[Endpoint, str]:
        return await self.service.create(f"we_{unix_ms()}{len(url)}", OWNER, url, fields)

    async def finish(self, session_id: str, status: Any = "complete", reason: str = "end") -> SessionRecord:
        return await self.sessions.finish_session(
            session_id, [], status=status, reason=reason, report={"isVerified": True}, finished_at=unix_ms()
        )


async def session_json(record: SessionRecord) -> Json:
    return {"id": record.id, "status": record.status, "settings": record.settings, "report": record.report}


def session(session_id: str, **changes: Any) -> SessionRecord:
    now_ms = unix_ms()
    record = SessionRecord(
        id=session_id,
        tenant=OWNER.tenant,
        sandbox=OWNER.sandbox,
        created_at=now_ms,
        status="created",
        settings={"clientReferenceId": "user_123"},
        flow=[],
        secret_generation=0,
        secret_hash=hashlib.sha256(session_id.encode()).hexdigest(),
        secret_created_at=now_ms,
        secret_expires_at=now_ms + 7_200_000,
    )
    return record.with_(**changes)


@asynccontextmanager
async def open_line(
    url: str,
    durable_url: str,
    policy: DeskPolicy = QUICK,
    outbound: OutboundPolicy = OPEN,
    start: bool = True,
    new_sender: Callable[[Mapping[bool, OutboundPolicy]], Sender] = Sender,
) -> AsyncIterator[Line]:
    """A delivery line on a database; leaving it is an orderly shutdown."""
    sessions = await open_store(url)
    deliveries = SqlWebhookStore(sessions.database, sessions.outbox)
    vault = Vault(SERVER_KEY)
    desk = Desk(deliveries, vault, session_json, policy, unix_ms)
    policies = {True: outbound, False: outbound}

    def new_courier(home: asyncio.AbstractEventLoop) -> Courier:
        return Courier(desk, new_sender(policies), home, unix_ms)

    runner = DurableRunner(durable_url, new_courier, unix_ms)
    dispatcher = Dispatcher(deliveries, runner, unix_ms)
    service = WebhookService(SqlEndpointStore(sessions.database), deliveries, vault, dispatcher, policies, unix_ms)
    sessions.outbox.on_news(dispatcher.wake)
    if start:
        dispatcher.start()
    try:
        yield Line(sessions, deliveries, service, dispatcher)
    finally:
        await dispatcher.close()
        await sessions.close()
