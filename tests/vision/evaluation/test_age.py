"""Ages through the harness, with estimates that are given."""

from pathlib import Path

import pytest

from vision.evaluation.age import AgeReport, Portrait, labelled
from vision.evaluation.manifest import Sample
from vision.face.attributes import AgeDecision
from vision.ports import FaceAttributes


def sample(age: float | None, sex: str = "") -> Sample:
    return Sample(Path("p.jpg"), "photo", "", "", "", age, "male" if sex == "male" else "female" if sex else "")


def portrait(true_age: float | None, estimate: float | None, *, sex: str = "", male: float = 0.5) -> Portrait:
    found = None if estimate is None else FaceAttributes(estimate, male)
    return Portrait(sample(true_age, sex), found)


REPORT = AgeReport(
    "given",
    (
        portrait(40, 42, sex="male", male=0.95),
        portrait(30, 45, sex="female", male=0.9),
        portrait(16, 15, sex="female", male=0.5),
        portrait(15, 40),
        portrait(60, 8),
        portrait(50, None),
        portrait(None, 33, sex="male", male=0.99),
    ),
    limit_years=18,
)


def test_figures_by_hand() -> None:
    assert (REPORT.failure_to_acquire.count, REPORT.failure_to_acquire.cases) == (1, 7)
    assert (REPORT.within_range.count, REPORT.within_range.cases) == (2, 5)
    assert REPORT.mean_error_years == pytest.approx((2 + 15 + 1 + 25 + 52) / 5)
    assert (REPORT.wrong_sex.count, REPORT.wrong_sex.cases) == (1, 3), "an unnamed sex is no error"


def test_what_the_limit_decides() -> None:
    passed = REPORT.decided(False, AgeDecision.PASSED)
    assert (passed.count, passed.cases) == (1, 2), "the fifteen-year-old who looks forty"
    failed = REPORT.decided(True, AgeDecision.FAILED)
    assert (failed.count, failed.cases) == (1, 3), "the sixty-year-old who is taken for eight"
    assert REPORT.decided(False, AgeDecision.UNCLEAR).count == 1


def test_the_report_in_three_forms() -> None:
    assert REPORT.to_json()["limit"]["tooYoungPassed"]["count"] == 1
    assert "limit 18: too young, passed" in REPORT.to_text()
    assert "<table>" in REPORT.to_html()


def test_without_true_values_nothing_is_claimed() -> None:
    report = AgeReport("given", (portrait(None, 30),), 18)
    assert report.mean_error_years is None
    assert report.within_range.share is None
    assert "no cases" in report.to_text()
    assert labelled([sample(None), sample(20), sample(None, "male")]) == [sample(20), sample(None, "male")]
