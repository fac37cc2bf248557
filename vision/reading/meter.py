"""Measures frames while a document is shown: where it lies, and how well it could be read."""

from dataclasses import dataclass

import cv2
import numpy as np

from vision.document.capture.frame import DocumentFrame
from vision.ports import RgbImage
from vision.reading.fingerprint import fingerprint
from vision.reading.page_finder import ContourPageFinder, count_documents
from vision.reading.ports import Corners, Quadrilateral
from vision.reading.quality import RULER_PX, brightness, glare, shadow, sharpness
from vision.reading.straighten import mean_aspect, straighten, true_aspect

SEARCH_PX = 320
"""Long side at which frames are searched: 20 to 40 ms of a core, at the size for stills twice as much."""
PAGE_PX = 1.3 * RULER_PX
"""Long side of the straightened document: a little more than it is measured at, so that nothing is lost twice."""
SEARCH_SECONDS = 1.0
"""From one search to the next while a document is followed: another may have come, or a better outline."""
CLEARLY_BETTER = 1.15
"""Times the score of what is followed: then something else is looked at."""
HELD_SECONDS = 0.45
"""For so long a document that is not seen is taken to be where it was: a frame or two may be blurred."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A document that was found, and when."""

    at: float
    document: Quadrilateral
    fingerprint: int


class OpenCvDocumentMeter:
    """Follows the document from frame to frame by its outline, and searches where it is lost. One for each scan."""

    def __init__(self) -> None:
        self._finder = ContourPageFinder(SEARCH_PX)
        self._last: _Seen | None = None
        self._cards = 0
        self._searched_at = -np.inf

    def measure(self, image: RgbImage, at: float) -> DocumentFrame:
        """The next frame; ``at`` in seconds, rising. A frame of any size is measured."""
        last = self._last
        found = self._locate(image, at)
        document = found or self._held(at)
        if document is None:
            self._last = None
            return _empty(at, brightness(image))
        corners = document.corners
        height, width = image.shape[:2]
        page = _page(image, corners)
        if found is not None:
            self._last = _Seen(at, found, fingerprint(page))
        assert self._last is not None, "what is held was seen"
        return DocumentFrame(
            at=at,
            corners=tuple(float(share) for share in (corners / (width, height)).ravel()),
            cards=self._cards,
            whole=document.whole,
            coverage=min(1.0, float(cv2.contourArea(corners)) / (width * height)),
            aspect=_aspect(corners, width, height),
            sharpness=sharpness(page),
            glare=glare(page),
            brightness=brightness(page),
            shadow=shadow(page),
            motion=0.0 if last is None else _way(last.document.corners, corners) / width / max(1e-3, at - last.at),
            fingerprint=self._last.fingerprint,
        )

    def _locate(self, image: RgbImage, at: float) -> Quadrilateral | None:
        followed = None if self._last is None else self._finder.follow(image, self._last.document.corners)
        if followed is not None and at - self._searched_at < SEARCH_SECONDS:
            return followed
        outlines = self._finder.find(image)
        self._searched_at, self._cards = at, max(count_documents(outlines), followed is not None)
        if followed is None or (outlines and outlines[0].score > CLEARLY_BETTER * followed.score):
            return outlines[0] if outlines else None
        return followed

    def _held(self, at: float) -> Quadrilateral | None:
        """Where the document was last; it is expected there again."""
        if self._last is None or at - self._last.at > HELD_SECONDS:
            return None
        self._cards = 1
        return self._last.document


def _page(image: RgbImage, corners: Corners) -> RgbImage:
    """The document straightened, as small as it may be for what is measured."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return straighten(image, corners, most_enlarged=min(1.0, PAGE_PX / max(1.0, float(sides.max())))).image


def _empty(at: float, light: float) -> DocumentFrame:
    return DocumentFrame(
        at=at, corners=(), cards=0, whole=False, coverage=0.0, aspect=0.0, sharpness=0.0, glare=0.0,
        brightness=light, shadow=0.0, motion=0.0, fingerprint=0,
    )  # fmt: skip


def _aspect(corners: Corners, width: int, height: int) -> float:
    aspect = true_aspect(corners, width, height) or mean_aspect(corners)
    return max(aspect, 1 / max(1e-6, aspect))


def _way(before: Corners, now: Corners) -> float:
    """Mean way of the corners, in pixels; which of them is called the first does not matter."""
    return min(float(np.linalg.norm(np.roll(before, turn, axis=0) - now, axis=1).mean()) for turn in range(4))
