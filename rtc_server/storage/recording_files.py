"""Encrypted files that grow: recordings, written and read in pieces.

A recording is two files of ``MediaFiles``. ``<id>.bin`` holds the head, sealed as a whole and written again when it
changes. ``<id>.rest`` holds what follows in pieces of ``PIECE_BYTES``, each sealed about the id and its number, so that
none can take another's place, and so that any place can be read without the others. Only the last one is shorter; it is
written when the recording is finished. A last one that cannot be opened was torn by a crash, and counts as not written;
that a finished recording was cut off shows in the size that its row tells (``SqlRecordingStore``).
"""

import os
from collections.abc import Iterator
from io import FileIO

from rtc_server.crypto.seal import OVERHEAD_BYTES, SealError
from rtc_server.storage.engine import StorageError
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import HEAD_BYTES

PIECE_BYTES = 65_536
HEAD_STEP_BYTES = 16_384
"""Until the head is full it is written whenever it has grown by so much: what a crash may cost."""

_SEALED_BYTES = PIECE_BYTES + OVERHEAD_BYTES


class GrowingFile:
    """One recording as it is written; implements ``RecordingFile``. Every method blocks."""

    def __init__(self, files: MediaFiles, media_id: str) -> None:
        self._files = files
        self._media_id = media_id
        self._head = bytearray()
        self._head_kept_bytes = 0
        self._head_changed = False
        self._piece = bytearray()
        """What of the rest is not kept yet; less than a piece, but for a write that failed."""
        self._pieces = 0
        self._rest: FileIO | None = None
        self._position = 0
        self._finished = False

    def write(self, data: bytes) -> int:
        """Write at the position. Raises ValueError behind the head when that is not the end."""
        if self._finished:
            raise ValueError("the recording is finished")
        into_head = data[: max(0, HEAD_BYTES - self._position)]
        behind = self._position + len(into_head)
        if len(into_head) < len(data) and behind != max(self._size, HEAD_BYTES):
            raise ValueError("only the head of a recording can be written again")
        if into_head:
            self._head[self._position : self._position + len(into_head)] = into_head
            self._head_changed = True
            grown = len(self._head) - self._head_kept_bytes
            if grown >= HEAD_STEP_BYTES or (grown and len(self._head) == HEAD_BYTES):
                self._keep_head()
        self._piece += data[len(into_head) :]
        self._keep_full_pieces()
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move; the position then. Raises ValueError for a place that cannot be written."""
        position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if not 0 <= position <= self._size or (position > HEAD_BYTES and position != self._size):
            raise ValueError("only the head of a recording can be written again")
        self._position = position
        return position

    def tell(self) -> int:
        """The position."""
        return self._position

    def finish(self) -> int:
        """Write what is left; bytes in all. After a StorageError it may be tried again."""
        if not self._finished:
            self._keep_full_pieces()
            if self._piece:
                self._keep_piece()
            if self._head_changed:
                self._keep_head()
            if self._rest is not None:
                self._close(self._rest)
            self._finished = True
        return self._size

    @property
    def _size(self) -> int:
        return len(self._head) + self._pieces * PIECE_BYTES + len(self._piece)

    def _keep_head(self) -> None:
        self._files.write(self._media_id, bytes(self._head))
        self._head_kept_bytes, self._head_changed = len(self._head), False

    def _keep_full_pieces(self) -> None:
        while len(self._piece) >= PIECE_BYTES:
            self._keep_piece()
            del self._piece[:PIECE_BYTES]
            self._pieces += 1

    def _keep_piece(self) -> None:
        piece = bytes(self._piece[:PIECE_BYTES])
        try:
            if self._rest is None:
                self._rest = self._files.create_rest(self._media_id)
            left = memoryview(self._files.seal.close(piece, _about(self._media_id, self._pieces)))
            # What a full disk took of a piece is written over, should there be room again.
            self._rest.seek(self._pieces * _SEALED_BYTES)
            while left:
                left = left[self._rest.write(left) :]
        except OSError as error:
            raise self._files.unusable(error) from error

    def _close(self, rest: FileIO) -> None:
        try:
            os.fsync(rest.fileno())
            rest.close()
        except OSError as error:
            raise self._files.unusable(error) from error


def kept_bytes(files: MediaFiles, media_id: str) -> int:
    """What can be read of a recording, whether it was finished or not; 0 when there is nothing."""
    head = files.read(media_id)
    if head is None:
        return 0
    if len(head) < HEAD_BYTES:
        return len(head)
    whole = files.rest_bytes(media_id) // _SEALED_BYTES * PIECE_BYTES
    return len(head) + whole + sum(map(len, _pieces(files, media_id, whole, whole + PIECE_BYTES)))


def read_part(files: MediaFiles, media_id: str, start: int, size_bytes: int) -> bytes | None:
    """Bytes from a place on, fewer at the end; None when the recording is gone.

    Raises StorageError when what is asked for is damaged.
    """
    head = files.read(media_id)
    if head is None:
        return None
    found = [head[start : start + size_bytes]]
    behind = max(0, start - len(head)), start + size_bytes - len(head)
    if behind[1] > 0 and len(head) == HEAD_BYTES:
        found.extend(_pieces(files, media_id, *behind))
    return b"".join(found)


def _pieces(files: MediaFiles, media_id: str, start: int, end: int) -> Iterator[bytes]:
    """What lies in [start, end) behind the head."""
    number = start // PIECE_BYTES
    with files.open_rest(media_id) as rest:
        rest.seek(number * _SEALED_BYTES)
        while number * PIECE_BYTES < end and len(sealed := rest.read(_SEALED_BYTES)) > OVERHEAD_BYTES:
            try:
                piece = files.seal.open(sealed, _about(media_id, number))
            except SealError as error:
                if len(sealed) < _SEALED_BYTES:
                    return
                raise StorageError(f"the recording {media_id} is damaged in its piece {number}") from error
            first = number * PIECE_BYTES
            yield piece[max(0, start - first) : end - first]
            number += 1


def _about(media_id: str, number: int) -> str:
    return f"{media_id}:{number}"
