"""Journals of earlier versions: they read, and they replay to what was done then."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conversation.flow.journal import Header, JournalError, read_lines, replay, write_lines
from tests.scores.flows import name_flow
from tests.scores.score import Score

FOLDER = Path(__file__).parent.parent / "journals"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.jsonl")), ids=lambda file: file.stem)
def test_a_stored_journal_replays_without_a_difference(file: Path) -> None:
    header, steps = read_lines(file.read_text(encoding="utf-8").splitlines())
    machine, differences = replay(header, steps)
    assert differences == []
    assert machine.finished is not None


def test_there_are_stored_journals() -> None:
    assert list(FOLDER.glob("*.jsonl"))


def test_a_header_without_the_later_fields_reads() -> None:
    data = Score(name_flow()).header.to_json()
    del data["forced"], data["extraction"]
    for later in ("form_seconds", "send_limit", "external_seconds"):
        del data["policy"][later]
    header = Header.from_json(data)
    assert (header.forced, header.extraction) == ({}, [])
    assert header.policy.send_limit == 4


def test_forced_outcomes_and_wanted_fields_are_part_of_it() -> None:
    fields = [{"fieldName": "plan", "type": "string", "description": "", "enum": ["a", "b"]}]
    score = Score(name_flow(), forced={"ask": "missing"}, extraction=fields)
    header, _ = read_lines(write_lines(score.header, []))
    assert header == score.header
    machine = header.machine()
    assert machine.extracted_fields() == {"plan": None}


@pytest.mark.parametrize(
    "change",
    [
        {"forced": []},
        {"forced": {"ask": 7}},
        {"extraction": {}},
        {"extraction": ["plan"]},
        {"extraction": [{"fieldName": ""}]},
        {"extraction": [{"fieldName": "plan", "type": "colour"}]},
        {"extraction": [{"fieldName": "plan", "enum": "abc"}]},
    ],
)
def test_a_damaged_header_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(JournalError, match="line 1 is not a journal header"):
        read_lines([json.dumps(Score(name_flow()).header.to_json() | change)])


def test_a_session_keeps_the_engine_that_it_began_with() -> None:
    old, _ = read_lines((FOLDER / "every_node_without_media.jsonl").read_text(encoding="utf-8").splitlines())
    new, steps = read_lines((FOLDER / "live_person_scanned.jsonl").read_text(encoding="utf-8").splitlines())
    assert (old.engine_version, new.engine_version) == (1, 2)
    _, differences = replay(replace(new, engine_version=1), steps)
    assert differences, "the older engine looked at nobody"
