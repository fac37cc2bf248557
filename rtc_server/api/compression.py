"""Files as they go out with ``Content-Encoding: gzip`` (RFC 9110 §8.4.1): compressed once, kept in memory."""

import asyncio
import gzip
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

MAX_FILE_BYTES = 4 * 2**20
"""A larger file goes out as it is."""

MAX_KEPT_BYTES = 16 * 2**20

LEAST_GAIN = 0.1
"""Share of its size that compression has to save; else the file goes out as it is."""


class Compressed(NamedTuple):
    """A version of a file; ``content`` is None when compression gains too little."""

    modified_ns: int
    size_bytes: int
    content: bytes | None

    @property
    def etag(self) -> str:
        """Another one than the file's own: the bytes differ (RFC 9110 §8.8.3.3)."""
        return f"{self.modified_ns:x}-{self.size_bytes:x}-gzip"


class GzipStore:
    """Compressed files by path; those not asked for longest go first."""

    def __init__(self, max_kept_bytes: int = MAX_KEPT_BYTES) -> None:
        self._kept: OrderedDict[Path, Compressed] = OrderedDict()
        self._max_kept_bytes = max_kept_bytes
        self._kept_bytes = 0

    async def compressed(self, path: Path) -> Compressed | None:
        """The file as it is now, compressed; None when it should go out as it is. Raises ``OSError``."""
        modified_ns, size_bytes = _version(path)
        if size_bytes > MAX_FILE_BYTES:
            return None
        known = self._kept.get(path)
        if known is None or known[:2] != (modified_ns, size_bytes):
            known = Compressed(modified_ns, size_bytes, await asyncio.to_thread(_gzipped, path))
        self._keep(path, known)
        return None if known.content is None else known

    def _keep(self, path: Path, version: Compressed) -> None:
        if former := self._kept.pop(path, None):
            self._kept_bytes -= len(former.content or b"")
        self._kept[path] = version
        self._kept_bytes += len(version.content or b"")
        while self._kept_bytes > self._max_kept_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest.content or b"")


def _version(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def accepts_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` (RFC 9110 §12.5.3) takes gzip: named, and not with weight 0."""
    for part in header.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        if coding in ("gzip", "x-gzip"):
            return not any(_is_zero(parameter) for parameter in parameters)
    return False


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in ("", ".", "0.")


def _gzipped(path: Path) -> bytes | None:
    plain = path.read_bytes()
    packed = gzip.compress(plain, mtime=0)
    return packed if len(packed) <= (1 - LEAST_GAIN) * len(plain) else None


GZIPPED: web.AppKey[GzipStore] = web.AppKey("visavis_gzipped", GzipStore)
