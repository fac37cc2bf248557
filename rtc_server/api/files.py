"""Files over HTTP: which may be served, as what, compressed where that helps, and not again when nothing changed."""

import posixpath
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from rtc_server.api.compression import GZIPPED, Compressed, accepts_gzip
from rtc_server.api.errors import ApiError

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
_COMPRESSIBLE = _TEXT | {".json", ".map", ".webmanifest", ".svg", ".glb", ".wasm"}


def find_file(folder: Path, name: str) -> Path:
    """The file of that name below the folder, of a known kind and not hidden. Raises ApiError 404."""
    if "\0" in name or "\\" in name or posixpath.normpath(name) != name:
        raise no_such_file()
    parts = name.split("/")
    if any(part.startswith(".") for part in parts) or Path(name).suffix not in CONTENT_TYPES:
        raise no_such_file()
    root = folder.resolve()
    try:
        path = root.joinpath(*parts).resolve()
        if path.is_relative_to(root) and path.is_file():
            return path
    except OSError:  # a name that is too long for the file system
        raise no_such_file() from None
    raise no_such_file()


async def file_reply(request: web.Request, path: Path, headers: Mapping[str, str]) -> web.StreamResponse:
    """The file: compressed for those who take that, and 304 to those who have it. Raises ApiError 404."""
    charset = "; charset=utf-8" if path.suffix in _TEXT else ""
    all_headers = {"Content-Type": CONTENT_TYPES[path.suffix] + charset, **headers}
    if path.suffix in _COMPRESSIBLE:
        all_headers["Vary"] = "Accept-Encoding"
        if accepts_gzip(request.headers.get("Accept-Encoding", "")):
            try:
                packed = await request.app[GZIPPED].compressed(path)
            except OSError:
                raise no_such_file() from None
            if packed is not None:
                return _packed_reply(request, packed, all_headers)
    return web.FileResponse(path, headers=all_headers)


def no_such_file() -> ApiError:
    """The answer for a file that is not there or not to be served."""
    return ApiError(404, "unknown_path", "There is no such file.")


def _packed_reply(request: web.Request, packed: Compressed, headers: dict[str, str]) -> web.Response:
    headers["ETag"] = f'"{packed.etag}"'
    # Weak comparison, as RFC 9110 §13.1.2 wants it: proxies weaken tags.
    if any(tag.value in (packed.etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=packed.content, headers=headers | {"Content-Encoding": "gzip"})
