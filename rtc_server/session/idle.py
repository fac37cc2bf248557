"""A session that no page is connected to, moved by other means: cancelled, given up, simulated.

It goes through the same machine and the same journal as a call, so its report and its events are the real ones.
"""

from collections.abc import Mapping
from dataclasses import replace

from conversation.flow import commands as flow_commands
from conversation.flow import events as flow
from conversation.flow.codec import to_json
from conversation.flow.policy import DialoguePolicy
from rtc_server.session.clock import SessionClock, unix_ms
from rtc_server.session.options import session_options
from rtc_server.session.report import build_report
from rtc_server.session.restore import restore
from rtc_server.storage.ports import TERMINAL, JournalLine, SessionRecord, Store, empty_report


class IdleSession:
    """Loaded, fed with events, saved. The caller sees to it that nobody else runs the session meanwhile."""

    def __init__(self, store: Store, record: SessionRecord, lines: list[JournalLine], policy: DialoguePolicy) -> None:
        self._store = store
        self.record = record
        language = str(session_options(record.settings).get("defaultLang") or "en")
        self._header, self.machine = restore(record, lines, policy, language)
        self._clock = SessionClock(self._header.started_utc_ms)
        self._last = lines[-1].now if lines else 0.0
        self._next = len(lines)
        self._lines: list[JournalLine] = []
        self._began = False
        if not lines:
            self._write(0.0, self._header.to_json(), [])

    @classmethod
    async def load(cls, store: Store, session_id: str, policy: DialoguePolicy) -> "IdleSession | None":
        """The session as its journal leaves it; None when it has ended or does not exist."""
        record = await store.session(session_id)
        if record is None or record.status in TERMINAL:
            return None
        return cls(store, record, await store.journal(session_id), policy)

    def feed(self, event: flow.Event, *, at: float | None = None) -> tuple[flow_commands.Command, ...]:
        """One event, now or at another moment of the session's clock; never before the one before."""
        self._last = max(self._clock.now() if at is None else at, self._last)
        commands = self.machine.receive(event, now=self._last)
        self._began = self._began or isinstance(event, flow.Joined)
        self._write(self._last, to_json(event), [to_json(command) for command in commands])
        return commands

    def decide(self, outcomes: Mapping[str, str]) -> None:
        """Decide nodes by their id before the flow begins, those too that take no time; no effect afterwards.

        What the create call decided counts more.
        """
        if self._next > 1 or not self._lines:
            return  # begun, or its header is stored already
        self._header = replace(self._header, forced={**outcomes, **self._header.forced})
        self.machine = self._header.machine()
        self._lines = [JournalLine(0, 0.0, self._header.to_json(), [])]

    def give_up(self) -> None:
        """Let all the time pass that the machine would wait for a page that does not come back."""
        self.feed(flow.Left(), at=self._last)
        while self.machine.finished is None and self.machine.deadline is not None:
            self.feed(flow.TimePassed(), at=self.machine.deadline)
        if self.machine.finished is None:  # the process was killed before the first event was stored
            self.feed(flow.Cancelled("shutdown"))

    async def save(self) -> SessionRecord:
        """Keep what happened: the end with its report, or the next lines of the journal."""
        now_ms = unix_ms()
        if self._began and self.record.status == "created":
            self.record = await self._store.update_session(self.record.id, status="inProgress", started_at=now_ms)
        finish = self.machine.finished
        lines, self._lines = self._lines, []
        if finish is None:
            await self._store.append_journal(self.record.id, lines)
        else:
            self.record = await self._store.finish_session(
                self.record.id,
                lines,
                status=finish.status,
                reason=finish.reason,
                report=build_report(self.machine, self._header),
                finished_at=now_ms,
            )
        return self.record

    def _write(self, now: float, event: dict[str, object], commands: list[dict[str, object]]) -> None:
        self._lines.append(JournalLine(self._next, now, event, commands))
        self._next += 1


async def end_unread(store: Store, session_id: str) -> SessionRecord:
    """End a session of which nothing is known but that it began: its journal is of a version that is not understood."""
    return await store.finish_session(
        session_id, [], status="incomplete", reason="error", report=empty_report(), finished_at=unix_ms()
    )
