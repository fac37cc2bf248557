"""``/console/api/reviews``, ``/fleet`` and ``/alerts``: what waits for a person, what sessions came to, who is told."""

from collections.abc import Mapping

from aiohttp import web

from rtc_server.alerts.wishes import WishError
from rtc_server.api.body import read_object
from rtc_server.api.checks import Check, integer, one_of, shape, text
from rtc_server.api.errors import ApiError, invalid
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import values_of
from rtc_server.audit.chain import Actor
from rtc_server.console.access import STAFF, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.resources.history import entry_json, reviewer_of
from rtc_server.console.route import Route
from rtc_server.console.scope import scope_of
from rtc_server.insight.fleet import MAX_HOURS
from rtc_server.insight.review_steps import ReviewError
from rtc_server.staff.roles import ALL_TENANTS, Permission, Staff
from rtc_server.storage.ports import Json

_REVIEWS: Mapping[str, Check] = {
    "state": one_of("open", "decided"),
    "cursor": text(64),
    "limit": integer(1, 100),
}
_FLEET: Mapping[str, Check] = {"hours": integer(1, MAX_HOURS), "mode": one_of("production", "sandbox")}
_ALERTS: Mapping[str, Check] = {"tenant": text(64)}
_DECISION = shape({"decision": text(20), "reason": text(1_000)}, required=("decision", "reason"))


@staff_only(Permission.REVIEW)
async def list_reviews(request: web.Request) -> web.Response:
    """``GET /console/api/reviews``: ``{reviews, cursor, waiting}``, each review with its session's line."""
    staff, console = request[STAFF], request.app[CONSOLE]
    values = values_of(request, _REVIEWS)
    scope = scope_of(staff)
    try:
        page = await console.reviews.list(
            scope,
            reviewer_of(staff),
            values.get("state", "open"),
            values.get("limit", 50),
            values.get("cursor", ""),
        )
    except ReviewError as error:
        raise _refused(error) from None
    ids = [review["sessionId"] for review in page["reviews"]]
    lines = {entry.id: entry_json(entry, staff) for entry in await console.stores.history.entries_of(scope, ids)}
    return json_response(
        page | {"reviews": [review | {"session": lines.get(review["sessionId"])} for review in page["reviews"]]}
    )


@staff_only(Permission.REVIEW)
async def decide(request: web.Request) -> web.Response:
    """``POST /console/api/reviews/{session}`` {decision, reason}: the review as it then stands."""
    staff = request[STAFF]
    body = await _checked(request, _DECISION)
    try:
        review = await request.app[CONSOLE].reviews.decide(
            scope_of(staff), reviewer_of(staff), request.match_info["session_id"], body["decision"], body["reason"]
        )
    except ReviewError as error:
        raise _refused(error) from None
    return json_response(review)


@staff_only(Permission.FLEET)
async def fleet(request: web.Request) -> web.Response:
    """``GET /console/api/fleet?hours=24&mode=production``."""
    staff = request[STAFF]
    values = values_of(request, _FLEET)
    sandbox = staff.sandbox_only or values.get("mode") == "sandbox"
    scope = scope_of(staff)._replace(sandbox=sandbox)
    return json_response(await request.app[CONSOLE].fleet.numbers(scope, values.get("hours", 24)))


@staff_only(Permission.ALERTS)
async def get_alerts(request: web.Request) -> web.Response:
    """``GET /console/api/alerts?tenant=…``: settings of a tenant, or of all who set nothing, and the latest alerts."""
    staff, alerts = request[STAFF], request.app[CONSOLE].alerts
    settings = await alerts.settings(_tenant(request, staff))
    return json_response(settings | {"recent": await alerts.recent(scope_of(staff)), "tenants": list(staff.tenants)})


@staff_only(Permission.ALERTS)
async def put_alerts(request: web.Request) -> web.Response:
    """``PUT /console/api/alerts?tenant=…``: replace the settings; a webhook's secret is shown this once."""
    staff, console = request[STAFF], request.app[CONSOLE]
    tenant = _tenant(request, staff)
    body = await read_object(request)
    try:
        changed = await console.alerts.set(tenant, body, staff.id)
    except WishError as error:
        raise ApiError(400, "invalid_value", str(error), param=str(error).partition(":")[0]) from None
    details = {"tenant": tenant, "emails": len(changed["settings"]["emails"])}
    details["webhook"] = bool(changed["settings"]["webhookUrl"])
    await console.stores.audit.write(Actor.staff(staff.id, staff.name), "alerts.changed", details=details)
    return json_response(changed)


@staff_only(Permission.ALERTS)
async def test_alerts(request: web.Request) -> web.Response:
    """``POST /console/api/alerts/test?tenant=…``: what came of each channel."""
    return json_response(await request.app[CONSOLE].alerts.test(_tenant(request, request[STAFF])))


def _tenant(request: web.Request, staff: Staff) -> str:
    tenant = values_of(request, _ALERTS).get("tenant") or staff.tenants[0]
    if ALL_TENANTS not in staff.tenants and tenant not in staff.tenants:
        raise ApiError(404, "tenant_not_found", "There is no such tenant.", param="tenant")
    return str(tenant)


async def _checked(request: web.Request, check: Check) -> Json:
    body = await read_object(request)
    if problems := list(check(body, "")):
        raise invalid(problems)
    return body


def _refused(error: ReviewError) -> ApiError:
    return ApiError(error.status, error.code, str(error))


ROUTES = (
    Route("GET", "/reviews", list_reviews),
    Route("POST", "/reviews/{session_id}", decide),
    Route("GET", "/fleet", fleet),
    Route("GET", "/alerts", get_alerts),
    Route("PUT", "/alerts", put_alerts),
    Route("POST", "/alerts/test", test_alerts),
)
