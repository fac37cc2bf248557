"""The challenges of a check, one by one: pause, instruct, wait until it has been said, watch, end, perhaps replace."""

import math
from dataclasses import dataclass

from vision.liveness.challenges import Answer, Judge, judge_for, seconds_for
from vision.liveness.commands import ChallengeEnded, ChallengeKind, Command, IssueChallenge
from vision.liveness.plan import UNPROMPTED, Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.reading import Agreement, Reading
from vision.liveness.record import Record, View
from vision.liveness.verdict import ChallengeResult


@dataclass(slots=True)
class _Running:
    """The challenge that is on the screen."""

    kind: ChallengeKind
    judge: Judge
    issued_at: float
    spoken_at: float | None = None
    answer: Answer = "waiting"
    answered_at: float = 0.0


class Course:
    """Runs the challenges of a plan. Moves on only in ``advance``, so that several things may happen at one time."""

    def __init__(self, plan: Plan, policy: LivenessPolicy, record: Record) -> None:
        self._plan = plan
        self._policy = policy
        self._record = record
        self._kinds: list[ChallengeKind] = list(plan.challenges)
        self._spare = plan.spare
        self._running: _Running | None = None
        self._settling_since: float | None = None
        self.results: list[ChallengeResult] = []
        self.lips: Agreement = "not_checked"

    @property
    def done(self) -> bool:
        """Whether all have been carried out."""
        return len(self.results) == len(self._kinds)

    @property
    def fraction(self) -> float:
        """Share of the challenges that are over."""
        return len(self.results) / len(self._kinds) if self._kinds else 1.0

    @property
    def asking(self) -> bool:
        """Whether an instruction is on the screen."""
        return self._running is not None

    @property
    def deadline(self) -> float | None:
        """When something happens by itself."""
        if self._running is None:
            if self._settling_since is None:
                return None
            return self._settling_since + self._policy.settle_limit_seconds
        if self._running.spoken_at is None:
            return self._running.issued_at + self._policy.speaking_seconds
        return self._running.spoken_at + seconds_for(self._running.kind, self._policy)

    def begin(self, now: float) -> None:
        """The person is well placed: begin with the first pause."""
        self._settling_since = now
        self._record.front = self._record.baseline(now, lambda face: face.yaw) or 0.0

    def spoken(self, now: float) -> bool:
        """The instruction has been said. False when none was waiting for that."""
        if self._running is None or self._running.spoken_at is not None:
            return False
        self._running.spoken_at = now
        return True

    def look(self, view: View) -> None:
        """One more view."""
        running = self._running
        if running is not None and view.at > running.issued_at:
            answer = running.judge.look(view)
            if view.at >= self._earliest(running):
                self._note(running, answer, view.at)

    def hear(self, text: str, now: float) -> bool:
        """Words of the person. False when nothing was asked."""
        if self._running is None:
            return False
        self._note(self._running, self._running.judge.hear(text), now)
        return True

    def speech(self, started_at: float, ended_at: float, now: float) -> bool:
        """Speech of the person. False when nothing was asked, or they spoke before that."""
        if self._running is None or ended_at <= self._running.issued_at:
            return False
        self._note(self._running, self._running.judge.speech(started_at, ended_at), now)
        return True

    def advance(self, now: float) -> tuple[Command, ...]:
        """Do what is due: issue the next challenge, begin the person's time, or end it."""
        running = self._running
        if running is None:
            return self._issue(now) if not self.done and self._settled(now) else ()
        if running.spoken_at is None:
            if now < running.issued_at + self._policy.speaking_seconds:
                return ()
            running.spoken_at = now
        if running.answer == "waiting" and now < running.spoken_at + seconds_for(running.kind, self._policy):
            return ()
        return self._end(running, now)

    def _earliest(self, running: _Running) -> float:
        """From when on a response counts: of what people do anyway, not before they were asked in full."""
        if running.kind not in UNPROMPTED:
            return running.issued_at + self._policy.earliest_response
        return math.inf if running.spoken_at is None else running.spoken_at

    def _note(self, running: _Running, answer: Answer, at: float) -> None:
        """Keep the first answer; the challenge ends when the instruction has been said."""
        if running.answer == "waiting" and answer != "waiting":
            running.answer = answer
            running.answered_at = at

    def _settled(self, now: float) -> bool:
        if self._settling_since is None or now < self._settling_since + self._policy.settle_seconds:
            return False
        if now >= self._settling_since + self._policy.settle_limit_seconds:
            return True
        yaws = [view.face.yaw for view in self._record.between(now - self._policy.settle_seconds, now)]
        front = all(abs(yaw - self._record.front) <= self._policy.settle_degrees for yaw in yaws)
        return bool(yaws) and front and max(yaws) - min(yaws) <= self._policy.steady_degrees

    def _issue(self, now: float) -> tuple[Command, ...]:
        index = len(self.results)
        kind = self._kinds[index]
        phrase = self._plan.phrase if kind == "read" else ""
        self._running = _Running(kind, judge_for(kind, phrase, self._record, now, self._policy), now)
        return (IssueChallenge(index, len(self._kinds), kind, phrase, seconds_for(kind, self._policy)),)

    def _end(self, running: _Running, now: float) -> tuple[Command, ...]:
        passed = running.answer == "passed"
        spoken_at = running.spoken_at if running.spoken_at is not None else now
        ended_at = now if running.answer == "waiting" else running.answered_at
        index = len(self.results)
        best = None if running.judge.best is None else round(running.judge.best, 4)
        seconds = round(max(0.0, ended_at - spoken_at), 3)
        self.results.append(ChallengeResult(running.kind, passed, seconds, best))
        if isinstance(running.judge, Reading):
            self.lips = running.judge.agreement
        if not passed and self._spare is not None:
            self._kinds.append(self._spare)
            self._spare = None
        self._running = None
        self._settling_since = now
        return (ChallengeEnded(index, passed),)
