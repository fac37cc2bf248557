"""``visavis call`` from end to end: a real server, a real connection, real engines; and what it says when it cannot."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rtc_server.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HELLO = str(EXAMPLES / "hello.json")
EVERYDAY = str(EXAMPLES / "everyday.json")


@pytest.fixture
def own_server(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The own server of a call finds its weights where the tests found them; nobody is looked at here."""
    monkeypatch.setenv("VISAVIS_MODELS_DIR", str(weights))
    monkeypatch.setenv("VISAVIS_VISION_TRACKER", "off")


FEWER_WORDS = {
    "ask_name": "Your name?",
    "ask_move": "Do you want to move your appointment?",
    "bye_moved": "Goodbye!",
    "hello": "Hello {name}.",
    "bye_done": "Goodbye!",
}


@pytest.fixture
def brief(tmp_path: Path) -> Callable[[str], tuple[str, str]]:
    """Options for an example and its script in fewer words: a call lasts as long as they do."""

    def shorten(example: str) -> tuple[str, str]:
        original, file = Path(example), tmp_path / "brief.json"
        call = json.loads(original.read_text())
        for node in call["flow"]:
            if node["id"] in FEWER_WORDS:
                node["prompt"] = f"Say: {FEWER_WORDS[node['id']]}"
        file.write_text(json.dumps(call))
        shutil.copy(original.with_suffix(".script.json"), file.with_suffix(".script.json"))
        return "--flow", str(file)

    return shorten


def call(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any], str]:
    """(exit status, the JSON that was printed, the complaints)."""
    status = main(["call", *options, "--json", "--timeout", "60"])
    printed = capsys.readouterr()
    return status, json.loads(printed.out), printed.err


@pytest.mark.models
@pytest.mark.usefixtures("own_server")
def test_a_call_by_voice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, result, errors = call(capsys, "--flow", HELLO, "--report", str(tmp_path / "report.json"))
    assert status == 0, errors
    assert result["path"] == ["ask_name", "ask_move", "bye_moved"]
    assert [turn["kind"] for turn in result["turns"]] == ["say", "say"]
    for turn in result["turns"]:
        assert 0 < turn["replyMs"] < 5_000
        assert turn["server"]["endpointMs"] > 0, "the server's record of the turn was found"
        assert not turn["interruptedByAvatar"]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report == result["report"]
    assert any("Lopez" in line["text"] for line in report["transcript"] if not line["isAvatar"])


@pytest.mark.models
@pytest.mark.usefixtures("own_server")
def test_a_call_by_typing_with_a_lost_connection(
    capsys: pytest.CaptureFixture[str], brief: Callable[[str], tuple[str, str]]
) -> None:
    status, result, errors = call(capsys, *brief(HELLO), "--typed", "--drop-after", "1.5")
    assert status == 0, errors
    assert result["reconnects"] == 1
    assert [line["text"] for line in result["transcript"] if line["isTyped"]] == [
        "My name is Maria Lopez.",
        "Yes, please.",
    ]


@pytest.mark.models
@pytest.mark.usefixtures("own_server")
def test_a_call_that_takes_another_branch_than_expected_fails(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, brief: Callable[[str], tuple[str, str]]
) -> None:
    script = json.loads((EXAMPLES / "hello.script.json").read_text())
    script["answers"][1]["expectOutcome"] = "bye_kept"
    (tmp_path / "script.json").write_text(json.dumps(script))
    status, result, errors = call(capsys, *brief(HELLO), "--typed", "--script", str(tmp_path / "script.json"))
    assert status == 1
    assert result["problems"] == ["node ask_move led to bye_moved, expected bye_kept"]
    assert result["problems"][0] in errors


@pytest.mark.models
@pytest.mark.usefixtures("own_server")
def test_a_call_that_fills_in_fields_with_a_code_from_the_mailbox(
    capsys: pytest.CaptureFixture[str], brief: Callable[[str], tuple[str, str]]
) -> None:
    status, result, errors = call(capsys, *brief(EVERYDAY), "--typed")
    assert status == 0, errors
    reports = {report["nodeId"]: report for report in result["report"]["nodeReports"]}
    assert reports["devices"]["outcome"] == "permissionsGranted"
    assert reports["code"]["report"] == {"email": "robin@example.org"}
    assert result["report"]["extractedData"] == {"approves": True}


@pytest.mark.models
@pytest.mark.usefixtures("own_server")
def test_a_flow_is_walked_without_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    status, result, errors = call(capsys, "--flow", EVERYDAY, "--simulate", "complete", "--force", "code=cancelled")
    assert status == 1, "the script beside the flow expects the question, which a cancelled code never reaches"
    assert "Do you approve the transfer" in errors
    assert result["outcomes"][-2:] == [{"node": "code", "next": "cancelled"}, {"node": "bye_unfinished", "next": "end"}]
    assert result["turns"] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--flow", HELLO, "--simulate", "complete", "--force", "live"], "must look like NODE=OUTCOME"),
        ([], "nothing to answer"),
        (["--say", "Yes"], "whom to call?"),
        (["--flow", HELLO, "--say", "Yes", "--script", "x.json"], "not both"),
        (["--type", "Yes", "--url", "http://127.0.0.1:1/"], "the link must look like"),
        (["--type", "Yes", "--url", "http://127.0.0.1:1/?cs=cs1", "--flow", HELLO], "--url names one session"),
        (["--flow", HELLO, "--typed", "--server", "http://127.0.0.1:1"], "needs an API key"),
        (["--flow", HELLO, "--typed", "--server", "http://127.0.0.1:1", "--key", "sk_test_1"], "cannot be reached"),
        (["--type", "Yes", "--url", "http://127.0.0.1:1/?cs=cs1"], "cannot be reached"),
        (["--flow", "missing.json", "--type", "Yes"], "missing.json cannot be read"),
        (["--flow", HELLO, "--typed", "--loss", "100"], "loss must be"),
        (["--flow", HELLO, "--typed", "--camera", "missing.mp4"], "camera file missing.mp4 cannot be read"),
        (["--flow", HELLO, "--wav", "missing.wav"], "recording missing.wav cannot be used"),
    ],
)
def test_what_cannot_be_called_is_explained(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISAVIS_BOOTSTRAP_KEY", raising=False)
    assert main(["call", *options]) == 2
    assert message in capsys.readouterr().err
