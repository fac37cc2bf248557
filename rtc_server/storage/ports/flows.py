"""Stored flows."""

from dataclasses import dataclass
from typing import Protocol

from rtc_server.storage.ports.owner import Json, Owner


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """A stored flow at one version."""

    id: str
    """``flow_…``."""
    owner: Owner
    name: str
    version: int
    """1, 2, 3 …; a version never changes."""
    created_at: int
    updated_at: int
    """When this version was stored."""
    nodes: list[Json]
    warnings: tuple[str, ...] = ()
    normalizations: tuple[Json, ...] = ()
    archived_at: int | None = None


class FlowStore(Protocol):
    """Stored, versioned flows."""

    async def add_flow(self, flow: FlowRecord) -> None:
        """Insert version 1."""

    async def flow(self, flow_id: str, owner: Owner, version: int | None = None) -> FlowRecord | None:
        """A version; None = the newest. An archived flow is found too."""

    async def flows(self, owner: Owner, limit: int, cursor: str = "") -> tuple[list[FlowRecord], bool]:
        """Newest versions of the flows that are not archived, newest flow first; whether there are more.

        ``cursor`` is the id of the last flow of the page before; raises ``KeyError`` for an unknown one.
        """

    async def add_version(self, flow: FlowRecord) -> FlowRecord | None:
        """Store ``nodes`` (and name) as the next version; None for an unknown flow or one that is archived."""

    async def archive_flow(self, flow_id: str, owner: Owner, now_ms: int) -> FlowRecord | None:
        """No new session may use it; those that run it go on."""
