"""One template out of several frames."""

import numpy as np
import pytest

from vision.face.templates import Floats, distance, mean_template


def around(person: Floats, noise: float, seed: int) -> Floats:
    """A template of this person in one frame."""
    return (person + np.random.default_rng(seed).normal(0, noise, person.shape)).astype(np.float32)


@pytest.fixture
def person() -> Floats:
    """A direction of its own; length 1.3, as dlib's templates have."""
    direction = np.random.default_rng(11).normal(size=128)
    return (1.3 * direction / np.linalg.norm(direction)).astype(np.float32)


@pytest.fixture
def stranger() -> Floats:
    """Another one."""
    direction = np.random.default_rng(12).normal(size=128)
    return (1.3 * direction / np.linalg.norm(direction)).astype(np.float32)


def test_the_mean_is_nearer_to_the_person_than_the_frames_are(person: Floats) -> None:
    frames = [around(person, 0.03, seed) for seed in range(5)]
    mean = mean_template(frames)
    assert distance(mean, person) < 0.6 * min(distance(frame, person) for frame in frames)
    assert (mean.dtype, mean.shape) == (np.float32, (128,))


def test_a_frame_of_somebody_else_is_left_out(person: Floats, stranger: Floats) -> None:
    frames = [around(person, 0.02, seed) for seed in range(4)]
    with_stranger = mean_template([*frames[:2], around(stranger, 0.02, 9), *frames[2:]])
    assert distance(with_stranger, mean_template(frames)) < 1e-5


def test_of_three_frames_one_can_be_left_out_and_of_two_none(person: Floats, stranger: Floats) -> None:
    frames = [around(person, 0.02, seed) for seed in range(2)]
    assert distance(mean_template([*frames, stranger]), mean_template(frames)) < 1e-5
    assert distance(mean_template([person, stranger]), person) == pytest.approx(
        distance(mean_template([person, stranger]), stranger), abs=1e-3
    )


def test_never_more_than_a_third_is_left_out(person: Floats, stranger: Floats) -> None:
    frames = [around(person, 0.02, 1), around(person, 0.02, 2), around(stranger, 0.02, 3), around(stranger, 0.02, 4)]
    mean = mean_template(frames)
    assert distance(mean, person) > 0.3
    assert distance(mean, stranger) > 0.3


def test_frames_that_merely_differ_all_count(person: Floats) -> None:
    frames = [around(person, 0.05, seed) for seed in range(5)]
    plain = np.mean(frames, axis=0)
    assert np.allclose(mean_template(frames) / np.linalg.norm(mean_template(frames)), plain / np.linalg.norm(plain))


def test_the_mean_is_as_long_as_the_frames_are(person: Floats) -> None:
    frames = [around(person, 0.08, seed) for seed in range(5)]
    lengths = [np.linalg.norm(frame) for frame in frames]
    assert np.linalg.norm(mean_template(frames)) == pytest.approx(np.mean(lengths), rel=1e-5)
    units = [frame / np.linalg.norm(frame) for frame in frames]
    assert np.linalg.norm(mean_template(units)) == pytest.approx(1.0)


def test_one_frame_is_its_own_mean(person: Floats) -> None:
    assert np.allclose(mean_template([person]), person, atol=1e-6)


def test_equal_frames_are_no_outliers_of_each_other(person: Floats) -> None:
    assert np.allclose(mean_template([person] * 4), person, atol=1e-6)


def test_nothing_and_mixed_models_are_refused(person: Floats) -> None:
    with pytest.raises(ValueError, match="at least one"):
        mean_template([])
    with pytest.raises(ValueError, match="different models"):
        mean_template([person, person[:64]])
    with pytest.raises(ValueError, match="different models"):
        distance(person, person[:64])
