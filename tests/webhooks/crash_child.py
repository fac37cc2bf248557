"""A server that dies: finishes a session and delivers its webhook, and kills itself at a point on the way.

Points lie before and after each SQL statement, before each commit and after it, and before and after each HTTP request,
on the server's loop and in the threads of DBOS alike. Reads orders as JSON lines; each is carried out in a fork, so
that the imports are paid for once. Run with ``python -m tests.webhooks.crash_child``.
"""

import asyncio
import collections
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

import dbos  # noqa: F401 - before the fork
from sqlalchemy import Engine, event, func, select

from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.storage.ports import TERMINAL, JournalLine
from rtc_server.storage.schema import deliveries, events
from rtc_server.webhooks.sender import Order, Sender, Sent
from tests.webhooks.line import OWNER, Line, open_line, session, unix_ms

DONE_SECONDS = 30.0
LAST = "visavis_last_statement"


class Points:
    """Counts how often each point is reached, and ends the process at one of them as a power cut would."""

    def __init__(self, kill_at: tuple[str, int] | None) -> None:
        self._kill_at = kill_at
        self._lock = threading.Lock()
        self.counts: collections.Counter[str] = collections.Counter()

    def arm(self) -> None:
        """Begin to count."""
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        event.listen(Engine, "commit", lambda c: self.reach(f"before COMMIT of {c.info.get(LAST, '')}"))
        event.listen(Engine, "checkin", lambda _, r: self.reach(f"after COMMIT of {r.info.get(LAST, '')}"))

    def reach(self, label: str) -> None:
        """Somebody is at a point."""
        with self._lock:
            self.counts[label] += 1
            if (label, self.counts[label]) == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def _before(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        connection.info[LAST] = _short(statement)
        self.reach(f"before {connection.info[LAST]}")

    def _after(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.reach(f"after {_short(statement)}")


class FatalSender(Sender):
    """Sends for real, with a point on each side."""

    def __init__(self, policies: Mapping[bool, OutboundPolicy], points: Points) -> None:
        super().__init__(policies)
        self.points = points

    async def send(self, order: Order) -> Sent:
        self.points.reach("before HTTP")
        sent = await super().send(order)
        self.points.reach("after HTTP")
        return sent


def _short(statement: str) -> str:
    words = statement.replace('"', "").split()
    verb = words[0].upper()
    anchor = {"SELECT": "FROM", "DELETE": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE"}.get(verb)
    upper = [word.upper() for word in words]
    table = words[upper.index(anchor) + 1] if anchor in upper[:-1] else ""
    return f"{verb} {table.strip('(),')}".strip()


async def run(order: Mapping[str, Any], points: Points) -> None:
    """One life of the server."""

    def new_sender(policies: Mapping[bool, OutboundPolicy]) -> Sender:
        return FatalSender(policies, points)

    async with open_line(order["database"], order["durable"], start=False, new_sender=new_sender) as line:
        if order.get("hook"):
            await line.endpoint(order["hook"])
        for session_id in order["create"]:
            await line.sessions.create_session(session(session_id))
        points.arm()
        line.dispatcher.start()
        for session_id in order["finish"]:
            await finish(line, session_id)
        await eventually_idle(line)


async def finish(line: Line, session_id: str) -> None:
    """End a session that has not ended; whatever the last life left, it must be possible."""
    record = await line.sessions.session(session_id, OWNER)
    assert record is not None
    journal = await line.sessions.journal(session_id)
    assert bool(journal) == (record.status in TERMINAL), "half a transaction"
    if record.status not in TERMINAL:
        await line.sessions.finish_session(
            session_id,
            [JournalLine(0, 0.0, {"type": "Header"}, [])],
            status="complete",
            reason="end",
            report={"isVerified": True},
            finished_at=unix_ms(),
        )


async def eventually_idle(line: Line) -> None:
    deadline = time.monotonic() + DONE_SECONDS
    while await busy(line):
        assert time.monotonic() < deadline, "deliveries do not come to their end"
        await asyncio.sleep(0.1)


async def busy(line: Line) -> bool:
    """Whether anything is still on its way."""
    async with line.sessions.database.read() as connection:
        waiting = await connection.scalar(
            select(func.count()).select_from(events).where(events.c.dispatched_at.is_(None))
        )
        pending = await connection.scalar(
            select(func.count()).select_from(deliveries).where(deliveries.c.status == "pending")
        )
    return bool(waiting or pending)


def live(order: Mapping[str, Any]) -> dict[str, Any]:
    """Fork, let the child live and perhaps die, and say how it ended."""
    assert threading.active_count() == 1, "a fork of a process with threads may hang"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        points = Points(tuple(order["kill_at"]) if order["kill_at"] else None)
        try:
            asyncio.run(run(order, points))
            os.write(writing, json.dumps(points.counts).encode())
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    return {"ended": os.waitstatus_to_exitcode(status), "text": text}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(live(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
