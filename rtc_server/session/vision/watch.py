"""The eyes of one session: open while somebody may have to be looked at, on whichever peer carries the camera now.

While a document is scanned its frames are lent, and nobody is looked at: the portrait on a document must not become
the person's own picture, nor a second person. It may still be in the picture when the frames come back. So from then on
the pictures of the person from before stay, unless a check runs, which tells a photo from a person by itself.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from conversation.flow import events as flow
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.messages import Camera
from rtc_server.session.line import Line
from rtc_server.session.ports import VisionEngines
from rtc_server.session.vision.portraits import Portraits
from vision.face.attributes import age_range
from vision.pipeline.eye import Eye, Look, Models
from vision.pipeline.pace import Pace
from vision.pipeline.watcher import Watcher
from vision.ports import FaceAttributes, FrameSource
from vision.tracking.observation import Observation

ESTIMATES = 40
"""Estimates of age and sex that are kept, the newest."""

RETURN_SECONDS = 3.0
"""How long frames are left alone after a scan, until the page says that the camera shows the person again."""

LOWER_SECONDS = 3.0
"""How long after that a document may still be held before the camera; a check does not look back at this time."""

Borrower = Callable[[FrameSource | None], None]
"""Is told where frames come from, at once and whenever that changes."""

logger = logging.getLogger(__name__)


class Watch:
    """Watches once it is opened. ``engines`` is None where nobody can look."""

    def __init__(self, engines: VisionEngines | None, line: Line, now: Callable[[], float]) -> None:
        self._engines = engines
        self._line = line
        self._now = now
        self._watcher: Watcher | None = None
        self._eye: Eye | None = None
        self._frames: FrameSource | None = None
        self._connected_at = now()
        self._listeners: list[Callable[[Look], None]] = []
        self._checks = 0
        self.camera: Camera | None = None
        """What the page said last of its camera; None before it did."""
        self.portraits = Portraits()
        """The best pictures of whoever is there now."""
        self._estimates: deque[FaceAttributes] = deque(maxlen=ESTIMATES)
        self._track = 0
        self._borrower: Borrower | None = None
        self._returning: asyncio.TimerHandle | None = None
        """Runs when the frames go back to the eyes; None when they are there, or lent."""
        self._guarded = False
        """Whether the person's pictures are from before a document was before the camera."""
        self._settled_at = 0.0
        """What was seen before does not count: it may have been a document."""
        line.on_frames = self._on_frames

    def open(self) -> None:
        """Begin to look, if anybody can."""
        if self._watcher is not None or self._engines is None:
            return
        engines, settings = self._engines, self._engines.settings
        self._eye = Eye(Models(engines.new_tracker, engines.texture, engines.embedder, engines.attributes))
        pace = Pace(settings.idle_frames_per_second, settings.frames_per_second)
        self._watcher = Watcher(self._eye, engines.run, pace, self._now, self._on_look, self._on_failure)
        self._watcher.watch(None if self._away else self._frames)

    @property
    def exists(self) -> bool:
        """Whether there are engines to look with."""
        return self._engines is not None

    @property
    def works(self) -> bool:
        """Whether somebody can look: there are engines, and the tracker does not fail on every frame."""
        return self._watcher is not None and not self._watcher.broken

    @property
    def history(self) -> tuple[Observation, ...]:
        """What was seen in the last seconds."""
        if self._watcher is None:
            return ()
        return tuple(seen for seen in self._watcher.history if seen.at >= self._settled_at)

    @property
    def engine_names(self) -> dict[str, str]:
        """Which engines look, for reports; those that are missing are left out."""
        if self._engines is None:
            return {}
        engines = {
            "texture": self._engines.texture,
            "embedder": self._engines.embedder,
            "attributes": self._engines.attributes,
        }
        names = {"tracker": self._eye.tracker_name if self._eye is not None else ""}
        names |= {key: engine.name for key, engine in engines.items() if engine is not None}
        return {key: name for key, name in names.items() if name}

    def without_frames(self, now: float) -> float:
        """Seconds for which a connected page has sent no frame; 0 while no page is there, as nobody can then, and while
        a frame is looked at, however long that takes, and while the frames are lent."""
        if self._frames is None or self._watcher is None or self._watcher.looking or self._away:
            return 0.0
        return now - max(self._connected_at, self._watcher.frame_at or 0.0)

    def attributes(self) -> flow.FaceAttributes | None:
        """What the estimates of age and sex come to; None when there are too few."""
        ages, male = [item.age_years for item in self._estimates], [item.male for item in self._estimates]
        found = age_range(ages, male)
        if found is None:
            return None
        return flow.FaceAttributes(found.age_min, found.age_max, found.sex, found.frames)

    def attend(self, listener: Callable[[Look], None]) -> None:
        """A check begins: every frame counts, and the check is told of each."""
        self._listeners.append(listener)
        self._set_pace()

    def leave(self, listener: Callable[[Look], None]) -> None:
        """The check is over."""
        self._listeners.remove(listener)
        self._set_pace()

    def lend(self, borrower: Borrower) -> None:
        """All frames are the borrower's until ``take_back``; the eyes rest."""
        self._stop_waiting()
        self._borrower, self._guarded = borrower, self._guarded or bool(self.portraits.best())
        if self._watcher is not None:
            self._watcher.watch(None)
        borrower(self._frames)

    def take_back(self, borrower: Borrower) -> None:
        """The scan is over: look again as soon as the page's camera shows the person, or after a while. A borrower who
        comes to its end late takes nothing from the one after it."""
        if self._borrower != borrower:
            return
        self._borrower = None
        self._returning = asyncio.get_running_loop().call_later(RETURN_SECONDS, self._look_again)

    def describe(self, camera: Camera) -> None:
        """The page has told of its camera."""
        self.camera = camera
        if self._returning is not None and camera.purpose == "face":
            self._look_again()

    async def close(self) -> None:
        """Stop looking and forget everything."""
        self._stop_waiting()
        watcher, self._watcher, self._engines = self._watcher, None, None
        if watcher is not None:
            await watcher.close()
        self._estimates.clear()
        self.portraits.forget()

    @property
    def _away(self) -> bool:
        """Whether frames do not come to the eyes."""
        return self._borrower is not None or self._returning is not None

    def _stop_waiting(self) -> None:
        if self._returning is not None:
            self._returning.cancel()
            self._returning = None

    def _look_again(self) -> None:
        self._stop_waiting()
        self._connected_at = self._now()
        self._settled_at = self._connected_at + LOWER_SECONDS
        if self._watcher is not None:
            self._watcher.watch(self._frames)

    def _set_pace(self) -> None:
        if self._watcher is not None:
            self._watcher.pace.checking = bool(self._listeners)

    def _on_frames(self, frames: FrameSource | None) -> None:
        self._frames = frames
        self._connected_at = self._now()
        self.camera = None
        if self._borrower is not None:
            self._borrower(frames)
        elif self._watcher is not None and not self._away:
            self._watcher.watch(frames)

    def _on_look(self, look: Look) -> None:
        if self._listeners or self._shows_the_person:
            self._keep(look)
        for listener in tuple(self._listeners):
            listener(look)

    @property
    def _shows_the_person(self) -> bool:
        """Whether what is before the camera, as far as anybody knows, is no document."""
        to_document = self.camera is not None and self.camera.purpose == "document"
        return not self._guarded and not to_document and self._now() >= self._settled_at

    def _keep(self, look: Look) -> None:
        """Gather what the person looks like."""
        if look.observation is not None and look.observation.track != self._track:
            self._track = look.observation.track
            self._estimates.clear()
        if look.attributes is not None:
            self._estimates.append(look.attributes)
        self.portraits.offer(look)

    def _on_failure(self, what: str, error: BaseException) -> None:
        log_failure(logger, what, error)
