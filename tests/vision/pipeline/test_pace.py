"""How often it looks."""

import pytest

from vision.pipeline.pace import Pace, Wishes


def test_it_looks_more_often_while_a_check_runs() -> None:
    pace = Pace(idle_frames_per_second=5.0, check_frames_per_second=15.0)
    assert pace.wait(10.0) == 0.0
    pace.begin(10.0)
    assert pace.wait(10.0) == pytest.approx(0.2, abs=0.02)
    pace.checking = True
    assert pace.wait(10.0) == pytest.approx(1 / 15, abs=0.02)
    assert pace.wait(10.2) == 0.0


def test_it_slows_down_to_a_third_when_looking_takes_long() -> None:
    pace = Pace(checking=True)
    for _ in range(40):
        pace.took(0.08)
    assert pace.frames_per_second == pytest.approx(7.5, rel=0.01)
    for _ in range(40):
        pace.took(2.0)
    assert pace.frames_per_second == pytest.approx(5.0)
    for _ in range(80):
        pace.took(0.01)
    assert pace.frames_per_second == 15.0


def test_slower_models_take_turns() -> None:
    pace = Pace(checking=True)
    assert pace.begin(0.0) == Wishes(texture=True, likeness=True, attributes=True)
    pace.used(["texture", "likeness"], 0.0)
    assert pace.begin(0.1) == Wishes(attributes=True)
    assert pace.begin(0.8) == Wishes(texture=True, attributes=True)
    assert pace.begin(1.0).likeness


def test_only_texture_is_looked_at_while_no_check_runs() -> None:
    assert Pace().begin(0.0) == Wishes(texture=True)
