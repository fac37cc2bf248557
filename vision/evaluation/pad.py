"""How well presentation attacks are told from people: clips with labels through the same eyes as a call.

A recording cannot do as it is told, so only the passive half is measured: texture, motion, static and looped feeds,
injection signals. Terms of ISO/IEC 30107-3: APCER per attack instrument species, BPCER, and both non-response rates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vision.evaluation.manifest import Sample
from vision.evaluation.page import Table, histogram_figure, roc_figure, write_page
from vision.evaluation.rates import SELF_TEST, Curve, Rate, Scores, curve, curve_to_json
from vision.liveness.verdict import Verdict
from vision.tracking.observation import Observation

Progress = Callable[[int, int], None]
"""Called with steps done and steps in all."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """One clip or picture, and what was found."""

    sample: Sample
    frames: int
    seconds: float
    scores: tuple[float, ...]
    """Texture scores of its frames."""
    verdict: Verdict | None
    """None for single pictures and for files that could not be read."""
    problem: str
    """Why there is nothing; empty = fine."""


@dataclass(frozen=True, slots=True)
class PadReport:
    """What came out."""

    presentations: tuple[Presentation, ...]
    skipped: int
    """Rows whose label says nothing about attacks."""
    frame_threshold: float
    """Texture score from which a single frame counts as bona fide."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Attack instrument species, in alphabetical order."""
        return tuple(sorted({item.sample.kind for item in self.presentations if item.sample.kind}))

    def apcer(self, kind: str) -> Rate:
        """Clips of this species that were taken for bona fide."""
        return _share(self._clips(kind), lambda verdict: verdict.outcome == "bona_fide")

    @property
    def bpcer(self) -> Rate:
        """Bona fide clips that were taken for attacks."""
        return _share(self._clips(""), lambda verdict: verdict.outcome == "attack")

    def non_response(self, kind: str = "") -> Rate:
        """Clips without a decision: of a species, or the bona fide ones."""
        return _share(self._clips(kind), lambda verdict: verdict.outcome in ("inconclusive", "no_face"))

    def frame_errors(self, kind: str = "") -> Rate:
        """Single frames on the wrong side of the threshold: of a species, or the bona fide ones."""
        scores = self._scores(kind)
        wrong = scores >= self.frame_threshold if kind else scores < self.frame_threshold
        return Rate(int(wrong.sum()), len(scores))

    @property
    def frame_curve(self) -> Curve | None:
        """Over all frames."""
        return curve(self._scores(""), self._attack_scores)

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        return {
            "note": SELF_TEST,
            "clips": {
                "apcer": {kind: self.apcer(kind).to_json() for kind in self.kinds},
                "bpcer": self.bpcer.to_json(),
                "apnrr": {kind: self.non_response(kind).to_json() for kind in self.kinds},
                "bpnrr": self.non_response().to_json(),
            },
            "frames": {
                "threshold": self.frame_threshold,
                "apcer": {kind: self.frame_errors(kind).to_json() for kind in self.kinds},
                "bpcer": self.frame_errors().to_json(),
                "curve": curve_to_json(self.frame_curve),
            },
            "presentations": [_presentation_json(item) for item in self.presentations],
            "rowsSkipped": self.skipped,
        }

    def to_text(self) -> str:
        """For a terminal."""
        lines = [f"{name:34}{value}" for name, value in self._rates()]
        lines += ["", *("  ".join(row) for row in self._presentation_rows()), "", SELF_TEST]
        return "\n".join(lines)

    def to_html(self) -> str:
        """One page with plots."""
        tables = [
            Table("Rates", ("what", "share [95 % interval] cases"), self._rates()),
            Table("Presentations", ("file", "label", "verdict", "median", "why"), self._presentation_rows()),
        ]
        bona_fide, attacks = self._scores(""), self._attack_scores
        figures = [histogram_figure(bona_fide, attacks, "Texture scores of frames.", ("bona fide", "attacks"))]
        if (found := self.frame_curve) is not None:
            figures.append(roc_figure(found, "Frames: bona fide accepted against attacks accepted."))
        return write_page("Presentation attack detection", tables, figures)

    @property
    def _attack_scores(self) -> Scores:
        return np.concatenate([np.zeros(0), *(self._scores(kind) for kind in self.kinds)])

    def _of(self, kind: str) -> list[Presentation]:
        return [item for item in self.presentations if item.sample.kind == kind]

    def _clips(self, kind: str) -> list[Verdict]:
        return [item.verdict for item in self._of(kind) if item.verdict is not None]

    def _scores(self, kind: str) -> Scores:
        return np.array([score for item in self._of(kind) for score in item.scores], np.float64)

    def _rates(self) -> list[tuple[str, str]]:
        rows = [(f"clips: APCER {kind}", str(self.apcer(kind))) for kind in self.kinds]
        rows += [("clips: BPCER", str(self.bpcer))]
        rows += [(f"clips: no decision, {kind}", str(self.non_response(kind))) for kind in self.kinds]
        rows += [("clips: no decision, bona fide", str(self.non_response()))]
        at = f"at {self.frame_threshold:g}"
        rows += [(f"frames: APCER {kind} {at}", str(self.frame_errors(kind))) for kind in self.kinds]
        rows += [(f"frames: BPCER {at}", str(self.frame_errors()))]
        if (found := self.frame_curve) is not None:
            rows += [("frames: equal error rate", f"{100 * found.equal_error[0]:6.2f} %")]
            rows += [("frames: area under curve", f"{found.area:8.4f}")]
        return rows

    def _presentation_rows(self) -> list[tuple[str, ...]]:
        return [
            (
                item.sample.path.name,
                item.sample.kind or "bona fide",
                item.verdict.outcome if item.verdict else item.problem or "single picture",
                f"{np.median(item.scores):.3f}" if item.scores else "–",
                ", ".join(item.verdict.reasons) if item.verdict else "",
            )
            for item in self.presentations
        ]


def evaluate_pad(
    samples: Sequence[Sample],
    observe: Callable[[Path], Iterable[Observation]],
    judge: Callable[[Sequence[Observation]], Verdict],
    frame_threshold: float,
    *,
    progress: Progress = lambda done, total: None,
) -> PadReport:
    """Look at every labelled sample. ``observe`` raises OSError or ValueError for a file that cannot be read."""
    labelled = [sample for sample in samples if sample.truth]
    found = []
    for done, sample in enumerate(labelled, start=1):
        found.append(_present(sample, observe, judge))
        progress(done, len(labelled))
    return PadReport(tuple(found), len(samples) - len(labelled), frame_threshold)


def _present(
    sample: Sample,
    observe: Callable[[Path], Iterable[Observation]],
    judge: Callable[[Sequence[Observation]], Verdict],
) -> Presentation:
    try:
        observations = list(observe(sample.path))
    except (OSError, ValueError) as error:
        return Presentation(sample, 0, 0.0, (), None, f"unreadable: {type(error).__name__}")
    scores = tuple(item.texture for item in observations if item.texture is not None)
    seconds = observations[-1].at - observations[0].at if observations else 0.0
    verdict = judge(observations) if len(observations) > 1 else None
    return Presentation(sample, len(observations), seconds, scores, verdict, "" if observations else "no frames")


def _share(verdicts: Sequence[Verdict], wrong: Callable[[Verdict], bool]) -> Rate:
    return Rate(sum(wrong(verdict) for verdict in verdicts), len(verdicts))


def _presentation_json(item: Presentation) -> dict[str, Any]:
    return {
        "path": item.sample.path.name,
        "label": item.sample.label,
        "frames": item.frames,
        "seconds": round(item.seconds, 2),
        "medianTexture": float(np.median(item.scores)) if item.scores else None,
        "outcome": item.verdict.outcome if item.verdict else None,
        "reasons": list(item.verdict.reasons) if item.verdict else [],
        "problem": item.problem,
    }
