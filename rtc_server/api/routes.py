"""All paths in one table, and how they are mounted on an application."""

import re

from aiohttp import web
from aiohttp.typedefs import Handler

from rtc_server.api.access.auth import authenticate
from rtc_server.api.access.idempotency import once
from rtc_server.api.access.key_ring import KEY_RING, KeyRing
from rtc_server.api.access.limits import LIMITS, Limits
from rtc_server.api.compression import GZIPPED, GzipStore
from rtc_server.api.context import CONTEXT, ApiContext
from rtc_server.api.errors import unknown_id
from rtc_server.api.middleware import add_headers, errors_as_json, request_log
from rtc_server.api.operation import OPERATION, Operation
from rtc_server.api.pages import healthz, pulled_file, readyz, session_page, static_file
from rtc_server.api.reference import DOCUMENT, document, openapi_json, reference_page
from rtc_server.api.resources import (
    catalogue,
    client,
    client_consent,
    client_documents,
    client_handoff,
    client_preflight,
    client_session,
    create,
    deletion_proofs,
    events,
    faces,
    flows,
    keys,
    listing,
    mailbox,
    media,
    sessions,
    simulate,
    subjects,
    webhook_deliveries,
    webhooks,
)
from rtc_server.api.streams import STREAMS, Streams

_PATH_VALUE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,1000}")
"""What an id in a path may be; anything else is nobody's, and some of it no database takes."""

_FREE_TEXT = frozenset({"client_reference_id"})
"""Parameters that integrators word themselves; their handlers judge them."""

_FORMER = "(?:identity/+(?:verification_)?)?sessions"

OPERATIONS: tuple[Operation, ...] = (
    *create.OPERATIONS,
    *listing.OPERATIONS,
    *sessions.OPERATIONS,
    *deletion_proofs.OPERATIONS,
    *simulate.OPERATIONS,
    *mailbox.OPERATIONS,
    *media.OPERATIONS,
    *subjects.OPERATIONS,
    *faces.OPERATIONS,
    *flows.OPERATIONS,
    *keys.OPERATIONS,
    *webhooks.OPERATIONS,
    *webhook_deliveries.OPERATIONS,
    *events.OPERATIONS,
    *catalogue.OPERATIONS,
    *client_session.OPERATIONS,
    *client.OPERATIONS,
    *client_consent.OPERATIONS,
    *client_handoff.OPERATIONS,
    *client_preflight.OPERATIONS,
    *client_documents.OPERATIONS,
)
"""The whole API: each module of handlers lists its own."""

PAGES: tuple[tuple[str, Handler], ...] = (
    ("/", session_page),
    ("/static/{path:.+}", static_file),
    ("/personas/{file}", pulled_file),
    ("/vendor/{file}", pulled_file),
    ("/sandbox/mailbox/page", mailbox.mailbox_page),
    ("/healthz", healthz),
    ("/readyz", readyz),
    ("/openapi.json", openapi_json),
    ("/reference", reference_page),
)


def setup(app: web.Application, context: ApiContext) -> None:
    """Mount the HTTP edge on an application that has not started."""
    app[CONTEXT] = context
    app[LIMITS] = Limits.of(context.limits)
    app[STREAMS] = Streams()
    app[GZIPPED] = GzipStore()
    app[client_documents.PLACES] = client_documents.Places()
    app.on_shutdown.append(app[STREAMS].close)
    app[DOCUMENT] = document(OPERATIONS, context.public_url)
    app[KEY_RING] = KeyRing(context.stores.keys)
    app.middlewares.append(request_log)
    app.middlewares.append(errors_as_json)
    app.on_response_prepare.append(add_headers)
    for path, handler in PAGES:
        app.router.add_get(path, handler)
    for operation in OPERATIONS:
        # Without HEAD: it has to be safe, and a refresh is not.
        app.router.add_route(operation.method, forgiving(operation.path), mounted(operation))


def mounted(operation: Operation) -> Handler:
    """The operation's handler, told which operation it serves; nobody gets that far without a key that may do it."""

    async def serve(request: web.Request) -> web.StreamResponse:
        request[OPERATION] = operation
        if operation.security == "api_key":
            await authenticate(request)
        for name in operation.parameters:
            if name not in _FREE_TEXT and not _PATH_VALUE.fullmatch(request.match_info[name]):
                raise unknown_id(name)
        if operation.idempotent_by_key:
            return await once(request, operation.handler)
        return await operation.handler(request)

    return serve


def forgiving(path: str) -> str:
    """Route pattern of an API path that also takes a leading ``/v1``, repeated slashes and one at the end.

    Clients join base address and path in different ways, and some put the version between them. Sessions answer also
    where they stood in 2024 (contract §1.4): ``/identity/sessions`` and ``/identity/verification_sessions``.
    """
    first, *rest = path.removeprefix("/").split("/")
    pattern = "/{_start:/*(?:v1/+)?}" + ("{_first:" + _FORMER + "}" if first == "sessions" else first)
    for index, part in enumerate(rest):
        pattern += "{_slash" + str(index) + ":/+}" + part
    return pattern + "{_end:/*}"
