"""A person before a camera, as numbers: obeys or not, blinks, sways, reflects colours; and a stage.

Everything is drawn from a seed, so a test that fails does so again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from vision.liveness.commands import ChallengeEnded, Command, IssueChallenge, ShowFlash
from vision.liveness.events import (
    CameraDescribed,
    Event,
    FlashDeclined,
    FlashShown,
    InstructionSpoken,
    Observed,
    SpeechHeard,
    TimePassed,
    WordsHeard,
)
from vision.liveness.flash import expected_chroma
from vision.liveness.machine import LivenessMachine
from vision.liveness.trace import canonical
from vision.liveness.verdict import Verdict
from vision.tracking.observation import FaceView, Observation

START = 100.0
"""The session's clock when a check begins."""

STILL = FaceView(
    left=0.36, top=0.25, width=0.28, height=0.5, eye_distance_px=90.0, presence=0.99, yaw=2.0, pitch=-3.0, roll=1.0,
    eye_closure=0.12, smile=0.05, jaw_open=0.02, mouth_opening=0.01, sharpness=120.0, brightness=0.5, contrast=0.18,
    clipped=0.0, backlight=0.0, occlusion=0.0, skin=(0.25, -0.18), motion=0.003, parallax=None,
)  # fmt: skip


@dataclass
class Person:
    """Who sits there. Change fields to make an attacker of them."""

    seed: int = 1
    fps: float = 15.0
    obeys: bool = True
    wrong_way: bool = False
    blinks: bool = True
    """By themselves, every 3.1 s."""
    reaction: float = 0.6
    """Seconds from the instruction to the response."""
    texture: float | None = 0.93
    likeness: float | None = 0.97
    reflection: float = 0.04
    """Change of log chroma per full scale of colour."""
    skin_noise: float = 0.002
    """Of log chroma from frame to frame."""
    skin_sway: float = 0.002
    """Of a slow drift of it, while sitting."""
    depth: float = 0.25
    """Parallax of a turned head."""
    lips: bool = True
    voice: bool = True
    declines: str = ""
    """Reason for which the page shows no colours."""
    distort: Callable[[float, Observation], Observation | None] = lambda at, observation: observation
    """Last change of each frame, ``at`` counted from the start of the check; None = no frame."""
    asked: IssueChallenge | None = None
    asked_at: float = 0.0
    colours: tuple[str, ...] = ()
    colours_at: float = 0.0
    symbol: float = 0.4
    _random: np.random.Generator = field(init=False)
    _drift: np.ndarray = field(default_factory=lambda: np.zeros(2))
    _frames: int = 0

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def frame(self, at: float) -> Observation | None:
        """What is seen of them at a time."""
        self._frames += 1
        noise = self._random.normal
        self._drift = 0.98 * self._drift + noise(0.0, self.skin_sway * 0.2, 2)
        sway = np.sin(at * 1.3 + self.seed) * 1.6
        face = replace(
            STILL,
            yaw=STILL.yaw + sway + noise(0, 0.3),
            pitch=STILL.pitch + np.sin(at * 0.7) * 1.5 + noise(0, 0.3),
            eye_closure=min(
                1.0, max(0.0, (0.75 if self.blinks and at % 3.1 < 0.2 else STILL.eye_closure) + noise(0, 0.02))
            ),
            smile=max(0.0, STILL.smile + noise(0, 0.01)),
            mouth_opening=max(0.0, STILL.mouth_opening + noise(0, 0.002)),
            eye_distance_px=STILL.eye_distance_px * (1 + noise(0, 0.004)),
            motion=max(0.0, 0.004 + noise(0, 0.001)),
        )
        face = self._responding(face, at)
        skin = np.array(STILL.skin) + self._drift + noise(0, self.skin_noise, 2) + self._reflected(at)
        face = replace(face, skin=(float(skin[0]), float(skin[1])))
        compared = self._frames % 15 == 5
        observation = Observation(
            at=at,
            media_at=at - START + 30.0 + noise(0, 0.004),
            width_px=640,
            height_px=480,
            faces=1,
            track=1,
            face=face,
            brightness=0.45,
            fingerprint=f"{int(self._random.integers(0, 2**63)):016x}",
            difference=max(0.0001, 0.01 + noise(0, 0.002)),
            texture=self.texture if self.texture is None or self._frames % 3 == 0 else None,
            likeness=self.likeness if compared else None,
        )
        return self.distort(at - START, observation)

    def _responding(self, face: FaceView, at: float) -> FaceView:
        """The face on the way to what was asked."""
        if self.asked is None or not self.obeys or at < self.asked_at + self.reaction:
            return face
        progress = min(1.0, (at - self.asked_at - self.reaction) / 0.8)
        kind = self.asked.kind
        if kind in ("turn_left", "turn_right"):
            side = (1 if kind == "turn_left" else -1) * (-1 if self.wrong_way else 1)
            turned = replace(face, yaw=face.yaw + side * 32 * progress)
            return replace(turned, parallax=self.depth) if progress > 0.6 else turned
        if kind == "blink":
            closed = 0.1 < at - self.asked_at - self.reaction < 0.4
            return replace(face, eye_closure=0.8 if closed else face.eye_closure)
        if kind == "smile":
            return replace(face, smile=0.05 + 0.7 * progress)
        if kind == "closer":
            return replace(face, eye_distance_px=face.eye_distance_px * (1 + 0.4 * progress))
        opening = 0.06 + 0.05 * np.sin(at * 17) if self.lips and at < self.asked_at + self.reaction + 2.0 else 0.01
        return replace(face, mouth_opening=float(opening))

    def _reflected(self, at: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        index = int((at - 0.15 - self.colours_at) // self.symbol) if self.colours else -1
        if not 0 <= index < len(self.colours):
            return np.zeros(2)
        return self.reflection * np.array(expected_chroma(self.colours[index]))


@dataclass
class Performance:
    """What happened on the stage."""

    events: list[tuple[float, Event]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    def of(self, kind: type) -> list[Command]:
        """All commands of a kind."""
        return [command for command in self.commands if isinstance(command, kind)]


@dataclass
class Stage:
    """Lets a person go through a check, as the session would: frames, spoken instructions, colours, time."""

    machine: LivenessMachine
    person: Person
    camera: str = "Integrated Webcam (0408:5365)"
    speaks: bool = True
    """Whether the avatar says that it has spoken."""
    history_seconds: float = 0.0
    performance: Performance = field(default_factory=Performance)
    _due: list[tuple[float, Event]] = field(default_factory=list)

    def play(self, seconds: float = 120.0) -> Verdict:
        """Until the verdict; fails when there is none within the time."""
        self._history()
        self._give(CameraDescribed(self.camera, 30.0), START)
        step = 1 / self.person.fps
        at = START
        while self.machine.verdict is None:
            assert at < START + seconds, "the check does not end"
            self._time_until(at)
            observation = self.person.frame(at)
            if observation is not None and self.machine.verdict is None:
                self._give(Observed(observation), at + 0.04)
            at += step
        return self.machine.verdict

    def _history(self) -> None:
        at = START - self.history_seconds
        while at < START - 0.1:
            observation = self.person.frame(at)
            if observation is not None:
                self._give(Observed(observation), at)
            at += 0.2

    def _time_until(self, at: float) -> None:
        """What happens before the next frame."""
        while self.machine.verdict is None:
            deadline = self.machine.deadline
            assert deadline is not None
            due = sorted([*self._due, (deadline, TimePassed())], key=lambda item: item[0])[0]
            if due[0] > at:
                return
            if due in self._due:
                self._due.remove(due)
            self._give(due[1], due[0])

    def _give(self, event: Event, now: float) -> None:
        event = canonical(event)
        self.performance.events.append((now, event))
        for command in self.machine.receive(event, now=now):
            self.performance.commands.append(command)
            self._answer(command, now)

    def _answer(self, command: Command, now: float) -> None:
        if isinstance(command, IssueChallenge):
            self.person.asked, self.person.asked_at = command, now + 1.2
            if self.speaks:
                self._due.append((now + 1.2, InstructionSpoken()))
            if command.kind == "read" and self.person.obeys and self.person.voice:
                begin = now + 1.2 + self.person.reaction
                self._due.append((begin + 2.0, SpeechHeard(begin, begin + 2.0)))
                self._due.append((begin + 2.6, WordsHeard(command.phrase.capitalize() + ".")))
        if isinstance(command, ChallengeEnded):
            self.person.asked = None
        if isinstance(command, ShowFlash):
            if self.person.declines:
                self._due.append((now + 1.0, FlashDeclined(self.person.declines)))
                return
            self.person.colours, self.person.colours_at = command.colours, now + 2.0
            self.person.symbol = command.symbol_ms / 1000
            end = now + 2.1 + len(command.colours) * command.symbol_ms / 1000
            self._due.append((end, FlashShown(now + 2.0)))
