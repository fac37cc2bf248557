"""Session after session for some minutes, and what that does to memory, threads, tasks and the event loop."""

import asyncio
import threading
from array import array
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rtc_server.caller.measurement import Spread, spread
from rtc_server.caller.result import CallResult

WARM_UP_SHARE = 0.2
"""First part of a run in which caches fill; growth is counted from there."""
TICK_SECONDS = 0.010
SETTLE_SECONDS = 1.5
"""After a session, so that what it leaves behind counts and what is just ending does not."""
_PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Vitals:
    """This process between two sessions."""

    at: float
    """Seconds since the start of the run."""
    rss_mib: float
    threads: int
    tasks: int


@dataclass(slots=True)
class SoakResult:
    """What a run found."""

    sessions: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    """Sentences, one for each failed session."""
    vitals: list[Vitals] = field(default_factory=list)
    reply_ms: Spread | None = None
    loop_lag_ms: Spread | None = None
    """How much later than asked a timer of ``TICK_SECONDS`` fires."""

    @property
    def after_warm_up(self) -> list[Vitals]:
        """Vitals without those of the warm-up."""
        if not self.vitals:
            return []
        warm_at = self.vitals[-1].at * WARM_UP_SHARE
        return [v for v in self.vitals if v.at >= warm_at]

    @property
    def rss_growth_mib(self) -> float:
        """Resident memory at the end minus at the end of the warm-up."""
        return self.vitals[-1].rss_mib - self.after_warm_up[0].rss_mib if self.vitals else 0.0

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "sessions": self.sessions,
            "failed": self.failed,
            "failures": self.failures,
            "vitals": [
                {"at": round(v.at, 1), "rssMib": round(v.rss_mib, 1), "threads": v.threads, "tasks": v.tasks}
                for v in self.vitals
            ],
            "rssGrowthMib": round(self.rss_growth_mib, 1),
            "replyMs": self.reply_ms.to_json() if self.reply_ms else None,
            "loopLagMs": self.loop_lag_ms.to_json() if self.loop_lag_ms else None,
        }


class LoopLag:
    """Measures how late timers fire while it runs."""

    def __init__(self) -> None:
        self.milliseconds = array("f")

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self.milliseconds.append(max(0.0, 1000 * (loop.time() - due)))


def rss_mib() -> float:
    """Resident memory of this process; 0 where the system does not tell (no /proc)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * _PAGE_BYTES / 2**20


def thread_count() -> int:
    """Threads of this process, native ones included where the system tells (/proc)."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return threading.active_count()


async def soak(
    one_call: Callable[[], Awaitable[tuple[CallResult, list[str]]]],
    seconds: float,
    on_session: Callable[[int, Vitals], None] = lambda number, vitals: None,
) -> SoakResult:
    """Repeat ``one_call``, which answers a result and what was not as expected, for so many seconds."""
    loop = asyncio.get_running_loop()
    started_at = loop.time()
    found, lag, replies = SoakResult(), LoopLag(), list[float]()
    measuring = asyncio.create_task(lag.run(), name="loop-lag")
    try:
        while loop.time() - started_at < seconds or found.sessions == 0:
            result, problems = await one_call()
            found.sessions += 1
            found.failed += bool(problems)
            found.failures += problems[:1]
            replies += [turn.reply_ms for turn in result.turns if turn.reply_ms is not None]
            await asyncio.sleep(SETTLE_SECONDS)
            vitals = Vitals(loop.time() - started_at, rss_mib(), thread_count(), len(asyncio.all_tasks()))
            found.vitals.append(vitals)
            on_session(found.sessions, vitals)
    finally:
        measuring.cancel()
    found.reply_ms, found.loop_lag_ms = spread(replies), spread(lag.milliseconds)
    return found
