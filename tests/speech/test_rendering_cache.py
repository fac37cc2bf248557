"""Lines that were spoken before: found again, bounded, prepared once."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import SpeechChunk
from conversation.speech.rendering_cache import RenderingCache
from tests.fakes.stage import eventually
from tests.fakes.voices import FakeSynthesizer


@pytest.fixture
async def cache() -> AsyncIterator[RenderingCache]:
    made = RenderingCache(limit_seconds=10.0)
    yield made
    await made.close()


def rendering(seconds: float) -> tuple[SpeechChunk, ...]:
    rate = FakeSynthesizer.sample_rate_hz
    return (SpeechChunk("words", np.zeros(round(seconds * rate), np.float32), ()),)


async def test_what_was_put_is_found_by_voice_pace_and_text(cache: RenderingCache) -> None:
    voice, other = FakeSynthesizer(), FakeSynthesizer()
    other.voice = "fake:other"
    kept = rendering(1.0)
    cache.put(voice, "Hello.", 1.0, kept)
    assert cache.get(voice, "Hello.", 1.0) is kept
    assert cache.get(voice, "hello.", 1.0) is None
    assert cache.get(voice, "Hello.", 0.9) is None
    assert cache.get(other, "Hello.", 1.0) is None
    assert (cache.hits, cache.misses) == (1, 3)


async def test_the_least_recently_used_goes_first(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    for text in ("a", "b", "c"):
        cache.put(voice, text, 1.0, rendering(3.0))
    cache.get(voice, "a", 1.0)
    cache.put(voice, "d", 1.0, rendering(3.0))
    assert [text for text in "abcd" if cache.get(voice, text, 1.0)] == ["a", "c", "d"]


async def test_the_bound_holds_over_many_lines(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    for number in range(200):
        cache.put(voice, f"line {number}", 1.0, rendering(0.5))
    kept = [number for number in range(200) if cache.get(voice, f"line {number}", 1.0)]
    assert kept == list(range(180, 200))


async def test_a_line_longer_than_the_bound_is_kept_alone_and_goes_next(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    cache.put(voice, "short", 1.0, rendering(1.0))
    cache.put(voice, "endless", 1.0, rendering(60.0))
    assert cache.get(voice, "short", 1.0) is None
    assert cache.get(voice, "endless", 1.0) is not None
    cache.put(voice, "short", 1.0, rendering(1.0))
    assert cache.get(voice, "endless", 1.0) is None
    assert cache.get(voice, "short", 1.0) is not None


async def test_putting_twice_counts_once(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    for _ in range(20):
        cache.put(voice, "a", 1.0, rendering(3.0))
    cache.put(voice, "b", 1.0, rendering(3.0))
    assert cache.get(voice, "a", 1.0) is not None


async def test_a_line_is_prepared_once(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    cache.prepare(voice, "Hello there.", 1.0)
    cache.prepare(voice, "Hello there.", 1.0)
    await eventually(lambda: cache.get(voice, "Hello there.", 1.0) is not None, "it is prepared")
    cache.prepare(voice, "Hello there.", 1.0)
    await asyncio.sleep(0)
    assert voice.asked == ["Hello there."]


async def test_a_failed_preparation_is_tried_again_and_leaves_no_half_line(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    voice.error, voice.error_after_clauses = SpeechError(Category.BUSY, "fake", "too much to do"), 1
    cache.prepare(voice, "One. Two.", 1.0)
    await eventually(lambda: voice.clauses == 1, "it has failed")
    await asyncio.sleep(0)
    assert cache.get(voice, "One. Two.", 1.0) is None
    voice.error = None
    cache.prepare(voice, "One. Two.", 1.0)
    await eventually(lambda: cache.get(voice, "One. Two.", 1.0) is not None, "it is prepared")


async def test_closing_stops_preparations() -> None:
    before = asyncio.all_tasks()
    cache, voice = RenderingCache(), FakeSynthesizer()
    voice.before_clause = asyncio.Event().wait
    cache.prepare(voice, "Hello there.", 1.0)
    await asyncio.sleep(0)
    await cache.close()
    assert asyncio.all_tasks() == before


async def test_a_line_that_is_being_prepared_is_followed_as_it_grows(cache: RenderingCache) -> None:
    voice, gate = FakeSynthesizer(), asyncio.Event()

    async def before_the_second() -> None:
        if voice.clauses == 1:
            await gate.wait()

    voice.before_clause = before_the_second
    cache.prepare(voice, "One. Two.", 1.0)
    speech = cache.speech(voice, "One. Two.", 1.0)
    assert (await anext(speech)).text == "One."
    gate.set()
    assert [chunk.text async for chunk in speech] == ["Two."]
    assert voice.asked == ["One. Two."]


async def test_a_preparation_that_breaks_off_is_made_up_for(cache: RenderingCache) -> None:
    voice = FakeSynthesizer()
    voice.error, voice.error_after_clauses = SpeechError(Category.BUSY, "fake", "too much to do"), 1
    cache.prepare(voice, "One. Two.", 1.0)
    speech = cache.speech(voice, "One. Two.", 1.0)
    first = await anext(speech)
    voice.error = None
    assert [chunk.text async for chunk in speech] == ["Two."]
    assert first.text == "One."
    assert cache.get(voice, "One. Two.", 1.0) is not None
