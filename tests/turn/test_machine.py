"""The turn machine, played window by window."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.turn import commands as c
from conversation.turn import events as e
from conversation.turn.machine import TurnMachine
from conversation.turn.policy import TurnPolicy
from conversation.turn.stream import WINDOW_SAMPLES
from tests.scores.turns import Turns

YES_NO = ("Do you want to move your appointment?", "The user wants to move it", "The user does not want to move it")
OPEN = ("What can I do for you today?", "The user wants to change an appointment", "The user wants something else")
EMAIL = ("What is your e-mail address?", "The user provided an e-mail address", "The user did not provide one")


def test_a_short_answer_to_a_yes_no_question_ends_as_soon_as_its_text_is_there() -> None:
    turns = Turns(*YES_NO, decode=0.3)
    turns.silence(0.5)
    turns.say("Yes.", 0.4)
    turns.silence(1.5)
    assert turns.commit.text == "Yes."
    assert turns.commit.ended_by is c.EndedBy.COMPLETE
    assert turns.commit.silence_seconds < 0.45
    assert len(turns.all(c.UserStarted)) == 1


def test_a_pause_of_400_ms_does_not_split_a_sentence() -> None:
    turns = Turns(*OPEN, decode=0.15)
    turns.say("I would like to change my appointment,", 1.6)
    turns.silence(0.4)
    turns.say("because I have to travel on Friday.", 1.6)
    turns.silence(1.5)
    assert turns.commit.text == "I would like to change my appointment, because I have to travel on Friday."


def test_a_free_answer_that_sounds_finished_ends_sooner_than_one_that_does_not() -> None:
    silences = []
    for sounds_finished in (0.97, 0.4, None):
        turns = Turns(*OPEN)
        turns.say("I want to change my appointment.", 1.6, sounds_finished)
        turns.silence(2.0)
        silences.append(turns.commit.silence_seconds)
    assert silences[0] < 0.65 < silences[1] == silences[2] < 0.95


def test_half_an_email_address_is_waited_for_and_heard_again() -> None:
    turns = Turns(*EMAIL)
    turns.say("My email is john dot smith", 1.5, 0.97)
    turns.silence(1.0)
    turns.say("at gmail dot com", 1.0)
    turns.silence(1.0)
    assert turns.commit.text == "My email is john dot smith at gmail dot com"


def test_half_an_answer_that_stays_half_is_taken_after_a_long_silence() -> None:
    turns = Turns(*EMAIL)
    turns.say("My email is john dot smith", 1.5, 0.97)
    turns.silence(2.5)
    assert turns.commit.silence_seconds == pytest.approx(1.4, abs=0.1)
    assert len(turns.all(c.Transcribe)) == 2, "words may have come into the first decode"


def test_a_click_in_the_closing_silence_changes_nothing() -> None:
    turns = Turns(*YES_NO)
    turns.say("Yes.", 0.4)
    turns.silence(0.15)
    turns.hear(0.064, 0.9)
    turns.silence(1.0)
    assert turns.commit.text == "Yes."
    assert len(turns.all(c.Transcribe)) == 1


def test_a_noise_without_words_is_no_turn() -> None:
    turns = Turns(*YES_NO)
    turns.hear(0.3, 0.8)
    turns.silence(1.5)
    assert turns.all(c.Commit) == []
    assert turns.all(c.UserStopped) == [c.UserStopped("no words")]


def test_pre_roll_keeps_the_first_sound_and_never_reaches_into_the_turn_before() -> None:
    turns = Turns(*YES_NO)
    turns.silence(1.0)
    turns.say("Yes.", 0.4)
    turns.silence(0.6)
    first = turns.commit
    assert first.first_sample == pytest.approx(16_000 * 0.7, abs=1_024)
    turns.words = ""
    turns.say("No.", 0.4)
    turns.silence(1.0)
    second = turns.all(c.Commit)[1]
    assert second.first_sample >= first.end_sample


class TestBargeIn:
    """Speech while the avatar speaks."""

    def speaking(self, *question: str, text: str = "Do you want to move your appointment to Friday?") -> Turns:
        turns = Turns(*(question or YES_NO))
        turns.feed(e.AgentStarted("u1", text, interruptible=True))
        turns.silence(0.3)
        return turns

    def test_the_avatar_holds_its_breath_then_gives_way(self) -> None:
        turns = self.speaking()
        turns.say("I would rather talk about something else", 2.0)
        turns.silence(1.2)
        kinds = [type(command) for _, command in turns.log]
        assert kinds.index(c.PauseSpeaking) < kinds.index(c.StopSpeaking) < kinds.index(c.Commit)
        start = next(at for at, command in turns.log if isinstance(command, c.UserStarted))
        paused = next(at for at, command in turns.log if isinstance(command, c.PauseSpeaking))
        assert paused - start < 0.3

    @pytest.mark.parametrize("sound", ["Mm-hmm.", "Right, okay.", "uh huh", ""])
    def test_a_backchannel_or_a_cough_does_not_stop_it(self, sound: str) -> None:
        turns = self.speaking("Tell me about your day.", "The user said something")
        turns.say(sound, 0.4)
        turns.silence(1.0)
        assert turns.all(c.StopSpeaking) == []
        assert turns.all(c.Commit) == []
        assert turns.all(c.ResumeSpeaking) == [c.ResumeSpeaking("u1")]

    def test_its_own_echo_does_not_stop_it(self) -> None:
        turns = self.speaking()
        turns.say("move your appointment to Friday", 0.6)
        turns.silence(1.0)
        assert turns.all(c.Commit) == []
        assert turns.all(c.ResumeSpeaking) == [c.ResumeSpeaking("u1")]

    def test_an_early_yes_is_an_answer(self) -> None:
        turns = self.speaking()
        turns.say("Yeah.", 0.4)
        turns.silence(1.0)
        assert turns.commit.text == "Yeah."
        assert turns.all(c.StopSpeaking) == [c.StopSpeaking("u1")]

    def test_what_must_be_heard_cannot_be_interrupted(self) -> None:
        turns = Turns(*YES_NO)
        turns.feed(e.AgentStarted("u1", "Goodbye.", interruptible=False))
        turns.say("wait wait wait", 1.5)
        turns.silence(1.0)
        assert turns.log == []

    def test_a_typed_answer_stops_it_at_once(self) -> None:
        turns = self.speaking()
        turns.feed(e.Typed())
        assert turns.all(c.StopSpeaking) == [c.StopSpeaking("u1")]


def test_audio_that_stops_in_mid_sentence_ends_the_turn() -> None:
    turns = Turns(*OPEN)
    turns.say("I want to change my", 1.5)
    turns.wait(3.0)
    assert turns.commit.ended_by is c.EndedBy.STALL
    assert turns.commit.text == "I want to change my"


def test_ten_minutes_of_speech_are_taken_a_minute_at_a_time() -> None:
    turns = Turns(*OPEN)
    for _ in range(600):
        turns.say("and so on", 1.0)
    assert 9 <= len(turns.all(c.Commit)) <= 10
    assert {commit.ended_by for commit in turns.all(c.Commit)} == {c.EndedBy.LIMIT}


def test_a_transcript_that_never_comes_is_given_up() -> None:
    turns = Turns(*OPEN, decode=1_000.0)
    turns.say("hello", 1.0)
    turns.silence(1.0)
    turns.wait(11.0)
    assert turns.all(c.UserStopped) == [c.UserStopped("no transcript came")]
    assert turns.machine.deadline is None


def test_a_failed_transcription_is_no_silent_end() -> None:
    turns = Turns(*OPEN, decode=1_000.0)
    turns.say("hello", 1.0)
    turns.silence(0.3)
    turns.feed(e.Transcribed(turns.all(c.Transcribe)[-1].request_id, "", failed=True))
    assert turns.all(c.UserStopped) == [c.UserStopped("transcription failed")]


def test_a_fresh_stream_begins_at_sample_zero() -> None:
    turns = Turns(*YES_NO)
    turns.say("I was say", 0.6)
    turns.feed(e.StreamStarted())
    turns.windows, turns.words = 0, ""
    turns.say("Yes.", 0.4)
    turns.silence(1.0)
    assert turns.commit.text == "Yes."
    assert turns.commit.first_sample == 0


events = st.one_of(
    st.builds(e.Speech, st.integers(0, 10**6), st.floats(0, 1)),
    st.builds(e.Transcribed, st.sampled_from(["t1", "t2", "t9", ""]), st.text(max_size=20), st.booleans()),
    st.builds(e.TurnJudged, st.sampled_from(["t1", "t2"]), st.floats(0, 1)),
    st.builds(e.Expected, st.text(max_size=20), st.tuples(st.text(max_size=10))),
    st.builds(e.AgentStarted, st.sampled_from(["u1", "u2"]), st.text(max_size=20), st.booleans()),
    st.builds(e.AgentEnded, st.sampled_from(["u1", "u2"])),
    st.sampled_from([e.StreamStarted(), e.Typed(), e.TimePassed()]),
)


@given(st.lists(st.tuples(events, st.floats(0, 3)), max_size=60))
@settings(max_examples=150, deadline=None)
def test_nothing_that_may_happen_raises_and_time_is_always_answered(script: list[tuple[e.Event, float]]) -> None:
    machine, now = TurnMachine(TurnPolicy()), 0.0
    for event, pause in script:
        now += pause
        machine.receive(event, now=now)
        for _ in range(4):
            if machine.deadline is None or machine.deadline > now:
                break
            machine.receive(e.TimePassed(), now=now)
        else:
            pytest.fail("a deadline stays in the past after TimePassed")


@given(st.lists(st.floats(0, 1), max_size=400))
@settings(max_examples=100, deadline=None)
def test_every_commit_has_words_and_lies_inside_the_stream(probabilities: list[float]) -> None:
    turns = Turns(*OPEN)
    turns.words = "some words"
    for probability in probabilities:
        turns.hear(0.032, probability)
    last_end = 0
    for commit in turns.all(c.Commit):
        assert commit.text
        assert last_end <= commit.first_sample < commit.end_sample <= len(probabilities) * WINDOW_SAMPLES
        last_end = commit.end_sample
