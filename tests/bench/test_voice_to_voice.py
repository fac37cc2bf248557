"""Turns out of recorded tracks, splits out of transcripts, stages that add up."""

import base64
from typing import Any

import numpy as np
import pytest

from bench.voice_to_voice.analysis import Recording, Turn, turns
from bench.voice_to_voice.browser import Session
from bench.voice_to_voice.report import figures, is_split, stage_times
from bench.voice_to_voice.targets import Heard

RATE_HZ = 48_000
BLOCK = 480
WHOLE = "I would like to change my appointment because I have to travel on Friday."


def recording(sounds: list[tuple[float, float]], seconds: float, starts_at: float, delays: Any = None) -> Recording:
    """A track with tones from ... to ..., whose blocks arrive when they are complete, plus a delay each."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    on = np.zeros(time.size, bool)
    for begin, end in sounds:
        on |= (time >= begin) & (time < end)
    pcm = (np.sin(2 * np.pi * 500 * time) * on * 16_000).astype("<i2")
    count = pcm.size // BLOCK
    late = np.zeros(count) if delays is None else delays[:count]
    blocks = [[starts_at + (index + 1) * BLOCK / RATE_HZ + late[index], BLOCK] for index in range(count)]
    return Recording({"rateHz": RATE_HZ, "blocks": blocks, "pcm": base64.b64encode(pcm.tobytes()).decode()})


def test_replies_are_timed_in_wall_clock() -> None:
    late = np.random.default_rng(1).uniform(0, 0.03, 2_000)
    late[::50] = 0.0
    microphone = recording([(1.0, 1.4), (5.0, 6.0), (6.4, 7.0)], 12.0, 1_000.0, late)
    voice = recording([(1.55, 3.0), (6.9, 7.0), (7.3, 9.0)], 11.0, 1_000.5)
    short, pause = turns(microphone, voice, [("short", 0.4), ("pause", 2.0)])
    assert short.ended_at == pytest.approx(1_001.4, abs=0.011)
    assert short.reply_ms == pytest.approx(650, abs=12)
    # The voice began once at 1_007.4, within the reply gap of nothing else: after the clip's end at 1_007.0.
    assert pause.reply_ms == pytest.approx(400, abs=12)
    assert (short.early, pause.early) == (False, False)


def test_an_answer_in_the_middle_is_early() -> None:
    microphone = recording([(1.0, 2.0), (2.4, 3.0)], 8.0, 0.0)
    voice = recording([(2.2, 2.9), (4.0, 5.0)], 8.0, 0.0)
    (turn,) = turns(microphone, voice, [("pause", 2.0)])
    assert turn.early
    assert turn.reply_ms == pytest.approx(1_000, abs=12)


def test_a_microphone_that_skipped_is_no_measurement() -> None:
    microphone = recording([(1.0, 1.8)], 4.0, 0.0)
    with pytest.raises(ValueError, match=r"said \[0.80\] s, not \[1.00\] s"):
        turns(microphone, microphone, [("short", 1.0)])


def session(*sentences: str) -> Session:
    said = [Turn("short", 100.0, 600.0, early=False), Turn("pause", 110.0, None, early=False)]
    marks = [("VAD", 100.3), ("TTS", 100.5)]
    heard = Heard(list(sentences), [[("VAD", 50.0)], marks])
    return Session("x", said, heard, 20.0, 4.0, {"native": 1.0, "idle": 9.0}, 500.0, 0.5, 30.0)


@pytest.mark.parametrize(
    ("sentences", "split"),
    [
        (("Yes.", WHOLE), False),
        (("Yes.", "I would like to change my appointment."), True),
        (("I would like to change my appointment,", "because I have to travel on Friday."), True),
        (("Yes.",), None),
    ],
)
def test_splits(sentences: tuple[str, ...], split: bool | None) -> None:
    assert is_split(session(*sentences)) is split


def test_stages_add_up_to_what_was_heard() -> None:
    (stages,) = stage_times(session())
    assert [name for name, _ in stages] == ["VAD", "TTS", "to the ear"]
    assert [ms for _, ms in stages] == pytest.approx([300, 200, 100], abs=1e-3)


def test_figures() -> None:
    found = figures([session(WHOLE), session("on Friday")], {"STT": ("native",), "none": ("other",)})
    assert found["voiceToVoiceMs"]["one-turn clips"]["count"] == 2
    assert found["voiceToVoiceMs"]["pause"] == {"said": 2, "early": 0, "count": 0}
    assert found["pauseClip"] == {"answered": 2, "split": 1}
    assert found["cpuSecondsPerSecond"] == 0.2
    assert found["cpuMsPerTurn"] == {"STT": 500, "none": 0}
