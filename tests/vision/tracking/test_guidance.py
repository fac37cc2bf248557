"""Hints on the screen and in the ear."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.vision.tracking.observations import frames, nobody, observation, placed
from vision.liveness.commands import Hint, HintKey
from vision.tracking.guidance import ADVICE, GuidancePolicy, Guide
from vision.tracking.observation import Observation
from vision.tracking.quality import LIVENESS, ORDER, assess

Heard = list[tuple[float, Hint]]


def show(guide: Guide, observations: Iterator[Observation]) -> Heard:
    """Hints with the moments at which they come."""
    heard = []
    for item in observations:
        hint = guide.observe(item, assess(item, LIVENESS), item.at)
        if hint is not None:
            heard.append((round(item.at, 2), hint))
    return heard


def still(seconds: float, start: float = 0.0, fps: float = 10.0, **face: Any) -> Iterator[Observation]:
    return frames(seconds, fps, lambda at: observation(at, **face), start)


def keys(heard: Heard) -> list[HintKey]:
    return [hint.key for _, hint in heard]


def test_every_problem_has_an_advice() -> None:
    assert set(ADVICE) == set(ORDER)


@pytest.mark.parametrize(
    ("x", "y", "advice"), [(0.2, 0.5, "left"), (0.8, 0.5, "right"), (0.5, 0.2, "down"), (0.5, 0.8, "up")]
)
def test_directions_are_those_of_the_person(x: float, y: float, advice: HintKey) -> None:
    """The camera looks at the person, so its picture is not a mirror: their own left hand is at its right side.

    Somebody who appears at the left edge (x = 0.2) sits too far to their own right. They come into the middle by moving
    to the right of the picture, and that is their own left. (On the page, which mirrors its own view of the camera,
    they see themselves at the right and move to the left: the same word.) Up and down are the same for both.
    """
    guide = Guide(LIVENESS)
    assert keys(show(guide, still(1.0, **placed(x, y)))) == [advice]


def test_following_the_advice_brings_the_face_to_the_middle() -> None:
    """The proof by doing: the person obeys, the camera sees them move, and the advice ends in ``steady``."""
    guide, person, seen = Guide(LIVENESS), 0.35, []
    """Where they sit, to their own left of the camera's axis (negative: to their right), in frame widths."""
    for tick in range(60):
        at = tick / 10
        x_in_picture = 0.5 + person  # their own left is the picture's right
        item = observation(at, **placed(x_in_picture))
        hint = guide.observe(item, assess(item, LIVENESS), at)
        if hint is not None:
            seen.append(hint.key)
        if seen and seen[-1] in ("left", "right"):
            person += 0.03 if seen[-1] == "left" else -0.03
    assert seen == ["right", "steady"]
    assert abs(person) < LIVENESS.off_centre


def test_a_hint_waits_until_the_problem_has_lasted() -> None:
    heard = show(Guide(LIVENESS), still(2.0, yaw=40.0))
    assert heard == [(0.6, Hint("face_camera", speak=False))]
    flicker = frames(3.0, 10.0, lambda at: observation(at, yaw=40.0 if round(at * 10) % 4 == 0 else 0.0))
    assert "face_camera" not in keys(show(Guide(LIVENESS), flicker))


def test_a_hint_stays_long_enough_to_be_read() -> None:
    guide = Guide(LIVENESS)
    show(guide, still(0.7, yaw=40.0))
    heard = show(guide, still(3.0, start=0.7))
    assert [hint for _, hint in heard] == [Hint("steady", speak=False)]
    assert heard[0][0] == pytest.approx(1.8, abs=0.11)


def test_a_hint_goes_only_when_the_value_is_clearly_inside() -> None:
    guide = Guide(LIVENESS)
    show(guide, still(1.0, yaw=27.0))
    assert show(guide, still(1.5, start=1.0, yaw=24.0)) == [], "inside the limit of 25, not clearly"
    assert keys(show(guide, still(1.5, start=2.5, yaw=20.0))) == ["steady"]
    assert show(guide, still(1.5, start=4.0, yaw=24.0)) == [], "and it does not come back for that either"


def test_a_worse_problem_takes_over() -> None:
    guide = Guide(LIVENESS)
    show(guide, still(2.0, yaw=40.0))
    dark = still(2.0, start=2.0, yaw=40.0, brightness=0.05)
    assert keys(show(guide, dark)) == ["more_light"]


def test_who_is_stuck_is_spoken_to_and_not_too_often() -> None:
    heard = show(Guide(LIVENESS), still(14.0, yaw=40.0))
    assert [(at, hint.speak) for at, hint in heard] == [
        (0.6, False),
        (pytest.approx(3.6, abs=0.11), True),
        (pytest.approx(11.6, abs=0.11), True),
    ]


def test_an_empty_picture_and_a_dark_one_have_their_own_hints() -> None:
    assert keys(show(Guide(LIVENESS), frames(1.0, 5.0, nobody))) == ["no_face"]
    dark = frames(1.0, 5.0, lambda at: nobody(at, brightness=0.0))
    assert keys(show(Guide(LIVENESS), dark)) == ["more_light"]


@pytest.mark.parametrize("fps", [3.0, 5.0, 15.0, 30.0])
def test_it_works_at_every_frame_rate(fps: float) -> None:
    assert keys(show(Guide(LIVENESS), still(3.0, fps=fps, yaw=40.0))) == ["face_camera"]


def test_by_ear_every_new_hint_is_spoken_and_so_is_the_end() -> None:
    """Left, closer, hold: what somebody needs who does not see the screen."""
    guide = Guide(LIVENESS)
    guide.by_ear = True
    small = {"width": 0.1, "height": 0.18, "top": 0.41, "eye_distance_px": 45.0}
    heard = show(guide, still(4.0, left=0.05, **small))
    heard += show(guide, still(4.0, start=4.0, **placed(0.2)))
    heard += show(guide, still(4.0, start=8.0))
    spoken = [hint.key for _, hint in heard if hint.speak]
    assert list(dict.fromkeys(spoken)) == ["closer", "left", "steady"]
    moments = [at for at, hint in heard if hint.speak]
    pauses = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert min(pauses) >= GuidancePolicy().repeat_by_ear - 0.01
    assert spoken.count("steady") == 1
