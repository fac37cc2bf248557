"""``/console/api/audit``: what was done by whom, and whether the chain holds."""

from collections.abc import Mapping

from aiohttp import web

from rtc_server.api.checks import Check, described, integer, text
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import values_of
from rtc_server.audit.chain import Entry
from rtc_server.console.access import STAFF, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.route import Route
from rtc_server.console.scope import scope_of
from rtc_server.staff.roles import Permission
from rtc_server.storage.ports import AuditQuery, Json

MOST_ENTRIES = 200

_QUERY: Mapping[str, Check] = {
    "after": described(integer(1), "The cursor of the page before."),
    "limit": integer(1, MOST_ENTRIES),
    "action": described(text(64), "One, or with a dot at the end the beginning of several: `session.`."),
    "actor": described(text(64), "Such as `staff:stf_…`."),
    "session": text(64),
}


@staff_only(Permission.READ_AUDIT)
async def list_entries(request: web.Request) -> web.Response:
    """``GET /audit``: a page, newest first. Entries that concern no tenant are for those alone who see all tenants."""
    values = values_of(request, _QUERY)
    query = AuditQuery(
        limit=values.get("limit", 50),
        before=values.get("after"),
        action=values.get("action", ""),
        actor=values.get("actor", ""),
        session_id=values.get("session", ""),
        scope=scope_of(request[STAFF]),
    )
    entries = await request.app[CONSOLE].stores.audit.entries(query)
    cursor = entries[-1].sequence if len(entries) == query.limit else None
    return json_response({"entries": [entry_json(entry) for entry in entries], "cursor": cursor})


@staff_only(Permission.READ_AUDIT)
async def check_chain(request: web.Request) -> web.Response:
    """``GET /audit/check``: whether the whole chain holds, of all tenants; places only, no content."""
    return json_response(await request.app[CONSOLE].stores.audit_checks.latest())


def entry_json(entry: Entry) -> Json:
    """An entry as the console shows it; its hash can be compared with an export's."""
    shown = entry.json()
    del shown["previous"], shown["signature"]
    return shown


ROUTES = (
    Route("GET", "/audit", list_entries),
    Route("GET", "/audit/check", check_chain),
)
