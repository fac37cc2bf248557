"""The whole evaluator as one blocking object: it runs on a thread of a pool."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from conversation.evaluate.ports import Question
from conversation.evaluate.providers.embedded import features as evidence
from conversation.evaluate.providers.embedded.conditions import Demand, demand
from conversation.evaluate.providers.embedded.decision import Decision, before_reading, decide
from conversation.evaluate.providers.embedded.encoder import Embedding, Encoder
from conversation.evaluate.providers.embedded.fuse import Fusion
from conversation.evaluate.providers.embedded.head import Head
from conversation.evaluate.providers.embedded.rules import opinions
from conversation.text.acts import acts
from conversation.text.conditions import kinds
from conversation.text.expectation import expectation
from conversation.text.normalise import sentences

WEIGHTS = Path(__file__).with_name("weights.npz")
_EXCLUDED = re.compile(r"^(?:no,? )?not (?:the|my|an?) [\w' -]{2,30}?(?:,| but )\s*", re.IGNORECASE)
_FEWEST_WORDS_LEFT = 2
_REMEMBERED_TEXTS = 4096
_MAXIMUM_REPLY_CHARACTERS = 600
"""A reply is judged by its first minute of speech; the rest cannot make the evaluator slow."""


@dataclass(frozen=True, slots=True)
class _Known:
    prepared: evidence.Prepared
    demands: tuple[Demand | None, ...]


def _without_excluded(reply: str) -> str:
    """Leave out what the speaker excludes, "not the passport, the ID card", which a similarity would count for it."""
    kept = _EXCLUDED.sub("", reply).strip(" ,.")
    return kept if len(kept.split()) >= _FEWEST_WORDS_LEFT else reply


class Model:
    """Judges replies. Thread-safe. Raises ``FileNotFoundError`` when the weights are missing."""

    def __init__(self, model_dir: Path, weights: Path = WEIGHTS) -> None:
        if not weights.is_file():
            raise FileNotFoundError(f"{weights} is missing: the installation is incomplete")
        with np.load(weights) as stored:
            arrays = {name: stored[name] for name in stored.files}
        self._head = Head({name: array.astype(np.float32) for name, array in arrays.items()})
        self._fusion = Fusion(arrays["fusion_outcome"], arrays["fusion_null"])
        self._encoder = Encoder(model_dir)
        self._texts: OrderedDict[str, Embedding] = OrderedDict()
        self._lock = Lock()

    def prepare(self, question: Question) -> None:
        """Embed the prompt and the conditions ahead of the first reply."""
        self._known(question)

    def judge(self, question: Question, reply: str, year: int) -> Decision:
        """Judge a reply; ``year`` is the current one."""
        reply = reply[:_MAXIMUM_REPLY_CHARACTERS]
        known = self._known(question)
        early = before_reading(question, reply, known.prepared)
        if early is not None or not question.conditions:
            return early or Decision(None, 1.0, "no_outcomes", "")
        heard = self._encoder.encode(_without_excluded(reply))
        prepared = known.prepared
        said = acts(reply)
        judged = opinions(question, reply, known.demands, year)
        wanted = np.stack([condition.sentence for condition in prepared.conditions])
        logits = self._head.logits(prepared.prompt.sentence, wanted, heard.sentence)
        table, null = evidence.features(question, reply, prepared, heard, logits, said, judged)
        chances = self._fusion.chances(table, null)
        best = prepared.conditions[max(0, int(np.argmax(chances)) - 1)]
        return decide(question, reply, prepared, judged, chances, said, self._relevance(reply, best))

    def _relevance(self, reply: str, condition: Embedding) -> evidence.Table:
        parts = sentences(reply)
        if len(parts) <= 1:
            return np.ones(len(parts))
        return np.array([float(self._encoder.encode(part).sentence @ condition.sentence) for part in parts[:4]])

    def _known(self, question: Question) -> _Known:
        texts = tuple(condition.text for condition in question.conditions)
        return _Known(
            prepared=evidence.Prepared(
                prompt=self._embedded(question.prompt),
                conditions=tuple(self._embedded(text) for text in texts),
                kinds=tuple(kinds(text) for text in texts),
                expected=expectation(question.prompt, texts),
            ),
            demands=tuple(demand(text, question.prompt) for text in texts),
        )

    def _embedded(self, text: str) -> Embedding:
        """Embed a text of a flow, or recall it. Replies do not pass here, so no speech stays in memory."""
        with self._lock:
            if text in self._texts:
                self._texts.move_to_end(text)
                return self._texts[text]
        made = self._encoder.encode(text)
        with self._lock:
            self._texts[text] = made
            if len(self._texts) > _REMEMBERED_TEXTS:
                self._texts.popitem(last=False)
        return made
