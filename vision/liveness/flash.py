"""Colour-flash challenge: does the skin take on the colours that the screen shows, at the time it shows them?

Illumination by a colour adds to log(R/G) and log(B/G) of the skin in proportion to the colour's own R-G and B-G. Both
the measured chroma and the expected one are freed from what a still head explains (a constant, a drift, the pose),
and correlated at every delay that a screen, a camera and a network may have. How often as much would come by chance is
counted over shuffled sequences: the shown one was itself drawn by shuffling, so this test is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vision.liveness.chance import Chance
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import View

_LAG_STEP = 0.05
"""Seconds between the delays that are tried; less than a frame at 15 fps."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FlashResponse:
    """What was found."""

    correlation: float
    """Partial correlation at the best delay, -1 to 1."""
    chance: float
    """Share of shuffled sequences that do as well."""
    lag_seconds: float
    modulation: float
    """Strength of the reflection: change of log chroma per full scale of colour."""


def flash_seconds(colours: Sequence[str], policy: LivenessPolicy) -> float:
    """How long the page shows them."""
    return len(colours) * policy.flash_symbol_ms / 1000


def flash_response(
    views: Sequence[View], colours: Sequence[str], started_at: float, seed: int, policy: LivenessPolicy
) -> FlashResponse | None:
    """Look for the colours in the skin; None when there are too few frames to say anything."""
    code = np.array([expected_chroma(colour) for colour in colours])
    chance = Chance(seed)
    shuffles = [chance.shuffled(range(len(colours))) for _ in range(policy.flash_permutations)]
    codes = np.stack([code, *(code[order] for order in shuffles)])
    best: Array | None = None
    lags: list[float] = []
    fits: list[tuple[float, float]] = []
    for lag in np.arange(0.0, policy.flash_lag_seconds + _LAG_STEP / 2, _LAG_STEP):
        scores = _scores(views, codes, started_at + float(lag), policy)
        if scores is None:
            continue
        correlations, modulation = scores
        best = correlations if best is None else np.maximum(best, correlations)
        lags.append(float(lag))
        fits.append((float(correlations[0]), modulation))
    if best is None:
        return None
    at = int(np.argmax([correlation for correlation, _ in fits]))
    exceeded = int(np.count_nonzero(best[1:] >= best[0]))
    return FlashResponse(fits[at][0], (1 + exceeded) / len(codes), lags[at], fits[at][1])


def _scores(
    views: Sequence[View], codes: Array, started_at: float, policy: LivenessPolicy
) -> tuple[Array, float] | None:
    """Correlation with each sequence, and the strength of the first, when the first colour shows at ``started_at``."""
    symbol = policy.flash_symbol_ms / 1000
    count = codes.shape[1]
    inside = [
        (int((view.at - started_at) / symbol), view)
        for view in views
        if 0 <= view.at - started_at < count * symbol and (view.at - started_at) % symbol >= policy.flash_settle_seconds
    ]
    if len({index for index, _ in inside}) < count or len(inside) < 1.5 * count:
        return None
    membership = np.zeros((len(inside), count))
    membership[np.arange(len(inside)), [index for index, _ in inside]] = 1.0
    skin = _residuals(np.array([view.face.skin for _, view in inside]), [view for _, view in inside])
    symbols = _residuals(membership, [view for _, view in inside])
    gram = symbols.T @ symbols
    covariance = (codes * (symbols.T @ skin)).sum(axis=(1, 2))
    power = (codes * (gram @ codes)).sum(axis=(1, 2))
    total = float((skin**2).sum())
    if total <= 0 or float(power.min()) <= 0:
        return np.zeros(len(codes)), 0.0
    return covariance / np.sqrt(power * total), float(covariance[0] / power[0])


def _residuals(values: Array, views: Sequence[View]) -> Array:
    """What is left of each column after a constant, a drift and the pose have explained what they can."""
    at = np.array([view.at for view in views])
    nuisance = np.stack(
        [
            np.ones(len(views)),
            at - at.mean(),
            np.array([view.face.yaw for view in views]),
            np.array([view.face.pitch for view in views]),
            np.array([view.face.eye_distance_px for view in views]),
        ],
        axis=1,
    )
    scaled = nuisance / np.maximum(np.abs(nuisance).max(axis=0), 1e-9)
    explained: Array = scaled @ np.linalg.lstsq(scaled, values, rcond=None)[0]
    return values - explained


def expected_chroma(colour: str) -> tuple[float, float]:
    """R-G and B-G of a colour ``#rrggbb`` in linear light."""
    red, green, blue = (linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return red - green, blue - green


def linear(value: float) -> float:
    """Linear light of an sRGB component, both 0 to 1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
