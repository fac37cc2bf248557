"""Who calls: an integrator's backend with an API key, or a session page with a client secret."""

import hmac

from aiohttp import web

from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.operation import OPERATION
from rtc_server.api.secrets import is_api_key, is_client_secret, is_sandbox, lookup_hash, new_id
from rtc_server.session.clock import unix_ms
from rtc_server.storage.ports import TERMINAL, ApiKey, KeyStore, SessionRecord

BOOTSTRAP_TENANT = "default"
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_MAX_CREDENTIAL_CHARACTERS = 512


def bearer(request: web.Request) -> str:
    """The token of ``Authorization: Bearer …`` (RFC 6750 §2.1); empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def authenticate(request: web.Request) -> ApiKey:
    """The API key of the call, from ``Authorization: Bearer`` or ``X-API-Key``.

    Raises ApiError 401, and 403 when the key may not do what the operation does.
    """
    given = bearer(request) or request.headers.get("X-API-Key", "").strip()
    if not given:
        message = "There is no API key: send it as 'Authorization: Bearer sk_…'."
        raise ApiError(401, "api_key_missing", message, headers=_CHALLENGE)
    if len(given) <= _MAX_CREDENTIAL_CHARACTERS:
        key_hash = lookup_hash(given)
        key = await request.app[CONTEXT].stores.keys.key_by_hash(key_hash)
        if key is not None and hmac.compare_digest(key.hash, key_hash):
            refuse_scope(key, request[OPERATION].scope)
            return key
    raise ApiError(401, "invalid_api_key", "This API key is not known here.", headers=_CHALLENGE)


def refuse_scope(key: ApiKey, scope: str) -> None:
    """Raises ApiError 403 when the key lacks a scope; the empty scope is everybody's."""
    if scope and scope not in key.scopes and "*" not in key.scopes:
        message = f"This API key lacks the scope '{scope}'; it has {', '.join(key.scopes) or 'none'}."
        raise ApiError(403, "insufficient_scope", message, extra={"scope": scope})


async def session_of_page(request: web.Request) -> SessionRecord:
    """The session that the page's client secret opens, whatever its age or status. Raises ApiError 404."""
    secret = bearer(request)
    if is_client_secret(secret):
        secret_hash = lookup_hash(secret)
        record = await request.app[CONTEXT].stores.sessions.session_by_secret(secret_hash)
        if record is not None and hmac.compare_digest(record.secret_hash, secret_hash):
            return record
    message = "This link is not known: it was replaced by a newer one, or copied incompletely."
    raise ApiError(404, "client_secret_unknown", message)


def refuse_finished(record: SessionRecord) -> None:
    """Raises ApiError 409 when the session has ended."""
    if record.status in TERMINAL:
        message = "This session has ended; a new try needs a new session."
        raise ApiError(409, "session_finished", message, extra={"status": record.status})


def refuse_expired(record: SessionRecord, now_ms: int) -> None:
    """Raises ApiError 410 when the client secret is too old."""
    if now_ms >= record.secret_expires_at:
        raise ApiError(410, "client_secret_expired", "This link has expired; ask for a new one.")


async def ensure_bootstrap_key(keys: KeyStore, key: str) -> ApiKey:
    """Make an API key from the settings usable; harmless when it is known already.

    Raises ``ValueError``, which does not repeat the key, when its form is wrong.
    """
    if not is_api_key(key):
        raise ValueError(
            "the bootstrap key must be sk_test_…, sk_prod_… or sk_live_… with at least 16 characters in all, "
            "only letters, digits, '-' and '_'"
        )
    known = ApiKey(
        id=new_id(),
        tenant=BOOTSTRAP_TENANT,
        hash=lookup_hash(key),
        prefix=key[:12],
        sandbox=is_sandbox(key),
        created_at=unix_ms(),
    )
    await keys.add_key(known)
    return await keys.key_by_hash(known.hash) or known
