"""Numbers over all sessions of some tenants, kept for half a minute because many look at the same ones."""

import asyncio
import logging
from collections.abc import Callable

from rtc_server.insight.tally import HOUR_MS, FleetTally
from rtc_server.observe.failures import log_failure
from rtc_server.storage.ports import FactStore, Json, Place, Scope

KEPT_MS = 30_000
"""How old numbers may be."""

MAX_KEPT = 32
"""Different questions whose answers are kept."""

MAX_HOURS = 24 * 366
BACKFILL_PAUSE_SECONDS = 0.2
"""Between two batches of old sessions, so that those under way do not notice."""

logger = logging.getLogger(__name__)


class Fleet:
    """Answers what sessions came to. One task at the start of a process looks after sessions of former versions."""

    def __init__(self, facts: FactStore, now_ms: Callable[[], int]) -> None:
        self._facts = facts
        self._now_ms = now_ms
        self._kept: dict[tuple[Scope, int], Json] = {}
        self._one_at_a_time = asyncio.Lock()
        self._backfilling: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to count sessions that ended before facts were kept."""
        self._backfilling = asyncio.create_task(self._backfill())

    async def close(self) -> None:
        """Stop counting; the rest is done after the next start."""
        if self._backfilling is not None:
            self._backfilling.cancel()
            await asyncio.wait([self._backfilling])
            self._backfilling = None

    async def numbers(self, scope: Scope, hours: int) -> Json:
        """What the sessions of the last ``hours`` came to, see ``FleetTally.to_json``; at most half a minute old.

        Without a word on the sandbox the scope means production. Raises ``ValueError`` for hours out of range.
        """
        if not 1 <= hours <= MAX_HOURS:
            raise ValueError(f"hours: write a number from 1 to {MAX_HOURS}")
        scope = scope._replace(sandbox=bool(scope.sandbox))
        async with self._one_at_a_time:
            now_ms = self._now_ms()
            known = self._kept.get((scope, hours))
            if known is None or not now_ms - KEPT_MS < known["to"] <= now_ms:
                known = self._kept[scope, hours] = await self._add_up(scope, hours, now_ms)
                for old in list(self._kept)[:-MAX_KEPT]:
                    del self._kept[old]
        return known

    async def _add_up(self, scope: Scope, hours: int, now_ms: int) -> Json:
        from_ms = now_ms - hours * HOUR_MS
        tally = FleetTally(from_ms, now_ms)
        async for batch in self._facts.facts(scope, from_ms, now_ms):
            for facts in batch:
                tally.add(facts)
            await asyncio.sleep(0)  # whoever is in a call comes first
        return {"hours": hours, "sandbox": scope.sandbox} | tally.to_json()

    async def _backfill(self) -> None:
        counted, place = 0, Place(self._now_ms() + HOUR_MS, "")
        try:
            while found := await self._facts.uncounted(place):
                await self._facts.count_sessions([each.session_id for each in found])
                counted, place = counted + len(found), found[-1]
                await asyncio.sleep(BACKFILL_PAUSE_SECONDS)
        except Exception as error:  # the numbers of old sessions are missing, and nothing else
            log_failure(logger, "counting old sessions", error)
        if counted:
            logger.info("counted %d sessions of former versions", counted)
