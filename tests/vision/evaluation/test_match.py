"""Pairs through the harness: templates that are placed by hand, so that every figure is known."""

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from vision.evaluation.manifest import Pair
from vision.evaluation.match import MatchReport, evaluate_match, pictures_of
from vision.face.calibration import Calibration
from vision.ports import Floats

CALIBRATION = Calibration(midpoint=0.5, slope=20)
PLACES = {"ann1": 0.0, "ann2": 0.1, "bob1": 2.0, "bob2": 2.2, "bob-in-a-hat": 2.9}
"""On a line; the distance of two pictures is the distance of their places."""


def template_of(file: Path) -> Floats | None:
    return np.array([PLACES[file.name], 0], np.float32) if file.name in PLACES else None


def pair(a: str, b: str, mated: bool) -> Pair:
    return Pair(Path(a), Path(b), mated)


PAIRS = [
    pair("ann1", "ann2", True),
    pair("bob1", "bob2", True),
    pair("bob1", "bob-in-a-hat", True),
    pair("ann1", "bob1", False),
    pair("ann2", "bob2", False),
    pair("ann1", "landscape", True),
]


def measured(pairs: list[Pair], model: str = "line") -> MatchReport:
    return evaluate_match(pairs, {file: template_of(file) for file in pictures_of(pairs)}, model, CALIBRATION)


def test_each_picture_is_needed_once() -> None:
    assert [file.name for file in pictures_of(PAIRS)] == [*PLACES, "landscape"]


def test_rates_at_the_threshold() -> None:
    report = measured(PAIRS)
    assert (report.false_non_match.count, report.false_non_match.cases) == (1, 3), "the hat"
    assert (report.false_match.count, report.false_match.cases) == (0, 2)
    assert report.left_out == 1
    assert report.without_face == ("landscape",)
    assert report.curve is not None
    assert report.curve.equal_error[0] == 0, "the hat is still nearer than any stranger"


def test_the_report_in_three_forms() -> None:
    report = measured(PAIRS, "<line>")
    text, data, page = report.to_text(), report.to_json(), report.to_html()
    assert "not a certification" in text
    assert data["falseNonMatchRate"]["count"] == 1
    assert "<line>" not in page
    assert "&lt;line&gt;" in page
    checker = _Balanced()
    checker.feed(page)
    assert checker.open == []
    assert checker.seen >= {"svg", "polyline", "rect", "table"}


def test_only_one_kind_of_pair_has_no_curve() -> None:
    report = measured(PAIRS[:2])
    assert report.curve is None
    assert report.to_json()["curve"] is None
    assert "no cases" in report.to_text()
    assert "svg" in report.to_html()


class _Balanced(HTMLParser):
    """Every element that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            pytest.fail(f"</{tag}> closes nothing")
