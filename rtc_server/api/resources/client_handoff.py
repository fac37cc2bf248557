"""``GET /client/handoff.svg``: the session's link as a QR code, to go on with another device."""

import zxingcpp
from aiohttp import web

from rtc_server.api.access.auth import bearer, refuse_expired, refuse_finished, session_of_page
from rtc_server.api.checks import text
from rtc_server.api.context import CONTEXT
from rtc_server.api.operation import Operation
from rtc_server.api.resources.links import base_url

_SVG = "image/svg+xml"


async def handoff_code(request: web.Request) -> web.Response:
    """The link that the page was opened with. Nobody keeps the picture, because it opens the session."""
    record = await session_of_page(request)
    refuse_finished(record)
    refuse_expired(record, request.app[CONTEXT].now_ms())
    code = qr_code(f"{base_url(request)}/?cs={bearer(request)}")
    return web.Response(text=code, content_type=_SVG, headers={"Cache-Control": "no-store"})


def qr_code(link: str) -> str:
    """The text as a QR code (ISO/IEC 18004), black on white with its quiet zone, in SVG.

    Error correction M: a screen is seldom dirty, and fewer modules are read from further away.
    """
    barcode = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return zxingcpp.write_barcode_to_svg(barcode, add_quiet_zones=True)


OPERATIONS = (
    Operation(
        method="GET",
        path="/client/handoff.svg",
        handler=handoff_code,
        operation_id="getHandoffCode",
        summary="The session's link as a QR code",
        tag="Session page",
        security="client_secret",
        responses={200: text(100_000)},
        media_type=_SVG,
        errors=(409, 410),
    ),
)
