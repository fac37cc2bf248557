"""What is counted of sessions that have ended: a narrow row each, so that ten thousand are read at once."""

from collections.abc import AsyncIterator, Sequence
from typing import Literal, NamedTuple, Protocol

from rtc_server.storage.ports.owner import Owner, Scope

SessionResult = Literal["verified", "unverified", "incomplete", "expired"]
"""``unverified``: complete, and a check spoke against it or none was made; ``expired``: nobody opened it."""


class PathNode(NamedTuple):
    """A node on the way of a session."""

    node_id: str
    node_type: str


class SessionFacts(NamedTuple):
    """One session that has ended. Nothing in it tells who the person was."""

    session_id: str
    tenant: str
    sandbox: bool
    finished_at: int
    result: SessionResult
    reason: str
    """Why it ended, see ``rtc.messages.Finished``."""
    flow_id: str = ""
    started_at: int | None = None
    language: str = ""
    browser: str = ""
    """Empty when it is not known, and once the session is redacted; so are the next two."""
    system: str = ""
    mobile: bool | None = None
    liveness: str = ""
    """Verdict of its last check of a live person; empty when there was none."""
    attacked: bool = False
    """Whether any check met an attack."""
    provider_failed: bool = False
    """Whether an engine failed, so that a check was not made or the session ended."""
    path: tuple[PathNode, ...] = ()
    """The nodes that it entered, in order, without the start."""
    failures: tuple[str, ...] = ()
    """Why it is not verified: ``<node type>:<outcome>``, or ``ended:<reason>``."""
    node_seconds: Sequence[float] = ()
    """How long each node of the path took that it left, the first ones of it; in the others it ended."""
    answer_ms: Sequence[float] = ()
    """How long each spoken answer of the avatar took."""


class FactCounts(NamedTuple):
    """Sessions of one owner that ended in a span of time."""

    sessions: int
    failed: int
    """Neither verified nor unopened."""
    attacked: int
    provider_failed: int


class Place(NamedTuple):
    """Where a session stands in the order of their ends."""

    finished_at: int
    session_id: str


class QuietSession(NamedTuple):
    """A session in progress."""

    session_id: str
    owner: Owner
    heard_at: int
    """When its journal last grew."""


class FactStore(Protocol):
    """Facts of sessions that have ended; written in the transaction that ends them."""

    def facts(self, scope: Scope, from_ms: int, to_ms: int) -> AsyncIterator[Sequence[SessionFacts]]:
        """Sessions that ended in a span (its end excluded), oldest first, in batches."""

    async def counts(self, from_ms: int, to_ms: int) -> dict[Owner, FactCounts]:
        """Of every owner who has any, in a span (its end excluded)."""

    async def quiet(self, heard_before_ms: int, limit: int = 100) -> list[QuietSession]:
        """Sessions in progress whose journal has not grown since a moment, the longest quiet first."""

    async def uncounted(self, before: Place, limit: int = 200) -> list[Place]:
        """Ended sessions that have no facts, the newest first, from behind ``before`` on."""

    async def count_sessions(self, session_ids: Sequence[str]) -> None:
        """Write the facts of ended sessions that have none. Another process may do the same."""
