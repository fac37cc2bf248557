"""Measuring an evaluator on a file of labelled replies: ``visavis evaluate outcomes FILE``.

Each line is a JSON object with ``prompt``, ``outcomes`` (``id``, ``condition``), ``transcript`` and ``expected`` or
``label`` (an outcome id, or null when none holds); ``tags`` and ``id`` are optional.
"""

import json
import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conversation.evaluate.calibration import Bin, bins, calibration_error, covered
from conversation.evaluate.ports import Condition, Evaluator, Question, Verdict
from conversation.text.language import LANGUAGES

Progress = Callable[[int, int], None]
"""Called with the number of cases done and the number of all cases."""

_COVERAGE = 0.9
_NORMAL_95 = 1.959964
"""The two-sided 95 % quantile of the standard normal distribution."""


class OutcomeFileError(ValueError):
    """A file of cases cannot be read; the message names file and line and says what to change."""


@dataclass(frozen=True, slots=True)
class OutcomeCase:
    """One labelled reply."""

    question: Question
    reply: str
    expected: str | None
    tags: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases with its 95 % confidence interval (Wilson 1927)."""

    right: int
    cases: int

    @property
    def share(self) -> float:
        """The share itself; 0 without cases."""
        return self.right / self.cases if self.cases else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of the interval."""
        if not self.cases:
            return (0.0, 1.0)
        n, p, z = self.cases, self.share, _NORMAL_95
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return (max(0.0, centre - half), min(1.0, centre + half))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.share:5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]  {self.right}/{self.cases}"


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """How an evaluator did on a file."""

    evaluator: str
    cases: int
    accuracy: Share
    """Right outcome, or rightly none."""
    wrong_commit: Share
    """A wrong outcome was taken. The other errors only ask again."""
    accuracy_at_90: Share
    """Accuracy on the 90 % of cases with the highest confidence."""
    null_accuracy: Share
    """Of the cases in which no outcome holds: those where none was taken."""
    coverage_at_98: Share
    """Cases that can be answered with an outcome, the surest first, so that 98 % of the answers are right."""
    coverage_at_99: Share
    """Likewise with 99 %."""
    calibration_error: float
    """Of the confidence in outcomes that were taken; see ``calibration``."""
    reliability: tuple[Bin, ...]
    """The outcomes that were taken, by rising confidence."""
    milliseconds_median: float
    milliseconds_p90: float
    by_tag: dict[str, Share] = field(default_factory=dict)
    by_language: dict[str, Share] = field(default_factory=dict)
    by_reason: dict[str, Share] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the report for ``json.dumps``: shares with their intervals, keys in camelCase."""

        def plain(share: Share) -> dict[str, Any]:
            return {"share": share.share, "interval95": list(share.interval), **asdict(share)}

        return {
            "evaluator": self.evaluator,
            "cases": self.cases,
            "accuracy": plain(self.accuracy),
            "wrongCommit": plain(self.wrong_commit),
            "accuracyAt90": plain(self.accuracy_at_90),
            "nullAccuracy": plain(self.null_accuracy),
            "coverageAt98": plain(self.coverage_at_98),
            "coverageAt99": plain(self.coverage_at_99),
            "calibrationError": self.calibration_error,
            "reliability": [asdict(part) for part in self.reliability],
            "millisecondsMedian": self.milliseconds_median,
            "millisecondsP90": self.milliseconds_p90,
            "byTag": {name: plain(share) for name, share in self.by_tag.items()},
            "byLanguage": {name: plain(share) for name, share in self.by_language.items()},
            "byReason": {name: plain(share) for name, share in self.by_reason.items()},
        }

    def to_text(self) -> str:
        """Return the report as a table for a terminal."""
        lines = [
            f"evaluator          {self.evaluator}, {self.cases} cases (95 % intervals in brackets)",
            f"accuracy           {self.accuracy}",
            f"wrong commit       {self.wrong_commit}",
            f"accuracy at 90 %   {self.accuracy_at_90}",
            f"null accuracy      {self.null_accuracy}",
            f"coverage at 98 %   {self.coverage_at_98}",
            f"coverage at 99 %   {self.coverage_at_99}",
            f"calibration error  {self.calibration_error:.3f}",
            f"ms per case        median {self.milliseconds_median:.1f}, p90 {self.milliseconds_p90:.1f}",
        ]
        for title, shares in (("tag", self.by_tag), ("language", self.by_language), ("decided by", self.by_reason)):
            lines += [f"{title} {name}".ljust(28) + str(share) for name, share in shares.items()]
        return "\n".join(lines)


def read_cases(file: Path) -> list[OutcomeCase]:
    """Read all cases. Raises ``OutcomeFileError``."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OutcomeFileError(f"{file}: cannot be read as UTF-8 text: {error}") from error
    cases = [_read(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not cases:
        raise OutcomeFileError(f"{file}: holds no cases; write one JSON object per line")
    return cases


def _read(file: Path, number: int, line: str) -> OutcomeCase:
    def wrong(what: str) -> OutcomeFileError:
        return OutcomeFileError(f"{file}:{number}: {what}")

    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise wrong(f"is not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(row, dict):
        raise wrong("must be a JSON object")
    for key in ("prompt", "transcript"):
        if not isinstance(row.get(key), str):
            raise wrong(f"'{key}' must be a string")
    outcomes = row.get("outcomes")
    if not isinstance(outcomes, list) or not outcomes:
        raise wrong("'outcomes' must be a list of at least one outcome")
    conditions = []
    for place, outcome in enumerate(outcomes):
        texts = (outcome.get("id"), outcome.get("condition")) if isinstance(outcome, dict) else (None, None)
        if not all(isinstance(text, str) for text in texts):
            raise wrong(f"'outcomes[{place}]' must have the strings 'id' and 'condition'")
        conditions.append(Condition(outcome["id"], outcome["condition"]))
    if "expected" not in row and "label" not in row:
        raise wrong("'expected' (or 'label') is missing: an outcome id, or null when no outcome holds")
    expected = row["expected"] if "expected" in row else row["label"]
    if expected is not None and expected not in {condition.id for condition in conditions}:
        raise wrong(f"'expected' is {expected!r}, which is not the id of an outcome of this line")
    tags = row.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise wrong("'tags' must be a list of strings")
    return OutcomeCase(Question(row["prompt"], tuple(conditions)), row["transcript"], expected, tuple(tags), number)


async def evaluate_outcomes(evaluator: Evaluator, file: Path, progress: Progress | None = None) -> OutcomeReport:
    """Judge every case of a file and compare. Raises ``OutcomeFileError`` before any work when the file is wrong."""
    cases = read_cases(file)
    await evaluator.prepare(list(dict.fromkeys(case.question for case in cases)))
    verdicts = []
    for done, case in enumerate(cases, start=1):
        verdicts.append(await evaluator.evaluate(case.question, case.reply, budget=30.0))
        if progress:
            progress(done, len(cases))
    return report(evaluator.name, cases, verdicts)


def report(name: str, cases: Sequence[OutcomeCase], verdicts: Sequence[Verdict]) -> OutcomeReport:
    """Compare verdicts with labels."""
    right = [verdict.outcome == case.expected for case, verdict in zip(cases, verdicts, strict=True)]
    wrong = [
        verdict.outcome is not None and verdict.outcome != case.expected
        for case, verdict in zip(cases, verdicts, strict=True)
    ]
    surest = sorted(range(len(cases)), key=lambda place: -verdicts[place].confidence)
    nine_tenths = surest[: max(1, round(_COVERAGE * len(cases)))]
    times = sorted(verdict.milliseconds for verdict in verdicts)
    taken = [place for place, verdict in enumerate(verdicts) if verdict.outcome is not None]
    sureness, hits = [verdicts[place].confidence for place in taken], [right[place] for place in taken]
    reliability = bins(sureness, hits)
    return OutcomeReport(
        evaluator=name,
        cases=len(cases),
        accuracy=_share(right),
        wrong_commit=_share(wrong),
        accuracy_at_90=_share([right[place] for place in nine_tenths]),
        null_accuracy=_share([hit for hit, case in zip(right, cases, strict=True) if case.expected is None]),
        coverage_at_98=Share(covered(sureness, hits, 0.98), len(cases)),
        coverage_at_99=Share(covered(sureness, hits, 0.99), len(cases)),
        calibration_error=calibration_error(reliability),
        reliability=reliability,
        milliseconds_median=statistics.median(times),
        milliseconds_p90=times[min(len(times) - 1, int(0.9 * len(times)))],
        by_tag=_grouped(right, (case.tags for case in cases)),
        by_language=_grouped(right, ((_language(case.tags),) for case in cases)),
        by_reason=_grouped(right, ((verdict.reason,) for verdict in verdicts)),
    )


def _share(hits: Sequence[bool]) -> Share:
    return Share(sum(hits), len(hits))


def _grouped(right: Sequence[bool], keys: Iterable[Sequence[str]]) -> dict[str, Share]:
    groups: dict[str, list[bool]] = {}
    for hit, names in zip(right, keys, strict=True):
        for name in dict.fromkeys(names):
            groups.setdefault(name, []).append(hit)
    return {name: _share(hits) for name, hits in sorted(groups.items())}


def _language(tags: Sequence[str]) -> str:
    """Return the language that a tag names (``es`` or ``lang:es``), else ``en``."""
    return next((tag.removeprefix("lang:") for tag in tags if tag.removeprefix("lang:") in LANGUAGES), "en")
