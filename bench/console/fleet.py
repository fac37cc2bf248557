"""``python -m bench.console.fleet``: the fleet page and the review queue over 10,000 sessions, on both databases.

Prints how long an answer takes, and how late calls under way would have been for it.
"""

import argparse
import asyncio
import dataclasses
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from rtc_server.insight.fleet import Fleet
from rtc_server.insight.review_steps import Reviewer
from rtc_server.insight.reviews import Reviews
from rtc_server.storage.facts import write_facts
from rtc_server.storage.ports import Json, Scope, SessionRecord
from rtc_server.storage.reviews import open_review
from rtc_server.storage.schema import journal, sessions
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.postgres import postgres_program
from tests.storage.records import START_MS, session_record

SESSIONS = 10_000
HOURS = 24
PASSES = 5
TICK_SECONDS = 0.002
ALL = Scope(("*",), sandbox=False)
NODES = (
    ("hello", "conversation", "mail"),
    ("mail", "enter_email", "emailEntered"),
    ("code", "two_factor_email", "verified"),
    ("live", "liveness_detection", "livenessDetected"),
    ("paper", "document_scan", "scanSuccess"),
    ("face", "face_compare", "match"),
    ("why", "conversation", "thanks"),
    ("thanks", "conversation", "e"),
)


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    arguments = parser.parse_args()
    print(f"{arguments.sessions:,} sessions in {HOURS} hours, {len(NODES)} nodes each; median of {PASSES}")
    print("| database | question | ms | a timer beside it came late by, ms |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, postgres_program() as program:
        asyncio.run(measure("SQLite", f"sqlite:///{Path(folder) / 'visavis.db'}", arguments.sessions))
        asyncio.run(measure("PostgreSQL", program.create_database(), arguments.sessions))


async def measure(name: str, url: str, count: int) -> None:
    """Print the rows of one database."""
    stores = await open_stores(url)
    await fill(stores, count)
    end_ms = START_MS + HOURS * 3_600_000
    reviewer = Reviewer("stf_1", "Robin")
    reviews = Reviews(stores.reviews, lambda: end_ms, two_person_rule=False)
    questions: dict[str, Callable[[], Awaitable[Any]]] = {
        f"fleet, {HOURS} h": lambda: Fleet(stores.facts, lambda: end_ms).numbers(ALL, HOURS),
        "fleet, 1 h": lambda: Fleet(stores.facts, lambda: end_ms).numbers(ALL, 1),
        "review queue, first page": lambda: reviews.list(ALL, reviewer),
        "counts for alerts": lambda: stores.facts.counts(START_MS, end_ms),
    }
    for question, ask in questions.items():
        taken = [await timed(ask) for _ in range(PASSES)]
        total, turn = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {name} | {question} | {total:.0f} | {turn:.1f} |")
    await stores.close()


async def timed(ask: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    """Milliseconds of an answer, and, asked once more, of the longest time that a timer beside it came late."""
    started = time.perf_counter()
    await ask()
    total = time.perf_counter() - started
    longest, running = 0.0, True

    async def watch() -> None:
        nonlocal longest
        while running:
            before = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            longest = max(longest, time.perf_counter() - before - TICK_SECONDS)

    watching = asyncio.create_task(watch())
    await ask()
    running = False
    await watching
    return 1000 * total, 1000 * longest


async def fill(stores: Stores, count: int) -> None:
    """Sessions of a day with their facts and reviews; the same ones each time."""
    chance = random.Random(7)
    for batch in _batches(count, 500):
        records = [ended(number, count, chance) for number in batch]
        async with stores.database.write() as connection:
            await connection.execute(insert(sessions), [_columns(record) for record in records])
            if entered := [_entry(record) for record in records if record.status == "incomplete"]:
                await connection.execute(insert(journal), entered)
            for record in records:
                await write_facts(connection, record)
                await open_review(connection, record)


def _batches(count: int, size: int) -> list[range]:
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def ended(number: int, count: int, chance: random.Random) -> SessionRecord:
    """One session that has ended: two thirds are verified, some leave on the way, some stay in doubt."""
    started_at = START_MS + number * HOURS * 3_600_000 // count - 300_000
    kept = len(NODES) if chance.random() < 0.85 else chance.randrange(1, len(NODES))
    doubtful = chance.random() < 0.15
    at, reports = max(started_at, START_MS), []
    for node_id, kind, outcome in NODES[:kept]:
        at += chance.randrange(2_000, 40_000)
        unsure = kind == "liveness_detection" and doubtful
        evidence = {"verdict": "inconclusive" if unsure else "bona_fide"} if kind == "liveness_detection" else {}
        outcome = "inconclusive" if unsure else outcome
        reports.append({"type": kind, "nodeId": node_id, "createdAt": at, "outcome": outcome, "evidence": evidence})
    complete = kept == len(NODES)
    report: Json = {
        "lang": chance.choice(("en", "de", "es")),
        "transcript": [],
        "nodeReports": reports,
        "isVerified": complete and not doubtful,
        "verdict": {"reasons": ["live:inconclusive"] if doubtful else []},
        "turns": [{"totalMs": chance.uniform(400, 1_400)} for _ in range(kept)],
    }
    return session_record(
        number,
        status="complete" if complete else "incomplete",
        reason="end" if complete else "abandoned",
        created_at=started_at,
        started_at=started_at,
        finished_at=min(at, START_MS + HOURS * 3_600_000 - 1),
        report=report,
        flow_id="flow-1",
        device={"browser": chance.choice(("Safari", "Chrome")), "os": "iOS 17", "isMobile": True},
    )


def _entry(record: SessionRecord) -> Json:
    """The line of the journal by which somebody came to the node where they left."""
    node_id, kind, _ = NODES[len(record.report["nodeReports"])]
    command = {"type": "Enter", "node_id": node_id, "node_type": kind, "ahead": []}
    return {"session_id": record.id, "sequence": 0, "now": 0.0, "event": {"type": "Joined"}, "commands": [command]}


def _columns(record: SessionRecord) -> Json:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


if __name__ == "__main__":
    main()
