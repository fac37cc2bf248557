"""Presentations through the harness: observations and verdicts that are given, so that every figure is known."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from vision.evaluation.manifest import Sample
from vision.evaluation.pad import PadReport, evaluate_pad
from vision.liveness.verdict import Outcome, Verdict
from vision.tracking.observation import Observation

SCORES = {
    "person.mp4": [0.9, 0.95, 0.4],
    "tired.mp4": [0.8, 0.85],
    "dark.mp4": [],
    "tablet.mp4": [0.1, 0.55],
    "clever-tablet.mp4": [0.9, 0.9],
    "paper.mp4": [0.2, 0.2],
    "still.jpg": [0.7],
}
OUTCOMES: dict[str, Outcome] = {
    "person.mp4": "bona_fide",
    "tired.mp4": "attack",
    "dark.mp4": "no_face",
    "tablet.mp4": "attack",
    "clever-tablet.mp4": "bona_fide",
    "paper.mp4": "inconclusive",
}


def observation(at: float, texture: float | None) -> Observation:
    return Observation(
        at=at, media_at=at, width_px=640, height_px=480, faces=0, track=0, face=None, brightness=0.5,
        fingerprint="0" * 16, difference=0.1, texture=texture,
    )  # fmt: skip


class Eyes:
    """Gives each file its scores, and remembers which file is judged."""

    def __init__(self) -> None:
        self.file = ""

    def observe(self, file: Path) -> Iterator[Observation]:
        self.file = file.name
        if file.name == "broken.mp4":
            raise ValueError("moov atom not found in /home/somebody/broken.mp4")
        unscored = 0 if file.suffix == ".jpg" else 3
        texture = [*SCORES[file.name], *[None] * unscored]
        yield from (observation(index / 15, score) for index, score in enumerate(texture))

    def judge(self, observations: Sequence[Observation]) -> Verdict:
        return Verdict(OUTCOMES[self.file], "", None, ("pad_texture",), (), (), len(observations), 1.0, "test")


def sample(name: str, kind: str = "") -> Sample:
    return Sample(Path("clips") / name, kind or "real", "attack" if kind else "bona_fide", kind, "", None, "")


@pytest.fixture
def report() -> PadReport:
    samples = [
        *(sample(name) for name in ("person.mp4", "tired.mp4", "dark.mp4", "still.jpg", "broken.mp4")),
        *(sample(name, "replay") for name in ("tablet.mp4", "clever-tablet.mp4")),
        sample("paper.mp4", "print"),
        Sample(Path("x.jpg"), "photo", "", "", "", None, ""),
    ]
    eyes = Eyes()
    return evaluate_pad(samples, eyes.observe, eyes.judge, 0.5)


def test_clip_level_rates(report: PadReport) -> None:
    assert report.kinds == ("print", "replay")
    assert (report.apcer("replay").count, report.apcer("replay").cases) == (1, 2)
    assert (report.apcer("print").count, report.apcer("print").cases) == (0, 1)
    assert (report.bpcer.count, report.bpcer.cases) == (1, 3), "a single picture is no clip, a broken file is none"
    assert (report.non_response().count, report.non_response("print").count) == (1, 1)


def test_frame_level_rates(report: PadReport) -> None:
    assert (report.frame_errors().count, report.frame_errors().cases) == (1, 6), "the still counts here"
    assert (report.frame_errors("replay").count, report.frame_errors("replay").cases) == (3, 4)
    assert report.frame_curve is not None


def test_rows_without_truth_are_counted_not_judged(report: PadReport) -> None:
    assert report.skipped == 1
    assert len(report.presentations) == 8


def test_an_unreadable_file_is_named_without_its_folder(report: PadReport) -> None:
    data = report.to_json()
    broken = next(item for item in data["presentations"] if item["path"] == "broken.mp4")
    assert broken["problem"] == "unreadable: ValueError"
    assert "somebody" not in str(data)
    assert "somebody" not in report.to_html()


def test_the_report_in_three_forms(report: PadReport) -> None:
    text = report.to_text()
    assert "clips: APCER replay" in text
    assert "not a certification" in text
    assert report.to_json()["clips"]["bpcer"]["count"] == 1
    assert "<svg" in report.to_html()


def test_only_bona_fide_material() -> None:
    eyes = Eyes()
    report = evaluate_pad([sample("person.mp4")], eyes.observe, eyes.judge, 0.5)
    assert report.kinds == ()
    assert report.frame_curve is None
    assert "no decision, bona fide" in report.to_text()
