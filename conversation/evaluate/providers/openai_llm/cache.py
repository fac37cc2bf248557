"""The last verdicts, so that the same answer to the same question is not paid for twice. In memory only."""

import hashlib
import json
from collections import OrderedDict

from conversation.evaluate.ports import Question, Verdict
from conversation.evaluate.providers.openai_llm.prompt import PROMPT_VERSION


class VerdictCache:
    """Least recently used verdicts. Holds personal data, so it must never be written to disk."""

    def __init__(self, capacity: int = 256) -> None:
        self._capacity = capacity
        self._verdicts: OrderedDict[str, Verdict] = OrderedDict()

    def get(self, key: str) -> Verdict | None:
        """Return the verdict kept under ``key``."""
        if key in self._verdicts:
            self._verdicts.move_to_end(key)
        return self._verdicts.get(key)

    def put(self, key: str, verdict: Verdict) -> None:
        """Keep a verdict; the least recently used one makes room."""
        self._verdicts[key] = verdict
        self._verdicts.move_to_end(key)
        while len(self._verdicts) > self._capacity:
            self._verdicts.popitem(last=False)


def verdict_key(models: tuple[str, ...], question: Question, reply: str) -> str:
    """Return the SHA-256 (hexadecimal) of everything that a verdict depends on, the shuffling apart."""
    conditions = [(condition.id, condition.text) for condition in question.conditions]
    history = [(earlier.question, earlier.reply) for earlier in question.history]
    parts = (PROMPT_VERSION, models, question.language, question.prompt, conditions, history, reply)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
