"""One file of a recording while it grows."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from rtc_server.observe.failures import log_failure
from rtc_server.recording.backlog import Piece, clock_hz
from rtc_server.recording.container import Container
from rtc_server.rtc.hub import VideoCodec
from rtc_server.storage.ports import MediaRecord, RecordingFile

MAX_PART_SECONDS = 1_800
MAX_PART_BYTES = 512 * 2**20
"""A part that is longer is ended where another can begin."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a part is to be."""

    kind: str
    seconds: float
    """Since the recording began."""
    zero_seconds: float
    """Likewise: where the file's own clock begins; not after that."""
    codec: VideoCodec | None = None
    """None: sound alone."""
    size: tuple[int, int] = (0, 0)
    """Width and height of its first picture."""
    sound: bool = True


class Part:
    """A row, a file and the container in it. ``write`` and ``finish`` block."""

    def __init__(self, record: MediaRecord, file: RecordingFile, beginning: Beginning) -> None:
        self.record = record
        self.codec = beginning.codec
        self.picture_seconds = beginning.seconds
        """The newest picture, since the recording began."""
        self._beginning = beginning
        self._file = file
        self._container = Container(file, beginning.codec, beginning.size, sound=beginning.sound)
        self._bytes = 0

    def is_long(self, now_seconds: float) -> bool:
        """Whether another part should begin as soon as one can."""
        return now_seconds - self._beginning.seconds > MAX_PART_SECONDS or self._bytes > MAX_PART_BYTES

    def write(self, pieces: Sequence[Piece]) -> None:
        """Put these into the file. Raises StorageError and ``av.FFmpegError``."""
        for piece in pieces:
            position = piece.position - round(self._beginning.zero_seconds * clock_hz(piece.stream))
            if piece.codec is None:
                self._container.add_sound(piece.data, position)
            else:
                self._container.add_picture(piece.data, position, is_key=piece.is_key)
                self.picture_seconds = piece.seconds
            self._bytes += len(piece.data)

    def finish(self) -> int:
        """End the file; how many bytes it has. Raises StorageError; what was written until then stays readable."""
        try:
            self._container.close()
        except Exception as error:  # a file without its end can be played; so it is kept as it is
            log_failure(logger, f"the end of recording {self.record.id}", error)
        return self._file.finish()
