"""Enrolled faces by REST: who can be recognised in a session, entered, changed and deleted by the customer."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from conversation.speech.errors import Category, SpeechError
from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import Check, array, boolean, described, integer, named, reply, shape, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, retry_after, unknown_id
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, body_of, query_of
from rtc_server.audit.chain import Actor
from rtc_server.recognition.gallery import IndexNotReadyError
from rtc_server.recognition.portrait import PortraitReader
from rtc_server.recognition.ports import Consent, Enrolled, Enrolment
from rtc_server.recognition.service import FaceRecognition
from rtc_server.storage.faces import FaceLimitError
from rtc_server.storage.ports import FaceRecord, Json, Templates

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100
MAX_IMAGE_CHARACTERS = 950_000
MAX_TIME_MS = 10**14
BUSY_SECONDS = 2.0

_TOLD = ("name", "email", "phone", "company", "jobTitle")
_FIELDS_OUT = reply({}, {name: text(1_000) for name in _TOLD})
_FIELDS = described(
    shape({name: text(1_000) for name in _TOLD}), "What a recognition tells the flow. Stored encrypted."
)
_IMAGE = described(
    text(
        MAX_IMAGE_CHARACTERS,
        r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}",
        "data:image/jpeg;base64,/9j/4A==",
    ),
    "One person, near, frontal, sharp and well lit. It is not kept.",
)
_CONSENT_PARTS: dict[str, Check] = {
    "text": described(text(10_000, min_characters=1), "The words to which the person agreed."),
    "locale": described(text(35, min_characters=2), "Language of these words.", "en-US"),
    "givenAt": described(integer(0, MAX_TIME_MS), "Unix milliseconds."),
}
_CONSENT = shape(_CONSENT_PARTS, required=_CONSENT_PARTS)
_REFERENCE = described(text(1_000), "Your own id of the person; enrolling the same one again replaces its face.")
_FACE = named(
    "Face",
    reply(
        {
            "id": text(64),
            "reference": text(1_000),
            "fields": _FIELDS_OUT,
            "consent": reply(_CONSENT_PARTS, {"sessionId": text(64)}),
            "createdAt": integer(0),
            "updatedAt": integer(0),
            "embedder": described(text(200), "Which model made the template."),
        },
        {"sessionId": described(text(64), "In which it was enrolled; absent when you did it by this API.")},
    ),
    "Somebody who can be recognised. The template itself is never shown.",
)
_PAGE = reply({"faces": array(_FACE, max_items=MAX_PAGE_SIZE), "hasMore": boolean}, {"nextCursor": text(256)})

_ADVICE = {
    "unreadable": "the picture is damaged, or has too many pixels",
    "no_face": "there is no face in it",
    "more_faces": "there is more than one face in it",
    "too_dark": "it is too dark",
    "too_bright": "it is too bright",
    "backlit": "the light comes from behind",
    "covered": "something covers the face",
    "too_far": "the face is too small",
    "too_near": "the face does not fit into it",
    "turned": "the head is turned aside",
    "tilted": "the head is tilted",
    "blurred": "it is blurred",
    "too_coarse": "the face has too few pixels",
}


async def enrol_face(request: web.Request) -> web.Response:
    """``POST /faces``."""
    owner = (await authenticate(request)).owner
    body = await body_of(request)
    recognition, portraits = _engines(request)
    enrolment = Enrolment(body.get("reference") or "", _told(body.get("fields") or {}), _consent(body["consent"]))
    with _refusals():
        template = await _template(portraits, body["image"])
        enrolled = await recognition.enrol(owner, portraits.embedder.name, template, enrolment)
    return await _shown(request, enrolled, 201)


async def list_faces(request: web.Request) -> web.Response:
    """``GET /faces``: newest first."""
    owner = (await authenticate(request)).owner
    query = query_of(request)
    limit = int(query.get("limit", PAGE_SIZE))
    store = request.app[CONTEXT].stores.faces
    try:
        faces, more = await store.faces(owner, limit, query.get("cursor", ""), query.get("reference"))
    except KeyError:
        message = "cursor: is not the 'nextCursor' of an earlier page"
        raise ApiError(400, "invalid_value", message, param="cursor") from None
    following = {"nextCursor": faces[-1].id} if more and faces else {}
    return json_response({"faces": [face_json(face) for face in faces], "hasMore": more, **following})


async def get_face(request: web.Request) -> web.Response:
    """``GET /faces/{id}``."""
    return json_response(face_json(await _face(request)))


async def replace_face(request: web.Request) -> web.Response:
    """``PUT /faces/{id}``: another picture, other fields, another consent, or several of them."""
    known = await _face(request)
    body = await body_of(request)
    image, fields, given = body.get("image"), body.get("fields"), body.get("consent")
    recognition, portraits = _engines(request)
    changes = None if fields is None else _told(fields), None if given is None else _consent(given)
    with _refusals():
        template = None if image is None else (portraits.embedder.name, await _template(portraits, image))
        enrolled = await recognition.enrol_again(known.owner, known.id, template, *changes)
    return await _shown(request, enrolled, 200)


async def delete_face(request: web.Request) -> web.Response:
    """``DELETE /faces/{id}``: with the template, at once."""
    key, faces = await authenticate(request), request.app[CONTEXT].stores.faces
    if not await faces.delete_face(request.match_info["face_id"], key.owner, Actor.key(key.id)):
        raise unknown_id("face_id")
    return web.Response(status=204)


def face_json(face: FaceRecord) -> Json:
    """An enrolled face as the API shows it."""
    session = {"sessionId": face.session_id} if face.session_id else {}
    return {
        "id": face.id,
        "reference": face.reference,
        "fields": dict(face.fields),
        "consent": face.consent,
        "createdAt": face.created_at,
        "updatedAt": face.updated_at,
        "embedder": face.embedder,
        **session,
    }


async def _face(request: web.Request) -> FaceRecord:
    owner = (await authenticate(request)).owner
    face = await request.app[CONTEXT].stores.faces.face(request.match_info["face_id"], owner)
    if face is None:
        raise unknown_id("face_id")
    return face


def _engines(request: web.Request) -> tuple[FaceRecognition, PortraitReader]:
    context = request.app[CONTEXT]
    if context.recognition is None or context.portraits is None:
        message = "This server looks at no faces: its operator has switched it off (vision.tracker, vision.embedder)."
        raise ApiError(503, "recognition_unavailable", message)
    return context.recognition, context.portraits


@contextmanager
def _refusals() -> Iterator[None]:
    """Around an enrolment: what keeps it from being done, as ApiError."""
    try:
        yield
    except FaceLimitError as error:
        raise ApiError(409, "too_many_faces", f"{error}.") from None
    except KeyError:
        raise unknown_id("face_id") from None
    except IndexNotReadyError as error:
        raise ApiError(503, "busy", f"{error}.", headers=retry_after(BUSY_SECONDS)) from None
    except SpeechError as error:
        if error.category is not Category.BUSY:
            raise
        message = "Too many pictures are being looked at; try again in a moment."
        raise ApiError(503, "busy", message, headers=retry_after(BUSY_SECONDS)) from None


async def _template(portraits: PortraitReader, image: str) -> Templates:
    """Raises ApiError 400 that says what is wrong with the picture."""
    try:
        content = base64.b64decode(image.partition(",")[2], validate=True)
    except binascii.Error:
        raise ApiError(400, "invalid_value", "image: is no base64 after the comma", param="image") from None
    portrait = await portraits.read(content)
    if portrait.template is None:
        advice = _ADVICE.get(portrait.problem, "the face is not placed well")
        message = f"image: {advice}; send one person, near, frontal, sharp and well lit"
        raise ApiError(400, "low_quality", message, param="image", extra={"problem": portrait.problem})
    return portrait.template


async def _shown(request: web.Request, enrolled: Enrolled, status: int) -> web.Response:
    """Raises ApiError 409 for a duplicate, 404 for a face that was deleted at this moment."""
    if enrolled.duplicate_of:
        message = "This face is enrolled already; change that one (PUT /faces/{id}), or delete it first."
        raise ApiError(409, "duplicate_face", message, extra={"duplicateOf": enrolled.duplicate_of})
    owner = (await authenticate(request)).owner
    face = await request.app[CONTEXT].stores.faces.face(enrolled.face_id, owner)
    if face is None:
        raise unknown_id("face_id")
    return json_response(face_json(face), status=status)


def _told(fields: Json) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}


def _consent(given: Json) -> Consent:
    return Consent(given["text"], given["locale"], given["givenAt"])


OPERATIONS = (
    Operation(
        method="POST",
        path="/faces",
        handler=enrol_face,
        operation_id="enrolFace",
        summary="Enrol a face",
        tag="Faces",
        scope="faces:write",
        description=(
            "From then on RECOGNITION nodes recognise the person. A face that is enrolled under another reference "
            "answers 409 with its id, `duplicateOf`. See docs/recognition.md."
        ),
        body=shape(
            {"reference": _REFERENCE, "image": _IMAGE, "fields": _FIELDS, "consent": _CONSENT},
            required=("image", "consent"),
        ),
        responses={201: _FACE},
    ),
    Operation(
        method="GET",
        path="/faces",
        handler=list_faces,
        operation_id="listFaces",
        summary="List enrolled faces",
        tag="Faces",
        scope="faces:read",
        description="Newest first.",
        query={
            "limit": described(integer(0, MAX_PAGE_SIZE), f"Faces on a page; default {PAGE_SIZE}."),
            "cursor": described(text(256), "`nextCursor` of the page before."),
            "reference": described(text(1_000), "Only this person's."),
        },
        responses={200: _PAGE},
    ),
    Operation(
        method="GET",
        path="/faces/{face_id}",
        handler=get_face,
        operation_id="getFace",
        summary="Read an enrolled face",
        tag="Faces",
        scope="faces:read",
        responses={200: _FACE},
    ),
    Operation(
        method="PUT",
        path="/faces/{face_id}",
        handler=replace_face,
        operation_id="replaceFace",
        summary="Enrol a face anew, or change what it tells",
        tag="Faces",
        scope="faces:write",
        description="What is left out stays as it is.",
        body=shape({"image": _IMAGE, "fields": _FIELDS, "consent": _CONSENT}),
        responses={200: _FACE},
        errors=(409,),
    ),
    Operation(
        method="DELETE",
        path="/faces/{face_id}",
        handler=delete_face,
        operation_id="deleteFace",
        summary="Delete an enrolled face",
        tag="Faces",
        scope="faces:write",
        description="With its template, at once.",
        responses={204: None},
    ),
)
