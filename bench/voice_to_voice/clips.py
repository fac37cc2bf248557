"""What the person in the browser says: three clips at fixed times in one WAV file for Chromium's fake microphone."""

import json
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from conversation.speech.ports import Samples
from conversation.speech.wav import read_wav
from rtc_server.caller.voice import CallerVoice, as_clip, resampled
from rtc_server.rtc.opus import CLOCK_HZ

SHORT, MEDIUM, PAUSE = "short", "medium", "pause"
PAUSE_SECONDS = 0.400
TEXTS = {
    SHORT: "Yes.",
    MEDIUM: "My name is Maria Lopez.",
    PAUSE: "I would like to change my appointment, … because I have to travel on Friday.",
}
ONE_TURN_CLIPS = (SHORT, MEDIUM)
"""The headline counts these: an answer in the middle of the pause clip would look fast."""

LEAD_SECONDS = 5.0
"""Time for connecting and the first question."""
GAP_SECONDS = 5.5
"""Time for an answer and the next question."""
TAIL_SECONDS = 5.0
NOISE_RMS = 1e-4
"""-80 dBFS, as a quiet room behind a close microphone."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """A WAV file and what is in it."""

    file: Path
    clips: tuple[tuple[str, float], ...]
    """(name, seconds) in the order in which they are said."""
    seconds: float
    """How long a session lasts."""


async def synthesised() -> dict[str, Samples]:
    """The clips in the synthetic caller's voice, float32 at 48 kHz."""
    voice = CallerVoice()
    try:
        first = await voice.say("I would like to change my appointment,")
        second = await voice.say("because I have to travel on Friday.")
        silence = np.zeros(round(PAUSE_SECONDS * CLOCK_HZ), np.float32)
        return {
            SHORT: await voice.say(TEXTS[SHORT]),
            MEDIUM: await voice.say(TEXTS[MEDIUM]),
            PAUSE: np.concatenate([first, silence, second]),
        }
    finally:
        await voice.close()


def from_recording(layout: Path) -> dict[str, Samples]:
    """The clips cut out of a recording; ``layout`` is JSON: ``{"wav": FILE, "utts": [{"clip", "start", "end"}]}``."""
    data = json.loads(layout.read_text(encoding="utf-8"))
    samples = resampled(read_wav(layout.parent / Path(data["wav"]).name), 16_000)
    found = {}
    for part in data["utts"]:
        cut = samples[round(part["start"] * CLOCK_HZ) : round(part["end"] * CLOCK_HZ)]
        found[part["clip"]] = as_clip(cut, CLOCK_HZ)
    missing = {SHORT, MEDIUM, PAUSE} - found.keys()
    if missing:
        raise ValueError(f"{layout} has no clip named {', '.join(sorted(missing))}")
    return found


def write_microphone(clips: dict[str, Samples], file: Path) -> Microphone:
    """Lay the clips out in time and write them, with room noise, as 16-bit WAV at 48 kHz."""
    order = (SHORT, MEDIUM, PAUSE)
    parts = [_silence(LEAD_SECONDS)]
    for name in order:
        parts += [clips[name], _silence(GAP_SECONDS if name != order[-1] else TAIL_SECONDS)]
    sound = np.concatenate(parts)
    seconds = sound.size / CLOCK_HZ
    # A long end, so that the file never begins again within a session.
    sound = np.concatenate([sound, _silence(20.0)])
    sound = sound + np.random.default_rng(0).normal(0.0, NOISE_RMS, sound.size).astype(np.float32)
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(CLOCK_HZ)
        target.writeframes((np.clip(sound, -1.0, 1.0) * 32_767).astype("<i2").tobytes())
    return Microphone(file, tuple((name, clips[name].size / CLOCK_HZ) for name in order), seconds)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * CLOCK_HZ), np.float32)
