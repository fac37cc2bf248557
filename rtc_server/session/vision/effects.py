"""Carries out what a flow asks of the camera. Each command is answered by its event, whatever happens.

A check that the flow stops is not answered: nobody waits for it any more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Literal

from conversation.flow import commands
from conversation.flow import events as flow
from conversation.flow.graph import FlowGraph
from rtc_server.observe.failures import log_failure
from rtc_server.rtc import messages as page
from rtc_server.session.line import AboutCheck, Line, Post
from rtc_server.session.ports import Services, VisionEngines
from rtc_server.session.tasks import Tasks
from rtc_server.session.vision import bridge
from rtc_server.session.vision.check_journal import Note
from rtc_server.session.vision.checks import Checks
from rtc_server.session.vision.faces import Face, Faces
from rtc_server.session.vision.keeping import keep_best
from rtc_server.session.vision.matching import Matching, Provided, not_enrolled, not_identified
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.session.vision.speech_spans import SpeechSpans
from rtc_server.session.vision.watch import Watch
from rtc_server.storage.ports import SessionRecord
from vision.liveness import events

VisionCommand = (
    commands.CheckLiveness
    | commands.ScanFace
    | commands.CompareFaces
    | commands.IdentifyFace
    | commands.EnrolFace
    | commands.InstructionSaid
    | commands.PassWords
    | commands.StopCheck
)

NODES_THAT_LOOK = frozenset({"liveness_detection", "face_scan", "face_compare", "recognition", "age_estimation"})

ANSWER_SECONDS = 8.0
"""Beyond a command's own limit; past it the command is answered without a result."""

ENROLMENT_FRAMES = 3
"""Frontal, sharp pictures that an enrolment needs: whoever is kept is compared with for years."""

PORTRAIT_SECONDS = 5.0
"""How long an enrolment waits for them."""

ENROL_SECONDS = 10.0
"""How long an enrolment may take, without the wait for its answer."""

LONGEST_FLASH_MS = 120_000.0
"""A page that claims to have begun earlier is not believed."""

Keep = Callable[[Sequence[Face]], Awaitable[None]]
"""Keeps a picture of a check, if the operator wants that."""

logger = logging.getLogger(__name__)


class VisionEffects:
    """What a flow does with the camera."""

    def __init__(
        self,
        line: Line,
        watch: Watch,
        checks: Checks,
        matching: Matching,
        keep: Keep,
        post: Post,
        now: Callable[[], float],
    ) -> None:
        self._line = line
        self.watch = watch
        self._checks = checks
        self.matching = matching
        self._keep = keep
        self._post = post
        self._now = now
        self._speech = SpeechSpans()
        self._tasks = Tasks("vision-effect")
        self._running: dict[str, asyncio.Task[None]] = {}
        line.on_check.append(self._on_page)

    def prepare(self, graph: FlowGraph) -> None:
        """Open the eyes from the start when a node will need them: a check begins with what was seen before it."""
        if any(node.type in NODES_THAT_LOOK for node in graph.nodes.values()):
            self.watch.open()

    def carry_out(self, command: VisionCommand) -> None:
        """One command."""
        self.watch.open()
        request_id = command.request_id
        match command:
            case commands.CheckLiveness():
                self._answer(request_id, command.limit_seconds, partial(self._liveness, command), _no_liveness)
            case commands.ScanFace():
                self._answer(request_id, command.limit_seconds, partial(self._scan, command), _no_scan)
            case commands.CompareFaces():
                self._answer(request_id, command.limit_seconds, partial(self._compare, command), _no_comparison)
            case commands.IdentifyFace():
                self._answer(request_id, command.limit_seconds, partial(self._identify, command), _no_identification)
            case commands.EnrolFace():
                self._answer(request_id, ENROL_SECONDS, partial(self._enrol, command), _no_enrolment)
            case commands.InstructionSaid():
                self._checks.receive(request_id, events.InstructionSpoken())
            case commands.PassWords():
                self._checks.receive(request_id, events.WordsHeard(command.text))
            case commands.StopCheck():
                if (task := self._running.pop(request_id, None)) is not None:
                    task.cancel()

    def hear(self, probability: float, now: float) -> None:
        """One window of the voice-activity model."""
        span = self._speech.window(probability, now)
        if span is not None:
            self._checks.receive_all(events.SpeechHeard(span.started_at, span.ended_at))

    async def close(self) -> None:
        """Stop every check and close the eyes."""
        await self._tasks.close()
        await self.watch.close()
        self.matching.forget()

    # ---- answering

    def _answer(
        self,
        request_id: str,
        limit_seconds: float,
        work: Callable[[], Awaitable[flow.Event]],
        fallback: Callable[[str, str], flow.Event],
    ) -> None:
        self._running[request_id] = task = self._tasks.start(
            self._post_answer(request_id, limit_seconds, work, fallback)
        )
        task.add_done_callback(lambda _: self._running.pop(request_id, None))

    async def _post_answer(
        self,
        request_id: str,
        limit_seconds: float,
        work: Callable[[], Awaitable[flow.Event]],
        fallback: Callable[[str, str], flow.Event],
    ) -> None:
        try:
            async with asyncio.timeout(limit_seconds + ANSWER_SECONDS):
                event = await work()
        except TimeoutError:
            event = fallback(request_id, "timeout")
        except Exception as error:
            log_failure(logger, "a check of the camera", error)
            event = fallback(request_id, "provider_error")
        self._post(event)

    # ---- the five questions

    async def _liveness(self, command: commands.CheckLiveness) -> flow.Event:
        end = await self._checks.liveness(command.request_id, command.limit_seconds)
        if end.reason == "cancelled":
            return flow.CheckCancelled(command.request_id)
        await self._keep(self.watch.portraits.best())
        return bridge.liveness_judged(command.request_id, end, self.watch.engine_names, self.watch.attributes())

    async def _scan(self, command: commands.ScanFace) -> flow.Event:
        # Asked for at once: a slow server of the customer's costs the person no time.
        reference = None
        if command.reference is not None:
            reference = asyncio.create_task(self.matching.template(command.reference, []), name="reference")
        try:
            end, faces = await self._checks.scan(command)
            comparison = None
            if end.captured:
                self.matching.remember_scan(faces)
                await self._keep(faces)
                if reference is not None:
                    comparison = await self.matching.compare_scan(await reference, faces)
        finally:
            if reference is not None:
                reference.cancel()
                await asyncio.gather(reference, return_exceptions=True)
        names, attributes = self.watch.engine_names, self.watch.attributes()
        return bridge.face_scanned(command.request_id, end, names, attributes, comparison)

    async def _compare(self, command: commands.CompareFaces) -> flow.Event:
        faces = []
        if "sessionVideo" in (command.a.source, command.b.source):
            faces = await self._checks.session_video(command.limit_seconds / 2)
        comparison = await self.matching.compare(command.a, command.b, faces)
        return bridge.faces_compared(command.request_id, comparison)

    async def _identify(self, command: commands.IdentifyFace) -> flow.Event:
        if not self.matching.can_identify:
            return not_identified(command.request_id, "not_checked", "no_model")
        end, faces = await self._checks.portrait(command.request_id, command.limit_seconds)
        if end.reason == "cancelled":
            return flow.CheckCancelled(command.request_id)
        if end.captured:
            return await self.matching.identify(command.request_id, faces)
        if end.verdict is not None and end.verdict.outcome == "no_face":
            return not_identified(command.request_id, "no_face", "")
        reason = end.verdict.inconclusive_reason if end.verdict is not None else end.reason
        return not_identified(command.request_id, "not_checked", reason)

    async def _enrol(self, command: commands.EnrolFace) -> flow.Event:
        frontal = await self._checks.frontal(ENROLMENT_FRAMES, PORTRAIT_SECONDS)
        if len(frontal) < ENROLMENT_FRAMES:
            error = "low_quality" if self.watch.portraits.best() else "no_face"
            return not_enrolled(command.request_id, error)
        return await self.matching.enrol(command, frontal)

    # ---- the page

    def _on_page(self, message: AboutCheck) -> None:
        match message:
            case page.Camera():
                self.watch.describe(message)
                self._checks.describe_camera()
            case page.CancelCheck():
                self._checks.cancel(message.request_id)
            case page.GuideByEar():
                self._checks.receive_from_page(message.request_id, events.GuidedByEar(message.wanted))
            case page.FlashShown():
                ago_ms = min(LONGEST_FLASH_MS, max(0.0, message.started_ms_ago))
                self._checks.receive_from_page(message.request_id, events.FlashShown(self._now() - ago_ms / 1000))
            case page.FlashDeclined():
                self._checks.receive_from_page(message.request_id, events.FlashDeclined(message.reason))
            case page.StillFailed() | page.PressShutter():
                pass  # of a document


def vision_effects(
    line: Line,
    engines: VisionEngines | None,
    services: Services,
    record: SessionRecord,
    note: Note,
    post: Post,
    now: Callable[[], float],
    language: str,
    provided: Provided,
) -> VisionEffects:
    """Everything that looks in one session. ``engines`` is None where nobody can."""
    settings = engines.settings if engines is not None else VisionSettings()
    watch = Watch(engines, line, now)
    checks = Checks(watch, line, settings, note, post, now, language)
    matching = Matching(Faces(engines), services, record, provided, language)

    async def keep(faces: Sequence[Face]) -> None:
        if settings.keep_images and services.media is not None:
            await keep_best(services.media, record.id, faces)

    return VisionEffects(line, watch, checks, matching, keep, post, now)


def _no_liveness(request_id: str, reason: str) -> flow.Event:
    return flow.LivenessJudged(request_id, "not_checked", reason, {})


def _no_scan(request_id: str, reason: str) -> flow.Event:
    outcome: Literal["timeout", "error"] = "timeout" if reason == "timeout" else "error"
    return flow.FaceScanned(request_id, outcome, reason, None, None, None, {})


def _no_comparison(request_id: str, reason: str) -> flow.Event:
    return flow.FacesCompared(request_id, None, False, False, reason)


def _no_identification(request_id: str, reason: str) -> flow.Event:
    return not_identified(request_id, "not_checked", reason)


def _no_enrolment(request_id: str, reason: str) -> flow.Event:
    return not_enrolled(request_id, "unavailable")
