"""Error rates with their intervals, and the curves that they come from (ISO/IEC 19795-1, 30107-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

SELF_TEST = "This is a self-test on your own material, not a certification."

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of cases with its 95 % confidence interval (Clopper and Pearson 1934), which holds for few cases too."""

    count: int
    cases: int

    @property
    def share(self) -> float | None:
        """The share itself; None without cases, for nothing is known then."""
        return self.count / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of the interval."""
        if not self.cases:
            return (0.0, 1.0)
        found = binomtest(self.count, self.cases).proportion_ci(0.95, method="exact")
        return (float(found.low), float(found.high))

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        return {"share": self.share, "interval95": list(self.interval), "count": self.count, "cases": self.cases}

    def __str__(self) -> str:
        if self.share is None:
            return "    –     no cases"
        low, high = self.interval
        return f"{100 * self.share:6.2f} %  [{100 * low:.1f}, {100 * high:.1f}]  {self.count}/{self.cases}"


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Both error rates at every threshold; "positive" is what ought to be accepted (bona fide, mated)."""

    thresholds: Scores
    """Rising; a score at or above it is accepted."""
    false_accept: Scores
    """Share of the negatives that is accepted: falls from 1."""
    false_reject: Scores
    """Share of the positives that is not accepted: rises from 0."""

    @property
    def equal_error(self) -> tuple[float, float]:
        """(equal error rate, threshold): where both rates are closest, their mean."""
        index = int(np.argmin(np.abs(self.false_accept - self.false_reject)))
        rate = (self.false_accept[index] + self.false_reject[index]) / 2
        return float(rate), float(self.thresholds[index])

    def at_false_accept(self, limit: float) -> tuple[float, float]:
        """(share of positives accepted, threshold) at the lowest threshold whose false accept rate is within it."""
        index = int(np.argmax(self.false_accept <= limit))
        return float(1 - self.false_reject[index]), float(self.thresholds[index])

    @property
    def area(self) -> float:
        """Area under the ROC curve: how often a positive scores higher than a negative."""
        accept = 1 - self.false_reject
        return float(np.trapezoid(accept[::-1], self.false_accept[::-1]))


def curve(positives: Scores, negatives: Scores) -> Curve | None:
    """The curve over all scores (higher = accept); None when one side is empty."""
    if not len(positives) or not len(negatives):
        return None
    thresholds = np.append(np.unique(np.concatenate([positives, negatives])), np.inf)
    rejected = np.searchsorted(np.sort(positives), thresholds, side="left") / len(positives)
    accepted = 1 - np.searchsorted(np.sort(negatives), thresholds, side="left") / len(negatives)
    return Curve(thresholds, accepted, rejected)


def curve_to_json(found: Curve | None) -> Mapping[str, Any] | None:
    """The figures that people quote."""
    if found is None:
        return None
    rate, threshold = found.equal_error
    return {
        "areaUnderCurve": found.area,
        "equalErrorRate": rate,
        "equalErrorThreshold": threshold,
        "trueAcceptAtFalseAccept": {
            str(limit): {
                "share": found.at_false_accept(limit)[0],
                "threshold": _finite(found.at_false_accept(limit)[1]),
            }
            for limit in (0.1, 0.01, 0.001)
        },
    }


def _finite(threshold: float) -> float | None:
    return threshold if np.isfinite(threshold) else None
