"""The caller's voice: recordings, or synthesis at another pitch and pace than the avatar's."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np

from conversation.speech.pool import ModelPool
from conversation.speech.ports import Samples
from conversation.speech.providers.hibari import HibariSynthesizer
from conversation.speech.wav import read_wav
from rtc_server.caller.measurement import audible_span
from rtc_server.caller.script import Answer, ScriptError
from rtc_server.rtc.opus import CLOCK_HZ

PITCH = 0.9
"""Two semitones below the avatar's voice; from three on Whisper base begins to mishear names."""
PACE = 0.95
PEAK = 0.6
"""Loudness of every clip: a person near the microphone."""


def resampled(samples: Samples, from_hz: int, to_hz: int = CLOCK_HZ) -> Samples:
    """float32 [n] at another rate."""
    if from_hz == to_hz:
        return samples
    resampler = av.AudioResampler(format="flt", layout="mono", rate=to_hz)
    frame = av.AudioFrame.from_ndarray(samples.astype(np.float32).reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = from_hz
    blocks = [part.to_ndarray().reshape(-1) for step in (frame, None) for part in resampler.resample(step)]
    return np.concatenate(blocks).astype(np.float32, copy=False)


def as_clip(samples: Samples, rate_hz: int) -> Samples:
    """48 kHz at the usual loudness, cut to what is audible, so that its end is the end of the speech.

    Raises ValueError when there is nothing to hear.
    """
    clip = resampled(samples, rate_hz)
    peak = float(np.abs(clip).max(initial=0.0))
    if peak == 0.0:
        raise ValueError("there is nothing to hear in it")
    clip = clip * np.float32(PEAK / peak)
    span = audible_span(clip, CLOCK_HZ)
    if span is None:
        raise ValueError("there is nothing to hear in it")
    return clip[span[0] : span[1]]


class CallerVoice:
    """Text to clips. The network is loaded once and ended by ``close``."""

    def __init__(self, pitch: float = PITCH, pace: float = PACE) -> None:
        self._pitch = pitch
        self._pace = pace
        self._pool = ModelPool("caller-voice")
        self._synthesizer = HibariSynthesizer(self._pool)

    async def say(self, text: str) -> Samples:
        """float32 at 48 kHz. Raises SpeechError, and ValueError for text without anything to pronounce."""
        # Played slower, a voice is lower and slower; the pace is corrected beforehand.
        rate = self._pace / self._pitch
        chunks = [chunk.samples async for chunk in self._synthesizer.synthesize(text, rate=rate)]
        if not chunks:
            raise ValueError(f"there is nothing to pronounce in '{text}'")
        return as_clip(np.concatenate(chunks), round(self._synthesizer.sample_rate_hz * self._pitch))

    async def close(self) -> None:
        """End the thread."""
        await self._pool.close()


async def record_clips(answers: Iterable[Answer]) -> dict[Answer, Samples]:
    """A clip for each spoken answer, made before the call so that the call's times are not disturbed.

    Raises SpeechError, and ScriptError for a WAV file that cannot be used.
    """
    spoken = [answer for answer in answers if answer.kind in ("say", "wav")]
    clips = {a: await asyncio.to_thread(_recording, Path(a.text)) for a in spoken if a.kind == "wav"}
    to_say = [answer for answer in spoken if answer.kind == "say"]
    if not to_say:
        return clips
    voice = await asyncio.to_thread(CallerVoice)
    try:
        for answer in to_say:
            clips[answer] = await voice.say(answer.text)
    except ValueError as error:
        raise ScriptError(str(error)) from error
    finally:
        await voice.close()
    return clips


def _recording(file: Path) -> Samples:
    try:
        return as_clip(read_wav(file), 16_000)
    except (OSError, ValueError) as error:
        raise ScriptError(f"recording {file} cannot be used: {error}") from error
