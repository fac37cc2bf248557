"""The Coqui engine on a tiny untrained VITS, made through the package's own API. Needs the extra 'coqui'."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SpeechChunk
from conversation.speech.providers.coqui import CoquiSynthesizer

pytest.importorskip("TTS", reason="extra 'coqui' is not installed")

LINE = "Thank you, Anna. Could you read me the code?"


@dataclass(frozen=True)
class Files:
    model: Path
    config: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A VITS of 0.4 million random parameters: noise instead of words, but the real network and the real API."""
    import torch
    from TTS.config.shared_configs import BaseAudioConfig
    from TTS.tts.configs.shared_configs import CharactersConfig
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import Vits, VitsArgs

    torch.manual_seed(0)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    config = VitsConfig(
        model_args=VitsArgs(
            hidden_channels=32,
            hidden_channels_ffn_text_encoder=64,
            num_heads_text_encoder=2,
            num_layers_text_encoder=1,
            num_layers_posterior_encoder=1,
            num_layers_flow=1,
            upsample_initial_channel_decoder=32,
            use_sdp=False,
            init_discriminator=False,
        ),
        audio=BaseAudioConfig(sample_rate=22_050),
        use_phonemes=False,
        text_cleaner="english_cleaners",
        characters=CharactersConfig(
            characters_class="TTS.tts.models.vits.VitsCharacters",
            pad="_",
            eos="",
            bos="",
            blank="",
            characters=letters,
            punctuations="!'(),-.:;? ",
            phonemes="",
        ),
    )
    network = Vits(config)
    with torch.no_grad():
        network.duration_predictor.proj.bias.fill_(1.5)  # four or five frames a letter, as in speech
    folder = tmp_path_factory.mktemp("coqui") / "tiny-vits"
    folder.mkdir()
    files = Files(folder / "model.pth", folder / "config.json")
    torch.save({"model": network.state_dict(), "config": config.to_dict()}, files.model)
    config.save_json(str(files.config))
    return files


@pytest.fixture
async def pool() -> AsyncIterator[ModelPool]:
    made = ModelPool("test")
    yield made
    await made.close()


@pytest.fixture
def synthesizer(files: Files, pool: ModelPool) -> CoquiSynthesizer:
    return CoquiSynthesizer(pool, files.model, files.config)


async def _chunks(synthesizer: CoquiSynthesizer, text: str, rate: float = 1.0) -> list[SpeechChunk]:
    return [chunk async for chunk in synthesizer.synthesize(text, rate=rate)]


async def test_each_sentence_is_a_chunk_with_mouth_shapes(synthesizer: CoquiSynthesizer) -> None:
    chunks = await _chunks(synthesizer, LINE)
    assert [chunk.text for chunk in chunks] == ["Thank you, Anna.", "Could you read me the code?"]
    assert (synthesizer.sample_rate_hz, synthesizer.voice) == (22_050, "coqui/tiny-vits")
    for chunk in chunks:
        seconds = len(chunk.samples) / synthesizer.sample_rate_hz
        assert 0.2 < seconds < 10
        assert chunk.samples.dtype == np.float32
        assert np.isfinite(chunk.samples).all()
        assert float(np.abs(chunk.samples).max()) > 0
        assert chunk.visemes[-1].viseme == "sil"
        assert 0 <= chunk.visemes[0].at <= chunk.visemes[-1].at <= seconds


async def test_more_text_takes_longer_and_a_faster_pace_less(synthesizer: CoquiSynthesizer) -> None:
    (short,) = await _chunks(synthesizer, "Hello there.")
    (long,) = await _chunks(synthesizer, "Hello there and welcome to the verification call.")
    (fast,) = await _chunks(synthesizer, "Hello there and welcome to the verification call.", rate=2.0)
    assert len(long.samples) > 1.5 * len(short.samples)
    assert len(fast.samples) < 0.8 * len(long.samples)


async def test_the_text_is_never_logged(synthesizer: CoquiSynthesizer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("TTS").setLevel(logging.WARNING)
    await _chunks(synthesizer, "Anna said hello.")
    assert "Anna" not in caplog.text


async def test_what_cannot_be_spoken_is_named(files: Files, synthesizer: CoquiSynthesizer, pool: ModelPool) -> None:
    assert await _chunks(synthesizer, " ?! ") == []
    with pytest.raises(SpeechError, match="rate") as pace:
        await _chunks(synthesizer, "Hello.", 3.0)
    with pytest.raises(SpeechError, match="'nobody'") as speaker:
        CoquiSynthesizer(pool, files.model, files.config, speaker="nobody")
    late = CoquiSynthesizer(pool, files.model, files.config, timeout=0.0001)
    with pytest.raises(SpeechError) as slow:
        await _chunks(late, "Hello.")
    assert pace.value.category is speaker.value.category is Category.INPUT
    assert slow.value.category is Category.TIMEOUT


async def test_damaged_or_absent_files_are_named(files: Files, pool: ModelPool, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pth"
    broken.write_bytes(b"not a model")
    no_json = tmp_path / "no.json"
    no_json.write_text("{")
    for model, config, named in (
        (broken, files.config, "broken"),
        (files.model, no_json, "no.json"),
        (tmp_path / "absent.pth", files.config, "absent"),
    ):
        with pytest.raises(SpeechError, match=named) as error:
            CoquiSynthesizer(pool, model, config)
        assert error.value.category is Category.MODEL


async def test_a_model_without_a_length_scale_is_stretched(
    synthesizer: CoquiSynthesizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesizer, "_normal_length", None)
    (usual,) = await _chunks(synthesizer, "Hello there and welcome to the verification call.")
    (slow,) = await _chunks(synthesizer, "Hello there and welcome to the verification call.", rate=0.75)
    assert len(slow.samples) / len(usual.samples) == pytest.approx(1 / 0.75, rel=0.2)
    assert slow.visemes[-1].at > usual.visemes[-1].at


async def test_a_speaker_that_the_model_does_not_have_is_named(synthesizer: CoquiSynthesizer) -> None:
    with pytest.raises(SpeechError, match="'male'") as unknown:
        synthesizer.with_voice("male")
    assert unknown.value.category is Category.INPUT
