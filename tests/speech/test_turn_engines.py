"""Voice activity and end of turn with their real networks, on speech made by the default voice."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import WINDOW_SAMPLES, Samples
from conversation.speech.providers.hibari import HibariSynthesizer
from conversation.speech.providers.silero import SileroModel
from conversation.speech.providers.smart_turn import SmartTurnDetector
from tests.speech.speaking import said

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ModelPool]:
    made = ModelPool("turn")
    yield made
    await made.close()


@pytest.fixture(scope="module")
def voice(pool: ModelPool) -> HibariSynthesizer:
    return HibariSynthesizer(pool)


@pytest.fixture(scope="module")
def silero(weights: Path, pool: ModelPool) -> SileroModel:
    return SileroModel(weights / "silero-vad" / "silero_vad.onnx", pool)


@pytest.fixture(scope="module")
def smart_turn(weights: Path, pool: ModelPool) -> SmartTurnDetector:
    return SmartTurnDetector(weights / "smart-turn" / "smart-turn-v3.2-cpu.onnx", pool)


def windows(samples: Samples) -> Samples:
    whole = len(samples) // WINDOW_SAMPLES
    return samples[: whole * WINDOW_SAMPLES].reshape(whole, WINDOW_SAMPLES)


def quiet(seconds: float, loudness: float = 0.001) -> Samples:
    noise = np.random.default_rng(5).standard_normal(int(seconds * 16_000))
    return (loudness * noise).astype(np.float32)


async def test_speech_is_told_from_silence_and_noise(silero: SileroModel, voice: HibariSynthesizer) -> None:
    speech = await said(voice, "I would like to book a table for two people tomorrow evening.")
    assert np.median(await silero.stream().probabilities(windows(speech))) > 0.9
    for other in (quiet(3.0, 0.0), quiet(3.0), quiet(3.0, 0.05)):
        assert max(await silero.stream().probabilities(windows(other))) < 0.3


async def test_onset_and_end_are_found_in_time(silero: SileroModel, voice: HibariSynthesizer) -> None:
    speech = await said(voice, "Yes, please.")
    sound = np.concatenate([quiet(1.0), speech, quiet(1.0)])
    active = np.array(await silero.stream().probabilities(windows(sound))) > 0.5
    seconds = np.flatnonzero(active) * WINDOW_SAMPLES / 16_000
    assert seconds[0] == pytest.approx(1.0, abs=0.15)
    assert seconds[-1] == pytest.approx(1.0 + len(speech) / 16_000, abs=0.25)


async def test_one_call_or_many_give_the_same(silero: SileroModel, voice: HibariSynthesizer) -> None:
    speech = windows(await said(voice, "My name is Maria."))
    at_once = await silero.stream().probabilities(speech)
    stream = silero.stream()
    one_by_one = [probability for window in speech for probability in await stream.probabilities(window[np.newaxis])]
    assert one_by_one == pytest.approx(at_once, abs=1e-6)


async def test_streams_do_not_disturb_each_other_and_reset_forgets(
    silero: SileroModel, voice: HibariSynthesizer
) -> None:
    speech = windows(await said(voice, "My name is Maria."))
    stream = silero.stream()
    fresh = await stream.probabilities(speech)
    await silero.stream().probabilities(windows(quiet(1.0, 0.2)))
    changed = await stream.probabilities(speech)
    stream.reset()
    assert await stream.probabilities(speech) == fresh
    assert changed != fresh


async def test_windows_of_another_size_are_refused(silero: SileroModel) -> None:
    assert await silero.stream().probabilities(np.zeros((0, WINDOW_SAMPLES), dtype=np.float32)) == []
    with pytest.raises(ValueError, match="512"):
        await silero.stream().probabilities(np.zeros((1, 160), dtype=np.float32))


async def test_a_finished_sentence_sounds_more_finished_than_a_cut_one(
    smart_turn: SmartTurnDetector, voice: HibariSynthesizer
) -> None:
    for text in ("I want to cancel my subscription.", "I was charged twice for the same order."):
        whole = await said(voice, text)
        cut = whole[: int(len(whole) * 0.6)]
        finished = await smart_turn.probability(np.concatenate([whole, quiet(0.2)]))
        unfinished = await smart_turn.probability(np.concatenate([cut, quiet(0.2)]))
        assert finished > 0.8
        assert unfinished < finished - 0.3


async def test_only_the_latest_eight_seconds_count(smart_turn: SmartTurnDetector, voice: HibariSynthesizer) -> None:
    speech = await said(voice, "I want to cancel my subscription.")
    recent = np.concatenate([speech, quiet(0.2)])
    filled = np.concatenate([quiet(8.0, 0.0)[len(recent) :], recent])
    long = np.concatenate([quiet(10.0, 0.1), filled])
    assert await smart_turn.probability(long) == pytest.approx(await smart_turn.probability(recent), abs=1e-5)


async def test_silence_and_nothing_are_probabilities_too(smart_turn: SmartTurnDetector) -> None:
    for samples in (np.zeros(0, dtype=np.float32), np.zeros(16_000, dtype=np.float32)):
        assert 0.0 <= await smart_turn.probability(samples) <= 1.0


@pytest.mark.parametrize("engine", [SileroModel, SmartTurnDetector])
async def test_absent_and_damaged_files_are_named(
    engine: type[SileroModel] | type[SmartTurnDetector], pool: ModelPool, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"not a model")
    for path in (damaged, tmp_path / "absent.onnx"):
        with pytest.raises(SpeechError, match="visavis models pull") as refused:
            engine(path, pool)
        assert refused.value.category is Category.MODEL
        assert str(path) in str(refused.value)
