"""The openai-whisper engine on the default engine's weights, converted. Needs the extra 'whisper'."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples
from conversation.speech.providers.ct2_checkpoint import convert
from conversation.speech.providers.hibari import HibariSynthesizer
from conversation.speech.providers.openai_whisper import OpenAIWhisperTranscriber

pytest.importorskip("whisper", reason="extra 'whisper' is not installed")

pytestmark = pytest.mark.models

SENTENCE = "The quick brown fox jumps over the lazy dog."


@pytest.fixture(scope="module")
def tiny(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("whisper") / "tiny.en.pt"
    convert(weights / "whisper-tiny.en" / "model.bin", target)
    return target


@pytest.fixture
async def pool() -> AsyncIterator[ModelPool]:
    made = ModelPool("test")
    yield made
    await made.close()


@pytest.fixture
async def spoken(pool: ModelPool) -> Samples:
    """SENTENCE by the default voice, at 16 kHz."""
    voice = HibariSynthesizer(pool)
    samples = np.concatenate([chunk.samples async for chunk in voice.synthesize(SENTENCE)])
    places = np.arange(0, len(samples), voice.sample_rate_hz / SAMPLE_RATE_HZ)
    return np.asarray(np.interp(places, np.arange(len(samples)), samples), dtype=np.float32)


def _words(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalpha() or c == " ")


def test_the_converted_checkpoint_fits_the_package_exactly(tiny: Path) -> None:
    import torch
    import whisper

    checkpoint = torch.load(tiny, weights_only=True)
    model = whisper.model.Whisper(whisper.model.ModelDimensions(**checkpoint["dims"]))
    model.load_state_dict(checkpoint["model_state_dict"], strict=True)
    assert not list(tiny.parent.glob("*.part"))


async def test_a_spoken_sentence_is_transcribed(tiny: Path, pool: ModelPool, spoken: Samples) -> None:
    transcriber = OpenAIWhisperTranscriber(pool, tiny)
    transcript = await transcriber.transcribe(spoken)
    assert _words(transcript.text) == _words(SENTENCE)
    assert transcript.confidence > 0.5
    assert transcript.no_speech < 0.5
    assert transcript.decode_seconds > 0
    assert (transcriber.name, transcriber.languages) == ("openai-whisper/tiny.en", frozenset({"en"}))


async def test_the_multilingual_weights_convert_too(
    weights: Path, tmp_path: Path, pool: ModelPool, spoken: Samples
) -> None:
    convert(weights / "whisper-base" / "model.bin", tmp_path / "base.pt")
    transcriber = OpenAIWhisperTranscriber(pool, tmp_path / "base.pt")
    assert {"en", "de", "es", "fr"} <= transcriber.languages
    transcript = await transcriber.transcribe(spoken, language="en", hint="A sentence with every letter.")
    assert _words(transcript.text) == _words(SENTENCE)


async def test_silence_is_no_speech(tiny: Path, pool: ModelPool) -> None:
    transcriber = OpenAIWhisperTranscriber(pool, tiny)
    assert (await transcriber.transcribe(np.zeros(500, dtype=np.float32))).text == ""
    transcript = await transcriber.transcribe(np.zeros(2 * SAMPLE_RATE_HZ, dtype=np.float32))
    assert transcript.text == "" or transcript.no_speech > 0.3


async def test_what_it_cannot_do_is_named(tiny: Path, pool: ModelPool, spoken: Samples) -> None:
    transcriber = OpenAIWhisperTranscriber(pool, tiny, timeout=0.001)
    with pytest.raises(SpeechError, match="'de'") as foreign:
        await transcriber.transcribe(spoken, language="de")
    with pytest.raises(SpeechError, match="at most 600") as long:
        await transcriber.transcribe(np.zeros(601 * SAMPLE_RATE_HZ, dtype=np.float32))
    with pytest.raises(SpeechError) as late:
        await transcriber.transcribe(spoken)
    assert foreign.value.category is long.value.category is Category.INPUT
    assert late.value.category is Category.TIMEOUT


def test_a_damaged_or_absent_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.pt").write_bytes(b"not a checkpoint")
    for name in ("broken.pt", "absent.pt"):
        with pytest.raises(SpeechError, match=name) as error:
            OpenAIWhisperTranscriber(ModelPool("test"), tmp_path / name)
        assert error.value.category is Category.MODEL
