"""Answers to repeated requests in the database."""

from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import Owner, StoredAnswer
from rtc_server.storage.schema import idempotency

ANSWER_MS = 24 * 3_600_000
"""How long an answer is kept."""

RESERVATION_MS = 60_000
"""How long a request may be worked on. After a crash its key is free again when this has passed."""


class SqlIdempotencyStore:
    """``IdempotencyStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def begin(self, owner: Owner, key: str, fingerprint: str, now_ms: int) -> StoredAnswer | None:
        """Reserve a key; None when it is new or its time is over, else what is known of it."""
        try:
            return await self._reserve(owner, key, fingerprint, now_ms)
        except IntegrityError:  # somebody else reserved it between our look and our insert
            return await self._reserve(owner, key, fingerprint, now_ms)

    @uninterrupted
    async def finish(self, owner: Owner, key: str, status: int, body: str) -> None:
        """Keep the answer."""
        async with self.database.write() as connection:
            await connection.execute(update(idempotency).where(*_is(owner, key)).values(status=status, body=body))

    @uninterrupted
    async def forget(self, owner: Owner, key: str) -> None:
        """Give a key back, because its request was not carried out."""
        async with self.database.write() as connection:
            await connection.execute(delete(idempotency).where(*_is(owner, key)))

    @uninterrupted
    async def sweep(self, before_ms: int) -> int:
        """Remove what is older; how many there were."""
        async with self.database.write() as connection:
            result = await connection.execute(delete(idempotency).where(idempotency.c.created_at < before_ms))
        return int(result.rowcount)

    async def _reserve(self, owner: Owner, key: str, fingerprint: str, now_ms: int) -> StoredAnswer | None:
        async with self.database.write() as connection:
            query = select(idempotency).where(*_is(owner, key)).with_for_update()
            row = (await connection.execute(query)).mappings().first()
            if row is not None and now_ms - row["created_at"] < _kept_ms(row["status"]):
                return StoredAnswer(row["fingerprint"], row["status"], row["body"])
            fresh = {"fingerprint": fingerprint, "created_at": now_ms, "status": None, "body": ""}
            if row is None:
                place = {"tenant": owner.tenant, "sandbox": owner.sandbox, "key": key}
                await connection.execute(insert(idempotency).values(place | fresh))
            else:
                await connection.execute(update(idempotency).where(*_is(owner, key)).values(fresh))
        return None


def _kept_ms(status: Any) -> int:
    return RESERVATION_MS if status is None else ANSWER_MS


def _is(owner: Owner, key: str) -> tuple[ColumnElement[bool], ...]:
    return *owned_by(owner, idempotency), idempotency.c.key == key
