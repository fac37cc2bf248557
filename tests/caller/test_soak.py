"""The soak loop on real tasks and a real event loop."""

import asyncio
import sys
import time

import pytest

from rtc_server.caller.result import CallResult, Turn
from rtc_server.caller.soak import rss_mib, soak

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")


async def test_lag_leaks_and_failures_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rtc_server.caller.soak.SETTLE_SECONDS", 0.02)
    forgotten: list[asyncio.Task[None]] = []

    async def one_call() -> tuple[CallResult, list[str]]:
        forgotten.append(asyncio.create_task(asyncio.sleep(60)))
        time.sleep(0.06)  # noqa: ASYNC251 - stands for code that blocks the loop
        await asyncio.sleep(0.02)
        return CallResult(turns=[Turn("a", "say", "", 0, 500.0)]), ["wrong path"] if len(forgotten) == 2 else []

    found = await soak(one_call, 0.3)
    for task in forgotten:
        task.cancel()
    assert found.sessions == len(forgotten) >= 2
    assert (found.failed, found.failures) == (1, ["wrong path"])
    assert found.vitals[-1].tasks - found.vitals[0].tasks == found.sessions - 1
    assert found.loop_lag_ms is not None
    assert found.loop_lag_ms.maximum > 40
    assert found.reply_ms is not None
    assert found.reply_ms.count == found.sessions


def test_resident_memory_is_that_of_this_process() -> None:
    before = rss_mib()
    block = bytearray(b"x" * 40 * 2**20)
    assert rss_mib() - before > 30
    del block
