"""Has the pictures of one scan read: stills or frames that were asked for, and uploaded files."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Literal

from rtc_server.observe.failures import log_failure
from rtc_server.session.document.frames import DocumentFrames
from rtc_server.session.document.pictures import Pictures
from rtc_server.session.ports import DocumentEngines
from vision.document.capture import events
from vision.document.readings import SideReading, Source
from vision.ports import RgbImage
from vision.reading.ports import ReadSide
from vision.trace import is_finite

STILL_SECONDS = 4.0
"""How long a still may take to be taken and sent; then a frame of the video is read."""

READ_SECONDS = 20.0
"""How long one picture may wait for the reader and be read."""

FAILURES_LIMIT = 3
"""Uploaded files in a row that the reader could not look at; past it the scan is no check."""

UploadState = Literal["reading", "failed", "broken"]
"""What becomes of an uploaded file; ``broken``: the reader fails on every one."""

logger = logging.getLogger(__name__)


class PictureReading:
    """Tells ``receive`` of each picture that was read or failed, and ``on_upload`` of each file on its way."""

    def __init__(
        self,
        engines: DocumentEngines,
        pictures: Pictures,
        frames: DocumentFrames,
        receive: Callable[[events.Event], None],
        on_upload: Callable[[UploadState], None],
    ) -> None:
        self._engines = engines
        self._pictures = pictures
        self._frames = frames
        self._receive = receive
        self._on_upload = on_upload
        self._sides: dict[int, ReadSide] = {}
        self._failures = 0

    async def take(self, number: int) -> None:
        """A still, or a frame of the video where none comes in time."""
        source: Source = "still"
        image = await self._pictures.still(STILL_SECONDS)
        if image is None:
            source, image = "frame", self._frames.sharpest()
        if image is None:
            self._receive(events.PictureFailed(number, "missing"))
        elif not await self._read(image, number, source):
            self._receive(events.PictureFailed(number, "engine"))

    async def read_uploads(self) -> None:
        """Files, one after the other."""
        while True:
            number, image = await self._pictures.uploaded()
            self._on_upload("reading")
            if await self._read(image, number, "upload"):
                self._failures = 0
                continue
            self._failures += 1
            self._on_upload("broken" if self._failures >= FAILURES_LIMIT else "failed")

    def keep_only(self, readings: Sequence[SideReading]) -> None:
        """Only pictures whose readings count stay in memory."""
        counting = {reading.number for reading in readings}
        self._sides = {number: side for number, side in self._sides.items() if number in counting}

    def with_pictures(self, readings: Sequence[SideReading]) -> tuple[ReadSide, ...]:
        """The same with their pictures."""
        return tuple(self._sides[reading.number] for reading in readings if reading.number in self._sides)

    async def _read(self, image: RgbImage, number: int, source: Source) -> bool:
        """Read a picture and tell the machine; False when the reader could not look at it."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                side = await self._engines.read(self._engines.reader.read, image, number, source)
        except Exception as error:
            log_failure(logger, "reading a picture of a document", error)
            self._pictures.unread(number)
            return False
        if not is_finite(side.reading):
            logger.error("a reader told of numbers that are none")
            self._pictures.unread(number)
            return False
        self._sides[number] = side
        self._receive(events.PictureRead(side.reading))
        return True
