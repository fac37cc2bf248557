"""The ear: every sample is heard once, in order, and nothing that the network does makes it deaf or fat."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from conversation.speech.listener import MEMORY_SECONDS, Listener
from conversation.speech.ports import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Samples
from tests.fakes.stage import eventually
from tests.fakes.voices import FakeVoiceActivity

MEMORY_SAMPLES = int(MEMORY_SECONDS * SAMPLE_RATE_HZ)


class Ear:
    """A listener and what it reported."""

    def __init__(self) -> None:
        self.activity = FakeVoiceActivity()
        self.windows: list[tuple[int, float]] = []
        self.listener = Listener(self.activity, lambda first, p: self.windows.append((first, p)))

    async def analysed(self, windows: int) -> None:
        """Wait until so many windows were reported."""
        await eventually(lambda: len(self.windows) >= windows, "the windows are analysed")


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    made = Ear()
    yield made
    await made.listener.close()


def ramp(first: int, count: int) -> Samples:
    """Samples that tell their own index; exact in float32 up to 2**24."""
    return np.arange(first, first + count, dtype=np.float32)


async def test_windows_tile_the_stream_whatever_the_packets(ear: Ear) -> None:
    sizes = [320, 1, 511, 512, 513, 4000, 320, 7, 320]
    position = 0
    for size in sizes:
        ear.listener.feed(ramp(position, size), position)
        position += size
        await asyncio.sleep(0)
    await ear.analysed(position // WINDOW_SAMPLES)
    assert [first for first, _ in ear.windows] == list(range(0, position - WINDOW_SAMPLES + 1, WINDOW_SAMPLES))
    assert np.array_equal(ear.listener.audio(0, position), ramp(0, position))


async def test_nothing_is_reported_before_a_window_is_full(ear: Ear) -> None:
    ear.listener.feed(ramp(0, WINDOW_SAMPLES - 1), 0)
    await asyncio.sleep(0.005)
    assert ear.windows == []
    ear.listener.feed(ramp(WINDOW_SAMPLES - 1, 1), WINDOW_SAMPLES - 1)
    await ear.analysed(1)


async def test_the_probability_belongs_to_its_window(ear: Ear) -> None:
    loud = np.zeros(4 * WINDOW_SAMPLES, np.float32)
    loud[2 * WINDOW_SAMPLES : 3 * WINDOW_SAMPLES] = 0.5
    ear.listener.feed(loud, 0)
    await ear.analysed(4)
    assert [p > 0.5 for _, p in ear.windows] == [False, False, True, False]


async def test_a_gap_is_heard_as_silence(ear: Ear) -> None:
    ear.listener.feed(np.full(1000, 0.5, np.float32), 0)
    ear.listener.feed(np.full(1000, 0.5, np.float32), 3000)
    expected = np.concatenate([np.full(1000, 0.5), np.zeros(2000), np.full(1000, 0.5)])
    assert np.array_equal(ear.listener.audio(0, 4000), expected)
    await ear.analysed(7)


async def test_a_gap_longer_than_the_memory_is_silence_throughout(ear: Ear) -> None:
    ear.listener.feed(np.full(1000, 0.5, np.float32), 0)
    far = 3 * MEMORY_SAMPLES + 17
    ear.listener.feed(np.full(600, 0.25, np.float32), far)
    heard = ear.listener.audio(0, far + 600)
    assert heard.size == MEMORY_SAMPLES
    assert np.array_equal(heard[-600:], np.full(600, 0.25))
    assert not heard[:-600].any()


async def test_an_overlap_is_skipped(ear: Ear) -> None:
    ear.listener.feed(ramp(0, 1000), 0)
    ear.listener.feed(ramp(400, 1000), 400)
    ear.listener.feed(ramp(100, 500), 100)  # nothing new
    assert np.array_equal(ear.listener.audio(0, 5000), ramp(0, 1400))


async def test_the_memory_keeps_the_newest(ear: Ear) -> None:
    total = MEMORY_SAMPLES + 5000
    for first in range(0, total, 8000):
        ear.listener.feed(ramp(first, min(8000, total - first)), first)
    assert np.array_equal(ear.listener.audio(total - 100, total), ramp(total - 100, 100))
    oldest = ear.listener.audio(0, total)
    assert np.array_equal(oldest, ramp(5000, MEMORY_SAMPLES))
    assert ear.listener.audio(total, total + 100).size == 0
    assert ear.listener.audio(50, 10).size == 0


async def test_one_packet_longer_than_the_memory(ear: Ear) -> None:
    total = MEMORY_SAMPLES + 1234
    ear.listener.feed(ramp(0, total), 0)
    assert np.array_equal(ear.listener.audio(total - 10, total), ramp(total - 10, 10))
    ear.listener.feed(ramp(total, 10), total)
    assert np.array_equal(ear.listener.audio(total - 10, total + 10), ramp(total - 10, 20))


async def test_who_falls_behind_skips_to_the_present(ear: Ear) -> None:
    ear.activity.gate = asyncio.Event()
    ear.listener.feed(np.zeros(WINDOW_SAMPLES, np.float32), 0)
    await eventually(lambda: ear.activity.calls == 1, "the analysis has begun")
    position = WINDOW_SAMPLES
    while position < 3 * MEMORY_SAMPLES:  # three memories of audio while one window is analysed
        ear.listener.feed(np.zeros(16_000, np.float32), position)
        position += 16_000
    ear.activity.gate.set()
    await eventually(lambda: position - max(ear.windows, default=(0, 0.0))[0] < 2 * WINDOW_SAMPLES, "caught up")
    assert ear.activity.windows <= MEMORY_SAMPLES // WINDOW_SAMPLES // 2 + 1
    firsts = [first for first, _ in ear.windows]
    assert firsts == sorted(set(firsts))


async def test_a_new_stream_begins_at_nought(ear: Ear) -> None:
    ear.listener.feed(np.full(2000, 0.5, np.float32), 0)
    await ear.analysed(3)
    ear.windows.clear()
    ear.listener.start_stream()
    assert ear.activity.resets == 1
    assert ear.listener.audio(0, 2000).size == 0
    ear.listener.feed(np.zeros(1024, np.float32), 0)
    await ear.analysed(2)
    assert [first for first, _ in ear.windows] == [0, WINDOW_SAMPLES]


async def test_results_of_a_former_stream_are_dropped(ear: Ear) -> None:
    ear.activity.gate = asyncio.Event()
    ear.listener.feed(np.full(5 * WINDOW_SAMPLES, 0.5, np.float32), 0)
    await eventually(lambda: ear.activity.calls == 1, "the analysis has begun")
    ear.listener.start_stream()
    ear.listener.feed(np.zeros(2 * WINDOW_SAMPLES, np.float32), 0)
    ear.activity.gate.set()
    await ear.analysed(2)
    assert [(first, p > 0.5) for first, p in ear.windows] == [(0, False), (WINDOW_SAMPLES, False)]


async def test_a_failure_costs_its_windows_and_no_more(ear: Ear) -> None:
    ear.activity.failures = 1
    ear.listener.feed(np.zeros(WINDOW_SAMPLES, np.float32), 0)
    await eventually(lambda: ear.activity.failures == 0, "the failure")
    ear.listener.feed(np.zeros(WINDOW_SAMPLES, np.float32), WINDOW_SAMPLES)
    await ear.analysed(1)
    assert [first for first, _ in ear.windows] == [WINDOW_SAMPLES]


async def test_closing_ends_the_task() -> None:
    before = asyncio.all_tasks()
    ear = Ear()
    await ear.listener.close()
    await ear.listener.close()
    assert asyncio.all_tasks() == before
