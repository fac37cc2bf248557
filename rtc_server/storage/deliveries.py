"""Webhook deliveries in the database: made from the outbox, attempt by attempt, and looked at."""

import dataclasses
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.endpoints import endpoint_of
from rtc_server.storage.outbox import Outbox, event_of, write_owner_event
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import Owner, SessionRecord
from rtc_server.storage.schema import deliveries, delivery_attempts, events, sessions, webhook_endpoints
from rtc_server.webhooks.payload import DISABLED_EVENT
from rtc_server.webhooks.ports import Assignment, Attempt, Conclusion, Delivery, DeliveryQuery


class SqlDeliveryStore:
    """``DeliveryStore`` on a migrated database, but for what makes deliveries (``dispatch.py``)."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self.database = database
        self.outbox = outbox

    @uninterrupted
    async def pending(self) -> list[str]:
        """Ids of the deliveries that are not finished, oldest first, those of one moment in the order of events."""
        query = (
            select(deliveries.c.id)
            .join(events, events.c.id == deliveries.c.event_id)
            .where(deliveries.c.status == "pending")
            .order_by(deliveries.c.created_at, events.c.sequence)
        )
        async with self.database.read() as connection:
            return list(await connection.scalars(query))

    @uninterrupted
    async def destination(self, delivery_id: str) -> str | None:
        """Id of the endpoint; None when the delivery is finished or gone."""
        table = deliveries.c
        query = select(table.endpoint_id).where(table.id == delivery_id, table.status == "pending")
        async with self.database.read() as connection:
            found: str | None = await connection.scalar(query)
        return found

    @uninterrupted
    async def assignment(self, delivery_id: str) -> Assignment | None:
        """What to send where; None when the delivery is finished or gone."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(deliveries).where(deliveries.c.id == delivery_id))).first()
            if row is None or row.status != "pending":
                return None
            endpoint = await connection.execute(
                select(webhook_endpoints).where(webhook_endpoints.c.id == row.endpoint_id)
            )
            event = (await connection.execute(select(events).where(events.c.id == row.event_id))).first()
            if event is None:
                return None
            query = select(sessions).where(sessions.c.id == event.session_id)
            session = (await connection.execute(query)).mappings().first()
        record = SessionRecord(**session) if session is not None else None
        return Assignment(delivery_of(row), endpoint_of(endpoint.one()), event_of(event), record)

    @uninterrupted
    async def has_predecessor(self, assignment: Assignment) -> bool:
        """Whether an earlier event of the same session has still to be tried for the first time at this endpoint."""
        query = select(
            exists()
            .where(events.c.session_id == assignment.event.session_id)
            .where(events.c.sequence < assignment.event.sequence)
            .where(deliveries.c.event_id == events.c.id, deliveries.c.endpoint_id == assignment.endpoint.id)
            .where(deliveries.c.status == "pending", deliveries.c.attempts == 0, deliveries.c.replay == 0)
        )
        async with self.database.read() as connection:
            return bool(await connection.scalar(query))

    @uninterrupted
    async def record_attempt(self, assignment: Assignment, attempt: Attempt, conclusion: Conclusion) -> None:
        """Keep an attempt and what follows from it; a finished delivery and a known number are left as they are.

        Disabling writes the event ``webhook_endpoint.disabled``.
        """
        delivery, endpoint_id = assignment.delivery, assignment.endpoint.id
        finished_at = attempt.attempted_at if conclusion.status != "pending" else None
        changes = {
            "status": conclusion.status,
            "attempts": attempt.number,
            "next_attempt_at": conclusion.next_attempt_at,
            "finished_at": finished_at,
        }
        table = deliveries.c
        unchanged = and_(table.id == delivery.id, table.status == "pending", table.attempts == attempt.number - 1)
        async with self.database.write() as connection:
            result = await connection.execute(update(deliveries).where(unchanged).values(changes))
            if result.rowcount == 0:
                return
            values = dataclasses.asdict(attempt) | {"delivery_id": delivery.id}
            await connection.execute(insert(delivery_attempts).values(values))
            await _note_health(connection, endpoint_id, conclusion.status == "delivered", attempt.attempted_at)
            disabled = conclusion.disable != "" and await _disable(connection, assignment, attempt, conclusion)
        if disabled:
            self.outbox.tell()

    @uninterrupted
    async def deliveries(self, query: DeliveryQuery) -> tuple[list[Delivery], bool]:
        """One page, newest first, and whether there are more. An unknown cursor raises ``KeyError``."""
        table = deliveries.c
        where: list[ColumnElement[bool]] = [*owned_by(query.owner, deliveries)]
        for column, wanted in (
            (table.endpoint_id, query.endpoint_id),
            (table.event_id, query.event_id),
            (table.status, query.status),
        ):
            if wanted:
                where.append(column == wanted)
        async with self.database.read() as connection:
            if query.cursor:
                found = await connection.execute(
                    select(table.created_at).where(table.id == query.cursor, *owned_by(query.owner, deliveries))
                )
                last = found.scalar_one_or_none()
                if last is None:
                    raise KeyError(query.cursor)
                where.append(or_(table.created_at < last, and_(table.created_at == last, table.id < query.cursor)))
            newest_first = (table.created_at.desc(), table.id.desc())
            page = select(deliveries).where(*where).order_by(*newest_first).limit(query.limit + 1)
            rows = (await connection.execute(page)).all()
        return [delivery_of(row) for row in rows[: query.limit]], len(rows) > query.limit

    @uninterrupted
    async def delivery(self, delivery_id: str, owner: Owner) -> tuple[Delivery, list[Attempt]] | None:
        """By id with its attempts, when it is theirs."""
        attempts = (
            select(delivery_attempts)
            .where(delivery_attempts.c.delivery_id == delivery_id)
            .order_by(delivery_attempts.c.number)
        )
        async with self.database.read() as connection:
            query = select(deliveries).where(deliveries.c.id == delivery_id, *owned_by(owner, deliveries))
            row = (await connection.execute(query)).first()
            if row is None:
                return None
            lines = (await connection.execute(attempts)).mappings().all()
        log = [Attempt(**{name: value for name, value in line.items() if name != "delivery_id"}) for line in lines]
        return delivery_of(row), log

    @uninterrupted
    async def remove_old(self, before_ms: int, limit: int) -> int:
        """Forget deliveries that were made earlier, with their attempts; how many there were."""
        old = select(deliveries.c.id).where(deliveries.c.created_at < before_ms).limit(limit)
        async with self.database.write() as connection:
            result = await connection.execute(delete(deliveries).where(deliveries.c.id.in_(old)))
        return result.rowcount


def delivery_of(row: Row[Any]) -> Delivery:
    """The record of a row of ``deliveries``."""
    return Delivery(
        id=row.id,
        owner=Owner(row.tenant, row.sandbox),
        event_id=row.event_id,
        endpoint_id=row.endpoint_id,
        created_at=row.created_at,
        replay=row.replay,
        status=row.status,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        finished_at=row.finished_at,
    )


async def _note_health(connection: AsyncConnection, endpoint_id: str, healthy: bool, now_ms: int) -> None:
    """Keep the first failure since the last success. Mostly nothing changes, and then nothing is written."""
    table = webhook_endpoints.c
    changed = table.failing_since.is_not(None) if healthy else table.failing_since.is_(None)
    since = None if healthy else now_ms
    await connection.execute(
        update(webhook_endpoints).where(table.id == endpoint_id, changed).values(failing_since=since)
    )


async def _disable(
    connection: AsyncConnection, assignment: Assignment, attempt: Attempt, conclusion: Conclusion
) -> bool:
    table = webhook_endpoints.c
    result = await connection.execute(
        update(webhook_endpoints)
        .where(table.id == assignment.endpoint.id, table.status == "enabled")
        .values(status="disabled", disabled_reason=conclusion.disable)
    )
    if result.rowcount == 0:
        return False
    data = {"endpointId": assignment.endpoint.id, "reason": conclusion.disable}
    await write_owner_event(connection, assignment.endpoint.owner, DISABLED_EVENT, data, attempt.attempted_at)
    return True
