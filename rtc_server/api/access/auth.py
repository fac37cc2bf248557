"""Who calls: an integrator's backend with an API key, or a session page with a client secret."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from rtc_server.api.access.issue import ended
from rtc_server.api.access.key_ring import KEY_RING
from rtc_server.api.access.limits import LIMITS, address_of, count, refuse_early
from rtc_server.api.access.secrets import is_api_key, is_client_secret, is_sandbox, lookup_hash
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.operation import OPERATION
from rtc_server.crypto.ids import new_id
from rtc_server.session.clock import unix_ms
from rtc_server.storage.ports import TERMINAL, ApiKey, KeyStore, SessionRecord

BOOTSTRAP_TENANT = "default"
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_MAX_CREDENTIAL_CHARACTERS = 512

CALLER: web.RequestKey[ApiKey] = web.RequestKey("visavis_caller", ApiKey)
"""The API key of a request, once it has been checked."""


def bearer(request: web.Request) -> str:
    """The token of ``Authorization: Bearer …`` (RFC 6750 §2.1); empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def authenticate(request: web.Request) -> ApiKey:
    """The API key of the call, from ``Authorization: Bearer`` or ``X-API-Key``; counts the call.

    Raises ApiError 401; 403 when the key may not do what the operation does; 429 when it calls too often.
    """
    if CALLER in request:
        return request[CALLER]
    app, now_ms = request.app, request.app[CONTEXT].now_ms()
    key = await _key_of(request)
    count(request, app[LIMITS].sandbox if key.sandbox else app[LIMITS].production, key.id)
    refuse_ended(key, now_ms)
    refuse_scope(key, request[OPERATION].scope)
    await app[KEY_RING].used(key, now_ms)
    request[CALLER] = key
    return key


async def _key_of(request: web.Request) -> ApiKey:
    """The key that the request carries. Raises ApiError 401, and 429 for an address with too many wrong ones."""
    given = bearer(request) or request.headers.get("X-API-Key", "").strip()
    ring, key_hash = request.app[KEY_RING], lookup_hash(given)
    with guesses_counted(request, known=ring.remembered(key_hash) is not None):
        if not given:
            message = "There is no API key: send it as 'Authorization: Bearer sk_…'."
            raise ApiError(401, "api_key_missing", message, headers=_CHALLENGE)
        key = await ring.key(key_hash) if len(given) <= _MAX_CREDENTIAL_CHARACTERS else None
        if key is None or not hmac.compare_digest(key.hash, key_hash):
            raise ApiError(401, "invalid_api_key", "This API key is not known here.", headers=_CHALLENGE)
        return key


@contextmanager
def guesses_counted(request: web.Request, *, known: bool = False) -> Iterator[None]:
    """Around the look-up of a credential: an ApiError inside is one more wrong one from this address.

    Raises ApiError 429 beforehand, sparing the database, when there were too many, unless the credential is ``known``.
    """
    failures = request.app[LIMITS].failures
    address = address_of(request, request.app[CONTEXT].trusted_proxy)
    if not known:
        refuse_early(failures.wait(address))
    try:
        yield
    except ApiError:
        failures.take(address)
        raise


async def still_works(request: web.Request, key: ApiKey) -> bool:
    """Whether the key that a long request came with has been neither revoked nor come to its end meanwhile."""
    current = await request.app[KEY_RING].key(key.hash)
    return current is not None and not ended(current, request.app[CONTEXT].now_ms())


def refuse_ended(key: ApiKey, now_ms: int) -> None:
    """Raises ApiError 401 for a key that was revoked or has expired."""
    if key.revoked_at is not None and key.revoked_at <= now_ms:
        raise ApiError(401, "api_key_revoked", "This API key was revoked.", headers=_CHALLENGE)
    if key.expires_at is not None and key.expires_at <= now_ms:
        raise ApiError(401, "api_key_expired", "This API key has expired.", headers=_CHALLENGE)


def refuse_scope(key: ApiKey, scope: str) -> None:
    """Raises ApiError 403 when the key lacks a scope; the empty scope is everybody's."""
    if scope and scope not in key.scopes and "*" not in key.scopes:
        message = f"This API key lacks the scope '{scope}'; it has {', '.join(key.scopes) or 'none'}."
        raise ApiError(403, "insufficient_scope", message, extra={"scope": scope})


async def session_of_page(request: web.Request) -> SessionRecord:
    """The session that the page's client secret opens, whatever its age or status. Raises ApiError 404 or 429."""
    record = await session_by_secret(request, bearer(request))
    count(request, request.app[LIMITS].pages, record.id)
    return record


async def session_by_secret(request: web.Request, secret: str) -> SessionRecord:
    """The session that a client secret opens, whatever its age or status; a wrong one counts against its address.

    Raises ApiError 404 or 429.
    """
    with guesses_counted(request):
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
        id=new_id("key_"),
        tenant=BOOTSTRAP_TENANT,
        hash=lookup_hash(key),
        prefix=key[:12],
        sandbox=is_sandbox(key),
        created_at=unix_ms(),
    )
    await keys.add_key(known)
    return await keys.key_by_hash(known.hash) or known
