"""Signing secrets: made, sealed for the database, and rotated with a day in which both sign."""

import base64
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rtc_server.webhooks.ports import StoredSecret
from rtc_server.webhooks.signing import secret_text

SECRET_BYTES = 32
ROTATION_OVERLAP_MS = 24 * 3_600_000
_NONCE_BYTES = 12
_INFO = b"visavis webhook secrets v1"


class VaultError(Exception):
    """A secret cannot be opened: it was sealed under another server key, or is damaged."""


class Vault:
    """Seals with AES-256-GCM (NIST SP 800-38D) under a key derived from the server key (HKDF, RFC 5869).

    The endpoint's id is authenticated with each secret, so that one cannot be moved to another endpoint.
    """

    def __init__(self, server_key: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(server_key)
        self._cipher = AESGCM(key)

    def new(self, endpoint_id: str, now_ms: int) -> tuple[str, StoredSecret]:
        """A fresh secret: as its owner sees it, this once, and as it is stored."""
        secret = secret_text(secrets.token_bytes(SECRET_BYTES))
        return secret, StoredSecret(self._seal(endpoint_id, secret), now_ms)

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

    def _seal(self, endpoint_id: str, secret: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), endpoint_id.encode())).decode()

    def _open(self, endpoint_id: str, sealed: str) -> str:
        try:
            blob = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], endpoint_id.encode()).decode()
        except (ValueError, InvalidTag):
            raise VaultError("a webhook secret was sealed under another server key") from None
