"""Signatures of the audit: Ed25519 (RFC 8032) by a key that is derived from the server's own.

Each kind of thing is signed with its name before it, so that a signature of one kind is none of another.
"""

import hashlib
import re
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from rtc_server.crypto.seal import derived_key

Kind = Literal["audit-entry/1", "audit-head/1", "deletion-proof/1"]

_PURPOSE = "visavis/audit-signature/1"
_KEY_PATTERN = re.compile(r"[0-9a-f]{64}")
_SIGNATURE_PATTERN = re.compile(r"[0-9a-f]{128}")
_LARGEST_KEY_FILE_BYTES = 10_000


class KeyFileError(Exception):
    """A public key that cannot be read; the text says what to do."""


class PublicKey:
    """Who has it can check what the server signed."""

    def __init__(self, raw: bytes) -> None:
        """``raw``: 32 bytes. Raises ValueError for another length."""
        self._key = Ed25519PublicKey.from_public_bytes(raw)
        self.hex = raw.hex()
        """64 hexadecimal digits, as proofs and heads carry it."""

    @classmethod
    def from_hex(cls, text: str) -> "PublicKey":
        """Raises ValueError unless it is 64 lower-case hexadecimal digits."""
        if not _KEY_PATTERN.fullmatch(text):
            raise ValueError("a public key is 64 hexadecimal digits in lower case")
        return cls(bytes.fromhex(text))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the raw key, for people to compare: eight groups of eight hexadecimal digits."""
        digest = hashlib.sha256(bytes.fromhex(self.hex)).hexdigest()
        return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))

    @property
    def pem(self) -> str:
        """SubjectPublicKeyInfo (RFC 8410), which other programs read."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, kind: Kind, message: bytes, signature: str) -> bool:
        """Whether the signature, 128 lower-case hexadecimal digits, is this key's over the message."""
        if not _SIGNATURE_PATTERN.fullmatch(signature):
            return False
        try:
            self._key.verify(bytes.fromhex(signature), _framed(kind, message))
        except InvalidSignature:
            return False
        return True


class AuditKey:
    """The server's signing key."""

    def __init__(self, server_key: bytes) -> None:
        """The same server key always makes the same signing key."""
        self._key = Ed25519PrivateKey.from_private_bytes(derived_key(server_key, _PURPOSE))
        self.public = PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, kind: Kind, message: bytes) -> str:
        """128 hexadecimal digits."""
        return self._key.sign(_framed(kind, message)).hex()


def read_public_key(file: Path) -> PublicKey:
    """A PEM file, or one with 64 hexadecimal digits. Raises KeyFileError."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_KEY_FILE_BYTES)
    except OSError as error:
        raise KeyFileError(f"the public key {file} cannot be read ({error.strerror})") from error
    try:
        if content.lstrip().startswith(b"-----BEGIN"):
            key = load_pem_public_key(content)
            if isinstance(key, Ed25519PublicKey):
                return PublicKey(key.public_bytes_raw())
            raise ValueError
        return PublicKey.from_hex(content.decode("ascii").strip())
    except ValueError as error:
        raise KeyFileError(f"{file} holds no Ed25519 public key: 'visavis audit key' prints the server's") from error


def _framed(kind: Kind, message: bytes) -> bytes:
    return b"visavis:" + kind.encode() + b":" + message
