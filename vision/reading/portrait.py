"""The holder's portrait on a side of a document: the largest face, for beside it there may be a ghost image of it."""

import threading
from collections.abc import Callable

import numpy as np

from vision.document.readings import Box
from vision.ports import FaceMesh, FaceTracker, RgbImage

ROOM = 0.35
"""Around the face, in its own size: what models that compare faces want to see, and people too."""

PART = 0.55
"""Share of the side's width that is searched by itself when nothing is found: a small portrait is larger in there."""


class PortraitFinder:
    """Finds portraits with the tracker that also follows people. One tracker is made at first need and kept."""

    def __init__(self, new_tracker: Callable[[], FaceTracker]) -> None:
        self._new_tracker = new_tracker
        self._tracker: FaceTracker | None = None
        self._calls = 0
        self._busy = threading.Lock()

    def find(self, page: RgbImage) -> Box | None:
        """The portrait with some room around the face; None when no face is found. Raises what the tracker raises."""
        height, width = page.shape[:2]
        part = max(1, round(PART * width))
        with self._busy:
            for left, right in ((0, width), (0, part), (width - part, width)):
                faces = self._faces(np.ascontiguousarray(page[:, left:right]))
                if faces:
                    return _with_room(max(faces, key=_area), left, width, height)
        return None

    def _faces(self, image: RgbImage) -> tuple[FaceMesh, ...]:
        if self._tracker is None:
            self._tracker = self._new_tracker()
        self._tracker.reset()
        self._calls += 1
        return self._tracker.track(image, float(self._calls))


def cut_out(page: RgbImage, box: Box) -> RgbImage:
    """The part of the side that a box names."""
    height, width = page.shape[:2]
    top, left = round(box.y * height), round(box.x * width)
    return page[top : top + max(1, round(box.height * height)), left : left + max(1, round(box.width * width))].copy()


def _area(face: FaceMesh) -> float:
    size = np.ptp(face.points[:, :2], axis=0)
    return float(size[0] * size[1])


def _with_room(face: FaceMesh, left: int, width: int, height: int) -> Box:
    points = face.points[:, :2] + np.array((left, 0), np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    room = ROOM * float((high - low).max())
    x, y = max(0.0, float(low[0]) - room), max(0.0, float(low[1]) - room)
    right, bottom = min(float(width), float(high[0]) + room), min(float(height), float(high[1]) + room)
    return Box(x / width, y / height, (right - x) / width, (bottom - y) / height)
