"""``POST /client/consent``: what the person agreed to on the page, in which language, and when."""

from aiohttp import web

from rtc_server.api.access.auth import refuse_expired, refuse_finished, session_of_page
from rtc_server.api.checks import described, named, shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.operation import Operation, body_of
from rtc_server.storage.ports import Json, SessionRecord

_CONSENT = named(
    "Consent",
    shape(
        {
            "version": described(
                text(64, pattern=r"[A-Za-z0-9._:-]+"), "Of the text that was shown; it is the page's own.", "2026-11"
            ),
            "locale": described(
                text(35, pattern=r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"), "In which it was shown (BCP 47).", "pt-BR"
            ),
        },
        required=("version", "locale"),
    ),
)


async def client_consent(request: web.Request) -> web.Response:
    """Keep it with the session. The same version again changes nothing, so the first time stays."""
    context = request.app[CONTEXT]
    record = await session_of_page(request)
    refuse_finished(record)
    refuse_expired(record, context.now_ms())
    body = await body_of(request)
    if record.consent is None or record.consent["version"] != body["version"]:
        consent = {"version": body["version"], "locale": body["locale"], "acceptedAt": context.now_ms()}
        await context.stores.sessions.update_session(record.id, consent=consent)
    return web.Response(status=204)


def consent_json(record: SessionRecord) -> Json | None:
    """What the page is told of an earlier consent."""
    consent = record.consent
    return None if consent is None else {"version": consent["version"], "at": consent["acceptedAt"]}


OPERATIONS = (
    Operation(
        method="POST",
        path="/client/consent",
        handler=client_consent,
        operation_id="consent",
        summary="The person agrees to the page's terms",
        tag="Session page",
        security="client_secret",
        description="Kept with the session and shown in its report as `consent`. A newer version replaces an older.",
        body=_CONSENT,
        responses={204: None},
        errors=(409, 410),
    ),
)
