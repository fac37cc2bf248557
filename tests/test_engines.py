"""Which avatar speaks with which voice."""

from collections.abc import AsyncIterator

import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SpeechChunk, Synthesizer
from conversation.speech.providers.hibari import HibariSynthesizer
from rtc_server.engines import personal_voices
from tests.fakes.voices import FakeSynthesizer

VOICES = {
    "ava": {"hibari": "heart"},
    "leo": {"hibari": "heart-baritone", "openai": "onyx"},
    "nobody": {"hibari": "heart-of-gold"},
    "elsewhere": {"openai": "nova"},
}


@pytest.fixture
async def pool() -> AsyncIterator[ModelPool]:
    made = ModelPool("tts")
    yield made
    await made.close()


async def test_each_avatar_has_the_voice_that_the_engine_has_for_it(pool: ModelPool) -> None:
    found = await personal_voices(HibariSynthesizer(pool), "hibari", VOICES)
    assert {name: voice.voice for name, voice in found.items()} == {
        "ava": "hibari/heart",
        "leo": "hibari/heart-baritone",
    }


class FarServer(FakeSynthesizer):
    """Takes any name; whether it has the voice shows when it speaks."""

    def with_voice(self, voice: str) -> Synthesizer:
        return Refusing() if voice == "nova" else FakeSynthesizer()


class Refusing(FakeSynthesizer):
    async def synthesize(self, text: str, *, rate: float = 1.0) -> AsyncIterator[SpeechChunk]:
        raise SpeechError(Category.INPUT, "fake", "HTTP 400")
        yield


async def test_a_voice_that_the_server_refuses_is_not_used() -> None:
    assert list(await personal_voices(FarServer(), "openai", VOICES)) == ["leo"]
