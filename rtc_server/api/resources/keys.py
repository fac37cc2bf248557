"""API keys by REST: list, make, rename, rotate, revoke. A key sees and makes only keys of its tenant and mode."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.access.issue import OVERLAP_SECONDS, SCOPES, beyond, ended, new_key, rotate
from rtc_server.api.access.key_ring import KEY_RING
from rtc_server.api.access.origins import MAX_CHARACTERS, MAX_ORIGINS, Origin, allowed_origins
from rtc_server.api.checks import array, boolean, described, integer, named, one_of, reply, shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, body_of
from rtc_server.storage.ports import ApiKey, Json

MAX_OVERLAP_SECONDS = 30 * 24 * 3600
_MAX_MS = 10**14

_NAME = text(200)
_EXPIRY = described(integer(0, _MAX_MS), "Unix milliseconds; without it the key does not expire.", 1_893_456_000_000)
_ORIGINS = described(
    array(Origin(), MAX_ORIGINS),
    "Origins of the sites that may embed the pages of its sessions; `https://*.example.org` is every host below. "
    "Empty = whom the server's setting `frame_ancestors` names.",
    ["https://partner.example.org"],
)
_NEW_KEY = shape(
    {
        "name": described(_NAME, "To recognise it by.", "orders backend"),
        "scopes": described(
            array(one_of(*SCOPES), max_items=len(SCOPES), min_items=1),
            "What it may do, at most what the calling key may; default: the same. `*` is everything.",
            ["sessions:write", "sessions:read"],
        ),
        "expiresAt": _EXPIRY,
        "allowedOrigins": _ORIGINS,
    }
)
_CHANGES = shape({"name": _NAME, "expiresAt": _EXPIRY, "allowedOrigins": _ORIGINS})
_ROTATION = shape(
    {
        "overlapSeconds": described(
            integer(0, MAX_OVERLAP_SECONDS), "How long the old key still works; default 24 hours.", OVERLAP_SECONDS
        )
    }
)
_API_KEY = named(
    "ApiKey",
    reply(
        {
            "id": text(64),
            "name": _NAME,
            "prefix": described(text(32), "The first characters of the key.", "sk_test_Ab3d"),
            "sandbox": boolean,
            "scopes": array(text(64), max_items=100),
            "allowedOrigins": array(text(MAX_CHARACTERS), MAX_ORIGINS),
            "createdAt": integer(),
        },
        {"expiresAt": integer(), "revokedAt": integer(), "lastUsedAt": described(integer(), "To the minute.")},
    ),
    "An API key without its secret.",
)
_SHOWN_ONCE = described(text(200), "The key itself. It is shown this once: only its hash is kept.")
_CREATED = reply({"apiKey": _API_KEY, "key": _SHOWN_ONCE})
_ROTATED = reply({"apiKey": _API_KEY, "key": _SHOWN_ONCE, "previous": _API_KEY})


async def list_keys(request: web.Request) -> web.Response:
    """``GET /api-keys``."""
    caller = await authenticate(request)
    keys = await request.app[CONTEXT].stores.keys.keys(caller.tenant)
    return json_response({"apiKeys": [key_json(key) for key in keys if key.owner == caller.owner]})


async def create_key(request: web.Request) -> web.Response:
    """``POST /api-keys``: a key of the same tenant and mode, with no more scopes and no longer life than its maker.

    Without a list of its own it gets its maker's origins.
    """
    caller = await authenticate(request)
    body = await body_of(request)
    context = request.app[CONTEXT]
    scopes = body.get("scopes") or caller.scopes
    _refuse_beyond(caller, scopes)
    now_ms = context.now_ms()
    expires_at = _expiry(body, now_ms) or caller.expires_at
    _refuse_longer(caller, expires_at)
    origins = caller.allowed_origins if body.get("allowedOrigins") is None else allowed_origins(body["allowedOrigins"])
    plain, key = new_key(
        caller.owner,
        now_ms,
        name=body.get("name") or "",
        scopes=scopes,
        expires_at=expires_at,
        allowed_origins=origins,
    )
    await context.stores.keys.add_key(key)
    return json_response({"apiKey": key_json(key), "key": plain})


async def update_key(request: web.Request) -> web.Response:
    """``PATCH /api-keys/{id}``: name, expiry and origins, of a key with no more scopes than the caller has."""
    caller = await authenticate(request)
    key = await _own_key(request)
    body = await body_of(request)
    context = request.app[CONTEXT]
    _refuse_beyond(caller, key.scopes)  # a longer life would bring back what an expired key may do
    expires_at = _expiry(body, context.now_ms())
    if expires_at is not None:
        _refuse_longer(caller, expires_at)
    origins = None if body.get("allowedOrigins") is None else allowed_origins(body["allowedOrigins"])
    wanted = {"name": body.get("name"), "expires_at": expires_at, "allowed_origins": origins}
    changes = {name: value for name, value in wanted.items() if value is not None}
    changed = await context.stores.keys.update_key(key.id, key.tenant, **changes)
    request.app[KEY_RING].forget(key)
    return json_response({"apiKey": key_json(changed or key)})


async def revoke_key(request: web.Request) -> web.Response:
    """``DELETE /api-keys/{id}``: it stops working at once; its row stays for the record."""
    caller = await authenticate(request)
    key = await _own_key(request)
    context = request.app[CONTEXT]
    _refuse_beyond(caller, key.scopes)
    if key.revoked_at is None:
        key = await context.stores.keys.update_key(key.id, key.tenant, revoked_at=context.now_ms()) or key
    request.app[KEY_RING].forget(key)
    return json_response({"apiKey": key_json(key)})


async def rotate_key(request: web.Request) -> web.Response:
    """``POST /api-keys/{id}/rotate``: a new key now, the old one valid for a while."""
    caller = await authenticate(request)
    key = await _own_key(request)
    body = await body_of(request)
    context = request.app[CONTEXT]
    _refuse_beyond(caller, key.scopes)
    _refuse_longer(caller, key.expires_at)
    if ended(key, context.now_ms()):
        raise ApiError(409, "api_key_ended", "This key no longer works, so it cannot be rotated; create a new one.")
    overlap = body.get("overlapSeconds")
    overlap_seconds = OVERLAP_SECONDS if overlap is None else int(overlap)
    plain, successor, old = await rotate(context.stores.keys, key, overlap_seconds, context.now_ms())
    request.app[KEY_RING].forget(key)
    return json_response({"apiKey": key_json(successor), "key": plain, "previous": key_json(old)})


def key_json(key: ApiKey) -> Json:
    """A key as the API shows it."""
    times = {"expiresAt": key.expires_at, "revokedAt": key.revoked_at, "lastUsedAt": key.last_used_at}
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "sandbox": key.sandbox,
        "scopes": list(key.scopes),
        "allowedOrigins": list(key.allowed_origins),
        "createdAt": key.created_at,
        **{name: value for name, value in times.items() if value is not None},
    }


async def _own_key(request: web.Request) -> ApiKey:
    caller = await authenticate(request)
    key = await request.app[CONTEXT].stores.keys.key(request.match_info["api_key_id"], caller.owner)
    if key is None:
        raise unknown_id("api_key_id")
    return key


def _refuse_beyond(caller: ApiKey, scopes: list[str] | tuple[str, ...]) -> None:
    """A key must not make, change or end one that may do more than itself."""
    if missing := beyond(scopes, caller.scopes):
        message = f"This API key cannot hand out what it does not have itself: {', '.join(missing)}."
        raise ApiError(403, "insufficient_scope", message, param="scopes", extra={"scope": missing[0]})


def _refuse_longer(caller: ApiKey, expires_at: int | None) -> None:
    """A key that ends must not make or read one that outlives it."""
    if caller.expires_at is not None and (expires_at is None or expires_at > caller.expires_at):
        message = f"expiresAt: this API key ends at {caller.expires_at} itself; what it hands out cannot last longer"
        raise ApiError(403, "insufficient_scope", message, param="expiresAt")


def _expiry(body: Json, now_ms: int) -> int | None:
    given = body.get("expiresAt")
    if given is not None and given <= now_ms:
        message = "expiresAt: lies in the past; give Unix milliseconds to come, or revoke the key"
        raise ApiError(400, "invalid_value", message, param="expiresAt")
    return None if given is None else int(given)


OPERATIONS = (
    Operation(
        method="GET",
        path="/api-keys",
        handler=list_keys,
        operation_id="listApiKeys",
        summary="List the keys of this tenant and mode",
        tag="API keys",
        scope="keys:read",
        description="Newest first, revoked and expired ones too.",
        responses={200: reply({"apiKeys": array(_API_KEY, max_items=100_000)})},
    ),
    Operation(
        method="POST",
        path="/api-keys",
        handler=create_key,
        operation_id="createApiKey",
        summary="Make a key",
        tag="API keys",
        scope="keys:write",
        description="A test key makes test keys, a production key production keys.",
        body=_NEW_KEY,
        responses={200: _CREATED},
    ),
    Operation(
        method="PATCH",
        path="/api-keys/{api_key_id}",
        handler=update_key,
        operation_id="updateApiKey",
        summary="Rename a key, let it expire, or change who may embed its sessions",
        tag="API keys",
        scope="keys:write",
        body=_CHANGES,
        responses={200: reply({"apiKey": _API_KEY})},
    ),
    Operation(
        method="DELETE",
        path="/api-keys/{api_key_id}",
        handler=revoke_key,
        operation_id="revokeApiKey",
        summary="Revoke a key",
        tag="API keys",
        scope="keys:write",
        description="It stops working at once. Revoking it again changes nothing.",
        responses={200: reply({"apiKey": _API_KEY})},
    ),
    Operation(
        method="POST",
        path="/api-keys/{api_key_id}/rotate",
        handler=rotate_key,
        operation_id="rotateApiKey",
        summary="Replace a key",
        tag="API keys",
        scope="keys:write",
        description="Answers with a new key of the same name, scopes and origins. The old one works for "
        "`overlapSeconds` more.",
        body=_ROTATION,
        responses={200: _ROTATED},
        errors=(409,),
    ),
)
