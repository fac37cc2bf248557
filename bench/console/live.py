"""``python -m bench.console.live``: what 200 running sessions cost the list of the console, and how fast it is.

Each session plays recorded journals over and over at their own pace, its page measures the connection every four
seconds, and its states change with it. Without anything around them that costs nothing either: no speech, no pictures.
Three windows follow each other: flow machines alone, followed by live views, and with people who read the list. Delays
are from a change to the words that go out, the time for which changes are gathered included.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conversation.flow.codec import event_from_json
from conversation.flow.journal import Header, Step, read_lines
from conversation.flow.machine import FlowMachine
from rtc_server.console.live_feed import LiveFeed, LiveList
from rtc_server.rtc.messages import State, Statistics
from rtc_server.session.live.view import LiveView
from rtc_server.staff.roles import Role, Staff
from rtc_server.storage.ports import Json, SessionRecord

SESSIONS = 200
READERS = 5
SECONDS = 15.0
STATISTICS_SECONDS = 4.0
IDLE_SECONDS = 5.0
JOURNALS = Path(__file__).parents[2] / "tests" / "journals"

Journal = tuple[Header, list[Step]]


class Simulated:
    """One session, which begins anew when it has ended. ``view`` is None while nobody follows it."""

    def __init__(self, number: int, journals: list[Journal], changed: Callable[[str], None]) -> None:
        self.id = f"s{number:03}"
        self._random = random.Random(number)
        self._journals = journals
        self._changed = changed
        self._zero = time.monotonic()
        self.view: LiveView | None = None
        self._begin(followed=False)
        self._zero -= self._random.uniform(0.0, self._steps[-1].now)  # somewhere in the middle, each elsewhere

    def _begin(self, *, followed: bool) -> None:
        self._header, self._steps = self._random.choice(self._journals)
        self._machine: FlowMachine = self._header.machine()
        self._zero = time.monotonic()
        if followed:
            self.follow()

    def follow(self) -> None:
        """Look on from now."""
        record = SessionRecord(
            self.id, "default", 1, "inProgress", {"avatarId": "ava"}, [], 0, "hash", 1, 2, client_reference_id=self.id
        )
        self.view = LiveView(
            record, self._header, self._machine, self._now, lambda: self._changed(self.id), lambda: None
        )
        self._changed(self.id)

    async def run(self) -> None:
        """Until it is cancelled."""
        measuring = asyncio.create_task(self._measure())
        try:
            while True:
                for step in self._steps:
                    await asyncio.sleep(max(0.0, step.now - self._now()))
                    self._play(step)
                self._begin(followed=self.view is not None)
        finally:
            measuring.cancel()

    def _play(self, recorded: Step) -> None:
        event = event_from_json(recorded.event)
        step = Step.of(recorded.now, event, self._machine.receive(event, now=recorded.now))
        if self.view is None:
            return
        self.view.step(step)
        speaks = any(command.get("type") == "Say" for command in step.commands)
        self.view.sent(State("speaking" if speaks else "listening"))

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(STATISTICS_SECONDS)
            if self.view is not None:
                self.view.heard(Statistics(self._random.uniform(20, 300), 40.0, 0, 0))

    def _now(self) -> float:
        return time.monotonic() - self._zero


class Floor:
    """Implements what the list asks of ``Supervision``."""

    def __init__(self, count: int, journals: list[Journal]) -> None:
        self._listeners: list[Callable[[str], None]] = []
        self.sessions = {session.id: session for session in self._made(count, journals)}

    def _made(self, count: int, journals: list[Journal]) -> Iterator[Simulated]:
        return (Simulated(number, journals, self._tell) for number in range(count))

    def _tell(self, session_id: str) -> None:
        for listener in self._listeners:
            listener(session_id)

    def summaries(self) -> list[Json]:
        """Of all that are followed."""
        return [session.view.summary for session in self.sessions.values() if session.view is not None]

    def summary(self, session_id: str) -> Json | None:
        """Of one."""
        view = self.sessions[session_id].view
        return view.summary if view is not None else None

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Tell of changes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


@dataclass
class Reader:
    """Somebody who reads the list, and notes how long changes took."""

    floor: Floor
    feed: LiveFeed

    async def read(self, delays: list[float], sizes: list[int]) -> None:
        """Until it is cancelled."""
        reader: LiveList = self.feed.open(SUPERVISOR)
        waiting: dict[str, float] = {}

        def note(session_id: str) -> None:
            waiting.setdefault(session_id, time.monotonic())

        forget = self.floor.on_change(note)
        try:
            sizes.append(len(reader.first()))
            async for words in reader.changes(IDLE_SECONDS):
                now = time.monotonic()
                delays += [now - at for at in waiting.values()]
                waiting.clear()
                sizes.append(len(words))
        finally:
            forget()
            reader.close()


SUPERVISOR = Staff("stf_1", "sam@example.com", "Sam", frozenset({Role.SUPERVISOR}), ("*",), False, 1)


async def measure(count: int, readers: int, seconds: float) -> None:
    """All three windows."""
    files = sorted(JOURNALS.glob("*.jsonl"))
    journals = [read_lines(file.read_text(encoding="utf-8").splitlines()) for file in files]
    floor = Floor(count, journals)
    running = [asyncio.create_task(session.run()) for session in floor.sessions.values()]
    await asyncio.sleep(3.0)
    alone = await window(seconds)
    for session in floor.sessions.values():
        session.follow()
    followed = await window(seconds)
    feed = LiveFeed(floor)  # type: ignore[arg-type]  # of ``Supervision`` it uses the list alone
    delays: list[float] = []
    sizes: list[int] = []
    reading = [asyncio.create_task(Reader(floor, feed).read(delays, sizes)) for _ in range(readers)]
    read = await window(seconds)
    for task in (*reading, *running):
        task.cancel()
    await asyncio.gather(*reading, *running, return_exceptions=True)
    print(f"{count} sessions, {readers} readers, {seconds:g} s each")
    print("| | share of a core |")
    print("|---|---|")
    print(f"| flow machines alone | {alone:.3f} |")
    print(f"| with live views | {followed:.3f} |")
    print(f"| with readers of the list | {read:.3f} |")
    p50, p95 = statistics.median(delays), statistics.quantiles(delays, n=20)[-1]
    print(f"\n{len(delays) / readers / seconds:.0f} changes a second for each reader; ", end="")
    print(f"delay p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, most {1000 * max(delays):.0f} ms; ", end="")
    print(f"{sum(sizes) / readers / seconds / 1024:.0f} KiB/s each, first list {max(sizes) / 1024:.0f} KiB")


async def window(seconds: float) -> float:
    """Share of a core that this process used."""
    cpu, wall = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    return (time.process_time() - cpu) / (time.monotonic() - wall)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.sessions, arguments.readers, arguments.seconds))


if __name__ == "__main__":
    main()
