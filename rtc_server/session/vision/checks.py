"""Starts checks, knows those that run, and shows and closes their view on the page."""

import asyncio
import dataclasses
import secrets
from collections.abc import Callable
from typing import Literal

from conversation.flow import commands
from conversation.flow import events as flow
from rtc_server.rtc import messages as page
from rtc_server.session.line import Line
from rtc_server.session.vision.bridge import CheckEnd
from rtc_server.session.vision.check_journal import CheckJournal, Note
from rtc_server.session.vision.check_run import NO_FRAMES_SECONDS, CheckRun
from rtc_server.session.vision.faces import Face
from rtc_server.session.vision.portraits import Portraits
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.session.vision.watch import Watch
from vision.liveness import events
from vision.liveness.plan import Plan, Purpose, draw_plan
from vision.liveness.trace import Header

SCAN_FRAMES = 5
"""Good frames of a scan."""

PORTRAIT_FRAMES = 3
"""Good frames to be recognised by."""

CAPTURE_SECONDS = 1.2
"""Feed of a well placed face that a scan or portrait needs at least: several good frames that are not neighbours."""

SEED_BITS = 53
"""As many as every reader of JSON keeps."""

LOOK_AGAIN_SECONDS = 0.1


class Checks:
    """The checks of one session."""

    def __init__(
        self,
        watch: Watch,
        line: Line,
        settings: VisionSettings,
        note: Note,
        post: Callable[[flow.Event], None],
        now: Callable[[], float],
        language: str,
    ) -> None:
        self._watch = watch
        self._line = line
        self._settings = settings
        self._note = note
        self._post = post
        self._now = now
        self._language = language
        self._policy = settings.policy()
        self._running: dict[str, CheckRun] = {}

    async def liveness(self, request_id: str, limit_seconds: float) -> CheckEnd:
        """Is a live person before the camera?"""
        plan = self._plan("liveness", limit_seconds, self._settings.challenge_count, 0)
        view = page.ShowCheck(request_id, "liveness", "", sound=True, haptics=True, cancellable=True)
        return await self._run(plan, view)

    async def scan(self, command: commands.ScanFace) -> tuple[CheckEnd, list[Face]]:
        """Capture the face well; (how it ended, its best pictures)."""
        challenges = max(1, self._settings.challenge_count) if command.liveness_challenge else 0
        plan = self._plan("scan", command.limit_seconds, challenges, SCAN_FRAMES)
        view = page.ShowCheck(
            command.request_id, "scan", command.instructions, command.sound, command.haptics, cancellable=True
        )
        captured = Portraits()
        self._watch.attend(captured.offer)
        try:
            end = await self._run(plan, view)
        finally:
            self._watch.leave(captured.offer)
        return end, captured.best() or self._watch.portraits.best()

    async def portrait(self, request_id: str, limit_seconds: float) -> tuple[CheckEnd, list[Face]]:
        """Only enough good frames of whoever is there; what was seen before counts."""
        plan = self._plan("portrait", limit_seconds, 0, PORTRAIT_FRAMES)
        view = page.ShowCheck(request_id, "portrait", "", sound=False, haptics=False, cancellable=True)
        return await self._run(plan, view), self._watch.portraits.best()

    async def session_video(self, limit_seconds: float) -> list[Face]:
        """The best pictures so far; waits a while for the first one. Empty when there is none."""
        return await self._await_faces(self._watch.portraits.best, 1, limit_seconds)

    async def frontal(self, count: int, limit_seconds: float) -> list[Face]:
        """Pictures in portrait quality; waits a while for so many."""
        return await self._await_faces(self._watch.portraits.frontal, count, limit_seconds)

    async def _await_faces(self, faces_now: Callable[[], list[Face]], count: int, limit_seconds: float) -> list[Face]:
        latest = self._now() + limit_seconds
        while len(faces := faces_now()) < count:
            silent = self._watch.without_frames(self._now()) >= NO_FRAMES_SECONDS
            if self._now() >= latest or silent or not self._watch.works:
                break
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return faces

    def receive(self, request_id: str, event: events.Event) -> None:
        """Something happened for one check; one that does not run takes no notice."""
        if (run := self._running.get(request_id)) is not None:
            run.receive(event)

    def receive_from_page(self, request_id: str, event: events.Event) -> None:
        """The page says something of one check."""
        if (run := self._running.get(request_id)) is not None:
            run.receive_from_page(event)

    def receive_all(self, event: events.Event) -> None:
        """Something happened that every check may want to know."""
        for run in tuple(self._running.values()):
            run.receive(event)

    def cancel(self, request_id: str) -> None:
        """The person closed the view."""
        if (run := self._running.get(request_id)) is not None:
            run.cancel()

    def describe_camera(self) -> None:
        """The page has told of its camera."""
        for run in tuple(self._running.values()):
            run.describe_camera()

    def _plan(self, purpose: Purpose, limit_seconds: float, challenges: int, portrait_frames: int) -> Plan:
        kinds = [kind for kind in self._settings.kinds() if kind != "read" or self._line.can_speak]
        plan = draw_plan(
            purpose,
            secrets.randbits(SEED_BITS),
            self._policy,
            kinds=kinds,
            count=challenges,
            flash=self._settings.flash,
            portrait_frames=portrait_frames,
            limit_seconds=min(limit_seconds, self._settings.check_seconds),
            language=self._language,
        )
        return dataclasses.replace(plan, minimum_seconds=max(plan.minimum_seconds, CAPTURE_SECONDS))

    async def _run(self, plan: Plan, view: page.ShowCheck) -> CheckEnd:
        """Show the view, run the check, close the view, whatever happens."""
        request_id = view.request_id
        header = Header(plan, self._policy, self._now())
        journal = CheckJournal("face", request_id, header, self._note)
        run = CheckRun(request_id, header.machine(), self._watch, journal, self._line.send, self._post, self._now)
        self._running[request_id] = run
        self._line.send(view)
        result: Literal["passed", "failed", "unclear", "stopped"] = "stopped"
        try:
            end = await run.run(plan.limit_seconds)
            result = end.page_result
            return end
        finally:
            del self._running[request_id]
            self._line.send(page.CloseCheck(request_id, result))
