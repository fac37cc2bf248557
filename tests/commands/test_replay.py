"""``visavis replay``: the same, different, or not a journal."""

import json
from pathlib import Path

import pytest

from conversation.flow.journal import Step, read_lines, write_lines
from rtc_server.cli import main
from rtc_server.rtc.messages import Caption, Finished, Text
from tests.fakes.stage import open_stage
from tests.scores.flows import name_flow
from tests.session.conftest import NAME


@pytest.fixture
async def journal(tmp_path: Path) -> Path:
    """The file that a real session wrote."""
    async with open_stage(tmp_path, {NAME: "given"}) as stage:
        record = await stage.create(name_flow(), providedData={"title": "Ms"})
        peer = await stage.join(record)
        await peer.receives(Caption, lambda caption: caption.final)
        peer.send_message(Text(NAME))
        await peer.receives(Finished)
        await stage.ended(record)
    return tmp_path / "journals" / f"{record.id}.jsonl"


def test_a_journal_replays(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(journal)]) == 0
    count = len(journal.read_text().splitlines()) - 1
    assert capsys.readouterr().out == f"{journal}: {count} steps, 0 differences, complete (end)\n"


def test_steps_are_printed(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--steps", str(journal)]) == 0
    out = capsys.readouterr().out
    assert "Joined       → Enter, Say, Listen" in out
    assert "UserSpoke    → Evaluate" in out


def test_an_unfinished_journal_says_where_it_stands(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal.write_text("\n".join(journal.read_text().splitlines()[:3]))
    assert main(["replay", str(journal)]) == 0
    assert "2 steps, 0 differences, at ask" in capsys.readouterr().out


def test_a_tampered_journal_shows_what_differs(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, steps = read_lines(journal.read_text().splitlines())
    number = next(index for index, step in enumerate(steps) if step.event["type"] == "Evaluated")
    verdict = steps[number]
    steps[number] = Step(verdict.now, verdict.event | {"outcome": "missing"}, verdict.commands)
    journal.write_text("\n".join(write_lines(header, steps)))
    assert main(["replay", str(journal)]) == 1
    out = capsys.readouterr().out
    assert f"{journal}:{number + 2}: Evaluated is answered differently" in out
    assert "Thank you" in out
    assert "Never mind" in out


@pytest.mark.parametrize(
    ("line", "content", "complaint"),
    [
        (1, "", "is not a journal header|line 1|'flow'"),
        (1, "not json", "line 1 is not"),
        (1, "[" * 100_000, "line 1 is not"),
        (3, "{}", "line 3 is not a journal step"),
        (3, '{"now": 1.0, "event": {"type": "Shouted"}, "commands": []}', "unknown event type 'Shouted'"),
        (3, '{"now": 1.0, "event": "Joined", "commands": []}', "line 3 is not a journal step"),
        (3, '{"now": "x", "event": {"type": "Joined"}, "commands": []}', "line 3 is not a journal step"),
    ],
)
def test_a_corrupt_journal_is_refused_by_line(
    journal: Path, capsys: pytest.CaptureFixture[str], line: int, content: str, complaint: str
) -> None:
    lines = journal.read_text().splitlines()
    lines[line - 1] = content
    journal.write_text("\n".join(lines))
    assert main(["replay", str(journal)]) == 2
    captured = capsys.readouterr()
    (said,) = captured.err.splitlines()
    assert said.startswith(f"visavis: {journal}: ")
    assert any(part in said for part in complaint.split("|"))


def test_a_header_whose_flow_is_impossible(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, *rest = journal.read_text().splitlines()
    data = json.loads(header)
    data["flow"] = data["flow"][:-1]
    journal.write_text("\n".join([json.dumps(data), *rest]))
    assert main(["replay", str(journal)]) == 2
    assert str(journal) in capsys.readouterr().err


def test_the_worst_of_several_counts(journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(bytes(range(128, 256)))
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert main(["replay", str(tmp_path / "gone.jsonl"), str(binary), str(empty), str(journal)]) == 2
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 3
    assert "gone.jsonl cannot be read: No such file" in captured.err
    assert "the journal is empty" in captured.err
    assert "0 differences" in captured.out
