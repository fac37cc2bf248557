"""What vision is given to see with: a tracker and three models, each replaceable. Adapters live in ``vision.models``.

Images are RGB, ``uint8``, shape (height, width, 3). Engines are called on a thread of a bounded pool, never on an event
loop; one tracker belongs to one video, the models are shared and keep no state between calls.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import av
import numpy as np
import numpy.typing as npt

from vision.face.calibration import Calibration

RgbImage = npt.NDArray[np.uint8]
"""Shape (height, width, 3)."""
Floats = npt.NDArray[np.float32]
Result = TypeVar("Result")


class RunOnThread(Protocol):
    """A bounded pool of threads, as ``conversation.speech.pool`` has them."""

    async def __call__(self, function: Callable[..., Result], /, *arguments: object) -> Result:
        """Run ``function(*arguments)`` on a thread; refuses when too many calls wait already."""


class FrameSource(Protocol):
    """Where frames come from: the newest one, or none within the time."""

    def next(self, timeout: float) -> Awaitable[av.VideoFrame | None]:
        """A frame that was not taken before; None when there is none for ``timeout`` seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceMesh:
    """One face in one frame, as every tracker reports it."""

    points: Floats
    """(478, 3) pixels in the coordinates of the image, MediaPipe's topology: 468 of the face, then two irises of five;
    z in the same unit, smaller = nearer."""
    presence: float
    """How surely this is a face, 0 to 1."""
    blendshapes: Floats
    """(52,) in MediaPipe's order (``vision.tracking.blendshapes`` names the ones we use), 0 to 1."""


class FaceTracker(Protocol):
    """Follows faces through one video."""

    @property
    def name(self) -> str:
        """``mediapipe`` or ``litert``."""

    def track(self, image: RgbImage, at: float) -> tuple[FaceMesh, ...]:
        """The faces of the next frame, the largest first, at most two; ``at`` in seconds, rising from call to call."""

    def reset(self) -> None:
        """The next frame has nothing to do with the last (camera change, rotation)."""

    def close(self) -> None:
        """Let native memory go; nothing may be called after it."""


class TextureModel(Protocol):
    """Passive presentation attack detection on a single frame."""

    @property
    def name(self) -> str:
        """Which model it is, for reports."""

    def bona_fide_score(self, image: RgbImage, face: FaceMesh) -> float:
        """How much the picture looks like skin rather than paper or a screen, 0 to 1."""


class FaceEmbedder(Protocol):
    """Turns a face into a template that can be compared."""

    @property
    def name(self) -> str:
        """Which model it is; templates of different models are never compared."""

    @property
    def dimensions(self) -> int:
        """Length of a template."""

    @property
    def calibration(self) -> Calibration:
        """How a distance between two templates becomes a similarity."""

    def embed(self, image: RgbImage, face: FaceMesh) -> Floats:
        """The template, shape (dimensions,); L2 distance is the comparison."""


@dataclass(frozen=True, slots=True)
class FaceAttributes:
    """What one frame says about age and sex; many frames make a range (``vision.face.attributes``)."""

    age_years: float
    """Expected value of the model's distribution."""
    male: float
    """Probability, 0 to 1."""


class AttributeEstimator(Protocol):
    """Estimates age and sex."""

    @property
    def name(self) -> str:
        """Which model it is, for reports."""

    def estimate(self, image: RgbImage, face: FaceMesh) -> FaceAttributes:
        """Of one face."""
