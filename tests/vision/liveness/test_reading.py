"""Reading aloud: words in order, and lips that move with the voice."""

import math
from dataclasses import replace

import pytest

from tests.vision.liveness.series import STILL
from vision.liveness.policy import LivenessPolicy
from vision.liveness.reading import Reading, share_in_order, words
from vision.liveness.record import Record, View

POLICY = LivenessPolicy()


def reading(phrase: str = "apple river window") -> Reading:
    return Reading(phrase, Record(POLICY), 0.0, POLICY)


def watch(judge: Reading, speaking: float, silent: float) -> None:
    """Six seconds of a mouth: its movement between 2 and 4 s, and at other times."""
    for frame in range(90):
        at = frame / 15
        size = speaking if 2 <= at <= 4 else silent
        judge.look(View(at, replace(STILL, mouth_opening=0.06 + size * math.sin(at * 17)), True))


@pytest.mark.parametrize(
    ("heard", "share"),
    [
        ("Apple, river, window.", 1.0),
        ("um apple river a window", 1.0),
        ("apple window", 2 / 3),
        ("window river apple", 1 / 3),
        ("", 0.0),
        ("something else", 0.0),
    ],
)
def test_the_share_of_words_in_order(heard: str, share: float) -> None:
    assert share_in_order(words("apple river window"), words(heard)) == pytest.approx(share)


def test_accents_and_case_do_not_matter() -> None:
    assert words("Fenêtre, ÉCOLE!") == ["fenetre", "ecole"]


def test_words_of_two_utterances_add_up() -> None:
    judge = reading()

    assert judge.hear("apple") == "waiting"
    assert judge.hear("river window") == "passed"


def test_too_few_words_do_not_pass() -> None:
    judge = reading()

    assert judge.hear("river") == "waiting"
    assert judge.best == pytest.approx(1 / 3)


def test_without_spans_of_speech_agreement_is_not_checked_and_the_words_decide() -> None:
    judge = reading()
    watch(judge, speaking=0.0, silent=0.0)

    assert judge.hear("apple river window") == "passed"
    assert judge.agreement == "not_checked"


def test_lips_that_move_with_the_voice_agree() -> None:
    judge = reading()
    watch(judge, speaking=0.05, silent=0.002)
    judge.speech(2.0, 4.0)

    assert judge.hear("apple river window") == "passed"
    assert judge.agreement == "agree"


def test_a_voice_without_lips_fails() -> None:
    judge = reading()
    watch(judge, speaking=0.002, silent=0.002)
    judge.speech(2.0, 4.0)

    assert judge.hear("apple river window") == "failed"
    assert judge.agreement == "disagree"


def test_a_mouth_that_always_moves_is_unclear() -> None:
    judge = reading()
    watch(judge, speaking=0.05, silent=0.05)
    judge.speech(2.0, 4.0)

    assert judge.agreement == "unclear"
