"""What the HTTP edge needs from the rest of the server; the composition root hands it over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from conversation.flow.schema.problems import Problem
from rtc_server.storage.ports import Json, SessionRecord


class FlowCheck(Protocol):
    """Verdict on a submitted flow."""

    @property
    def nodes(self) -> list[Json]:
        """The flow in its canonical form, a list of nodes; meaningless when there are problems."""

    @property
    def problems(self) -> Sequence[Problem]:
        """Every reason to refuse it; paths begin with ``flow``."""

    @property
    def warnings(self) -> Sequence[str]:
        """Sentences about what was repaired or looks unwise."""

    @property
    def normalizations(self) -> Sequence[Json]:
        """Repairs, each ``{nodeId, outcome, filledWith}`` (contract §2.4)."""


class CheckFlow(Protocol):
    """Judges the ``flow`` of a create call, whatever JSON it is; never raises."""

    def __call__(self, flow: Any, *, lenient: bool = False) -> FlowCheck:
        """``lenient``: unknown fields are ignored with a warning instead of refused."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the browser that opens a session says about itself."""

    user_agent: str = ""
    languages: tuple[str, ...] = ()
    """BCP 47, most wanted first."""
    address: str = ""
    """IP address; used only where the operator has set up a location database, never stored."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A step that the sandbox takes in place of a person."""

    action: Literal["start", "outcome", "complete", "fail", "cancel"]
    outcome: str = ""
    """With ``outcome``: what the current node is to come to."""
    node_id: str = ""
    """With ``outcome``: where the flow must stand; empty = wherever it stands."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """With ``complete`` and ``fail``: node id → outcome where the usual one is not wanted."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trickled ICE candidate (RFC 8840; W3C RTCIceCandidateInit). An empty ``candidate`` ends them."""

    candidate: str
    sdp_mid: str | None
    sdp_m_line_index: int | None


class CallError(Exception):
    """A call that cannot be made, for example ``busy`` (503) or ``invalid_sdp`` (400)."""

    def __init__(self, code: str, message: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        """HTTP status."""
        self.retry_after = retry_after
        """Seconds until another try makes sense."""


class Calls(Protocol):
    """The calls in progress on this server. Every method is bounded in time."""

    async def offer(self, session: SessionRecord, page_id: str, sdp: str, visitor: Visitor) -> tuple[str, str]:
        """Answer a page's offer: peer id and SDP answer. Raises CallError."""

    async def cancel(self, session_id: str) -> SessionRecord:
        """End a session for the integrator, running or not; one that has ended is returned as it is."""

    async def simulate(self, session: SessionRecord, simulation: Simulation) -> SessionRecord:
        """Let the sandbox move a session without a page. Raises CallError."""

    async def candidates(self, session_id: str, peer_id: str, candidates: list[Candidate]) -> None:
        """Add candidates to a peer; an unknown or former peer is ignored. Raises CallError."""

    async def leave(self, session_id: str, peer_id: str | None) -> None:
        """The person ended the session; ignored from a peer that is no longer the current one. Raises CallError."""

    async def document_picture(self, session_id: str, request_id: str, *, number: int | None, content: bytes) -> None:
        """A picture of a document: a still that was asked for by its ``number``, or, without one, an uploaded file.

        Raises CallError: ``not_awaited`` (409) when no scan of this id waits for it, ``picture_too_large`` (413),
        ``picture_unreadable`` (400).
        """

    def agreed_to_recording(self, session_id: str, tracks: Sequence[str]) -> None:
        """The person has just said what of the call may be recorded; empty = nothing."""

    def holds(self, session_id: str, page_id: str) -> bool:
        """Whether this page is the one in the running call, so that it may reconnect after its secret expired."""


class Preflights(Protocol):
    """Measures connections before calls, never on one of them. Bounded in time and number."""

    async def answer(self, session_id: str, offer: str) -> str:
        """Answer the offer of a connection that is only measured. Raises CallError."""


@dataclass(frozen=True, slots=True)
class Avatar:
    """Who speaks."""

    id: str
    name: str
    persona: str
    """Portrait that the page draws."""
    gender: Literal["male", "female", "unknown"] = "unknown"
    created_at: int = 0
    """When it was first offered, Unix milliseconds."""
