"""The console and all that it stands on, built from the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rtc_server.audit.chain import Actor
from rtc_server.console.context import ConsoleContext
from rtc_server.console.live_feed import LiveFeed
from rtc_server.console.ports import AgentRef
from rtc_server.insight_room import InsightRoom, build_insight
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.viewers import Viewers
from rtc_server.session.registry import SessionRegistry
from rtc_server.session.supervision import Supervision
from rtc_server.session.tasks import Tasks
from rtc_server.settings import Settings
from rtc_server.staff_room import build_staff
from rtc_server.storage.ports import Owner
from rtc_server.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class ConsoleRoom:
    """What runs for the console, and what its handlers work with."""

    context: ConsoleContext
    insight: InsightRoom
    supervision: Supervision
    tasks: Tasks

    def start(self) -> None:
        """Begin to watch for what is wrong."""
        self.insight.start()

    async def close(self) -> None:
        """End connections of agents, then what runs beside."""
        await self.supervision.close()
        await self.insight.close()
        await self.tasks.close()


def build_console(
    settings: Settings,
    server_key: bytes,
    stores: Stores,
    registry: SessionRegistry,
    policy: PeerPolicy,
    static_folder: Path,
    now_ms: Callable[[], int],
) -> ConsoleRoom:
    """Inside a running event loop."""
    tasks = Tasks("console")

    def handed_back(session_id: str, agent: AgentRef) -> None:
        tasks.start(_write_lost(stores, registry, session_id, agent))

    supervision = Supervision(registry, Viewers(policy), handed_back)
    insight = build_insight(settings, server_key, stores, now_ms)
    context = ConsoleContext(
        staff=build_staff(settings, server_key, stores, now_ms),
        audit=stores.audit,
        stores=stores,
        supervision=supervision,
        live=LiveFeed(supervision),
        reviews=insight.reviews,
        fleet=insight.fleet,
        alerts=insight.alerts,
        static_folder=static_folder,
        public_url=settings.public_url,
        trusted_proxy=settings.trusted_proxy,
        settings=settings.console,
    )
    return ConsoleRoom(context, insight, supervision, tasks)


async def _write_lost(stores: Stores, registry: SessionRegistry, session_id: str, agent: AgentRef) -> None:
    """Nobody asked for it, but it is in the audit all the same: the avatar has the floor again."""
    session = registry.session(session_id)
    owner = session.record.owner if session is not None else Owner("", False)
    details = {"reason": "agent_lost"}
    await stores.audit.write(Actor.staff(agent.id, agent.name), "session.handed_back", owner, session_id, details)
