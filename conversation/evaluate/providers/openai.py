"""The evaluator that asks a language model behind any OpenAI-compatible server, and the embedded one beside it.

The embedded evaluator always answers first, in milliseconds. Where a rule decided, or somebody tries to instruct the
evaluator, its word is final. Otherwise the servers are asked, within what is left of the budget; if none gives a
usable answer, the embedded one counts at a stricter threshold, and below that the verdict is to abstain.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversation.evaluate.guard import checked_extracts, clean
from conversation.evaluate.ports import Doubt, Evaluator, Question, Verdict
from conversation.evaluate.providers.embedded.decision import SURE
from conversation.evaluate.providers.openai_llm import prompt
from conversation.evaluate.providers.openai_llm.cache import VerdictCache, verdict_key
from conversation.evaluate.providers.openai_llm.probe import Probe, probe
from conversation.evaluate.providers.openai_llm.prompt import Choice
from conversation.evaluate.providers.openai_llm.race import Answer, ChatRace, NoAnswer
from conversation.text.injection import looks_like_injection

_RESERVE = 0.05
"""Seconds kept back for everything but the servers."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is believed when. Design values, to be fitted once answers of a production model are labelled."""

    rule_reasons: frozenset[str] = frozenset(
        {"number", "literal", "digits", "email", "phone", "date_of_birth", "reading", "read_aloud", "foreign_language"}
    )
    """Reasons of embedded verdicts that a rule gave; those of the evaluator ``rules`` count as well."""
    rule_confidence: float = 0.95
    """A rule at least this sure wins without asking a model."""
    embedded_confidence: float | None = SURE
    """Any embedded verdict at least this sure saves the call; None always asks."""
    fallback_confidence: float = 0.8
    """What the embedded evaluator must reach when no model answers."""
    model_probability: float = 0.6
    """Below this probability of its own choice, a model's answer is an abstention."""
    unscored_confidence: float = 0.85
    """Confidence of an answer from a server that reports no probabilities."""
    cached_confidence: float = 0.8
    """Verdicts less sure than this are not kept."""


class OpenAIEvaluator:
    """An ``Evaluator`` for one session; the race and the cache behind it are shared by all.

    ``seed`` shuffles the aliases of this session.
    """

    def __init__(
        self,
        race: ChatRace,
        embedded: Evaluator,
        *,
        seed: int,
        cache: VerdictCache | None = None,
        policy: Policy | None = None,
    ) -> None:
        if not race.endpoints:
            raise ValueError("race: name at least one endpoint, or use the embedded evaluator alone")
        self._race = race
        self._embedded = embedded
        self._seed = seed
        self._cache = cache or VerdictCache()
        self._policy = policy or Policy()
        self._models = tuple(endpoint.settings.model for endpoint in race.endpoints)

    @property
    def name(self) -> str:
        """The first model, as it appears in evidence."""
        return f"openai:{self._models[0]}"

    async def probe(self, *, timeout: float = 10.0) -> tuple[Probe, ...]:
        """Find out what each server supports, once at start-up; the findings are shared by all sessions."""
        return tuple([await probe(endpoint, timeout=timeout) for endpoint in self._race.endpoints])

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Prepare the embedded evaluator."""
        await self._embedded.prepare(questions)

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        """Judge ``reply`` within ``budget`` seconds. Never raises for anything that a user may say."""
        started = time.monotonic()
        embedded = await self._embedded.evaluate(question, reply, budget=budget)
        verdict = await self._judged(question, reply, embedded, started + budget - _RESERVE)
        return replace(verdict, milliseconds=(time.monotonic() - started) * 1000)

    async def _judged(self, question: Question, reply: str, embedded: Verdict, deadline: float) -> Verdict:
        """Return the verdict; ``milliseconds`` is filled in by the caller."""
        if embedded.injection or looks_like_injection(reply):
            return _as_injection(embedded)
        if not clean(reply) or not question.conditions or self._settles(embedded, question.doubt):
            return embedded
        honest = tuple(earlier for earlier in question.history if not looks_like_injection(earlier.reply))
        question = replace(question, history=honest)
        key = verdict_key(self._models, question, reply)
        if kept := self._cache.get(key):
            return kept
        dealt = prompt.ballot(question, self._seed)
        try:
            answer = await self._race.ask(
                prompt.request(question, reply, dealt),
                lambda completion: prompt.read(completion, dealt, reply),
                budget=deadline - time.monotonic(),
            )
        except NoAnswer:
            return self._without_model(embedded)
        verdict = self._with_model(answer, question, reply, embedded)
        if verdict.outcome is not None and not verdict.duress and verdict.confidence >= self._policy.cached_confidence:
            self._cache.put(key, verdict)
        return verdict

    def _settles(self, embedded: Verdict, doubt: Doubt) -> bool:
        """Whether the embedded verdict needs no second opinion."""
        if embedded.outcome is None:
            return embedded.reason == "doubt" and doubt in ("repeat", "human")
        by_rule = embedded.evaluator == "rules" or embedded.reason in self._policy.rule_reasons
        if by_rule and embedded.confidence >= self._policy.rule_confidence:
            return True
        enough = self._policy.embedded_confidence
        return enough is not None and embedded.confidence >= enough

    def _without_model(self, embedded: Verdict) -> Verdict:
        """Return the embedded verdict where it is sure enough to stand alone, else an abstention."""
        if embedded.outcome is None or embedded.confidence >= self._policy.fallback_confidence:
            return embedded
        return replace(embedded, outcome=None, quote="", reason="abstained")

    def _with_model(self, answer: Answer[Choice], question: Question, reply: str, embedded: Verdict) -> Verdict:
        """Return what a model chose, with what the rules know added."""
        choice, settings = answer.value, answer.endpoint.settings
        probability = choice.probability
        confidence = self._policy.unscored_confidence if probability is None else probability
        outcome, reason = choice.outcome, "model"
        extracted = checked_extracts(choice.data, reply, prompt=question.prompt, language=question.language)
        if outcome is None or confidence < self._policy.model_probability:
            outcome, reason = None, "abstained"
        elif choice.duress and not settings.trusts_duress:
            reason = "duress hint"  # for the record only: small models see duress in an injection attempt
        return Verdict(
            outcome=outcome,
            confidence=confidence,
            quote=choice.quote,
            evaluator=f"openai:{settings.model}",
            milliseconds=0.0,
            reason=reason,
            duress=embedded.duress or (choice.duress and settings.trusts_duress),
            extracted=extracted | dict(embedded.extracted),
        )


def _as_injection(embedded: Verdict) -> Verdict:
    """Return the embedded verdict if it saw the injection too, else an abstention that says so."""
    if embedded.injection:
        return embedded
    return replace(embedded, outcome=None, confidence=1.0, quote="", reason="injection", injection=True)
