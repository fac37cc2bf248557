"""Making API keys: what they look like, what they may be allowed, and how one takes over from another."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

from rtc_server.api.access.secrets import lookup_hash
from rtc_server.crypto.ids import new_id
from rtc_server.storage.ports import ApiKey, KeyStore, Owner

EVERYTHING = "*"
SCOPES = (
    "sessions:read", "sessions:write", "flows:read", "flows:write", "webhooks:read", "webhooks:write",
    "keys:read", "keys:write", "subjects:write", "faces:read", "faces:write", EVERYTHING,
)  # fmt: skip

OVERLAP_SECONDS = 24 * 3600
"""How long a rotated key still works, unless said otherwise."""

_RANDOM_BYTES = 24
_SHOWN_CHARACTERS = 12


def new_key(
    owner: Owner,
    now_ms: int,
    *,
    name: str = "",
    scopes: Iterable[str] = (EVERYTHING,),
    expires_at: int | None = None,
    allowed_origins: tuple[str, ...] = (),
) -> tuple[str, ApiKey]:
    """A fresh key: as its owner sees it, this once, and as it is stored. It has 192 random bits."""
    plain = f"sk_{'test' if owner.sandbox else 'prod'}_{secrets.token_urlsafe(_RANDOM_BYTES)}"
    return plain, ApiKey(
        id=new_id("key_"),
        tenant=owner.tenant,
        hash=lookup_hash(plain),
        prefix=plain[:_SHOWN_CHARACTERS],
        sandbox=owner.sandbox,
        created_at=now_ms,
        name=name,
        scopes=tuple(dict.fromkeys(scopes)),
        expires_at=expires_at,
        allowed_origins=allowed_origins,
    )


def beyond(scopes: Iterable[str], granted: Iterable[str]) -> list[str]:
    """Those of ``scopes`` that ``granted`` does not include."""
    known = set(granted)
    return [] if EVERYTHING in known else [scope for scope in scopes if scope not in known]


def ended(key: ApiKey, now_ms: int) -> bool:
    """Whether a key was revoked or has expired."""
    return key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now_ms)


async def rotate(store: KeyStore, key: ApiKey, overlap_seconds: int, now_ms: int) -> tuple[str, ApiKey, ApiKey]:
    """A successor with the same name, scopes, expiry and origins: its plain text, itself, and the old key.

    The old one works for ``overlap_seconds`` more, unless it ends before.
    """
    plain, successor = new_key(
        key.owner,
        now_ms,
        name=key.name,
        scopes=key.scopes,
        expires_at=key.expires_at,
        allowed_origins=key.allowed_origins,
    )
    until = now_ms + overlap_seconds * 1000
    await store.add_key(successor)
    until = until if key.expires_at is None else min(until, key.expires_at)
    changed = await store.update_key(key.id, key.tenant, expires_at=until)
    return plain, successor, changed or replace(key, expires_at=until)
