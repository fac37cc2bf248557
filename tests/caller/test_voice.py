"""The caller's voice is understood, is not the avatar's, and ends where its clip ends."""

from pathlib import Path

import numpy as np
import pytest

from conversation.speech.pool import ModelPool
from conversation.speech.ports import Samples
from conversation.speech.providers.hibari import HibariSynthesizer
from conversation.speech.providers.whisper_ct2 import WhisperCTranslate2
from rtc_server.caller.script import Answer, ScriptError
from rtc_server.caller.voice import PEAK, PITCH, as_clip, record_clips, resampled
from rtc_server.rtc.opus import CLOCK_HZ

TEXT = "My name is Maria Lopez, and I would like to change my appointment."


def fundamental_hz(samples: Samples, rate_hz: int) -> float:
    """Median pitch of the loudest frames, by autocorrelation between 80 and 350 Hz."""
    frame = rate_hz // 20
    frames = samples[: samples.size // frame * frame].reshape(-1, frame).astype(np.float64)
    loud = frames[np.argsort((frames**2).sum(axis=1))[-20:]]
    shortest, longest = rate_hz // 350, rate_hz // 80
    lags = [np.correlate(f, f, "full")[frame - 1 :][shortest:longest].argmax() + shortest for f in loud]
    return float(rate_hz / np.median(lags))


def test_a_clip_has_no_silence_around_it_and_the_usual_loudness() -> None:
    tone = np.sin(2 * np.pi * 300 * np.arange(8_000) / 16_000).astype(np.float32) * 0.2
    clip = as_clip(np.concatenate([np.zeros(4_000, np.float32), tone, np.zeros(4_000, np.float32)]), 16_000)
    assert clip.size / CLOCK_HZ == pytest.approx(0.5, abs=0.021)
    assert np.abs(clip).max() == pytest.approx(PEAK, rel=0.01)
    with pytest.raises(ValueError, match="nothing to hear"):
        as_clip(np.zeros(1_000, np.float32), 16_000)


async def test_spoken_answers_are_lower_than_the_avatar_and_wav_files_are_read(tmp_path: Path) -> None:
    said = Answer("say", TEXT)
    clips = await record_clips([said, Answer("type", "x"), Answer("silence", seconds=1.0)])
    assert list(clips) == [said]
    pool = ModelPool("avatar")
    try:
        avatar = HibariSynthesizer(pool)
        own = np.concatenate([chunk.samples async for chunk in avatar.synthesize(TEXT)])
        ratio = fundamental_hz(clips[said], CLOCK_HZ) / fundamental_hz(own, avatar.sample_rate_hz)
    finally:
        await pool.close()
    assert ratio == pytest.approx(PITCH, abs=0.05)
    with pytest.raises(ScriptError, match=r"missing\.wav cannot be used"):
        await record_clips([Answer("wav", str(tmp_path / "missing.wav"))])
    with pytest.raises(ScriptError, match="nothing to pronounce"):
        await record_clips([Answer("say", "…")])


@pytest.mark.models
async def test_whisper_base_understands_the_caller(weights: Path) -> None:
    answer = Answer("say", TEXT)
    clips = await record_clips([answer])
    pool = ModelPool("whisper")
    try:
        whisper = WhisperCTranslate2(weights / "whisper-base", pool, threads=1)
        heard = await whisper.transcribe(resampled(clips[answer], CLOCK_HZ, 16_000))
    finally:
        await pool.close()
    words = heard.text.casefold()
    for word in ("maria", "lopez", "change", "appointment"):
        assert word in words
