"""Shapes of sessions: the body of a create call and the JSON that answers carry (contract §1.5, §2, §5)."""

from typing import Any

from rtc_server.api.checks import (
    Check,
    anything,
    array,
    boolean,
    described,
    integer,
    mapping,
    named,
    number,
    one_of,
    reply,
    scalar,
    shape,
    text,
)
from rtc_server.api.context import API_VERSION
from rtc_server.session.options import FLAT_CUSTOMIZATION
from rtc_server.storage.ports import Json, SessionRecord

MAX_METADATA_BYTES = 50_000

IGNORED = {
    "avatar": "the avatar is chosen by avatarId",
    "backgroundAssetId": "backgrounds cannot be replaced yet",
    "branding": "see customization",
    "cancelUrl": "the page tells its parent window when it ends",
    "dataRetention": "retention is a setting of the server",
    "encryptionLevel": "everything is encrypted in the same way",
    "expiresAt": "the life of a link is a setting of the server",
    "language": "say langs and defaultLang",
    "mode": "the key decides between sandbox and production",
    "successUrl": "the page tells its parent window when it ends",
    "userData": "say providedData",
    "voiceId": "the voice belongs to the avatar",
    "webhookUrl": "register an endpoint with POST /webhook-endpoints",
}
"""Fields of older or imagined forms of the API: taken, echoed, without effect. Why, for the warning."""

_ID = text(256)
_SHORT = text(1_000)
_LANGUAGE = text(35, pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", example="en")
_TRANSLATIONS = mapping(_SHORT, max_bytes=50_000)

_FLAT: dict[str, Check] = {
    old: _TRANSLATIONS if new.endswith("Translates") else _SHORT for old, new in FLAT_CUSTOMIZATION.items()
}

_CUSTOMIZATION = shape(
    {
        "permissionsPage": shape(
            {
                "buttonText": _SHORT,
                "mainHeading": _SHORT,
                "subheading": _SHORT,
                "backgroundType": one_of("AVATAR", "COLOR"),
                "backgroundColor": text(64),
                "buttonTextTranslates": _TRANSLATIONS,
                "mainHeadingTranslates": _TRANSLATIONS,
                "subheadingTranslates": _TRANSLATIONS,
            }
        ),
        "controls": shape(
            {
                "showUxControls": boolean,
                "captionsOpenedByDefault": boolean,
                "buttons": array(one_of("microphone", "camera", "captions", "language", "close"), max_items=20),
                "autoHide": boolean,
            }
        ),
        **_FLAT,
    }
)

_EXTRACTION_FIELD = shape(
    {
        "fieldName": text(100),
        "type": one_of("string", "number", "boolean", "date"),
        "description": text(2_000),
        "enum": array(_SHORT, max_items=200, min_items=1),
    },
    required=("fieldName", "type"),
)

_REQUESTED = shape({"key": text(100), "isRequired": boolean, "description": text(2_000)}, required=("key",))

CREATE_SESSION = named(
    "CreateSession",
    shape(
        {
            "clientReferenceId": described(_SHORT, "Your own id of the person or the case.", "order-77"),
            "metadata": described(mapping(anything, max_bytes=MAX_METADATA_BYTES), "Anything; searchable, echoed."),
            "flow": described(anything, "The flow: a list of nodes, or an object with nodes and edges."),
            "flowId": described(_ID, "A stored flow, instead of flow."),
            "flowVersion": described(integer(1), "Its version; the newest one when absent."),
            "modules": described(anything, "The oldest form of a flow; it is compiled to nodes."),
            "initialPhrase": described(_SHORT, "With modules or requestedData: what is said first."),
            "finalPhrase": described(_SHORT, "With modules or requestedData: what is said last."),
            "requestedData": array(_REQUESTED, max_items=100),
            "providedData": described(mapping(scalar, max_bytes=500_000), "Facts that are known already."),
            "avatarId": _ID,
            "langs": described(array(_LANGUAGE, max_items=200), "Languages that may be spoken; all when absent."),
            "defaultLang": _LANGUAGE,
            "lang": _LANGUAGE,
            "zone": one_of("us", "eu", "es"),
            "customization": _CUSTOMIZATION,
            "videoAIAnalysisEnabled": boolean,
            "extractionSchema": array(_EXTRACTION_FIELD, max_items=200),
            "sandbox": described(
                mapping(_ID, max_bytes=50_000),
                "With a test key: id of a node and the outcome that it shall come to.",
                {"live": "livenessDetected"},
            ),
            "flowNormalizations": described(anything, "Written by the server; ignored in a call."),
            **_FLAT,
            **dict.fromkeys(IGNORED, anything),
        }
    ),
)

STATUS = one_of("created", "inProgress", "complete", "incomplete")

_PHRASE = reply({"id": text(64), "createdAt": integer(0), "text": text(100_000), "isAvatar": boolean}, open=True)
_NODE_REPORT = reply(
    {"type": text(64), "nodeId": _ID, "createdAt": integer(0), "outcome": text(256)},
    {"evidence": anything, "report": anything},
    open=True,
)
_SECTION = reply({"title": text(200), "shortDescription": text(2_000), "longDescription": text(20_000)}, open=True)
_MEDIA = reply({"id": text(64), "createdAt": integer(0), "url": text(2_000)}, open=True)
_RECORDING = reply({"kind": text(20), "part": integer(0), "finished": boolean, "file": _MEDIA}, open=True)
_REPORT = named(
    "Report",
    reply(
        {"transcript": array(_PHRASE, 100_000), "lang": text(35), "nodeReports": array(_NODE_REPORT, 10_000)},
        {
            "extractedData": anything,
            "isVerified": boolean,
            "livenessDetected": boolean,
            "verdict": reply({"isVerified": boolean, "reasons": array(text(600), 10_000), "rule": text(64)}, open=True),
            "aiAnalysis": reply(
                {"overallSummary": text(20_000), "analysis": array(_SECTION, 10_000)},
                {
                    "ageMin": integer(0),
                    "ageMax": integer(0),
                    "sex": one_of("male", "female"),
                    "realPersonOrVirtual": one_of("real", "virtual", "noface"),
                    "summaryWordedBy": one_of("model"),
                },
                open=True,
            ),
            "notChecked": array(reply({"nodeId": _ID, "type": text(64), "reason": text(300)}), 10_000),
            "device": anything,
            "location": anything,
            "consent": reply(
                {"version": text(64), "locale": text(35), "acceptedAt": integer(0)},
                {"recording": array(text(20), 3)},
            ),
            "review": named(
                "Review",
                reply(
                    {"decision": one_of("approve", "decline", "again"), "decidedAt": integer(0), "by": text(200)},
                    {
                        "reason": described(text(1_000), "Gone once the session is redacted."),
                        "second": described(anything, "The person who agreed, where two must."),
                        "disputed": described(anything, "Two who did not agree, where a supervisor decided."),
                    },
                ),
            ),
            "media": reply(
                {}, {"screenshots": array(_MEDIA, 1_000), "recordings": array(_RECORDING, 1_000)}, open=True
            ),
        },
        open=True,
    ),
)
SESSION = named(
    "Session",
    reply(
        {
            "id": text(64),
            "createdAt": integer(0),
            "status": STATUS,
            "settings": described(anything, "The create call as it came, with avatarId filled in."),
            "version": text(10),
            "report": _REPORT,
        },
        {"startedAt": integer(0), "finishedAt": integer(0), "reason": text(64), "redactedAt": integer(0)},
        open=True,
    ),
)
CLIENT_SECRET = named(
    "ClientSecret",
    reply({"secret": text(64), "createdAt": number, "expireAt": number, "url": text(2_000)}),
)
SESSION_AND_SECRET = reply(
    {"session": SESSION, "clientSecret": CLIENT_SECRET}, {"warnings": array(text(20_000), 20_000)}
)
SESSION_ALONE = reply({"session": SESSION})
SESSION_LIST = reply(
    {"sessions": array(SESSION, 100), "hasMore": boolean}, {"nextCursor": text(64), "totalCount": integer(0)}, open=True
)
FLOW_NODES = reply({"flow": array(anything, 5_000)}, {"flowId": _ID, "flowVersion": integer(1)})


def session_json(record: SessionRecord, media: Json | None = None) -> Json:
    """A session as the API shows it (contract §2.1); ``media`` is the report's member of that name."""
    extras = {"device": record.device, "location": record.location, "consent": record.consent, "media": media}
    shown: dict[str, Any] = {
        "id": record.id,
        "createdAt": record.created_at,
        "startedAt": record.started_at,
        "finishedAt": record.finished_at,
        "status": record.status,
        "reason": record.reason or None,
        "settings": record.settings,
        "version": API_VERSION,
        "report": record.report | {name: value for name, value in extras.items() if value},
        "redactedAt": record.redacted_at,
    }
    return {name: value for name, value in shown.items() if value is not None}


def secret_json(record: SessionRecord, secret: str, page_url: str) -> Json:
    """A client secret as the API shows it (contract §5); ``page_url`` is the hosted page without query."""
    return {
        "secret": secret,
        "createdAt": record.secret_created_at,
        "expireAt": record.secret_expires_at,
        "url": f"{page_url}?cs={secret}",
    }
