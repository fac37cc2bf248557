"""The hosted page, its files, and the health of the server."""

from aiohttp import web

from rtc_server.api.context import CONTEXT
from rtc_server.api.files import file_reply, find_file, no_such_file
from rtc_server.api.middleware import json_response
from rtc_server.api.page_headers import ANYWHERE, page_headers
from rtc_server.api.resources.embedding import embedders_of, frame_ancestors_of_page

_FOR_PARTNERS = ("widget/", "session/avatar/portraits/")
_DAY = {"Cache-Control": "public, max-age=86400"}
"""For large files that change with a version of ours at most; ETag makes asking again cheap."""


async def session_page(request: web.Request) -> web.StreamResponse:
    """``GET /``: the page that reads its client secret from its address; who may frame it hangs on that secret."""
    sources = await frame_ancestors_of_page(request)
    headers = page_headers(sources, embedders_of(request, sources))
    return await file_reply(request, find_file(request.app[CONTEXT].static_folder, "session/index.html"), headers)


async def static_file(request: web.Request) -> web.StreamResponse:
    """``GET /static/…``."""
    name = request.match_info["path"]
    # Pages have addresses of their own, which say who may frame them.
    headers = page_headers("'none'")
    if name.startswith(_FOR_PARTNERS):
        headers |= ANYWHERE
    return await file_reply(request, find_file(request.app[CONTEXT].static_folder, name), headers)


async def pulled_file(request: web.Request) -> web.StreamResponse:
    """``GET /personas/….glb`` and ``GET /vendor/…``: from the model cache; 404 where they were not pulled."""
    path = request.app[CONTEXT].pulled_files.get(request.path.removeprefix("/"))
    if path is None or not path.is_file():
        raise no_such_file()
    return await file_reply(request, path, page_headers("'none'") | _DAY)


async def page_reply(request: web.Request, name: str) -> web.StreamResponse:
    """A page below the static folder, which those may frame whom the setting names. Raises ApiError 404."""
    context = request.app[CONTEXT]
    return await file_reply(request, find_file(context.static_folder, name), page_headers(context.frame_ancestors))


async def healthz(request: web.Request) -> web.Response:
    """``GET /healthz``: the process lives and answers."""
    return json_response({"status": "ok"} | request.app[CONTEXT].health())


async def readyz(request: web.Request) -> web.Response:
    """``GET /readyz``: 200 when sessions can be taken, else 503 with what is missing."""
    problems = list(request.app[CONTEXT].readiness())
    if problems:
        return json_response({"status": "notReady", "problems": problems}, status=503)
    return json_response({"status": "ready"})
