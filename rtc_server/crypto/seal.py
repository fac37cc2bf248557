"""Sealing what is stored, under keys that are derived from the server's own."""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
OVERHEAD_BYTES = _NONCE_BYTES + _TAG_BYTES
"""How much longer it is when it is sealed."""


class SealError(Exception):
    """It was sealed under another server key, for another purpose or about something else, or it is damaged."""


def derived_key(server_key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose alone (HKDF with SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode()).derive(server_key)


class Seal:
    """AES-256-GCM (NIST SP 800-38D) under a derived key: 12 random bytes of nonce, then ciphertext and tag.

    ``about`` is authenticated with the content, so that what is sealed about one thing cannot take another's place.
    """

    def __init__(self, server_key: bytes, purpose: str) -> None:
        self._cipher = AESGCM(derived_key(server_key, purpose))

    def close(self, content: bytes, about: str) -> bytes:
        """Seal."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Raises SealError."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode())
        except (InvalidTag, ValueError):
            raise SealError("sealed under another key, about something else, or damaged") from None

    def close_text(self, text: str, about: str) -> str:
        """Seal a text, in base64."""
        return base64.b64encode(self.close(text.encode(), about)).decode()

    def open_text(self, sealed: str, about: str) -> str:
        """Raises SealError."""
        try:
            blob = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise SealError("not base64") from None
        return self.open(blob, about).decode()
