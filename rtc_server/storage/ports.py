"""What the rest of the server needs from a store; ``sql.py`` is the adapter for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

Status = Literal["created", "inProgress", "complete", "incomplete"]
TERMINAL: frozenset[Status] = frozenset({"complete", "incomplete"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One verification session. Times are Unix milliseconds."""

    id: str
    tenant: str
    """Owner of the API key that created it."""
    created_at: int
    status: Status
    settings: Json
    """The body as submitted, with ``avatarId`` filled in; echoed to the customer."""
    flow: list[Json]
    """The validated flow, a list of nodes in G2 form; what runs."""
    secret_generation: int
    """Counts refreshes; the client secret is derived from the session id and this number, never stored."""
    secret_hash: str
    """SHA-256 of the current client secret, hex; the look-up key."""
    secret_created_at: int
    secret_expires_at: int
    started_at: int | None = None
    finished_at: int | None = None
    reason: str = ""
    """Why it ended, see ``messages.Finished``; empty before."""
    report: Json = field(default_factory=lambda: {"transcript": [], "lang": "en", "nodeReports": []})

    def with_(self, **changes: Any) -> "SessionRecord":
        """A copy with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One step of a session: what happened, when, and what the machine answered."""

    sequence: int
    """0, 1, 2 … without gaps; line 0 is the header (flow, variables, engine version)."""
    now: float
    """Seconds on the session's own clock (0.0 at its first start)."""
    event: Json
    commands: list[Json]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret."""

    id: str
    tenant: str
    hash: str
    """SHA-256 of the key, hex."""
    prefix: str
    """First characters, to recognise it by."""
    sandbox: bool
    created_at: int


class Store(Protocol):
    """Sessions, journals and API keys. Every call is its own transaction."""

    async def create_session(self, record: SessionRecord) -> None:
        """Insert; raises ``KeyError`` when the id exists."""

    async def session(self, session_id: str, tenant: str | None = None) -> SessionRecord | None:
        """By id; with ``tenant`` only when it owns the session."""

    async def session_by_secret(self, secret_hash: str) -> SessionRecord | None:
        """By the hash of the current client secret."""

    async def update_session(self, session_id: str, **changes: Any) -> SessionRecord:
        """Change some fields; a terminal status never changes again (the call then leaves the record as it is).

        Raises ``KeyError`` for an unknown id.
        """

    async def append_journal(self, session_id: str, lines: Sequence[JournalLine]) -> None:
        """Add lines; raises ``ValueError`` when their sequence does not continue the stored one."""

    async def journal(self, session_id: str) -> list[JournalLine]:
        """All lines in order; empty when there are none."""

    async def finish_session(
        self,
        session_id: str,
        lines: Sequence[JournalLine],
        *,
        status: Status,
        reason: str,
        report: Json,
        finished_at: int,
    ) -> SessionRecord:
        """Last journal lines, report and terminal status in one transaction."""

    async def add_key(self, key: ApiKey) -> None:
        """Insert or, when the hash exists, leave as it is."""

    async def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with that hash."""

    async def close(self) -> None:
        """Release connections."""
