"""The embedded evaluator behind the ``Evaluator`` port."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from conversation.evaluate.ports import Question, Verdict
from conversation.evaluate.providers.embedded.decision import Decision
from conversation.evaluate.providers.embedded.model import WEIGHTS, Model
from conversation.text.acts import Act, acts
from conversation.text.extract import extract

Run = Callable[..., Awaitable[Any]]
"""Runs a blocking function with its arguments on a thread, as ``ModelPool.run`` does."""

_BY_RULE = frozenset(
    {
        "number",
        "literal",
        "email",
        "phone",
        "name",
        "date_of_birth",
        "digits",
        "reading",
        "foreign_language",
        "greeting",
    }
)


class EmbeddedEvaluator:
    """Judges replies on this machine, without network and without torch.

    ``model_dir`` holds bge-small-en (``model.onnx``, ``tokenizer.json``); ``run`` takes the work off the event loop.
    Raises ``FileNotFoundError`` when a file is missing.
    """

    def __init__(self, model_dir: Path, run: Run, weights: Path = WEIGHTS) -> None:
        self._model = Model(model_dir, weights)
        self._run = run

    @property
    def name(self) -> str:
        """``embedded``."""
        return "embedded"

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Embed prompts and conditions of a flow; later verdicts then take a few milliseconds."""
        for question in questions:
            await self._run(self._model.prepare, question)

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        """Judge ``reply``; when the threads are busy beyond ``budget`` seconds, abstain with reason ``timeout``."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(budget):
                decision: Decision = await self._run(self._model.judge, question, reply, date.today().year)
        except TimeoutError:
            decision = Decision(None, 0.0, "timeout", "")
        return self._verdict(question, reply, decision, 1000 * (time.perf_counter() - started))

    def _verdict(self, question: Question, reply: str, decision: Decision, milliseconds: float) -> Verdict:
        return Verdict(
            outcome=decision.outcome,
            confidence=decision.chance,
            quote=decision.quote if decision.quote in reply else "",
            evaluator="rules" if decision.reason in _BY_RULE else self.name,
            milliseconds=milliseconds,
            reason=decision.reason,
            duress=Act.COERCED in acts(reply),
            injection=decision.injection,
            # Values dictated together with instructions are not to be trusted.
            extracted={} if decision.injection else extract(reply, question.prompt, question.language),
        )
