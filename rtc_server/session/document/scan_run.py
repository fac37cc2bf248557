"""One document scan under way: a capture machine, what it is fed, and where its commands go."""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

from conversation.flow import events as flow
from rtc_server.observe.failures import log_failure
from rtc_server.rtc import messages as page
from rtc_server.session.document.frames import DocumentFrames
from rtc_server.session.document.picture_reading import PictureReading, UploadState
from rtc_server.session.document.pictures import Pictures
from rtc_server.session.document.scan_end import ScanEnd
from rtc_server.session.ports import DocumentEngines
from rtc_server.session.tasks import Tasks
from rtc_server.session.vision.check_journal import CheckJournal
from vision.document.capture import commands, events
from vision.document.capture.frame import DocumentFrame
from vision.document.capture.machine import CaptureMachine
from vision.document.capture.trace import canonical, concluded_to_json
from vision.ports import FrameSource
from vision.trace import is_finite

NO_FRAMES_SECONDS = 6.0
"""A connected page that sends no frame for so long has no camera for us; to change cameras takes a while."""

TICK_SECONDS = 0.25
"""How often it is looked whether frames still come and whether something has to be written down."""

SLACK_SECONDS = 3.0
"""Beyond the limit of a scan; by then the machine itself must have ended it."""

SEEN_SECONDS = 0.18
"""Between two outlines on the page, at least."""

SEEN_DIGITS = 3
"""Decimal places of an outline's corners: a pixel of a large screen."""

PAGE_EVENTS = 100
"""What a page may say of one scan; more than any honest one does."""

logger = logging.getLogger(__name__)


class ScanRun:
    """Runs once. ``send`` goes to the page, ``post`` to the flow; every method belongs to the event loop.

    ``view`` is what the page shows; its step changes as the machine says.
    """

    def __init__(
        self,
        view: Callable[[commands.Instruct], page.ShowDocument],
        machine: CaptureMachine,
        engines: DocumentEngines,
        pictures: Pictures,
        journal: CheckJournal,
        send: Callable[[page.FromServer], None],
        post: Callable[[flow.Event], None],
        now: Callable[[], float],
        request_id: str,
    ) -> None:
        self._view = view
        self._machine = machine
        self._engines = engines
        self._pictures = pictures
        self._journal = journal
        self._send = send
        self._post = post
        self._now = now
        self._request_id = request_id
        self._frames = DocumentFrames(engines, now, self._on_frame, self._on_failure)
        self._reading = PictureReading(engines, pictures, self._frames, self.receive, self._on_upload)
        self._tasks = Tasks("document-scan")
        self._woken = asyncio.Event()
        self._end: ScanEnd | None = None
        self._camera_off = False
        self._corners: tuple[float, ...] = ()
        self._seen_at = 0.0
        self._from_page = 0

    async def run(self, limit_seconds: float, uploads: bool) -> ScanEnd:
        """Until it is concluded, or cannot be; a little longer than ``limit_seconds`` at most."""
        latest = self._now() + limit_seconds + SLACK_SECONDS
        self._tasks.start(self._frames.run())
        self._tasks.start(self._reading.read_uploads())
        try:
            while self._end is None:
                self._judge_media(uploads)
                if self._now() >= latest:
                    self._finish(ScanEnd("timeout"))
                elif self._end is None:
                    await self._wait()
            return self._end
        finally:
            await self._tasks.close()
            concluded = self._end.concluded if self._end is not None else None
            self._journal.end(self._now(), None if concluded is None else concluded_to_json(concluded))

    def use_frames(self, frames: FrameSource | None) -> None:
        """Where frames come from, now and whenever that changes."""
        self._frames.use(frames)

    def receive_from_page(self, event: events.Event) -> None:
        """As ``receive``; a page that repeats itself without end is not listened to."""
        self._from_page += 1
        if self._from_page <= PAGE_EVENTS:
            self.receive(event)

    def receive(self, event: events.Event) -> None:
        """Feed the machine and carry out what it answers; what no journal could hold is not judged."""
        if self._end is not None or not is_finite(event):
            return
        now, event = self._now(), canonical(event)
        self._journal.event(now, event)
        try:
            for command in self._machine.receive(event, now=now):
                self._carry_out(command)
        except Exception as error:
            # A broken invariant ends the scan visibly, and never the session.
            log_failure(logger, f"document scan {self._request_id}", error)
            self._finish(ScanEnd("error", "provider_error"))
        self._reading.keep_only(self._machine.readings)
        self._woken.set()

    def cancel(self) -> None:
        """The person does not want to."""
        self._finish(ScanEnd("cancelled"))

    def no_still(self, number: int) -> None:
        """The page cannot take the still that was asked for."""
        self._pictures.missing(number)

    def describe_camera(self, camera: page.Camera) -> None:
        """The page has told of its camera."""
        self._camera_off = camera.state != "live"
        self._woken.set()

    # ---- waiting

    async def _wait(self) -> None:
        """Until something happens, the machine's deadline, or the next tick; then what is due."""
        deadline = self._machine.deadline
        pause = TICK_SECONDS if deadline is None else min(TICK_SECONDS, max(0.0, deadline - self._now()))
        self._woken.clear()
        try:
            async with asyncio.timeout(pause):
                await self._woken.wait()
        except TimeoutError:
            pass
        now = self._now()
        if self._end is None and deadline is not None and now >= deadline:
            self.receive(events.TimePassed())
        self._journal.flush_when_due(now)

    def _judge_media(self, uploads: bool) -> None:
        """End a scan that nothing can come of; while a file may be chosen, something can."""
        if uploads:
            return
        silent = self._frames.silence()
        if self._frames.broken:
            self._finish(ScanEnd("not_checked", "provider_error"))
        elif not self._frames.taken and (silent >= NO_FRAMES_SECONDS or (self._camera_off and silent > 0)):
            self._finish(ScanEnd("not_checked", "no_media"))

    def _finish(self, end: ScanEnd) -> None:
        if self._end is None:
            self._end = end
            self._woken.set()

    # ---- frames

    def _on_frame(self, frame: DocumentFrame) -> None:
        corners = tuple(round(share, SEEN_DIGITS) for share in frame.corners)
        if corners != self._corners and frame.at - self._seen_at >= SEEN_SECONDS and is_finite(frame):
            self._corners, self._seen_at = corners, frame.at
            self._send(page.DocumentSeen(self._request_id, corners))
        self.receive(events.FrameMeasured(frame))

    def _on_upload(self, state: UploadState) -> None:
        match state:
            case "reading":
                self._send(page.CheckHint(self._request_id, "reading"))
            case "failed":
                self._send(page.CheckHint(self._request_id, ""))
            case "broken":
                self._finish(ScanEnd("not_checked", "provider_error"))

    def _on_failure(self, what: str, error: BaseException) -> None:
        log_failure(logger, what, error)

    # ---- commands

    def _carry_out(self, command: commands.Command) -> None:
        match command:
            case commands.Hint(key, speak):
                self._send(page.CheckHint(self._request_id, key))
                if speak and key:
                    self._guide("document_hint", key)
            case commands.Instruct(step, _, problem):
                self._send(self._view(command))
                self._guide("document_problem" if problem else "document_step", problem or step)
            case commands.TakePicture(number):
                self._pictures.expect(number)
                self._tasks.start(self._reading.take(number))
                self._send(page.TakeStill(self._request_id, number))
            case commands.SideAccepted(side):
                self._send(page.SideDone(self._request_id, side))
            case commands.Progress(fraction):
                self._send(page.CheckProgress(self._request_id, fraction))
            case commands.Concluded():
                self._conclude(command)
            case commands.Ignored():
                pass

    def _conclude(self, concluded: commands.Concluded) -> None:
        readings = self._machine.readings
        sides = self._reading.with_pictures(readings)
        self._finish(ScanEnd(concluded.outcome, concluded.reason, concluded, readings, sides))

    def _guide(self, kind: Literal["document_hint", "document_step", "document_problem"], key: str) -> None:
        self._post(flow.CheckGuided(self._request_id, kind, key))
