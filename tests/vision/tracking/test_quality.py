"""What is wrong with a face, one thing after the other."""

from dataclasses import replace
from typing import Any

import pytest

from tests.vision.tracking.observations import nobody, observation, placed
from vision.tracking.quality import LIVENESS, ORDER, PORTRAIT, Problem, Quality, assess


def problems(**face: Any) -> tuple[Problem, ...]:
    return assess(observation(**face), LIVENESS).problems


def test_a_good_face_is_usable_for_both() -> None:
    for policy in (LIVENESS, PORTRAIT):
        quality = assess(observation(), policy)
        assert quality.usable
        assert quality.problems == ()
        assert 0.6 < quality.score <= 1.0


@pytest.mark.parametrize(
    ("face", "problem"),
    [
        ({"width": 0.1, "height": 0.18, "left": 0.45, "top": 0.41}, "too_far"),
        ({"eye_distance_px": 30.0}, "too_coarse"),
        ({"eye_distance_px": 30.0, "width": 0.2, "height": 0.36, "left": 0.4, "top": 0.32}, "too_far"),
        ({"width": 0.6, "height": 1.1, "left": 0.2, "top": -0.05}, "too_near"),
        (placed(0.2), "at_left"),
        (placed(0.8), "at_right"),
        (placed(0.5, 0.2), "at_top"),
        (placed(0.5, 0.8), "at_bottom"),
        ({"yaw": 40.0}, "turned"),
        ({"yaw": -40.0}, "turned"),
        ({"pitch": 35.0}, "turned"),
        ({"roll": -35.0}, "tilted"),
        ({"sharpness": 2.0}, "blurred"),
        ({"brightness": 0.08}, "too_dark"),
        ({"brightness": 0.2, "clipped": 0.5}, "too_dark"),
        ({"brightness": 0.95}, "too_bright"),
        ({"brightness": 0.7, "clipped": 0.5}, "too_bright"),
        ({"brightness": 0.15, "backlight": 0.6}, "backlit"),
        ({"occlusion": 0.5}, "covered"),
        ({"motion": 0.3}, "moving"),
    ],
)
def test_each_problem_is_named_and_alone(face: dict[str, Any], problem: Problem) -> None:
    assert problems(**face) == (problem,)
    assert not assess(observation(**face), LIVENESS).usable


def test_dark_skin_in_good_light_is_not_too_dark() -> None:
    assert problems(brightness=0.2, contrast=0.08) == ()


def test_a_bright_window_is_no_problem_while_the_face_is_lit() -> None:
    assert problems(brightness=0.45, backlight=0.4) == ()


def test_what_was_not_measured_is_no_problem() -> None:
    assert problems(occlusion=None, motion=None) == ()


def test_the_most_important_problem_comes_first() -> None:
    found = problems(brightness=0.05, yaw=50.0, sharpness=1.0, **placed(0.1))
    assert found == ("too_dark", "at_left", "turned", "blurred")
    assert list(found) == sorted(found, key=ORDER.index)


def test_two_faces_come_before_everything_of_the_face() -> None:
    crowd = replace(observation(yaw=50.0), faces=2)
    assert assess(crowd, LIVENESS).problems == ("more_faces", "turned")


def test_nobody_and_darkness_are_told_apart() -> None:
    assert assess(nobody(), LIVENESS) == Quality(False, 0.0, ("no_face",))
    assert assess(observation(presence=0.1), LIVENESS).problems == ("no_face",)
    assert assess(nobody(brightness=0.01), LIVENESS).problems == ("too_dark",)


def test_a_portrait_is_more_demanding() -> None:
    turned, soft = observation(yaw=16.0), observation(sharpness=6.0)
    assert assess(turned, LIVENESS).usable
    assert assess(soft, LIVENESS).usable
    assert assess(turned, PORTRAIT).problems == ("turned",)
    assert assess(soft, PORTRAIT).problems == ("blurred",)


@pytest.mark.parametrize(
    "worse",
    [
        {"yaw": 20.0},
        {"sharpness": 10.0},
        {"eye_distance_px": 60.0},
        {"motion": 0.1},
        {"eye_closure": 0.8},
        {"clipped": 0.3},
    ],
)
def test_a_worse_face_has_a_lower_score(worse: dict[str, Any]) -> None:
    assert assess(observation(**worse), LIVENESS).score < assess(observation(), LIVENESS).score - 0.01


@pytest.mark.parametrize(
    "border",
    [{"yaw": 24.0}, placed(0.29), {"sharpness": 5.2}, {"brightness": 0.125}, {"roll": 24.0}, {"motion": 0.115}],
)
def test_what_is_only_just_good_is_not_clearly_good(border: dict[str, Any]) -> None:
    assert assess(observation(**border), LIVENESS).usable
    assert not assess(observation(**border), LIVENESS.tightened(0.12)).usable
    assert assess(observation(), LIVENESS.tightened(0.12)).usable


def test_a_phone_held_upright_fills_the_width_of_its_picture() -> None:
    upright = replace(observation(left=0.12, width=0.76, top=0.22, height=0.56), width_px=480, height_px=640)
    assert assess(upright, PORTRAIT).usable
