"""Sessions to store."""

from typing import Any

from rtc_server.storage.ports import SessionRecord

START_MS = 1_790_000_000_000


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
