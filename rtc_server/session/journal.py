"""Writes a session's journal to the store, a little behind, and reads it back."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path

from conversation.flow.journal import Header, Step, write_lines
from rtc_server.observe.failures import log_failure
from rtc_server.storage.ports import JournalLine, Store

FLUSH_SECONDS = 0.25
"""How long a step may wait for others to be written with it; a crash loses at most this."""

logger = logging.getLogger(__name__)


class JournalWriter:
    """Collects steps and appends them in batches. The last ones go with ``Store.finish_session``."""

    def __init__(self, store: Store, session_id: str, next_sequence: int) -> None:
        self._store = store
        self._session_id = session_id
        self._next = next_sequence
        self._pending: list[JournalLine] = []
        self._in_doubt = False
        """Whether a write failed, which may have been carried out all the same, its confirmation lost."""
        self._lock = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self, header: Header) -> None:
        """Write line 0."""
        self._append(0.0, header.to_json(), [])

    def step(self, step: Step) -> None:
        """Write one step."""
        self._append(step.now, step.event, step.commands)

    def note(self, now: float, entry: dict[str, object]) -> None:
        """Write a line of another machine; its ``type`` is one of ``conversation.flow.journal.OTHER_MACHINES``."""
        self._append(now, entry, [])

    async def flush(self) -> None:
        """Write what is pending."""
        async with self._lock:
            await self._settle_doubt()
            lines, self._pending = self._pending, []
            if not lines:
                return
            try:
                await self._store.append_journal(self._session_id, lines)
            except BaseException:
                self._pending, self._in_doubt = lines + self._pending, True
                raise

    async def take(self) -> list[JournalLine]:
        """Stop writing behind and hand over what is pending, for the finishing transaction."""
        await self._stop()
        async with self._lock:
            await self._settle_doubt()
            lines, self._pending = self._pending, []
        return lines

    def give_back(self, lines: list[JournalLine]) -> None:
        """What was taken could not be written."""
        self._pending = lines + self._pending

    async def close(self) -> None:
        """Stop writing behind and write everything now."""
        await self._stop()
        await self.flush()

    async def _settle_doubt(self) -> None:
        """Drop from what is pending what is stored already: a line that is written twice is refused."""
        if self._in_doubt:
            stored = len(await self._store.journal(self._session_id))
            self._pending = [line for line in self._pending if line.sequence >= stored]
            self._in_doubt = False

    async def _stop(self) -> None:
        self._stopping.set()
        if self._task is not None:
            # Not gathered: a caller that is cancelled must not cut off a write that is under way.
            await asyncio.wait([self._task])

    def _append(self, now: float, event: dict[str, object], commands: list[dict[str, object]]) -> None:
        self._pending.append(JournalLine(self._next, now, event, commands))
        self._next += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._flush_soon(), name="journal")

    async def _flush_soon(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._stopping.wait()
                return  # whoever stops the writer sees to what is pending
        try:
            await self.flush()
        except Exception as error:
            log_failure(logger, f"journal of session {self._session_id}", error)


def steps_of(lines: Sequence[JournalLine]) -> tuple[Header, list[Step]]:
    """Stored lines to a journal. Raises JournalError."""
    header = Header.from_json(lines[0].event) if lines else Header.from_json({})
    return header, [Step(line.now, line.event, line.commands) for line in lines[1:]]


def write_journal_file(file: Path, lines: Sequence[JournalLine]) -> None:
    """Write a stored journal as JSON Lines, for ``visavis replay``."""
    header, steps = steps_of(lines)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in write_lines(header, steps)), encoding="utf-8")
