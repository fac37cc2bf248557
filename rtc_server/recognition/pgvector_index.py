"""Search in PostgreSQL by pgvector: one table and HNSW graph for each owner and embedder, of rotated templates.

A row refers to its face, so that whatever removes the face removes it too, in the same transaction.
"""

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.recognition.search_ports import Neighbour, Numbers
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.ports import Owner, Templates
from vision.ports import RunOnThread

EXPANSION_BUILD = 128
"""Candidates while the graph is built (``ef_construction``). With pgvector's own 64 a million faces were found again in
98.8 % of the searches; more makes the build longer, not the search."""

EXPANSION_SEARCH = 140
"""Candidates while searching (``hnsw.ef_search``)."""

BUILD_MEMORY = "1GB"
"""``maintenance_work_mem`` while a graph is built; one that does not fit takes many times as long."""

BUILD_SECONDS = 3_600.0
"""How long building a graph may take."""

Rotate = Callable[[], npt.NDArray[np.float64]]
"""Makes the owner's secret rotation; blocks."""


class PgVectorIndex:
    """``TemplateIndex`` on a migrated PostgreSQL with the extension ``vector``."""

    def __init__(
        self, database: Database, owner: Owner, embedder: str, dimensions: int, rotate: Rotate, run: RunOnThread
    ) -> None:
        self.database = database
        self._dimensions = dimensions
        self._rotate = rotate
        self._run = run
        self._matrix: npt.NDArray[np.float64] | None = None
        name = hashlib.sha256(json.dumps([owner.tenant, owner.sandbox, embedder]).encode()).hexdigest()[:24]
        self._table = f"face_vectors_{name}"

    @uninterrupted
    async def open(self) -> None:
        """Make the table when there is none. Raises StorageError, also where the extension cannot be had."""
        async with self.database.write() as connection:
            await _one_at_a_time(connection, "face_vectors")
            if await _exists(connection, self._table):
                return
            await connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
            await connection.execute(
                text(
                    f"CREATE TABLE {self._table} ("
                    " face_id varchar(64) PRIMARY KEY REFERENCES faces (id) ON DELETE CASCADE,"
                    f" number bigint NOT NULL, template halfvec({self._dimensions}) NOT NULL)"
                )
            )
            await connection.execute(text(f"CREATE INDEX {self._table}_number ON {self._table} (number)"))

    async def newest(self) -> int:
        """Greatest number that it holds; 0 = none."""
        return int(await self._scalar(f"SELECT COALESCE(MAX(number), 0) FROM {self._table}"))

    async def size(self) -> int:
        """How many it holds."""
        return int(await self._scalar(f"SELECT COUNT(*) FROM {self._table}"))

    @uninterrupted
    async def numbers(self) -> Numbers:
        """All that it holds, in any order."""
        async with self.database.read() as connection:
            return np.fromiter((await connection.scalars(text(f"SELECT number FROM {self._table}"))).all(), np.int64)

    async def put(self, face_ids: Sequence[str], numbers: Numbers, templates: Templates) -> None:
        """Add templates; those whose face has gone, or has another template by now, are skipped."""
        matrix = await self._rotation()
        rows = await self._run(_copy_rows, face_ids, numbers, templates, matrix)
        await self._copy(rows)

    @uninterrupted
    async def remove(self, numbers: Numbers) -> None:
        """Let templates go; unknown ones are skipped."""
        async with self.database.write() as connection:
            await connection.execute(
                text(f"DELETE FROM {self._table} WHERE number = ANY(:numbers)"), {"numbers": numbers.tolist()}
            )

    @uninterrupted
    async def settle(self) -> None:
        """Build the graph when there is none: much quicker than row by row."""
        async with self.database.write() as connection:
            if await _exists(connection, f"{self._table}_graph"):
                return
            await _one_at_a_time(connection, f"{self._table}_graph")
            await connection.execute(text(f"SET LOCAL maintenance_work_mem = '{BUILD_MEMORY}'"))
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            # Several workers share the graph by /dev/shm, which holds 64 MB in a container unless somebody knew better.
            await connection.execute(text("SET LOCAL max_parallel_maintenance_workers = 0"))
            driver = await _driver(connection)
            await driver.execute(
                f"CREATE INDEX IF NOT EXISTS {self._table}_graph ON {self._table} USING hnsw (template halfvec_l2_ops)"
                f" WITH (ef_construction = {EXPANSION_BUILD})",
                timeout=BUILD_SECONDS,
            )

    async def search(self, template: Templates, count: int) -> list[Neighbour]:
        """The nearest ones, nearest first."""
        matrix = await self._rotation()
        return await self._nearest(_written(template.astype(np.float64) @ matrix), count)

    @uninterrupted
    async def _nearest(self, vector: str, count: int) -> list[Neighbour]:
        query = text(
            f"SELECT number, template <-> CAST(CAST(:vector AS text) AS halfvec) AS distance FROM {self._table}"
            " ORDER BY template <-> CAST(CAST(:vector AS text) AS halfvec) LIMIT :count"
        )
        async with self.database.read() as connection:
            await connection.execute(text(f"SET LOCAL hnsw.ef_search = {EXPANSION_SEARCH}"))
            rows = await connection.execute(query, {"vector": vector, "count": count})
            return [Neighbour(row.number, row.distance) for row in rows]

    @uninterrupted
    async def _copy(self, rows: bytes) -> None:
        async with self.database.write() as connection:
            await connection.execute(
                text(f"CREATE TEMP TABLE arrived (face_id text, number bigint, template halfvec({self._dimensions}))"
                     " ON COMMIT DROP")
            )  # fmt: skip
            driver = await _driver(connection)
            await driver.copy_to_table("arrived", source=io.BytesIO(rows), format="text")
            # The lock on the face keeps it from being removed between our look and our insert.
            await connection.execute(
                text(
                    f"INSERT INTO {self._table} (face_id, number, template)"
                    " SELECT arrived.face_id, arrived.number, arrived.template FROM arrived"
                    " JOIN faces ON faces.id = arrived.face_id AND faces.number = arrived.number"
                    " ORDER BY arrived.number FOR KEY SHARE OF faces"
                    " ON CONFLICT (face_id) DO UPDATE SET number = EXCLUDED.number, template = EXCLUDED.template"
                )
            )

    async def _rotation(self) -> npt.NDArray[np.float64]:
        if self._matrix is None:
            self._matrix = await self._run(self._rotate)
        return self._matrix

    @uninterrupted
    async def _scalar(self, query: str) -> Any:
        async with self.database.read() as connection:
            return await connection.scalar(text(query))


async def _exists(connection: AsyncConnection, name: str) -> bool:
    return await connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name}) is True


async def _one_at_a_time(connection: AsyncConnection, what: str) -> None:
    """Two processes that make the same thing would fail in spite of IF NOT EXISTS."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


async def _driver(connection: AsyncConnection) -> Any:
    """The connection of asyncpg, for what SQLAlchemy has no words for; a statement before it opened the transaction."""
    return (await connection.get_raw_connection()).driver_connection


def _copy_rows(
    face_ids: Sequence[str], numbers: Numbers, templates: Templates, matrix: npt.NDArray[np.float64]
) -> bytes:
    """Rows for COPY in text format; ids and numbers hold nothing that must be escaped."""
    rotated = templates.astype(np.float64) @ matrix
    rows = zip(face_ids, numbers.tolist(), rotated, strict=True)
    return "".join(f"{face_id}\t{number}\t{_written(vector)}\n" for face_id, number, vector in rows).encode()


def _written(vector: npt.NDArray[np.float64]) -> str:
    return "[" + ",".join(f"{number:.6g}" for number in vector.tolist()) + "]"
