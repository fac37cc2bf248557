"""The evaluator and the phraser on a real llama.cpp server with a real, very small language model.

A model of 135 million parameters often chooses wrongly (31 % right on the development set), so these tests hold what
must be true whatever it answers. Needs the extra 'llm-test' and 'visavis models pull smollm2-135m-instruct'.
"""

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from conversation.evaluate.breaker import State
from conversation.evaluate.ports import Condition, Question, Verdict
from conversation.evaluate.providers.openai import OpenAIEvaluator, Policy
from conversation.evaluate.providers.openai_llm import prompt
from conversation.evaluate.providers.openai_llm.capabilities import OutputFormat
from conversation.evaluate.providers.openai_llm.endpoint import ChatEndpoint, EndpointSettings
from conversation.evaluate.providers.openai_llm.logprobs import alias_probability
from conversation.evaluate.providers.openai_llm.phraser import MAX_SPOKEN_CHARACTERS, OpenAIPhraser
from conversation.evaluate.providers.openai_llm.race import ChatRace
from conversation.evaluate.rule_phraser import RulePhraser

pytest.importorskip("xllamacpp", reason="extra 'llm-test' is not installed")

pytestmark = [pytest.mark.models, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
QUESTION = Question(
    prompt="Do you agree that this call is recorded?",
    conditions=(
        Condition("agreed", "The user agreed to be recorded"),
        Condition("declined", "The user did not agree to be recorded"),
    ),
)


class Embedded:
    """A first stage that never knows."""

    name = "embedded"

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Nothing to prepare."""

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        return Verdict(None, 0.2, "", "embedded", 1.0, "abstained")


@pytest.fixture(scope="module")
def llama(weights: Path) -> Iterator[str]:
    """Base URL of the server."""
    model = weights / "smollm2-135m-instruct" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    if not model.is_file():
        pytest.skip("no language model: run 'visavis models pull smollm2-135m-instruct'")
    command = [sys.executable, "-m", "tests.fakes.llama_server", str(model)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = next((line.strip() for line in process.stdout if line.startswith("http")), "")
        try:
            assert url, "the llama.cpp server did not start"
            yield url
        finally:
            process.kill()


@pytest.fixture
async def race(llama: str) -> AsyncIterator[ChatRace]:
    made = ChatRace([ChatEndpoint(EndpointSettings("llama", llama, "smollm2", connect_timeout=5.0, timeout=120.0))])
    yield made
    await made.aclose()


def _evaluator(race: ChatRace) -> OpenAIEvaluator:
    return OpenAIEvaluator(race, Embedded(), seed=3, policy=Policy(model_probability=0.0))


async def test_the_probe_finds_schema_and_log_probabilities(race: ChatRace) -> None:
    (probe,) = await _evaluator(race).probe(timeout=60.0)
    assert not probe.problem
    assert probe.capabilities.output_format is OutputFormat.JSON_SCHEMA
    assert probe.capabilities.logprobs


async def test_the_schema_holds_and_the_choice_has_a_probability(race: ChatRace) -> None:
    dealt = prompt.ballot(QUESTION, seed=3)
    completion = await race.endpoints[0].complete(prompt.request(QUESTION, "Yes, that is fine with me.", dealt))
    answer = prompt.json_object(completion.text)
    assert answer is not None
    assert list(answer) == ["evidence", "outcome", "duress", "data"]
    assert answer["outcome"] in dealt.legal
    probability = alias_probability(completion.tokens, answer["outcome"], dealt.legal)
    assert probability is not None
    assert 0.0 < probability <= 1.0


async def test_whatever_it_answers_the_verdict_is_legal_and_grounded(race: ChatRace) -> None:
    reply = "No, I don't want that."
    verdict = await _evaluator(race).evaluate(QUESTION, reply, budget=120.0)
    assert verdict.outcome in {"agreed", "declined", None}
    assert verdict.quote in reply
    assert 0.0 <= verdict.confidence <= 1.0
    assert race.endpoints[0].breaker.state is State.CLOSED


async def test_a_model_that_is_too_slow_is_left_behind_in_time(race: ChatRace) -> None:
    started = time.monotonic()
    verdict = await _evaluator(race).evaluate(QUESTION, "Well, if I must, then yes.", budget=0.3)
    assert time.monotonic() - started < 0.3 + 2.0
    assert (verdict.outcome, verdict.evaluator) == (None, "embedded")


async def test_a_goal_becomes_something_that_can_be_spoken(race: ChatRace) -> None:
    goal = "Find out why the person is calling today"
    phraser = OpenAIPhraser(race, RulePhraser(), budget=60.0)
    line = await phraser.phrase(goal)
    assert 0 < len(line) <= MAX_SPOKEN_CHARACTERS
    assert goal.lower() not in line.lower()
    assert '"' not in line
