"""The default transcriber with its real weights, on speech made by the default voice."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples
from conversation.speech.providers.hibari import HibariSynthesizer
from conversation.speech.providers.whisper_ct2 import Decoded, WhisperCTranslate2
from conversation.speech.words import normalise, word_errors
from conversation.text.spoken_code import likeliest_reading
from tests.speech.speaking import said

pytestmark = [pytest.mark.models, pytest.mark.asyncio(loop_scope="module")]

EMPTY: Samples = np.zeros(0, dtype=np.float32)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ModelPool]:
    made = ModelPool("stt")
    yield made
    await made.close()


@pytest.fixture(scope="module")
def voice(pool: ModelPool) -> HibariSynthesizer:
    return HibariSynthesizer(pool)


@pytest.fixture(scope="module")
def base(weights: Path, pool: ModelPool) -> WhisperCTranslate2:
    return WhisperCTranslate2(weights / "whisper-base", pool)


@pytest.fixture(scope="module")
def tiny(weights: Path, pool: ModelPool) -> WhisperCTranslate2:
    return WhisperCTranslate2(weights / "whisper-tiny.en", pool)


SENTENCES = (
    "Yes.",
    "I want to cancel my subscription.",
    "My phone number is five five five, zero one four two.",
    "I was charged twice for the same order and I want my money back.",
)


@pytest.mark.parametrize("model", ["base", "tiny"])
async def test_what_is_said_is_written(
    model: str, base: WhisperCTranslate2, tiny: WhisperCTranslate2, voice: HibariSynthesizer
) -> None:
    engine = {"base": base, "tiny": tiny}[model]
    errors = words = 0
    for sentence in SENTENCES:
        transcript = await engine.transcribe(await said(voice, sentence))
        found = word_errors(sentence, transcript.text)
        errors, words = errors + found.errors, words + found.words
        assert transcript.model == engine.name
        assert 0.3 < transcript.confidence <= 1.0
        assert transcript.no_speech < 0.5
        assert transcript.decode_seconds > 0
        assert "<|" not in transcript.text
    assert errors / words <= 0.06


async def test_seventy_seconds_are_heard_to_their_end(
    tiny: WhisperCTranslate2, voice: HibariSynthesizer, pool: ModelPool
) -> None:
    once = await said(voice, " ".join(SENTENCES[1:]))
    pause = np.zeros(SAMPLE_RATE_HZ // 2, dtype=np.float32)
    rounds = int(70 * SAMPLE_RATE_HZ / (len(once) + len(pause))) + 1
    speech = np.concatenate([part for _ in range(rounds) for part in (once, pause)])
    before = pool.status.finished
    transcript = await tiny.transcribe(speech)
    found = word_errors(" ".join(SENTENCES[1:] * rounds), transcript.text)
    assert found.errors / found.words < 0.1
    assert 3 <= pool.status.finished - before <= 5


async def test_silence_and_noise_give_no_words(base: WhisperCTranslate2, tiny: WhisperCTranslate2) -> None:
    rng = np.random.default_rng(2)
    sounds = [EMPTY, np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)]
    sounds += [(level * rng.standard_normal(2 * SAMPLE_RATE_HZ)).astype(np.float32) for level in (0.001, 0.01, 0.1)]
    for engine in (base, tiny):
        for sound in sounds:
            transcript = await engine.transcribe(sound)
            assert transcript.text == ""
            assert transcript.confidence == 0.0
            assert transcript.no_speech > 0.7


async def test_languages(base: WhisperCTranslate2, tiny: WhisperCTranslate2) -> None:
    assert tiny.languages == {"en"}
    assert {"en", "de", "es", "fr", "ja", "zh"} <= base.languages
    assert len(base.languages) > 90
    with pytest.raises(SpeechError, match="'de'") as refused:
        await tiny.transcribe(EMPTY, language="de")
    assert refused.value.category is Category.INPUT
    assert (await base.transcribe(EMPTY, language="de")).language == "de"


async def test_another_language_is_another_prompt(base: WhisperCTranslate2, voice: HibariSynthesizer) -> None:
    speech = await said(voice, "I want to cancel my subscription.")
    german = (await base.transcribe(speech, language="de")).text
    assert normalise(german) != normalise("I want to cancel my subscription.")


async def test_endless_speech_is_refused(tiny: WhisperCTranslate2) -> None:
    with pytest.raises(SpeechError, match="1201 s of speech"):
        await tiny.transcribe(np.zeros(1201 * SAMPLE_RATE_HZ, dtype=np.float32))


async def test_a_hint_is_used_only_on_request(
    weights: Path, pool: ModelPool, base: WhisperCTranslate2, voice: HibariSynthesizer
) -> None:
    hinted = WhisperCTranslate2(weights / "whisper-base", pool, use_hints=True)
    speech = await said(voice, "My name is Priya Patel.")
    hint = "Priya Patel, Maria Gonzalez."
    plain = await base.transcribe(speech)
    assert (await base.transcribe(speech, hint=hint)).text == plain.text
    helped = await hinted.transcribe(speech, hint=hint)
    assert word_errors("My name is Priya Patel.", helped.text).errors == 0
    assert "Maria" not in helped.text


async def test_several_readings_on_request(base: WhisperCTranslate2, voice: HibariSynthesizer) -> None:
    speech = await said(voice, "The code is eight, eight, eight, five, nine, eight.")
    several = await base.transcribe(speech, readings=5)
    assert 1 <= len(several.alternatives) <= 4
    assert len({several.text, *several.alternatives}) == len(several.alternatives) + 1
    assert likeliest_reading((several.text, *several.alternatives), 6) == "The code is 888598."
    assert (await base.transcribe(speech)).alternatives == ()


class ScriptedWhisper(WhisperCTranslate2):
    """Real weights, but the decoder's answers come from a script: (context, tokens)."""

    def script(self, answers: dict[int, str]) -> None:
        self.answers = answers
        self.contexts: list[int] = []

    def _run(self, speech: Samples, context: int, prompt: list[int], readings: int) -> Decoded:
        self.contexts.append(context)
        tokens = self._tokenizer.encode(self.answers[context], add_special_tokens=False).ids
        return Decoded(tuple(tokens), -0.2, 0.01)


async def test_a_loop_is_decoded_again_with_the_full_context(weights: Path, pool: ModelPool) -> None:
    whisper = ScriptedWhisper(weights / "whisper-tiny.en", pool)
    speech = np.full(SAMPLE_RATE_HZ, 0.1, dtype=np.float32)
    whisper.script({10: " Yes. Yes. Yes. Yes.", 30: " Yes."})
    assert (await whisper.transcribe(speech)).text == "Yes."
    assert whisper.contexts == [10, 30]
    whisper.script({10: " No, thank you.", 30: ""})
    assert (await whisper.transcribe(speech)).text == "No, thank you."
    assert whisper.contexts == [10]
    # Still looping, and up to the limit: one round is kept. Still looping but short: that is what was said.
    whisper.script({10: " Yes." * 20, 30: " Yes." * 20})
    assert (await whisper.transcribe(speech)).text == "Yes."
    whisper.script({10: " No. No. No.", 30: " No. No. No."})
    assert (await whisper.transcribe(speech)).text == "No. No. No."


async def test_absent_and_damaged_files_are_named(weights: Path, pool: ModelPool, tmp_path: Path) -> None:
    source = weights / "whisper-tiny.en"
    folder = tmp_path / "whisper-tiny.en"
    folder.mkdir()
    for file in source.iterdir():
        if file.name != "model.bin":
            shutil.copy(file, folder)
    for content in (None, b"", b"\xff" * 5_000, (source / "model.bin").open("rb").read(1_000_000)):
        if content is not None:
            (folder / "model.bin").write_bytes(content)
        with pytest.raises(SpeechError, match="visavis models pull") as refused:
            WhisperCTranslate2(folder, pool)
        assert refused.value.category is Category.MODEL
        assert str(folder / "model.bin") in str(refused.value)
    (folder / "model.bin").write_bytes(b"\xff" * 5_000)
    for name in ("config.json", "tokenizer.json"):
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(b"{")
        with pytest.raises(SpeechError, match=name):
            WhisperCTranslate2(folder, pool)
        (folder / name).write_bytes(good)
