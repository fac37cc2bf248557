"""A bar for a person, lines for a log."""

import io
import time

import pytest

from rtc_server.weights import progress
from rtc_server.weights.progress import LineReporter, TerminalReporter, reporter_for


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_person_gets_a_bar_and_a_pipe_gets_lines() -> None:
    assert isinstance(reporter_for(Terminal(), 80), TerminalReporter)
    assert isinstance(reporter_for(io.StringIO(), 80), LineReporter)


def test_a_terminal_without_unicode_gets_lines() -> None:
    terminal = Terminal()
    terminal.encoding = "ascii"
    assert isinstance(reporter_for(terminal, 80), LineReporter)


def test_the_bar_is_redrawn_in_place_and_wiped_before_a_line() -> None:
    terminal = Terminal()
    reporter = TerminalReporter(terminal, columns=200)
    reporter.advance(0, 200_000_000, "whisper")
    reporter.advance(50_000_000, 200_000_000, "whisper")
    reporter.say("whisper: fetched")
    drawn = terminal.getvalue().split("\r\x1b[K")
    assert " 25%  50/200 MB" in drawn[2]
    assert drawn[2].count("█") == progress.BAR_CELLS // 4
    assert drawn[3] == "whisper: fetched\n"


def test_the_bar_never_wraps() -> None:
    terminal = Terminal()
    TerminalReporter(terminal, columns=40).advance(1, 2, "a-package-with-a-long-name, and-another-one")
    assert len(terminal.getvalue().removeprefix("\r\x1b[K")) == 39


def test_nothing_to_fetch_is_a_full_bar() -> None:
    terminal = Terminal()
    TerminalReporter(terminal, columns=200).advance(0, 0, "")
    assert "100%" in terminal.getvalue()


def test_lines_are_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    reporter = LineReporter(stream)
    for second in range(25):
        now[0] = 100.0 + second
        reporter.advance(second * 1_000_000, 25_000_000, "whisper")
    assert stream.getvalue().splitlines() == ["  10 of 25 MB (whisper)", "  20 of 25 MB (whisper)"]
