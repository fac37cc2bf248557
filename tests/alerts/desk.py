"""Alerts as a server has them, on a database, with a mail server and a receiver of their own."""

from dataclasses import dataclass
from pathlib import Path

from rtc_server.alerts.sending import AlertSender
from rtc_server.alerts.service import Alerts
from rtc_server.alerts.watch import AlertWatch
from rtc_server.notify.email import SmtpSender
from rtc_server.notify.settings import EmailSettings
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.storage.stores import Stores, open_stores
from rtc_server.webhooks.vault import Vault
from tests.notify.mail_server import ADDRESS
from tests.storage.records import START_MS

LOOPBACK = OutboundPolicy(allow_private=True, allow_http=True, timeout_seconds=2.0, max_response_bytes=4_096)
KEY = b"k" * 32
MINUTE_MS = 60_000


@dataclass
class Desk:
    """Everything, at a time that the test chooses."""

    stores: Stores
    alerts: Alerts
    watch: AlertWatch
    now_ms: int = START_MS

    def clock(self) -> int:
        return self.now_ms


async def open_desk(folder: Path, mail_port: int | None = None, policy: OutboundPolicy = LOOPBACK) -> Desk:
    """To be closed by ``desk.stores.close()``."""
    stores = await open_stores(f"sqlite:///{folder / 'visavis.db'}")
    mail = None
    if mail_port is not None:
        settings = EmailSettings(host=ADDRESS, port=mail_port, tls="none", sender="no-reply@bank.example")
        mail = SmtpSender(settings, retry_pause_seconds=0.05)
    sender = AlertSender(mail, policy, "https://verify.bank.example/")
    desk: Desk

    def now_ms() -> int:
        return desk.clock()

    alerts = Alerts(stores.alerts, sender, Vault(KEY), policy, now_ms, can_mail=mail is not None)
    desk = Desk(stores, alerts, AlertWatch(stores.facts, stores.alerts, alerts, now_ms, 0.05))
    return desk
