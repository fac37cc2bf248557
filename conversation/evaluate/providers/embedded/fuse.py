"""Weighing the evidence: a linear score for each outcome and for "none", and their softmax (a conditional logit model).

It is linear so that each weight can be read, and trained on nodes the head has not seen, so that its chances are
calibrated for new flows.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from conversation.evaluate.providers.embedded.features import NULL_COLUMNS, OUTCOME_COLUMNS, Table


class Fusion:
    """The weights of the evidence. Raises ``ValueError`` when their number is not that of the columns."""

    def __init__(self, outcome_weights: Table, null_weights: Table) -> None:
        if outcome_weights.shape != (len(OUTCOME_COLUMNS),) or null_weights.shape != (len(NULL_COLUMNS),):
            raise ValueError("weights.npz does not fit the evidence: train again")
        self._outcome = outcome_weights
        self._null = null_weights

    def chances(self, table: Table, null: Table) -> Table:
        """Return the chance of "none", then of each outcome; they sum to 1."""
        scores = np.concatenate([[null @ self._null], table @ self._outcome])
        exponentials = np.exp(scores - scores.max())
        return np.asarray(exponentials / exponentials.sum())

    def export(self) -> dict[str, NDArray[np.float64]]:
        """Return the arrays to store."""
        return {"fusion_outcome": self._outcome, "fusion_null": self._null}

    def by_name(self) -> Mapping[str, float]:
        """Return the weights by column, for reading."""
        named = dict(zip(OUTCOME_COLUMNS, self._outcome.tolist(), strict=True))
        return named | {f"none:{name}": weight for name, weight in zip(NULL_COLUMNS, self._null.tolist(), strict=True)}
