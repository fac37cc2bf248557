"""The queue of speech that waits to be sent (pure): utterances of clauses in, 20 ms frames out.

Positions count samples at 48 kHz. Every frame is full: where there is nothing to say it holds silence.
"""

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from scipy.signal import resample_poly

from conversation.speech.ports import Samples
from rtc_server.rtc.opus import CLOCK_HZ, FRAME_SAMPLES, Pcm
from rtc_server.rtc.ports import PlaybackEnded, PlaybackEvent, PlaybackStarted

MAX_QUEUED_SECONDS = 120.0

FADE_SAMPLES = 240
"""5 ms: short enough to be at once, long enough not to click."""


class QueueFull(RuntimeError):
    """More speech was queued than anybody would listen to; the caller lost count of what it said."""


class _ToClock:
    """float32 at any rate to int16 at 48 kHz, as one stream: about a millisecond is kept back until what follows is
    known, so that clauses join without a click. (PyAV's resampler keeps two threads each, in a reference cycle.)"""

    def __init__(self, rate_hz: int) -> None:
        divisor = math.gcd(CLOCK_HZ, rate_hz)
        self.rate_hz = rate_hz
        self._up, self._down = CLOCK_HZ // divisor, rate_hz // divisor
        # resample_poly looks 10 * max(up, down) steps of the common rate to either side.
        reach = 10 * max(self._up, self._down) // self._up + 1
        self._margin = -(-reach // self._down) * self._down
        self._pending = np.zeros(self._margin, dtype=np.float32)
        """What was converted last, for the filter to look back at, and then what is kept back."""

    def convert(self, samples: Samples, *, end: bool) -> Pcm:
        samples = np.clip(np.nan_to_num(samples), -1.0, 1.0)
        if self.rate_hz != CLOCK_HZ:
            samples = self._resample(samples, end=end)
        return (np.clip(samples, -1.0, 1.0) * 32_767.0).astype(np.int16)

    def _resample(self, samples: Samples, *, end: bool) -> Samples:
        block = np.concatenate([self._pending, samples])
        fresh = block.size - self._margin
        if not end:
            fresh = max(0, fresh - self._margin) // self._down * self._down
        self._pending = block[fresh:]
        first = self._margin * self._up // self._down
        converted: Samples = resample_poly(block, self._up, self._down).astype(np.float32, copy=False)
        return converted[first : first + -(-fresh * self._up // self._down)]


@dataclass(slots=True)
class _Utterance:
    utterance_id: str
    converter: _ToClock
    blocks: deque[Pcm] = field(default_factory=deque)
    queued_samples: int = 0
    sent_samples: int = 0
    complete: bool = False
    """The last clause has come."""


class PlayoutQueue:
    """What to say next, and how far it has been said."""

    def __init__(self) -> None:
        self._utterances: deque[_Utterance] = deque()
        self._paused = False
        self._fade_in = False
        self._tail = _silence(0)

    @property
    def queued_samples(self) -> int:
        """Samples not yet sent."""
        return sum(utterance.queued_samples for utterance in self._utterances)

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def current(self) -> tuple[str, float] | None:
        """The utterance being said and the seconds of it that were sent; None when there is none."""
        if not self._utterances:
            return None
        utterance = self._utterances[0]
        return utterance.utterance_id, utterance.sent_samples / CLOCK_HZ

    def add(self, utterance_id: str, samples: Samples, rate_hz: int, *, last: bool) -> int:
        """Queue a clause of float32 mono; answer how many samples from the next frame's start it begins.

        Clauses of one utterance follow each other without a gap and must have one rate. Raises QueueFull beyond
        MAX_QUEUED_SECONDS, and ValueError for a rate that changes or an utterance that was complete already.
        """
        if self.queued_samples / CLOCK_HZ + samples.size / rate_hz > MAX_QUEUED_SECONDS:
            raise QueueFull(f"more than {MAX_QUEUED_SECONDS:.0f} s of speech queued; wait for PlaybackEnded")
        utterance = self._utterances[-1] if self._utterances else None
        if utterance is None or utterance.utterance_id != utterance_id:
            utterance = _Utterance(utterance_id, _ToClock(rate_hz))
            self._utterances.append(utterance)
        elif utterance.complete:
            raise ValueError("the utterance's last clause was queued already")
        elif utterance.converter.rate_hz != rate_hz:
            raise ValueError(f"an utterance has one rate: {utterance.converter.rate_hz} Hz, not {rate_hz} Hz")
        begins = self.queued_samples
        block = utterance.converter.convert(samples, end=last)
        if block.size:
            utterance.blocks.append(block)
            utterance.queued_samples += block.size
        utterance.complete = last
        return begins

    def pause(self) -> None:
        """Fall silent and keep the rest."""
        if not self._paused:
            self._paused = True
            if self._mid_utterance():
                # These samples are not counted as sent: they come again, whole, after resume().
                self._tail = _faded(self._peek(FADE_SAMPLES), rising=False)

    def resume(self) -> None:
        """Go on exactly where pause() cut."""
        if self._paused:
            self._paused = False
            self._fade_in = self._mid_utterance()

    def stop(self) -> tuple[PlaybackEvent, ...]:
        """Drop everything but a fade-out; answer what was cut short."""
        if self._mid_utterance() and not self._paused:
            self._tail = _faded(self._peek(FADE_SAMPLES), rising=False)
        events = tuple(
            PlaybackEnded(utterance.utterance_id, utterance.sent_samples / CLOCK_HZ, completed=False)
            for utterance in self._utterances
        )
        self._utterances.clear()
        self._paused = self._fade_in = False
        return events

    def next_frame(self) -> tuple[Pcm, tuple[PlaybackEvent, ...]]:
        """int16 [960] to send now, and what starts or ends with it."""
        frame = _silence(FRAME_SAMPLES)
        if self._tail.size:
            frame[: self._tail.size] = self._tail
            self._tail = _silence(0)
            return frame, ()
        if self._paused:
            return frame, ()
        events: list[PlaybackEvent] = []
        filled = 0
        while self._utterances:
            utterance = self._utterances[0]
            if utterance.sent_samples == 0 and utterance.queued_samples and filled < FRAME_SAMPLES:
                events.append(PlaybackStarted(utterance.utterance_id))
            filled += _drain(utterance, frame[filled:])
            if utterance.queued_samples or not utterance.complete:
                break
            self._utterances.popleft()
            events.append(PlaybackEnded(utterance.utterance_id, utterance.sent_samples / CLOCK_HZ, completed=True))
        if self._fade_in:
            frame[:FADE_SAMPLES] = _faded(frame[:FADE_SAMPLES], rising=True)
            self._fade_in = False
        return frame, tuple(events)

    def _mid_utterance(self) -> bool:
        return bool(self._utterances) and self._utterances[0].sent_samples > 0

    def _peek(self, samples: int) -> Pcm:
        blocks = self._utterances[0].blocks
        return blocks[0][:samples].copy() if blocks else _silence(0)


def _drain(utterance: _Utterance, room: Pcm) -> int:
    """Move as much of the utterance into ``room`` as fits."""
    moved = 0
    while utterance.blocks and moved < room.size:
        block = utterance.blocks.popleft()
        part = block[: room.size - moved]
        room[moved : moved + part.size] = part
        moved += part.size
        if part.size < block.size:
            utterance.blocks.appendleft(block[part.size :])
    utterance.queued_samples -= moved
    utterance.sent_samples += moved
    return moved


def _faded(pcm: Pcm, *, rising: bool) -> Pcm:
    ramp = np.linspace(0.0, 1.0, pcm.size, dtype=np.float32)
    faded: Pcm = (pcm * (ramp if rising else ramp[::-1])).astype(np.int16)
    return faded


def _silence(samples: int) -> Pcm:
    return np.zeros(samples, dtype=np.int16)
