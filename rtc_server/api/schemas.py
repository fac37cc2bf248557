"""The body of a create call (G2 form) and the JSON that answers carry."""

from dataclasses import dataclass
from typing import Any

from conversation.flow.problems import Problem
from rtc_server.api.checks import anything, array, boolean, mapping, one_of, scalar, shape, text
from rtc_server.storage.ports import Json, SessionRecord

API_VERSION = "2024-12-18"
"""Version of the contract that answers follow."""

MAX_METADATA_BYTES = 50_000
DEFAULT_LANGUAGE = "en"

_ID = text(256)
_SHORT = text(1_000)
_LANGUAGE = text(35, pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", example="en")
_TRANSLATIONS = mapping(_SHORT, max_bytes=50_000)

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

_OLDER = "belongs to an older form of the API; describe the session in 'flow'"

CREATE_SESSION = shape(
    {
        "clientReferenceId": _SHORT,
        "metadata": mapping(anything, max_bytes=MAX_METADATA_BYTES),
        "flow": anything,
        "providedData": mapping(scalar, max_bytes=500_000),
        "avatarId": _ID,
        "langs": array(_LANGUAGE, max_items=200),
        "defaultLang": _LANGUAGE,
        "zone": one_of("us", "eu", "es"),
        "customization": _CUSTOMIZATION,
        "videoAIAnalysisEnabled": boolean,
        "extractionSchema": array(_EXTRACTION_FIELD, max_items=200),
        "backgroundAssetId": _ID,
    },
    required=("flow",),
    notes=dict.fromkeys(
        ("modules", "initialPhrase", "finalPhrase", "requestedData", "voiceId", "avatar", "lang"), _OLDER
    ),
)


@dataclass(frozen=True, slots=True)
class CreateSession:
    """A create call whose own fields are sound; the flow has still to be judged."""

    settings: Json
    """The body as submitted, with ``avatarId`` filled in."""
    flow: Any
    avatar_id: str
    client_reference_id: str = ""


def parse_create(body: Json, default_avatar_id: str) -> tuple[CreateSession, list[Problem]]:
    """The call and everything wrong with it; with problems only ``flow`` may be looked at."""
    avatar_id = body.get("avatarId")
    settings = body if avatar_id is not None else {**body, "avatarId": default_avatar_id}
    call = CreateSession(settings, body.get("flow"), settings["avatarId"], body.get("clientReferenceId") or "")
    return call, list(CREATE_SESSION(body, ""))


def session_json(record: SessionRecord) -> Json:
    """A session as the API shows it (contract §2.1)."""
    times = {"startedAt": record.started_at, "finishedAt": record.finished_at}
    return {
        "id": record.id,
        "createdAt": record.created_at,
        **{key: value for key, value in times.items() if value is not None},
        "status": record.status,
        "settings": record.settings,
        "version": API_VERSION,
        "report": record.report,
    }


def secret_json(record: SessionRecord, secret: str, page_url: str) -> Json:
    """A client secret as the API shows it (contract §5); ``page_url`` is the hosted page without query."""
    return {
        "secret": secret,
        "createdAt": record.secret_created_at,
        "expireAt": record.secret_expires_at,
        "url": f"{page_url}?cs={secret}",
    }
