"""Webhooks, built from the settings."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from rtc_server.settings import Settings
from rtc_server.storage.engine import database_url
from rtc_server.storage.outbox import Outbox
from rtc_server.storage.stores import Stores
from rtc_server.webhooks.courier import Courier
from rtc_server.webhooks.desk import Desk, DeskPolicy
from rtc_server.webhooks.dispatcher import Dispatcher
from rtc_server.webhooks.durable import DurableRunner
from rtc_server.webhooks.ports import SessionJson
from rtc_server.webhooks.sender import Sender
from rtc_server.webhooks.service import WebhookService
from rtc_server.webhooks.vault import Vault

MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The delivery line of a process."""

    service: WebhookService
    dispatcher: Dispatcher
    enabled: bool

    def start(self, outbox: Outbox) -> None:
        """Begin to deliver, unless that is switched off."""
        if self.enabled:
            outbox.on_news(self.dispatcher.wake)
            self.dispatcher.start()

    async def close(self) -> None:
        """Stop within seconds; what is under way goes on at the next start."""
        await self.dispatcher.close()


def build_webhooks(
    settings: Settings, key: bytes, stores: Stores, session_json: SessionJson, now_ms: Callable[[], int]
) -> Webhooks:
    """Inside a running event loop. ``key`` is the server's secret."""
    production = settings.outbound.policy(
        timeout_seconds=settings.webhooks.timeout_seconds, max_response_bytes=MAX_ANSWER_BYTES
    )
    # In the sandbox a receiver may do without TLS; where it may stand is the same.
    policies = {False: production, True: replace(production, allow_http=True)}
    vault = Vault(key)
    policy = DeskPolicy(
        disable_after_days=settings.webhooks.disable_after_days,
        order_seconds=settings.webhooks.timeout_seconds + 2.0,
        user_agent=f"visavis/{version('visavis')}",
    )
    desk = Desk(stores.deliveries, vault, session_json, policy, now_ms)

    def new_courier(home: asyncio.AbstractEventLoop) -> Courier:
        return Courier(desk, Sender(policies), home, now_ms)

    dispatcher = Dispatcher(stores.deliveries, DurableRunner(_durable_url(settings), new_courier, now_ms), now_ms)
    service = WebhookService(stores.endpoints, stores.deliveries, vault, dispatcher, policies, now_ms)
    return Webhooks(service, dispatcher, settings.webhooks.enabled)


def _durable_url(settings: Settings) -> str:
    """Where DBOS keeps its tables: a schema of its own in PostgreSQL, beside the main file with SQLite."""
    url = database_url(settings.storage_url())
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    file = Path(str(url.database))
    return f"sqlite:///{file.with_name(f'{file.stem}.webhooks.db').absolute()}"
