"""The passive half on recorded feeds."""

from dataclasses import replace

from tests.vision.liveness.series import START, Person
from vision.liveness.passive import judge_passively
from vision.liveness.policy import LivenessPolicy
from vision.tracking.observation import Observation

POLICY = LivenessPolicy()


def clip(person: Person, seconds: float = 6.0) -> list[Observation]:
    frames = (person.frame(START + index / 15) for index in range(round(seconds * 15)))
    return [frame for frame in frames if frame is not None]


def test_a_clip_of_a_person_is_bona_fide_by_its_texture() -> None:
    verdict = judge_passively(clip(Person()), POLICY)

    assert verdict.outcome == "bona_fide"
    assert verdict.challenge_passed is None


def test_a_clip_of_a_screen_is_an_attack() -> None:
    assert judge_passively(clip(Person(texture=0.2)), POLICY).outcome == "attack"


def test_without_a_texture_model_a_clip_is_unknown() -> None:
    verdict = judge_passively(clip(Person(texture=None)), POLICY)

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "unknown_verdict")


def test_the_clockwork_of_a_file_is_not_held_against_it() -> None:
    exact = [replace(item, media_at=index / 15) for index, item in enumerate(clip(Person()))]

    assert judge_passively(exact, POLICY).outcome == "bona_fide"


def test_a_clip_that_is_too_short_for_a_median_is_unknown() -> None:
    assert judge_passively(clip(Person(), 1.0), POLICY).outcome == "inconclusive"


def test_no_frames_are_no_media_and_no_face_is_no_face() -> None:
    assert judge_passively([], POLICY).inconclusive_reason == "no_media"
    empty = [replace(item, face=None, faces=0) for item in clip(Person())]

    assert judge_passively(empty, POLICY).outcome == "no_face"
