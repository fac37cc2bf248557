"""The hosted page, its files, and the health of the server."""

import posixpath
from pathlib import Path

from aiohttp import web

from rtc_server.api.context import CONTEXT, ApiContext
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response

CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".glb": "model/gltf-binary",
    ".wasm": "application/wasm",
    ".txt": "text/plain",
}
"""What may be served, and as what; a file of another kind answers 404."""

_TEXT = {".html", ".css", ".js", ".mjs", ".txt"}
_PERMISSIONS = "camera=(self), microphone=(self), autoplay=(self), geolocation=(), payment=(), usb=()"


async def session_page(request: web.Request) -> web.StreamResponse:
    """``GET /``: the page that reads its client secret from its address."""
    return file_reply(request.app[CONTEXT], "session/index.html")


async def static_file(request: web.Request) -> web.StreamResponse:
    """``GET /static/…``."""
    return file_reply(request.app[CONTEXT], request.match_info["path"])


async def healthz(request: web.Request) -> web.Response:
    """``GET /healthz``: the process lives and answers."""
    return json_response({"status": "ok"} | request.app[CONTEXT].health())


async def readyz(request: web.Request) -> web.Response:
    """``GET /readyz``: 200 when sessions can be taken, else 503 with what is missing."""
    problems = list(request.app[CONTEXT].readiness())
    if problems:
        return json_response({"status": "notReady", "problems": problems}, status=503)
    return json_response({"status": "ready"})


def page_headers(frame_ancestors: str) -> dict[str, str]:
    """Headers of the page and its files (CSP level 3, Permissions Policy): nothing from elsewhere, nothing inline."""
    policy = (
        "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
        "style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors}"
    )
    return {
        "Content-Security-Policy": policy,
        "Permissions-Policy": _PERMISSIONS,
        # Kept, but asked for each time: an update shows at once, and ETag makes the asking cheap.
        "Cache-Control": "no-cache",
    }


def file_reply(context: ApiContext, name: str) -> web.StreamResponse:
    """A file below the static folder. Raises ApiError 404."""
    path = _inside(context.static_folder, name)
    if path is None:
        raise ApiError(404, "unknown_path", "There is no such file.")
    content_type = CONTENT_TYPES[path.suffix]
    charset = "; charset=utf-8" if path.suffix in _TEXT else ""
    headers = page_headers(context.frame_ancestors) | {"Content-Type": content_type + charset}
    return web.FileResponse(path, headers=headers)


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name, when it may be served: below the folder, of a known kind, not hidden."""
    if "\0" in name or "\\" in name or posixpath.normpath(name) != name:
        return None
    parts = name.split("/")
    if any(part.startswith(".") for part in parts) or Path(name).suffix not in CONTENT_TYPES:
        return None
    root = folder.resolve()
    try:
        path = root.joinpath(*parts).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except OSError:  # a name that is too long for the file system
        return None
