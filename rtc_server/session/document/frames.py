"""Measures the newest frame of the video while a document is shown, and keeps the frames of the last second."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np

from rtc_server.session.ports import DocumentEngines
from vision.document.capture.frame import DocumentFrame
from vision.ports import FrameSource, RgbImage
from vision.reading.ports import DocumentMeter

FRAME_SECONDS = 1.0
"""How long a frame is waited for before it is looked again whether the source is still the right one."""

REMEMBERED_SECONDS = 1.0
"""How far back the sharpest frame is looked for when no still can be had."""

BROKEN_AFTER = 5
"""A meter that fails on so many frames in a row will not measure anything any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A frame as a picture and as numbers."""

    at: float
    image: RgbImage
    frame: DocumentFrame | None
    """None when the meter failed."""
    error: Exception | None = None


class DocumentFrames:
    """The frames of one scan. ``on_frame`` is called on the event loop for each that was measured, in order.

    ``on_failure`` is told (what, error), each kind of failure once.
    """

    def __init__(
        self,
        engines: DocumentEngines,
        now: Callable[[], float],
        on_frame: Callable[[DocumentFrame], None],
        on_failure: Callable[[str, BaseException], None],
    ) -> None:
        self._engines = engines
        self._meter = engines.new_meter()
        self._now = now
        self._on_frame = on_frame
        self._on_failure = on_failure
        self._source: FrameSource | None = None
        self._changed = asyncio.Event()
        self._recent: deque[Measured] = deque()
        self._told: set[str] = set()
        self._failures = 0
        self._silent_since = now()
        self.taken = 0
        """Frames that came."""

    @property
    def broken(self) -> bool:
        """Whether the meter fails on every frame."""
        return self._failures >= BROKEN_AFTER

    def silence(self) -> float:
        """Seconds for which a page that is there has sent no frame."""
        return 0.0 if self._source is None else self._now() - self._silent_since

    def use(self, frames: FrameSource | None) -> None:
        """Take frames from here from now on; None = there is no camera at present."""
        self._source = frames
        self._silent_since = self._now()
        self._recent.clear()
        self._changed.set()

    def sharpest(self) -> RgbImage | None:
        """The best frame of the last second, or the newest one when it is older; None when there was none.

        No frame comes twice: read again it would seem to confirm itself.
        """
        self._forget()
        if not self._recent:
            return None
        best = max(self._recent, key=lambda item: item.frame.sharpness if item.frame is not None else -1.0)
        self._recent.remove(best)
        return best.image

    async def run(self) -> None:
        """Measure until cancelled."""
        due, pause = 0.0, 1 / self._engines.settings.frames_per_second
        while True:
            source = self._source
            if source is None:
                self._changed.clear()
                await self._changed.wait()
                continue
            await asyncio.sleep(max(0.0, due - self._now()))
            frame = await source.next(FRAME_SECONDS)
            if frame is None or source is not self._source:
                continue
            due = self._now() + pause
            self._silent_since = self._now()
            self.taken += 1
            await self._look(frame)

    async def _look(self, frame: av.VideoFrame) -> None:
        at = self._now()
        try:
            measured = await self._engines.measure(_measure, self._meter, frame, at)
        except Exception as error:
            # The pool is full (another frame comes) or closed.
            self._tell("measuring a frame", error)
            return
        self._recent.append(measured)
        self._forget()
        if measured.frame is None:
            self._failures += 1
            if measured.error is not None:
                self._tell("measuring a document", measured.error)
            return
        self._failures = 0
        self._on_frame(measured.frame)

    def _forget(self) -> None:
        """Let pictures go that are too old, all but the newest."""
        while len(self._recent) > 1 and self._recent[0].at < self._now() - REMEMBERED_SECONDS:
            self._recent.popleft()

    def _tell(self, what: str, error: BaseException) -> None:
        kind = f"{what}: {type(error).__name__}"
        if kind not in self._told:
            self._told.add(kind)
            self._on_failure(what, error)


def _measure(meter: DocumentMeter, frame: av.VideoFrame, at: float) -> Measured:
    image = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    try:
        return Measured(at, image, meter.measure(image, at))
    except Exception as error:
        return Measured(at, image, None, error)
