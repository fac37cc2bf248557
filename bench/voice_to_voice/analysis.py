"""From two recorded tracks to turns: when each clip ended and when the answer could first be heard (pure)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conversation.speech.ports import Samples
from rtc_server.caller.measurement import SoundGate, Stretch

CLIP_TOLERANCE_SECONDS = 0.08
CLIP_GAP_SECONDS = 0.6
"""Longer than the pause inside a clip, shorter than that between clips."""
REPLY_GAP_SECONDS = 0.2
_CLOCK_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """A clip that was said and what came back. Times are wall-clock seconds."""

    clip: str
    ended_at: float
    reply_ms: float | None
    """End of the clip to the first audible sample in the page; None when nothing came before the next clip."""
    early: bool
    """The avatar began to speak while the clip was being said."""


class Recording:
    """A track's samples with the arrival time of each block."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.rate_hz = int(data["rateHz"])
        pcm = np.frombuffer(base64.b64decode(data["pcm"]), "<i2")
        self.samples: Samples = pcm.astype(np.float32) / np.float32(32_768)
        self._arrived = np.array([block[0] for block in data["blocks"]])
        self._ends = np.cumsum([block[1] for block in data["blocks"]]) / max(1, self.rate_hz)

    def stretches(self, gap: float) -> list[Stretch]:
        """Audible stretches in seconds from the first sample; shorter gaps belong to them."""
        gate = SoundGate(self.rate_hz, gap)
        gate.feed(self.samples, 0.0)
        return gate.stretches

    def captured_at(self, seconds: float) -> float:
        """Wall time of a moment of a track that runs at a steady rate: the least delayed blocks around it tell."""
        block = self._block(seconds)
        near = slice(max(0, block - _CLOCK_BLOCKS), block + _CLOCK_BLOCKS)
        return float((self._arrived[near] - self._ends[near]).min()) + seconds

    def arrived_at(self, seconds: float) -> float:
        """Wall time at which a moment of the track reached the page."""
        block = self._block(seconds)
        return float(self._arrived[block] - (self._ends[block] - seconds))

    def _block(self, seconds: float) -> int:
        return min(int(np.searchsorted(self._ends, seconds, side="right")), self._ends.size - 1)


def turns(microphone: Recording, voice: Recording, clips: Sequence[tuple[str, float]]) -> list[Turn]:
    """Find the clips, given as (name, seconds), in the microphone's track, and the reply to each.

    Raises ValueError when the microphone did not say exactly these clips.
    """
    said = microphone.stretches(CLIP_GAP_SECONDS)
    lengths = [s.ended_at - s.began_at for s in said]
    wanted = [seconds for _, seconds in clips]
    if len(said) != len(clips) or any(
        abs(a - b) > CLIP_TOLERANCE_SECONDS for a, b in zip(lengths, wanted, strict=True)
    ):
        raise ValueError(f"the microphone said {_seconds(lengths)}, not {_seconds(wanted)}")
    onsets = [voice.arrived_at(s.began_at) for s in voice.stretches(REPLY_GAP_SECONDS)] if voice.samples.size else []
    begins = [microphone.captured_at(s.began_at) for s in said]
    found = []
    for index, ((name, _), stretch) in enumerate(zip(clips, said, strict=True)):
        ended_at = microphone.captured_at(stretch.ended_at)
        until = begins[index + 1] if index + 1 < len(begins) else float("inf")
        reply_at = next((at for at in onsets if ended_at <= at < until), None)
        early = any(begins[index] < at < ended_at for at in onsets)
        found.append(Turn(name, ended_at, None if reply_at is None else 1000 * (reply_at - ended_at), early))
    return found


def _seconds(values: Sequence[float]) -> str:
    return f"[{', '.join(f'{value:.2f}' for value in values)}] s"
