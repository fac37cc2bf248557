"""A still picture of one person, judged and turned into a template for enrolment."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vision.measurement.meter import FrameMeter
from vision.ports import FaceEmbedder, FaceTracker, Floats, RgbImage, RunOnThread
from vision.tracking.quality import PORTRAIT, assess

STILL = dataclasses.replace(PORTRAIT, smallest_share=0.0, largest_share=1.2, off_centre=1.0, off_middle=1.0)
"""As a portrait from the camera, but wherever in the picture the face is: it must be large in pixels, not in share."""

Decode = Callable[[bytes], RgbImage]
"""A PNG, JPEG or WebP file as RGB; blocks. Raises ValueError for anything else, or too many pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A template, or what is wrong with the picture."""

    template: Floats | None
    problem: str = ""
    """``unreadable``, or one of ``vision.tracking.quality.Problem``; empty = fine."""


class PortraitReader:
    """Reads pictures on the threads of the eyes. Raises what the pool or an engine raises."""

    def __init__(
        self, new_tracker: Callable[[], FaceTracker], embedder: FaceEmbedder, run: RunOnThread, decode: Decode
    ) -> None:
        self._new_tracker = new_tracker
        self._embedder = embedder
        self._run = run
        self._decode = decode

    @property
    def embedder(self) -> FaceEmbedder:
        """What makes the templates."""
        return self._embedder

    async def read(self, picture: bytes) -> Portrait:
        """The face of a picture file with exactly one person."""
        return await self._run(self._read, picture)

    def _read(self, picture: bytes) -> Portrait:
        try:
            image = self._decode(picture)
        except ValueError:
            return Portrait(None, "unreadable")
        tracker = self._new_tracker()
        try:
            faces = tracker.track(image, 0.0)
        finally:
            tracker.close()
        meter = FrameMeter()
        try:
            quality = assess(meter.measure(image, faces, 0.0, None), STILL)
        except ValueError:  # fewer pixels than a picture of a face can have
            return Portrait(None, "too_coarse")
        if quality.problems or meter.followed is None:
            return Portrait(None, quality.problems[0] if quality.problems else "no_face")
        return Portrait(np.asarray(self._embedder.embed(image, faces[meter.followed]), np.float32))
