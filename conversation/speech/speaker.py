"""The voice of one session: text in, clauses to the audio sink, and in the end the words that were really heard."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import AudioSink, Samples, SpeechChunk, Synthesizer, VisemeMark
from conversation.speech.rendering_cache import RenderingCache

QUEUED_SECONDS = 20.0
"""Speech that may wait in the sink before the next clause is added to it."""

_LOOK_SECONDS = 0.1

PREPARED_CHARACTERS = 600
"""Longer lines are not prepared ahead: they start fast anyway, clause by clause."""


@dataclass(frozen=True, slots=True)
class ClauseQueued:
    """A clause is on its way to the listener."""

    utterance_id: str
    text: str
    rtp_timestamp: int
    seconds: float
    visemes: tuple[VisemeMark, ...]


@dataclass(slots=True)
class _Utterance:
    utterance_id: str
    text: str
    task: asyncio.Task[None] | None = None
    clauses: list[tuple[str, float]] = field(default_factory=list)
    """(words, seconds) queued so far."""


class Speaker:
    """Speaks one utterance at a time into a sink that may be exchanged (a fresh peer)."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        cache: RenderingCache,
        on_clause: Callable[[ClauseQueued], None],
        on_failure: Callable[[str, SpeechError], None],
        rate: float = 1.0,
    ) -> None:
        self._synthesizer = synthesizer
        self._cache = cache
        self._on_clause = on_clause
        self._on_failure = on_failure
        self._rate = rate
        self._sink: AudioSink | None = None
        self._utterance: _Utterance | None = None
        self._wanted: tuple[str, ...] = ()
        """Lines that were to be prepared last."""
        self._closed = False

    def attach(self, sink: AudioSink | None) -> None:
        """Speak into this sink from now on; None while nobody is connected."""
        self._sink = sink

    def prepare(self, lines: Iterable[str]) -> None:
        """Lines that may be spoken soon; what is being said now goes before them."""
        self._wanted = wanted = tuple(lines)
        task = self._utterance.task if self._utterance is not None else None
        if task is not None and not task.done():
            task.add_done_callback(lambda _: self._prepare(wanted))
        else:
            self._prepare(wanted)

    def _prepare(self, lines: tuple[str, ...]) -> None:
        if self._closed:
            return
        for line in lines:
            if len(line) <= PREPARED_CHARACTERS:
                self._cache.prepare(self._synthesizer, line, self._rate)

    def set_rate(self, rate: float) -> None:
        """The pace from the next utterance on, 1.0 = normal; what was prepared is prepared again."""
        if rate != self._rate:
            self._rate = rate
            self.prepare(self._wanted)

    def speak(self, utterance_id: str, text: str) -> None:
        """Begin an utterance; the sink's playback events tell how it goes, ``on_failure`` that it cannot be spoken."""
        self._utterance = _Utterance(utterance_id, text)
        self._utterance.task = asyncio.create_task(self._speak(self._utterance), name="speak")

    def pause(self) -> None:
        """Hold the utterance."""
        if self._sink is not None:
            self._sink.pause()

    def resume(self) -> int | None:
        """Go on; return the RTP timestamp of the first sample from there, None when there is nobody to hear it."""
        return self._sink.resume() if self._sink is not None else None

    @property
    def played_seconds(self) -> float:
        """How much of the current utterance was sent."""
        current = self._sink.speaking if self._sink is not None else None
        return current[1] if current is not None else 0.0

    def stop(self) -> None:
        """Drop the rest of the utterance."""
        if self._utterance is not None and self._utterance.task is not None:
            self._utterance.task.cancel()
        if self._sink is not None:
            self._sink.stop_speaking()

    def heard(self, utterance_id: str, played_seconds: float, *, completed: bool) -> str:
        """The words of an utterance that were played, cut at the word that was being spoken."""
        utterance = self._utterance
        if utterance is None or utterance.utterance_id != utterance_id:
            return ""
        if completed:
            return utterance.text
        heard: list[str] = []
        left = played_seconds
        for text, seconds in utterance.clauses:
            words = text.split()
            share = 1.0 if left >= seconds else left / seconds
            heard += words[: int(share * len(words) + 0.5)]
            left -= seconds
            if left <= 0:
                break
        return " ".join(heard)

    async def close(self) -> None:
        """Fall silent for good."""
        self._closed = True
        self.stop()
        task = self._utterance.task if self._utterance is not None else None
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    async def _speak(self, utterance: _Utterance) -> None:
        try:
            async for chunk in self._cache.speech(self._synthesizer, utterance.text, self._rate):
                await self._room(utterance)
                self._queue(utterance, chunk)
            if not utterance.clauses:
                raise SpeechError(Category.PROVIDER, self._synthesizer.voice, "nothing to hear came out of the text")
            # An empty clause marks the end, so that no clause has to wait for the next to know whether it is the last.
            self._play(utterance.utterance_id, np.zeros(0, np.float32), last=True)
        except SpeechError as error:
            self._on_failure(utterance.utterance_id, error)
        except Exception as error:
            # A defect of an engine or of the sink; its text may quote what was to be said.
            failure = SpeechError(Category.PROVIDER, self._synthesizer.voice, f"failed with {type(error).__name__}")
            self._on_failure(utterance.utterance_id, failure)

    async def _room(self, utterance: _Utterance) -> None:
        """Wait until less than ``QUEUED_SECONDS`` are ahead of the listener: engines are faster than speech."""
        queued = sum(seconds for _, seconds in utterance.clauses)
        while queued - self.played_seconds > QUEUED_SECONDS and self._sink is not None:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)

    def _queue(self, utterance: _Utterance, chunk: SpeechChunk) -> None:
        seconds = chunk.samples.size / self._synthesizer.sample_rate_hz
        timestamp = self._play(utterance.utterance_id, chunk.samples, last=False)
        utterance.clauses.append((chunk.text, seconds))
        self._on_clause(ClauseQueued(utterance.utterance_id, chunk.text, timestamp, seconds, chunk.visemes))

    def _play(self, utterance_id: str, samples: Samples, *, last: bool) -> int:
        if self._sink is None:
            raise SpeechError(Category.NETWORK, self._synthesizer.voice, "nobody is connected")
        return self._sink.play(utterance_id, samples, self._synthesizer.sample_rate_hz, last)
