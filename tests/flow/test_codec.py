"""Journals on paper: every event and command round trips; what is damaged is refused by name, never by accident."""

import contextlib
import json
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.flow import commands, events
from conversation.flow.codec import CodecError, command_from_json, event_from_json, to_json
from conversation.flow.commands import Enter, Evaluate
from conversation.flow.events import Evaluated, FaceAttributes, LivenessJudged, UserSpoke
from conversation.flow.journal import Header, JournalError, Step, read_lines, replay, write_lines
from conversation.flow.policy import DialoguePolicy
from conversation.flow.schema.problems import FlowError
from conversation.text.dialogue import Condition, Exchange
from tests.scores.flows import name_flow
from tests.scores.score import Score

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
LOOKED = LivenessJudged("r1", "bona_fide", "", {}, FaceAttributes(20, 30, "", 9))
NAMES = [c.__name__ for c in typing.get_args(events.Event)]
FIELDS = ["text", "typed", "utterance_id", "heard", "completed", "request_id", "outcome", "extracted", "by", "extra"]


OBJECTS = st.dictionaries(st.text(max_size=8), JSON, max_size=3)


def instances(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any instance; what may hold anything holds JSON."""
    hints = typing.get_type_hints(kind)
    free = {name: OBJECTS for name, hint in hints.items() if Any in typing.get_args(hint)}
    return st.builds(kind, **free)


def on_paper(value: events.Event | commands.Command) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(to_json(value)))
    return data


@pytest.mark.parametrize("kind", typing.get_args(events.Event), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_event_round_trips(kind: type[Any], data: st.DataObject) -> None:
    event = data.draw(instances(kind))
    assert event_from_json(on_paper(event)) == event


@pytest.mark.parametrize("kind", typing.get_args(commands.Command), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_command_round_trips(kind: type[Any], data: st.DataObject) -> None:
    command = data.draw(instances(kind))
    assert command_from_json(on_paper(command)) == command


def test_the_written_form() -> None:
    command = Evaluate("r1", "Name?", (Condition("a", "given"),), (Exchange("Hi", "Hello"),), "Maria")
    assert to_json(command) == {
        "type": "Evaluate",
        "request_id": "r1",
        "question": "Name?",
        "conditions": [{"id": "a", "text": "given"}],
        "history": [{"question": "Hi", "reply": "Hello"}],
        "reply": "Maria",
        "doubt": "decide",
    }
    stored = {name: value for name, value in to_json(command).items() if name != "doubt"}
    assert command_from_json(stored) == command


def test_nothing_becomes_another_type() -> None:
    command = command_from_json({"type": "Enter", "node_id": "a", "node_type": "conversation", "ahead": ["Hi"]})
    assert command == Enter("a", "conversation", ("Hi",))
    evaluated = {**to_json(Evaluated("r", None, 1.0, "", "x", "y", 2.0)), "confidence": 1}
    event = event_from_json(evaluated)
    assert isinstance(event, Evaluated)
    assert type(event.confidence) is float


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({}, "unknown event type None"),
        ({"type": "Shouted"}, "unknown event type 'Shouted'"),
        ({"type": ["UserSpoke"]}, "unknown event type"),
        ({"type": "Say", "utterance_id": "u1", "text": "", "interruptible": True}, "unknown event type 'Say'"),
        ({"type": "UserSpoke"}, "UserSpoke: .*text"),
        ({"type": "UserSpoke", "text": 7}, "UserSpoke.text must be"),
        ({"type": "UserSpoke", "text": None}, "UserSpoke.text must be"),
        ({"type": "UserSpoke", "text": "Hi", "mood": "good"}, "UserSpoke: unknown field 'mood'"),
        ({"type": "UserSpoke", "text": "Hi", "typed": "yes"}, "UserSpoke.typed must be"),
        ({**to_json(Evaluated("r", None, 1.0, "", "x", "y", 2.0)), "extracted": []}, "Evaluated.extracted must be"),
        ({**to_json(Evaluated("r", None, 1.0, "", "x", "y", 2.0)), "outcome": 7}, "Evaluated.outcome must be"),
        ({**to_json(Evaluated("r", None, 1.0, "", "x", "y", 2.0)), "confidence": True}, "Evaluated.confidence must be"),
        ({**to_json(LOOKED), "attributes": {"age_min": 1}}, "LivenessJudged.attributes: .*age_max"),
        ({**to_json(LOOKED), "attributes": 18}, "LivenessJudged.attributes must be"),
        ({**to_json(LOOKED), "evidence": None}, "LivenessJudged.evidence must be"),
        ("UserSpoke", "not a JSON object, as each event is"),
        (None, "not a JSON object, as each event is"),
        ([], "not a JSON object, as each event is"),
    ],
)
def test_a_damaged_event_is_refused_by_name(data: Any, complaint: str) -> None:
    with pytest.raises(CodecError, match=complaint):
        event_from_json(data)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"type": "Enter", "node_id": "a", "node_type": "end", "ahead": "Hi"}, "Enter.ahead must be a list"),
        ({"type": "Enter", "node_id": "a", "node_type": "end", "ahead": [7]}, "Enter.ahead must be"),
        ({"type": "Listen", "question": "?", "conditions": ["a"]}, "Listen.conditions must be an object"),
        ({"type": "Listen", "question": "?", "conditions": [{"id": "a"}]}, "Listen.conditions: .*text"),
        ({"type": "Finish", "status": "maybe", "reason": "end"}, "Finish.status must be"),
    ],
)
def test_a_damaged_command_is_refused_by_name(data: Any, complaint: str) -> None:
    with pytest.raises(CodecError, match=complaint):
        command_from_json(data)


@given(st.fixed_dictionaries({"type": st.sampled_from(NAMES) | JSON}, optional=dict.fromkeys(FIELDS, JSON)))
def test_nothing_else_is_ever_raised(data: dict[str, Any]) -> None:
    with contextlib.suppress(CodecError):
        event_from_json(data)


# ---- journals


def journal() -> tuple[Header, list[Step]]:
    """A conversation of a few steps."""
    header = Header(name_flow(), {"title": "Ms"}, "en", DialoguePolicy(), 1_790_000_000_000)
    score = Score(name_flow(), title="Ms")
    steps: list[Step] = []
    machine, receive = score.machine, score.machine.receive

    def recorded(event: events.Event, *, now: float) -> tuple[commands.Command, ...]:
        answer = receive(event, now=now)
        steps.append(Step.of(now, event, answer))
        return answer

    machine.receive = recorded  # type: ignore[method-assign]
    score.join()
    score.spoken()
    score.reply("Maria", "given", extracted={"name": "Maria", "age": 41})
    score.spoken()
    return header, steps


def lines() -> list[str]:
    return list(write_lines(*journal()))


def test_a_journal_round_trips_and_replays() -> None:
    header, steps = read_lines([*lines(), "", "  "])
    assert (header, steps) == (header, read_lines(lines())[1])
    machine, differences = replay(header, steps)
    assert differences == []
    assert machine.finished is not None
    assert machine.finished.status == "complete"


def test_a_changed_answer_is_found_with_its_line() -> None:
    header, steps = journal()
    steps[2].commands[0]["reply"] = "Mario"
    machine, differences = replay(header, steps)
    assert [(d.line, d.event["type"]) for d in differences] == [(4, "UserSpoke")]
    assert differences[0].recorded[0]["reply"] == "Mario"
    assert differences[0].replayed[0]["reply"] == "Maria"
    assert machine.finished is not None


def test_a_changed_event_is_found() -> None:
    header, steps = journal()
    steps[2] = Step.of(steps[2].now, UserSpoke("Somebody else"), ())
    assert [d.line for d in replay(header, steps)[1]] == [4]


def test_policy_fields_of_another_version_do_not_matter() -> None:
    data = journal()[0].to_json()
    data["policy"] |= {"moon_phase": 3}
    assert Header.from_json(data) == journal()[0]


def changed_header(**changes: Any) -> str:
    return json.dumps(journal()[0].to_json() | changes)


STEP = {"now": 0.0, "event": {"type": "Joined"}, "commands": []}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ([], "the journal is empty"),
        (["", "\n"], "the journal is empty"),
        (["{"], "line 1 is not"),
        (["7"], "line 1 is not"),
        (["[]"], "line 1 is not"),
        (["[" * 100_000], "line 1 is not"),
        (["1" * 10_000], "line 1 is not"),
        (["{}"], "line 1 is not a journal header: 'flow' is missing"),
        ([changed_header(policy=7)], "line 1 is not a journal header"),
        ([changed_header(policy={"silence_seconds": "8"})], "line 1 is not a journal header: .*silence_seconds"),
        ([changed_header(variables=[])], "line 1 is not a journal header: .*variables"),
        ([changed_header(language=7)], "line 1 is not a journal header: .*language"),
        ([changed_header(startedUtcMs="now")], "line 1 is not a journal header: .*startedUtcMs"),
        ([changed_header(flow="no")], "line 1 is not a journal header: .*flow"),
        ([changed_header(), "{"], "line 2 is not a journal step"),
        ([changed_header(), "7"], "line 2 is not a journal step"),
        ([changed_header(), "", "{}"], "line 3 is not a journal step: .*now"),
        ([changed_header(), json.dumps(STEP | {"now": "0"})], "line 2 is not a journal step: .*now"),
        ([changed_header(), json.dumps(STEP | {"now": float("nan")})], "line 2 is not a journal step: .*now"),
        ([changed_header(), json.dumps(STEP | {"event": "Joined"})], "line 2 is not a journal step: .*event"),
        ([changed_header(), json.dumps(STEP | {"commands": {}})], "line 2 is not a journal step: .*commands"),
        ([changed_header(), json.dumps(STEP | {"commands": [7]})], "line 2 is not a journal step: .*commands"),
    ],
)
def test_a_damaged_journal_is_refused_with_its_line(text: list[str], complaint: str) -> None:
    with pytest.raises(JournalError, match=complaint):
        read_lines(text)


def test_a_journal_of_an_impossible_flow_is_refused() -> None:
    header, steps = read_lines([changed_header(flow=[{"id": "start", "type": "start", "outcome": "nowhere"}])])
    with pytest.raises(FlowError):
        replay(header, steps)


@given(st.lists(JSON.map(json.dumps) | st.text(max_size=30), max_size=4))
def test_no_other_error_comes_from_a_damaged_journal(text: list[str]) -> None:
    with contextlib.suppress(JournalError, CodecError, FlowError):
        header, steps = read_lines([changed_header(), *text])
        replay(header, steps)
