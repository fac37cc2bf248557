"""Carries out what a flow asks of documents: starts scans, knows those that run, shows and closes their view.

A scan that the flow stops is not answered: nobody waits for it any more.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import date
from typing import Literal

from conversation.flow import commands
from conversation.flow import events as flow
from rtc_server.api.ports import CallError
from rtc_server.observe.failures import log_failure
from rtc_server.rtc import messages as page
from rtc_server.session.document.keeping import Keep
from rtc_server.session.document.pictures import Pictures
from rtc_server.session.document.scan_end import ScanEnd, document_scanned, not_scanned
from rtc_server.session.document.scan_run import ScanRun
from rtc_server.session.line import AboutCheck, Line, Post
from rtc_server.session.ports import DocumentEngines
from rtc_server.session.tasks import Tasks
from rtc_server.session.vision.check_journal import CheckJournal, Note
from rtc_server.session.vision.matching import Matching
from rtc_server.session.vision.watch import Watch
from vision.document.capture import events
from vision.document.capture.commands import Instruct
from vision.document.capture.plan import Plan
from vision.document.capture.policy import CapturePolicy
from vision.document.capture.trace import Header
from vision.document.document import CivilDate

DocumentCommand = commands.ScanDocument | commands.InstructionSaid | commands.StopCheck

ANSWER_SECONDS = 8.0
"""Beyond the limit of a scan; past it the scan is answered without a result. Pictures are kept meanwhile."""

logger = logging.getLogger(__name__)


class DocumentScans:
    """The scans of one session. ``engines`` is None where nobody reads documents."""

    def __init__(
        self,
        engines: DocumentEngines | None,
        line: Line,
        watch: Watch,
        matching: Matching,
        keep: Keep,
        note: Note,
        post: Post,
        now: Callable[[], float],
        policy: CapturePolicy | None = None,
    ) -> None:
        self._engines = engines
        self._line = line
        self._watch = watch
        self._matching = matching
        self._keep = keep
        self._note = note
        self._post = post
        self._now = now
        self._policy = policy or CapturePolicy()
        self._tasks = Tasks("document-scans")
        self._answers: dict[str, asyncio.Task[None]] = {}
        self._running: dict[str, tuple[ScanRun, Pictures]] = {}
        line.on_check.append(self._on_page)

    def carry_out(self, command: DocumentCommand) -> None:
        """One command; what is about a check of the face means nothing here."""
        match command:
            case commands.ScanDocument(request_id):
                self._answers[request_id] = task = self._tasks.start(self._answer(command))
                task.add_done_callback(lambda _: self._answers.pop(request_id, None))
            case commands.InstructionSaid(request_id):
                if (running := self._running.get(request_id)) is not None:
                    running[0].receive(events.StepSpoken())
            case commands.StopCheck(request_id):
                if (answer := self._answers.pop(request_id, None)) is not None:
                    answer.cancel()

    async def accept(self, request_id: str, number: int | None, content: bytes) -> None:
        """A picture that the page has sent: a still by its number, or a file. Raises CallError."""
        running = self._running.get(request_id)
        if running is None:
            raise CallError("not_awaited", "no document scan of this id waits for a picture", 409)
        await running[1].accept(number, content)

    async def close(self) -> None:
        """Stop every scan."""
        await self._tasks.close()

    async def _answer(self, command: commands.ScanDocument) -> None:
        try:
            async with asyncio.timeout(command.limit_seconds + ANSWER_SECONDS):
                event = await self._scan(command)
        except TimeoutError:
            event = not_scanned(command.request_id, "timeout", "")
        except Exception as error:
            log_failure(logger, "a document scan", error)
            event = not_scanned(command.request_id, "error", "provider_error")
        self._post(event)

    async def _scan(self, command: commands.ScanDocument) -> flow.Event:
        if self._engines is None:
            return not_scanned(command.request_id, "not_checked", "no_reader")
        self._matching.remember_document(None)
        end = await self._run(command, self._engines)
        scanned = document_scanned(command.request_id, end, self._engines.reader.engines)
        if scanned.outcome in ("read", "rejected") and self._engines.settings.keep_images:
            await self._keep(end)
        # Last, so that nobody is compared with a document whose scan was stopped meanwhile.
        if scanned.outcome == "read":
            self._matching.remember_document(end.portrait)
        return scanned

    async def _run(self, command: commands.ScanDocument, engines: DocumentEngines) -> ScanEnd:
        """Borrow the camera, run the scan, close the view and give the camera back, whatever happens."""
        request_id, settings = command.request_id, engines.settings
        uploads = command.upload and settings.upload
        limit_seconds = command.limit_seconds
        plan = Plan(
            command.mode, command.types, command.allow_expired, _today(), limit_seconds, settings.reject_recaptured
        )
        header = Header(plan, self._policy, self._now())
        journal = CheckJournal("document", request_id, header, self._note)
        pictures = Pictures(uploads)

        def view(step: Instruct) -> page.ShowDocument:
            return page.ShowDocument(
                request_id,
                step.side,
                step.step,
                step.problem or "",
                command.types,
                command.torch_button,
                command.switch_button,
                command.mirror_button,
                uploads,
            )

        run = ScanRun(
            view, header.machine(), engines, pictures, journal, self._line.send, self._post, self._now, request_id
        )
        self._running[request_id] = run, pictures
        self._watch.lend(run.use_frames)
        result: Literal["passed", "failed", "unclear", "stopped"] = "stopped"
        try:
            end = await run.run(limit_seconds, uploads)
            result = end.page_result
            return end
        finally:
            del self._running[request_id]
            self._line.send(page.CloseCheck(request_id, result))
            self._watch.take_back(run.use_frames)

    def _on_page(self, message: AboutCheck) -> None:
        match message:
            case page.Camera():
                for run, _ in tuple(self._running.values()):
                    run.describe_camera(message)
            case page.FlashShown() | page.FlashDeclined():
                pass  # of the face
            case _ if (running := self._running.get(message.request_id)) is not None:
                _tell(running[0], message)


def _tell(run: ScanRun, message: page.CancelCheck | page.GuideByEar | page.StillFailed | page.PressShutter) -> None:
    match message:
        case page.CancelCheck():
            run.cancel()
        case page.GuideByEar():
            run.receive_from_page(events.GuidedByEar(message.wanted))
        case page.StillFailed():
            run.no_still(message.number)
        case page.PressShutter():
            run.receive_from_page(events.ShutterPressed())


def _today() -> CivilDate:
    today = date.today()
    return CivilDate(today.year, today.month, today.day)
