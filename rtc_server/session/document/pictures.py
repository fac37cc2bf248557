"""Pictures of a document that the page sends by HTTPS: stills that were asked for, and uploaded files."""

import asyncio
import hashlib

import numpy as np

from rtc_server.api.ports import CallError
from rtc_server.session.vision.picture import PictureError, TooManyPixels, decode
from vision.document.readings import FIRST_UPLOAD
from vision.ports import RgbImage

LONG_SIDE_PX = 4_000
"""Larger pictures are scaled down: a page then has 30 px to a millimetre, and its reader needs about 8."""

PICTURES_LIMIT = 30
"""Pictures that a page may send in one scan."""

WAITING_LIMIT = 3
"""Pictures that may wait to be decoded or read at the same time; each takes up to 120 MB while it is decoded."""


class Pictures:
    """What one scan is sent. ``uploads``: whether files may be chosen."""

    def __init__(self, uploads: bool) -> None:
        self._uploads = uploads
        self._expected: tuple[int, asyncio.Future[RgbImage | None]] | None = None
        """Number of the still that was asked for, and who waits for it."""
        self._arriving = False
        """Whether it has come and is being decoded."""
        self._chosen: asyncio.Queue[tuple[int, RgbImage]] = asyncio.Queue()
        self._decoding = asyncio.Lock()
        self._known: dict[bytes, int] = {}
        """Digests of the pictures that were taken, with their numbers."""
        self._underway = 0
        self._sent = 0
        self._files = 0

    def expect(self, number: int) -> None:
        """The page is about to be asked for the still of this number."""
        self._expected = number, asyncio.get_running_loop().create_future()
        self._arriving = False

    async def still(self, limit_seconds: float) -> RgbImage | None:
        """The still that is expected; None when the page has none, or sends none in time. Then it is too late."""
        assert self._expected is not None, "a still is expected before it is waited for"
        _, arrival = self._expected
        try:
            await asyncio.wait({arrival}, timeout=limit_seconds)
            # What came in time is not given up because it is large.
            return await arrival if arrival.done() or self._arriving else None
        finally:
            arrival.cancel()

    async def uploaded(self) -> tuple[int, RgbImage]:
        """The next file that was chosen, and its number."""
        return await self._chosen.get()

    def unread(self, number: int) -> None:
        """Nobody could look at this picture; the same one may come again."""
        self._known = {digest: known for digest, known in self._known.items() if known != number}

    def missing(self, number: int) -> None:
        """The page can take no still."""
        if not self._arriving:
            self._answer(number, None)

    async def accept(self, number: int | None, content: bytes) -> None:
        """A picture has come: a still by its number, or a file. Raises CallError."""
        if not (self._uploads if number is None else self._waits_for(number) and not self._arriving):
            raise _not_awaited(number)
        self._sent += 1
        if self._sent > PICTURES_LIMIT:
            message = f"a scan takes at most {PICTURES_LIMIT} pictures; begin another one"
            raise CallError("too_many_pictures", message, 429)
        if self._underway + self._chosen.qsize() >= WAITING_LIMIT:
            raise CallError("busy", "the pictures sent before are still being read; send this one later", 503, 2.0)
        if number is None:
            await self._accept_file(content)
        else:
            await self._accept_still(number, content)

    async def _accept_still(self, number: int, content: bytes) -> None:
        self._arriving = True
        try:
            image = await self._decoded(content, number)
        except BaseException:
            self._answer(number, None)
            raise
        if not self._answer(number, image):
            raise _not_awaited(number)

    async def _accept_file(self, content: bytes) -> None:
        number = FIRST_UPLOAD + self._files
        self._files += 1
        self._chosen.put_nowait((number, await self._decoded(content, number)))

    async def _decoded(self, content: bytes, number: int) -> RgbImage:
        """One after the other, so that memory stays bounded. Raises CallError."""
        self._underway += 1
        try:
            async with self._decoding:
                image, digest = await asyncio.to_thread(_decode_and_digest, content)
        except PictureError as error:
            raise _unusable(error) from None
        finally:
            self._underway -= 1
        # Read again it would say the same, mistakes included, and seem to confirm itself.
        if digest in self._known:
            raise CallError("same_picture", "this picture was sent already; take or choose another one", 409)
        self._known[digest] = number
        return image

    def _waits_for(self, number: int) -> bool:
        return self._expected is not None and self._expected[0] == number and not self._expected[1].done()

    def _answer(self, number: int, image: RgbImage | None) -> bool:
        """Whether anybody waited for it."""
        if self._expected is None or not self._waits_for(number):
            return False
        self._expected[1].set_result(image)
        return True


def decode_document(data: bytes) -> RgbImage:
    """A picture of a document, at most ``LONG_SIDE_PX`` long. For a thread. Raises PictureError."""
    return decode(data, LONG_SIDE_PX)


def _decode_and_digest(data: bytes) -> tuple[RgbImage, bytes]:
    image = decode_document(data)
    return image, hashlib.sha256(np.ascontiguousarray(image).data).digest()


def _not_awaited(number: int | None) -> CallError:
    if number is None:
        return CallError("not_awaited", "this document scan takes no files", 409)
    return CallError("not_awaited", f"the document scan does not wait for a still number {number} (any more)", 409)


def _unusable(error: PictureError) -> CallError:
    if isinstance(error, TooManyPixels):
        return CallError("picture_too_large", f"the picture has {error}; send a smaller one", 413)
    return CallError("picture_unreadable", f"the picture cannot be read ({error}); send PNG, JPEG or WebP", 400)
