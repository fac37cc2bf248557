"""Sessions, their journals, and the events that their changes write."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from rtc_server.storage.ports.owner import Json, Owner

Status = Literal["created", "inProgress", "complete", "incomplete"]
TERMINAL: frozenset[Status] = frozenset({"complete", "incomplete"})


def empty_report() -> Json:
    """The report of a session that has not begun."""
    return {"transcript": [], "lang": "en", "nodeReports": []}


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One verification session."""

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
    sandbox: bool = False
    """Created with a test key."""
    flow_id: str = ""
    """Stored flow that it runs; empty = the flow came with the create call."""
    flow_version: int = 0
    client_reference_id: str = ""
    started_at: int | None = None
    finished_at: int | None = None
    reason: str = ""
    """Why it ended, see ``rtc.messages.Finished``; empty before."""
    report: Json = field(default_factory=empty_report)
    device: Json | None = None
    """The browser that opened it (contract §4.7)."""
    location: Json | None = None
    """Where that was (contract §4.6); None unless the operator has set up a location database."""
    redacted_at: int | None = None
    delete_after: int | None = None
    """When retention removes it; None = not set yet."""
    api_key_id: str = ""
    """Key that created it, whose list says who may embed its page; empty in sessions of former versions."""
    consent: Json | None = None
    """What the person agreed to on the page: ``version``, ``locale``, ``acceptedAt``; None before."""

    @property
    def owner(self) -> Owner:
        """Who may see it."""
        return Owner(self.tenant, self.sandbox)

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
class EventRecord:
    """Something that an integrator may want to know; stands in the outbox until it is dispatched."""

    id: str
    """``evt_…``."""
    tenant: str
    sandbox: bool
    session_id: str
    """Empty for events that belong to no session."""
    type: str
    """``session.status``, ``media.document_photo``, ``webhook_endpoint.disabled`` …"""
    created_at: int
    data: Json
    """Further members of the thin payload, such as ``{"status": "complete"}``."""
    sequence: int = 0
    """Order of storing, given by the database."""


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """A page of an owner's sessions (contract §1.6)."""

    owner: Owner
    limit: int = 25
    """0 to 100."""
    cursor: str = ""
    """Id of the last session of the page before."""
    flow_id: str = ""
    client_reference_id: str = ""
    statuses: tuple[Status, ...] = ()
    from_date: int | None = None
    """Creation time, inclusive."""
    to_date: int | None = None
    """Inclusive."""
    sort_by: Literal["createdAt", "status", "finishedAt"] = "createdAt"
    descending: bool = True
    search: str = ""
    """Text somewhere in id, client reference or metadata; case does not matter."""
    include_total: bool = False


@dataclass(frozen=True, slots=True)
class SessionPage:
    """What ``SessionQuery`` found."""

    sessions: list[SessionRecord]
    has_more: bool
    total: int | None = None


class Store(Protocol):
    """Sessions, their journals, and the events that their changes write."""

    async def create_session(self, record: SessionRecord) -> None:
        """Insert, with the event ``session.status`` created; raises ``KeyError`` when the id exists."""

    async def session(self, session_id: str, owner: Owner | None = None) -> SessionRecord | None:
        """By id; with ``owner`` only when the session is theirs."""

    async def session_by_secret(self, secret_hash: str) -> SessionRecord | None:
        """By the hash of the current client secret."""

    async def sessions(self, query: SessionQuery) -> SessionPage:
        """One page. An unknown cursor raises ``KeyError``."""

    async def update_session(
        self, session_id: str, *, if_generation: int | None = None, **changes: Any
    ) -> SessionRecord:
        """Change some fields; a terminal status never changes again (the call then leaves the record as it is).

        A change of ``status`` writes its event. With ``if_generation`` nothing changes unless ``secret_generation``
        still has that value; the record as it stands is returned. Raises ``KeyError`` for an unknown id.
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
        """Last journal lines, report, terminal status and its event in one transaction.

        A session that is terminal already is returned as it is.
        """

    async def add_event(self, session: SessionRecord, event_type: str, data: Json, created_at: int) -> EventRecord:
        """Write an event of a session that is no change of status."""

    async def events(self, session_id: str, after_sequence: int = 0, limit: int = 500) -> list[EventRecord]:
        """Events of a session in order."""
