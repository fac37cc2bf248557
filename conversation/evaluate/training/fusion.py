"""Fitting the weights of the evidence: a conditional logit model with a Gaussian prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from conversation.evaluate.providers.embedded.features import NULL_COLUMNS, OUTCOME_COLUMNS, Table
from conversation.evaluate.providers.embedded.fuse import Fusion

PRIOR_STRENGTH = 1.0
"""Inverse variance of the prior around ``_PRIOR_MEANS``."""
_PRIOR_MEANS = {"rule_for": 4.0, "rule_against": -3.0, "ordinal": 3.0, "yes_affirm": 1.0, "no_deny": 1.0}
"""What is known without data: a rule that read a value is nearly always right."""


PLAIN_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Group:
    """One case: the evidence for its outcomes and for none of them, and which one was right."""

    table: Table
    null: Table
    label: int | None
    plain: bool = False
    """A plain reply; these weigh ``PLAIN_WEIGHT`` times as much, since most real replies are plain."""


def fit(groups: Sequence[Group]) -> Fusion:
    """Return the most probable weights."""
    outcomes = len(OUTCOME_COLUMNS)
    means = np.array([*(_PRIOR_MEANS.get(name, 0.0) for name in OUTCOME_COLUMNS), *(0.0 for _ in NULL_COLUMNS)])
    sizes = [len(group.table) for group in groups]
    widest = max(sizes)
    tables = np.zeros((len(groups), widest, outcomes))
    absent = np.ones((len(groups), widest + 1), dtype=bool)
    for index, group in enumerate(groups):
        tables[index, : sizes[index]] = group.table
        absent[index, : sizes[index] + 1] = False
    nulls = np.stack([group.null for group in groups])
    right = np.array([0 if group.label is None else group.label + 1 for group in groups])
    lines = np.arange(len(groups))
    shares = np.array([PLAIN_WEIGHT if group.plain else 1.0 for group in groups])

    def loss(weights: Table) -> tuple[float, Table]:
        scores = np.concatenate([(nulls @ weights[outcomes:])[:, None], tables @ weights[:outcomes]], axis=1)
        scores[absent] = -1e9
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -(shares * np.log(chances[lines, right] + 1e-12)).sum()
        error = chances.copy()
        error[lines, right] -= 1.0
        error *= shares[:, None]
        gradient = np.concatenate([np.einsum("go,goc->c", error[:, 1:], tables), error[:, 0] @ nulls])
        away = weights - means
        return float(value + PRIOR_STRENGTH * (away @ away) / 2), gradient + PRIOR_STRENGTH * away

    found = minimize(loss, means, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return Fusion(found.x[:outcomes], found.x[outcomes:])
