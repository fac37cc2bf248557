"""Alerts as the console shows and sets them."""

import logging
from collections.abc import Callable

from rtc_server.alerts.sending import AlertSender, alert_json
from rtc_server.alerts.wishes import AlertWishes, WishError, read_wishes
from rtc_server.crypto.ids import new_id
from rtc_server.outbound.policy import OutboundPolicy, judge_url
from rtc_server.storage.ports import AlertRecord, AlertSettingsRecord, AlertStore, Json, Scope
from rtc_server.storage.ports.owner import EVERY_TENANT
from rtc_server.webhooks.ports import StoredSecret
from rtc_server.webhooks.vault import Vault, VaultError

logger = logging.getLogger(__name__)


class Alerts:
    """What tenants want to be told, what was raised, and a way to try it out."""

    def __init__(
        self,
        store: AlertStore,
        sender: AlertSender,
        vault: Vault,
        policy: OutboundPolicy,
        now_ms: Callable[[], int],
        *,
        can_mail: bool,
    ) -> None:
        """``can_mail``: whether the server has been told of a mail server."""
        self._store = store
        self._sender = sender
        self._vault = vault
        self._policy = policy
        self._now_ms = now_ms
        self._can_mail = can_mail

    async def settings(self, tenant: str) -> Json:
        """``{tenant, settings, inherited, signed, canMail}`` of a tenant, or of ``*`` for all who have none.

        ``inherited``: nothing was set under this name, so those of ``*`` or the defaults hold. ``signed``: there is a
        secret for the webhook.
        """
        record = await self._record(tenant)
        return self._shown(tenant, record)

    async def set(self, tenant: str, body: object, by: str) -> Json:
        """Replace the settings of a tenant; as ``settings``, and ``secret`` when the webhook got a new one.

        The secret is shown this once. ``by`` is the id of who does it. Raises WishError.
        """
        wishes = read_wishes(body)
        if wishes.webhook_url and (reason := judge_url(wishes.webhook_url, self._policy)):
            raise WishError(f"webhookUrl: write a public https address, without a password ({reason})")
        known = await self._store.alert_settings(tenant)
        now_ms = self._now_ms()
        secret, sealed = "", known.sealed_secret if known is not None else ""
        if not wishes.webhook_url:
            sealed = ""
        elif not sealed or (known is not None and read_wishes(known.body).webhook_url != wishes.webhook_url):
            secret, stored = self._vault.new(_about(tenant), now_ms)
            sealed = stored.sealed
        record = AlertSettingsRecord(tenant, wishes.to_json(), sealed, now_ms, by)
        await self._store.save_alert_settings(record)
        return self._shown(tenant, record) | ({"secret": secret} if secret else {})

    async def test(self, tenant: str) -> Json:
        """Send a test to every channel of a tenant; what came of each, empty when there is none."""
        record = await self._record(tenant)
        alert = AlertRecord(
            id=new_id("alr_"),
            tenant=tenant,
            sandbox=False,
            rule="test",
            session_id="",
            text="Somebody tried out the alerts. Nothing is wrong.",
            figures={},
            raised_at=self._now_ms(),
        )
        return await self.deliver(alert, record)

    async def recent(self, scope: Scope, limit: int = 100) -> list[Json]:
        """Alerts that a scope holds, newest first, with what came of sending them."""
        return [
            alert_json(alert) | {"sentAt": alert.sent_at, "attempts": alert.attempts, "channels": alert.channels}
            for alert in await self._store.alerts(scope, limit)
        ]

    async def deliver(self, alert: AlertRecord, record: AlertSettingsRecord | None) -> Json:
        """Send an alert where its tenant wants it; what came of each channel. Never raises but StorageError."""
        wishes = wishes_of(record)
        return await self._sender.send(alert, wishes, self._secrets(record))

    async def _record(self, tenant: str) -> AlertSettingsRecord | None:
        return await self._store.alert_settings(tenant) or await self._store.alert_settings(EVERY_TENANT)

    def _secrets(self, record: AlertSettingsRecord | None) -> list[str]:
        if record is None or not record.sealed_secret:
            return []
        stored = StoredSecret(record.sealed_secret, record.updated_at)
        try:
            return self._vault.valid(_about(record.tenant), [stored], self._now_ms())
        except VaultError:
            logger.error("the secret of an alert webhook was sealed under another server key: set it anew")
            return []

    def _shown(self, tenant: str, record: AlertSettingsRecord | None) -> Json:
        return {
            "tenant": tenant,
            "settings": wishes_of(record).to_json(),
            "inherited": record is None or record.tenant != tenant,
            "signed": record is not None and bool(record.sealed_secret),
            "canMail": self._can_mail,
        }


def wishes_of(record: AlertSettingsRecord | None) -> AlertWishes:
    """What a record says; the defaults without one."""
    return read_wishes(record.body) if record is not None else AlertWishes()


def _about(tenant: str) -> str:
    return f"alerts of {tenant}"
