"""Age and sex from many frames: a range, and what it says about an age limit. Never one number, never the only gate.

The model's error on a person stays the same from frame to frame, so more frames make the range steadier, not narrower:
it never gets narrower than ``LEAST_MARGIN_YEARS`` to each side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

LEAST_MARGIN_YEARS = 8
"""The authors of ``faceres`` measured a mean error of 5.4 to 6.0 years on UTKFace
(github.com/av-savchenko/HSE_FaceRec_tf, ``age_gender_identity/README.md``); if errors spread normally, three in four
stay within 8 years."""
FEWEST_FRAMES = 3
"""Fewer frames say nothing: one odd frame would decide."""
SPREAD_QUANTILES = (10, 90)
"""Percent; frames outside do not widen the range."""
SURE_OF_SEX = 0.8
"""Median probability from which a sex is named. Cut at one half, the model is right on 92 to 98 % of UTKFace (as
above); the portraits on which we saw it err or change its mind lie between 0.2 and 0.8."""
YOUNGEST, OLDEST = 0, 100

Sex = Literal["male", "female", ""]
"""Empty = unclear."""


@dataclass(frozen=True, slots=True)
class AgeRange:
    """What all frames together say."""

    age_min: int
    age_max: int
    sex: Sex
    frames: int
    """How many frames it comes from."""


class AgeDecision(StrEnum):
    """Whether a person is old enough."""

    PASSED = "passed"
    FAILED = "failed"
    UNCLEAR = "unclear"
    """The limit lies inside the range: ask for a document."""


def age_range(ages_years: Sequence[float], male: Sequence[float]) -> AgeRange | None:
    """The range around the median age, wider where the frames disagree; None for fewer than ``FEWEST_FRAMES``.

    ``ages_years`` and ``male`` (probabilities, 0 to 1) hold one value for each frame.

    Raises:
        ValueError: the two differ in length.
    """
    if len(ages_years) != len(male):
        raise ValueError("each frame has one age and one probability")
    if len(ages_years) < FEWEST_FRAMES:
        return None
    ages = np.asarray(ages_years, np.float64)
    median = float(np.median(ages))
    low, high = (float(value) for value in np.percentile(ages, SPREAD_QUANTILES))
    return AgeRange(
        age_min=max(YOUNGEST, int(np.floor(min(median - LEAST_MARGIN_YEARS, low)))),
        age_max=min(OLDEST, int(np.ceil(max(median + LEAST_MARGIN_YEARS, high)))),
        sex=_sex(float(np.median(np.asarray(male, np.float64)))),
        frames=len(ages_years),
    )


def decide(found: AgeRange | None, limit_years: int) -> AgeDecision:
    """Whether everybody in the range has reached the limit, nobody has, or some have. No range: unclear."""
    if found is None:
        return AgeDecision.UNCLEAR
    if found.age_min >= limit_years:
        return AgeDecision.PASSED
    if found.age_max < limit_years:
        return AgeDecision.FAILED
    return AgeDecision.UNCLEAR


def _sex(male: float) -> Sex:
    if male >= SURE_OF_SEX:
        return "male"
    return "female" if male <= 1 - SURE_OF_SEX else ""
