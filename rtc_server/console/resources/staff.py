"""``/console/api/staff``: accounts, for whoever manages them."""

from collections.abc import Sequence

from aiohttp import web

from rtc_server.api.checks import array, boolean, shape, text
from rtc_server.api.errors import ApiError, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import checked_body
from rtc_server.api.resources.links import base_url
from rtc_server.audit.chain import Actor
from rtc_server.console.access import STAFF, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.resources.problems import refusals
from rtc_server.console.route import Route
from rtc_server.staff.accounts import Change
from rtc_server.staff.fields import MAX_NAME_CHARACTERS, MAX_TENANT_CHARACTERS, MAX_TENANTS
from rtc_server.staff.roles import Permission, Role, Staff
from rtc_server.storage.ports import Json

_NAME = text(MAX_NAME_CHARACTERS)
_ROLES = array(text(60), max_items=len(Role))
_TENANTS = array(text(MAX_TENANT_CHARACTERS), max_items=MAX_TENANTS)
_NEW = shape(
    {"email": text(320), "name": _NAME, "roles": _ROLES, "tenants": _TENANTS, "sandboxOnly": boolean},
    required=("email", "name", "roles", "tenants"),
)
_CHANGES = shape({"name": _NAME, "roles": _ROLES, "tenants": _TENANTS, "disabled": boolean})


@staff_only(Permission.MANAGE_STAFF)
async def list_staff(request: web.Request) -> web.Response:
    """``GET /staff``: everybody who sees nothing that the caller does not see, oldest first."""
    everybody = await request.app[CONSOLE].staff.accounts.everybody()
    return json_response({"staff": [staff_json(each) for each in everybody if _manages(request, each)]})


@staff_only(Permission.MANAGE_STAFF)
async def add_staff(request: web.Request) -> web.Response:
    """``POST /staff`` {email, name, roles, tenants, sandboxOnly?}: the account and the link by which it is set up."""
    body = await checked_body(request, _NEW)
    _refuse_beyond(request, body["tenants"], bool(body.get("sandboxOnly")))
    with refusals():
        added, token = await request.app[CONSOLE].staff.accounts.invite(
            body["email"],
            body["name"],
            body["roles"],
            body["tenants"],
            sandbox_only=bool(body.get("sandboxOnly")),
            by=_actor(request),
        )
    return json_response({"staff": staff_json(added), "link": setup_link(base_url(request), token)}, status=201)


@staff_only(Permission.MANAGE_STAFF)
async def change_staff(request: web.Request) -> web.Response:
    """``PATCH /staff/{id}`` {name?, roles?, tenants?, disabled?}: the account afterwards."""
    body = await checked_body(request, _CHANGES)
    account = await _managed(request)
    if body.get("tenants") is not None:
        _refuse_beyond(request, body["tenants"], account.sandbox_only)
    change = Change(body.get("name"), body.get("roles"), body.get("tenants"), body.get("disabled"))
    with refusals():
        changed = await request.app[CONSOLE].staff.accounts.change(account.id, change, _actor(request))
    if changed is None:
        raise unknown_id("staff_id")
    return json_response({"staff": staff_json(changed)})


@staff_only(Permission.MANAGE_STAFF)
async def reset_staff(request: web.Request) -> web.Response:
    """``POST /staff/{id}/reset``: a link for a new password and authenticator; the old ones open nothing any more."""
    account = await _managed(request)
    with refusals():
        token = await request.app[CONSOLE].staff.accounts.reset(account.id, _actor(request))
    if token is None:
        raise unknown_id("staff_id")
    return json_response({"link": setup_link(base_url(request), token)})


def staff_json(staff: Staff) -> Json:
    """An account as admins see it."""
    return {
        "id": staff.id,
        "email": staff.email,
        "name": staff.name,
        "roles": sorted(staff.roles),
        "tenants": list(staff.tenants),
        "sandboxOnly": staff.sandbox_only,
        "createdAt": staff.created_at,
        "disabledAt": staff.disabled_at,
        "isSetUp": staff.totp_set,
    }


def setup_link(base: str, token: str) -> str:
    """In the fragment, which browsers send to nobody and servers do not log."""
    return f"{base}/console/#setup={token}"


async def _managed(request: web.Request) -> Staff:
    """The account of the path. Raises ApiError 404, also for one that sees more than the caller."""
    account = await request.app[CONSOLE].staff.accounts.find(request.match_info["staff_id"])
    if account is None or not _manages(request, account):
        raise unknown_id("staff_id")
    return account


def _manages(request: web.Request, account: Staff) -> bool:
    return request[STAFF].covers(account.tenants, account.sandbox_only)


def _refuse_beyond(request: web.Request, tenants: Sequence[str], sandbox_only: bool) -> None:
    """Nobody lets others see more than they see themselves, or they could see it by such an account."""
    if not request[STAFF].covers(tenants, sandbox_only):
        message = "You can only give what you see yourself: these tenants, or production, are beyond that."
        raise ApiError(403, "beyond_own_sight", message, param="tenants")


def _actor(request: web.Request) -> Actor:
    return Actor.staff(request[STAFF].id, request[STAFF].name)


ROUTES = (
    Route("GET", "/staff", list_staff),
    Route("POST", "/staff", add_staff),
    Route("PATCH", "/staff/{staff_id}", change_staff),
    Route("POST", "/staff/{staff_id}/reset", reset_staff),
)
