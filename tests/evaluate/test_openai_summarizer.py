"""Summaries by a language model: what keeps to the facts may stand in a report, everything else is dropped."""

import json
from collections.abc import AsyncIterator

import pytest

from conversation.evaluate.providers.openai_llm.endpoint import ChatEndpoint, EndpointSettings
from conversation.evaluate.providers.openai_llm.race import ChatRace
from conversation.evaluate.providers.openai_llm.summarizer import OpenAISummarizer
from tests.fakes.openai_server import Behaviour, FakeOpenAI

FACTS = ["Node 'live' ended as 'livenessDetected'. Score 0.94.", "The faces match (similarity 0.93)."]
WORDS = "A live person was seen, with a score of 0.94, and the faces match."


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI(line=WORDS) as running:
        yield running


@pytest.fixture
async def summarizer(server: FakeOpenAI) -> AsyncIterator[OpenAISummarizer]:
    settings = EndpointSettings("first", server.url, "fake", connect_timeout=20.0, timeout=20.0)
    race = ChatRace([ChatEndpoint(settings)])
    yield OpenAISummarizer(race, budget=20.0)
    await race.aclose()


async def test_the_model_is_given_the_facts_alone(server: FakeOpenAI, summarizer: OpenAISummarizer) -> None:
    assert await summarizer.summarize(FACTS) == WORDS
    assert json.loads(server.received[0].body["messages"][1]["content"]) == {"facts": FACTS}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The person is 42 years old.",
        "A score of 0.95 was reached.",
        "**Passed.**",
        "See https://example.org for more.",
        "1. A live person was seen.",
        "word " * 200,
    ],
)
async def test_what_is_not_in_the_facts_is_dropped(server: FakeOpenAI, summarizer: OpenAISummarizer, line: str) -> None:
    server.line = line
    assert await summarizer.summarize(FACTS) == ""


async def test_a_server_in_trouble_costs_the_words_only(server: FakeOpenAI, summarizer: OpenAISummarizer) -> None:
    server.behave(Behaviour.SERVER_ERROR)
    assert await summarizer.summarize(FACTS) == ""
