"""Telling a person, or a log file, how far a pull is."""

import sys
import time
from typing import Protocol, TextIO

BAR_CELLS = 28
LINE_EVERY = 10.0
"""Seconds between two progress lines where there is no terminal."""


class Reporter(Protocol):
    """What a pull tells while it works."""

    def say(self, line: str) -> None:
        """One step has begun or ended."""

    def advance(self, done_bytes: int, total_bytes: int, what: str) -> None:
        """So much of the download is on the disk; called several times a second."""


class LineReporter:
    """Plain lines for logs and pipes: every step, and the progress at most every ten seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told_at = time.monotonic()

    def say(self, line: str) -> None:
        """Write the line."""
        print(line, file=self._stream, flush=True)

    def advance(self, done_bytes: int, total_bytes: int, what: str) -> None:
        """Write a line if the last one is old enough."""
        now = time.monotonic()
        if now - self._told_at >= LINE_EVERY:
            self._told_at = now
            self.say(f"  {done_bytes / 1e6:.0f} of {total_bytes / 1e6:.0f} MB ({what})")


class TerminalReporter:
    """One bar, redrawn in place, for a person at a terminal."""

    def __init__(self, stream: TextIO, columns: int) -> None:
        self._stream = stream
        self._columns = columns
        self._started_at = time.monotonic()
        self._first_bytes: int | None = None
        self._drawn = False

    def say(self, line: str) -> None:
        """Wipe the bar and write the line above where it will be drawn next."""
        wipe = "\r\x1b[K" if self._drawn else ""
        self._drawn = False
        print(f"{wipe}{line}", file=self._stream, flush=True)

    def advance(self, done_bytes: int, total_bytes: int, what: str) -> None:
        """Draw the bar: share, megabytes, rate of this run, and what is on its way."""
        if self._first_bytes is None:
            self._first_bytes, self._started_at = done_bytes, time.monotonic()
        share = done_bytes / total_bytes if total_bytes else 1.0
        cells = round(share * BAR_CELLS)
        rate = (done_bytes - self._first_bytes) / max(time.monotonic() - self._started_at, 0.1)
        bar = "█" * cells + "░" * (BAR_CELLS - cells)
        line = f"  {bar} {share:4.0%}  {done_bytes / 1e6:.0f}/{total_bytes / 1e6:.0f} MB  {rate / 1e6:.1f} MB/s  {what}"
        print(f"\r\x1b[K{line[: self._columns - 1]}", end="", file=self._stream, flush=True)
        self._drawn = True


def reporter_for(stream: TextIO, columns: int) -> Reporter:
    """A bar where a person looks on, plain lines otherwise."""
    encoding = (getattr(stream, "encoding", None) or sys.getdefaultencoding()).lower()
    if stream.isatty() and "utf" in encoding:
        return TerminalReporter(stream, columns)
    return LineReporter(stream)
