"""API keys, and the answers to repeated requests."""

from dataclasses import dataclass
from typing import Any, Protocol

from rtc_server.storage.ports.owner import Owner


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret."""

    id: str
    tenant: str
    hash: str
    """SHA-256 of the key, hex."""
    prefix: str
    """First characters, to recognise it by."""
    sandbox: bool
    created_at: int
    name: str = ""
    scopes: tuple[str, ...] = ("*",)
    """``sessions:read``, ``sessions:write``, ``flows:read`` …; ``*`` = all."""
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None
    allowed_origins: tuple[str, ...] = ()
    """Origins that may embed the pages of its sessions; empty = whom the server's setting names."""

    @property
    def owner(self) -> Owner:
        """Whose data it opens."""
        return Owner(self.tenant, self.sandbox)


class KeyStore(Protocol):
    """API keys."""

    async def add_key(self, key: ApiKey) -> None:
        """Insert or, when the hash exists, leave as it is."""

    async def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with that hash, revoked and expired ones too."""

    async def key(self, key_id: str, owner: Owner) -> ApiKey | None:
        """By id, when it is the owner's."""

    async def keys(self, tenant: str) -> list[ApiKey]:
        """All keys of a tenant, newest first."""

    async def update_key(self, key_id: str, tenant: str, **changes: Any) -> ApiKey | None:
        """Change ``name``, ``expires_at``, ``revoked_at``, ``last_used_at`` or ``allowed_origins``.

        None for an unknown key.
        """


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What an Idempotency-Key was first answered with."""

    fingerprint: str
    """SHA-256 of method, path and body, hex."""
    status: int | None
    """None while the first request is still being worked on."""
    body: str


class IdempotencyStore(Protocol):
    """Answers to repeated POST requests, kept for a day."""

    async def begin(self, owner: Owner, key: str, fingerprint: str, now_ms: int) -> StoredAnswer | None:
        """Reserve a key; None when it is new (or older than a day), else what is known of it."""

    async def finish(self, owner: Owner, key: str, status: int, body: str) -> None:
        """Keep the answer."""

    async def forget(self, owner: Owner, key: str) -> None:
        """Give a key back, because its request was not carried out."""

    async def sweep(self, before_ms: int) -> int:
        """Remove what is older."""
