"""Who may call the console: a cookie says who it is, a token and the browser's own headers that our page asks.

Cookie: ``__Host-`` (RFC 6265bis §4.1.3.2), so it was set by this host, over a secure connection, for all paths.
Forgery: ``SameSite=Strict``, ``Origin`` or ``Sec-Fetch-Site`` of ours on every call that changes something, and a token
that only our page can read (OWASP, Cross-Site Request Forgery Prevention). Streams and other reads refuse other sites.
"""

import functools
import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from rtc_server.api.errors import ApiError
from rtc_server.console.context import CONSOLE
from rtc_server.staff.roles import Permission, Staff
from rtc_server.staff.sessions import SignedIn

COOKIE = "__Host-visavis-staff"
CSRF_HEADER = "X-Visavis-CSRF"

STAFF: web.RequestKey[Staff] = web.RequestKey("visavis_staff", Staff)
"""Who calls, once it has been checked."""
SIGNED_IN: web.RequestKey[SignedIn] = web.RequestKey("visavis_signed_in", SignedIn)
"""The same with the session."""

_NEEDED: web.RequestKey[frozenset[Permission]] = web.RequestKey("visavis_needed", frozenset)
"""What the handler was allowed by."""

_SAFE_METHODS = ("GET", "HEAD")


def staff_only(
    *permissions: Permission,
) -> Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Handler]:
    """Decorator of handlers: only for staff who have all these permissions; without any, for whoever is signed in.

    Puts the account into ``request[STAFF]``. The handler raises ApiError 401 ``signed_out``, 403 ``not_allowed`` naming
    the permission, 403 ``forged_call``.
    """

    def decorate(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Handler:
        @functools.wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            refuse_foreign(request)
            found = await _find(request)
            if found is None:
                raise ApiError(401, "signed_out", "Nobody is signed in here, or no longer: sign in.")
            if request.method not in _SAFE_METHODS:
                _refuse_forged(request, found)
            for permission in permissions:
                require(found.staff, permission)
            request[STAFF], request[SIGNED_IN], request[_NEEDED] = found.staff, found, frozenset(permissions)
            return await handler(request)

        return guarded

    return decorate


def open_to_all(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Handler:
    """Decorator of the few handlers that nobody is signed in for yet: only our own pages may call them."""

    @functools.wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        refuse_foreign(request)
        return await handler(request)

    return guarded


def require(staff: Staff, permission: Permission) -> None:
    """Raises ApiError 403 ``not_allowed``, which names the permission."""
    if not staff.may(permission):
        message = f"Your roles do not allow this: it needs '{permission}'. An admin can change them."
        raise ApiError(403, "not_allowed", message, extra={"permission": permission})


async def signed_in(request: web.Request) -> bool:
    """Whether whoever opened a stream may still read it: signed in, not disabled, and with what it takes.

    Looking does not count as a sign of life.
    """
    found = await _find(request, seen=False)
    return found is not None and request[_NEEDED] <= found.staff.permissions


def refuse_foreign(request: web.Request) -> None:
    """Raises ApiError 403 ``forged_call`` when a page that is not ours makes the browser call.

    A call that changes something must show that it is ours; a read must not show that it is not.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if request.method in _SAFE_METHODS:
        foreign = site not in (None, "same-origin", "none") or (origin is not None and not _ours(request, origin))
    elif origin is not None:
        foreign = not _ours(request, origin) or site not in (None, "same-origin")
    else:
        foreign = site != "same-origin"
    if foreign:
        raise ApiError(403, "forged_call", "This call does not come from the console's own page.")


def set_cookie(response: web.StreamResponse, token: str) -> None:
    """Sign a browser in. The cookie ends with the browser; how long it works is decided here, not there."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")


def clear_cookie(response: web.StreamResponse) -> None:
    """Sign a browser out."""
    response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")


async def _find(request: web.Request, *, seen: bool = True) -> SignedIn | None:
    return await request.app[CONSOLE].staff.sessions.find(request.cookies.get(COOKIE, ""), seen=seen)


def _refuse_forged(request: web.Request, found: SignedIn) -> None:
    given = request.headers.get(CSRF_HEADER, "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, found.csrf.encode()):
        message = f"The header {CSRF_HEADER} is missing or is another session's: load the page again."
        raise ApiError(403, "forged_call", message)


def _ours(request: web.Request, origin: str) -> bool:
    """Whether it is the origin that the browser called, or the one under which people know this server.

    A proxy in front may end TLS, so that the browser's scheme may be https where ours is http; not the other way round.
    """
    public_url = request.app[CONSOLE].public_url
    if public_url and origin == str(URL(public_url).origin()):
        return True
    return origin in (f"{request.scheme}://{request.host}", f"https://{request.host}")
