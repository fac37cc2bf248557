"""What an integrator may choose from: languages and avatars, as bare arrays (contract §1.8)."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import array, boolean, described, integer, named, one_of, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.ports import Avatar
from rtc_server.session.languages import LANGUAGES
from rtc_server.storage.ports import Json

PORTRAITS = "/static/session/avatar/portraits"
"""Where the pictures of the personas are served."""

_LANGUAGE = named("Language", reply({"id": text(16, example="en"), "title": text(100, example="English")}))
_AVATAR = named(
    "Avatar",
    reply(
        {
            "id": text(256),
            "name": text(256),
            "gender": one_of("male", "female", "unknown"),
            "imageUrl": described(text(2_000), "A portrait, SVG."),
            "isDisabled": boolean,
        },
        {"createdAt": integer()},
    ),
)


async def get_langs(request: web.Request) -> web.Response:
    """``GET /langs``: the languages in which this server can hold a conversation."""
    await authenticate(request)
    return json_response([{"id": tag, "title": LANGUAGES[tag]} for tag in request.app[CONTEXT].languages])


async def get_avatars(request: web.Request) -> web.Response:
    """``GET /avatars``."""
    await authenticate(request)
    context = request.app[CONTEXT]
    base = (context.public_url or str(request.url.origin())).rstrip("/")
    return json_response([_avatar_json(avatar, base) for avatar in context.avatars.values()])


def _avatar_json(avatar: Avatar, base: str) -> Json:
    return {
        "id": avatar.id,
        "name": avatar.name,
        "gender": avatar.gender,
        "imageUrl": f"{base}{PORTRAITS}/{avatar.persona}.webp",
        "createdAt": avatar.created_at,
        "isDisabled": False,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/langs",
        handler=get_langs,
        operation_id="getLangs",
        summary="List the languages",
        tag="Catalogue",
        description="Only those in which this server can hold a conversation.",
        responses={200: array(_LANGUAGE, max_items=1_000)},
    ),
    Operation(
        method="GET",
        path="/avatars",
        handler=get_avatars,
        operation_id="getAvatars",
        summary="List the avatars",
        tag="Catalogue",
        responses={200: array(_AVATAR, max_items=1_000)},
    ),
)
