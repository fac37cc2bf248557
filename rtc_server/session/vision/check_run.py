"""One check under way: a liveness machine, what it is fed, and where its commands go."""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

from conversation.flow import events as flow
from rtc_server.observe.failures import log_failure
from rtc_server.rtc import messages as page
from rtc_server.session.vision.bridge import CheckEnd, EndReason
from rtc_server.session.vision.check_journal import CheckJournal
from rtc_server.session.vision.watch import Watch
from vision.liveness import commands, events
from vision.liveness.machine import LivenessMachine
from vision.liveness.trace import canonical, verdict_to_json
from vision.liveness.verdict import Verdict
from vision.pipeline.eye import Look
from vision.trace import is_finite

NO_FRAMES_SECONDS = 4.0
"""A connected page that sends no frame for so long has no camera for us."""

TICK_SECONDS = 0.25
"""How often it is looked whether frames still come and whether something has to be written down."""

SLACK_SECONDS = 3.0
"""Beyond the limit of a check; by then the machine itself must have ended it."""

PAGE_EVENTS = 50
"""What a page may say of one check; more than any honest one does."""

logger = logging.getLogger(__name__)


class CheckRun:
    """Runs once. ``send`` goes to the page, ``post`` to the flow; every method belongs to the event loop."""

    def __init__(
        self,
        request_id: str,
        machine: LivenessMachine,
        watch: Watch,
        journal: CheckJournal,
        send: Callable[[page.FromServer], None],
        post: Callable[[flow.Event], None],
        now: Callable[[], float],
    ) -> None:
        self._request_id = request_id
        self._machine = machine
        self._watch = watch
        self._journal = journal
        self._send = send
        self._post = post
        self._now = now
        self._woken = asyncio.Event()
        self._end: CheckEnd | None = None
        self._frames = 0
        self._from_page = 0

    async def run(self, limit_seconds: float) -> CheckEnd:
        """Until there is a verdict, or none can be had; a little longer than ``limit_seconds`` at most."""
        latest = self._now() + limit_seconds + SLACK_SECONDS
        self._watch.attend(self._on_look)
        try:
            for observation in self._watch.history:
                self.receive(events.Observed(observation))
            self.describe_camera()
            while self._end is None:
                self._judge_media()
                if self._now() >= latest:
                    self._finish("timeout")
                elif self._end is None:
                    await self._wait()
            return self._end
        finally:
            self._watch.leave(self._on_look)
            verdict = self._end.verdict if self._end is not None else None
            self._journal.end(self._now(), None if verdict is None else verdict_to_json(verdict))

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
            # A broken invariant ends the check visibly, and never the eyes of the session.
            log_failure(logger, f"check {self._request_id}", error)
            self._finish("provider_error")
        self._woken.set()

    def cancel(self) -> None:
        """The person does not want to."""
        self._finish("cancelled")

    def describe_camera(self) -> None:
        """Tell the machine of the camera, once the page has told of it."""
        camera = self._watch.camera
        if camera is not None and camera.state == "live":
            self.receive_from_page(events.CameraDescribed(camera.label, camera.frames_per_second))
        self._woken.set()

    def _on_look(self, look: Look) -> None:
        if look.observation is not None:
            self._frames += 1
            self.receive(events.Observed(look.observation))

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

    def _judge_media(self) -> None:
        """End a check that nothing can come of: nobody looks, or there is nothing to look at."""
        if not self._watch.works:
            self._finish("provider_error" if self._watch.exists else "no_media")
            return
        camera = self._watch.camera
        off = camera is not None and camera.state != "live"
        silent = self._watch.without_frames(self._now())
        if self._frames:
            return  # what was seen is judged by the machine, also when nothing more comes
        if silent >= NO_FRAMES_SECONDS or (off and silent > 0):
            self._finish("no_media")

    def _judged(self, verdict: Verdict) -> None:
        """Frames that came and that nobody had time to look at are no missing camera."""
        unseen = verdict.inconclusive_reason == "no_media" and not self._frames
        if unseen and self._watch.without_frames(self._now()) < NO_FRAMES_SECONDS:
            self._finish("provider_error")
        else:
            self._finish("", verdict)

    def _finish(self, reason: EndReason, verdict: Verdict | None = None) -> None:
        if self._end is None:
            self._end = CheckEnd(verdict, reason, self._frames)
            self._woken.set()

    def _carry_out(self, command: commands.Command) -> None:
        request_id = self._request_id
        match command:
            case commands.Hint():
                self._send(page.CheckHint(request_id, command.key))
                if command.speak and command.key:
                    self._guide("hint", command.key)
            case commands.IssueChallenge():
                self._send(
                    page.CheckChallenge(
                        request_id,
                        command.index,
                        command.count,
                        command.kind,
                        command.phrase,
                        round(1000 * command.seconds),
                    )
                )
                self._guide("challenge", command.kind, command.phrase)
            case commands.ChallengeEnded():
                self._send(page.CheckChallengeEnded(request_id, command.index, command.passed))
            case commands.ShowFlash():
                self._send(page.ShowFlash(request_id, command.colours, command.symbol_ms))
                self._guide("flash", "flash")
            case commands.Progress():
                self._send(page.CheckProgress(request_id, command.fraction))
            case commands.Judged():
                self._judged(command.verdict)
            case commands.Ignored():
                pass

    def _guide(self, kind: Literal["hint", "challenge", "flash"], key: str, phrase: str = "") -> None:
        self._post(flow.CheckGuided(self._request_id, kind, key, phrase))
