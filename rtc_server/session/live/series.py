"""What is measured in the frames of a check, as lines of a chart: few points, all of them bounded (pure)."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rtc_server.session.report import Moment
from rtc_server.session.vision.check_journal import Kind
from rtc_server.storage.ports import Json

POINTS = 600
"""Of one line; the oldest are let go beyond that."""

SPACING_SECONDS = 0.2
"""Between two points of a line, at least."""

_SLACK_SECONDS = 0.01
"""Frames do not come at even times."""

_DIGITS = 3

_FACE = "face"
_FRAME = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One line."""

    key: str
    unit: str
    """``°``, ``share`` or ``score`` (0 to 1), ``variance``, or ``widths/s``."""
    part: str
    """Where in the event the number is: in the face, or in the frame itself."""
    name: str
    limit: str = ""
    """Name of the policy's threshold, where there is one."""


MEASURES: Mapping[Kind, Sequence[Measure]] = {
    "face": (
        Measure("yaw", "°", _FACE, "yaw", "turn_degrees"),
        Measure("pitch", "°", _FACE, "pitch"),
        Measure("faceWidth", "share", _FACE, "width"),
        Measure("sharpness", "variance", _FACE, "sharpness"),
        Measure("light", "share", _FACE, "brightness"),
        Measure("eyeClosure", "share", _FACE, "eye_closure"),
        Measure("smile", "share", _FACE, "smile"),
        Measure("texture", "score", _FRAME, "texture", "texture_attack"),
        Measure("similarity", "score", _FRAME, "likeness", "same_likeness"),
    ),
    "document": (
        Measure("coverage", "share", _FRAME, "coverage", "coverage"),
        Measure("sharpness", "score", _FRAME, "sharpness", "sharpness"),
        Measure("light", "share", _FRAME, "brightness", "brightness_least"),
        Measure("glare", "share", _FRAME, "glare", "glare"),
        Measure("motion", "widths/s", _FRAME, "motion", "motion"),
    ),
}
"""``texture``: support of the model of presentation attacks for a live person, 1 = bona fide."""


class Series:
    """One line of a check."""

    def __init__(self, measure: Measure, policy: Mapping[str, Any], moment: Moment) -> None:
        self._measure = measure
        self._moment = moment
        self._points: deque[list[float]] = deque(maxlen=POINTS)
        self._last_at = float("-inf")
        threshold = policy.get(measure.limit) if measure.limit else None
        self._described = {"key": measure.key, "unit": measure.unit} | (
            {"threshold": threshold} if threshold is not None else {}
        )

    def to_json(self) -> Json:
        """With all its points: Unix milliseconds and value."""
        return {**self._described, "points": list(self._points)}

    def take(self, frames: Sequence[Mapping[str, Any]]) -> Json | None:
        """The points of these frames; None when there is none."""
        added = []
        for frame in frames:
            part = frame.get(_FACE) if self._measure.part == _FACE else frame
            value, at = (part or {}).get(self._measure.name), frame.get("at")
            if not isinstance(value, int | float) or not isinstance(at, int | float):
                continue
            if at - self._last_at >= SPACING_SECONDS - _SLACK_SECONDS:
                self._last_at = at
                added.append([self._moment(at), round(value, _DIGITS)])
        self._points.extend(added)
        return {**self._described, "points": added} if added else None
