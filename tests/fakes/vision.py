"""A person before a camera without pictures of anybody: a painted head, and a tracker that knows where it is.

Everything behind the tracker is real: measuring, guidance, the liveness machine, comparing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

import av
import cv2
import numpy as np
import numpy.typing as npt

from rtc_server.rtc import messages as page
from rtc_server.rtc.frames_in import NewestFrame
from rtc_server.session.ports import VisionEngines
from rtc_server.session.vision.settings import VisionSettings
from tests.fakes.peer import FakePeer
from tests.fakes.person import rotation_of
from vision.face.calibration import Calibration
from vision.measurement.landmarks import CANONICAL_RIGID, FACE_OVAL, INNER_LIPS, RIGID
from vision.ports import FaceAttributes, FaceMesh, Floats, RgbImage
from vision.tracking import blendshapes

Result = TypeVar("Result")

WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 15
CENTIMETRE_PX = 11.0
"""Of a head at the usual distance."""


def _generic_head() -> npt.NDArray[np.float64]:
    """(478, 3) centimetres, x to the right of the picture, y up, z towards the camera."""
    angles = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    head = np.stack([3 * np.sin(angles), 3 * np.cos(angles), np.full(478, 4.0)], axis=1)
    around = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    head[FACE_OVAL] = np.stack([7.5 * np.sin(around), 9.5 * np.cos(around), np.zeros(len(around))], axis=1)
    for place, (upper, lower) in enumerate(INNER_LIPS):
        head[upper], head[lower] = (place - 1.0, -4.0, 5.0), (place - 1.0, -4.05, 5.0)
    head[RIGID] = np.array([row[1:4] for row in CANONICAL_RIGID])
    return head


HEAD = _generic_head()


@dataclass
class Actor:
    """Who sits before the camera. Fields may be changed at any time."""

    present: bool = True
    others: int = 0
    """Further faces in the picture."""
    yaw: float = 0.0
    """Degrees; positive = towards their own left."""
    scale: float = 1.0
    smile: float = 0.05
    closure: float = 0.1
    hue: int = 12
    """Of the skin, 0 to 179; the fake embedder tells people apart by it."""
    brightness: float = 1.0
    """Of the whole picture; 0 = black."""
    sway: float = 0.01
    """Movement from frame to frame, centimetres."""
    chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def mesh(self, width: int = WIDTH, height: int = HEIGHT, aside: float = 0.0) -> FaceMesh:
        """Where the face is now, in a picture of this size."""
        points = (HEAD + self.chance.normal(0, self.sway, HEAD.shape)) @ rotation_of(self.yaw, 0.0, 0.0).T
        points *= CENTIMETRE_PX * self.scale * height / HEIGHT
        picture = points * (1, -1, -1) + (width * (0.5 + aside), height * 0.5, 0)
        shapes = np.full(blendshapes.COUNT, 0.02, np.float32)
        shapes[[blendshapes.BLINK_LEFT, blendshapes.BLINK_RIGHT]] = self.closure
        shapes[[blendshapes.SMILE_LEFT, blendshapes.SMILE_RIGHT]] = self.smile
        return FaceMesh(picture.astype(np.float32), 0.98, shapes)

    def meshes(self, width: int = WIDTH, height: int = HEIGHT) -> tuple[FaceMesh, ...]:
        """All faces in the picture, the largest first."""
        if not self.present:
            return ()
        return (self.mesh(width, height), *(self.mesh(width, height, 0.3) for _ in range(self.others)))

    def picture(self, width: int = WIDTH, height: int = HEIGHT) -> RgbImage:
        """What the camera sees: noise, and an oval of skin where somebody is."""
        image = self.chance.integers(90, 130, (height, width, 3), dtype=np.uint8)
        if self.present:
            side = round(18 * CENTIMETRE_PX * self.scale * height / HEIGHT)
            hsv = np.array([[[self.hue, 110, 170]]], np.uint8)
            skin = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0].astype(int)
            shade = np.linspace(-120, 120, width)[None, :, None]
            noise = self.chance.integers(-12, 12, (height, width, 1)) + shade
            oval = np.zeros((height, width), np.uint8)
            cv2.ellipse(oval, (width // 2, height // 2), (round(side * 0.45), round(side * 0.58)), 0, 0, 360, 1, -1)
            image = np.where(oval[..., None] == 1, np.clip(skin + noise, 0, 255), image).astype(np.uint8)
        return (image * self.brightness).astype(np.uint8)


class FakeTracker:
    """``FaceTracker`` that is told where faces are. ``faces`` is asked for each picture."""

    def __init__(self, faces: Callable[[RgbImage], tuple[FaceMesh, ...]]) -> None:
        self._faces = faces
        self.resets = 0
        self.closed = False
        self.error: Exception | None = None

    @property
    def name(self) -> str:
        return "fake"

    def track(self, image: RgbImage, at: float) -> tuple[FaceMesh, ...]:
        if self.error is not None:
            raise self.error
        return self._faces(image)

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeTexture:
    """The same score for every picture."""

    score: float = 0.95
    error: Exception | None = None
    name: str = "fake-texture"

    def bona_fide_score(self, image: RgbImage, face: FaceMesh) -> float:
        if self.error is not None:
            raise self.error
        return self.score


@dataclass
class HueEmbedder:
    """Tells people apart by the colour of the picture between the eyes."""

    name: str = "hue"
    dimensions: int = 2
    calibration: Calibration = field(default_factory=lambda: Calibration(midpoint=0.5, slope=10.0))

    def embed(self, image: RgbImage, face: FaceMesh) -> Floats:
        x, y = np.clip(face.points[6, :2].astype(int), 8, (image.shape[1] - 9, image.shape[0] - 9))
        patch = image[y - 8 : y + 8, x - 8 : x + 8].reshape(1, -1, 3)
        hue = float(np.median(cv2.cvtColor(np.ascontiguousarray(patch), cv2.COLOR_RGB2HSV)[..., 0]))
        angle = hue / 180 * 2 * np.pi
        return np.array([np.cos(angle), np.sin(angle)], np.float32)


@dataclass
class FakeAttributes:
    """The same for everybody."""

    name: str = "fake-attributes"

    def estimate(self, image: RgbImage, face: FaceMesh) -> FaceAttributes:
        return FaceAttributes(34.0, 0.1)


async def run_on_thread(function: Callable[..., Result], /, *arguments: object) -> Result:
    """``RunOnThread`` without bounds."""
    return await asyncio.to_thread(function, *arguments)


@dataclass
class Eyes:
    """Engines around one actor; every tracker that was made."""

    actor: Actor = field(default_factory=Actor)
    texture: FakeTexture | None = field(default_factory=FakeTexture)
    embedder: HueEmbedder | None = field(default_factory=HueEmbedder)
    settings: VisionSettings = field(
        default_factory=lambda: VisionSettings(challenges="turn_left,turn_right,smile", challenge_count=1, flash=False)
    )
    stills: tuple[int, ...] = (1,)
    """How many faces are in the next pictures that are no camera frames; the last stays."""
    tracker_error: Exception | None = None
    """What every tracker raises."""
    looks: int = 0
    """Camera frames that were looked at."""
    trackers: list[FakeTracker] = field(default_factory=list)

    def engines(self) -> VisionEngines:
        return VisionEngines(
            self._new_tracker, run_on_thread, self.texture, self.embedder, FakeAttributes(), self.settings
        )

    def _new_tracker(self) -> FakeTracker:
        self.trackers.append(FakeTracker(self._faces))
        self.trackers[-1].error = self.tracker_error
        return self.trackers[-1]

    def _faces(self, image: RgbImage) -> tuple[FaceMesh, ...]:
        height, width = image.shape[:2]
        if (width, height) == (WIDTH, HEIGHT):
            self.looks += 1
            return self.actor.meshes()
        count = self.stills[0]
        self.stills = self.stills[1:] or self.stills
        return Actor(present=count > 0, others=count - 1).meshes(width, height)


class Camera:
    """Puts frames of the actor into a peer's mailbox until it is closed; does as the page is told, if it obeys."""

    def __init__(self, peer: FakePeer, actor: Actor, *, obeys: bool = True, frozen: bool = False) -> None:
        self._peer = peer
        self._actor = actor
        self._obeys = obeys
        self._frozen = frozen
        self._frames: NewestFrame = peer.frames
        self._read = 0
        self._still = actor.picture()
        self._task = asyncio.create_task(self._film(), name="fake-camera")

    def close(self) -> None:
        """Pull the plug."""
        self._task.cancel()

    async def _film(self) -> None:
        loop, count = asyncio.get_running_loop(), 0
        while True:
            if self._obeys:
                self._follow_instructions()
            image = self._still if self._frozen else self._actor.picture()
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            jitter = int(self._actor.chance.integers(-900, 900)) if self._obeys else 0
            frame.pts, frame.time_base = count * 90_000 // FRAMES_PER_SECOND + jitter, Fraction(1, 90_000)
            count += 1
            self._frames.put(frame, now=loop.time())
            await asyncio.sleep(1 / FRAMES_PER_SECOND)

    def _follow_instructions(self) -> None:
        """Move a little further towards what was asked last, as people do: not at once."""
        for message in self._peer.messages[self._read :]:
            if isinstance(message, page.CheckChallenge):
                self._asked = message.kind
            elif isinstance(message, page.CheckChallengeEnded | page.CloseCheck):
                self._asked = ""
        self._read = len(self._peer.messages)
        wanted_yaw = {"turn_left": 35.0, "turn_right": -35.0}.get(self._asked, 0.0)
        wanted_smile = 0.8 if self._asked == "smile" else 0.05
        self._actor.yaw += float(np.clip(wanted_yaw - self._actor.yaw, -6, 6))
        self._actor.smile += float(np.clip(wanted_smile - self._actor.smile, -0.2, 0.2))

    _asked = ""
