"""Recordings: files that grow while a session runs, and are read in parts."""

from collections.abc import Sequence
from typing import Protocol

from rtc_server.storage.ports.media import MediaRecord

USER_VIDEO = "userVideo"
USER_AUDIO = "userAudio"
AVATAR_AUDIO = "avatarAudio"
RECORDING_KINDS = frozenset({USER_VIDEO, USER_AUDIO, AVATAR_AUDIO})
"""Kinds of ``MediaRecord`` that are recordings: the person's camera (with their microphone where both are recorded),
their microphone alone, what they were told. ``side`` is the number of the part, from 0: a call that is interrupted for
long, or goes on with another codec, is recorded in several. ``size_bytes`` is 0 until the part is finished."""

HEAD_BYTES = 262_144
"""What of a recording can be written again, from its start: container formats put the length there at the end."""


class RecordingFile(Protocol):
    """One part as it is written: a binary file that PyAV writes to. Every method blocks; call none on the event loop.

    It is encrypted as it is written, in pieces, so that a crash loses the newest piece at most. Raises StorageError
    when the folder cannot be used, and ValueError for what lies behind ``HEAD_BYTES`` and is not the end.
    """

    def write(self, data: bytes) -> int:
        """Write at the position."""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a position within the head, or to the end."""

    def tell(self) -> int:
        """The position."""

    def finish(self) -> int:
        """Write what is left, and close; how many bytes there are. May be called again."""


class RecordingStore(Protocol):
    """Recordings; the bytes are encrypted at rest, and erased with all other media of a session."""

    async def begin(self, record: MediaRecord) -> RecordingFile:
        """Note that a part begins, and open it. Raises ``KeyError`` when there is no such session."""

    async def finish(self, media_id: str, size_bytes: int) -> bool:
        """Note its length; False, and nothing of it is left, when it was erased meanwhile."""

    async def erase(self, media_ids: Sequence[str]) -> None:
        """Remove parts, finished or not; no ``write`` may be under way. Those that are gone are no error."""

    async def part(self, media_id: str, start: int, size_bytes: int) -> bytes | None:
        """That many bytes from there on, fewer at the end; None when the recording is gone. Raises StorageError."""

    async def length(self, media_id: str) -> int:
        """How many bytes can be read of it, also of one that is not finished or that a crash has cut off."""
