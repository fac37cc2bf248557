"""Scripts: what is accepted, what is refused by name, and which answer is chosen."""

import json
from pathlib import Path
from typing import Any

import pytest

from rtc_server.caller.script import MAX_REPEATS, Answer, Answers, Expectation, ScriptError, parse_script, read_script

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "hello.script.json"


def test_a_list_of_answers_is_a_script() -> None:
    script = parse_script([{"say": "Yes."}, {"type": "no", "node": "b"}, {"silence": 3}])
    assert script.answers == (Answer("say", "Yes."), Answer("type", "no", node="b"), Answer("silence", seconds=3.0))
    assert script.expect == Expectation()


def test_every_field_is_read() -> None:
    script = parse_script(
        {
            "answers": [{"node": "a", "say": "Hi", "bargeInAfter": 1, "expectOutcome": "b"}],
            "expect": {"status": "incomplete", "path": ["a"], "outcomes": {"a": "b"}, "captions": ["hi"]},
        }
    )
    assert script.answers == (Answer("say", "Hi", node="a", barge_in_after=1, expect_outcome="b"),)
    assert script.expect == Expectation("incomplete", ("a",), {"a": "b"}, ("hi",))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("hello", "the script: must be an object"),
        ({}, "answers: must be a list"),
        ([], "at least one answer"),
        ([{"say": "a", "type": "b"}], r"answers\[0\]: needs exactly one of say, type, field, wav, silence"),
        ([{"node": "a"}], r"answers\[0\]: needs exactly one"),
        ([{"say": ""}], r"answers\[0\].say: must be some text"),
        ([{"silence": -1}], r"answers\[0\].silence: must be more than zero"),
        ([{"silence": True}], r"answers\[0\].silence: must be a number"),
        ([{"say": "a", "bargeInAfter": -1}], "bargeInAfter: must not be negative"),
        ([{"say": "a"}, {"sya": "b"}], r"answers\[1\]: unknown field 'sya'"),
        ({"answers": [{"say": "a"}], "expect": {"status": "done"}}, "expect.status: must be complete or incomplete"),
        ({"answers": [{"say": "a"}], "expect": {"path": [1]}}, "expect.path: must be a list of strings"),
        ({"answers": [{"say": "a"}], "expect": {"outcomes": {"a": 1}}}, "expect.outcomes"),
        ({"answers": [{"say": "a"}], "permissions": "maybe"}, "permissions: must be granted or denied, not 'maybe'"),
    ],
)
def test_a_broken_script_is_refused_by_place(data: Any, message: str) -> None:
    with pytest.raises(ScriptError, match=message):
        parse_script(data)


def test_fields_and_permissions() -> None:
    script = parse_script({"answers": [{"field": "{code}", "node": "mail"}], "permissions": "denied"})
    assert script.answers == (Answer("field", "{code}", node="mail"),)
    assert script.permissions == "denied"
    assert parse_script([{"say": "Hi"}]).permissions == "granted"


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    with pytest.raises(ScriptError, match="cannot be read"):
        read_script(file)
    file.write_text("{")
    with pytest.raises(ScriptError, match="is not JSON"):
        read_script(file)
    file.write_text(json.dumps([{"wav": "yes.wav"}]))
    assert read_script(file).answers == (Answer("wav", str(tmp_path / "yes.wav")),)


def test_the_example_is_a_script_and_can_be_typed() -> None:
    script = read_script(EXAMPLE)
    assert {answer.kind for answer in script.answers} == {"say"}
    assert {answer.kind for answer in script.typed().answers} == {"type"}


def test_answers_for_the_node_come_before_answers_for_any() -> None:
    any_one, for_b = Answer("say", "any"), Answer("say", "b", node="b")
    answers = Answers([any_one, for_b])
    assert answers.next("b") == for_b
    answers.given(for_b)
    assert answers.next("b") == any_one
    answers.given(any_one)


def test_the_last_answer_is_repeated_for_a_while_without_barging_in() -> None:
    answer = Answer("say", "Yes.", barge_in_after=1.0)
    answers = Answers([answer])
    answers.given(answer)
    for _ in range(MAX_REPEATS):
        repeated = answers.next("a")
        assert repeated == Answer("say", "Yes.")
        answers.given(repeated)
    assert answers.next("a") is None


def test_an_answer_of_another_node_is_not_repeated() -> None:
    answer = Answer("say", "Maria", node="name")
    answers = Answers([answer])
    answers.given(answer)
    assert answers.next("name") == answer
    assert answers.next("appointment") is None
