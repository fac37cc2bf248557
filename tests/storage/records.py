"""Sessions to store, and a store for them."""

from typing import Any

from rtc_server.audit.signing import AuditKey
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.database import open_database
from rtc_server.storage.ports import SessionRecord
from rtc_server.storage.retention import Retention
from rtc_server.storage.sql import SqlStore

START_MS = 1_790_000_000_000


async def open_store(url: str) -> SqlStore:
    """The sessions of the database at ``url``, brought up to date."""
    database = await open_database(url)
    return SqlStore(database, Retention(), SqlAuditLog(database, AuditKey(b"k" * 32)))


def session_record(number: int, **fields: Any) -> SessionRecord:
    """A session, ``number`` seconds after the first one."""
    created_at = START_MS + number * 1_000
    values: dict[str, Any] = {
        "id": f"session-{number:05}",
        "tenant": "acme",
        "created_at": created_at,
        "status": "created",
        "settings": {"zone": "eu", "avatarId": "ava"},
        "flow": [{"id": "s", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}],
        "secret_generation": 0,
        "secret_hash": f"{number:064}",
        "secret_created_at": created_at,
        "secret_expires_at": created_at + 7_200_000,
    }
    return SessionRecord(**(values | fields))
