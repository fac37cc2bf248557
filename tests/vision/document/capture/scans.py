"""A scan in a test: a machine, a clock, frames good and bad, and what pictures of two documents say."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from vision.document.capture import commands, events
from vision.document.capture.frame import DocumentFrame
from vision.document.capture.machine import CaptureMachine
from vision.document.capture.plan import Plan
from vision.document.capture.policy import CapturePolicy
from vision.document.document import CivilDate
from vision.document.mrz.compose import compose
from vision.document.readings import Box, MrzLine, SideReading, TextLine

TODAY = CivilDate(2026, 11, 22)
EXPIRY = CivilDate(2031, 5, 20)
PLAN = Plan("automatic", ("passport", "id", "dl"), allow_expired=False, today=TODAY, limit_seconds=120.0)
FRAME_SECONDS = 0.2
CORNERS = (0.2, 0.2, 0.8, 0.2, 0.8, 0.7, 0.2, 0.7)
FRONT, BACK = 0x0F0F_0F0F_0F0F_0F0F, 0xF0F0_F0F0_F0F0_F0F0
GOOD = DocumentFrame(
    at=0.0, corners=CORNERS, cards=1, whole=True, coverage=0.3, aspect=1.58, sharpness=0.8, glare=0.0, brightness=0.6,
    shadow=0.2, motion=0.01, fingerprint=FRONT,
)  # fmt: skip
EMPTY = replace(GOOD, corners=(), cards=0, whole=False, coverage=0.0, aspect=0.0, sharpness=0.0, fingerprint=0)

Kind = TypeVar("Kind")


class Scan:
    """Drives one machine and remembers what it said."""

    def __init__(self, plan: Plan = PLAN, policy: CapturePolicy | None = None) -> None:
        self.now = 100.0
        self.machine = CaptureMachine(plan, policy or CapturePolicy(), self.now)
        self.said: list[commands.Command] = []

    def feed(self, event: events.Event) -> tuple[commands.Command, ...]:
        """One event now."""
        found = self.machine.receive(event, now=self.now)
        self.said += found
        return found

    def begin(self) -> "Scan":
        """The first instruction, spoken."""
        self.feed(events.TimePassed())
        self.feed(events.StepSpoken())
        return self

    def frames(self, frame: DocumentFrame, seconds: float) -> None:
        """The same frame again and again; ends early when a picture is wanted."""
        before = len(self.all(commands.TakePicture))
        for _ in range(round(seconds / FRAME_SECONDS)):
            self.now += FRAME_SECONDS
            self.feed(events.FrameMeasured(replace(frame, at=self.now)))
            if len(self.all(commands.TakePicture)) > before:
                return

    def picture(self, reading: SideReading, frame: DocumentFrame = GOOD) -> tuple[commands.Command, ...]:
        """Hold still until a picture is taken; this is what it says."""
        before = len(self.all(commands.TakePicture))
        self.frames(frame, 12.0)
        taken = self.all(commands.TakePicture)
        assert len(taken) == before + 1, "no picture was taken"
        self.now += 0.5
        found = self.feed(events.PictureRead(replace(reading, number=taken[-1].number)))
        self.feed(events.StepSpoken())
        return found

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Every command of a kind so far."""
        return [command for command in self.said if isinstance(command, kind)]

    @property
    def end(self) -> commands.Concluded:
        """How it ended."""
        assert self.machine.concluded is not None
        return self.machine.concluded


def side(*, mrz: Sequence[str] = (), text: Sequence[str] = (), portrait: bool = False) -> SideReading:
    """What one good picture says."""
    lines = tuple(TextLine(line, 0.99, Box(0.4, 0.1 + 0.08 * index, 0.4, 0.05)) for index, line in enumerate(text))
    zone = tuple(MrzLine(line, 0.99, (), Box(0.02, 0.8 + 0.05 * index, 0.96, 0.04)) for index, line in enumerate(mrz))
    return SideReading(
        number=0, source="still", cards=1, whole=True, format="id3" if len(mrz) == 2 else "id1", turned=0,
        sharpness=0.8, glare=0.0, script="latin", text=lines, mrz=zone, barcodes=(),
        portrait=Box(0.05, 0.2, 0.25, 0.5) if portrait else None, cues=(),
    )  # fmt: skip


def passport(*, expires: CivilDate = EXPIRY, number: str = "L898902C3") -> SideReading:
    """The page of a passport."""
    lines = compose(
        "TD3", document_code="P", issuer="UTO", document_number=number, nationality="UTO",
        primary_identifier="ERIKSSON", secondary_identifier="ANNA MARIA", sex="F", date_of_birth=CivilDate(1974, 8, 12),
        date_of_expiry=expires,
    )  # fmt: skip
    return side(mrz=lines, text=("ERIKSSON", "ANNA MARIA", number), portrait=True)


def card_front() -> SideReading:
    """The front of an id card: print and portrait."""
    return side(
        text=("IDENTITY CARD", "Surname", "ERIKSSON", "Given names", "ANNA MARIA", "Document No", "D23145890"),
        portrait=True,
    )


def card_back() -> SideReading:
    """Its back: the machine-readable zone."""
    lines = compose(
        "TD1", document_code="I", issuer="UTO", document_number="D23145890", nationality="UTO",
        primary_identifier="ERIKSSON", secondary_identifier="ANNA MARIA", sex="F",
        date_of_birth=CivilDate(1974, 8, 12), date_of_expiry=EXPIRY,
    )  # fmt: skip
    return side(mrz=lines)


def nothing() -> SideReading:
    """A picture without anything to read."""
    return replace(side(), sharpness=0.1)
