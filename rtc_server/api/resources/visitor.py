"""What a browser says about itself when it opens a session (RFC 9110 §12.5.4, §10.1.5)."""

import re

from aiohttp import web

from rtc_server.api.access.limits import address_of
from rtc_server.api.context import CONTEXT
from rtc_server.api.ports import Visitor

MAX_LANGUAGES = 20
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4})\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*")


def visitor_of(request: web.Request, language: str = "") -> Visitor:
    """The visitor; ``language``, which the person chose on the page, comes before those of the browser."""
    chosen = (language,) if language else ()
    return Visitor(
        user_agent=request.headers.get("User-Agent", ""),
        languages=chosen + accepted_languages(request.headers.get("Accept-Language", "")),
        address=address_of(request, request.app[CONTEXT].trusted_proxy),
    )


def accepted_languages(header: str) -> tuple[str, ...]:
    """Language tags of ``Accept-Language``, most wanted first; what cannot be read is left out."""
    found = [_RANGE.fullmatch(part) for part in header.split(",")[: 2 * MAX_LANGUAGES]]
    weighted = [(match[1], float(match[2] or 1)) for match in found if match]
    weighted.sort(key=lambda entry: -entry[1])
    return tuple(tag for tag, weight in weighted if weight > 0)[:MAX_LANGUAGES]
