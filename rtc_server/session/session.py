"""One verification session: its mailbox, its two machines and the loop that drives them.

The loop is the only place where the machines are fed: take one event, carry out all its commands, take the next.
Whatever an effect brings back comes through the mailbox, so there are no locks and every journal replays.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from conversation.flow import commands as flow_commands
from conversation.flow import events as flow
from conversation.flow.journal import Header, Step
from conversation.flow.machine import FlowMachine
from conversation.flow.nodes import Node
from conversation.turn import events as turn
from conversation.turn.machine import TurnMachine
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.messages import Finished
from rtc_server.session.agents import SessionAgents
from rtc_server.session.analysis import put_into_words
from rtc_server.session.clock import SessionClock, unix_ms
from rtc_server.session.document.keeping import Keeper, keep_nothing
from rtc_server.session.document.scans import DocumentScans
from rtc_server.session.flow_effects import FlowEffects
from rtc_server.session.journal import JournalWriter, write_journal_file
from rtc_server.session.line import Line
from rtc_server.session.ports import Engines, Services, SessionPolicy
from rtc_server.session.provided import all_provided
from rtc_server.session.recording import SessionRecording
from rtc_server.session.report import build_report
from rtc_server.session.restore import restore, unanswered
from rtc_server.session.turn_effects import TurnEffects
from rtc_server.session.vision.effects import vision_effects
from rtc_server.session.voice import Voice
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import TERMINAL, JournalLine, Json, SessionRecord, Store

FAREWELL_SECONDS = 0.8
"""How long the peer stays after the last word, so that the word is heard and the last message read."""

STORE_AGAIN_SECONDS = (0.5, 2.0, 5.0)
"""Pauses between the attempts to store an end."""

logger = logging.getLogger(__name__)


class Session:
    """A running session. Made by the registry; ends by itself and then calls ``on_finished``.

    ``language`` is that of a session which begins now; one that is taken up again keeps its own.
    """

    def __init__(
        self,
        record: SessionRecord,
        lines: Sequence[JournalLine],
        store: Store,
        engines: Engines,
        services: Services,
        policy: SessionPolicy,
        language: str,
        on_finished: Callable[["Session"], None],
    ) -> None:
        self.record = record
        self._store = store
        self._policy = policy
        self._summarizer = engines.summarizer
        self._on_finished = on_finished
        self._mailbox: asyncio.Queue[flow.Event | turn.Event] = asyncio.Queue()
        header, self._flow = restore(record, lines, policy.dialogue, language)
        self._header = header
        self._turn = TurnMachine(policy.turn)
        self.clock = SessionClock(header.started_utc_ms)
        self._journal = JournalWriter(store, record.id, len(lines))
        if not lines:
            self._journal.begin(header)
        now, language = self.clock.now, header.language
        begun = any(line.event.get("type") == "Joined" for line in lines)
        serial = len(lines)
        self.line = Line(record.id, engines.new_peer, policy.heartbeat_ms, self.post, serial=serial, rejoined=begun)
        synthesizer = engines.synthesizer(str(record.settings.get("avatarId", "")))
        self.agents = SessionAgents(self.line, self._flow, self.post)
        self.recording = SessionRecording(self.line, services, store, record)
        self._voice = Voice(self.line, synthesizer, engines.renderings, self.post, now)
        self._turn_effects = TurnEffects(self.line, self._voice, engines, self.post, now, language, serial)
        provided = all_provided(record)
        self._vision = vision_effects(
            self.line,
            engines.vision,
            services,
            record,
            self._note,
            self.post,
            now,
            language,
            lambda: {**provided, **self._flow.provided},
        )
        keep = keep_nothing
        if services.media is not None:
            keep = Keeper(services.media, store, record, services.media_link)
        self.documents = DocumentScans(
            engines.documents,
            self.line,
            self._vision.watch,
            self._vision.matching,
            keep,
            self._note,
            self.post,
            now,
        )
        self._flow_effects = FlowEffects(
            self.line,
            self._voice,
            engines,
            services,
            self._vision,
            self.documents,
            self.agents,
            record,
            engines.evaluator(record.id),
            self.post,
            language,
            policy.evaluate_budget,
        )
        self.ignored = 0
        """Events that meant nothing; many of them mean that something is wrong."""
        self._flow_effects.prepare(self._flow.graph)
        self._voice.prepare(self._flow.lines_ahead())
        if begun:
            self._take_up(lines)
        self._task = asyncio.create_task(self._run(), name=f"session-{record.id}")

    def _take_up(self, lines: Sequence[JournalLine]) -> None:
        """Go on where the process before this one stopped."""
        self._flow_effects.carry_out(self._flow.pace)
        for command in unanswered(lines, self._flow):
            self._flow_effects.carry_out(command)
        # Whoever was here left with that process, at the last moment that it wrote down.
        if self._flow.holder:
            self._feed(flow.AgentHandedBack(self._flow.holder, "restart"), lines[-1].now)
        for visit in self._flow.record.agents:
            if visit.went_at is None:
                self._feed(flow.AgentWent(visit.agent_id), lines[-1].now)
        self._feed(flow.Left(), lines[-1].now)

    def post(self, event: flow.Event | turn.Event) -> None:
        """Put an event into the mailbox. Never blocks; belongs to the event loop."""
        self._mailbox.put_nowait(event)

    @property
    def machine(self) -> FlowMachine:
        """Where the flow stands and what it has recorded, for reading."""
        return self._flow

    @property
    def header(self) -> Header:
        """What the flow machine was made from."""
        return self._header

    @property
    def node(self) -> Node:
        """Where the flow stands."""
        return self._flow.graph.nodes[self._flow.node_id]

    @property
    def task(self) -> asyncio.Task[None]:
        """Runs it; done when it has ended."""
        return self._task

    async def close(self) -> None:
        """Leave the session as it stands: it can be taken up again from its journal."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.line.onlookers.ended(None)
        await self._release()
        if self.record.status not in TERMINAL:
            await self._journal.close()

    # ---- the loop

    async def _run(self) -> None:
        try:
            while self._flow.finished is None:
                event = await self._next_event()
                if event is None:
                    self._feed_due()
                else:
                    self._feed(event, self.clock.now())
                if self.line.vacant and isinstance(event, flow.Left) and not self._begun:
                    await self._put_aside()
                    return
        except Exception as error:
            # A broken invariant: the session ends visibly, never silently.
            log_failure(logger, f"session {self.record.id}", error)
        await self._end()
        self._on_finished(self)

    @property
    def _begun(self) -> bool:
        return self._flow.node_id != self._flow.graph.start.id

    async def _next_event(self) -> flow.Event | turn.Event | None:
        """The next event, or None when a machine's deadline comes first."""
        if not self._mailbox.empty():
            return self._mailbox.get_nowait()
        due = [deadline for deadline in (self._flow.deadline, self._turn.deadline) if deadline is not None]
        timeout = max(0.0, min(due) - self.clock.now()) if due else None
        try:
            async with asyncio.timeout(timeout):
                return await self._mailbox.get()
        except TimeoutError:
            return None

    def _feed_due(self) -> None:
        now = self.clock.now()
        if self._turn.deadline is not None and now >= self._turn.deadline:
            self._feed(turn.TimePassed(), now)
        if self._flow.deadline is not None and now >= self._flow.deadline:
            self._feed(flow.TimePassed(), now)

    def _feed(self, event: flow.Event | turn.Event, now: float) -> None:
        if isinstance(event, turn.Event):
            if isinstance(event, turn.Speech):
                self._vision.hear(event.probability, now)
            for command in self._turn.receive(event, now=now):
                self._turn_effects.carry_out(command)
            return
        commands = self._flow.receive(event, now=now)
        step = Step.of(now, event, commands)
        self._journal.step(step)
        self.line.onlookers.step(step)
        for answer in commands:
            if isinstance(answer, flow_commands.Ignored):
                self.ignored += 1
                logger.debug("session %s ignored %s: %s", self.record.id, answer.event, answer.why)
            elif not isinstance(answer, flow_commands.Finish):
                self._flow_effects.carry_out(answer)

    def _note(self, now: float, entry: dict[str, object]) -> None:
        """A line of a check's machine, for the journal and whoever looks on."""
        self._journal.note(now, entry)
        self.line.onlookers.note(now, entry)

    # ---- the end

    async def _put_aside(self) -> None:
        """A page that never connected keeps no place: the session can still begin, with the next offer."""
        self.line.onlookers.ended(None)
        await self._release()
        try:
            await self._journal.close()
        except Exception as error:
            log_failure(logger, f"journal of session {self.record.id}", error)
        self._on_finished(self)

    async def _end(self) -> None:
        """Store the end, tell the page, let go. An end that the flow did not come to is an error."""
        finish = self._flow.finished or flow_commands.Finish("incomplete", "error")
        self._voice.stop()  # nothing is said any more: a cancelled session falls silent at once
        await self._flow_effects.close()  # nor sent: nothing may be written of a session that has ended
        try:
            await self._store_end(finish)
        except Exception as error:
            # The session stays as its journal leaves it; with the next offer its end is stored.
            log_failure(logger, f"the end of session {self.record.id}", error)
            finish = flow_commands.Finish("incomplete", "error")
        self.line.send(Finished(finish.status, finish.reason))
        self.line.onlookers.ended(finish)
        await asyncio.gather(self._write_file(), self.recording.close())
        if self.line.connected:
            await asyncio.sleep(FAREWELL_SECONDS)
        await self._release()

    async def _store_end(self, finish: flow_commands.Finish) -> None:
        """Store the end; again while the database is out of reach for a moment, as when it restarts."""
        report = build_report(self._flow, self._header, self.line.latency.turns, finish)
        if analysis := report.get("aiAnalysis"):
            report["aiAnalysis"] = await put_into_words(analysis, self._summarizer)
        for pause in STORE_AGAIN_SECONDS:
            try:
                await self._store_end_once(finish, report)
            except StorageError as error:
                logger.warning("the end of session %s waits for the database: %s", self.record.id, error)
                await asyncio.sleep(pause)
            else:
                return
        await self._store_end_once(finish, report)

    async def _store_end_once(self, finish: flow_commands.Finish, report: Json) -> None:
        """Journal, report and status in one transaction."""
        lines = await self._journal.take()
        try:
            self.record = await self._store.finish_session(
                self.record.id,
                lines,
                status=finish.status,
                reason=finish.reason,
                report=report,
                finished_at=unix_ms(),
            )
        except Exception:
            self._journal.give_back(lines)
            await self._journal.flush()
            raise

    async def _write_file(self) -> None:
        if self._policy.journal_dir is None:
            return
        try:
            lines = await self._store.journal(self.record.id)
            file = self._policy.journal_dir / f"{self.record.id}.jsonl"
            await asyncio.to_thread(write_journal_file, file, lines)
        except Exception as error:
            log_failure(logger, f"the journal file of session {self.record.id}", error)

    async def _release(self) -> None:
        await self.recording.close()
        await self._turn_effects.close()
        await self._flow_effects.close()
        await self._voice.close()
        await self.line.close()
