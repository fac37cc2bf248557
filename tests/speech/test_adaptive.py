"""Which engine answers, on a clock that the test moves."""

import numpy as np
import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, Transcript
from conversation.speech.providers.adaptive import AdaptiveTranscriber

ANSWER = np.zeros(2 * SAMPLE_RATE_HZ, dtype=np.float32)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeTranscriber:
    """Takes as long as it is told, on the test's clock."""

    def __init__(self, name: str, clock: Clock, languages: frozenset[str] = frozenset({"en"})) -> None:
        self.name = name
        self.languages = languages
        self.seconds = 0.1
        self.error: SpeechError | None = None
        self._clock = clock

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        if self.error is not None:
            raise self.error
        self._clock.now += self.seconds
        return Transcript("yes", language, 1.0, 0.0, self.seconds, self.name)


class Bench:
    """An adaptive transcriber over two fakes."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.primary = FakeTranscriber("base", self.clock, frozenset({"en", "de"}))
        self.fallback = FakeTranscriber("tiny", self.clock)
        self.adaptive = AdaptiveTranscriber(self.primary, self.fallback, self.clock, threshold_seconds=0.4)

    async def ask(self, times: int = 1, *, language: str = "en", speech: Samples = ANSWER) -> list[str]:
        return [(await self.adaptive.transcribe(speech, language=language)).model for _ in range(times)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_fast_primary_stays(bench: Bench) -> None:
    bench.primary.seconds = 0.35
    assert await bench.ask(20) == ["base"] * 20
    assert not bench.adaptive.status.on_fallback


async def test_a_busy_host_gets_the_fallback_and_one_slow_call_does_not_count(bench: Bench) -> None:
    await bench.ask(3)
    bench.primary.seconds = 0.9
    await bench.ask()
    bench.primary.seconds = 0.2
    assert await bench.ask(2) == ["base", "base"]
    bench.primary.seconds = 0.9
    assert await bench.ask(4) == ["base", "tiny", "tiny", "tiny"]
    assert bench.adaptive.status.switches == 1


async def test_the_primary_returns_when_a_probe_is_fast(bench: Bench) -> None:
    bench.primary.seconds = 0.9
    await bench.ask()
    bench.primary.seconds = 0.15
    assert await bench.ask() == ["tiny"]
    bench.clock.now += 20
    assert await bench.ask(3) == ["base", "base", "base"]
    assert (bench.adaptive.status.on_fallback, bench.adaptive.status.switches) == (False, 2)


async def test_probes_become_rarer_while_the_host_stays_busy(bench: Bench) -> None:
    bench.primary.seconds = 0.9
    bench.fallback.seconds = 0.0
    await bench.ask()
    probes = []
    for second in range(700):
        if await bench.ask() == ["base"]:
            probes.append(second)
            bench.clock.now -= 0.9
        bench.clock.now += 1
    gaps = np.diff([0, *probes])
    assert [round(float(gap), -1) for gap in gaps] == [20, 40, 80, 160, 160, 160]


async def test_a_probe_near_the_threshold_is_not_fast_enough(bench: Bench) -> None:
    bench.primary.seconds = 0.9
    await bench.ask()
    bench.primary.seconds = 0.38
    bench.clock.now += 20
    assert await bench.ask(2) == ["base", "tiny"]


async def test_long_speech_is_measured_by_its_length(bench: Bench) -> None:
    bench.primary.seconds = 1.2
    long = np.zeros(36 * SAMPLE_RATE_HZ, dtype=np.float32)
    assert await bench.ask(5, speech=long) == ["base"] * 5
    assert bench.adaptive.status.primary_seconds == pytest.approx(0.3)


async def test_a_language_of_the_primary_alone_always_goes_there(bench: Bench) -> None:
    bench.primary.seconds = 2.0
    assert await bench.ask(3, language="de") == ["base"] * 3
    assert bench.adaptive.status.primary_seconds == 0.0
    assert await bench.ask(2) == ["base", "tiny"]
    assert await bench.ask(language="de") == ["base"]
    assert bench.adaptive.languages == {"en", "de"}


async def test_a_full_pool_of_the_primary_is_not_an_error(bench: Bench) -> None:
    bench.primary.error = SpeechError(Category.BUSY, "base", "full")
    assert await bench.ask() == ["tiny"]
    assert bench.adaptive.status.on_fallback


async def test_other_errors_are_told(bench: Bench) -> None:
    bench.primary.error = SpeechError(Category.MODEL, "base", "damaged")
    with pytest.raises(SpeechError, match="damaged"):
        await bench.ask()
    assert not bench.adaptive.status.on_fallback
