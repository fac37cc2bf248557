"""The command line as a whole: it teaches, it names mistakes, and its exit codes can be relied on."""

import subprocess
import sys

import pytest

from rtc_server.cli import COMMANDS, main
from tests.conftest import REPOSITORY


def out_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a call."""
    try:
        status = main(arguments)
    except SystemExit as end:
        status = int(end.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_help_names_every_command_and_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = out_of(["--help"], capsys)
    assert status == 0
    for name, (_, summary) in COMMANDS.items():
        assert name in out
        assert summary in " ".join(out.split())
    assert "VISAVIS_BOOTSTRAP_KEY=sk_test_" in out


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = out_of([], capsys)
    assert status == 2
    assert "commands:" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = out_of([command, "--help"], capsys)
    assert (status, err) == (0, "")
    assert out.startswith(f"usage: visavis {command}")
    explanation = out.split("\n\n")[1]
    assert len(explanation.split()) >= 8, "the description should say what it does and what comes of it"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["check-flow"], "the following arguments are required: FILE"),
        (["replay"], "the following arguments are required: JOURNAL"),
        (["serve", "--port", "http"], "argument --port: invalid int value: 'http'"),
        (["serve", "--prot", "1"], "unrecognized arguments: --prot 1"),
        (["evaluate"], "the following arguments are required: WHAT"),
        (["evaluate", "weather", "f"], "invalid choice: 'weather'"),
    ],
)
def test_mistakes_are_named_with_status_2(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = out_of(arguments, capsys)
    assert (status, out) == (2, "")
    assert complaint in err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = out_of(["--version"], capsys)
    assert status == 0
    assert out.startswith("visavis 0.")


@pytest.mark.parametrize("command", ["serve", "demo", "evaluate outcomes some.jsonl"])
@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("VISAVIS_PORT", "http", "VISAVIS_PORT must be a number"),
        ("VISAVIS_LOG_LEVEL", "loud", "log_level (VISAVIS_LOG_LEVEL) is 'loud'; choose one of"),
        ("VISAVIS_BOOTSTRAP_KEY", "secret", "VISAVIS_BOOTSTRAP_KEY) must be sk_test_"),
        ("VISAVIS_FRAME_ANCESTORS", "*; script-src *", "frame_ancestors (VISAVIS_FRAME_ANCESTORS) must be"),
    ],
)
def test_a_bad_setting_is_one_line_with_status_1(
    command: str,
    variable: str,
    value: str,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    status, out, err = out_of(command.split(), capsys)
    assert (status, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("visavis: ")
    assert complaint in line


def test_a_missing_settings_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = out_of(["serve", "--config", "gone.toml"], capsys)
    assert status == 1
    assert err == "visavis: settings file gone.toml cannot be read: No such file or directory\n"


@pytest.mark.parametrize("how", [["-m", "rtc_server"], ["-m", "rtc_server.cli"]])
def test_it_runs_as_a_module(how: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, *how, "check-flow", "examples/hello.json"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert "valid" in run.stdout


def test_help_is_quick() -> None:
    """No command drags the engines in for its neighbours' sake."""
    code = "import sys; from rtc_server.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([m for m in ('onnxruntime', 'ctranslate2', 'aiortc', 'openai', 'sqlalchemy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert run.stdout.splitlines()[-1] == "[]"
