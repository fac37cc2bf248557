"""``GET /sessions``: an owner's sessions, filtered, sorted, in pages (contract §1.6)."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import Check, array, boolean, described, integer, one_of, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, query_of
from rtc_server.api.resources.legacy import NEW_STATUSES, caller_of, list_for
from rtc_server.api.resources.schemas import SESSION_LIST, session_json
from rtc_server.storage.ports import Json, Owner, SessionQuery

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
MAX_TIME_MS = 10**14
_FIRST_IN_MILLISECONDS = 10**11
"""A smaller date is in seconds: as milliseconds it would lie before 1973."""

QUERY: dict[str, Check] = {
    "limit": described(integer(0, MAX_LIMIT), f"Sessions on the page; {DEFAULT_LIMIT} when absent, 0 for none."),
    "cursor": described(text(64), "nextCursor of the page before."),
    "flowId": text(256),
    "clientReferenceId": text(1_000),
    "status": described(array(one_of(*NEW_STATUSES), 10), "May be repeated. Old and new names are understood."),
    "fromDate": described(integer(0, MAX_TIME_MS), "Created then or later; Unix milliseconds, or seconds."),
    "toDate": described(integer(0, MAX_TIME_MS), "Created then or earlier; Unix milliseconds, or seconds."),
    "sortBy": one_of("createdAt", "status", "finishedAt"),
    "sortOrder": one_of("asc", "desc"),
    "search": described(text(1_000), "Text in the id, the client reference or the metadata."),
    "includeTotal": described(boolean, "Count all that match; takes time."),
}


async def list_sessions(request: web.Request) -> web.Response:
    """``{sessions, hasMore, nextCursor?, totalCount?}``; media links stand in single sessions only."""
    key = await authenticate(request)
    query = query_from(query_of(request), key.owner)
    try:
        page = await request.app[CONTEXT].stores.sessions.sessions(query)
    except KeyError:
        message = "cursor: there is no session with this id; take nextCursor of the page before"
        raise ApiError(400, "invalid_value", message, param="cursor") from None
    answer: Json = {"sessions": [session_json(record) for record in page.sessions], "hasMore": page.has_more}
    if page.has_more and page.sessions:
        answer["nextCursor"] = page.sessions[-1].id
    if page.total is not None:
        answer["totalCount"] = page.total
    return json_response(list_for(caller_of(request.headers), answer))


def query_from(values: Json, owner: Owner) -> SessionQuery:
    """The checked parameters as the store wants them."""
    return SessionQuery(
        owner=owner,
        limit=values.get("limit", DEFAULT_LIMIT),
        cursor=values.get("cursor", ""),
        flow_id=values.get("flowId", ""),
        client_reference_id=values.get("clientReferenceId", ""),
        statuses=tuple(dict.fromkeys(NEW_STATUSES[status] for status in values.get("status", ()))),
        from_date=_milliseconds(values.get("fromDate")),
        to_date=_milliseconds(values.get("toDate"), last=True),
        sort_by=values.get("sortBy", "createdAt"),
        descending=values.get("sortOrder", "desc") == "desc",
        search=values.get("search", ""),
        include_total=values.get("includeTotal", False),
    )


def _milliseconds(date: int | None, *, last: bool = False) -> int | None:
    """A date in either unit; ``last``: the end of a second that is given whole."""
    if date is None or date >= _FIRST_IN_MILLISECONDS:
        return date
    return date * 1000 + (999 if last else 0)


OPERATIONS = (
    Operation(
        method="GET",
        path="/sessions",
        handler=list_sessions,
        operation_id="listSessions",
        summary="List sessions",
        tag="Sessions",
        scope="sessions:read",
        query=QUERY,
        responses={200: SESSION_LIST},
    ),
)
