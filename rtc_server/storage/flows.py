"""Stored flows in the database: one row a flow, one row a version."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import FlowRecord, Owner
from rtc_server.storage.schema import flow_versions, flows

MAX_VERSION = 2**31 - 1
"""Greatest number in the column."""

_VERSIONS = select(
    flows.c.id,
    flows.c.tenant,
    flows.c.sandbox,
    flows.c.name,
    flows.c.created_at,
    flows.c.archived_at,
    flow_versions.c.version,
    flow_versions.c.created_at.label("updated_at"),
    flow_versions.c.nodes,
    flow_versions.c.warnings,
    flow_versions.c.normalizations,
).join(flow_versions, flow_versions.c.flow_id == flows.c.id)


class SqlFlowStore:
    """``FlowStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def add_flow(self, flow: FlowRecord) -> None:
        """Insert version 1."""
        row = {
            "id": flow.id,
            "tenant": flow.owner.tenant,
            "sandbox": flow.owner.sandbox,
            "name": flow.name,
            "version": flow.version,
            "created_at": flow.created_at,
            "updated_at": flow.updated_at,
        }
        async with self.database.write() as connection:
            await connection.execute(insert(flows).values(row))
            await _insert_version(connection, flow, flow.version)

    @uninterrupted
    async def flow(self, flow_id: str, owner: Owner, version: int | None = None) -> FlowRecord | None:
        """A version; None = the newest. An archived flow is found too."""
        if version is not None and not 0 < version <= MAX_VERSION:
            return None
        async with self.database.read() as connection:
            return await _read(connection, flow_id, owner, version)

    @uninterrupted
    async def flows(self, owner: Owner, limit: int, cursor: str = "") -> tuple[list[FlowRecord], bool]:
        """Newest versions of the flows that are not archived, newest flow first; whether there are more.

        ``cursor`` is the id of the last flow of the page before; raises ``KeyError`` for an unknown one.
        """
        query = _VERSIONS.where(
            *owned_by(owner, flows), flows.c.archived_at.is_(None), flow_versions.c.version == flows.c.version
        )
        async with self.database.read() as connection:
            if cursor:
                query = query.where(await _after(connection, cursor, owner))
            query = query.order_by(flows.c.created_at.desc(), flows.c.id.desc()).limit(limit + 1)
            rows = (await connection.execute(query)).mappings().all()
        return [_flow(row) for row in rows[:limit]], len(rows) > limit

    @uninterrupted
    async def add_version(self, flow: FlowRecord) -> FlowRecord | None:
        """Store ``nodes`` (and name) as the next version; None for an unknown flow or one that is archived."""
        async with self.database.write() as connection:
            where = (flows.c.id == flow.id, *owned_by(flow.owner, flows), flows.c.archived_at.is_(None))
            known = await connection.scalar(select(flows.c.version).where(*where).with_for_update())
            if known is None:
                return None
            changes = {"version": known + 1, "name": flow.name, "updated_at": flow.updated_at}
            await connection.execute(update(flows).where(flows.c.id == flow.id).values(changes))
            await _insert_version(connection, flow, known + 1)
            return await _read(connection, flow.id, flow.owner, known + 1)

    @uninterrupted
    async def archive_flow(self, flow_id: str, owner: Owner, now_ms: int) -> FlowRecord | None:
        """No new session may use it; those that run it go on. None for an unknown flow."""
        async with self.database.write() as connection:
            where = (flows.c.id == flow_id, *owned_by(owner, flows), flows.c.archived_at.is_(None))
            await connection.execute(update(flows).where(*where).values(archived_at=now_ms))
            return await _read(connection, flow_id, owner, None)


async def _insert_version(connection: AsyncConnection, flow: FlowRecord, version: int) -> None:
    row = {
        "flow_id": flow.id,
        "version": version,
        "created_at": flow.updated_at,
        "nodes": flow.nodes,
        "warnings": list(flow.warnings),
        "normalizations": list(flow.normalizations),
    }
    await connection.execute(insert(flow_versions).values(row))


async def _read(connection: AsyncConnection, flow_id: str, owner: Owner, version: int | None) -> FlowRecord | None:
    wanted = flows.c.version if version is None else version
    query = _VERSIONS.where(flows.c.id == flow_id, *owned_by(owner, flows), flow_versions.c.version == wanted)
    row = (await connection.execute(query)).mappings().first()
    return _flow(row) if row is not None else None


async def _after(connection: AsyncConnection, cursor: str, owner: Owner) -> ColumnElement[bool]:
    created_at = await connection.scalar(
        select(flows.c.created_at).where(flows.c.id == cursor, *owned_by(owner, flows))
    )
    if created_at is None:
        raise KeyError(cursor)
    same_moment = and_(flows.c.created_at == created_at, flows.c.id < cursor)
    return or_(flows.c.created_at < created_at, same_moment)


def _flow(row: Mapping[Any, Any]) -> FlowRecord:
    return FlowRecord(
        id=row["id"],
        owner=Owner(row["tenant"], row["sandbox"]),
        name=row["name"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        nodes=row["nodes"],
        warnings=tuple(row["warnings"]),
        normalizations=tuple(row["normalizations"]),
        archived_at=row["archived_at"],
    )
