"""What has to happen to sessions although nobody asks: expiry, giving up, retention.

One task a process. Several processes on one database may sweep at once: each step can be repeated, and none trusts
what another one saw.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from rtc_server.observe.failures import log_failure
from rtc_server.session.clock import unix_ms
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import Ended, FaceStore, IdempotencyStore, LifecycleStore, MediaStore
from rtc_server.storage.retention import DAY_MS, Retention

BATCH = 100
"""Sessions that one step takes at a time."""

MAX_BATCHES = 10
"""Batches of one step in one pass; what is left waits for the next pass."""

UNUSED_GRACE_MS = DAY_MS
"""A session that nobody opened ends so long after its last secret (contract §2.3)."""

IDEMPOTENCY_MS = DAY_MS
"""How long answers to repeated requests are kept."""

PASSES_PER_ORPHAN_SWEEP = 60
"""Looking at every file is slow, and orphans are rare."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What the sweeper works on."""

    lifecycle: LifecycleStore
    media: MediaStore
    faces: FaceStore
    idempotency: IdempotencyStore
    give_up: Callable[[str], Awaitable[None]]
    """Ends a session in progress, by id, unless this process runs it."""
    retention: Retention
    longest_seconds: float
    """After this long from its start no session can be in progress any more."""
    now_ms: Callable[[], int] = unix_ms


@dataclass(slots=True)
class _Walk:
    """Something that happens to each session a number of days after its end."""

    name: str
    days: int
    work: Callable[[Ended], Awaitable[object]]
    place: Ended = field(default_factory=Ended)
    """How far this process has got; it begins anew after a restart, which repeats harmless work."""


class Sweeper:
    """Sweeps every ``interval_seconds`` from ``start`` to ``close``. No failure stops it."""

    def __init__(self, swept: Swept, interval_seconds: float = 60.0) -> None:
        self._swept = swept
        self._interval = interval_seconds
        self._passes = 0
        self._task: asyncio.Task[None] | None = None
        lifecycle, retention = swept.lifecycle, swept.retention
        self._walks = [
            _Walk("transcripts", retention.transcript_days, lambda ended: lifecycle.drop_transcript(ended.session_id)),
            _Walk("journals", retention.journal_days, lambda ended: lifecycle.drop_journal(ended.session_id)),
            _Walk("personal data", retention.personal_days, self._redact),
        ]

    def start(self) -> None:
        """Begin; the first pass is at once."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop; a transaction that is under way still ends."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def sweep(self) -> None:
        """One pass. Failures are logged."""
        swept, now_ms = self._swept, self._swept.now_ms()
        await self._step("unused sessions", lambda: swept.lifecycle.expire_unused(now_ms, UNUSED_GRACE_MS, BATCH))
        await self._step("stalled sessions", lambda: self._give_up(now_ms))
        await self._step("sessions", lambda: self._delete_due(now_ms))
        await self._step("media", lambda: swept.media.delete_due(now_ms, BATCH))
        await self._step("enrolled faces", lambda: swept.faces.delete_due_faces(now_ms, BATCH))
        for walk in self._walks:
            if walk.days:
                await self._step(walk.name, partial(self._walk, walk, now_ms))
        if swept.retention.events_days:
            before_ms = now_ms - swept.retention.events_days * DAY_MS
            await self._step("events", lambda: swept.lifecycle.drop_events(before_ms, BATCH))
        await self._step("repeated requests", lambda: self._forget_answers(now_ms))
        if self._passes % PASSES_PER_ORPHAN_SWEEP == 0:
            await self._step("media without a session", self._orphans)
        self._passes += 1

    async def _run(self) -> None:
        while True:
            await self.sweep()
            await asyncio.sleep(self._interval)

    async def _step(self, name: str, batch: Callable[[], Awaitable[int]]) -> None:
        """Do batches until one is not full."""
        done = 0
        try:
            for _ in range(MAX_BATCHES):
                count = await batch()
                done += count
                if count < BATCH:
                    break
        except Exception as error:  # one step must not keep the others from their work
            log_failure(logger, f"sweeping {name}", error)
        if done:
            logger.info("swept %d of: %s", done, name)

    async def _give_up(self, now_ms: int) -> int:
        started_before_ms = now_ms - round(self._swept.longest_seconds * 1000)
        for record in await self._swept.lifecycle.stalled(started_before_ms, BATCH):
            try:
                await self._swept.give_up(record.id)
            except Exception as error:  # one that cannot be ended must not keep the others
                log_failure(logger, "giving up a session", error)
        return 0  # those that are left are looked at again in the next pass

    async def _delete_due(self, now_ms: int) -> int:
        return len(await self._swept.lifecycle.delete_due(now_ms, BATCH))

    async def _walk(self, walk: _Walk, now_ms: int) -> int:
        ended = await self._swept.lifecycle.ended(now_ms - walk.days * DAY_MS, walk.place, BATCH)
        for place in ended:
            try:
                await walk.work(place)
            except StorageError:
                raise  # the database may be back by the next pass
            except Exception as error:  # this session's own trouble; the others go on
                log_failure(logger, f"sweeping {walk.name}", error)
            walk.place = place
        return len(ended)

    async def _redact(self, ended: Ended) -> None:
        await self._swept.lifecycle.redact(ended.session_id, ended.owner, self._swept.now_ms(), "retention")

    async def _forget_answers(self, now_ms: int) -> int:
        await self._swept.idempotency.sweep(now_ms - IDEMPOTENCY_MS)
        return 0

    async def _orphans(self) -> int:
        await self._swept.media.sweep_orphans()
        return 0
