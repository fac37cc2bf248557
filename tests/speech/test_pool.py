"""The pool: bounded, in order, closed cleanly."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool


class Gate:
    """Work that stays on its thread until the test opens it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.order: list[int] = []

    def work(self, number: int) -> int:
        assert self.open.wait(10)
        self.order.append(number)
        return number


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def pool(gate: Gate) -> AsyncIterator[ModelPool]:
    made = ModelPool("test", workers=1, backlog=2)
    yield made
    gate.open.set()
    await made.close()


async def settle() -> None:
    """Let every task that can run, run."""
    for _ in range(5):
        await asyncio.sleep(0)


def names() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("model-test")]


async def test_more_than_the_backlog_is_refused_at_once(pool: ModelPool, gate: Gate) -> None:
    calls = [asyncio.create_task(pool.run(gate.work, number)) for number in range(3)]
    await settle()
    assert (pool.status.running, pool.status.waiting) == (1, 2)
    with pytest.raises(SpeechError) as refused:
        await pool.run(gate.work, 3)
    assert refused.value.category is Category.BUSY
    assert refused.value.retryable
    gate.open.set()
    assert await asyncio.gather(*calls) == [0, 1, 2]
    assert gate.order == [0, 1, 2]
    status = pool.status
    assert (status.running, status.waiting, status.finished, status.refused) == (0, 0, 3, 1)
    assert len(status.recent_seconds) == 3


async def test_a_cancelled_waiting_call_leaves_the_line_and_never_runs(pool: ModelPool, gate: Gate) -> None:
    calls = [asyncio.create_task(pool.run(gate.work, number)) for number in range(3)]
    await settle()
    calls[1].cancel()
    await settle()
    assert pool.status.waiting == 1
    gate.open.set()
    await asyncio.gather(*calls, return_exceptions=True)
    assert gate.order == [0, 2]


async def test_a_cancelled_running_call_keeps_its_thread_until_it_ends(pool: ModelPool, gate: Gate) -> None:
    running = asyncio.create_task(pool.run(gate.work, 0))
    await settle()
    running.cancel()
    await settle()
    assert running.cancelled()
    assert pool.status.running == 1
    gate.open.set()
    assert await pool.run(gate.work, 1) == 1
    assert gate.order == [0, 1]


async def test_an_exception_reaches_the_caller_and_frees_the_thread(pool: ModelPool) -> None:
    with pytest.raises(ZeroDivisionError):
        await pool.run(lambda: 1 // 0)
    assert await pool.run(lambda: 1) == 1
    assert pool.status.running == 0


async def test_close_joins_the_threads_and_turns_waiting_calls_away(gate: Gate) -> None:
    pool = ModelPool("test", workers=1, backlog=4)
    first = asyncio.create_task(pool.run(gate.work, 0))
    second = asyncio.create_task(pool.run(gate.work, 1))
    await settle()
    closing = asyncio.create_task(pool.close())
    await settle()
    gate.open.set()
    await closing
    assert await first == 0
    with pytest.raises(SpeechError, match="closed"):
        await second
    with pytest.raises(SpeechError, match="closed"):
        await pool.run(gate.work, 2)
    assert names() == []


async def test_workers_run_side_by_side() -> None:
    pool = ModelPool("test", workers=2)
    together = threading.Barrier(2, timeout=10)
    await asyncio.gather(pool.run(together.wait), pool.run(together.wait))
    await pool.close()
    assert names() == []


def test_senseless_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="workers"):
        ModelPool("test", workers=0)
    with pytest.raises(ValueError, match="backlog"):
        ModelPool("test", backlog=-1)
