"""``python -m bench.recognition``: identify among a million enrolled faces, by usearch and by pgvector."""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sqlalchemy import insert, text

from bench.recognition.crowd import DIMENSIONS, crowd, nearest_distances, visitors
from conversation.speech.pool import ModelPool
from rtc_server.recognition.pgvector_index import PgVectorIndex
from rtc_server.recognition.rotation import rotation
from rtc_server.recognition.search_ports import MakeIndex, TemplateIndex
from rtc_server.recognition.service import FaceRecognition
from rtc_server.recognition.settings import RecognitionSettings
from rtc_server.recognition.usearch_index import UsearchIndex
from rtc_server.session.clock import unix_ms
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.ports import Json, Owner, Templates
from rtc_server.storage.schema import face_sets, faces
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.postgres import postgres_program

OUT = Path("bench/out/recognition.md")
SERVER_KEY = bytes(range(32))
OWNER = Owner("bench", sandbox=False)
EMBEDDER = "dlib"
BATCH = 2_000
SAME_DISTANCE = 1e-4
"""Two distances that differ less are of the same face, computed in another order."""

KINDS = ("usearch-f16", "usearch-f32", "pgvector")


class Found(NamedTuple):
    """What one search found, and how long it took."""

    distance: float
    milliseconds: float


async def fill(stores: Stores, people: Templates) -> None:
    """Enrol everybody at once, as rows of the table; the service would compare each with all before."""
    seal = FaceSeal(SERVER_KEY)
    counted = {"dimensions": DIMENSIONS, "last_number": len(people), "size": len(people)}
    place = {"tenant": OWNER.tenant, "sandbox": OWNER.sandbox, "embedder": EMBEDDER}
    for start in range(0, len(people), BATCH):
        rows = await asyncio.to_thread(_rows, seal, people[start : start + BATCH], start + 1)
        async with stores.database.write() as connection:
            await connection.execute(insert(faces), [place | row for row in rows])
    async with stores.database.write() as connection:
        await connection.execute(insert(face_sets).values(place | counted))


def _rows(seal: FaceSeal, people: Templates, first_number: int) -> list[Json]:
    return [_row(seal, number, template) for number, template in enumerate(people, first_number)]


def _row(seal: FaceSeal, number: int, template: Templates) -> Json:
    face_id = f"face_{number:020d}"
    return {
        "id": face_id,
        "number": number,
        "reference": f"customer-{number}",
        "template": seal.close_template(OWNER, EMBEDDER, face_id, template),
        "fields": seal.close_fields(OWNER, face_id, {"name": f"Customer {number}"}),
        "consent": {"text": "I agree.", "locale": "en", "givenAt": 1},
        "created_at": number,
        "updated_at": number,
    }


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """Address of an empty database: SQLite for usearch, PostgreSQL with its durable defaults for pgvector."""
    if kind == "pgvector":
        with postgres_program(durable=True) as program:
            yield program.create_database()
        return
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as folder:
        yield f"sqlite:///{folder}/visavis.db"


def index_maker(kind: str, stores: Stores, pool: ModelPool, threads: int, made: list[TemplateIndex]) -> MakeIndex:
    """Indices as the server makes them, but built by ``threads`` threads; each is also put into ``made``."""

    async def make(owner: Owner, embedder: str, dimensions: int) -> TemplateIndex:
        if kind != "pgvector":
            made.append(UsearchIndex(dimensions, pool.run, threads, kind.removeprefix("usearch-")))
            return made[-1]
        rotate = partial(rotation, SERVER_KEY, owner, embedder, dimensions)
        index = PgVectorIndex(stores.database, owner, embedder, dimensions, rotate, pool.run)
        await index.open()
        made.append(index)
        return index

    return make


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Stores]:
    """Stores that are closed in the end."""
    stores = await open_stores(url, face_seal=FaceSeal(SERVER_KEY))
    try:
        yield stores
    finally:
        await stores.close()


async def search(recognition: FaceRecognition, looked_for: Templates) -> list[Found]:
    """One after another."""
    found = []
    for template in looked_for:
        started = time.perf_counter()
        identification = await recognition.identify(OWNER, EMBEDDER, template)
        milliseconds = 1000 * (time.perf_counter() - started)
        assert identification.distance is not None
        found.append(Found(identification.distance, milliseconds))
    return found


async def size_mb(index: TemplateIndex, stores: Stores) -> float:
    """Of the graph in memory; of pgvector's table and graph, which should fit into PostgreSQL's memory to be quick."""
    if isinstance(index, UsearchIndex):
        return index.memory_bytes / 1e6
    query = "SELECT SUM(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'face_vectors%'"
    async with stores.database.read() as connection:
        return float(await connection.scalar(text(query))) / 1e6


async def measure(kind: str, people: Templates, looked_for: Templates, exact: Templates, threads: int) -> list[str]:
    """One row of the table."""
    with database(kind) as url:
        async with opened(url) as stores:
            _tell(f"{kind}: enrolling {len(people):,}")
            started = time.perf_counter()
            await fill(stores, people)
            filled = time.perf_counter() - started
            pool = ModelPool("faces", 2, 64)
            settings = RecognitionSettings(wait_seconds=7200)
            made: list[TemplateIndex] = []
            make = index_maker(kind, stores, pool, threads, made)
            recognition = FaceRecognition(stores.faces, make, pool.run, {}, unix_ms, settings)
            _tell(f"{kind}: building")
            started = time.perf_counter()
            await search(recognition, looked_for[:1])
            built = time.perf_counter() - started
            memory_mb = await size_mb(made[0], stores)
            _tell(f"{kind}: searching")
            await search(recognition, looked_for[:50])
            found = await search(recognition, looked_for)
            await recognition.close()
            await pool.close()
    times = np.array([one.milliseconds for one in found])
    right = np.mean([abs(one.distance - best) < SAME_DISTANCE for one, best in zip(found, exact, strict=True)])
    return [kind, f"{filled:.0f}", f"{built:.0f}", f"{np.percentile(times, 50):.1f}",
            f"{np.percentile(times, 99):.1f}", f"{right:.4f}", f"{memory_mb:.0f}"]  # fmt: skip


async def run(options: argparse.Namespace) -> str:
    """The table as Markdown."""
    load = os.getloadavg()[0]
    people = await asyncio.to_thread(crowd, options.count)
    looked_for = visitors(people, options.searches)
    exact = await asyncio.to_thread(nearest_distances, people, looked_for)
    rows = [await measure(kind, people, looked_for, exact, options.threads) for kind in options.index]
    head = [f"{options.count:,} faces", "enrol s", "build s", "identify p50 ms", "p99 ms", "recall@1", "memory MB"]
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"load before: {load:.1f}, Python {sys.version.split()[0]}, {os.cpu_count()} cores\n\n{table}\n"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.recognition", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="enrolled faces (default 1000000)")
    parser.add_argument("--searches", type=int, default=1_000, help="people looked for (default 1000)")
    parser.add_argument("--index", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--threads", type=int, default=2, help="that usearch builds with (default 2)")
    report = asyncio.run(run(parser.parse_args()))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
