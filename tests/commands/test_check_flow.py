"""``visavis check-flow``: every problem with its path, and a sentence for every file that is none."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rtc_server.cli import main
from tests.conftest import REPOSITORY
from tests.scores.flows import conversation, name_flow


def written(folder: Path, content: Any) -> Path:
    file = folder / "flow.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


@pytest.mark.parametrize("form", ["list", "object"])
def test_a_good_flow(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    file = written(tmp_path, name_flow() if form == "list" else {"flow": name_flow(), "metadata": {}})
    assert main(["check-flow", str(file)]) == 0
    assert capsys.readouterr().out.endswith(f"{file}: valid, 5 nodes\n")


@pytest.mark.parametrize("file", sorted((REPOSITORY / "examples").glob("*.json")), ids=lambda file: file.name)
def test_the_examples_are_good(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if "script" in file.name:
        pytest.skip("a caller's script, not a flow")
    assert main(["check-flow", str(file)]) == 0


def test_all_problems_at_once_with_their_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "nowhere"},
        conversation("ask", "", ("a", "gone", "They agree")) | {"colour": "red"},
        {"id": "end", "type": "end"},
    ]
    assert main(["check-flow", str(written(tmp_path, flow))]) == 1
    out = capsys.readouterr().out
    for path in ("flow[0].outcome", "flow[1].prompt", "flow[1].outcomes[0].targetNodeId", "colour"):
        assert path in out
    assert "valid," not in out


def test_json_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-flow", "--json", str(written(tmp_path, name_flow()))]) == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True
    assert main(["check-flow", "--json", str(written(tmp_path, []))]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["valid"] is False
    assert {"path", "rule", "message"} == set(result["problems"][0])


@pytest.mark.parametrize("content", [7, None, "text", {}, {"flow": 7}, [7], [[]], [{"id": 7}], {"flow": {"a": "b"}}])
def test_json_that_is_no_flow(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any) -> None:
    assert main(["check-flow", str(written(tmp_path, content))]) == 1
    assert "problem   flow" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not JSON: Expecting value in line 1, column 1"),
        (b"[\n  {,\n]", "is not JSON: .* in line 2, column 4"),
        (b"[" * 100_000, "is not JSON text"),
        (b"1" * 10_000, "is not JSON text"),
        (bytes(range(256)), "is not JSON text"),
        (b"\xef\xbb\xbf[]", "is not JSON"),
    ],
)
def test_a_file_that_is_no_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, complaint: str
) -> None:
    assert main(["check-flow", str(written(tmp_path, content))]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    pattern = f"visavis: {tmp_path / 'flow.json'} {complaint}"
    assert re.fullmatch(pattern + ".*", line), line


def test_a_file_that_is_missing_or_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file, complaint in ((tmp_path / "gone.json", "No such file"), (tmp_path, "Is a directory")):
        assert main(["check-flow", str(file)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"visavis: {file} cannot be read: {complaint}")
