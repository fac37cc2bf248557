"""The default voice, with its real network."""

import shutil
import threading
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SpeechChunk
from conversation.speech.providers.hibari import DURATION_SAMPLES, HibariSynthesizer
from tests.speech.test_time_stretch import pitch_of

SENTENCES = "Thank you, Maria. I have booked your appointment for Tuesday."
LONG = (
    "I will verify your identity today, which takes about two minutes: first I will ask you a few questions, "
    "then I will look at your face and your passport."
)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ModelPool]:
    made = ModelPool("tts")
    yield made
    await made.close()


@pytest.fixture(scope="module")
def voice(pool: ModelPool) -> HibariSynthesizer:
    return HibariSynthesizer(pool)


async def speak(voice: HibariSynthesizer, text: str, rate: float = 1.0) -> list[SpeechChunk]:
    return [chunk async for chunk in voice.synthesize(text, rate=rate)]


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.4])
@pytest.mark.parametrize("phonemes", ["həlˈO ðˈɛɹ.", "wˌʌts jʊɹ ˈimˌAl?", "ʧˈɜɹʧ, ʤˈʌʤ!"])
async def test_phoneme_durations_add_up_to_the_audio(voice: HibariSynthesizer, phonemes: str, rate: float) -> None:
    rendering = voice.render(phonemes, rate)
    assert len(rendering.phonemes) == len(phonemes) + 2
    last = rendering.phonemes[-1]
    assert round((last.start + last.duration) * voice.sample_rate_hz) == len(rendering.samples)
    assert len(rendering.samples) % DURATION_SAMPLES == 0


async def test_speech_begins_within_twenty_milliseconds_and_ends_soon(voice: HibariSynthesizer) -> None:
    chunks = await speak(voice, SENTENCES)
    for chunk in chunks:
        loud = np.abs(chunk.samples) > 0.01 * np.abs(chunk.samples).max()
        assert int(np.flatnonzero(loud)[0]) / voice.sample_rate_hz < 0.020
    last = np.flatnonzero(np.abs(chunks[-1].samples) > 0.01 * np.abs(chunks[-1].samples).max())[-1]
    assert len(chunks[-1].samples) - int(last) < 0.060 * voice.sample_rate_hz


async def test_sentences_are_chunks_with_a_pause_between(voice: HibariSynthesizer) -> None:
    first, second = await speak(voice, SENTENCES)
    assert (first.text, second.text) == ("Thank you, Maria.", "I have booked your appointment for Tuesday.")
    pause = first.samples[-round(0.24 * voice.sample_rate_hz) :]
    assert not pause.any()
    assert 0.8 < len(first.samples) / voice.sample_rate_hz < 1.8


async def test_a_long_sentence_is_cut_at_clauses_so_that_its_beginning_is_ready_early(voice: HibariSynthesizer) -> None:
    chunks = await speak(voice, LONG)
    assert " ".join(chunk.text for chunk in chunks) == LONG
    assert len(chunks) >= 3
    assert all(chunk.text[-1] in ",:." for chunk in chunks)


async def test_visemes_lie_inside_the_speech_and_close_the_mouth(voice: HibariSynthesizer) -> None:
    for chunk in await speak(voice, SENTENCES):
        times = [mark.at for mark in chunk.visemes]
        assert times == sorted(times)
        assert times[0] >= 0
        assert times[-1] <= len(chunk.samples) / voice.sample_rate_hz
        assert chunk.visemes[-1].viseme == "sil"
        assert len(chunk.visemes) > 5


async def test_the_mouth_follows_the_sounds(voice: HibariSynthesizer) -> None:
    (chunk,) = await speak(voice, "Mama, papa, baby.")
    shapes = [mark.viseme for mark in chunk.visemes]
    assert shapes.count("PP") >= 5
    assert shapes[0] == "PP"
    # While the lips are closed for p and b next to nothing is heard: quieter than the vowels by far.
    loudness: dict[str, list[float]] = {"PP": [], "aa": []}
    for mark, following in pairwise(chunk.visemes):
        held = chunk.samples[round(mark.at * 24_000) : round(following.at * 24_000)]
        if mark.viseme in loudness:
            loudness[mark.viseme].append(float(np.sqrt(np.mean(held**2))))
    assert np.mean(loudness["PP"]) < 0.6 * np.mean(loudness["aa"])


async def test_the_same_text_gives_the_same_samples(voice: HibariSynthesizer, pool: ModelPool) -> None:
    once = await speak(voice, SENTENCES)
    again = await speak(HibariSynthesizer(pool), SENTENCES)
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert one.visemes == other.visemes


async def test_rate_changes_the_pace(voice: HibariSynthesizer) -> None:
    lengths = [sum(len(chunk.samples) for chunk in await speak(voice, SENTENCES, rate)) for rate in (0.7, 1.0, 1.5)]
    assert lengths[0] > 1.2 * lengths[1] > 1.4 * lengths[2]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "...", "🙂"])
async def test_nothing_to_say_gives_no_chunk(voice: HibariSynthesizer, text: str) -> None:
    assert await speak(voice, text) == []


@pytest.mark.parametrize(
    ("text", "rate"), [("a" * 5_001, 1.0), ("Hello.", 0.0), ("Hello.", 3.0), ("Hello.", float("nan"))]
)
async def test_bad_input_is_named(voice: HibariSynthesizer, text: str, rate: float) -> None:
    with pytest.raises(SpeechError) as refused:
        await speak(voice, text, rate)
    assert refused.value.category is Category.INPUT
    assert "aaa" not in str(refused.value)


async def test_a_word_without_end_is_still_spoken(voice: HibariSynthesizer) -> None:
    chunks = await speak(voice, "buffalo " * 300)
    assert sum(len(chunk.samples) for chunk in chunks) > 60 * voice.sample_rate_hz


async def test_a_long_number_is_spoken_in_bounded_pieces(voice: HibariSynthesizer) -> None:
    chunks = await speak(voice, "1234567890 " * 20)
    assert sum(len(chunk.samples) for chunk in chunks) > 60 * voice.sample_rate_hz
    for chunk in chunks:
        assert chunk.visemes[-1].at <= len(chunk.samples) / voice.sample_rate_hz


async def test_a_voice_that_is_not_in_the_package_is_never_fetched(pool: ModelPool) -> None:
    for name in ("emma", "nobody"):
        with pytest.raises(SpeechError, match="not in the package"):
            HibariSynthesizer(pool, voice=name)


async def test_absent_and_damaged_files_are_named(pool: ModelPool, tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"absent\.onnx is missing") as absent:
        HibariSynthesizer(pool, model_path=tmp_path / "absent.onnx")
    assert absent.value.category is Category.MODEL
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"\x08\x07" * 500)
    with pytest.raises(SpeechError, match=r"damaged\.onnx cannot be read"):
        HibariSynthesizer(pool, model_path=damaged)


async def test_a_model_file_of_ones_own_gives_another_name_and_the_same_voice(pool: ModelPool, tmp_path: Path) -> None:
    from hibari.voices import voice_path

    copy = tmp_path / "mine.onnx"
    shutil.copy(voice_path("heart"), copy)
    own, bundled = HibariSynthesizer(pool, model_path=copy), HibariSynthesizer(pool)
    assert own.voice != bundled.voice
    assert np.array_equal((await speak(own, "Hello."))[0].samples, (await speak(bundled, "Hello."))[0].samples)


async def test_synthesis_runs_in_the_pool(voice: HibariSynthesizer, pool: ModelPool) -> None:
    before = pool.status.finished
    await voice.warm_up()
    await speak(voice, "Hello.")
    assert pool.status.finished == before + 2
    assert any(thread.name.startswith("model-tts") for thread in threading.enumerate())


async def test_a_timbre_is_another_voice_with_the_same_words_and_timing(voice: HibariSynthesizer) -> None:
    deep = voice.with_voice("heart-baritone")
    assert (voice.voice, deep.voice) == ("hibari/heart", "hibari/heart-baritone")
    (usual,), (low,) = await speak(voice, "Hello there."), await speak(deep, "Hello there.")
    assert low.samples.size == pytest.approx(usual.samples.size, abs=2_400)
    assert [mark.viseme for mark in low.visemes] == [mark.viseme for mark in usual.visemes]
    assert pitch_of(low.samples) < 0.8 * pitch_of(usual.samples)
    assert np.array_equal((await speak(deep, "Hello there."))[0].samples, low.samples), "it may be cached"


async def test_a_timbre_can_be_the_first_choice(pool: ModelPool) -> None:
    assert HibariSynthesizer(pool, "heart-warm").voice == "hibari/heart-warm"


@pytest.mark.parametrize("name", ["heart-falsetto", "bella", "bella-tenor", ""])
async def test_a_voice_that_is_not_there_is_named(voice: HibariSynthesizer, name: str) -> None:
    with pytest.raises(SpeechError) as unknown:
        voice.with_voice(name)
    assert unknown.value.category is Category.INPUT
