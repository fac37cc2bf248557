"""Whole checks with synthetic persons: live ones, attackers, and everything that can go wrong with a camera."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.vision.liveness.series import START, Person, Stage
from vision.liveness.commands import ChallengeEnded, ChallengeKind, Hint, Ignored, IssueChallenge, Progress, ShowFlash
from vision.liveness.events import Event, FlashShown, InstructionSpoken, SpeechHeard, TimePassed, WordsHeard
from vision.liveness.machine import LivenessMachine
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.verdict import Cue, Verdict
from vision.tracking.observation import Observation

POLICY = LivenessPolicy()
COLOURS = ("#ff9090", "#00c3c3", "#a6a6ff", "#b6b600", "#b6b600", "#a6a6ff", "#ff9090", "#00c3c3") * 2
Distort = Callable[[float, Observation], Observation | None]


def liveness(*challenges: ChallengeKind, flash: bool = True, spare: ChallengeKind | None = "smile") -> Plan:
    return Plan(
        "liveness",
        challenges or ("turn_left", "closer"),
        spare,
        "apple river window",
        COLOURS if flash else (),
        portrait_frames=3,
        limit_seconds=60.0,
        seed=5,
    )


def stage(person: Person | None = None, plan: Plan | None = None, policy: LivenessPolicy = POLICY) -> Stage:
    return Stage(LivenessMachine(plan or liveness(), policy, START), person or Person())


def cue(verdict: Verdict, name: str) -> Cue:
    return next(item for item in verdict.cues if item.name == name)


def test_a_live_person_passes_with_every_cue_named() -> None:
    run = stage()
    verdict = run.play()

    assert verdict.outcome == "bona_fide"
    assert verdict.score is not None
    assert verdict.score > 0.9
    assert verdict.challenge_passed is True
    assert verdict.texture_passed is True
    assert {"pad_texture", "pad_challenge", "pad_flash"} <= set(verdict.reasons)
    assert len({item.name for item in verdict.cues}) == len(verdict.cues) == 14
    assert all(item.reason for item in verdict.cues)
    assert verdict.policy == POLICY.version


def test_the_course_is_hint_challenges_colours_verdict() -> None:
    run = stage()
    run.play()
    kinds = [type(command) for command in run.performance.commands if not isinstance(command, Progress | Ignored)]

    assert kinds[:2] == [Hint, Hint]
    assert kinds[2:7] == [IssueChallenge, ChallengeEnded, IssueChallenge, ChallengeEnded, ShowFlash]
    assert run.performance.of(Ignored) == []


def test_progress_only_rises_and_ends_at_one() -> None:
    run = stage()
    run.play()
    fractions = [command.fraction for command in run.performance.of(Progress) if isinstance(command, Progress)]

    assert all(before < after for before, after in pairwise(fractions))
    assert fractions[-1] == 1.0


@pytest.mark.parametrize("kind", ["turn_left", "turn_right", "blink", "smile", "closer", "read"])
def test_each_kind_can_be_passed_and_failed(kind: ChallengeKind) -> None:
    plan = liveness(kind, flash=False, spare=None)

    assert stage(plan=plan).play().challenges[0].passed
    assert not stage(Person(obeys=False, blinks=False), plan).play().challenges[0].passed


def test_a_failed_challenge_is_replaced_once() -> None:
    run = stage(Person(wrong_way=True))
    verdict = run.play()

    assert [(item.kind, item.passed) for item in verdict.challenges] == [
        ("turn_left", False),
        ("closer", True),
        ("smile", True),
    ]
    assert verdict.outcome == "bona_fide"
    assert [c.count for c in run.performance.of(IssueChallenge) if isinstance(c, IssueChallenge)] == [2, 3, 3]


def test_who_does_nothing_is_neither_live_nor_called_an_attacker() -> None:
    verdict = stage(Person(obeys=False)).play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "unknown_verdict")
    assert verdict.reasons == ("pad_challenge",)
    assert len(verdict.challenges) == 3


def test_the_check_goes_on_when_nobody_says_that_the_instruction_was_spoken() -> None:
    run = stage()
    run.speaks = False

    assert run.play().outcome == "bona_fide"


def test_a_challenge_ends_only_after_its_instruction() -> None:
    run = stage(Person(reaction=-0.8))
    run.play()
    spoken = [now for now, event in run.performance.events if isinstance(event, InstructionSpoken)]

    assert run.machine.verdict is not None
    assert [item.seconds for item in run.machine.verdict.challenges] == [0.0, 0.0]
    assert len(spoken) == 2


def test_without_a_texture_model_two_challenges_carry_the_verdict() -> None:
    person = Person(texture=None, reflection=0.0)

    verdict = stage(person).play()
    assert verdict.outcome == "bona_fide"
    assert verdict.texture_passed is None
    assert "pad_challenge" in verdict.reasons


def test_without_a_texture_model_nobody_passes_where_one_is_required() -> None:
    verdict = stage(Person(texture=None), policy=replace(POLICY, require_texture=True)).play()

    assert verdict.outcome == "inconclusive"


def test_one_challenge_alone_carries_nothing() -> None:
    verdict = stage(Person(texture=None), liveness("turn_left")).play()

    assert verdict.outcome == "inconclusive"


def test_nothing_checked_is_unknown() -> None:
    plan = Plan("liveness", limit_seconds=30.0)
    verdict = stage(Person(texture=None, likeness=None), plan).play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "unknown_verdict")
    assert verdict.score is None


@pytest.mark.parametrize("reason", ["photosensitivity", "reduced_motion", "unavailable", "anything"])
def test_who_declines_the_colours_loses_nothing(reason: str) -> None:
    verdict = stage(Person(declines=reason)).play()

    assert verdict.outcome == "bona_fide"
    assert cue(verdict, "pad_flash").state == "not_checked"


def test_colours_that_the_page_never_shows_are_given_up() -> None:
    machine = LivenessMachine(liveness("turn_left"), POLICY, START)
    run = Stage(machine, Person())
    run._answer = lambda command, now: (  # type: ignore[method-assign]
        None if isinstance(command, ShowFlash) else Stage._answer(run, command, now)
    )
    verdict = run.play()

    assert cue(verdict, "pad_flash").state == "not_checked"
    assert "no answer" in cue(verdict, "pad_flash").reason


@pytest.mark.parametrize("started_at", [float("nan"), float("inf"), -1e9, START - 50, 1e12])
def test_an_impossible_time_of_the_colours_is_not_believed(started_at: float) -> None:
    run = stage()
    original = run._answer

    def lie(command: object, now: float) -> None:
        if isinstance(command, ShowFlash):
            run._due.append((now + 1.0, FlashShown(started_at)))
        else:
            original(command, now)  # type: ignore[arg-type]

    run._answer = lie  # type: ignore[method-assign]
    verdict = run.play()

    assert cue(verdict, "pad_flash").state == "not_checked"
    assert verdict.outcome == "bona_fide"


def test_a_limit_that_comes_while_the_page_is_waited_for_leaves_the_rest_to_be_judged() -> None:
    run = stage(plan=replace(liveness(), limit_seconds=20.0))
    original = run._answer
    run._answer = lambda command, now: None if isinstance(command, ShowFlash) else original(command, now)  # type: ignore[method-assign]
    verdict = run.play()

    assert verdict.outcome == "bona_fide"
    assert cue(verdict, "pad_flash").state == "not_checked"


# Bad input: each line has a named result.


def test_no_camera_is_no_media() -> None:
    verdict = stage(Person(distort=lambda at, seen: None)).play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "no_media")


def test_black_frames_are_no_face() -> None:
    black: Distort = lambda at, seen: replace(seen, face=None, faces=0, brightness=0.0, difference=0.0)  # noqa: E731
    run = stage(Person(distort=black))

    assert run.play().outcome == "no_face"
    assert "more_light" in {command.key for command in run.performance.of(Hint) if isinstance(command, Hint)}


def test_a_face_that_is_never_usable_is_unusable_media() -> None:
    def small(at: float, seen: Observation) -> Observation:
        assert seen.face is not None
        return replace(seen, face=replace(seen.face, width=0.05, height=0.08, eye_distance_px=12.0))

    run = stage(Person(distort=small))
    verdict = run.play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "unusable_media")
    assert any(command.speak for command in run.performance.of(Hint) if isinstance(command, Hint))


def frozen_after(seconds: float) -> Distort:
    kept: list[Observation] = []

    def freeze(at: float, seen: Observation) -> Observation:
        if at < seconds or not kept:
            kept[:] = [seen]
            return seen
        return replace(kept[0], at=seen.at, media_at=seen.media_at, difference=0.0, texture=seen.texture)

    return freeze


def test_a_frozen_feed_is_an_attack() -> None:
    verdict = stage(Person(distort=frozen_after(0.0))).play()

    assert verdict.outcome == "attack"
    assert "pad_static" in verdict.reasons


def test_a_camera_that_freezes_on_the_way_is_unclear() -> None:
    verdict = stage(Person(distort=frozen_after(9.0)), liveness("turn_left", "turn_right", "closer")).play()

    assert verdict.outcome == "inconclusive"
    assert cue(verdict, "injection_repeats").state == "against"


def test_a_still_photo_before_a_noisy_camera_is_an_attack() -> None:
    def photo(at: float, seen: Observation) -> Observation:
        assert seen.face is not None
        face = replace(seen.face, yaw=2.0, pitch=-3.0, eye_closure=0.1, motion=0.0005)
        return replace(seen, face=face)

    verdict = stage(Person(distort=photo, obeys=False)).play()

    assert verdict.outcome == "attack"
    assert "pad_static" in verdict.reasons


def test_a_photo_that_is_tilted_is_flat() -> None:
    verdict = stage(Person(depth=0.02)).play()

    assert verdict.outcome == "attack"
    assert verdict.reasons == ("pad_parallax",)


def test_a_screen_is_an_attack_by_its_texture() -> None:
    verdict = stage(Person(texture=0.2)).play()

    assert verdict.outcome == "attack"
    assert verdict.texture_passed is False


def test_doubtful_texture_alone_does_not_pass() -> None:
    verdict = stage(Person(texture=0.55), Plan("liveness", limit_seconds=30.0)).play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "unknown_verdict")


def test_a_looped_clip_is_an_attack() -> None:
    clip: list[Observation] = []

    def loop(at: float, seen: Observation) -> Observation:
        if len(clip) < 45:
            clip.append(seen)
            return seen
        again = clip[round(at * 15) % 45]
        return replace(again, at=seen.at, media_at=seen.media_at)

    verdict = stage(Person(distort=loop)).play()

    assert verdict.outcome == "attack"
    assert "pad_loop" in verdict.reasons


def test_two_people_are_unclear() -> None:
    verdict = stage(Person(distort=lambda at, seen: replace(seen, faces=2 if at > 3 else 1))).play()

    assert verdict.outcome == "inconclusive"
    assert "more_than_one_face" in verdict.reasons


def test_somebody_who_passes_by_does_no_harm() -> None:
    verdict = stage(Person(distort=lambda at, seen: replace(seen, faces=2 if 3 < at < 4 else 1))).play()

    assert verdict.outcome == "bona_fide"


def test_a_camera_that_is_pulled_in_a_challenge_is_no_media() -> None:
    verdict = stage(Person(distort=lambda at, seen: seen if at < 4 else None)).play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "no_media")


def test_a_person_who_leaves_is_no_face() -> None:
    away: Distort = lambda at, seen: seen if at < 4 else replace(seen, face=None, faces=0)  # noqa: E731

    assert stage(Person(distort=away)).play().outcome == "no_face"


def test_five_frames_a_second_are_enough() -> None:
    assert stage(Person(fps=5.0)).play().outcome == "bona_fide"


@pytest.mark.parametrize(("width", "height"), [(3840, 2160), (480, 640), (1280, 720)])
def test_large_and_upright_pictures_pass(width: int, height: int) -> None:
    verdict = stage(Person(distort=lambda at, seen: replace(seen, width_px=width, height_px=height))).play()

    assert verdict.outcome == "bona_fide"


def test_a_tiny_picture_is_unusable() -> None:
    def tiny(at: float, seen: Observation) -> Observation:
        assert seen.face is not None
        return replace(seen, width_px=160, height_px=120, face=replace(seen.face, eye_distance_px=22.0))

    assert stage(Person(distort=tiny)).play().inconclusive_reason == "unusable_media"


def turned_picture(at: float, seen: Observation) -> Observation:
    return seen if at < 8 else replace(seen, width_px=480, height_px=640, track=2)


def test_a_rotation_of_the_camera_is_harmless_when_the_face_is_known_again() -> None:
    verdict = stage(Person(distort=turned_picture)).play()

    assert verdict.outcome == "bona_fide"
    assert cue(verdict, "track_change").state == "neutral"


def test_a_rotation_of_the_camera_is_unclear_when_no_model_compares_faces() -> None:
    verdict = stage(Person(distort=turned_picture, likeness=None)).play()

    assert verdict.outcome == "inconclusive"
    assert verdict.reasons == ("track_change",)


def test_a_swapped_face_is_an_attack() -> None:
    def swap(at: float, seen: Observation) -> Observation:
        return seen if at < 8 or seen.likeness is None else replace(seen, likeness=0.05)

    verdict = stage(Person(distort=swap)).play()

    assert verdict.outcome == "attack"
    assert verdict.reasons == ("identity_change",)


def test_who_was_another_person_before_the_check_has_not_changed_in_it() -> None:
    verdict = stage(Person(likeness=0.1)).play()

    assert verdict.outcome == "bona_fide"
    assert cue(verdict, "identity_change").state == "neutral"


def test_another_person_before_the_first_instruction_is_forgotten() -> None:
    def first_another(at: float, seen: Observation) -> Observation:
        return replace(seen, track=1 if at < -2 else 2)

    run = stage(Person(distort=first_another))
    run.history_seconds = 6.0

    assert run.play().outcome == "bona_fide"


def test_a_virtual_camera_needs_a_reflection() -> None:
    run = stage(Person(reflection=0.0))
    run.camera = "OBS Virtual Camera"
    verdict = run.play()

    assert verdict.outcome == "inconclusive"
    assert verdict.reasons == ("injection_camera", "pad_flash")

    lit = stage()
    lit.camera = "OBS Virtual Camera"
    assert lit.play().outcome == "bona_fide"


@pytest.mark.parametrize(("suspicion", "outcome"), [("attack", "attack"), ("allow", "bona_fide")])
def test_the_policy_says_what_a_suspicion_means(suspicion: str, outcome: str) -> None:
    run = stage(Person(reflection=0.0), policy=replace(POLICY, suspicion=suspicion))  # type: ignore[arg-type]
    run.camera = "v4l2loopback"

    assert run.play().outcome == outcome


def test_frames_like_clockwork_raise_suspicion() -> None:
    exact: Distort = lambda at, seen: replace(seen, media_at=round(at * 15) / 15)  # noqa: E731
    verdict = stage(Person(distort=exact, reflection=0.0)).play()

    assert verdict.outcome == "inconclusive"
    assert "injection_timing" in verdict.reasons


# Scan, portrait, history.


def test_history_saves_time() -> None:
    plan = Plan("liveness", limit_seconds=60.0)
    fresh, known = stage(plan=plan), stage(plan=plan)
    known.history_seconds = 12.0

    assert fresh.play().outcome == known.play().outcome == "bona_fide"
    assert fresh.performance.events[-1][0] - START >= POLICY.minimum_seconds
    assert known.performance.events[-1][0] - START < 2.0


def test_a_portrait_is_silent_and_quick() -> None:
    run = stage(plan=Plan("portrait", minimum_seconds=0.0, portrait_frames=5, limit_seconds=20.0))
    verdict = run.play()

    assert verdict.outcome == "captured"
    assert verdict.frames >= 5
    assert run.performance.of(IssueChallenge) == run.performance.of(ShowFlash) == []


def test_a_scan_is_captured_whatever_liveness_would_say() -> None:
    plan = Plan("scan", ("turn_left",), minimum_seconds=0.0, portrait_frames=5, limit_seconds=30.0)
    verdict = stage(Person(texture=0.1, wrong_way=True), plan).play()

    assert verdict.outcome == "captured"
    assert verdict.challenge_passed is False
    assert verdict.texture_passed is False


def test_a_scan_without_a_good_frame_is_a_timeout() -> None:
    def turned(at: float, seen: Observation) -> Observation:
        assert seen.face is not None
        return replace(seen, face=replace(seen.face, yaw=20.0) if at > 1 else seen.face)

    plan = Plan("scan", minimum_seconds=0.0, portrait_frames=100, limit_seconds=12.0)
    verdict = stage(Person(distort=turned), plan).play()

    assert (verdict.outcome, verdict.inconclusive_reason) == ("inconclusive", "timeout")


# Events that mean nothing.


def test_what_comes_at_the_wrong_time_is_ignored() -> None:
    machine = LivenessMachine(liveness(), POLICY, START)
    events: list[Event] = [InstructionSpoken(), WordsHeard("apple"), SpeechHeard(1.0, 2.0), FlashShown(START)]

    for event in events:
        assert isinstance(machine.receive(event, now=START + 1)[0], Ignored)
    assert machine.receive(TimePassed(), now=START + 1) == ()


def test_nothing_follows_a_verdict() -> None:
    run = stage(Person(distort=lambda at, seen: None))
    run.play()

    assert run.machine.deadline is None
    assert [type(command) for command in run.machine.receive(TimePassed(), now=START + 200)] == [Ignored]
