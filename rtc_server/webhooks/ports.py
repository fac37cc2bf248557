"""What webhooks are made of, and what they need from storage. Times are Unix milliseconds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rtc_server.storage.ports import EventRecord, Json, Owner, SessionRecord
from rtc_server.webhooks.payload import PayloadStyle
from rtc_server.webhooks.signing import SignatureStyle

DeliveryStatus = Literal["pending", "delivered", "failed"]
EndpointStatus = Literal["enabled", "disabled"]

SessionJson = Callable[[SessionRecord], Awaitable[Json]]
"""A session as the API shows it; handed over by the composition root."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A signing secret at rest."""

    sealed: str
    """Encrypted, see ``vault.py``."""
    created_at: int
    expires_at: int | None = None
    """When a replaced secret stops signing; None = the current one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an owner wants events sent."""

    id: str
    """``we_…``."""
    owner: Owner
    url: str
    created_at: int
    secrets: tuple[StoredSecret, ...]
    """Newest first."""
    description: str = ""
    event_types: tuple[str, ...] = ("*",)
    payload_style: PayloadStyle = "current"
    signature_style: SignatureStyle = "sha256_hex"
    status: EndpointStatus = "enabled"
    disabled_reason: Literal["", "request", "gone", "failing"] = ""
    """By the owner, by an answer 410, or after days of nothing but failures."""
    failing_since: int | None = None
    """First failure since the last success."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint."""

    id: str
    """``whd_…``; also the id of its workflow."""
    owner: Owner
    event_id: str
    endpoint_id: str
    created_at: int
    replay: int = 0
    """0 = the first; 1, 2 … = sent again on request."""
    status: DeliveryStatus = "pending"
    attempts: int = 0
    next_attempt_at: int | None = None
    """None before the first attempt and after the last."""
    finished_at: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try."""

    number: int
    """1, 2, 3 …"""
    attempted_at: int
    latency_ms: float
    status_code: int | None
    """None when there was no answer."""
    error: str = ""
    """``timeout``, ``connection_failed``, ``address_not_allowed`` … or empty."""
    response_excerpt: str = ""
    """Beginning of the answer's body."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everything that an attempt needs."""

    delivery: Delivery
    endpoint: Endpoint
    event: EventRecord
    session: SessionRecord | None
    """None for events of no session, and when it has been removed."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an attempt comes to."""

    status: DeliveryStatus
    next_attempt_at: int | None
    disable: Literal["", "gone", "failing"] = ""


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """A page of an owner's deliveries, newest first."""

    owner: Owner
    endpoint_id: str = ""
    event_id: str = ""
    status: DeliveryStatus | None = None
    limit: int = 25
    cursor: str = ""
    """Id of the last delivery of the page before."""


class EndpointStore(Protocol):
    """Endpoints of owners."""

    async def add_endpoint(self, endpoint: Endpoint) -> None:
        """Insert."""

    async def endpoint(self, endpoint_id: str, owner: Owner) -> Endpoint | None:
        """By id, when it is theirs."""

    async def endpoints(self, owner: Owner) -> list[Endpoint]:
        """All of an owner, oldest first."""

    async def update_endpoint(self, endpoint_id: str, owner: Owner, **changes: Any) -> Endpoint | None:
        """Change some fields; None for an unknown endpoint."""

    async def delete_endpoint(self, endpoint_id: str, owner: Owner) -> bool:
        """Remove it with its deliveries; whether there was one."""


class DeliveryStore(Protocol):
    """The outbox as webhooks see it, and the deliveries made from it."""

    async def dispatch(self, now_ms: int, limit: int) -> tuple[list[str], int]:
        """Turn the oldest undispatched events into deliveries, in one transaction.

        Returns the ids of the deliveries in the order of their events, and how many events were looked at.
        """

    async def pending(self) -> list[str]:
        """Ids of the deliveries that are not finished, oldest first, those of one moment in the order of events."""

    async def destination(self, delivery_id: str) -> str | None:
        """Id of the endpoint; None when the delivery is finished or gone."""

    async def assignment(self, delivery_id: str) -> Assignment | None:
        """What to send where; None when the delivery is finished or gone."""

    async def has_predecessor(self, assignment: Assignment) -> bool:
        """Whether an earlier event of the same session has still to be tried for the first time at this endpoint."""

    async def record_attempt(self, assignment: Assignment, attempt: Attempt, conclusion: Conclusion) -> None:
        """Keep an attempt and what follows from it; a finished delivery and a known number are left as they are.

        Disabling writes the event ``webhook_endpoint.disabled``.
        """

    async def deliveries(self, query: DeliveryQuery) -> tuple[list[Delivery], bool]:
        """One page, and whether there are more. An unknown cursor raises ``KeyError``."""

    async def delivery(self, delivery_id: str, owner: Owner) -> tuple[Delivery, list[Attempt]] | None:
        """By id with its attempts, when it is theirs."""

    async def replay(self, delivery: Delivery, now_ms: int) -> Delivery:
        """Send an event to an endpoint again: the same event id, a delivery of its own."""

    async def replay_range(self, endpoint: Endpoint, from_ms: int, to_ms: int, now_ms: int) -> list[str]:
        """Send again all events from that time (inclusive) that the endpoint is subscribed to; the deliveries' ids.

        At most ``MAX_REPLAYED`` of them, the oldest first.
        """

    async def add_test(self, endpoint: Endpoint, now_ms: int) -> Delivery:
        """An event ``webhook.test`` for one endpoint alone."""

    async def remove_old(self, before_ms: int, limit: int) -> int:
        """Forget deliveries that were made earlier, with their attempts; how many there were."""


class Runner(Protocol):
    """Carries deliveries out durably: once started, one is tried until it is finished, over restarts of the server."""

    async def start(self, delivery_ids: Sequence[str]) -> None:
        """Begin; harmless for those that were started before."""

    async def tidy(self, before_ms: int) -> None:
        """Forget what ended earlier."""

    async def close(self) -> None:
        """Stop within seconds; what is under way goes on at the next start."""
