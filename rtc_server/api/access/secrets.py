"""Client secrets and key hashes. Client secrets are derived, so nothing that opens a session is ever stored."""

import hashlib
import hmac
import re

CLIENT_SECRET_TTL_SECONDS = 7_200
"""How long a client secret opens its session, unless the settings say otherwise."""

SERVER_KEY_BYTES = 32
"""Shortest key that may derive client secrets."""

_CLIENT_SECRET = re.compile(r"cs[0-9a-f]{32}")
_API_KEY = re.compile(r"sk_(test|prod|live)_[A-Za-z0-9_-]+")
_SHORTEST_API_KEY = 16
_IN_TEXT = re.compile(r"cs[0-9a-fA-F]{32}|sk_[A-Za-z0-9_-]+")


def client_secret(server_key: bytes, session_id: str, generation: int) -> str:
    """``cs`` and 128 bits of HMAC-SHA256 (RFC 2104) over session and generation, as lower-case hex.

    Raises ``ValueError`` when the server key is shorter than 32 bytes.
    """
    if len(server_key) < SERVER_KEY_BYTES:
        raise ValueError(f"the server key has {len(server_key)} bytes: it needs at least {SERVER_KEY_BYTES}")
    digest = hmac.new(server_key, f"{session_id}:{generation}".encode(), hashlib.sha256).hexdigest()
    return f"cs{digest[:32]}"


def is_client_secret(text: str) -> bool:
    """Whether the text has the form of a client secret."""
    return _CLIENT_SECRET.fullmatch(text) is not None


def is_api_key(text: str) -> bool:
    """Whether the text is an API key by form: ``sk_test_…``, ``sk_prod_…`` or ``sk_live_…``, 16 characters or more."""
    return len(text) >= _SHORTEST_API_KEY and _API_KEY.fullmatch(text) is not None


def is_sandbox(api_key: str) -> bool:
    """Whether an API key belongs to the sandbox."""
    return api_key.startswith("sk_test_")


def lookup_hash(secret: str) -> str:
    """SHA-256, hex: what is stored and looked up. No salt: these secrets are random, so they cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def redact(text: str) -> str:
    """The text without anything that looks like a client secret or an API key, for logs."""
    return _IN_TEXT.sub("[secret]", text)
