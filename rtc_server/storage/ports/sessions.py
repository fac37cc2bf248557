"""What the rest of the server needs from storage; the adapters for SQLite and PostgreSQL stand beside it.

Times are Unix milliseconds. Every call is its own transaction. Every method raises StorageError when the database
cannot be used: locked, full, damaged, out of reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Protocol

Status = Literal["created", "inProgress", "complete", "incomplete"]
TERMINAL: frozenset[Status] = frozenset({"complete", "incomplete"})

Json = dict[str, Any]


class Owner(NamedTuple):
    """Whose something is: a tenant, in the sandbox or in production. The two never see each other's data."""

    tenant: str
    sandbox: bool


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
    """Why it ended, see ``messages.Finished``; empty before."""
    report: Json = field(default_factory=empty_report)
    device: Json | None = None
    """The browser that opened it (contract §4.7)."""
    location: Json | None = None
    """Where that was (contract §4.6); None unless the operator has set up a location database."""
    redacted_at: int | None = None
    delete_after: int | None = None
    """When retention removes it; None = not set yet."""

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

    async def redact(self, session_id: str, owner: Owner, now_ms: int, cause: str) -> SessionRecord | None:
        """Erase everything personal of a terminal session, keep ids, times, status and outcomes, and the proof.

        None for an unknown session. Raises ``ValueError`` for one that has not ended. A session that has been redacted
        is returned as it is.
        """

    async def delete(self, session_id: str, owner: Owner, now_ms: int, cause: str) -> bool:
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
    name: str = ""
    scopes: tuple[str, ...] = ("*",)
    """``sessions:read``, ``sessions:write``, ``flows:read`` …; ``*`` = all."""
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None

    @property
    def owner(self) -> Owner:
        """Whose data it opens."""
        return Owner(self.tenant, self.sandbox)


class KeyStore(Protocol):
    """API keys."""

    async def add_key(self, key: ApiKey) -> None:
        """Insert or, when the hash exists, leave as it is."""

    async def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with that hash, revoked and expired ones too."""

    async def key(self, key_id: str, owner: Owner) -> ApiKey | None:
        """By id, when it is the owner's."""

    async def keys(self, tenant: str) -> list[ApiKey]:
        """All keys of a tenant, newest first."""

    async def update_key(self, key_id: str, tenant: str, **changes: Any) -> ApiKey | None:
        """Change ``name``, ``expires_at``, ``revoked_at`` or ``last_used_at``; None for an unknown key."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What an Idempotency-Key was first answered with."""

    fingerprint: str
    """SHA-256 of method, path and body, hex."""
    status: int | None
    """None while the first request is still being worked on."""
    body: str


class IdempotencyStore(Protocol):
    """Answers to repeated POST requests, kept for a day."""

    async def begin(self, owner: Owner, key: str, fingerprint: str, now_ms: int) -> StoredAnswer | None:
        """Reserve a key; None when it is new (or older than a day), else what is known of it."""

    async def finish(self, owner: Owner, key: str, status: int, body: str) -> None:
        """Keep the answer."""

    async def forget(self, owner: Owner, key: str) -> None:
        """Give a key back, because its request was not carried out."""

    async def sweep(self, before_ms: int) -> int:
        """Remove what is older."""


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """A stored flow at one version."""

    id: str
    """``flow_…``."""
    owner: Owner
    name: str
    version: int
    """1, 2, 3 …; a version never changes."""
    created_at: int
    updated_at: int
    """When this version was stored."""
    nodes: list[Json]
    warnings: tuple[str, ...] = ()
    normalizations: tuple[Json, ...] = ()
    archived_at: int | None = None


class FlowStore(Protocol):
    """Stored, versioned flows."""

    async def add_flow(self, flow: FlowRecord) -> None:
        """Insert version 1."""

    async def flow(self, flow_id: str, owner: Owner, version: int | None = None) -> FlowRecord | None:
        """A version; None = the newest. An archived flow is found too."""

    async def flows(self, owner: Owner, limit: int, cursor: str = "") -> tuple[list[FlowRecord], bool]:
        """Newest versions of the flows that are not archived, newest flow first; whether there are more.

        ``cursor`` is the id of the last flow of the page before; raises ``KeyError`` for an unknown one.
        """

    async def add_version(self, flow: FlowRecord) -> FlowRecord | None:
        """Store ``nodes`` (and name) as the next version; None for an unknown flow or one that is archived."""

    async def archive_flow(self, flow_id: str, owner: Owner, now_ms: int) -> FlowRecord | None:
        """No new session may use it; those that run it go on."""


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """A message that the sandbox did not send."""

    id: str
    tenant: str
    session_id: str
    channel: Literal["email", "sms"]
    recipient: str
    subject: str
    text: str
    html: str
    created_at: int


class MailboxStore(Protocol):
    """Messages of the sandbox."""

    async def add_message(self, message: MailboxMessage) -> None:
        """Insert."""

    async def messages(self, tenant: str, session_id: str = "", limit: int = 100) -> list[MailboxMessage]:
        """Newest first."""


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """A picture or recording that was kept."""

    id: str
    """``m_…``."""
    session_id: str
    kind: str
    """``screenshot``, ``userVideo``, ``avatarVideo``, ``userPhoto``, or ``document.`` with ``document``, ``face``,
    ``signature``, ``input``, ``barcodeInput``."""
    side: int
    """Of a document, from 0; else 0."""
    content_type: str
    size_bytes: int
    created_at: int
    delete_after: int | None = None


class MediaStore(Protocol):
    """Pictures and recordings; the bytes are encrypted at rest."""

    async def put(self, record: MediaRecord, content: bytes) -> None:
        """Keep. Raises ``KeyError`` when there is no such session."""

    async def get(self, media_id: str) -> tuple[MediaRecord, bytes] | None:
        """Read back; None when it is gone."""

    async def media_of(self, session_id: str) -> list[MediaRecord]:
        """All of a session, oldest first."""

    async def delete_media(self, session_id: str) -> int:
        """Remove all of a session; how many there were."""

    async def delete_due(self, now_ms: int, limit: int = 100) -> int:
        """Remove what has been kept long enough; how many there were."""

    async def sweep_orphans(self) -> int:
        """Remove bytes that a crash has left without a record; how many items there were."""
