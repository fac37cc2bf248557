"""Extra time at the ends of turns: twice the silence before somebody counts as done."""

import pytest

from conversation.turn import commands as c
from conversation.turn import events as e
from conversation.turn.policy import TurnPolicy
from tests.scores.turns import Turns

OPEN = ("What can I do for you today?", "The user wants to change an appointment", "The user wants something else")
YES_NO = ("Do you want to move your appointment?", "The user wants to move it", "The user does not want to move it")
USUAL = TurnPolicy()
LATE = 0.1
"""Windows come every 32 ms, and a transcript has to be there."""


@pytest.mark.parametrize(
    ("asked", "words", "sounds_finished", "usual"),
    [
        (OPEN, "I want to change my appointment.", 0.4, USUAL.plain_silence),
        (OPEN, "I want to change my appointment.", 0.97, USUAL.confident_silence),
        (YES_NO, "Yes.", 0.97, USUAL.complete_silence),
    ],
)
def test_whoever_wants_more_time_may_pause_twice_as_long(
    asked: tuple[str, ...], words: str, sounds_finished: float, usual: float
) -> None:
    for extra_time, wanted in ((False, usual), (True, 2 * usual)):
        turns = Turns(*asked, decode=0.02)
        turns.feed(e.PatienceSet(extra_time))
        turns.say(words, 1.6, sounds_finished)
        turns.silence(4.0)
        assert wanted <= turns.commit.silence_seconds < wanted + LATE


def test_a_pause_that_would_have_ended_the_turn_does_not() -> None:
    turns = Turns(*OPEN, decode=0.15)
    turns.feed(e.PatienceSet(extra_time=True))
    turns.say("I would like to change", 1.6, 0.4)
    turns.silence(USUAL.plain_silence + 0.4)
    turns.say("my appointment.", 1.0, 0.4)
    turns.silence(4.0)
    assert turns.commit.text == "I would like to change my appointment."
    assert len(turns.all(c.Commit)) == 1


def test_extra_time_can_be_given_back() -> None:
    turns = Turns(*OPEN, decode=0.02)
    turns.feed(e.PatienceSet(extra_time=True))
    turns.feed(e.PatienceSet(extra_time=False))
    turns.say("I want to change my appointment.", 1.6, 0.4)
    turns.silence(4.0)
    assert turns.commit.silence_seconds < USUAL.plain_silence + LATE
