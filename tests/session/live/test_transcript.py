"""What is said: first as it is understood, then as it is kept."""

from conversation.flow import events as e
from rtc_server.rtc.messages import Caption
from rtc_server.session.live.transcript import MOST_PHRASES
from tests.scores.flows import fixed, name_flow
from tests.session.live.watched import WatchedScore

TWO_FACTOR = fixed("two_factor_email", "verified", "delivery_failed", "failed_unverified", "cancelled", "error")


def begun(score: WatchedScore) -> WatchedScore:
    score.join()
    score.spoken()
    score.watcher.events.clear()
    return score


def test_words_of_the_person_change_until_they_are_said() -> None:
    score = begun(WatchedScore(name_flow()))
    score.now += 1.0
    score.view.sent(Caption("turn-1", "user", "I am", final=False))
    score.now += 1.0
    score.view.sent(Caption("turn-1", "user", "I am Mia", final=True))
    score.play(e.UserSpoke("I am Mia"))
    first, second = score.watcher.all("phrase")
    assert (first["id"], first["text"], first["final"]) == ("turn-1", "I am", False)
    assert second == first | {"text": "I am Mia", "final": True}


def test_what_was_no_answer_after_all_is_taken_away() -> None:
    score = begun(WatchedScore(name_flow()))
    score.play(e.UserStarted())
    score.view.sent(Caption("turn-1", "user", "hm", final=False))
    score.play(e.UserStopped())
    assert score.watcher.all("phrase")[-1]["text"] == ""
    assert [phrase["speaker"] for phrase in score.view.snapshot()["transcript"]] == ["avatar"]


def test_typed_answers_are_marked() -> None:
    score = begun(WatchedScore(name_flow()))
    score.view.sent(Caption("typed-1", "user", "Mia", final=True, typed=True))
    score.play(e.UserSpoke("Mia", typed=True))
    (phrase,) = score.watcher.all("phrase")
    assert (phrase["id"], phrase["typed"], phrase["final"]) == ("typed-1", True, True)


def test_a_line_that_was_cut_off_ends_where_it_was_cut() -> None:
    score = WatchedScore(name_flow())
    score.join()
    score.view.sent(Caption("u1", "avatar", "Hi {title}, what is your name?", final=False))
    score.view.sent(Caption("u1", "avatar", "Hi {title},", final=True))
    score.play(e.SpeechEnded("u1", "Hi {title},", False))
    assert [(p["text"], p["final"]) for p in score.watcher.all("phrase")] == [
        ("Hi {title}, what is your name?", False),
        ("Hi {title},", True),
    ]
    (kept,) = score.view.snapshot()["transcript"]
    assert kept["text"] == "Hi {title},"


def test_the_digits_of_a_code_are_never_shown() -> None:
    score = WatchedScore(TWO_FACTOR, email="mia@example.com")
    score.join()
    request = score.steps[0].commands[-1]["request_id"]
    score.play(e.CodeSent(request, "digest"), after=0.1)
    score.spoken()
    score.view.sent(Caption("turn-1", "user", "one two three four", final=False))
    score.view.sent(Caption("turn-1", "user", "one two three four five six", final=True))
    score.play(e.UserSpoke("one two three four five six"), after=2.0)
    shown = " ".join(phrase["text"] for phrase in score.watcher.all("phrase") if phrase["speaker"] == "user")
    assert shown
    assert not {"one", "two", "three", "four", "five", "six"} & set(shown.split())


def test_lines_of_agents_are_marked() -> None:
    score = begun(WatchedScore(name_flow()))
    score.play(e.AgentCame("stf_mara", "Mara"))
    score.play(e.AgentWrote("stf_mara", "Take your time."))
    score.spoken()
    assert score.watcher.all("phrase")[-1]["by"] == "agent"
    score.play(e.AgentTookOver("stf_mara"))
    score.play(e.AgentWrote("stf_mara", "My number is on the screen."))
    shown = score.watcher.all("phrase")[-1]
    assert (shown["text"], shown["by"], shown["speaker"]) == ("My number is on the screen.", "agent", "avatar")


def test_a_long_conversation_forgets_its_beginning() -> None:
    score = begun(WatchedScore(name_flow()))
    score.play(e.AgentCame("stf_mara", "Mara"))
    score.play(e.AgentTookOver("stf_mara"))
    for number in range(MOST_PHRASES + 20):
        score.play(e.UserSpoke(f"sentence {number}"), after=0.1)
    phrases = score.view.snapshot()["transcript"]
    assert len(phrases) == MOST_PHRASES
    assert phrases[-1]["text"] == f"sentence {MOST_PHRASES + 19}"
