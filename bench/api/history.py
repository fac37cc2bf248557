"""Fills a database with finished sessions as a year of use leaves them, quickly."""

import random
import time
from collections.abc import Iterator
from typing import Any

import asyncpg
from sqlalchemy import insert

from rtc_server.api.access.auth import BOOTSTRAP_TENANT
from rtc_server.storage.ports import empty_report
from rtc_server.storage.schema import session_search, sessions
from rtc_server.storage.stores import open_stores

BATCH = 1_000
YEAR_MS = 365 * 86_400_000
STATUSES = ("complete", "complete", "complete", "incomplete", "created", "inProgress")


async def fill(url: str, count: int, flow: list[dict[str, Any]]) -> None:
    """Add ``count`` sessions of one owner, created over a year."""
    stores = await open_stores(url)
    draw = random.Random(7)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        rows.append(_row(number, count, draw, flow))
        if len(rows) == BATCH or number == count - 1:
            async with stores.database.write() as connection:
                await connection.execute(insert(sessions), rows)
                await connection.execute(insert(session_search), list(_search(rows)))
            rows = []
    await stores.close()
    if url.startswith("postgresql"):
        # Autovacuum does so within minutes; the lists are asked for sooner.
        connection = await asyncpg.connect(url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


def _row(number: int, count: int, draw: random.Random, flow: list[dict[str, Any]]) -> dict[str, Any]:
    created_at = time.time_ns() // 1_000_000 - YEAR_MS + number * (YEAR_MS // count)
    status = draw.choice(STATUSES)
    ended = status in ("complete", "incomplete")
    reference = f"customer-{draw.randrange(count // 3)}"
    return {
        "id": f"s{number:019d}",
        "tenant": BOOTSTRAP_TENANT,
        "sandbox": False,
        "created_at": created_at,
        "status": status,
        "settings": {"clientReferenceId": reference, "metadata": {"channel": "web", "case": number}, "flow": flow},
        "flow": flow,
        "flow_id": f"flow_{number % 7}",
        "flow_version": 1,
        "client_reference_id": reference,
        "secret_generation": 0,
        "secret_hash": f"{number:064x}",
        "secret_created_at": created_at,
        "secret_expires_at": created_at + 7_200_000,
        "started_at": created_at + 5_000 if status != "created" else None,
        "finished_at": created_at + 60_000 if ended else None,
        "reason": "end" if ended else "",
        "report": _report(created_at, flow) if ended else empty_report(),
        "device": None,
        "location": None,
        "redacted_at": None,
        "delete_after": None,
    }


def _report(at: int, flow: list[dict[str, Any]]) -> dict[str, Any]:
    words = "Words that were said. " * 3
    return {
        "transcript": [{"id": f"p{i}", "createdAt": at + i, "text": words, "isAvatar": i % 2 == 0} for i in range(8)],
        "lang": "en",
        "nodeReports": [
            {"type": "conversation", "nodeId": node["id"], "createdAt": at, "outcome": "next"} for node in flow[1:-1]
        ],
    }


def _search(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        words = f"{row['id']} {row['client_reference_id']} {row['settings']['metadata']}".lower()
        yield {"session_id": row["id"], "tenant": row["tenant"], "sandbox": row["sandbox"], "text": words}
