"""Which pieces of one speaker go into which file: the person's camera and microphone, or what they are told."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from rtc_server.recording.backlog import Piece, Stream
from rtc_server.recording.container import picture_size
from rtc_server.recording.part import Beginning, Part
from rtc_server.storage.ports import USER_VIDEO

CAMERA_SECONDS = 5.0
"""Sound waits so long for the first picture, so that both are one file."""

SHARED_ZERO_SECONDS = 10.0
"""A first file that begins so soon has the beginning of the recording as its zero: those of the person and of what they
were told can be played together as they are."""


class Shelf(Protocol):
    """Where parts are kept."""

    async def begin(self, beginning: Beginning) -> Part:
        """A new file. Raises KeyError when the session is gone, and StorageError."""

    async def finish(self, part: Part) -> None:
        """End it. Raises KeyError when it was erased meanwhile, and StorageError."""


class Speaker:
    """Writes the pieces of some streams, part after part."""

    def __init__(self, streams: Sequence[Stream], shelf: Shelf) -> None:
        self._streams = frozenset(streams)
        self._camera = Stream.CAMERA in streams
        self._sound = self._streams != {Stream.CAMERA}
        self._shelf = shelf
        self._begun = False
        self._part: Part | None = None
        self._run: list[Piece] = []
        """Pieces for the part that there is; while there is none, sound that waits for the first picture."""

    async def write(self, pieces: Sequence[Piece]) -> None:
        """Write those of its streams; they are in order. Raises as ``Shelf`` and ``Part`` do."""
        for piece in pieces:
            if piece.stream not in self._streams:
                continue
            beginning = await self._beginning(piece)
            if beginning is not None:
                await self._begin(beginning, piece)
            elif piece.codec is None or (self._part is not None and self._part.codec is piece.codec):
                self._run.append(piece)  # else a picture for which there is no file
        await self._flush()

    async def finish(self) -> None:
        """End the part, if there is one. Raises as ``Shelf`` and ``Part`` do."""
        if self._part is None and self._run:  # a recording that was shorter than the wait for a picture
            newest = self._run.pop()
            await self._begin(self._of_sound(newest), newest)
        part = self._part
        if part is not None:
            try:
                await self._flush()
            finally:
                self._part = None
                await self._shelf.finish(part)

    async def _beginning(self, piece: Piece) -> Beginning | None:
        """The part that has to begin with this piece, if one has to."""
        if piece.codec is None:
            return self._of_sound(piece) if self._needs_part_of_sound(piece) else None
        part = self._part
        if not piece.is_key or (part is not None and part.codec is piece.codec and not part.is_long(piece.seconds)):
            return None
        size = await asyncio.to_thread(picture_size, piece.data, piece.codec)
        if size is None:
            return None
        return Beginning(USER_VIDEO, piece.seconds, self._zero(piece), piece.codec, size, self._sound)

    def _needs_part_of_sound(self, piece: Piece) -> bool:
        if self._part is None:
            return not self._camera or piece.seconds > CAMERA_SECONDS
        standing = self._part.codec is None or piece.seconds - self._part.picture_seconds > CAMERA_SECONDS
        return standing and self._part.is_long(piece.seconds)

    def _of_sound(self, piece: Piece) -> Beginning:
        return Beginning(str(piece.stream), piece.seconds, self._zero(piece))

    def _zero(self, piece: Piece) -> float:
        """Where a part begins of which this piece is the newest: with what waits, or with it."""
        first = self._run[0] if self._part is None and self._run else piece
        return first.seconds if self._begun or first.seconds > SHARED_ZERO_SECONDS else 0.0

    async def _begin(self, beginning: Beginning, piece: Piece) -> None:
        waiting: list[Piece] = []
        if self._part is None:
            waiting = self._run
        else:
            await self.finish()
        self._part = await self._shelf.begin(beginning)
        self._begun = True
        # A file begins with its first picture, though sound may have come before it.
        self._run = sorted([*waiting, piece], key=lambda each: each.codec is None)

    async def _flush(self) -> None:
        if self._part is not None and self._run:
            run, self._run = self._run, []
            await asyncio.to_thread(self._part.write, run)
