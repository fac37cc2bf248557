"""Reviews, fleet numbers and alerts, built from the settings."""

from collections.abc import Callable
from dataclasses import dataclass

from rtc_server.alerts.sending import AlertSender
from rtc_server.alerts.service import Alerts
from rtc_server.alerts.watch import AlertWatch
from rtc_server.insight.fleet import Fleet
from rtc_server.insight.reviews import Reviews
from rtc_server.notify.email import SmtpSender
from rtc_server.settings import Settings
from rtc_server.storage.stores import Stores
from rtc_server.webhooks.vault import Vault

MAX_ANSWER_BYTES = 4_096
"""Of what a server answers to an alert, which nobody reads."""


@dataclass(frozen=True, slots=True)
class InsightRoom:
    """What the console's pages on many sessions stand on."""

    reviews: Reviews
    fleet: Fleet
    alerts: Alerts
    watch: AlertWatch

    def start(self) -> None:
        """Begin to look for what is wrong, and to count sessions of former versions."""
        self.fleet.start()
        self.watch.start()

    async def close(self) -> None:
        """Stop within moments."""
        await self.watch.close()
        await self.fleet.close()


def build_insight(settings: Settings, key: bytes, stores: Stores, now_ms: Callable[[], int]) -> InsightRoom:
    """Inside a running event loop. ``key`` is the server's secret."""
    policy = settings.outbound.policy(
        timeout_seconds=settings.webhooks.timeout_seconds, max_response_bytes=MAX_ANSWER_BYTES
    )
    can_mail = bool(settings.email.host)
    sender = AlertSender(SmtpSender(settings.email) if can_mail else None, policy, settings.public_url)
    alerts = Alerts(stores.alerts, sender, Vault(key), policy, now_ms, can_mail=can_mail)
    return InsightRoom(
        reviews=Reviews(stores.reviews, now_ms, two_person_rule=settings.console.two_person),
        fleet=Fleet(stores.facts, now_ms),
        alerts=alerts,
        watch=AlertWatch(stores.facts, stores.alerts, alerts, now_ms, settings.console.alert_seconds),
    )
