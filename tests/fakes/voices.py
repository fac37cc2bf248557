"""Engines of speech that hear and speak an invented sound: each phrase is a tone of its own level.

What a person "says" is audio from ``Phrasebook.speech``; the fake transcriber reads the levels back. So a conversation
can be played through the real listener, turn machine and session, and the text depends on nothing but the audio.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import numpy as np

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, SpeechChunk, Transcript, VisemeMark

_FIRST_LEVEL = 0.2
_LEVEL_STEP = 0.005
_LOUD = 0.1
"""Below it a window is silence to the fake voice activity."""


class Phrasebook:
    """Phrases and their sound."""

    def __init__(self) -> None:
        self._phrases: list[str] = []

    def speech(self, text: str, seconds: float = 1.0) -> Samples:
        """The sound of a phrase: float32 [n] at 16 kHz."""
        if text not in self._phrases:
            self._phrases.append(text)
        level = _FIRST_LEVEL + _LEVEL_STEP * self._phrases.index(text)
        return np.full(round(seconds * SAMPLE_RATE_HZ), level, np.float32)

    def read(self, samples: Samples) -> str:
        """The phrases in a sound, in their order."""
        loud = samples[samples > _LOUD]
        numbers = np.rint((loud - _FIRST_LEVEL) / _LEVEL_STEP).astype(int)
        changes = np.flatnonzero(np.diff(numbers, prepend=-1))
        return " ".join(self._phrases[number] for number in numbers[changes])


class FakeVoiceActivity:
    """Loud is speech. ``failures`` calls fail first, as a busy pool does; ``windows`` counts what was analysed."""

    def __init__(self) -> None:
        self.windows = 0
        self.calls = 0
        self.resets = 0
        self.failures = 0
        self.gate: asyncio.Event | None = None
        """When set, no answer comes before the event."""

    async def probabilities(self, windows: Samples) -> list[float]:
        """One probability per window."""
        self.calls += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise SpeechError(Category.BUSY, "fake", "too much to do")
        self.windows += len(windows)
        return [0.97 if level > _LOUD else 0.02 for level in np.abs(windows).mean(axis=1)]

    def reset(self) -> None:
        """Counted."""
        self.resets += 1


class FakeTurnDetector:
    """Everything sounds finished."""

    async def probability(self, speech: Samples) -> float:
        """A constant."""
        return 0.95


class FakeTranscriber:
    """Reads the phrasebook; ``error`` is raised instead when it is set."""

    name = "fake"
    languages = frozenset({"en"})

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self.error: Exception | None = None
        self.silent = False
        """Never answer."""
        self.likeliest = ""
        """What is heard first, where several readings are asked for; what was said comes after it."""

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        """The phrases that the sound holds."""
        if self.error is not None:
            raise self.error
        if self.silent:
            await asyncio.Event().wait()
        said = self._book.read(speech)
        if self.likeliest and said and readings > 1:
            return Transcript(self.likeliest, language, 1.0, 0.0, 0.01, self.name, (said,))
        return Transcript(said, language, 1.0, 0.0, 0.01, self.name)


class FakeSynthesizer:
    """Speaks each sentence as one clause of ``word_seconds`` per word; ``asked`` holds the texts in order."""

    voice = "fake:voice"
    sample_rate_hz = 48_000

    def __init__(self, word_seconds: float = 0.06) -> None:
        self._word_seconds = word_seconds
        self.asked: list[str] = []
        self.clauses = 0
        """Clauses that were synthesised."""
        self.error: Exception | None = None
        self.error_after_clauses = 0
        """How many clauses come out before ``error``."""
        self.before_clause: Callable[[], Awaitable[object]] | None = None

    async def synthesize(self, text: str, *, rate: float = 1.0) -> AsyncIterator[SpeechChunk]:
        """One chunk per sentence."""
        self.asked.append(text)
        for number, clause in enumerate(clauses(text)):
            if self.error is not None and number >= self.error_after_clauses:
                raise self.error
            if self.before_clause is not None:
                await self.before_clause()
            self.clauses += 1
            seconds = self._word_seconds * len(clause.split()) / rate
            tone = np.full(round(seconds * self.sample_rate_hz), 0.25, np.float32)
            yield SpeechChunk(clause, tone, (VisemeMark(0.0, "aa", 1.0), VisemeMark(seconds, "sil", 1.0)))
        if self.error is not None and not clauses(text)[self.error_after_clauses :]:
            raise self.error


def clauses(text: str) -> list[str]:
    """Sentences, with their full stops."""
    words, found = text.split(), list[list[str]]([[]])
    for word in words:
        found[-1].append(word)
        if word[-1] in ".?!":
            found.append([])
    return [" ".join(clause) for clause in found if clause]
