"""How well a face model tells people apart: pairs of pictures, mated or not (ISO/IEC 19795-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vision.evaluation.manifest import Pair
from vision.evaluation.page import Table, histogram_figure, roc_figure, write_page
from vision.evaluation.rates import SELF_TEST, Curve, Rate, Scores, curve, curve_to_json
from vision.face.calibration import Calibration
from vision.face.templates import distance
from vision.ports import Floats


@dataclass(frozen=True, slots=True, eq=False)
class MatchReport:
    """What came out."""

    model: str
    threshold: float
    """Similarity from which a pair counts as one person."""
    mated: Scores
    """Similarities of mated pairs."""
    non_mated: Scores
    curve: Curve | None
    pictures: int
    without_face: tuple[str, ...]
    """Names of pictures in which no face was found: failures to acquire; their pairs are left out."""
    left_out: int
    """Pairs that could not be compared."""

    @property
    def false_match(self) -> Rate:
        """FMR at the threshold."""
        return Rate(int((self.non_mated >= self.threshold).sum()), len(self.non_mated))

    @property
    def false_non_match(self) -> Rate:
        """FNMR at the threshold."""
        return Rate(int((self.mated < self.threshold).sum()), len(self.mated))

    @property
    def failure_to_acquire(self) -> Rate:
        """Share of pictures without a usable face."""
        return Rate(len(self.without_face), self.pictures)

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        return {
            "note": SELF_TEST,
            "model": self.model,
            "threshold": self.threshold,
            "falseMatchRate": self.false_match.to_json(),
            "falseNonMatchRate": self.false_non_match.to_json(),
            "failureToAcquire": self.failure_to_acquire.to_json() | {"pictures": list(self.without_face)},
            "pairsLeftOut": self.left_out,
            "curve": curve_to_json(self.curve),
        }

    def to_text(self) -> str:
        """For a terminal."""
        return "\n".join([f"{name:28}{value}" for name, value in self._rows()] + ["", SELF_TEST])

    def to_html(self) -> str:
        """One page with plots."""
        figures = [histogram_figure(self.mated, self.non_mated, "Similarities.", ("mated", "non-mated"))]
        if self.curve is not None:
            figures.append(roc_figure(self.curve, "Receiver operating characteristic."))
        return write_page("Face comparison", [Table("Figures", ("what", "value"), self._rows())], figures)

    def _rows(self) -> list[tuple[str, str]]:
        rows = [
            ("model", self.model),
            (f"FMR at {self.threshold:g}", str(self.false_match)),
            (f"FNMR at {self.threshold:g}", str(self.false_non_match)),
            ("failure to acquire", str(self.failure_to_acquire)),
        ]
        if self.curve is not None:
            rate, threshold = self.curve.equal_error
            rows += [
                ("equal error rate", f"{100 * rate:6.2f} %  at similarity {threshold:.3f}"),
                ("TAR at FAR 1 %", f"{100 * self.curve.at_false_accept(0.01)[0]:6.2f} %"),
                ("TAR at FAR 0.1 %", f"{100 * self.curve.at_false_accept(0.001)[0]:6.2f} %"),
            ]
        return rows


def evaluate_match(
    pairs: Sequence[Pair],
    templates: Mapping[Path, Floats | None],
    model: str,
    calibration: Calibration,
    *,
    threshold: float = 0.85,
) -> MatchReport:
    """Compare all pairs. ``templates`` has every picture of ``pictures_of``; None where no face was found."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    left_out = 0
    for pair in pairs:
        a, b = templates[pair.a], templates[pair.b]
        if a is None or b is None:
            left_out += 1
            continue
        scores[pair.mated].append(calibration.similarity(distance(a, b)))
    mated, non_mated = np.array(scores[True], np.float64), np.array(scores[False], np.float64)
    return MatchReport(
        model=model,
        threshold=threshold,
        mated=mated,
        non_mated=non_mated,
        curve=curve(mated, non_mated),
        pictures=len(templates),
        without_face=tuple(file.name for file, template in templates.items() if template is None),
        left_out=left_out,
    )


def pictures_of(pairs: Sequence[Pair]) -> list[Path]:
    """Every picture once, in the order of first use."""
    return list(dict.fromkeys(file for pair in pairs for file in (pair.a, pair.b)))
