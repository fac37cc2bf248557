"""The measurement of evaluators: arithmetic, both file forms, errors that name file and line."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from conversation.evaluate.evaluation import OutcomeFileError, Share, evaluate_outcomes, read_cases
from conversation.evaluate.ports import Question, Verdict

OUTCOMES = [{"id": "a", "condition": "The user agrees"}, {"id": "b", "condition": "The user refuses"}]


class ByFirstLetter:
    """Answers with the outcome that the reply begins with; ``?`` abstains."""

    name = "first-letter"

    def __init__(self) -> None:
        self.prepared: list[Question] = []

    async def prepare(self, questions: Sequence[Question]) -> None:
        self.prepared += questions

    async def evaluate(self, question: Question, reply: str, *, budget: float = 2.5) -> Verdict:
        outcome = None if reply.startswith("?") else reply[0]
        return Verdict(outcome, 0.1 if "unsure" in reply else 0.9, reply, self.name, float(len(reply)), "letter")


def write(file: Path, rows: Sequence[object]) -> Path:
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def row(reply: str, expected: str | None, key: str = "expected", **more: object) -> dict[str, object]:
    return {"prompt": "Do you agree?", "outcomes": OUTCOMES, "transcript": reply, key: expected, **more}


async def test_report(tmp_path: Path) -> None:
    rows = [
        *(row("a", "a", tags=["yesno"]) for _ in range(8)),
        row("b unsure", "a", tags=["yesno", "lang:es"]),
        row("? no idea", None, key="label", tags=["none", "es"]),
    ]
    steps: list[tuple[int, int]] = []
    evaluator = ByFirstLetter()
    report = await evaluate_outcomes(evaluator, write(tmp_path / "cases.jsonl", rows), lambda *step: steps.append(step))
    assert (report.accuracy.right, report.accuracy.cases) == (9, 10)
    assert report.wrong_commit == Share(1, 10)
    assert report.accuracy_at_90 == Share(9, 9)
    assert report.null_accuracy == Share(1, 1)
    assert report.by_tag["yesno"] == Share(8, 9)
    assert report.by_language == {"en": Share(8, 8), "es": Share(1, 2)}
    assert report.coverage_at_98 == Share(8, 10)
    assert report.coverage_at_99 == Share(8, 10)
    assert report.calibration_error == pytest.approx((8 * 0.1 + 1 * 0.1) / 9)
    assert report.milliseconds_median == 1.0
    assert report.milliseconds_p90 == 9.0
    assert steps[-1] == (10, 10)
    assert len(evaluator.prepared) == 1
    assert json.loads(json.dumps(report.to_json()))["accuracy"]["share"] == 0.9
    assert "90.0 %" in report.to_text()


def test_wilson_interval() -> None:
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    low, high = Share(81, 263).interval
    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)
    assert Share(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "cases.jsonl:2: is not JSON"),
        ("[]", "cases.jsonl:2: must be a JSON object"),
        (json.dumps({"prompt": "Hi"}), "cases.jsonl:2: 'transcript' must be a string"),
        (json.dumps({**row("a", "a"), "outcomes": []}), "cases.jsonl:2: 'outcomes' must be"),
        (json.dumps({**row("a", "a"), "outcomes": [{"id": "a"}]}), "cases.jsonl:2: 'outcomes[0]' must have"),
        (json.dumps(row("a", "zzz")), "cases.jsonl:2: 'expected' is 'zzz'"),
        (json.dumps(row("a", "a", tags="x")), "cases.jsonl:2: 'tags' must be"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(f"{json.dumps(row('a', 'a'))}\n{line}\n", encoding="utf-8")
    with pytest.raises(OutcomeFileError) as raised:
        read_cases(file)
    assert message in str(raised.value)


def test_missing_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(OutcomeFileError, match="cannot be read"):
        read_cases(tmp_path / "absent.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(OutcomeFileError, match="holds no cases"):
        read_cases(tmp_path / "empty.jsonl")
    without = row("a", "a")
    del without["expected"]
    with pytest.raises(OutcomeFileError, match="'expected' \\(or 'label'\\) is missing"):
        read_cases(write(tmp_path / "without.jsonl", [without]))
