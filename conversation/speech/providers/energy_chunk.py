"""Finishing a clause from an engine that gives samples and no timing: trim, fade, pause, mouth shapes by loudness."""

import re

import numpy as np

from conversation.speech.clauses import clauses
from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import Samples, SpeechChunk
from conversation.speech.trim import audible_span
from conversation.speech.visemes import from_energy

LONGEST_TEXT_CHARACTERS = 5_000
SLOWEST_RATE, FASTEST_RATE = 0.5, 2.0

_FADE_SECONDS = 0.005
_CLAUSE_PAUSE = 0.120
_SENTENCE_PAUSE = 0.250
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…。？！])\s+")


def pieces(engine: str, text: str, rate: float) -> list[str]:
    """Return the clauses to speak, without those that have nothing to pronounce.

    Raises ``SpeechError`` (INPUT) when the text is longer than 5,000 characters or the rate outside of 0.5 to 2.
    """
    if len(text) > LONGEST_TEXT_CHARACTERS:
        message = f"text has {len(text)} characters, at most {LONGEST_TEXT_CHARACTERS} allowed"
        raise SpeechError(Category.INPUT, engine, message)
    if not SLOWEST_RATE <= rate <= FASTEST_RATE:
        raise SpeechError(Category.INPUT, engine, f"rate must be {SLOWEST_RATE} to {FASTEST_RATE}, got {rate}")
    cut = clauses(_BETWEEN_SENTENCES.split(text.strip()))
    return [clause for clause in cut if any(map(str.isalnum, clause))]


def finish(text: str, samples: Samples, rate_hz: int, *, rate: float, last: bool) -> SpeechChunk | None:
    """Return the chunk of one clause, or None when the samples (float32 [n]) are silent.

    Every chunk but the last one ends in a natural pause, shorter at a faster pace.
    """
    span = audible_span(samples, rate_hz)
    if span is None:
        return None
    spoken = samples[slice(*span)].copy()
    fade = min(round(_FADE_SECONDS * rate_hz), len(spoken))
    spoken[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    ends_sentence = text.rstrip("\"')”’]")[-1:] in ".!?…。？！"
    pause = 0.0 if last else (_SENTENCE_PAUSE if ends_sentence else _CLAUSE_PAUSE) / rate
    silence = np.zeros(round(pause * rate_hz), dtype=np.float32)
    return SpeechChunk(text, np.concatenate([spoken, silence]), from_energy(spoken, rate_hz))
