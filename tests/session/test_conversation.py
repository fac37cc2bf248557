"""Whole conversations, as scores: who says what, and what the page and the store get to know of it."""

from conversation.flow.journal import read_lines, replay
from rtc_server.rtc.messages import (
    Caption,
    Finished,
    Hello,
    Leave,
    Microphone,
    Node,
    OfferTyping,
    Speech,
    SpeechPaused,
    SpeechResumed,
    SpeechStopped,
    State,
    Statistics,
    Text,
)
from rtc_server.session.journal import steps_of
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.scores.flows import conversation, name_flow
from tests.session.conftest import NAME, REFUSAL

GREETING = "Hi Ms, what is your name?"


def order(peer: FakePeer, *kinds: type) -> list[str]:
    """Names of the messages of these kinds, in the order in which they came."""
    return [type(message).__name__ for message in peer.messages if isinstance(message, kinds)]


async def asked(peer: FakePeer, text: str = GREETING) -> None:
    """The avatar has spoken a line to its end."""
    await peer.receives(Caption, lambda caption: caption.text == text and caption.final)


async def test_an_answer_by_voice_leads_to_the_report(stage: Stage) -> None:
    stage.evaluator.extracted[NAME] = {"name": "Maria Lopez"}
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.hears(stage.book.speech(NAME))
    finished = await peer.receives(Finished)
    assert finished == Finished("complete", "end")

    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("complete", "end")
    spoken = [(phrase["isAvatar"], phrase["text"]) for phrase in stored.report["transcript"]]
    assert spoken == [(True, GREETING), (False, NAME), (True, "Thank you, Maria Lopez.")]
    ask, thanks = stored.report["nodeReports"]
    assert (ask["nodeId"], ask["outcome"], ask["evidence"]["outcome"]) == ("ask", "thanks", "given")
    assert ask["evidence"]["quote"] == NAME
    assert thanks["evidence"]["reason"] == "no_reply_needed"
    assert stored.report["extractedData"] == {"name": "Maria Lopez"}
    (turn,) = stored.report["turns"]
    assert turn["endedBy"] == "complete"
    assert turn["totalMs"] > 0
    assert stored.started_at is not None
    assert stored.finished_at is not None
    assert stored.started_at <= stored.finished_at


async def test_the_page_gets_every_message_in_order(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.hears(stage.book.speech(NAME))
    await peer.receives(Finished)
    assert peer.messages[0] == Hello(record.id, rejoined=False, heartbeat_ms=1000)
    assert [node.node_id for node in peer.received(Node)] == ["ask", "thanks", "end"]
    assert order(peer, Node, Speech, Finished)[:2] == ["Node", "Speech"]
    states = [state.state for state in peer.received(State)]
    assert states == ["speaking", "listening", "hearing", "thinking", "speaking", "listening"]
    captions = [(c.id, c.speaker, c.text, c.final) for c in peer.received(Caption)]
    assert captions[:4] == [
        ("u1", "avatar", GREETING, False),
        ("u1", "avatar", GREETING, True),
        ("turn-1", "user", NAME, False),
        ("turn-1", "user", NAME, True),
    ]
    speech = peer.received(Speech)[0]
    assert (speech.utterance_id, speech.text, speech.duration_ms) == ("u1", GREETING, 360)
    assert speech.visemes == ((0, "aa", 1.0), (360, "sil", 1.0))
    assert peer.messages[-1] == Finished("complete", "end")


async def test_the_journal_replays_to_the_same_commands(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.send_message(Text("What do you mean?"))
    await asked(peer, f"I'm sorry, I didn't get that. {GREETING}")
    peer.hears(stage.book.speech(REFUSAL))
    await peer.receives(Finished)
    await stage.ended(record)

    header, steps = steps_of(await stage.store.journal(record.id))
    machine, differences = replay(header, steps)
    assert differences == []
    assert machine.finished is not None
    assert machine.finished.reason == "end"
    assert [step.event["type"] for step in steps][:2] == ["Joined", "SpeechEnded"]
    assert stage.policy.journal_dir is not None
    file = stage.policy.journal_dir / f"{record.id}.jsonl"
    assert read_lines(file.read_text().splitlines()) == (header, steps)


async def test_the_other_branch(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.hears(stage.book.speech(REFUSAL))
    await peer.receives(Finished)
    stored = await stage.ended(record)
    assert [node["nodeId"] for node in stored.report["nodeReports"]] == ["ask", "sorry"]


async def test_typing_is_an_equal_way_to_answer(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.send_message(Text(f"  {NAME} "))
    await peer.receives(Finished)
    stored = await stage.ended(record)
    assert stored.report["transcript"][1] == {
        "id": "p2",
        "createdAt": stored.report["transcript"][1]["createdAt"],
        "text": NAME,
        "isAvatar": False,
        "isTyped": True,
    }
    typed = [caption for caption in peer.received(Caption) if caption.typed]
    assert [(caption.id, caption.text) for caption in typed] == [("typed-1", NAME)]


async def test_empty_typing_means_nothing(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.send_message(Text(" \n "))
    peer.send_message(Statistics(12.0, 40.0, 1, 2))
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    assert stage.evaluator.replies == [NAME]


async def test_barge_in_stops_the_avatar_and_the_words_count(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.dial(record)
    peer.audio_out.hold_at = 0.2
    await peer.connect()
    await peer.receives(State, lambda state: state.state == "speaking")
    await eventually(lambda: (peer.audio_out.speaking or ("", 0.0))[1] >= 0.2, "the avatar speaks")
    peer.hears(stage.book.speech(NAME, seconds=1.2))
    stopped = await peer.receives(SpeechStopped)
    assert stopped.utterance_id == "u1"
    peer.audio_out.hold_at = None
    await peer.receives(Finished)
    stored = await stage.ended(record)
    heard = stored.report["transcript"][0]
    assert heard["isAvatar"]
    assert heard["text"] == "Hi Ms, what"  # three of six words: 0.2 of 0.36 s were played
    assert stage.evaluator.replies == [NAME]


async def test_a_false_interruption_lets_the_avatar_go_on(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.dial(record)
    peer.audio_out.hold_at = 0.2
    await peer.connect()
    await eventually(lambda: (peer.audio_out.speaking or ("", 0.0))[1] >= 0.2, "the avatar speaks")
    peer.hears(stage.book.speech("Mm-hmm", seconds=0.4))
    paused = await peer.receives(SpeechPaused)
    resumed = await peer.receives(SpeechResumed)
    assert (paused.utterance_id, resumed.utterance_id) == ("u1", "u1")
    assert resumed.offset_ms == 200
    peer.audio_out.hold_at = None
    await asked(peer)
    assert peer.received(SpeechStopped) == []
    assert stage.evaluator.replies == []
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    stored = await stage.ended(record)
    assert stored.report["transcript"][0]["text"] == GREETING


async def test_leaving_ends_the_session_as_cancelled(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    peer.send_message(Leave())
    assert await peer.receives(Finished) == Finished("incomplete", "cancelled")
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("incomplete", "cancelled")
    assert stored.report["transcript"][0]["text"] == GREETING


async def test_a_page_without_a_microphone_is_offered_the_keyboard(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    peer.send_message(Microphone("absent"))
    await peer.receives(OfferTyping)


async def test_two_sessions_keep_apart(stage: Stage) -> None:
    first, second = [await stage.create(name_flow(), providedData={"title": "Ms"}) for _ in range(2)]
    one = await stage.join(first)
    two = await stage.join(second)
    await asked(one)
    await asked(two)
    one.send_message(Text(NAME))
    two.send_message(Text(REFUSAL))
    await one.receives(Finished)
    await two.receives(Finished)
    await eventually(lambda: stage.registry.running == 0, "both have ended")
    for record, text in ((first, NAME), (second, REFUSAL)):
        stored = await stage.store.session(record.id)
        assert stored is not None
        assert stored.report["transcript"][1]["text"] == text


async def test_several_answers_in_a_row(stage: Stage) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "one"},
        conversation("one", "Say: Is it raining?", ("y", "two", "It is raining")),
        conversation("two", "Say: Is it cold?", ("y2", "end", "It is cold")),
        {"id": "end", "type": "end"},
    ]
    stage.evaluator.outcomes = {"Yes it is.": "y", "Very much so.": "y2"}
    record = await stage.create(flow)
    peer = await stage.join(record)
    await asked(peer, "Is it raining?")
    peer.hears(stage.book.speech("Yes it is."))
    await asked(peer, "Is it cold?")
    peer.hears(stage.book.speech("Very much so."))
    await peer.receives(Finished)
    stored = await stage.ended(record)
    assert [node["evidence"]["outcome"] for node in stored.report["nodeReports"]] == ["y", "y2"]
    assert len(stored.report["turns"]) == 1  # nothing is said after the second answer


async def test_what_is_said_now_is_synthesised_before_what_may_come(stage: Stage) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Say: What is your name?", ("given", "thanks", "A name was given")),
        conversation("thanks", "Say: Thank you, {name}. All well?", ("y", "bye", "They are well")),
        conversation("bye", "Say: Goodbye.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    stage.evaluator.extracted[NAME] = {"name": "Maria"}
    peer = await stage.join(await stage.create(flow))
    await asked(peer, "What is your name?")
    peer.send_message(Text(NAME))
    await asked(peer, "Thank you, Maria. All well?")
    await eventually(lambda: "Goodbye." in stage.synthesizer.asked, "the farewell is prepared")
    asked_for = stage.synthesizer.asked
    assert asked_for.index("Thank you, Maria. All well?") < asked_for.index("Goodbye.")
    assert len(asked_for) == len(set(asked_for))
