"""Repeats, timing, stillness and loops in made-up series."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.vision.tracking.observations import GOOD, nobody, observation
from vision.tracking.integrity import SHORTEST_LOOP, examine, find_loop
from vision.tracking.observation import Observation

TRACKER_NOISE_DEGREES = 0.15


def wandering(seconds: float, seed: int) -> Callable[[float], tuple[float, float, float]]:
    """Yaw and place of somebody who never holds quite still: slow sines with phases and periods by chance."""
    chance = np.random.default_rng(seed)
    rates, phases = chance.uniform(0.1, 1.2, (3, 5)), chance.uniform(0, 2 * np.pi, (3, 5))
    scale = np.array([6.0, 0.02, 0.015])

    def at(moment: float) -> tuple[float, float, float]:
        yaw, x, y = scale * np.sin(2 * np.pi * rates * moment + phases).sum(axis=1)
        return float(yaw), float(x), float(y)

    return at


def feed(
    seconds: float,
    *,
    fps: float = 15.0,
    loop: float | None = None,
    still: bool = False,
    jitter_ms: float = 2.0,
    seed: int = 1,
) -> list[Observation]:
    """A feed of somebody, live or as a clip of ``loop`` seconds over and over, with the noise of a tracker."""
    chance = np.random.default_rng(seed + 100)
    way = wandering(seconds, seed)
    prints = np.random.default_rng(seed).integers(0, 2, (64,))
    seen = []
    for index in range(round(seconds * fps)):
        at = index / fps
        moment = 0.0 if still else at % loop if loop else at
        yaw, x, y = way(moment)
        flips = np.random.default_rng(round(moment * 10)).integers(0, 64, 2)
        bits = prints.copy()
        bits[flips] ^= 1
        item = observation(
            at,
            yaw=yaw + chance.normal(0, TRACKER_NOISE_DEGREES),
            left=0.35 + x + chance.normal(0, 0.0005),
            top=0.2 + y + chance.normal(0, 0.0005),
            motion=0.0008 if still else 0.004,
        )
        fingerprint = f"{int(''.join(map(str, bits)), 2):016x}"
        media_at = max(0.0, at + chance.normal(0, jitter_ms / 1000))
        seen.append(replace(item, fingerprint=fingerprint, media_at=media_at, difference=0.0006 if still else 0.003))
    return seen


@pytest.mark.parametrize("seed", range(6))
def test_a_person_does_not_repeat_themselves(seed: int) -> None:
    loop = find_loop(feed(12.0, seed=seed))
    assert loop is not None
    assert loop.share < 0.4


@pytest.mark.parametrize("period", [1.6, 2.0, 3.1, 5.0])
@pytest.mark.parametrize("fps", [10.0, 15.0, 25.0])
def test_a_looped_clip_is_found_with_its_period(period: float, fps: float) -> None:
    loop = find_loop(feed(14.0, loop=period, fps=fps))
    assert loop is not None
    assert loop.period == pytest.approx(period, abs=0.1)
    assert loop.share > 0.75
    assert loop.chance < 0.3


def test_a_still_picture_is_no_loop_because_everything_is_alike() -> None:
    loop = find_loop(feed(8.0, still=True))
    assert loop is not None
    assert loop.chance > 0.6


def test_nothing_is_said_of_loops_that_could_not_have_come_round() -> None:
    assert find_loop(feed(2 * SHORTEST_LOOP - 0.2)) is None
    assert find_loop([nobody(index / 15) for index in range(100)]) is None
    assert find_loop([]) is None


def test_stillness_shows_in_what_is_left_when_noise_averages_out() -> None:
    person, still = examine(feed(4.0)), examine(feed(4.0, still=True))
    assert person.sway is not None and still.sway is not None  # noqa: PT018
    assert person.sway > 5 * still.sway
    assert person.wobble_degrees is not None and still.wobble_degrees is not None  # noqa: PT018
    assert person.wobble_degrees > 5 * still.wobble_degrees
    assert still.motion == pytest.approx(0.0008)
    assert still.difference == pytest.approx(0.0006)


def test_a_photo_in_a_moving_hand_sways_without_turning() -> None:
    moving = feed(4.0)
    photo = [replace(item, face=replace(GOOD, left=item.face.left, top=item.face.top)) for item in moving if item.face]
    numbers = examine(photo)
    assert numbers.sway is not None
    assert numbers.sway > 0.05
    assert numbers.wobble_degrees == pytest.approx(0.0)


@pytest.mark.parametrize("jitter_ms", [0.0, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("every", [1, 2, 3])
def test_the_beat_of_the_stream_is_found_although_frames_are_left_out(jitter_ms: float, every: int) -> None:
    numbers = examine(feed(10.0, fps=30.0, jitter_ms=jitter_ms)[::every])
    assert numbers.interval_ms == pytest.approx(1000 * every / 30, rel=0.02)
    assert numbers.jitter_ms == pytest.approx(jitter_ms, abs=0.1 + jitter_ms / 4)


def test_looking_at_two_frames_of_five_is_not_jitter() -> None:
    """Intervals of two and of three beats in turn."""
    numbers = examine([item for index, item in enumerate(feed(10.0, fps=30.0, jitter_ms=0.0)) if index % 5 in (0, 2)])
    assert numbers.interval_ms == pytest.approx(1000 / 30, rel=0.001)
    assert numbers.jitter_ms == pytest.approx(0.0, abs=1e-6)


def test_holes_are_not_jitter() -> None:
    frames = [item for index, item in enumerate(feed(10.0, jitter_ms=0.0)) if index % 7 not in (2, 3)]
    numbers = examine(frames)
    assert numbers.interval_ms == pytest.approx(1000 / 15, rel=0.001)
    assert numbers.jitter_ms == pytest.approx(0.0, abs=1e-6)


def test_repeats_are_counted_and_the_longest_run_is_measured() -> None:
    frames = feed(4.0, fps=10.0)
    repeats = {5, 20, 21, 22, 23}
    frames = [replace(item, difference=0.0 if index in repeats else 0.003) for index, item in enumerate(frames)]
    frames[0] = replace(frames[0], difference=None)
    numbers = examine(frames)
    assert numbers.repeated == pytest.approx(5 / 39)
    assert numbers.longest_repeat == pytest.approx(0.4)


def test_what_was_not_measured_is_not_made_up() -> None:
    nothing = examine([])
    assert (nothing.frames, nothing.seconds, nothing.longest_repeat) == (0, 0.0, 0.0)
    unknown = (nothing.repeated, nothing.jitter_ms, nothing.motion, nothing.sway, nothing.loop, nothing.difference)
    assert set(unknown) == {None}
    without_faces = examine([replace(nobody(index / 15), media_at=None) for index in range(60)])
    assert (without_faces.motion, without_faces.pose_span_degrees, without_faces.interval_ms) == (None, None, None)
    assert without_faces.repeated == 0.0


def test_a_face_without_a_size_is_no_reason_to_fail() -> None:
    """No tracker gives one, but a stored feed may hold anything."""
    seen = feed(4.0)
    flat = [replace(item, face=replace(item.face, eye_distance_px=0.0)) for item in seen if item.face is not None]
    numbers = examine(flat)
    assert (numbers.sway, numbers.wobble_degrees) == (None, None)
