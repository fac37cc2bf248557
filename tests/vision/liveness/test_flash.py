"""The colour-flash challenge: how often a reflection of some strength is found, and how often by chance."""

from typing import TypedDict

import numpy as np
import pytest

from tests.vision.liveness.series import STILL, Person
from vision.liveness.flash import FlashResponse, flash_response, flash_seconds
from vision.liveness.plan import draw_plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.record import View

POLICY = LivenessPolicy()


class Noise(TypedDict):
    """How the chroma of a person changes by itself."""

    skin_noise: float
    skin_sway: float


SITTING: Noise = {"skin_noise": 0.003, "skin_sway": 0.005}
"""Log chroma of a person who holds still: 0.003 within a colour, about as much between colours."""
MOVING: Noise = {"skin_noise": 0.008, "skin_sway": 0.12}
"""The same of one who moves the head: the drift between colours reaches 0.03."""


def response(
    seed: int, reflection: float, noise: Noise, *, fps: float = 15.0, shown_seed: int | None = None
) -> FlashResponse | None:
    """Show the colours of ``seed`` to a person, and look for them."""
    plan = draw(seed)
    person = Person(seed, fps=fps, reflection=reflection, **noise)
    person.colours = plan if shown_seed is None else draw(shown_seed)
    person.colours_at, person.symbol = 200.0, POLICY.flash_symbol_ms / 1000
    views = []
    for frame in range(round((flash_seconds(plan, POLICY) + 1) * fps)):
        observation = person.frame(200.0 + frame / fps)
        assert observation is not None
        assert observation.face is not None
        views.append(View(observation.at, observation.face, True))
    return flash_response(views, plan, 200.0, seed, POLICY)


def draw(seed: int) -> tuple[str, ...]:
    plan = draw_plan("liveness", seed, POLICY, kinds=(), count=0, flash=True, portrait_frames=0, limit_seconds=60)
    return plan.flash


def rate(reflection: float, noise: Noise, trials: int = 40) -> float:
    """Share of trials in which a response is found."""
    found = [response(seed, reflection, noise) for seed in range(trials)]
    return sum(item is not None and item.chance <= POLICY.flash_chance for item in found) / trials


@pytest.mark.parametrize("reflection", [0.02, 0.04])
def test_a_person_who_holds_still_is_found(reflection: float) -> None:
    assert rate(reflection, SITTING) >= 0.95


def test_no_reflection_is_found_as_seldom_as_the_policy_says() -> None:
    # More than 4 of 100 at 1 % happen once in 300 runs, and the seeds are fixed.
    assert rate(0.0, SITTING, trials=100) <= 4 / 100
    assert rate(0.0, MOVING, trials=100) <= 4 / 100


def test_a_moving_head_hides_a_weak_reflection_but_not_a_strong_one() -> None:
    assert rate(0.01, MOVING) < 0.5
    assert rate(0.08, MOVING) > rate(0.01, MOVING)


def test_colours_of_another_sequence_do_not_pass() -> None:
    found = [response(seed, 0.04, SITTING, shown_seed=seed + 1000) for seed in range(40)]

    assert sum(item is not None and item.chance <= POLICY.flash_chance for item in found) <= 4


def test_strength_and_delay_are_measured() -> None:
    found = response(3, 0.04, {"skin_noise": 0.001, "skin_sway": 0.0})

    assert found is not None
    assert found.modulation == pytest.approx(0.04, rel=0.2)
    assert found.lag_seconds == pytest.approx(0.15, abs=0.06)
    assert found.correlation > 0.9


def test_five_frames_a_second_are_too_few_or_enough_but_never_wrong() -> None:
    found = [response(seed, 0.0, SITTING, fps=5.0) for seed in range(40)]

    assert sum(item is not None and item.chance <= POLICY.flash_chance for item in found) <= 2


@pytest.mark.parametrize("count", [0, 1, 10])
def test_too_few_frames_say_nothing(count: int) -> None:
    views = [View(200.0 + i / 15, STILL, True) for i in range(count)]

    assert flash_response(views, draw(1), 200.0, 1, POLICY) is None


def test_a_picture_without_any_colour_has_no_response() -> None:
    views = [View(200.0 + i / 15, STILL, True) for i in range(90)]
    found = flash_response(views, draw(1), 200.0, 1, POLICY)

    assert found is not None
    assert found.chance > POLICY.flash_chance
    assert np.isfinite(found.correlation)
