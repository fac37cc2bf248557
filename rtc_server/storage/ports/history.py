"""Sessions as staff look for them: over tenants, with what came of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rtc_server.storage.ports.facts import SessionResult
from rtc_server.storage.ports.owner import Scope
from rtc_server.storage.ports.reviews import ReviewState
from rtc_server.storage.ports.sessions import SessionRecord, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """A page of sessions, newest first."""

    scope: Scope
    search: str = ""
    """Text in the id, the client reference or the metadata."""
    ids_only: bool = False
    """Look for it in ids alone: whoever is not shown the rest shall not find it out by asking."""
    status: Status | None = None
    result: SessionResult | None = None
    created_from: int | None = None
    created_to: int | None = None
    """Unix milliseconds, both included."""
    cursor: str = ""
    """Id of the last session of the page before; one that is gone begins from the newest again."""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the list."""

    id: str
    tenant: str
    sandbox: bool
    created_at: int
    status: Status
    flow_id: str
    client_reference_id: str
    finished_at: int | None
    reason: str
    redacted_at: int | None
    result: SessionResult | None
    """None until it has ended."""
    review: ReviewState | None
    """None when nobody need look at it."""
    decision: str


class HistoryStore(Protocol):
    """Looks for sessions of all whom a scope holds."""

    async def history(self, query: HistoryQuery) -> list[HistoryEntry]:
        """One page."""

    async def entries_of(self, scope: Scope, session_ids: Sequence[str]) -> list[HistoryEntry]:
        """The lines of these sessions, newest first; those that the scope does not hold are left out."""

    async def session_of(self, scope: Scope, session_id: str) -> SessionRecord | None:
        """One session; None when there is none, or the scope does not hold it."""
