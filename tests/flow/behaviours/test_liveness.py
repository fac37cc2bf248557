"""The liveness node, played as scores: every outcome, the guidance, and everything that goes wrong."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import conversation, fixed
from tests.scores.looks import CUES, GROWN, guide, judge_liveness
from tests.scores.score import Score

WAYS = ("livenessDetected", "deepfakeDetected", "noFace", "inconclusive")


def looking(*ways: str, **settings: Any) -> Score:
    score = Score(fixed("liveness_detection", *(ways or WAYS)), **settings)
    score.join()
    return score


def report(score: Score) -> Any:
    return score.machine.record.node_reports[0]


def test_it_says_what_happens_and_looks() -> None:
    score = looking()
    announced, asked = score.commands[-2:]
    assert isinstance(announced, c.Say)
    assert "look into the camera" in announced.text
    assert announced.interruptible
    assert asked == c.CheckLiveness("r1", DialoguePolicy().camera_check_seconds)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [("bona_fide", "livenessDetected"), ("attack", "deepfakeDetected"), ("no_face", "noFace")],
)
def test_a_verdict_has_an_outcome_and_its_evidence(verdict: str, outcome: str) -> None:
    score = looking()
    judge_liveness(score, verdict, attributes=GROWN, evidence=CUES)
    assert score.outcome() == outcome
    assert score.machine.finished == c.Finish("complete", "end")
    evidence = report(score).evidence
    assert (evidence["verdict"], evidence["score"], evidence["cues"]) == (verdict, CUES["score"], CUES["cues"])
    assert evidence["attributes"] == {"ageMin": 28, "ageMax": 35, "sex": "female", "frames": 20}
    assert dict(report(score).members) == {}


@pytest.mark.parametrize(
    ("verdict", "reason", "told"),
    [
        ("inconclusive", "unusable_media", "unusable_media"),
        ("inconclusive", "", "unknown_verdict"),
        ("inconclusive", "something else", "unknown_verdict"),
        ("not_checked", "no_media", "no_media"),
        ("not_checked", "provider_error", "provider_error"),
        ("not_checked", "no_model", "provider_error"),
    ],
)
def test_no_verdict_is_inconclusive_with_a_reason_of_the_contract(verdict: str, reason: str, told: str) -> None:
    score = looking()
    judge_liveness(score, verdict, reason)
    assert score.outcome() == "inconclusive"
    assert report(score).members == {"inconclusiveReason": told}
    assert report(score).evidence["verdict"] == verdict


def test_no_camera_has_a_way_of_its_own_when_the_author_gave_it_one() -> None:
    score = looking(*WAYS, "captureUnavailable")
    judge_liveness(score, "not_checked", "no_media")
    assert score.outcome() == "captureUnavailable"
    broken = looking(*WAYS, "captureUnavailable")
    judge_liveness(broken, "not_checked", "provider_error")
    assert broken.outcome() == "inconclusive"


def test_a_flow_without_inconclusive_goes_the_way_of_no_face() -> None:
    score = looking("livenessDetected", "deepfakeDetected", "noFace")
    judge_liveness(score, "inconclusive", "timeout")
    assert (score.outcome(), score.machine.node_id) == ("inconclusive", "to_noFace")


def test_an_answer_that_never_comes_is_no_verdict() -> None:
    score = looking()
    while score.machine.finished is None:
        score.wait()
    policy = DialoguePolicy()
    assert score.now == policy.camera_check_seconds + policy.camera_slack_seconds
    assert score.last(c.StopCheck) == c.StopCheck("r1")
    assert (score.outcome(), report(score).members) == ("inconclusive", {"inconclusiveReason": "timeout"})


# ---- guidance


def test_a_challenge_is_spoken_and_then_it_is_the_persons_turn() -> None:
    score = looking()
    score.spoken()
    say = guide(score, "challenge", "turn_left")
    assert [type(command) for command in say] == [c.Say]
    assert score.said()[-1] == "Please turn your head slowly to your left."
    assert score.spoken() == [c.InstructionSaid("r1")]


def test_a_challenge_waits_for_the_line_that_is_being_spoken() -> None:
    score = looking()
    assert guide(score, "challenge", "blink") == []
    (say,) = score.spoken()
    assert isinstance(say, c.Say)
    assert "eyes" in say.text
    assert score.spoken() == [c.InstructionSaid("r1")]


def test_a_challenge_that_replaces_another_is_the_one_that_counts() -> None:
    score = looking()
    score.spoken()
    guide(score, "challenge", "smile")
    guide(score, "challenge", "turn_right")
    (say,) = score.spoken()
    assert isinstance(say, c.Say), "the end of the older instruction is not told"
    assert "right" in say.text
    assert score.spoken() == [c.InstructionSaid("r1")]


def test_advice_is_not_stored_up() -> None:
    score = looking()
    assert guide(score, "hint", "closer") == []
    assert score.spoken() == []
    guide(score, "hint", "more_light")
    assert score.said()[-1].startswith("It is too dark")
    assert score.spoken() == [], "advice starts nobody's turn"


def test_the_flash_is_announced_with_a_warning_that_cannot_be_cut_off() -> None:
    score = looking()
    score.spoken()
    guide(score, "flash", "flash")
    say = score.last(c.Say)
    assert "flash" in say.text
    assert not say.interruptible
    assert score.spoken() == [c.InstructionSaid("r1")]


def test_a_no_to_the_flash_leaves_the_check_going() -> None:
    score = looking()
    score.spoken()
    guide(score, "flash", "flash")
    score.spoken()
    assert score.hear("no, I don't want to") == [c.PassWords("r1", "no, I don't want to")]
    guide(score, "challenge", "smile")
    score.spoken()
    assert score.hear("stop")[0] == c.StopCheck("r1")


def test_a_challenge_without_a_line_still_starts() -> None:
    score = looking()
    score.spoken()
    assert guide(score, "challenge", "wave") == [c.InstructionSaid("r1")]
    assert guide(score, "hint", "") == []


def test_a_line_whose_end_is_lost_counts_as_spoken() -> None:
    score = looking()
    score.spoken()
    guide(score, "challenge", "smile")
    assert score.wait() == [c.InstructionSaid("r1")]


def test_what_is_read_aloud_is_passed_on_and_listened_for() -> None:
    score = looking()
    score.spoken()
    _, listen = guide(score, "challenge", "read", "seven green boats")
    assert isinstance(listen, c.Listen)
    assert "seven green boats" in listen.question
    say = score.last(c.Say)
    assert score.play(e.SpeechEnded(say.utterance_id, "Please look", False)) == [c.InstructionSaid("r1")]
    assert score.hear("stop seven green boats") == [c.PassWords("r1", "stop seven green boats")]
    assert isinstance(score.hear("seven green boats", typed=True)[0], c.Ignored), "fingers prove no lips"


def test_a_lost_person_is_told_again_what_to_do() -> None:
    score = looking()
    score.spoken()
    score.hear("what should I do?")
    assert score.said()[0] == score.said()[1]
    score.spoken()
    guide(score, "challenge", "smile")
    score.spoken()
    score.hear("sorry, what?")
    assert score.said()[-1] == score.said()[-2]
    assert score.spoken() == [], "the challenge has begun already"


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "it"])
def test_guidance_is_in_the_sessions_language(language: str) -> None:
    score = looking(language=language)
    score.spoken()
    guide(score, "hint", "closer")
    lines = {"en": "closer", "es": "cerca", "fr": "près", "de": "näher", "it": "closer"}
    assert lines[language] in score.said()[-1]


# ---- leaving and coming back


@pytest.mark.parametrize("words", ["cancel", "I don't want to do this", "goodbye"])
def test_a_person_may_refuse(words: str) -> None:
    score = looking()
    assert score.hear(words)[0] == c.StopCheck("r1")
    assert (score.outcome(), report(score).evidence["reason"]) == ("inconclusive", "cancelled")


def test_the_camera_view_can_be_closed() -> None:
    score = looking()
    assert score.play(e.CheckCancelled("r7"))[0] == c.Ignored(
        "CheckCancelled", "not awaited while somebody is looked at"
    )
    score.play(e.CheckCancelled("r1"))
    assert (score.outcome(), report(score).evidence["reason"]) == ("inconclusive", "cancelled")


def test_a_lost_page_breaks_the_check_off_and_the_next_one_begins_afresh() -> None:
    score = looking()
    assert score.play(e.Left(), after=2.0) == [c.StopCheck("r1")]
    late = score.play(e.LivenessJudged("r1", "bona_fide", "", {}), after=1.0)
    assert isinstance(late[0], c.Ignored), "nobody passes while nobody is there"
    steps = score.play(e.Joined(), after=5.0)
    assert [type(step) for step in steps] == [c.Say, c.CheckLiveness]
    judge_liveness(score, "bona_fide")
    assert score.outcome() == "livenessDetected"


def test_coming_back_again_and_again_ends_without_a_verdict() -> None:
    score = looking()
    for _ in range(DialoguePolicy().camera_check_limit):
        score.play(e.Left(), after=1.0)
        score.play(e.Joined(), after=1.0)
    assert len(score.all(c.CheckLiveness)) == DialoguePolicy().camera_check_limit
    assert (score.outcome(), report(score).members) == ("inconclusive", {"inconclusiveReason": "timeout"})


def test_joining_twice_without_leaving_runs_one_check() -> None:
    score = looking()
    steps = score.join()
    assert steps[0] == c.StopCheck("r1")
    assert steps[-1] == c.CheckLiveness("r2", 60.0)


def test_an_operators_decision_breaks_it_off() -> None:
    score = looking()
    assert score.play(e.OutcomeForced("it", "noFace", "operator"))[0] == c.StopCheck("r1")
    assert score.outcome() == "noFace"


def test_the_announcement_is_prepared_in_advance() -> None:
    flow = fixed("liveness_detection", *WAYS)
    flow[0]["outcome"] = "hello"
    flow.insert(1, conversation("hello", "Say: Hello.", ("go", "it", ""), reply=False))
    score = Score(flow, language="de")
    score.join()
    (line,) = score.last(c.Enter).ahead
    score.spoken()
    assert score.said()[-1] == line
    assert "Kamera" in line
