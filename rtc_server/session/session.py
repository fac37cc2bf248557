"""One verification session: its mailbox, its two machines and the loop that drives them.

The loop is the only place where the machines are fed: take one event, carry out all its commands, take the next.
Whatever an effect brings back comes through the mailbox, so there are no locks and every journal replays.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal

from conversation.flow import commands as flow_commands
from conversation.flow import events as flow
from conversation.flow.journal import Header, Step, replay
from conversation.flow.machine import FlowMachine
from conversation.turn import events as turn
from conversation.turn.machine import TurnMachine
from rtc_server.rtc.messages import Finished
from rtc_server.session.clock import SessionClock, unix_ms
from rtc_server.session.flow_effects import FlowEffects
from rtc_server.session.journal import JournalWriter, steps_of, write_journal_file
from rtc_server.session.line import Line
from rtc_server.session.ports import Engines, SessionPolicy
from rtc_server.session.report import build_report
from rtc_server.session.turn_effects import TurnEffects
from rtc_server.session.voice import Voice
from rtc_server.storage.ports import JournalLine, SessionRecord, Store

FAREWELL_SECONDS = 0.8
"""How long the peer stays after the last word, so that the word is heard and the last message read."""

logger = logging.getLogger(__name__)


class Session:
    """A running session. Made by the registry; ends by itself and then calls ``on_finished``."""

    def __init__(
        self,
        record: SessionRecord,
        lines: Sequence[JournalLine],
        store: Store,
        engines: Engines,
        policy: SessionPolicy,
        on_finished: Callable[["Session"], None],
    ) -> None:
        self.record = record
        self._store = store
        self._policy = policy
        self._on_finished = on_finished
        self._mailbox: asyncio.Queue[flow.Event | turn.Event] = asyncio.Queue()
        header, machine = _restore(record, lines, policy)
        self._header = header
        self._flow = machine
        self._turn = TurnMachine(policy.turn)
        self.clock = SessionClock(header.started_utc_ms)
        self._journal = JournalWriter(store, record.id, len(lines))
        if not lines:
            self._journal.begin(header)
        now, language = self.clock.now, header.language
        self.line = Line(record.id, engines.new_peer, policy.heartbeat_ms, self.post)
        synthesizer = engines.synthesizer(str(record.settings.get("avatarId", "")))
        self._voice = Voice(self.line, synthesizer, engines.renderings, self.post, now)
        self._turn_effects = TurnEffects(self.line, self._voice, engines, self.post, now, language)
        self._flow_effects = FlowEffects(
            self.line, self._voice, engines, engines.evaluator(record.id), self.post, language, policy.evaluate_budget
        )
        self._flow_effects.prepare(machine.graph)
        self._voice.prepare(machine.lines_ahead())
        self._task = asyncio.create_task(self._run(), name=f"session-{record.id}")
        self.ignored = 0
        """Events that meant nothing; many of them mean that something is wrong."""

    def post(self, event: flow.Event | turn.Event) -> None:
        """Put an event into the mailbox. Never blocks; belongs to the event loop."""
        self._mailbox.put_nowait(event)

    async def close(self) -> None:
        """Leave the session as it stands: it can be taken up again from its journal."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._release()
        if self._flow.finished is None:
            await self._journal.flush()

    # ---- the loop

    async def _run(self) -> None:
        try:
            while self._flow.finished is None:
                event = await self._next_event()
                if event is None:
                    self._feed_due()
                else:
                    self._feed(event)
            await self._finish()
        except asyncio.CancelledError:
            raise
        except Exception:
            # A broken invariant: the session ends visibly, never silently.
            logger.exception("session %s failed", self.record.id)
            await self._fail()
        self._on_finished(self)

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
            self._feed(turn.TimePassed())
        if self._flow.deadline is not None and now >= self._flow.deadline:
            self._feed(flow.TimePassed())

    def _feed(self, event: flow.Event | turn.Event) -> None:
        now = self.clock.now()
        if isinstance(event, turn.Event):
            for command in self._turn.receive(event, now=now):
                self._turn_effects.carry_out(command)
            return
        commands = self._flow.receive(event, now=now)
        self._journal.step(Step.of(now, event, commands))
        for answer in commands:
            if isinstance(answer, flow_commands.Ignored):
                self.ignored += 1
                logger.debug("session %s ignored %s: %s", self.record.id, answer.event, answer.why)
            elif not isinstance(answer, flow_commands.Finish):
                self._flow_effects.carry_out(answer)

    # ---- the end

    async def _finish(self) -> None:
        finish = self._flow.finished
        assert finish is not None
        await self._store_end(finish.status, finish.reason)
        if self.line.connected:
            await asyncio.sleep(FAREWELL_SECONDS)
        await self._release()

    async def _fail(self) -> None:
        await self._store_end("incomplete", "error")
        await self._release()

    async def _store_end(self, status: Literal["complete", "incomplete"], reason: str) -> None:
        """Journal, report and status in one transaction; then the page is told."""
        report = build_report(
            self._flow.record,
            self.line.latency.turns,
            language=self._header.language,
            started_utc_ms=self._header.started_utc_ms,
        )
        lines = await self._journal.last_lines()
        self.record = await self._store.finish_session(
            self.record.id, lines, status=status, reason=reason, report=report, finished_at=unix_ms()
        )
        await self._write_file()
        self.line.send(Finished(status, reason))

    async def _write_file(self) -> None:
        if self._policy.journal_dir is not None:
            lines = await self._store.journal(self.record.id)
            file = self._policy.journal_dir / f"{self.record.id}.jsonl"
            await asyncio.to_thread(write_journal_file, file, lines)

    async def _release(self) -> None:
        await self._turn_effects.close()
        await self._flow_effects.close()
        await self._voice.close()
        await self.line.close()


def _restore(record: SessionRecord, lines: Sequence[JournalLine], policy: SessionPolicy) -> tuple[Header, FlowMachine]:
    """A machine at its beginning, or where the stored journal leaves it (after a crash or a move)."""
    if lines:
        header, steps = steps_of(lines)
        machine, differences = replay(header, steps)
        if differences:
            logger.warning("session %s: the journal replays with %d differences", record.id, len(differences))
        return header, machine
    header = Header(
        flow=record.flow,
        variables=_scalars(record.settings.get("providedData") or {}),
        language=str(record.settings.get("defaultLang") or "en"),
        policy=policy.dialogue,
        started_utc_ms=unix_ms(),
    )
    return header, header.machine()


def _scalars(provided: dict[str, Any]) -> dict[str, Any]:
    """Template values; anything else in the provided data is for other nodes."""
    return {key: value for key, value in provided.items() if isinstance(value, str | int | float | bool)}
