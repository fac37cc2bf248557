"""What owners may do with their webhooks: make endpoints, rotate secrets, test, send again."""

from collections.abc import Callable, Mapping
from typing import Any

from rtc_server.outbound.policy import OutboundPolicy, judge_url
from rtc_server.storage.ports import Owner
from rtc_server.webhooks.dispatcher import Dispatcher
from rtc_server.webhooks.ports import Delivery, DeliveryStore, Endpoint, EndpointStore
from rtc_server.webhooks.vault import Vault

MAX_ENDPOINTS = 20
"""Of one owner; each multiplies what every event costs."""


class TooManyEndpoints(Exception):
    """The owner has ``MAX_ENDPOINTS`` already."""


class WebhookService:
    """The room's door for the API. Whose something is has been looked up by then."""

    def __init__(
        self,
        endpoints: EndpointStore,
        deliveries: DeliveryStore,
        vault: Vault,
        dispatcher: Dispatcher,
        policies: Mapping[bool, OutboundPolicy],
        now_ms: Callable[[], int],
    ) -> None:
        self.endpoints = endpoints
        self.deliveries = deliveries
        self._vault = vault
        self._dispatcher = dispatcher
        self._policies = policies
        self._now_ms = now_ms

    def judge(self, url: str, owner: Owner) -> str:
        """Why an address cannot be an endpoint, in a word of ``judge_url``; empty when it can."""
        return judge_url(url, self._policies[owner.sandbox])

    async def create(self, endpoint_id: str, owner: Owner, url: str, fields: Mapping[str, Any]) -> tuple[Endpoint, str]:
        """A new endpoint and its secret, which is never shown again. Raises TooManyEndpoints."""
        if len(await self.endpoints.endpoints(owner)) >= MAX_ENDPOINTS:
            raise TooManyEndpoints
        now_ms = self._now_ms()
        secret, stored = self._vault.new(endpoint_id, now_ms)
        endpoint = Endpoint(endpoint_id, owner, url, now_ms, (stored,), **fields)
        await self.endpoints.add_endpoint(endpoint)
        return endpoint, secret

    async def update(self, endpoint: Endpoint, changes: Mapping[str, Any]) -> Endpoint | None:
        """Change fields; enabling forgets past failures. None when the endpoint is gone."""
        effects: dict[str, Any] = {}
        if changes.get("status") == "enabled" and endpoint.status == "disabled":
            effects = {"disabled_reason": "", "failing_since": None}
        if changes.get("status") == "disabled" and endpoint.status == "enabled":
            effects = {"disabled_reason": "request"}
        return await self.endpoints.update_endpoint(endpoint.id, endpoint.owner, **changes, **effects)

    async def rotate_secret(self, endpoint: Endpoint) -> tuple[Endpoint, str] | None:
        """A new secret; the former signs beside it for a day. None when the endpoint is gone."""
        secret, secrets = self._vault.rotate(endpoint.id, endpoint.secrets, self._now_ms())
        changed = await self.endpoints.update_endpoint(endpoint.id, endpoint.owner, secrets=secrets)
        return (changed, secret) if changed is not None else None

    async def test(self, endpoint: Endpoint) -> Delivery:
        """Send ``webhook.test``. Raises ``KeyError`` when the endpoint is gone."""
        delivery = await self.deliveries.add_test(endpoint, self._now_ms())
        await self._dispatcher.run_now([delivery.id])
        return delivery

    async def replay(self, delivery: Delivery) -> Delivery:
        """Send an event again. Raises ``KeyError`` when the endpoint is gone."""
        again = await self.deliveries.replay(delivery, self._now_ms())
        await self._dispatcher.run_now([again.id])
        return again

    async def replay_range(self, endpoint: Endpoint, from_ms: int, to_ms: int) -> int:
        """Send again what happened in a time; how many events. Raises ``KeyError`` when the endpoint is gone."""
        ids = await self.deliveries.replay_range(endpoint, from_ms, to_ms, self._now_ms())
        await self._dispatcher.run_now(ids)
        return len(ids)
