"""Blinks at several frame rates, and what only looks like one."""

from collections.abc import Callable

import numpy as np
import pytest

from vision.tracking.blink import BlinkDetector, BlinkPolicy

Closure = Callable[[float], float]


def eyes(*closed: tuple[float, float], baseline: float = 0.12, peak: float = 0.75) -> Closure:
    """Open eyes that are closed from, to."""
    return lambda at: peak if any(start <= at < end for start, end in closed) else baseline


def blinks(closure: Closure, fps: float, seconds: float = 6.0, pitch: Closure = lambda _: 0.0) -> list[float]:
    detector, moments = BlinkDetector(), []
    for index in range(round(seconds * fps)):
        at = 50.0 + index / fps
        if detector.receive(at, closure(at - 50.0), pitch(at - 50.0)):
            moments.append(round(at - 50.0, 2))
    assert detector.count == len(moments)
    return moments


@pytest.mark.parametrize("fps", [10.0, 15.0, 25.0, 30.0, 60.0])
@pytest.mark.parametrize("seconds", [0.12, 0.2, 0.35])
def test_blinks_are_counted_once_each(fps: float, seconds: float) -> None:
    moments = blinks(eyes((2.0, 2.0 + seconds), (4.0, 4.0 + seconds)), fps)
    assert len(moments) == 2
    assert moments[0] == pytest.approx(2.0 + seconds, abs=1.5 / fps)


@pytest.mark.parametrize("baseline", [0.0, 0.12, 0.3, 0.45])
def test_each_person_has_their_own_open_eyes(baseline: float) -> None:
    assert len(blinks(eyes((2.0, 2.2), baseline=baseline, peak=baseline + 0.4), 15.0)) == 1


def test_at_five_frames_a_second_one_closed_frame_is_enough_and_some_blinks_are_missed() -> None:
    assert len(blinks(eyes((1.9, 2.1)), 5.0)) == 1
    assert blinks(eyes((2.01, 2.15)), 5.0) == [], "it fell between two frames"


def test_a_single_odd_frame_at_a_high_rate_is_no_blink() -> None:
    assert blinks(eyes((2.0, 2.02)), 30.0) == []
    assert blinks(eyes((2.0, 2.02)), 60.0) == []


@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0])
def test_narrow_eyes_in_a_still_picture_never_blink(fps: float) -> None:
    chance = np.random.default_rng(4)
    assert blinks(lambda _: 0.6 + float(chance.normal(0, 0.03)), fps, seconds=30.0) == []


def test_closing_the_eyes_for_long_is_no_blink_and_becomes_the_baseline() -> None:
    assert blinks(eyes((2.0, 3.0)), 15.0) == []
    assert blinks(eyes((2.0, 9.0)), 15.0, seconds=9.0) == []


def test_small_changes_are_no_blink() -> None:
    assert blinks(eyes((2.0, 2.2), peak=0.12 + BlinkPolicy().rise - 0.05), 15.0) == []


def test_eyes_that_close_with_a_nod_or_a_tilted_photo_are_not_counted() -> None:
    assert blinks(eyes((2.0, 2.3)), 15.0, pitch=lambda at: 15.0 if 2.0 <= at < 2.3 else 0.0) == []
    assert len(blinks(eyes((2.0, 2.3)), 15.0, pitch=lambda at: 1.0 if 2.0 <= at < 2.3 else 0.0)) == 1


def test_nothing_is_concluded_over_a_gap_or_before_a_baseline() -> None:
    detector = BlinkDetector()
    assert not any(detector.receive(at, closure) for at, closure in ((0.0, 0.1), (0.1, 0.8), (0.2, 0.1)))
    steady = [(1.0 + index / 15, 0.1) for index in range(15)]
    held = [(3.0, 0.8), (3.07, 0.1)]
    assert not any(detector.receive(at, closure) for at, closure in steady + held)


def test_a_clock_that_steps_back_begins_anew() -> None:
    detector = BlinkDetector()
    for index in range(15):
        detector.receive(10.0 + index / 15, 0.1)
    assert not detector.receive(10.0, 0.9)
    assert not detector.receive(10.1, 0.1)
