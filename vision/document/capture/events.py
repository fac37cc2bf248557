"""What can happen to a document scan. Frozen and JSON-able."""

from dataclasses import dataclass
from typing import Literal

from vision.document.capture.frame import DocumentFrame
from vision.document.readings import SideReading


@dataclass(frozen=True, slots=True)
class FrameMeasured:
    """One frame was looked at."""

    frame: DocumentFrame


@dataclass(frozen=True, slots=True)
class PictureRead:
    """A still, a frame or an uploaded file was read (answer to ``TakePicture``, or unasked for an upload)."""

    reading: SideReading


@dataclass(frozen=True, slots=True)
class PictureFailed:
    """A picture that was asked for did not come, or could not be read at all."""

    number: int
    reason: Literal["missing", "unreadable", "too_large", "engine"]


@dataclass(frozen=True, slots=True)
class StepSpoken:
    """The avatar has said what ``Instruct`` asked for."""


@dataclass(frozen=True, slots=True)
class GuidedByEar:
    """The person does not look at the screen: every advice is to be spoken, or no more."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class ShutterPressed:
    """The person does not want to wait for the automatic shutter."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The machine's deadline has come."""


Event = FrameMeasured | PictureRead | PictureFailed | StepSpoken | GuidedByEar | ShutterPressed | TimePassed
