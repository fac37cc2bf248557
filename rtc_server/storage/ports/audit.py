"""The audit: what was done, by whom, in a chain that shows every later change."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rtc_server.audit.chain import Actor, Entry, Head
from rtc_server.storage.ports.owner import EVERY_TENANT, Json, Owner, Scope

EVERYTHING = Scope((EVERY_TENANT,))


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """A page of entries, newest first."""

    limit: int = 50
    before: int | None = None
    """Sequence of the last entry of the page before; None = from the newest."""
    action: str = ""
    """``session.redacted``, or with a dot at the end the beginning of one: ``session.``."""
    actor: str = ""
    """Id, such as ``staff:stf_…``."""
    session_id: str = ""
    scope: Scope = EVERYTHING
    """Entries that concern no tenant are in the scope of all tenants alone."""


class AuditReader(Protocol):
    """Reads the chain."""

    async def entries(self, query: AuditQuery) -> list[Entry]:
        """One page."""

    async def head(self) -> Head:
        """The newest entry as the database keeps it beside the entries."""

    def walk(self) -> AsyncIterator[Sequence[Entry]]:
        """All entries in the order of their numbers, many at a time."""

    async def positions(self, hashes: Sequence[str]) -> Mapping[str, int]:
        """Where entries with these hashes stand; those that nowhere stand are left out."""

    async def deletion_proof(self, session_id: str, owner: Owner | None = None) -> Json | None:
        """The newest signed proof that a session was erased; None when there is none, or it is another owner's."""


class AuditLog(AuditReader, Protocol):
    """Adds to the chain."""

    async def write(
        self,
        actor: Actor,
        action: str,
        owner: Owner | None = None,
        session_id: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Add an entry in a transaction of its own; it stands when this returns.

        ``details``: text, whole numbers, booleans, lists and objects. Never speech, biometrics or anybody's data.
        """
