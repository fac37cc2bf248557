"""``visavis check-flow``: every problem with its path, and a sentence for every file that is none."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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


MODULES = {"modules": [{"type": "identityVerification"}, {"type": "emailVerification"}], "initialPhrase": "Hi."}


def repaired() -> list[dict[str, Any]]:
    """A flow with a repair and warnings."""
    ways = {"livenessDetected": "good", "deepfakeDetected": "bad", "noFace": "bad"}
    return [
        {"id": "start", "type": "start", "outcome": "live"},
        {"id": "live", "type": "liveness_detection", "outcomes": ways},
        {"id": "good", "type": "end"},
        {"id": "bad", "type": "end"},
    ]


def test_warnings_and_repairs_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-flow", str(written(tmp_path, repaired()))]) == 0
    out = capsys.readouterr().out
    assert "repaired  live: 'inconclusive' leads to 'bad'" in out
    assert "warning   [camera_feed] node 'live'" in out
    assert main(["check-flow", "--json", str(written(tmp_path, repaired()))]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["normalizations"] == [{"nodeId": "live", "outcome": "inconclusive", "filledWith": "bad"}]
    assert any(warning.startswith("[filled_outcome]") for warning in result["warnings"])
    assert "flow" not in result


def test_modules_are_compiled_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, MODULES)
    assert main(["check-flow", str(file)]) == 0
    assert f"{file}: valid, 11 nodes" in capsys.readouterr().out
    assert main(["check-flow", "--compile", str(file)]) == 0
    flow = json.loads(capsys.readouterr().out)
    assert flow[0] == {"id": "start", "type": "start", "outcome": "greeting"}
    assert flow[1]["prompt"].startswith("Say: Hi. ")
    assert main(["check-flow", "--compile", "--json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["flow"] == flow
    assert main(["check-flow", "--compile", str(written(tmp_path, flow))]) == 0
    assert json.loads(capsys.readouterr().out) == flow


@pytest.mark.parametrize("name", ["modules", "requestedData"])
def test_wrong_modules(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["check-flow", "--compile", str(written(tmp_path, {name: [{"type": "ageEstimation"}]}))]) == 1
    assert f"problem   {name}[0]." in capsys.readouterr().out


def test_lenience_ignores_unknown_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow = name_flow()
    flow[1]["colour"] = "red"
    assert main(["check-flow", str(written(tmp_path, flow))]) == 1
    assert main(["check-flow", "--lenient", str(written(tmp_path, flow))]) == 0
    assert "'colour' ignored" in capsys.readouterr().out


def test_placeholders_are_checked_against_the_provided_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-flow", str(written(tmp_path, {"flow": name_flow(), "providedData": {}}))]) == 0
    assert "[placeholder] node 'ask' asks for '{title}'" in capsys.readouterr().out
    assert main(["check-flow", str(written(tmp_path, {"flow": name_flow(), "providedData": {"title": "Dr"}}))]) == 0
    assert "[placeholder]" not in capsys.readouterr().out


def test_a_picture_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "flow.svg"
    assert main(["check-flow", "--draw", str(picture), str(written(tmp_path, MODULES))]) == 0
    root = ElementTree.parse(picture).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "identity_liveness" in picture.read_text(encoding="utf-8")
    gone = tmp_path / "gone" / "flow.svg"
    assert main(["check-flow", "--draw", str(gone), str(written(tmp_path, MODULES))]) == 2
    assert "flow.svg cannot be written: No such file" in capsys.readouterr().err
    picture.unlink()
    assert main(["check-flow", "--draw", str(picture), str(written(tmp_path, []))]) == 1
    assert not picture.exists()


def test_the_documented_picture_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "everyday.svg"
    assert main(["check-flow", "--draw", str(picture), str(REPOSITORY / "examples" / "everyday.json")]) == 0
    documented = REPOSITORY / "docs" / "pictures" / "everyday.svg"
    assert picture.read_text(encoding="utf-8") == documented.read_text(encoding="utf-8"), "draw it again"


def test_a_flow_too_large_to_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [conversation(f"n{index}", "Say: hi", ("a", f"n{index + 1}", "")) for index in range(450)]
    flow = [{"id": "start", "type": "start", "outcome": "n0"}, *nodes, {"id": "n450", "type": "end"}]
    assert main(["check-flow", "--draw", str(tmp_path / "a.svg"), str(written(tmp_path, flow))]) == 2
    assert "cannot be drawn: the flow has 452 nodes" in capsys.readouterr().err
