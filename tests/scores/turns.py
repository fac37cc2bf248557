"""A player for the turn machine: speech and silence in seconds, transcripts after a fixed decoding time."""

from collections import deque
from typing import TypeVar

from conversation.turn import commands as c
from conversation.turn import events as e
from conversation.turn.machine import TurnMachine
from conversation.turn.stream import SAMPLE_RATE_HZ, WINDOW_SAMPLES

C = TypeVar("C", bound=c.Command)
WINDOW_SECONDS = WINDOW_SAMPLES / SAMPLE_RATE_HZ


class Turns:
    """Plays windows in real time; a transcription is answered ``decode`` seconds later with the words said so far."""

    def __init__(self, question: str = "", *conditions: str, decode: float = 0.3) -> None:
        self.machine = TurnMachine()
        self.now = 0.0
        self.windows = 0
        self.words = ""
        """What a transcriber would hear now."""
        self.sounds_finished: float | None = 0.95
        """What the turn detector would say now."""
        self.decode = decode
        self.log: list[tuple[float, c.Command]] = []
        self._due: deque[tuple[float, e.Event]] = deque()
        if question:
            self.feed(e.Expected(question, conditions))

    def feed(self, event: e.Event) -> None:
        """One event now; its commands are logged and transcription is set going."""
        for command in self.machine.receive(event, now=self.now):
            self.log.append((round(self.now, 3), command))
            if isinstance(command, c.Transcribe):
                self._due.append((self.now + self.decode, e.Transcribed(command.request_id, self.words)))
            if isinstance(command, c.JudgeTurn) and self.sounds_finished is not None:
                self._due.append((self.now + 0.05, e.TurnJudged(command.request_id, self.sounds_finished)))

    def hear(self, seconds: float, probability: float) -> None:
        """Windows of one probability."""
        for _ in range(round(seconds / WINDOW_SECONDS)):
            self.now += WINDOW_SECONDS
            for item in sorted(self._due):
                if item[0] <= self.now:
                    self._due.remove(item)
                    self.feed(item[1])
            first, self.windows = self.windows * WINDOW_SAMPLES, self.windows + 1
            self.feed(e.Speech(first, probability))

    def say(self, words: str, seconds: float = 1.0, sounds_finished: float | None = 0.95) -> None:
        """The person speaks."""
        self.words = f"{self.words} {words}".strip()
        self.sounds_finished = sounds_finished
        self.hear(seconds, 0.97)

    def silence(self, seconds: float) -> None:
        """Nobody speaks."""
        self.hear(seconds, 0.02)

    def wait(self, seconds: float) -> None:
        """No audio comes at all; deadlines are honoured."""
        end = self.now + seconds
        while True:
            moments = [moment for moment, _ in self._due]
            if self.machine.deadline is not None:
                moments.append(self.machine.deadline)
            self.now = min([*moments, end])
            if self.now >= end:
                return
            for item in sorted(self._due):
                if item[0] <= self.now:
                    self._due.remove(item)
                    self.feed(item[1])
            if self.machine.deadline is not None and self.machine.deadline <= self.now:
                self.feed(e.TimePassed())

    def all(self, kind: type[C]) -> list[C]:
        """All commands of a kind."""
        return [command for _, command in self.log if isinstance(command, kind)]

    @property
    def commit(self) -> c.Commit:
        """The one turn that was committed."""
        (commit,) = self.all(c.Commit)
        return commit
