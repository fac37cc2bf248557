"""Speech that was synthesised before: the lines of a flow are known ahead, so most are never synthesised twice."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator

from conversation.speech.ports import SpeechChunk, Synthesizer

_Key = tuple[str, float, str]


class _Preparation:
    """A rendering that grows."""

    def __init__(self) -> None:
        self.chunks: list[SpeechChunk] = []
        self.news = asyncio.Event()
        self.over = False
        self.complete = False

    def end(self, *, complete: bool) -> None:
        self.over, self.complete = True, complete
        self.news.set()


class RenderingCache:
    """Whole utterances by (voice, pace, text), at most ``limit_seconds`` of audio, least recently used out first.

    Shared by the sessions of a process; in memory only.
    """

    def __init__(self, limit_seconds: float = 600.0) -> None:
        self._limit = limit_seconds
        self._seconds = 0.0
        self._renderings: OrderedDict[_Key, tuple[SpeechChunk, ...]] = OrderedDict()
        self._preparing: dict[_Key, tuple[_Preparation, asyncio.Task[None]]] = {}
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

    async def speech(self, synthesizer: Synthesizer, text: str, rate: float) -> AsyncIterator[SpeechChunk]:
        """Chunks of an utterance: kept, as they are being prepared, or synthesised now and then kept.

        Raises SpeechError as the synthesizer does.
        """
        cached = self.get(synthesizer, text, rate)
        if cached is not None:
            for chunk in cached:
                yield chunk
            return
        # What a preparation that breaks off has given is not said again.
        given = 0
        under_way = self._preparing.get((synthesizer.voice, rate, text))
        if under_way is not None:
            async for chunk in _follow(under_way[0]):
                given += 1
                yield chunk
            if under_way[0].complete:
                return
        fresh: list[SpeechChunk] = []
        async for chunk in synthesizer.synthesize(text, rate=rate):
            fresh.append(chunk)
            if len(fresh) > given:
                yield chunk
        self.put(synthesizer, text, rate, tuple(fresh))

    def prepare(self, synthesizer: Synthesizer, text: str, rate: float) -> None:
        """Synthesise in the background what will probably be said. Failures show when it is really said."""
        key = (synthesizer.voice, rate, text)
        if key in self._renderings or key in self._preparing:
            return
        preparation = _Preparation()
        task = asyncio.create_task(self._prepare(preparation, synthesizer, text, rate), name="prepare-speech")
        self._preparing[key] = preparation, task
        task.add_done_callback(lambda _: self._preparing.pop(key, None))

    async def _prepare(self, preparation: _Preparation, synthesizer: Synthesizer, text: str, rate: float) -> None:
        complete = False
        try:
            async for chunk in synthesizer.synthesize(text, rate=rate):
                preparation.chunks.append(chunk)
                preparation.news.set()
            self.put(synthesizer, text, rate, tuple(preparation.chunks))
            complete = True
        except Exception:
            pass  # shows when it is really said
        finally:
            preparation.end(complete=complete)

    async def close(self) -> None:
        """Stop what is being prepared."""
        tasks = [task for _, task in self._preparing.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(preparation: _Preparation) -> AsyncIterator[SpeechChunk]:
    given = 0
    while given < len(preparation.chunks) or not preparation.over:
        if given == len(preparation.chunks):
            preparation.news.clear()
            await preparation.news.wait()
        for chunk in preparation.chunks[given:]:
            given += 1
            yield chunk


def _seconds(chunks: tuple[SpeechChunk, ...], rate_hz: int) -> float:
    return sum(chunk.samples.size for chunk in chunks) / rate_hz
