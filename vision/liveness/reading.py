"""The ``read`` challenge: were the words of the phrase heard, and did the lips move with the voice?"""

import re
import unicodedata
from statistics import pstdev
from typing import Literal

from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import Record, View

Agreement = Literal["agree", "disagree", "unclear", "not_checked"]


class Reading:
    """Passed when enough of the phrase was heard, unless the lips stayed shut meanwhile."""

    def __init__(self, phrase: str, record: Record, issued_at: float, policy: LivenessPolicy) -> None:
        self._words = words(phrase)
        self._policy = policy
        self._views: list[View] = list(record.between(issued_at - policy.baseline_seconds, issued_at))
        self._spans: list[tuple[float, float]] = []
        self._heard: list[str] = []
        self.best: float | None = None

    def look(self, view: View) -> Literal["waiting", "passed", "failed"]:
        """Keep how far the mouth is open."""
        self._views.append(view)
        return "waiting"

    def hear(self, text: str) -> Literal["waiting", "passed", "failed"]:
        """Compare with the phrase. Words of several utterances add up."""
        self._heard += words(text)
        self.best = share_in_order(self._words, self._heard)
        return self._answer()

    def speech(self, started_at: float, ended_at: float) -> Literal["waiting", "passed", "failed"]:
        """Remember when the person spoke."""
        self._spans.append((started_at, ended_at))
        return self._answer()

    def _answer(self) -> Literal["waiting", "passed", "failed"]:
        if self.best is None or self.best < self._policy.read_share:
            return "waiting"
        return "failed" if self.agreement == "disagree" else "passed"

    @property
    def agreement(self) -> Agreement:
        """Whether the mouth moved while there was a voice and rested while there was none."""
        within = [view.face.mouth_opening for view in self._views if self._spoken(view.at)]
        without = [view.face.mouth_opening for view in self._views if not self._spoken(view.at)]
        if not self._spans or len(within) < 4:
            return "not_checked"
        speaking = pstdev(within)
        if speaking < self._policy.lips_opening:
            return "disagree"
        silent = pstdev(without) if len(without) >= 4 else 0.0
        return "agree" if speaking >= self._policy.lips_ratio * silent else "unclear"

    def _spoken(self, at: float) -> bool:
        return any(start <= at <= end for start, end in self._spans)


def words(text: str) -> list[str]:
    """Its words in lower case without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def share_in_order(wanted: list[str], heard: list[str]) -> float:
    """Share of the wanted words that were heard in this order (longest common subsequence), 0 to 1."""
    if not wanted:
        return 0.0
    row = [0] * (len(heard) + 1)
    for word in wanted:
        before = row
        row = [0]
        for index, other in enumerate(heard):
            row.append(before[index] + 1 if word == other else max(before[index + 1], row[index]))
    return row[-1] / len(wanted)
