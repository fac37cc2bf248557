"""``/console/api``: signing in and out, who one is, one's own password, and setting an account up by its link."""

from aiohttp import web

from rtc_server.api.access.limits import address_of
from rtc_server.api.checks import shape, text
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import checked_body
from rtc_server.audit.chain import Actor
from rtc_server.console.access import SIGNED_IN, clear_cookie, open_to_all, set_cookie, staff_only
from rtc_server.console.context import CONSOLE
from rtc_server.console.resources.problems import refusals
from rtc_server.console.route import Route
from rtc_server.staff import totp
from rtc_server.staff.sessions import SignedIn
from rtc_server.storage.ports import Json

_CREDENTIALS = shape(
    {"email": text(1_000), "password": text(1_000), "code": text(100)}, required=("email", "password", "code")
)
_LINK = shape({"token": text(200)}, required=("token",))
_SETUP = shape({"token": text(200), "password": text(1_000), "code": text(100)}, required=("token", "password", "code"))
_PASSWORD = shape({"current": text(1_000), "password": text(1_000)}, required=("current", "password"))


@open_to_all
async def sign_in(request: web.Request) -> web.Response:
    """``POST /sign-in``: like ``/me``, with the cookie. Everything that is wrong has one answer."""
    body = await checked_body(request, _CREDENTIALS)
    console = request.app[CONSOLE]
    address = address_of(request, console.trusted_proxy)
    with refusals():
        staff = await console.staff.sign_in.check(body["email"], body["password"], body["code"], address)
    token, signed_in = await console.staff.sessions.open(staff, address, request.headers.get("User-Agent", ""))
    response = json_response(me_json(request, signed_in))
    set_cookie(response, token)
    return response


@staff_only()
async def sign_out(request: web.Request) -> web.Response:
    """``POST /sign-out``: 204; the session opens nothing any more, also in other tabs."""
    signed_in, console = request[SIGNED_IN], request.app[CONSOLE]
    await console.staff.sessions.end(signed_in.session)
    await console.audit.write(Actor.staff(signed_in.staff.id, signed_in.staff.name), "staff.signed_out")
    response = web.Response(status=204)
    clear_cookie(response)
    return response


@staff_only()
async def me(request: web.Request) -> web.Response:
    """``GET /me``: who is signed in, and what their calls must carry."""
    return json_response(me_json(request, request[SIGNED_IN]))


@staff_only()
async def change_password(request: web.Request) -> web.Response:
    """``POST /me/password`` {current, password}: 204; the account is signed out in all other browsers."""
    body = await checked_body(request, _PASSWORD)
    console = request.app[CONSOLE]
    address = address_of(request, console.trusted_proxy)
    with refusals():
        await console.staff.own_password.change(request[SIGNED_IN], body["current"], body["password"], address)
    return web.Response(status=204)


@open_to_all
async def look_at_setup(request: web.Request) -> web.Response:
    """``POST /setup/look`` {token}: whose link it is, and the secret for the authenticator, also as a QR code."""
    body = await checked_body(request, _LINK)
    with refusals():
        offer = await request.app[CONSOLE].staff.setup.look(body["token"])
    qr_code = totp.qr_svg(offer.otpauth)
    words = {"email": offer.email, "name": offer.name, "totpSecret": offer.totp_secret, "otpauth": offer.otpauth}
    return json_response(words | {"totpSvg": qr_code})


@open_to_all
async def finish_setup(request: web.Request) -> web.Response:
    """``POST /setup`` {token, password, code}: the recovery codes, this once."""
    body = await checked_body(request, _SETUP)
    with refusals():
        codes = await request.app[CONSOLE].staff.setup.finish(body["token"], body["password"], body["code"])
    return json_response({"recoveryCodes": codes})


def me_json(request: web.Request, signed_in: SignedIn) -> Json:
    """Somebody who is signed in, as their page needs it."""
    console, staff = request.app[CONSOLE], signed_in.staff
    return {
        "staff": {
            "id": staff.id,
            "name": staff.name,
            "email": staff.email,
            "roles": sorted(staff.roles),
            "permissions": sorted(staff.permissions),
            "tenants": list(staff.tenants),
            "sandboxOnly": staff.sandbox_only,
        },
        "csrf": signed_in.csrf,
        "expiresAt": console.staff.sessions.ends_at(signed_in.session),
        "publicUrl": console.public_url,
        "twoPersonRule": console.settings.two_person,
    }


ROUTES = (
    Route("GET", "/me", me),
    Route("POST", "/me/password", change_password),
    Route("POST", "/sign-in", sign_in),
    Route("POST", "/sign-out", sign_out),
    Route("POST", "/setup/look", look_at_setup),
    Route("POST", "/setup", finish_setup),
)
