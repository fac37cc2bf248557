"""Hearing and speaking through OpenAI's audio API, over HTTP against a server that can misbehave."""

import io
import logging
import time
import wave
from collections.abc import AsyncIterator

import numpy as np
import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, SpeechChunk
from conversation.speech.providers.openai_audio import (
    LONGEST_SPEECH,
    AudioServer,
    OpenAISynthesizer,
    OpenAITranscriber,
    wav_bytes,
)
from tests.fakes.openai_server import Behaviour, FakeOpenAI
from tests.fakes.stage import eventually

SPEECH: Samples = (0.3 * np.sin(np.arange(SAMPLE_RATE_HZ, dtype=np.float32) / 20)).astype(np.float32)
LINE = "Thank you, Anna. Could you read me the code that we have just sent?"

TROUBLE = [
    (Behaviour.UNAUTHORIZED, Category.AUTHENTICATION),
    (Behaviour.RATE_LIMITED, Category.RATE_LIMIT),
    (Behaviour.SERVER_ERROR, Category.PROVIDER),
    (Behaviour.DROPPED, Category.NETWORK),
    (Behaviour.SILENT, Category.TIMEOUT),
]


def _server(server: FakeOpenAI, timeout: float = 20.0) -> AudioServer:
    """Where the server is; waits are long unless a test is about them, so that a busy machine fails none."""
    return AudioServer(server.url, "sk-test", connect_timeout=20.0, timeout=timeout)


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as running:
        yield running


@pytest.fixture
async def transcriber(server: FakeOpenAI) -> AsyncIterator[OpenAITranscriber]:
    made = OpenAITranscriber(_server(server), "fake-transcribe")
    yield made
    await made.aclose()


@pytest.fixture
async def synthesizer(server: FakeOpenAI) -> AsyncIterator[OpenAISynthesizer]:
    made = OpenAISynthesizer(_server(server), "fake-speech", "alloy")
    yield made
    await made.aclose()


def _patience(behaviour: Behaviour) -> float:
    return 1.0 if behaviour is Behaviour.SILENT else 20.0


async def _chunks(synthesizer: OpenAISynthesizer, text: str, rate: float = 1.0) -> list[SpeechChunk]:
    return [chunk async for chunk in synthesizer.synthesize(text, rate=rate)]


async def test_speech_travels_as_a_wav_file_and_comes_back_as_text(
    server: FakeOpenAI, transcriber: OpenAITranscriber
) -> None:
    transcript = await transcriber.transcribe(SPEECH, language="en", hint="What is your name?")
    assert transcript.text == "My name is Anna Kovacs."
    assert (transcript.confidence, transcript.language, transcript.model) == (1.0, "en", "fake-transcribe")
    fields = server.received[0].body
    assert {name: fields[name] for name in ("model", "language", "response_format", "prompt")} == {
        "model": "fake-transcribe",
        "language": "en",
        "response_format": "json",
        "prompt": "What is your name?",
    }
    with wave.open(io.BytesIO(fields["file"])) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        sent = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
    np.testing.assert_allclose(sent, SPEECH, atol=1e-4)


async def test_confidence_comes_from_log_probabilities_where_they_are_reported(server: FakeOpenAI) -> None:
    made = OpenAITranscriber(_server(server), "fake-transcribe", logprobs=True)
    assert (await made.transcribe(SPEECH)).confidence == pytest.approx(0.9)
    await made.aclose()


async def test_next_to_nothing_is_not_sent(server: FakeOpenAI, transcriber: OpenAITranscriber) -> None:
    assert (await transcriber.transcribe(SPEECH[:1_000])).text == ""
    assert server.received == []


async def test_what_the_engine_cannot_take_is_named_before_sending(
    server: FakeOpenAI, transcriber: OpenAITranscriber
) -> None:
    too_long = np.zeros(int(LONGEST_SPEECH + 1) * SAMPLE_RATE_HZ, dtype=np.float32)
    with pytest.raises(SpeechError, match="at most 780") as long:
        await transcriber.transcribe(too_long)
    with pytest.raises(SpeechError, match="'xx'") as foreign:
        await transcriber.transcribe(SPEECH, language="xx")
    assert long.value.category is foreign.value.category is Category.INPUT
    assert server.received == []


@pytest.mark.parametrize(
    ("behaviour", "category"),
    [*TROUBLE, (Behaviour.MALFORMED_JSON, Category.PROVIDER), (Behaviour.WRONG_SHAPE, Category.PROVIDER)],
)
async def test_trouble_with_transcription_has_a_category(
    server: FakeOpenAI, behaviour: Behaviour, category: Category
) -> None:
    server.behave(behaviour)
    made = OpenAITranscriber(_server(server, _patience(behaviour)), "fake-transcribe")
    started = time.monotonic()
    with pytest.raises(SpeechError) as error:
        await made.transcribe(SPEECH)
    await made.aclose()
    assert error.value.category is category
    assert time.monotonic() - started < 5.0
    assert error.value.engine == "openai-audio/fake-transcribe"
    assert "sk-test" not in str(error.value)


async def test_text_becomes_one_chunk_for_each_sentence(server: FakeOpenAI, synthesizer: OpenAISynthesizer) -> None:
    chunks = await _chunks(synthesizer, LINE)
    assert [chunk.text for chunk in chunks] == [
        "Thank you, Anna.",
        "Could you read me the code that we have just sent?",
    ]
    assert [request.body["input"] for request in server.received] == [chunk.text for chunk in chunks]
    assert "speed" not in server.received[0].body
    first, last = chunks
    # The tone lasts 60 ms a character; 40 ms are kept around it, and 250 ms separate sentences.
    assert len(first.samples) / 24_000 == pytest.approx(0.06 * len(first.text) + 0.04 + 0.25, abs=0.02)
    assert len(last.samples) / 24_000 == pytest.approx(0.06 * len(last.text) + 0.04, abs=0.02)
    assert first.samples.dtype == np.float32
    assert float(np.abs(first.samples).max()) == pytest.approx(0.3, abs=0.01)
    for chunk in chunks:
        assert chunk.visemes[-1].viseme == "sil"
        assert any(mark.viseme == "aa" for mark in chunk.visemes)


async def test_the_pace_is_passed_on(server: FakeOpenAI, synthesizer: OpenAISynthesizer) -> None:
    (normal,) = await _chunks(synthesizer, "Hello there.")
    (fast,) = await _chunks(synthesizer, "Hello there.", rate=1.5)
    assert server.received[-1].body["speed"] == 1.5
    assert len(fast.samples) < len(normal.samples)


async def test_the_next_sentence_is_under_way_while_one_is_spoken(
    server: FakeOpenAI, synthesizer: OpenAISynthesizer
) -> None:
    stream = synthesizer.synthesize("One is here. Two is here. Three is here.")
    await anext(stream)
    await eventually(lambda: len(server.received) == 2, "the next sentence was not asked for")
    assert [request.body["input"] for request in server.received] == ["One is here.", "Two is here."]
    await stream.aclose()  # type: ignore[attr-defined]
    assert len(server.received) == 2


async def test_text_without_words_is_silence(server: FakeOpenAI, synthesizer: OpenAISynthesizer) -> None:
    assert await _chunks(synthesizer, " … ?! ") == []
    assert server.received == []


@pytest.mark.parametrize(("text", "rate"), [("x" * 5_001, 1.0), ("Hello.", 0.4), ("Hello.", 2.1)])
async def test_what_cannot_be_spoken_is_named(synthesizer: OpenAISynthesizer, text: str, rate: float) -> None:
    with pytest.raises(SpeechError) as error:
        await _chunks(synthesizer, text, rate)
    assert error.value.category is Category.INPUT


@pytest.mark.parametrize(("behaviour", "category"), TROUBLE)
async def test_trouble_with_speech_has_a_category(server: FakeOpenAI, behaviour: Behaviour, category: Category) -> None:
    server.behave(Behaviour.OK, behaviour)
    made = OpenAISynthesizer(_server(server, _patience(behaviour)), "fake-speech", "alloy")
    stream = made.synthesize("All is well. Until here.")
    assert (await anext(stream)).text == "All is well."
    with pytest.raises(SpeechError) as error:
        await anext(stream)
    await made.aclose()
    assert error.value.category is category
    assert "Until" not in str(error.value)


async def test_no_server_at_all(unused_tcp_port: int) -> None:
    made = OpenAITranscriber(AudioServer(f"http://127.0.0.1:{unused_tcp_port}/v1"), "any")
    with pytest.raises(SpeechError) as error:
        await made.transcribe(SPEECH)
    assert error.value.category is Category.NETWORK
    assert error.value.retryable
    await made.aclose()


async def test_nothing_said_is_logged(synthesizer: OpenAISynthesizer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await _chunks(synthesizer, "Anna said hello.")
    assert caplog.records, "the server's access log at least"
    assert "Anna" not in caplog.text
    assert "sk-test" not in caplog.text


def test_a_wav_file_clips_and_survives_what_is_not_a_number() -> None:
    with wave.open(io.BytesIO(wav_bytes(np.array([2.0, -2.0, np.nan], dtype=np.float32)))) as file:
        assert list(np.frombuffer(file.readframes(3), "<i2")) == [32767, -32767, 0]


async def test_another_voice_of_the_same_server(server: FakeOpenAI, synthesizer: OpenAISynthesizer) -> None:
    other = synthesizer.with_voice("onyx")
    assert other.voice == "openai-audio/fake-speech/onyx"
    await _chunks(other, "Hello.")
    await _chunks(synthesizer, "Hello.")
    assert [received.body["voice"] for received in server.received[-2:]] == ["onyx", "alloy"]
