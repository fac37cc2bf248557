"""What surrounds one attempt: what is to be sent, and what follows from the answer. Runs on the server's own loop."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from rtc_server.webhooks.payload import encode, payload
from rtc_server.webhooks.ports import Assignment, Attempt, Conclusion, DeliveryStore, SessionJson
from rtc_server.webhooks.schedule import Schedule, is_worn_out, judge
from rtc_server.webhooks.sender import Order, Sent
from rtc_server.webhooks.signing import signature_headers
from rtc_server.webhooks.vault import Vault, VaultError

logger = logging.getLogger(__name__)

ORDER_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class DeskPolicy:
    """How patient deliveries are."""

    schedule: Schedule = field(default_factory=Schedule)
    disable_after_days: float = 5.0
    """Nothing but failures for so long disables an endpoint; 0 = never."""
    order_seconds: float = 12.0
    """How long an event waits for the first attempt of those before it; longer than one attempt may take."""
    user_agent: str = "visavis"


class Desk:
    """Prepares attempts and records what came of them."""

    def __init__(
        self,
        store: DeliveryStore,
        vault: Vault,
        session_json: SessionJson,
        policy: DeskPolicy,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._vault = vault
        self._session_json = session_json
        self._policy = policy
        self._now_ms = now_ms

    async def endpoint_of(self, delivery_id: str) -> str | None:
        """Id of the endpoint; None when the delivery is finished or gone."""
        return await self._store.destination(delivery_id)

    async def prepare(self, delivery_id: str) -> tuple[Assignment, Order | Sent] | None:
        """What to send now, or why nothing can be sent; None when the delivery is finished or gone.

        Waits for the first attempts of earlier events of the same session, so that a receiver sees them in order.
        """
        assignment = await self._store.assignment(delivery_id)
        if assignment is not None and await self._wait_in_line(assignment):
            assignment = await self._store.assignment(delivery_id)
        if assignment is None:
            return None
        if assignment.endpoint.status != "enabled":
            return assignment, Sent(self._now_ms(), 0.0, error="endpoint_disabled")
        try:
            return assignment, await self._order(assignment)
        except VaultError as error:
            logger.error("endpoint %s cannot sign: %s", assignment.endpoint.id, error)
            return assignment, Sent(self._now_ms(), 0.0, error="secret_unreadable")

    async def record(self, assignment: Assignment, sent: Sent) -> int | None:
        """Keep what came of an attempt; when the next one is due (Unix ms), None when there is none."""
        conclusion = self._conclude(assignment, sent)
        attempt = Attempt(
            number=assignment.delivery.attempts + 1,
            attempted_at=sent.attempted_at,
            latency_ms=sent.latency_ms,
            status_code=sent.status_code,
            error=sent.error,
            response_excerpt=sent.excerpt,
        )
        await self._store.record_attempt(assignment, attempt, conclusion)
        if conclusion.disable:
            logger.warning("webhook endpoint %s is disabled: %s", assignment.endpoint.id, conclusion.disable)
        return conclusion.next_attempt_at

    async def _wait_in_line(self, assignment: Assignment) -> bool:
        """Whether there was a wait."""
        delivery = assignment.delivery
        if delivery.attempts or delivery.replay or not assignment.event.session_id:
            return False
        give_up_ms = self._now_ms() + 1000 * self._policy.order_seconds
        waited = False
        while await self._store.has_predecessor(assignment):
            if self._now_ms() >= give_up_ms:
                logger.info("delivery %s overtakes an earlier event of its session", delivery.id)
                break
            waited = True
            await asyncio.sleep(ORDER_POLL_SECONDS)
        return waited

    async def _order(self, assignment: Assignment) -> Order:
        event, endpoint, session = assignment.event, assignment.endpoint, assignment.session
        shows = session is not None and endpoint.payload_style != "current"
        body = encode(
            payload(
                endpoint.payload_style,
                event_id=event.id,
                event_type=event.type,
                created_at=event.created_at,
                session_id=event.session_id,
                data=event.data,
                session=await self._session_json(session) if session is not None and shows else None,
                reason=session.reason if session is not None else "",
            )
        )
        now_ms = self._now_ms()
        secrets = self._vault.valid(endpoint.id, endpoint.secrets, now_ms)
        headers = {"Content-Type": "application/json", "User-Agent": self._policy.user_agent}
        headers |= signature_headers(secrets, endpoint.signature_style, event.id, now_ms // 1000, body)
        return Order(endpoint.url, headers, body, endpoint.owner.sandbox)

    def _conclude(self, assignment: Assignment, sent: Sent) -> Conclusion:
        delivery, endpoint = assignment.delivery, assignment.endpoint
        verdict = judge(sent.status_code)
        if verdict == "delivered":
            return Conclusion("delivered", None)
        if verdict == "gone":
            return Conclusion("failed", None, disable="gone")
        if endpoint.status != "enabled":
            return Conclusion("failed", None)
        if is_worn_out(endpoint.failing_since, sent.attempted_at, self._policy.disable_after_days):
            return Conclusion("failed", None, disable="failing")
        delay = self._policy.schedule.delay_after(delivery.id, delivery.attempts + 1, sent.retry_after)
        if delay is None:
            return Conclusion("failed", None)
        return Conclusion("pending", sent.attempted_at + round(1000 * delay))
