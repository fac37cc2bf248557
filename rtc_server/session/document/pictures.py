"""Pictures of a document that the page sends by HTTPS: stills that were asked for, and uploaded files."""

import asyncio

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
        self._number = -1
        self._still: asyncio.Future[RgbImage | None] | None = None
        """Waits for the picture of that number; None or done = nobody does."""
        self._chosen: asyncio.Queue[tuple[int, RgbImage]] = asyncio.Queue()
        self._decoding = asyncio.Lock()
        self._underway = 0
        self._sent = 0
        self._files = 0

    async def still(self, number: int, limit_seconds: float) -> RgbImage | None:
        """The still of this number; None when the page has none, or sends none in time."""
        self._number, self._still = number, asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limit_seconds):
                return await self._still
        except TimeoutError:
            return None
        finally:
            self._still.cancel()

    async def uploaded(self) -> tuple[int, RgbImage]:
        """The next file that was chosen, and its number."""
        return await self._chosen.get()

    def missing(self, number: int) -> None:
        """The page can take no still."""
        self._answer(number, None)

    async def accept(self, number: int | None, content: bytes) -> None:
        """A picture has come: a still by its number, or a file. Raises CallError."""
        if not self._awaits(number):
            raise _not_awaited(number)
        self._sent += 1
        if self._sent > PICTURES_LIMIT:
            message = f"a scan takes at most {PICTURES_LIMIT} pictures; begin another one"
            raise CallError("too_many_pictures", message, 429)
        if self._underway + self._chosen.qsize() >= WAITING_LIMIT:
            raise CallError("busy", "the pictures sent before are still being read; send this one later", 503, 2.0)
        self._underway += 1
        try:
            async with self._decoding:
                image = await asyncio.to_thread(decode, content, LONG_SIDE_PX)
        except PictureError as error:
            if number is not None:
                self._answer(number, None)
            raise _unusable(error) from None
        finally:
            self._underway -= 1
        if not self._awaits(number):
            raise _not_awaited(number)
        if number is None:
            self._files += 1
            self._chosen.put_nowait((FIRST_UPLOAD + self._files - 1, image))
        else:
            self._answer(number, image)

    def _awaits(self, number: int | None) -> bool:
        if number is None:
            return self._uploads
        return number == self._number and self._still is not None and not self._still.done()

    def _answer(self, number: int, image: RgbImage | None) -> None:
        if self._still is not None and self._awaits(number):
            self._still.set_result(image)


def _not_awaited(number: int | None) -> CallError:
    if number is None:
        return CallError("not_awaited", "this document scan takes no files", 409)
    return CallError("not_awaited", f"the document scan does not wait for a still number {number} (any more)", 409)


def _unusable(error: PictureError) -> CallError:
    if isinstance(error, TooManyPixels):
        return CallError("picture_too_large", f"the picture has {error}; send a smaller one", 413)
    return CallError("picture_unreadable", f"the picture cannot be read ({error}); send PNG, JPEG or WebP", 400)
