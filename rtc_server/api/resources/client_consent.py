"""``POST /client/consent``: what the person agreed to on the page, in which language, and when."""

from aiohttp import web

from rtc_server.api.access.auth import refuse_expired, refuse_finished, session_of_page
from rtc_server.api.checks import array, described, named, one_of, shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.operation import Operation, body_of
from rtc_server.recording.settings import TRACKS
from rtc_server.storage.ports import Json, SessionRecord

RECORDED_TRACKS = array(one_of(*TRACKS), len(TRACKS))
"""What of a conversation is recorded."""

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
            "recording": described(RECORDED_TRACKS, "What the person agreed to be recorded; absent = nothing.", []),
        },
        required=("version", "locale"),
    ),
)


async def client_consent(request: web.Request) -> web.Response:
    """Keep it with the session. The same again changes nothing, so the first time stays."""
    context = request.app[CONTEXT]
    record = await session_of_page(request)
    refuse_finished(record)
    refuse_expired(record, context.now_ms())
    body = await body_of(request)
    # Only what is asked for here can be agreed to, whatever a page says.
    recorded = [track for track in context.recordable if track in body.get("recording", ())]
    former = record.consent or {}
    if former.get("version") != body["version"] or former.get("recording", []) != recorded:
        consent = {"version": body["version"], "locale": body["locale"], "acceptedAt": context.now_ms()}
        if recorded:
            consent["recording"] = recorded
        await context.stores.sessions.update_session(record.id, consent=consent)
        context.calls.agreed_to_recording(record.id, recorded)
    return web.Response(status=204)


def consent_json(record: SessionRecord) -> Json | None:
    """What the page is told of an earlier consent."""
    consent = record.consent
    if consent is None:
        return None
    return {"version": consent["version"], "at": consent["acceptedAt"], "recording": consent.get("recording", [])}


OPERATIONS = (
    Operation(
        method="POST",
        path="/client/consent",
        handler=client_consent,
        operation_id="consent",
        summary="The person agrees to the page's terms",
        tag="Session page",
        security="client_secret",
        description="Kept with the session and shown in its report as `consent`. Another one replaces it.",
        body=_CONSENT,
        responses={204: None},
        errors=(409, 410),
    ),
)
