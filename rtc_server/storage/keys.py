"""API keys in the database."""

import dataclasses
from typing import Any

from sqlalchemy import insert, select, update

from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import ApiKey, Owner
from rtc_server.storage.schema import api_keys

_CHANGEABLE = frozenset({"name", "expires_at", "revoked_at", "last_used_at", "allowed_origins"})


class SqlKeyStore:
    """``KeyStore`` on a migrated database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @uninterrupted
    async def add_key(self, key: ApiKey) -> None:
        """Insert or, when the hash exists, leave as it is."""
        values = _storable({field.name: getattr(key, field.name) for field in dataclasses.fields(key)})
        async with self.database.write() as connection:
            known = await connection.scalar(select(api_keys.c.id).where(api_keys.c.hash == key.hash))
            if known is None:
                await connection.execute(insert(api_keys).values(values))

    @uninterrupted
    async def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with that hash, revoked and expired ones too."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(api_keys).where(api_keys.c.hash == key_hash))).mappings().first()
        return _key(dict(row)) if row is not None else None

    @uninterrupted
    async def key(self, key_id: str, owner: Owner) -> ApiKey | None:
        """By id, when it is the owner's."""
        where = (api_keys.c.id == key_id, *owned_by(owner, api_keys))
        async with self.database.read() as connection:
            row = (await connection.execute(select(api_keys).where(*where))).mappings().first()
        return _key(dict(row)) if row is not None else None

    @uninterrupted
    async def keys(self, tenant: str) -> list[ApiKey]:
        """All keys of a tenant, newest first."""
        query = (
            select(api_keys)
            .where(api_keys.c.tenant == tenant)
            .order_by(api_keys.c.created_at.desc(), api_keys.c.id.desc())
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_key(dict(row)) for row in rows]

    @uninterrupted
    async def update_key(self, /, key_id: str, tenant: str, **changes: Any) -> ApiKey | None:
        """Change some fields; None for an unknown key. Raises ``TypeError`` for a name that cannot be changed."""
        if wrong := changes.keys() - _CHANGEABLE:
            raise TypeError(f"a key has no changeable field {', '.join(sorted(wrong))}")
        where = (api_keys.c.id == key_id, api_keys.c.tenant == tenant)
        async with self.database.write() as connection:
            if changes:
                await connection.execute(update(api_keys).where(*where).values(_storable(changes)))
            row = (await connection.execute(select(api_keys).where(*where))).mappings().first()
        return _key(dict(row)) if row is not None else None


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _key(row: dict[str, Any]) -> ApiKey:
    tuples = {name: tuple(row[name]) for name in ("scopes", "allowed_origins")}
    return ApiKey(**row | tuples)
