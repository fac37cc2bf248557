"""Alerts and their settings in the database."""

import dataclasses

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by, seen_by
from rtc_server.storage.ports import AlertRecord, AlertSettingsRecord, Json, Scope
from rtc_server.storage.schema import alert_settings, alerts

_FIELDS = [field.name for field in dataclasses.fields(AlertRecord)]
_COLUMNS = [alerts.c[name] for name in _FIELDS]


class SqlAlertStore:
    """``AlertStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def alert_settings(self, tenant: str) -> AlertSettingsRecord | None:
        """What was set under exactly this name."""
        query = select(alert_settings).where(alert_settings.c.tenant == tenant)
        async with self.database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return AlertSettingsRecord(**row) if row is not None else None

    @uninterrupted
    async def all_alert_settings(self) -> dict[str, AlertSettingsRecord]:
        """Of every tenant who has any, and of ``*``."""
        async with self.database.read() as connection:
            rows = (await connection.execute(select(alert_settings))).mappings().all()
        return {row["tenant"]: AlertSettingsRecord(**row) for row in rows}

    @uninterrupted
    async def save_alert_settings(self, record: AlertSettingsRecord) -> None:
        """Insert or replace."""
        async with self.database.write() as connection:
            await connection.execute(delete(alert_settings).where(alert_settings.c.tenant == record.tenant))
            await connection.execute(insert(alert_settings), dataclasses.asdict(record))

    async def raise_alert(self, alert: AlertRecord, quiet_ms: int) -> bool:
        """Insert, unless the same rule was raised for the same owner and session within ``quiet_ms``; whether it was.

        Of several processes that raise the same alert at once, one succeeds.
        """
        try:
            return await self._raise(alert, quiet_ms)
        except IntegrityError:
            return False

    @uninterrupted
    async def unsent_alerts(self, raised_after_ms: int, max_attempts: int, limit: int = 20) -> list[AlertRecord]:
        """Alerts that are still to be sent, oldest first."""
        c = alerts.c
        query = (
            select(*_COLUMNS)
            .where(c.raised_at > raised_after_ms, c.sent_at.is_(None), c.attempts < max_attempts)
            .order_by(c.raised_at, c.id)
            .limit(limit)
        )
        async with self.database.read() as connection:
            return [AlertRecord(**row) for row in (await connection.execute(query)).mappings().all()]

    @uninterrupted
    async def claim_alert(self, alert: AlertRecord) -> bool:
        """Count one more attempt; False when another process has just begun it."""
        unchanged = alerts.c.id == alert.id, alerts.c.attempts == alert.attempts, alerts.c.sent_at.is_(None)
        async with self.database.write() as connection:
            result = await connection.execute(update(alerts).where(*unchanged).values(attempts=alert.attempts + 1))
        return result.rowcount > 0

    @uninterrupted
    async def alert_sent(self, alert_id: str, channels: Json, sent_at: int | None) -> None:
        """Write down what came of an attempt."""
        values: Json = {"channels": channels, "sent_at": sent_at}
        async with self.database.write() as connection:
            await connection.execute(update(alerts).where(alerts.c.id == alert_id).values(values))

    @uninterrupted
    async def alerts(self, scope: Scope, limit: int = 100) -> list[AlertRecord]:
        """Newest first."""
        newest = alerts.c.raised_at.desc(), alerts.c.id.desc()
        query = select(*_COLUMNS).where(*seen_by(scope, alerts)).order_by(*newest).limit(limit)
        async with self.database.read() as connection:
            return [AlertRecord(**row) for row in (await connection.execute(query)).mappings().all()]

    @uninterrupted
    async def drop_alerts(self, raised_before_ms: int) -> int:
        """Remove old ones; how many there were."""
        async with self.database.write() as connection:
            result = await connection.execute(delete(alerts).where(alerts.c.raised_at < raised_before_ms))
        return int(result.rowcount)

    @uninterrupted
    async def _raise(self, alert: AlertRecord, quiet_ms: int) -> bool:
        c = alerts.c
        same = *owned_by(alert.owner, alerts), c.rule == alert.rule, c.session_id == alert.session_id
        last = select(func.max(c.raised_at), func.max(c.occurrence)).where(*same)
        async with self.database.write() as connection:
            raised_at, occurrence = (await connection.execute(last)).one()
            if raised_at is not None and alert.raised_at - raised_at < quiet_ms:
                return False
            values = {name: getattr(alert, name) for name in _FIELDS}
            await connection.execute(insert(alerts), values | {"occurrence": (occurrence or 0) + 1})
        return True
