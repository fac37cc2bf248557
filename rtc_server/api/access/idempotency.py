"""``Idempotency-Key``: a POST that is sent again is answered as the first time instead of being carried out again.

An answer may show a secret (a client secret, a new API key), so it is sealed before it is stored. Only successes are
kept: after a failure the same key may be used for the repaired request.
"""

import hashlib
import json
import re

from aiohttp import web
from aiohttp.typedefs import Handler

from rtc_server.api.access.auth import authenticate
from rtc_server.api.body import read_object
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, retry_after
from rtc_server.api.operation import OPERATION
from rtc_server.crypto.seal import Seal, SealError
from rtc_server.storage.ports import StoredAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
RETRY_SECONDS = 1.0

_FORM = re.compile(r"[ -~]{1,255}")
_PURPOSE = "visavis idempotency v1"


async def once(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Carry out a request unless its key has been answered before. Without the header the table is not touched.

    Raises ApiError 400 (malformed key), 409 (the key belongs to another request, or to one still running).
    """
    key = request.headers.get(HEADER)
    if key is None:
        return await handler(request)
    if not _FORM.fullmatch(key):
        message = f"{HEADER}: must be 1 to 255 printable ASCII characters"
        raise ApiError(400, "invalid_idempotency_key", message, param=HEADER)
    context = request.app[CONTEXT]
    owner = (await authenticate(request)).owner
    fingerprint = await _fingerprint(request)
    seal = Seal(context.server_key, _PURPOSE)
    known = await context.stores.idempotency.begin(owner, key, fingerprint, context.now_ms())
    if known is not None:
        return _answer(known, fingerprint, seal)
    kept = False
    try:
        response = await handler(request)
        if isinstance(response, web.Response) and 200 <= response.status < 300:
            text = response.text or ""
            body = f"{_subject_of(text)}:{seal.close_text(text, fingerprint)}"
            await context.stores.idempotency.finish(owner, key, response.status, body)
            kept = True
        return response
    finally:
        if not kept:
            await context.stores.idempotency.forget(owner, key)


def _answer(known: StoredAnswer, fingerprint: str, seal: Seal) -> web.Response:
    if known.fingerprint != fingerprint:
        message = f"This {HEADER} was used for another request; take a new one for each new request."
        raise ApiError(409, "idempotency_key_reused", message, param=HEADER)
    if known.status is None:
        message = f"The first request with this {HEADER} is still being worked on; ask again in a moment."
        raise ApiError(409, "idempotency_in_progress", message, param=HEADER, headers=retry_after(RETRY_SECONDS))
    try:
        text = seal.open_text(known.body.rpartition(":")[2], fingerprint)
    except SealError:
        message = f"The answer to this {HEADER} was stored under another server key; use a new one."
        raise ApiError(409, "idempotency_key_reused", message, param=HEADER) from None
    content_type = "application/json" if text else None
    return web.Response(text=text, status=known.status, content_type=content_type, headers={REPLAYED: "true"})


def _subject_of(text: str) -> str:
    """Id of the session, or else of the thing that an answer shows, empty without one; it stands before the seal, so
    that erasing a session or a face finds its answers."""
    answer = json.loads(text) if text else None
    if not isinstance(answer, dict):
        return ""
    session = answer.get("session")
    return str((session if isinstance(session, dict) else answer).get("id", ""))


async def _fingerprint(request: web.Request) -> str:
    """SHA-256 of method, path and body; the order of keys and the spelling of the path make no difference."""
    body = await read_object(request, allow_empty=True)
    path = request[OPERATION].path.format_map(request.match_info)
    parts = [request.method, path, request.query_string, json.dumps(body, sort_keys=True)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
