"""An evaluator whose verdicts stand in a table."""

import asyncio
from collections.abc import Mapping, Sequence

from conversation.evaluate.ports import Extracted, Question, Verdict


class FakeEvaluator:
    """``outcomes`` maps a reply to an outcome id; any other reply is not understood."""

    name = "fake"

    def __init__(self, outcomes: Mapping[str, str]) -> None:
        self.outcomes = dict(outcomes)
        self.extracted: dict[str, Extracted] = {}
        """What is read out of a reply."""
        self.replies: list[str] = []
        self.prepared: list[Question] = []
        self.error: Exception | None = None
        self.silent = False
        """Never answer."""

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Remembered."""
        self.prepared += questions

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        """Look the reply up."""
        self.replies.append(reply)
        if self.error is not None:
            raise self.error
        if self.silent:
            await asyncio.Event().wait()
        outcome = self.outcomes.get(reply)
        reason = "table" if outcome else "abstained"
        confidence = 0.97 if outcome else 0.0
        quote = reply if outcome else ""
        return Verdict(outcome, confidence, quote, self.name, 1.0, reason, extracted=self.extracted.get(reply, {}))
