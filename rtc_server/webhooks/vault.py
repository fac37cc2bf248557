"""Signing secrets: made, sealed for the database, and rotated with a day in which both sign."""

import secrets
from collections.abc import Sequence

from rtc_server.crypto.seal import Seal, SealError
from rtc_server.webhooks.ports import StoredSecret
from rtc_server.webhooks.signing import secret_text

SECRET_BYTES = 32
ROTATION_OVERLAP_MS = 24 * 3_600_000

_PURPOSE = "visavis webhook secrets v1"


class VaultError(Exception):
    """A secret cannot be opened: it was sealed under another server key, or is damaged."""


class Vault:
    """Seals secrets about their endpoint, so that none can be moved to another one."""

    def __init__(self, server_key: bytes) -> None:
        self._seal = Seal(server_key, _PURPOSE)

    def new(self, endpoint_id: str, now_ms: int) -> tuple[str, StoredSecret]:
        """A fresh secret: as its owner sees it, this once, and as it is stored."""
        secret = secret_text(secrets.token_bytes(SECRET_BYTES))
        return secret, StoredSecret(self._seal.close_text(secret, endpoint_id), now_ms)

    def rotate(
        self, endpoint_id: str, known: Sequence[StoredSecret], now_ms: int, overlap_ms: int = ROTATION_OVERLAP_MS
    ) -> tuple[str, tuple[StoredSecret, ...]]:
        """A fresh secret and all that sign from now on: the former for ``overlap_ms`` more, older ones not."""
        secret, stored = self.new(endpoint_id, now_ms)
        former = [StoredSecret(s.sealed, s.created_at, now_ms + overlap_ms) for s in known if s.expires_at is None]
        return secret, (stored, *former)

    def valid(self, endpoint_id: str, known: Sequence[StoredSecret], now_ms: int) -> list[str]:
        """Secrets that sign now, newest first. Raises VaultError."""
        return [self._open(endpoint_id, s.sealed) for s in known if s.expires_at is None or s.expires_at > now_ms]

    def _open(self, endpoint_id: str, sealed: str) -> str:
        try:
            return self._seal.open_text(sealed, endpoint_id)
        except SealError:
            raise VaultError("a webhook secret was sealed under another server key") from None
