"""``GET /client/session``: what the session page needs before the call; docs/protocol.md describes it."""

from collections.abc import Sequence

from aiohttp import web

from conversation.flow.graph import build_graph
from conversation.flow.nodes import DataValidationNode, ExternalCallNode, FieldConditionNode, PermissionsNode, StartNode
from rtc_server.api.access.auth import refuse_expired, refuse_finished, session_of_page
from rtc_server.api.access.origins import MAX_CHARACTERS
from rtc_server.api.checks import anything, array, boolean, integer, named, nullable, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation
from rtc_server.api.resources.client_consent import RECORDED_TRACKS, consent_json
from rtc_server.api.resources.embedding import embedders_of, frame_ancestors_of
from rtc_server.api.resources.schemas import STATUS
from rtc_server.api.resources.visitor import visitor_of
from rtc_server.rtc.ports import IceServer
from rtc_server.session.languages import DEFAULT_LANGUAGE, LANGUAGES, normalize_language, resolve_language
from rtc_server.session.options import session_options
from rtc_server.storage.ports import Json

_LANGUAGE = text(35)


async def client_session(request: web.Request) -> web.Response:
    """``GET /client/session``: what the page shows before the call."""
    context = request.app[CONTEXT]
    record = await session_of_page(request)
    refuse_finished(record)
    refuse_expired(record, context.now_ms())
    options = session_options(record.settings)
    avatar = context.avatar(options["avatarId"])
    customization = options.get("customization") or {}
    controls = customization.get("controls") or {}
    captions = controls.get("captionsOpenedByDefault")
    wanted = visitor_of(request).languages
    allowed, default = options.get("langs") or (), options.get("defaultLang") or DEFAULT_LANGUAGE
    return json_response(
        {
            "session": {
                "id": record.id,
                "status": record.status,
                "language": resolve_language(wanted, allowed, default, context.languages),
            },
            "pageLanguage": resolve_language(wanted, allowed, default),
            "avatar": {"id": avatar.id, "name": avatar.name, "persona": avatar.persona},
            "customization": customization,
            "iceServers": [_ice_server_json(server) for server in context.ice_servers],
            "heartbeatMs": context.heartbeat_ms,
            "captions": True if captions is None else captions,
            "languages": [
                {"id": language, "title": LANGUAGES.get(language, language)}
                for language in possible_languages(allowed, context.languages)
            ],
            "asksPermissions": asks_permissions_first(record.flow),
            "embedders": embedders_of(request, await frame_ancestors_of(request, record)),
            "consent": consent_json(record),
            "recording": list(context.recordable),
            "expiresAt": record.secret_expires_at,
        }
    )


def possible_languages(allowed: Sequence[str], spoken: Sequence[str]) -> list[str]:
    """The allowed languages that are spoken here; none allowed or none spoken = all that are spoken."""
    eligible = {normalize_language(tag) for tag in allowed}
    return [language for language in spoken if language in eligible] or list(spoken)


def asks_permissions_first(flow: Sequence[Json]) -> bool:
    """Whether the first thing that the person meets, on every way, is a permissions node; the page then asks nothing.

    Nodes that take no time and show nothing (data validation, field condition, external call) do not count.
    """
    nodes = build_graph(list(flow)).nodes
    todo = [node.id for node in nodes.values() if isinstance(node, StartNode)]
    seen = set(todo)
    for node_id in todo:
        for _, target in nodes[node_id].targets:
            if isinstance(nodes[target], DataValidationNode | FieldConditionNode | ExternalCallNode):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
            elif not isinstance(nodes[target], PermissionsNode):
                return False
    return True


def _ice_server_json(server: IceServer) -> Json:
    """W3C RTCIceServer."""
    credentials = {"username": server.username, "credential": server.credential} if server.username else {}
    return {"urls": list(server.urls), **credentials}


_PAGE = named(
    "SessionPage",
    reply(
        {
            "session": reply({"id": text(64), "status": STATUS, "language": _LANGUAGE}),
            "avatar": reply({"id": text(256), "name": text(256), "persona": text(256)}),
            "customization": anything,
            "iceServers": array(reply({"urls": array(text(500), 20)}, open=True), 20),
            "heartbeatMs": integer(1),
            "captions": boolean,
            "languages": array(reply({"id": _LANGUAGE, "title": text(100)}), 100),
            "asksPermissions": boolean,
            "pageLanguage": _LANGUAGE,
            "embedders": array(text(MAX_CHARACTERS), 1_000),
            "consent": nullable(reply({"version": text(64), "at": integer(0), "recording": RECORDED_TRACKS})),
            "recording": RECORDED_TRACKS,
            "expiresAt": integer(0),
        }
    ),
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/client/session",
        handler=client_session,
        operation_id="getClientSession",
        summary="What the page shows before the call",
        tag="Session page",
        security="client_secret",
        responses={200: _PAGE},
        errors=(409, 410),
    ),
)
