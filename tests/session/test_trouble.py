"""Engines that fail, pages that vanish, servers that restart: never a silent dead end."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from conversation.flow.commands import Command
from conversation.flow.events import Event, UserSpoke
from conversation.flow.journal import Step, replay
from conversation.flow.machine import FlowMachine
from conversation.speech.errors import Category, SpeechError
from conversation.turn.policy import TurnPolicy
from rtc_server.rtc.messages import (
    Caption,
    Finished,
    Hello,
    Node,
    OfferTyping,
    Problem,
    Replaced,
    SpeechStopped,
    State,
    Text,
)
from rtc_server.session import clock, session
from rtc_server.session.journal import JournalWriter, steps_of
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import SessionRecord
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually, open_stage
from tests.fakes.voices import FakeSynthesizer
from tests.scores.flows import conversation, name_flow
from tests.session.conftest import NAME, OUTCOMES

GREETING = "Hi Ms, what is your name?"


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage whose machine waits 50 ms for a verdict."""
    async with open_stage(tmp_path, OUTCOMES, evaluate_seconds=0.05) as opened:
        yield opened


async def begun(stage: Stage) -> tuple[SessionRecord, FakePeer]:
    """A session whose question has been asked."""
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    return record, peer


async def asked(peer: FakePeer, text: str = GREETING) -> None:
    await peer.receives(Caption, lambda caption: caption.text == text and caption.final)


async def asked_again(peer: FakePeer) -> None:
    """The question comes once more, after a word of regret."""
    await peer.receives(Caption, lambda c: c.final and c.text.endswith(GREETING) and c.text.startswith("I'm sorry"))


# ---- engines


@pytest.mark.parametrize("error", [SpeechError(Category.BUSY, "fake", "too much to do"), RuntimeError("a defect")])
async def test_failed_transcription_offers_the_keyboard(stage: Stage, error: Exception) -> None:
    record, peer = await begun(stage)
    stage.transcriber.error = error
    peer.hears(stage.book.speech(NAME))
    problem = await peer.receives(Problem)
    assert (problem.code, problem.recoverable) == ("speech_not_understood", True)
    await peer.receives(OfferTyping)
    await peer.receives(State, lambda state: state.state == "listening")
    stage.transcriber.error = None
    peer.hears(stage.book.speech(NAME))
    assert await peer.receives(Finished) == Finished("complete", "end")
    await stage.ended(record)


@pytest.mark.parametrize("error", [SpeechError(Category.MODEL, "fake", "damaged"), RuntimeError("a defect")])
async def test_a_voice_that_fails_is_replaced_by_the_caption(stage: Stage, error: Exception) -> None:
    stage.synthesizer.error = error
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    assert (await peer.receives(Problem)).code == "speech_unavailable"
    await peer.receives(OfferTyping)
    await asked(peer)
    peer.send_message(Text(NAME))
    assert await peer.receives(Finished) == Finished("complete", "end")
    stored = await stage.ended(record)
    assert stored.report["transcript"][0]["text"] == GREETING


@pytest.mark.parametrize("error", [SpeechError(Category.PROVIDER, "fake", "broke off"), RuntimeError("a defect")])
async def test_a_voice_that_breaks_off_does_not_block_the_next_line(stage: Stage, error: Exception) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Say: Welcome to us. What is your name?", ("given", "thanks", "A name was given")),
        conversation("thanks", "Say: Thank you.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    stage.synthesizer.error, stage.synthesizer.error_after_clauses = error, 1
    record = await stage.create(flow)
    peer = await stage.join(record)
    await peer.receives(Problem)
    await asked(peer, "Welcome to us. What is your name?")
    stage.synthesizer.error = None
    peer.send_message(Text(NAME))
    await asked(peer, "Thank you.")
    assert await peer.receives(Finished) == Finished("complete", "end")
    await stage.ended(record)
    assert [stopped.utterance_id for stopped in peer.received(SpeechStopped)] == ["u1"]


async def test_an_ear_that_fails_hears_again(stage: Stage) -> None:
    record, peer = await begun(stage)
    stage.ears[0].failures = 1
    peer.hears(stage.book.speech("Lost in a busy moment."))
    await eventually(lambda: stage.ears[0].failures == 0, "voice activity was asked")
    peer.hears(stage.book.speech(NAME))
    await peer.receives(Finished)
    await stage.ended(record)


async def test_an_evaluator_that_raises_leads_to_a_recovery_line(stage: Stage) -> None:
    record, peer = await begun(stage)
    stage.evaluator.error = RuntimeError("a defect")
    peer.send_message(Text(NAME))
    await asked_again(peer)
    stage.evaluator.error = None
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    await stage.ended(record)


async def test_an_evaluator_that_never_answers_leads_to_a_recovery_line(hasty: Stage) -> None:
    record, peer = await begun(hasty)
    hasty.evaluator.silent = True
    peer.send_message(Text(NAME))
    await asked_again(peer)
    hasty.evaluator.silent = False
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    await hasty.ended(record)


async def test_a_defect_in_the_machine_ends_the_session_visibly(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    record, peer = await begun(stage)

    receive = FlowMachine.receive

    def broken(self: FlowMachine, event: Event, *, now: float) -> tuple[Command, ...]:
        if isinstance(event, UserSpoke):
            raise AssertionError("an invariant does not hold")
        return receive(self, event, now=now)

    monkeypatch.setattr(FlowMachine, "receive", broken)
    peer.send_message(Text(NAME))
    assert await peer.receives(Finished) == Finished("incomplete", "error")
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("incomplete", "error")
    # What was said until then is kept.
    assert [phrase["text"] for phrase in stored.report["transcript"]] == [GREETING]


async def test_a_store_that_fails_at_the_end_frees_the_place(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    record, peer = await begun(stage)

    async def broken(*args: object, **kwargs: object) -> SessionRecord:
        raise OSError("no space left")

    monkeypatch.setattr(stage.store, "finish_session", broken)
    peer.send_message(Text(NAME))
    assert await peer.receives(Finished) == Finished("incomplete", "error")
    await eventually(lambda: stage.registry.running == 0, "the place is free")
    monkeypatch.undo()
    # The journal holds the end, so whoever opens the link again gets it.
    again = await stage.join(record)
    assert await again.receives(Finished) == Finished("complete", "end")
    assert (await stage.ended(record)).status == "complete"


async def test_an_end_waits_for_a_database_that_restarts(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    record, peer = await begun(stage)
    monkeypatch.setattr(session, "STORE_AGAIN_SECONDS", (0.01,) * 3)
    finish, append = stage.store.finish_session, stage.store.append_journal
    failures = iter(range(3))

    async def out_of_reach(*args: Any, **kwargs: Any) -> SessionRecord:
        if next(failures, None) is not None:
            raise StorageError("the database cannot be reached")
        return await finish(*args, **kwargs)

    async def unconfirmed(*args: Any) -> None:
        await append(*args)
        raise StorageError("the connection was lost")

    monkeypatch.setattr(stage.store, "finish_session", out_of_reach)
    monkeypatch.setattr(stage.store, "append_journal", unconfirmed)
    peer.send_message(Text(NAME))
    assert await peer.receives(Finished) == Finished("complete", "end")
    assert (await stage.ended(record)).status == "complete"
    header, steps = steps_of(await stage.store.journal(record.id))
    assert replay(header, steps)[1] == []


async def test_a_write_whose_confirmation_was_lost_is_not_repeated(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await stage.create(name_flow())
    append, failures = stage.store.append_journal, iter([True])

    async def unconfirmed(*args: Any) -> None:
        await append(*args)
        if next(failures, False):
            raise StorageError("the connection was lost")

    monkeypatch.setattr(stage.store, "append_journal", unconfirmed)
    writer = JournalWriter(stage.store, record.id, 0)
    for now in (0.0, 1.0):
        writer.step(Step(now, {"type": "Joined"}, []))
        with contextlib.suppress(StorageError):
            await writer.flush()
    writer.step(Step(2.0, {"type": "Left"}, []))
    await writer.close()
    assert [line.now for line in await stage.store.journal(record.id)] == [0.0, 1.0, 2.0]


async def test_a_journal_folder_that_cannot_be_written_spoils_nothing(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("a file where the folder should be")
    async with open_stage(tmp_path, OUTCOMES) as stage:
        record, peer = await begun(stage)
        peer.send_message(Text(NAME))
        assert await peer.receives(Finished) == Finished("complete", "end")
        assert (await stage.ended(record)).status == "complete"


async def test_a_very_long_line_is_spoken_to_its_end(stage: Stage) -> None:
    """More than the track takes at once: 120 seconds."""
    stage.synthesizer = FakeSynthesizer(word_seconds=0.3)
    text = " ".join(f"Sentence number {number} of a long notice." for number in range(100))
    flow = [
        {"id": "start", "type": "start", "outcome": "notice"},
        conversation("notice", f"Say: {text}", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    record = await stage.create(flow)
    peer = await stage.join(record)
    assert await peer.receives(Finished) == Finished("complete", "end")
    stored = await stage.ended(record)
    assert stored.report["transcript"][0]["text"] == text
    assert peer.received(Problem) == []


# ---- odd sounds


async def test_audio_that_stops_in_the_middle_of_an_answer_ends_it(tmp_path: Path) -> None:
    async with open_stage(tmp_path, OUTCOMES, turn=TurnPolicy(stall_seconds=0.05)) as stage:
        record, peer = await begun(stage)
        peer.hears(stage.book.speech(NAME), silence=0.0)
        assert await peer.receives(Finished) == Finished("complete", "end")
        stored = await stage.ended(record)
        assert stored.report["turns"][0]["endedBy"] == "stall"


async def test_a_transcriber_that_never_answers_is_given_up(tmp_path: Path) -> None:
    async with open_stage(
        tmp_path, OUTCOMES, turn=TurnPolicy(transcription_seconds=0.05), silence_seconds=0.1
    ) as stage:
        _, peer = await begun(stage)
        stage.transcriber.silent = True
        peer.hears(stage.book.speech(NAME))
        await peer.receives(State, lambda state: state.state == "hearing")
        await peer.receives(State, lambda state: state.state == "listening")
        await peer.receives(Caption, lambda c: c.speaker == "avatar" and c.final)  # "Can you hear me?"
        stage.transcriber.silent = False
        peer.hears(stage.book.speech(NAME))
        assert await peer.receives(Finished) == Finished("complete", "end")


async def test_endless_speech_is_cut_into_turns_and_ends_at_last(stage: Stage) -> None:
    """Ten minutes of it would be ten turns; the node gives up after four that it does not understand."""
    record, peer = await begun(stage)
    analysed = 0
    for _ in range(600):
        peer.hears(stage.book.speech("and so on and so forth"), silence=0.0)
        analysed += 16_000 // 512
        await eventually(lambda: stage.ears[0].windows >= analysed, "it is heard")  # noqa: B023
        if peer.received(Finished):
            break
    assert await peer.receives(Finished) == Finished("complete", "end")
    stored = await stage.ended(record)
    assert stored.report["nodeReports"][0]["evidence"]["reason"] == "gave_up:no_match"
    assert {turn["endedBy"] for turn in stored.report["turns"]} == {"limit"}


# ---- the line


async def test_a_lost_page_comes_back_and_the_question_is_repeated(stage: Stage) -> None:
    record, peer = await begun(stage)
    peer.lose()
    await eventually(lambda: stage.registry.running == 1, "the session is kept")
    again = await stage.dial(record)
    hello = await again.connect()
    assert hello == Hello(record.id, rejoined=True, heartbeat_ms=1000)
    await asked(again)
    again.hears(stage.book.speech(NAME))
    assert await again.receives(Finished) == Finished("complete", "end")
    stored = await stage.ended(record)
    events = [line.event["type"] for line in await stage.store.journal(record.id)]
    assert events[:6] == ["Header", "Joined", "SpeechEnded", "Left", "Joined", "SpeechEnded"]
    assert stored.started_at is not None


async def test_a_statement_that_was_cut_by_the_network_is_repeated(stage: Stage) -> None:
    """A node that needs no reply must not be left while nobody is there to hear it."""
    notice, thanks = "Please listen to this important notice.", "Thank you."
    flow = [
        {"id": "start", "type": "start", "outcome": "notice"},
        conversation("notice", f"Say: {notice}", ("go", "thanks", ""), reply=False),
        conversation("thanks", f"Say: {thanks}", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]
    record = await stage.create(flow)
    peer = await stage.dial(record)
    peer.audio_out.hold_at = 0.1
    await peer.connect()
    await peer.receives(State, lambda state: state.state == "speaking")
    peer.lose()
    again = await stage.join(record)
    await asked(again, notice)
    assert await again.receives(Finished) == Finished("complete", "end")
    stored = await stage.ended(record)
    assert [phrase["text"] for phrase in stored.report["transcript"]][-2:] == [notice, thanks]


async def test_a_second_page_takes_over(stage: Stage) -> None:
    record, first = await begun(stage)
    second = await stage.join(record, "page-2")
    await first.receives(Replaced)
    assert first.messages[-1] == Replaced()
    assert stage.registry.holds(record.id, "page-2")
    assert not stage.registry.holds(record.id, "page-1")
    await asked(second)
    first.send_message(Text(NAME))  # too late: this page is no longer heard
    second.send_message(Text("No idea."))
    await asked_again(second)
    assert stage.evaluator.replies == ["No idea."]


async def test_a_reload_is_no_take_over(stage: Stage) -> None:
    record, first = await begun(stage)
    await stage.join(record, "page-1")
    assert first.received(Replaced) == []


async def test_who_never_comes_back_has_abandoned(tmp_path: Path) -> None:
    async with open_stage(tmp_path, OUTCOMES, away_seconds=0.02) as stage:
        record, peer = await begun(stage)
        peer.lose()
        stored = await stage.ended(record)
        assert (stored.status, stored.reason) == ("incomplete", "abandoned")


async def test_silence_is_answered_and_ends_at_last(tmp_path: Path) -> None:
    async with open_stage(tmp_path, OUTCOMES, silence_seconds=0.02) as stage:
        flow = [
            {"id": "start", "type": "start", "outcome": "ask"},
            conversation("ask", "Say: Are you moving house?", ("y", "end", "They move"), ("n", "end", "They stay")),
            {"id": "end", "type": "end"},
        ]
        record = await stage.create(flow)
        peer = await stage.join(record)
        await peer.receives(Caption, lambda c: c.final and c.text == "Can you hear me? Are you moving house?")
        await peer.receives(OfferTyping)
        assert await peer.receives(Finished) == Finished("incomplete", "silence")
        await stage.ended(record)


# ---- restarts


async def restart(stage: Stage) -> None:
    """The process ends and another one begins on the same store."""
    await stage.registry.close()
    stage.registry = stage.new_registry()


async def test_a_restart_goes_on_where_the_session_stood(stage: Stage) -> None:
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
    peer.send_message(Text("Yes it is."))
    await asked(peer, "Is it cold?")
    await restart(stage)
    stored = await stage.store.session(record.id)
    assert stored is not None
    assert stored.status == "inProgress"

    again = await stage.join(record)
    assert again.messages[0] == Hello(record.id, rejoined=True, heartbeat_ms=1000)
    await asked(again, "Is it cold?")
    again.send_message(Text("Very much so."))
    assert await again.receives(Finished) == Finished("complete", "end")
    stored = await stage.ended(record)
    assert [node["nodeId"] for node in stored.report["nodeReports"]] == ["one", "two"]
    assert [phrase["text"] for phrase in stored.report["transcript"] if not phrase["isAvatar"]] == [
        "Yes it is.",
        "Very much so.",
    ]
    # A page that was open all the time must not mistake a new line for a newer wording of an old one.
    old, new = ({c.id for c in p.received(Caption) if c.final} for p in (peer, again))
    assert not old & new
    header, steps = steps_of(await stage.store.journal(record.id))
    assert replay(header, steps)[1] == []


async def test_a_long_outage_is_not_held_against_the_person(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    record, _ = await begun(stage)
    await stage.registry.close()
    monkeypatch.setattr(clock, "unix_ms", lambda: 120_000 + time.time_ns() // 1_000_000)
    stage.registry = stage.new_registry()
    peer = await stage.dial(record)
    await asyncio.sleep(0.02)  # whatever is overdue would fire now
    await peer.connect()
    await asked(peer)  # and not "Are you still there?"
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    stored = await stage.ended(record)
    assert [phrase["text"] for phrase in stored.report["transcript"]][:2] == [GREETING, GREETING]


async def test_closing_leaves_no_task(stage: Stage) -> None:
    before = asyncio.all_tasks()
    record, _ = await begun(stage)
    await stage.registry.close()
    for peer in stage.peers:
        await peer.close()
    await stage.renderings.close()
    left = {task.get_name() for task in asyncio.all_tasks() - before if not task.done()}
    assert left == set()
    assert [line.event["type"] for line in await stage.store.journal(record.id)][:2] == ["Header", "Joined"]


async def test_an_ended_session_leaves_no_task(stage: Stage) -> None:
    before = asyncio.all_tasks()
    record, peer = await begun(stage)
    peer.send_message(Text(NAME))
    await peer.receives(Finished)
    await stage.ended(record)
    await peer.close()
    await stage.renderings.close()
    await asyncio.sleep(0)
    left = {task.get_name() for task in asyncio.all_tasks() - before if not task.done()}
    assert left == set()


async def test_nodes_are_announced_once(stage: Stage) -> None:
    _, peer = await begun(stage)
    assert [node.node_id for node in peer.received(Node)] == ["ask"]
