"""When a caller may answer, as the messages of a session come in."""

from rtc_server.caller.scene import Scene
from rtc_server.rtc.messages import (
    AskInput,
    Caption,
    CloseCheck,
    CloseInput,
    Finished,
    Node,
    ShowCheck,
    SpeechStopped,
    State,
)


def asked(scene: Scene, utterance_id: str, at: float) -> None:
    scene.receive(State("speaking"), at)
    scene.receive(Caption(utterance_id, "avatar", "What is your name?", final=False), at)
    scene.receive(Caption(utterance_id, "avatar", "What is your name?", final=True), at + 2)
    scene.receive(State("listening"), at + 2)


def test_a_question_is_asked_when_its_line_has_ended() -> None:
    scene = Scene()
    scene.receive(Node("name", "conversation"), 0.5)
    scene.receive(State("speaking"), 1.0)
    scene.receive(Caption("u1", "avatar", "What is", final=False), 1.0)
    assert not scene.asked_since(0.0)
    assert scene.speaking_since(0.0) == 1.0
    asked(scene, "u1", 1.0)
    assert scene.asked_since(0.0)
    assert scene.speaking_since(0.0) is None
    assert (scene.node, scene.last_question, scene.changed_at) == ("name", "What is your name?", 3.0)


def test_a_question_answered_already_is_not_asked_again() -> None:
    scene = Scene()
    asked(scene, "u1", 1.0)
    assert not scene.asked_since(4.0)
    asked(scene, "u2", 6.0)
    assert scene.asked_since(4.0)


def test_an_interrupted_line_does_not_count_as_the_next_question() -> None:
    scene = Scene()
    scene.receive(Caption("u1", "avatar", "Do you", final=False), 1.0)
    answer_began_at = 2.0
    scene.receive(SpeechStopped("u1"), 2.5)
    scene.receive(State("listening"), 2.5)
    assert not scene.asked_since(answer_began_at)


def test_while_the_avatar_thinks_it_asks_nothing() -> None:
    scene = Scene()
    asked(scene, "u1", 1.0)
    scene.receive(State("thinking"), 4.0)
    assert not scene.asked_since(0.0)


def test_while_the_camera_is_looked_at_nothing_is_to_be_said() -> None:
    scene = Scene()
    scene.receive(ShowCheck("r1", "liveness", "", sound=True, haptics=True, cancellable=True), 0.5)
    asked(scene, "u1", 1.0)
    assert not scene.asked_since(0.0)
    scene.receive(CloseCheck("r1", "passed"), 4.0)
    asked(scene, "u2", 5.0)
    assert scene.asked_since(4.0)


def test_the_end_asks_nothing() -> None:
    scene = Scene()
    asked(scene, "u1", 1.0)
    scene.receive(Node("end", "end"), 3.1)
    assert not scene.asked_since(0.0)


def test_the_transcript_keeps_the_newest_wording_of_each_line() -> None:
    scene = Scene()
    assert scene.receive(Caption("turn-1", "user", "My name", final=False), 1.0) is None
    final = scene.receive(Caption("turn-1", "user", "My name is Maria.", final=True), 2.0)
    assert final is not None
    assert [line.text for line in scene.lines] == ["My name is Maria."]
    scene.receive(Finished("complete", "end"), 3.0)
    assert scene.finished == Finished("complete", "end")


def test_the_field_that_is_shown_is_known_until_it_is_taken_away() -> None:
    scene = Scene()
    field = AskInput("r1", "code", "", "m••@example.org", 6, -1)
    scene.receive(field, 1.0)
    assert scene.input == field
    scene.receive(CloseInput("r1"), 2.0)
    assert scene.input is None
