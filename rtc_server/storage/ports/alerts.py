"""Alerts that were raised, and what a tenant wants to be told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rtc_server.storage.ports.owner import Json, Owner, Scope


@dataclass(frozen=True, slots=True)
class AlertSettingsRecord:
    """What one tenant wants, or, under the name ``*``, everybody who has said nothing."""

    tenant: str
    body: Json
    """As ``alerts.settings`` reads it."""
    sealed_secret: str = field(default="", repr=False)
    """Signs what goes to the webhook; empty while there is none."""
    updated_at: int = 0
    updated_by: str = ""


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """Something that people shall know."""

    id: str
    """``alr_…``."""
    tenant: str
    sandbox: bool
    rule: str
    """See ``alerts.rules``."""
    session_id: str
    """The session that it is about; empty when it is about many."""
    text: str
    figures: Json
    raised_at: int
    attempts: int = 0
    """How often it was tried to send it."""
    sent_at: int | None = None
    """When nothing was left to send; None = still to do, or given up."""
    channels: Json = field(default_factory=dict)
    """What came of each: ``{"email": "sent", "webhook": "timeout"}``."""

    @property
    def owner(self) -> Owner:
        """Whose sessions it is about."""
        return Owner(self.tenant, self.sandbox)


class AlertStore(Protocol):
    """Alerts and their settings."""

    async def alert_settings(self, tenant: str) -> AlertSettingsRecord | None:
        """What was set under exactly this name."""

    async def all_alert_settings(self) -> dict[str, AlertSettingsRecord]:
        """Of every tenant who has any, and of ``*``."""

    async def save_alert_settings(self, record: AlertSettingsRecord) -> None:
        """Insert or replace."""

    async def raise_alert(self, alert: AlertRecord, quiet_ms: int) -> bool:
        """Insert, unless the same rule was raised for the same owner and session within ``quiet_ms``; whether it was.

        Of several processes that raise the same alert at once, one succeeds.
        """

    async def unsent_alerts(self, raised_after_ms: int, max_attempts: int, limit: int = 20) -> list[AlertRecord]:
        """Alerts that are still to be sent, oldest first."""

    async def claim_alert(self, alert: AlertRecord) -> bool:
        """Count one more attempt; False when another process has just begun it."""

    async def alert_sent(self, alert_id: str, channels: Json, sent_at: int | None) -> None:
        """Write down what came of an attempt."""

    async def alerts(self, scope: Scope, limit: int = 100) -> Sequence[AlertRecord]:
        """Newest first."""

    async def drop_alerts(self, raised_before_ms: int) -> int:
        """Remove old ones; how many there were."""
