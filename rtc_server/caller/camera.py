"""A camera that shows a video file, over and over."""

import asyncio
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from rtc_server.caller.script import ScriptError

FRAMES_PER_SECOND = 15
_CLOCK_HZ = 90_000
_WIDEST_PX = 1280


class FileCamera(MediaStreamTrack):
    """Plays a video file in a loop at 15 frames a second, whatever the file's own rate.

    Each frame carries the moment at which it was really shown, as those of a camera do. Raises ScriptError when the
    file cannot be read. Decoding runs on a thread.
    """

    kind = "video"

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._frames = self._loop_over()
        self._count = 0
        self._started_at: float | None = None
        self._next: av.VideoFrame = next(self._frames)

    async def recv(self) -> av.VideoFrame:
        """The next frame, when it is due (called by aiortc's sender)."""
        if self.readyState != "live":
            raise MediaStreamError
        loop = asyncio.get_running_loop()
        if self._started_at is None:
            self._started_at = loop.time()
        await asyncio.sleep(max(0.0, self._started_at + self._count / FRAMES_PER_SECOND - loop.time()))
        frame = self._next
        self._next = await asyncio.to_thread(next, self._frames)
        frame.pts = round((loop.time() - self._started_at) * _CLOCK_HZ)
        frame.time_base = Fraction(1, _CLOCK_HZ)
        self._count += 1
        return frame

    def _loop_over(self) -> Iterator[av.VideoFrame]:
        while True:
            shown = 0
            try:
                with av.open(str(self._file)) as container:
                    if not container.streams.video:
                        raise ScriptError(f"camera file {self._file} has no video")
                    for frame in _at_rate(container.decode(video=0)):
                        shown += 1
                        yield frame
            except (OSError, av.error.FFmpegError) as error:
                raise ScriptError(f"camera file {self._file} cannot be read: {error.strerror}") from error
            if shown == 0:
                raise ScriptError(f"camera file {self._file} has no picture")


def _at_rate(frames: Iterator[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    """Drop or repeat frames so that the film keeps its pace at 15 a second."""
    due = 0.0
    for frame in frames:
        at = frame.time if frame.time is not None else due
        while at >= due:
            width = min(frame.width, _WIDEST_PX) // 2 * 2
            height = round(frame.height * width / frame.width) // 2 * 2
            yield frame.reformat(width=width, height=height, format="yuv420p")
            due += 1 / FRAMES_PER_SECOND
