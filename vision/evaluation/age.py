"""How well ages and sexes are estimated: portraits with true values, one by one, and what an age limit would decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vision.evaluation.manifest import Sample
from vision.evaluation.page import Table, write_page
from vision.evaluation.rates import SELF_TEST, Rate
from vision.face.attributes import FEWEST_FRAMES, AgeDecision, AgeRange, age_range, decide
from vision.ports import FaceAttributes


@dataclass(frozen=True, slots=True)
class Portrait:
    """One picture, and what was estimated."""

    sample: Sample
    estimate: FaceAttributes | None
    """None where no face was found."""

    @property
    def range(self) -> AgeRange | None:
        """As a check would report it that sees nothing but this picture."""
        if self.estimate is None:
            return None
        return age_range([self.estimate.age_years] * FEWEST_FRAMES, [self.estimate.male] * FEWEST_FRAMES)


@dataclass(frozen=True, slots=True)
class AgeReport:
    """What came out."""

    model: str
    portraits: tuple[Portrait, ...]
    limit_years: int
    """Age limit whose decisions are counted."""

    @property
    def failure_to_acquire(self) -> Rate:
        """Pictures without a face."""
        return Rate(sum(item.estimate is None for item in self.portraits), len(self.portraits))

    @property
    def within_range(self) -> Rate:
        """True ages that lie in the reported range."""
        found = [(item.range, item.sample.age_years) for item in self.portraits]
        judged = [(span, age) for span, age in found if span is not None and age is not None]
        return Rate(sum(span.age_min <= age <= span.age_max for span, age in judged), len(judged))

    @property
    def mean_error_years(self) -> float | None:
        """Mean absolute difference of the estimate and the true age; None without any."""
        found = [
            abs(item.estimate.age_years - item.sample.age_years)
            for item in self.portraits
            if item.estimate is not None and item.sample.age_years is not None
        ]
        return float(np.mean(found)) if found else None

    @property
    def wrong_sex(self) -> Rate:
        """Pictures whose named sex is not the true one; an unnamed one is no error."""
        judged = [item for item in self.portraits if item.sample.sex and item.range is not None and item.range.sex]
        return Rate(sum(item.range is not None and item.range.sex != item.sample.sex for item in judged), len(judged))

    def decided(self, of_age: bool, decision: AgeDecision) -> Rate:
        """Share of those who are (or are not) of age for whom the limit decides so."""
        judged = [
            decide(item.range, self.limit_years)
            for item in self.portraits
            if item.range is not None
            and item.sample.age_years is not None
            and (item.sample.age_years >= self.limit_years) == of_age
        ]
        return Rate(judged.count(decision), len(judged))

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        return {
            "note": SELF_TEST,
            "model": self.model,
            "failureToAcquire": self.failure_to_acquire.to_json(),
            "withinRange": self.within_range.to_json(),
            "meanErrorYears": self.mean_error_years,
            "wrongSex": self.wrong_sex.to_json(),
            "limit": {
                "years": self.limit_years,
                "tooYoungPassed": self.decided(False, AgeDecision.PASSED).to_json(),
                "ofAgeFailed": self.decided(True, AgeDecision.FAILED).to_json(),
                "tooYoungUnclear": self.decided(False, AgeDecision.UNCLEAR).to_json(),
                "ofAgeUnclear": self.decided(True, AgeDecision.UNCLEAR).to_json(),
            },
        }

    def to_text(self) -> str:
        """For a terminal."""
        return "\n".join([*(f"{name:34}{value}" for name, value in self._rows()), "", SELF_TEST])

    def to_html(self) -> str:
        """One page."""
        return write_page("Age and sex", [Table("Figures", ("what", "value"), self._rows())], ())

    def _rows(self) -> list[tuple[str, str]]:
        error, limit = self.mean_error_years, f"limit {self.limit_years}"
        return [
            ("model", self.model),
            ("no face found", str(self.failure_to_acquire)),
            ("true age within the range", str(self.within_range)),
            ("mean absolute error", "     –" if error is None else f"{error:6.1f} years"),
            ("wrong sex named", str(self.wrong_sex)),
            (f"{limit}: too young, passed", str(self.decided(False, AgeDecision.PASSED))),
            (f"{limit}: of age, failed", str(self.decided(True, AgeDecision.FAILED))),
            (f"{limit}: too young, unclear", str(self.decided(False, AgeDecision.UNCLEAR))),
            (f"{limit}: of age, unclear", str(self.decided(True, AgeDecision.UNCLEAR))),
        ]


def labelled(samples: Sequence[Sample]) -> list[Sample]:
    """Those whose age or sex is known."""
    return [sample for sample in samples if sample.age_years is not None or sample.sex]
