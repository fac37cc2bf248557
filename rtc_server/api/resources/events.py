"""Events as they happen: of one session, or of everything that an API key may see (contract §6.1)."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from rtc_server.api.access.auth import authenticate, still_works
from rtc_server.api.checks import array, boolean, described, integer, named, one_of, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, query_of
from rtc_server.api.resources.schemas import session_json
from rtc_server.api.resources.sessions import own_session
from rtc_server.api.streams import MIME_TYPE, STREAMS, open_stream, send
from rtc_server.storage.ports import TERMINAL, EventRecord, Json
from rtc_server.webhooks.payload import PAYLOAD_STYLES, STATUS_EVENT, PayloadStyle, payload, wants

PAGE_SIZE = 100
MAX_SEQUENCE = 2**62
OVERLAP = 50
"""How far a stream looks back: PostgreSQL numbers events before it commits them, so one may show up late."""

Read = Callable[[int], Awaitable[Sequence[EventRecord]]]
"""Events after a sequence number, in order."""


async def session_events(request: web.Request) -> web.StreamResponse:
    """``GET /sessions/{id}/events``: a list or, for ``Accept: text/event-stream``, a stream until the session ends."""
    record = await own_session(request)
    sessions = request.app[CONTEXT].stores.sessions
    query = query_of(request)
    after = _position(request, query)

    async def read(sequence: int) -> Sequence[EventRecord]:
        return await sessions.events(record.id, sequence, PAGE_SIZE + 1)

    if MIME_TYPE not in request.headers.get("Accept", ""):
        found = await read(after or 0)
        shown = [await _body(request, event, "current") for event in found[:PAGE_SIZE]]
        following = {"nextAfter": found[PAGE_SIZE - 1].sequence} if len(found) > PAGE_SIZE else {}
        return json_response({"events": shown, "hasMore": bool(following), **following})
    if record.status in TERMINAL and not await read(after or 0):
        return web.Response(status=204)  # which tells an EventSource not to come back
    return await _stream(request, read, after or 0, "current", until_terminal=True)


async def owner_events(request: web.Request) -> web.StreamResponse:
    """``GET /events``: a stream of everything; without a position it begins with what happens next."""
    caller = await authenticate(request)
    outbox = request.app[CONTEXT].stores.sessions.outbox
    query = query_of(request)
    after = _position(request, query)

    async def read(sequence: int) -> Sequence[EventRecord]:
        return await outbox.of_owner(caller.owner, sequence, PAGE_SIZE)

    position = await outbox.last_sequence() if after is None else after
    return await _stream(request, read, position, query.get("payloadStyle", "current"))


async def _stream(
    request: web.Request, read: Read, after: int, style: PayloadStyle, *, until_terminal: bool = False
) -> web.StreamResponse:
    caller = await authenticate(request)
    streams, outbox = request.app[STREAMS], request.app[CONTEXT].stores.sessions.outbox
    with streams.place(caller.id, outbox) as bell:
        response = await open_stream(request, after)
        feed = Feed(read, after)
        async for _ in streams.waits(bell, request, response):
            if not await still_works(request, caller):
                return response
            while events := await feed.next():
                for event in events:
                    body = await _body(request, event, style)
                    if body is not None:
                        await send(response, event.sequence, body["type"], body)
                    if until_terminal and event.type == STATUS_EVENT and event.data.get("status") in TERMINAL:
                        return response
        return response


class Feed:
    """Reads on from a position, and does not miss what became visible late."""

    def __init__(self, read: Read, after: int) -> None:
        self._read = read
        self._start = after
        self._position = after
        self._seen: set[int] = set()

    async def next(self) -> list[EventRecord]:
        """Events that have not been given out; empty when there are none now."""
        found = await self._read(max(self._start, self._position - OVERLAP))
        fresh = [event for event in found if event.sequence not in self._seen]
        if fresh:
            self._position = max(self._position, fresh[-1].sequence)
            self._seen = {s for s in self._seen if s > self._position - OVERLAP} | {e.sequence for e in fresh}
        return fresh


async def _body(request: web.Request, event: EventRecord, style: PayloadStyle) -> Json | None:
    """The event as a webhook of that style would carry it; None when that style leaves it out."""
    record = None
    if style != "current" and event.session_id:
        record = await request.app[CONTEXT].stores.sessions.session(event.session_id)
    reason = record.reason if record is not None else ""
    if not wants(style, ("*",), event.type, event.data, reason):
        return None
    return payload(
        style,
        event_id=event.id,
        event_type=event.type,
        created_at=event.created_at,
        session_id=event.session_id,
        data=event.data,
        session=session_json(record) if record is not None else None,
        reason=reason,
    )


def _position(request: web.Request, query: Json) -> int | None:
    """Where to go on: ``Last-Event-ID`` of a client that was cut off, or ``after``. Raises ApiError 400."""
    last = request.headers.get("Last-Event-ID", "").strip()
    if not last:
        after: int | None = query.get("after")
        return after
    if not (last.isascii() and last.isdigit() and len(last) <= 18):
        raise ApiError(400, "invalid_value", "Last-Event-ID: is no id of an event in a stream", param="Last-Event-ID")
    return int(last)


_AFTER = described(integer(0, MAX_SEQUENCE), "Only events after the one with this stream id.")
_EVENT = named(
    "Event",
    reply({"id": text(64), "type": text(64), "createdAt": integer()}, {"sessionId": text(64)}, open=True),
    "What happened; the body of a webhook.",
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/sessions/{session_id}/events",
        handler=session_events,
        operation_id="listSessionEvents",
        summary="Events of a session",
        tag="Events",
        scope="sessions:read",
        description="With `Accept: text/event-stream` a stream that ends with the session; it can be resumed with "
        "`Last-Event-ID`. 204: the session has ended and all has been told.",
        query={"after": _AFTER},
        responses={
            200: reply({"events": array(_EVENT, max_items=PAGE_SIZE), "hasMore": boolean}, {"nextAfter": integer()}),
            204: None,
        },
    ),
    Operation(
        method="GET",
        path="/events",
        handler=owner_events,
        operation_id="streamEvents",
        summary="Everything as it happens",
        tag="Events",
        scope="webhooks:read",
        description="Server-sent events: `id` is the position, `event` the type, `data` the body of a webhook.",
        query={
            "after": _AFTER,
            "payloadStyle": described(one_of(*PAYLOAD_STYLES), "As of a webhook endpoint; default `current`."),
        },
        responses={200: text(10**9)},
        media_type=MIME_TYPE,
    ),
)
