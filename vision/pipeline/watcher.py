"""Watches one person's camera: the newest frame at its pace, looked at on a thread; the last seconds are remembered."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import av

from vision.pipeline.eye import Eye, Look
from vision.pipeline.pace import Pace
from vision.ports import FrameSource, RunOnThread
from vision.tracking.observation import Observation

HISTORY_SECONDS = 20.0
"""How far back a check that begins can look."""

FRAME_SECONDS = 1.0
"""How long a frame is waited for before it is looked again whether the source is still the right one."""

BROKEN_AFTER = 5
"""A tracker that fails on so many frames in a row will not see anything any more."""

CLOSE_SECONDS = 1.0
"""How long closing waits for a look under way; later the tracker is let go all the same."""

OnLook = Callable[[Look], None]
OnFailure = Callable[[str, BaseException], None]


class Watcher:
    """One task. ``on_look`` is called on the event loop for each frame that was looked at, in order.

    ``on_failure`` is told (what, error) when an engine fails, each kind of failure once. Frames come from ``watch``,
    which may be called again whenever the camera's connection is replaced.
    """

    def __init__(
        self,
        eye: Eye,
        run: RunOnThread,
        pace: Pace,
        now: Callable[[], float],
        on_look: OnLook,
        on_failure: OnFailure,
    ) -> None:
        self._eye = eye
        self._run_on_thread = run
        self._pace = pace
        self._now = now
        self._on_look = on_look
        self._on_failure = on_failure
        self._source: FrameSource | None = None
        self._changed = asyncio.Event()
        self._history: deque[Observation] = deque()
        self._told: set[str] = set()
        self._failures = 0
        self._closed = False
        self.frame_at: float | None = None
        """When the last frame was taken, on the clock of ``now``."""
        self.looking = False
        """Whether a frame is looked at now, or waits for that."""
        self.looked = 0
        """Frames that were looked at."""
        self.dropped = 0
        """Frames that were taken and not looked at, because the pool was busy or the tracker failed."""
        self._task = asyncio.create_task(self._watch(), name="watcher")
        self._letting_go: asyncio.Task[None] | None = None

    @property
    def pace(self) -> Pace:
        """How often it looks; a check sets ``checking``."""
        return self._pace

    @property
    def history(self) -> tuple[Observation, ...]:
        """The observations of the last seconds, oldest first."""
        return tuple(self._history)

    @property
    def broken(self) -> bool:
        """Whether the tracker cannot be made or fails on every frame, so that nothing is seen."""
        return self._failures >= BROKEN_AFTER

    def watch(self, frames: FrameSource | None) -> None:
        """Take frames from here from now on; None = there is no camera at present."""
        self._source = frames
        self.frame_at = None
        self._changed.set()

    async def close(self) -> None:
        """Stop, and let the tracker go."""
        self._closed = True  # a source that forgets a cancellation must not keep it alive
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._history.clear()
        # Not cancelled when it takes long: the end of a session does not wait for a host that is slow.
        self._letting_go = asyncio.create_task(self._let_go(), name="close-eye")
        await asyncio.wait({self._letting_go}, timeout=CLOSE_SECONDS)

    async def _let_go(self) -> None:
        try:
            await self._run_on_thread(self._eye.close)
        except Exception as error:
            # A pool that is full or closed: the tracker goes with its last reference instead.
            self._tell("closing a tracker", error)

    async def _watch(self) -> None:
        source: FrameSource | None = None
        while not self._closed:
            if source is not self._source:
                source = self._source
                self._eye.begin_stream()
            if source is None:
                self._changed.clear()
                await self._changed.wait()
                continue
            await asyncio.sleep(self._pace.wait(self._now()))
            frame = await source.next(FRAME_SECONDS)
            if frame is not None and source is self._source:
                await self._look(frame)

    async def _look(self, frame: av.VideoFrame) -> None:
        at = self._now()
        self.frame_at = at
        wishes = self._pace.begin(at)
        started = time.perf_counter()
        self.looking = True
        try:
            look = await self._run_on_thread(self._eye.look, frame, at, wishes)
        except Exception as error:
            # The pool is full (another frame comes) or closed, or the tracker failed.
            self.dropped += 1
            self._tell("looking at a frame", error)
            return
        finally:
            self.looking = False
        self._pace.took(time.perf_counter() - started)
        for what, failure in look.failures:
            self._tell(what, failure)
        if look.observation is None:
            self._failures += 1
            self.dropped += 1
            return
        self._failures = 0
        self.looked += 1
        self._pace.used(look.used, at)
        self._remember(look.observation)
        self._on_look(look)

    def _remember(self, observation: Observation) -> None:
        self._history.append(observation)
        while self._history[0].at < observation.at - HISTORY_SECONDS:
            self._history.popleft()

    def _tell(self, what: str, error: BaseException) -> None:
        kind = f"{what}: {type(error).__name__}"
        if kind not in self._told:
            self._told.add(kind)
            self._on_failure(what, error)
