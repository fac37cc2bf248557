"""How deliveries come to be: from the outbox, for a test, and again on request."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.crypto.ids import new_id
from rtc_server.storage.database import uninterrupted
from rtc_server.storage.deliveries import SqlDeliveryStore
from rtc_server.storage.endpoints import endpoint_of
from rtc_server.storage.outbox import write_owner_event
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import Owner
from rtc_server.storage.schema import deliveries, events, sessions, webhook_endpoints
from rtc_server.webhooks.payload import TEST_EVENT, wants
from rtc_server.webhooks.ports import Delivery, Endpoint

MAX_REPLAYED = 1_000
"""Deliveries that one request can ask for again."""

_WITH_REASON = select(events, sessions.c.reason).select_from(
    events.outerjoin(sessions, sessions.c.id == events.c.session_id)
)


class SqlWebhookStore(SqlDeliveryStore):
    """``DeliveryStore`` as a whole."""

    @uninterrupted
    async def dispatch(self, now_ms: int, limit: int) -> tuple[list[str], int]:
        """Turn the oldest undispatched events into deliveries, in one transaction.

        An endpoint gets no events from before it existed. Returns the ids of the deliveries in the order of their
        events, and how many events were looked at.
        """
        oldest = (
            _WITH_REASON.where(events.c.dispatched_at.is_(None))
            .order_by(events.c.sequence)
            .limit(limit)
            .with_for_update(of=events, skip_locked=True)
        )
        async with self.database.write() as connection:
            found = (await connection.execute(oldest)).all()
            if not found:
                return [], 0
            endpoints = await _enabled(connection, {Owner(row.tenant, row.sandbox) for row in found})
            made = [
                _new(row, endpoint, now_ms)
                for row in found
                for endpoint in endpoints
                if endpoint.created_at <= row.created_at and _wanted(endpoint, row)
            ]
            await _insert(connection, made)
            sequences = [row.sequence for row in found]
            dispatched = update(events).where(events.c.sequence.in_(sequences)).values(dispatched_at=now_ms)
            await connection.execute(dispatched)
        return [delivery.id for delivery in made], len(found)

    @uninterrupted
    async def replay(self, delivery: Delivery, now_ms: int) -> Delivery:
        """Send an event to an endpoint again: the same event id, a delivery of its own.

        Raises ``KeyError`` when the endpoint is gone.
        """
        async with self.database.write() as connection:
            await _lock(connection, delivery.endpoint_id)
            highest = await _highest_replay(connection, delivery.endpoint_id, [delivery.event_id])
            made = Delivery(
                id=new_id("whd_"),
                owner=delivery.owner,
                event_id=delivery.event_id,
                endpoint_id=delivery.endpoint_id,
                created_at=now_ms,
                replay=highest.get(delivery.event_id, -1) + 1,
            )
            await _insert(connection, [made])
        return made

    @uninterrupted
    async def replay_range(self, endpoint: Endpoint, from_ms: int, to_ms: int, now_ms: int) -> list[str]:
        """Send again all events from that time (inclusive) that the endpoint is subscribed to; the deliveries' ids.

        At most ``MAX_REPLAYED`` of them, the oldest first. Raises ``KeyError`` when the endpoint is gone.
        """
        query = (
            _WITH_REASON.where(*owned_by(endpoint.owner, events))
            .where(events.c.created_at.between(from_ms, to_ms), events.c.type != TEST_EVENT)
            .order_by(events.c.created_at, events.c.sequence)
        )
        async with self.database.write() as connection:
            await _lock(connection, endpoint.id)
            wanted: list[Row[Any]] = []
            async for row in await connection.stream(query):
                if _wanted(endpoint, row):
                    wanted.append(row)
                if len(wanted) == MAX_REPLAYED:
                    break
            highest = await _highest_replay(connection, endpoint.id, [row.id for row in wanted])
            made = [_new(row, endpoint, now_ms, highest.get(row.id, -1) + 1) for row in wanted]
            await _insert(connection, made)
        return [delivery.id for delivery in made]

    @uninterrupted
    async def add_test(self, endpoint: Endpoint, now_ms: int) -> Delivery:
        """An event ``webhook.test`` for one endpoint alone. Raises ``KeyError`` when the endpoint is gone."""
        async with self.database.write() as connection:
            await _lock(connection, endpoint.id)
            event = await write_owner_event(connection, endpoint.owner, TEST_EVENT, {}, now_ms)
            await connection.execute(update(events).where(events.c.id == event.id).values(dispatched_at=now_ms))
            delivery = Delivery(new_id("whd_"), endpoint.owner, event.id, endpoint.id, now_ms)
            await _insert(connection, [delivery])
        return delivery


async def _lock(connection: AsyncConnection, endpoint_id: str) -> None:
    """Keep others from numbering replays at the same time (SQLite has locked the whole file by then)."""
    query = select(webhook_endpoints.c.id).where(webhook_endpoints.c.id == endpoint_id).with_for_update()
    if await connection.scalar(query) is None:
        raise KeyError(endpoint_id)


async def _enabled(connection: AsyncConnection, owners: set[Owner]) -> list[Endpoint]:
    query = (
        select(webhook_endpoints)
        .where(webhook_endpoints.c.status == "enabled")
        .where(webhook_endpoints.c.tenant.in_({owner.tenant for owner in owners}))
        .order_by(webhook_endpoints.c.created_at, webhook_endpoints.c.id)
    )
    return [endpoint_of(row) for row in (await connection.execute(query)).all()]


def _wanted(endpoint: Endpoint, row: Row[Any]) -> bool:
    if endpoint.owner != Owner(row.tenant, row.sandbox):
        return False
    return wants(endpoint.payload_style, endpoint.event_types, row.type, row.data, row.reason or "")


def _new(row: Row[Any], endpoint: Endpoint, now_ms: int, replay: int = 0) -> Delivery:
    return Delivery(new_id("whd_"), endpoint.owner, row.id, endpoint.id, now_ms, replay)


async def _insert(connection: AsyncConnection, made: Sequence[Delivery]) -> None:
    rows = [
        {
            "id": delivery.id,
            "tenant": delivery.owner.tenant,
            "sandbox": delivery.owner.sandbox,
            "event_id": delivery.event_id,
            "endpoint_id": delivery.endpoint_id,
            "replay": delivery.replay,
            "status": delivery.status,
            "attempts": delivery.attempts,
            "created_at": delivery.created_at,
            "next_attempt_at": delivery.next_attempt_at,
            "finished_at": delivery.finished_at,
        }
        for delivery in made
    ]
    if rows:
        await connection.execute(insert(deliveries), rows)


async def _highest_replay(connection: AsyncConnection, endpoint_id: str, event_ids: Sequence[str]) -> dict[str, int]:
    """Event id → the highest number of its deliveries to an endpoint; events without one are missing."""
    table = deliveries.c
    query = (
        select(table.event_id, func.max(table.replay))
        .where(table.endpoint_id == endpoint_id, table.event_id.in_(event_ids))
        .group_by(table.event_id)
    )
    return {event_id: int(highest) for event_id, highest in (await connection.execute(query)).all()}
