"""Webhook endpoints in the database."""

import dataclasses
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import Owner
from rtc_server.storage.schema import webhook_endpoints
from rtc_server.webhooks.ports import Endpoint, StoredSecret

_CHANGEABLE = frozenset(field.name for field in dataclasses.fields(Endpoint)) - {"id", "owner", "created_at"}


class SqlEndpointStore:
    """``EndpointStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def add_endpoint(self, endpoint: Endpoint) -> None:
        """Insert."""
        names = ("id", "created_at", *_CHANGEABLE)
        values = _columns({name: getattr(endpoint, name) for name in names})
        owner = {"tenant": endpoint.owner.tenant, "sandbox": endpoint.owner.sandbox}
        async with self.database.write() as connection:
            await connection.execute(insert(webhook_endpoints).values(values | owner))

    @uninterrupted
    async def endpoint(self, endpoint_id: str, owner: Owner) -> Endpoint | None:
        """By id, when it is theirs."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(webhook_endpoints).where(*_theirs(endpoint_id, owner)))).first()
        return endpoint_of(row) if row is not None else None

    @uninterrupted
    async def endpoints(self, owner: Owner) -> list[Endpoint]:
        """All of an owner, oldest first."""
        table = webhook_endpoints.c
        query = (
            select(webhook_endpoints).where(*owned_by(owner, webhook_endpoints)).order_by(table.created_at, table.id)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [endpoint_of(row) for row in rows]

    @uninterrupted
    async def update_endpoint(self, /, endpoint_id: str, owner: Owner, **changes: Any) -> Endpoint | None:
        """Change some fields; None for an unknown endpoint. Raises ``TypeError`` for a name that cannot be changed."""
        if wrong := changes.keys() - _CHANGEABLE:
            raise TypeError(f"an endpoint has no changeable field {', '.join(sorted(wrong))}")
        where = _theirs(endpoint_id, owner)
        async with self.database.write() as connection:
            if changes:
                await connection.execute(update(webhook_endpoints).where(*where).values(_columns(changes)))
            row = (await connection.execute(select(webhook_endpoints).where(*where))).first()
        return endpoint_of(row) if row is not None else None

    @uninterrupted
    async def delete_endpoint(self, endpoint_id: str, owner: Owner) -> bool:
        """Remove it with its deliveries; whether there was one."""
        async with self.database.write() as connection:
            result = await connection.execute(delete(webhook_endpoints).where(*_theirs(endpoint_id, owner)))
        return result.rowcount > 0


def endpoint_of(row: Row[Any]) -> Endpoint:
    """The record of a row of ``webhook_endpoints``."""
    return Endpoint(
        id=row.id,
        owner=Owner(row.tenant, row.sandbox),
        url=row.url,
        created_at=row.created_at,
        secrets=tuple(StoredSecret(**secret) for secret in row.secrets),
        description=row.description,
        event_types=tuple(row.event_types),
        payload_style=row.payload_style,
        signature_style=row.signature_style,
        status=row.status,
        disabled_reason=row.disabled_reason,
        failing_since=row.failing_since,
    )


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """Fields as columns: tuples become JSON lists."""
    columns = dict(values)
    if "event_types" in columns:
        columns["event_types"] = list(columns["event_types"])
    if "secrets" in columns:
        columns["secrets"] = [dataclasses.asdict(secret) for secret in columns["secrets"]]
    return columns


def _theirs(endpoint_id: str, owner: Owner) -> tuple[Any, ...]:
    return webhook_endpoints.c.id == endpoint_id, *owned_by(owner, webhook_endpoints)
