"""What time does to sessions."""

from typing import NamedTuple, Protocol

from rtc_server.audit.chain import SYSTEM, Actor
from rtc_server.storage.ports.owner import Owner
from rtc_server.storage.ports.sessions import SessionRecord


class Ended(NamedTuple):
    """A place among the sessions that have ended, in the order of their end."""

    finished_at: int = 0
    session_id: str = ""
    owner: Owner = Owner("", sandbox=False)


class LifecycleStore(Protocol):
    """What time does to sessions: expiry, retention, redaction, erasure."""

    async def expire_unused(self, now_ms: int, grace_ms: int, limit: int = 100) -> int:
        """End ``created`` sessions whose secret expired longer than ``grace_ms`` ago (reason ``expired``)."""

    async def stalled(self, started_before_ms: int, limit: int = 100) -> list[SessionRecord]:
        """Sessions in progress that started before a moment, the longest-running first.

        Whether somebody runs them is the caller's knowledge.
        """

    async def redact(
        self, session_id: str, owner: Owner, now_ms: int, cause: str, by: Actor = SYSTEM
    ) -> SessionRecord | None:
        """Erase everything personal of a terminal session, keep ids, times, status and outcomes, and the proof.

        None for an unknown session. Raises ``ValueError`` for one that has not ended. A session that has been redacted
        is returned as it is.
        """

    async def delete(self, session_id: str, owner: Owner, now_ms: int, cause: str, by: Actor = SYSTEM) -> bool:
        """Remove a session with all that hangs on it; whether there was one. The proof stays."""

    async def delete_due(self, now_ms: int, limit: int = 100) -> list[str]:
        """Remove sessions whose time is over, with all that hangs on them; their ids."""

    async def subject(self, owner: Owner, client_reference_id: str) -> list[SessionRecord]:
        """Every session of one subject, oldest first, redacted ones too."""

    async def ended(self, finished_before_ms: int, after: Ended, limit: int = 100) -> list[Ended]:
        """Sessions that ended before a moment, from where ``after`` left off."""

    async def drop_transcript(self, session_id: str) -> None:
        """Remove what was said from the report of a session that has ended."""

    async def drop_journal(self, session_id: str) -> None:
        """Remove the journal of a session that has ended."""

    async def drop_events(self, created_before_ms: int, limit: int = 1000) -> int:
        """Remove old events and the log of their deliveries, the oldest first; how many there were."""
