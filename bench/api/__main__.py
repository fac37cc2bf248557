"""``python -m bench.api``: creates a second and their latency, and lists over many sessions."""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from bench.api.history import fill
from bench.api.load import Load, Request, closed, open_loop
from rtc_server.storage.migrate import migrate
from tests.fakes.postgres import postgres_program

KEY = "sk_prod_bench_0123456789"
FLOW = json.loads((Path(__file__).resolve().parents[2] / "static" / "demo" / "flow.json").read_text())["flow"]
OUT = Path("bench/out/api.md")


@dataclass
class Server:
    """A server process and a client of it."""

    client: aiohttp.ClientSession
    process: psutil.Process

    def creation(self) -> Request:
        """A create call as an integrator sends it, never twice the same."""
        numbers = itertools.count()

        async def create() -> int:
            body = {"clientReferenceId": f"order-{next(numbers)}", "metadata": {"channel": "web"}, "flow": FLOW}
            async with self.client.post("/sessions", json=body) as response:
                await response.read()
                return response.status

        return create

    def reading(self, path: str) -> Request:
        """A list call."""

        async def read() -> int:
            async with self.client.get(path) as response:
                await response.read()
                return response.status

        return read

    def cpu_seconds(self) -> float:
        """Of the server's process so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextlib.asynccontextmanager
async def server(kind: str, url: str, folder: Path) -> AsyncIterator[Server]:
    """Started, warmed up by a few requests, stopped."""
    command = [sys.executable, "-m", "bench.api.server", kind, url, KEY, str(folder)]
    environment = os.environ | {"VISAVIS_LOG_LEVEL": "error"}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdin is not None
    assert process.stdout is not None
    port = int(await asyncio.wait_for(process.stdout.readline(), 30))
    headers = {"Authorization": f"Bearer {KEY}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as client:
        yield Server(client, psutil.Process(process.pid))
    process.stdin.close()
    await asyncio.wait_for(process.wait(), 30)


async def creates(kind: str, url: str, folder: Path, options: argparse.Namespace) -> list[str]:
    """One row of the table: as many as possible, then at the goal's rate."""
    async with server(kind, url, folder) as target:
        create = target.creation()
        await closed(create, 200, 8)
        before = target.cpu_seconds()
        most = await closed(create, options.creates, options.clients)
        cpu_ms = 1000 * (target.cpu_seconds() - before) / options.creates
        steady = await open_loop(create, options.rate, options.seconds)
    return [f"{most.per_second:.0f}", _ms(most, 50), _ms(most, 99), f"{cpu_ms:.2f}", f"{1000 / cpu_ms:.0f}",
            _ms(steady, 50), _ms(steady, 99), str(most.failures + steady.failures)]  # fmt: skip


async def lists(url: str, folder: Path, options: argparse.Namespace) -> list[list[str]]:
    """A row for each kind of list over ``options.sessions`` sessions."""
    await fill(url, options.sessions, FLOW)
    middle = f"s{options.sessions // 2:019d}"
    day = 86_400_000
    now = time.time_ns() // 1_000_000
    queries = {
        "newest 25": "?limit=25",
        "newest 100": "?limit=100",
        "a page in the middle": f"?limit=25&cursor={middle}",
        "two statuses": "?limit=25&status=incomplete&status=created",
        "by finishedAt, oldest first": "?limit=25&sortBy=finishedAt&sortOrder=asc",
        "by status": "?limit=25&sortBy=status",
        "one client reference": "?limit=25&clientReferenceId=customer-77",
        "a week in spring": f"?limit=25&fromDate={now - 200 * day}&toDate={now - 193 * day}",
        "a flow": "?limit=25&flowId=flow_3",
        "search, many hits": "?limit=25&search=customer-1",
        "search, no hit": "?limit=25&search=nobody-has-this",
        "newest 25 with the total": "?limit=25&includeTotal=true",
    }
    rows = []
    async with server("visavis", url, folder) as target:
        for name, query in queries.items():
            await closed(target.reading(f"/sessions{query}"), 10, 1)
            load = await closed(target.reading(f"/sessions{query}"), options.lists, 1)
            rows.append([name, _ms(load, 50), _ms(load, 99), str(load.failures)])
    return rows


def _ms(load: Load, percent: float) -> str:
    return f"{load.percentile(percent):.1f}"


@contextlib.contextmanager
def databases(names: list[str], folder: Path) -> Iterator[list[tuple[str, list[str]]]]:
    """(name, addresses of two empty databases) of each kind."""
    found: list[tuple[str, list[str]]] = []
    with contextlib.ExitStack() as stack:
        if "sqlite" in names:
            found.append(("SQLite", [f"sqlite:///{folder / name}.db" for name in ("creates", "lists")]))
        if "postgresql" in names:
            program = stack.enter_context(postgres_program(durable=True))
            found.append(("PostgreSQL", [program.create_database() for _ in range(3)]))
        yield found


async def run(options: argparse.Namespace) -> str:
    """All tables as Markdown."""
    text = [f"load before: {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}, {os.cpu_count()} cores", ""]
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as name, databases(options.database, Path(name)) as kinds:
        folder = Path(name)
        rows = []
        for database, urls in kinds:
            rows.append([f"Visavis, {database}", *await creates("visavis", urls[0], folder, options)])
            if database == "PostgreSQL":
                await migrate(urls[2])
                rows.append(["floor, PostgreSQL", *await creates("floor", urls[2], folder, options)])
        head = ["server", "creates/s", "p50 ms", "p99 ms", "CPU ms each", "per core and s",
                f"at {options.rate:g}/s p50 ms", "p99 ms", "failed"]  # fmt: skip
        text += [table(head, rows), ""]
        for database, urls in kinds:
            print(f"filling {database} with {options.sessions} sessions", file=sys.stderr, flush=True)
            head = [f"list over {options.sessions:,} sessions, {database}", "p50 ms", "p99 ms", "failed"]
            text += [table(head, await lists(urls[1], folder, options)), ""]
    return "\n".join(text)


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--creates", type=int, default=3_000, help="as fast as possible (default 3000)")
    parser.add_argument("--clients", type=int, default=8, help="at a time (default 8)")
    parser.add_argument("--rate", type=float, default=300.0, help="creates a second in the steady part (default 300)")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of the steady part (default 10)")
    parser.add_argument("--sessions", type=int, default=100_000, help="sessions to list from (default 100000)")
    parser.add_argument("--lists", type=int, default=200, help="list calls of each kind (default 200)")
    text = asyncio.run(run(parser.parse_args()))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
