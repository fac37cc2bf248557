"""Speech that was synthesised before: the lines of a flow are known ahead, so most are never synthesised twice."""

import asyncio
from collections import OrderedDict

from conversation.speech.errors import SpeechError
from conversation.speech.ports import SpeechChunk, Synthesizer


class RenderingCache:
    """Whole utterances by (voice, pace, text), at most ``limit_seconds`` of audio, least recently used out first.

    Shared by the sessions of a process; in memory only.
    """

    def __init__(self, limit_seconds: float = 600.0) -> None:
        self._limit = limit_seconds
        self._seconds = 0.0
        self._renderings: OrderedDict[tuple[str, float, str], tuple[SpeechChunk, ...]] = OrderedDict()
        self._preparing: dict[tuple[str, float, str], asyncio.Task[None]] = {}
        self.hits = 0
        self.misses = 0

    def get(self, synthesizer: Synthesizer, text: str, rate: float) -> tuple[SpeechChunk, ...] | None:
        """The utterance, if it is there."""
        key = (synthesizer.voice, rate, text)
        rendering = self._renderings.get(key)
        if rendering is None:
            self.misses += 1
            return None
        self._renderings.move_to_end(key)
        self.hits += 1
        return rendering

    def put(self, synthesizer: Synthesizer, text: str, rate: float, chunks: tuple[SpeechChunk, ...]) -> None:
        """Keep an utterance."""
        key = (synthesizer.voice, rate, text)
        if key in self._renderings:
            return
        self._renderings[key] = chunks
        self._seconds += _seconds(chunks, synthesizer.sample_rate_hz)
        while self._seconds > self._limit and len(self._renderings) > 1:
            _, dropped = self._renderings.popitem(last=False)
            self._seconds -= _seconds(dropped, synthesizer.sample_rate_hz)

    def prepare(self, synthesizer: Synthesizer, text: str, rate: float) -> None:
        """Synthesise in the background what will probably be said. Failures show when it is really said."""
        key = (synthesizer.voice, rate, text)
        if key in self._renderings or key in self._preparing:
            return
        task = asyncio.create_task(self._prepare(synthesizer, text, rate), name="prepare-speech")
        self._preparing[key] = task
        task.add_done_callback(lambda _: self._preparing.pop(key, None))

    async def _prepare(self, synthesizer: Synthesizer, text: str, rate: float) -> None:
        try:
            chunks = [chunk async for chunk in synthesizer.synthesize(text, rate=rate)]
        except SpeechError:
            return
        self.put(synthesizer, text, rate, tuple(chunks))

    async def close(self) -> None:
        """Stop what is being prepared."""
        tasks = list(self._preparing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _seconds(chunks: tuple[SpeechChunk, ...], rate_hz: int) -> float:
    return sum(chunk.samples.size for chunk in chunks) / rate_hz
