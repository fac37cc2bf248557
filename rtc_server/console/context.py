"""Everything the console's handlers work with, in one object that the composition root builds."""

from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from rtc_server.alerts.service import Alerts
from rtc_server.console.live_feed import LiveFeed
from rtc_server.console.ports import Supervision
from rtc_server.console.settings import ConsoleSettings
from rtc_server.insight.fleet import Fleet
from rtc_server.insight.reviews import Reviews
from rtc_server.staff.room import StaffRoom
from rtc_server.storage.ports.audit import AuditLog
from rtc_server.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleContext:
    """Settings and collaborators of the console."""

    staff: StaffRoom
    audit: AuditLog
    stores: Stores
    supervision: Supervision
    live: LiveFeed
    reviews: Reviews
    fleet: Fleet
    alerts: Alerts
    static_folder: Path
    """Holds ``console/index.html``."""
    public_url: str = ""
    """Where people reach this server; empty = as it was called."""
    trusted_proxy: bool = False
    """Whether ``X-Forwarded-For`` comes from a proxy of ours."""
    settings: ConsoleSettings = field(default_factory=ConsoleSettings)


CONSOLE: web.AppKey[ConsoleContext] = web.AppKey("visavis_console", ConsoleContext)
