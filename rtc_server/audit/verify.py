"""Walking a whole chain in a database."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from rtc_server.audit.breaks import ChainCheck, Verdict
from rtc_server.audit.chain import Head
from rtc_server.audit.signing import PublicKey
from rtc_server.storage.ports import AuditReader

Progress = Callable[[int, int], None]
"""Told how many entries were looked at, and of how many."""


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
