"""Walking a whole chain in a database."""

import asyncio
import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence

from rtc_server.audit.breaks import Break, ChainCheck, Verdict
from rtc_server.audit.chain import Head, Json
from rtc_server.audit.head import HeadError, HeadFile
from rtc_server.audit.signing import PublicKey
from rtc_server.storage.ports.audit import AuditReader

Progress = Callable[[int, int], None]
"""Told how many entries were looked at, and of how many."""

CHECK_AGAIN_SECONDS = 30.0
"""Who asks more often is told the same again."""


async def verify_chain(
    reader: AuditReader,
    keys: Sequence[PublicKey],
    heads: Iterable[Head] = (),
    progress: Progress | None = None,
    *,
    every_signature: bool = True,
) -> Verdict:
    """Look at every entry, while others may be added; a break is a finding, not an error. Raises StorageError.

    ``keys`` are those whose signatures count, ``heads`` what is known from elsewhere and must have been known before
    the call. The rest as in ``ChainCheck``.
    """
    kept = await reader.head()
    check = ChainCheck(keys, [kept, *heads], every_signature=every_signature)
    async for entries in reader.walk():
        # In a thread, because it is work for a processor, and calls run on this loop.
        await asyncio.to_thread(check.add, entries)
        if progress is not None:
            progress(check.entries, max(check.entries, kept.sequence))
    return check.finish(await reader.positions(check.wanted()))


class AuditChecks:
    """Checks of a running server's own chain, one at a time, for people who look at it."""

    def __init__(self, reader: AuditReader, key: PublicKey, head_file: HeadFile | None) -> None:
        self._reader = reader
        self._key = key
        self._head_file = head_file
        self._one = asyncio.Lock()
        self._last: tuple[float, Json] | None = None

    async def latest(self) -> Json:
        """``{state: "whole" | "broken", entries, head, checkedAt, breaks}``, half a minute old at most.

        Content, order and the newest signature are checked, which the signatures before add nothing to. Raises
        StorageError.
        """
        async with self._one:
            if self._last is None or time.monotonic() - self._last[0] > CHECK_AGAIN_SECONDS:
                verdict = await self._check()
                self._last = time.monotonic(), verdict_json(verdict, time.time_ns() // 1_000_000)
            return self._last[1]

    async def _check(self) -> Verdict:
        heads: list[Head] = []
        problems: list[Break] = []
        if self._head_file is not None:
            try:
                if found := await asyncio.to_thread(self._head_file.read):
                    heads.append(found)
            except HeadError as error:
                problems.append(Break("head", 0, 0, note=str(error)))
        verdict = await verify_chain(self._reader, [self._key], heads, every_signature=False)
        return dataclasses.replace(verdict, breaks=[*problems, *verdict.breaks])


def verdict_json(verdict: Verdict, checked_at_ms: int) -> Json:
    """For programs and the console."""
    return {
        "state": "whole" if verdict.whole else "broken",
        "entries": verdict.entries,
        "head": {"sequence": verdict.head.sequence, "hash": verdict.head.hash, "at": verdict.head.at},
        "checkedAt": checked_at_ms,
        "breaks": [one.json() for one in verdict.breaks],
        "furtherBreaks": verdict.uncounted,
    }
