"""What the audit says of reports, pictures and recordings that staff opened."""

from typing import Any

from rtc_server.storage.ports import AuditQuery
from tests.fakes.console_edge import ConsoleEdge

REASON = {"reason": "asked for by the court"}


async def audited(edge: ConsoleEdge, session_id: str) -> list[tuple[str, Any]]:
    """Acts of staff on a session, oldest first, with their details."""
    entries = await edge.stores.audit.entries(AuditQuery(limit=9, session_id=session_id))
    return [(entry.action, dict(entry.details)) for entry in reversed(entries) if entry.actor.id != "system"]
