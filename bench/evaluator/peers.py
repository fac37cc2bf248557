"""Peers of the embedded evaluator behind the same port: a zero-shot reranker, and a prototype given by its folder."""

import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from conversation.evaluate.ports import Question, Verdict

Decide = Callable[[Question, str], tuple[str | None, float]]
"""Outcome, or None, and how sure."""

_RERANKER_TOKENS = 256


class Peer:
    """An ``Evaluator`` around a function."""

    def __init__(self, name: str, decide: Decide) -> None:
        self._name = name
        self._decide = decide

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self._name

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Decide each question once, so that what a peer remembers of a question is not timed."""
        for question in questions:
            self._decide(question, "hello")

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        """Decide, however long it takes."""
        started = time.perf_counter()
        outcome, sure = self._decide(question, reply)
        return Verdict(outcome, sure, "", self._name, 1000 * (time.perf_counter() - started), "peer")


def reranker(folder: Path) -> Peer:
    """A cross-encoder that was trained to rank passages (MS MARCO), asked whether the reply answers the condition.

    ``folder`` has ``model.onnx`` and ``tokenizer.json``. The most relevant condition is taken: it knows no "none".
    """
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_RERANKER_TOKENS)
    wanted = {known.name for known in session.get_inputs()}

    def score(condition: str, passage: str) -> float:
        encoded = tokenizer.encode(condition, passage)
        inputs = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        arrays = {name: np.array([values], dtype=np.int64) for name, values in inputs.items() if name in wanted}
        return float(np.ravel(session.run(None, arrays)[0])[0])

    def decide(question: Question, reply: str) -> tuple[str | None, float]:
        passage = f"{question.prompt} {reply}"
        scores = np.array([score(condition.text, passage) for condition in question.conditions])
        chances = np.exp(scores - scores.max())
        best = int(np.argmax(scores))
        return question.conditions[best].id, float(chances[best] / chances.sum())

    return Peer("zero-shot reranker", decide)


def prototype(folder: Path, model_dir: Path, head: Path) -> Peer:
    """The ``Evaluator`` of ``embedded.py`` in a folder, with its ``rules.py`` and ``lex.py`` and a trained head."""
    sys.path.insert(0, str(folder))
    try:
        module: Any = import_module("embedded")
    finally:
        sys.path.remove(str(folder))
    evaluator = module.Evaluator(str(model_dir), str(head))

    def decide(question: Question, reply: str) -> tuple[str | None, float]:
        found = evaluator.evaluate(question.prompt, [(c.id, c.text) for c in question.conditions], reply, tau=0.0)
        return found["outcome"], float(found["p"])

    return Peer("prototype", decide)
