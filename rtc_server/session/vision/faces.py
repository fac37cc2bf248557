"""Templates of faces, from the camera and from pictures, and how alike they are. Everything heavy runs on the pool."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rtc_server.session.ports import VisionEngines
from vision.face.templates import distance, mean_template
from vision.ports import FaceEmbedder, FaceMesh, FaceTracker, Floats, RgbImage

TEMPLATE_FRAMES = 5
"""Good frames that make a template; the mean of 3 to 5 is steadier than any of them."""

DOMINANCE = 2.0
"""A face this much wider than the next one is whose picture it is; less, and the picture has many faces."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face and the picture that it is in; in memory only."""

    image: RgbImage
    mesh: FaceMesh


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """What two faces are compared by, or why there is none."""

    values: Floats | None
    error: str = ""
    """``reference_no_face``, ``reference_many_faces``, ``no_face``, ``no_model``; empty = fine."""
    frames: int = 1
    """How many frames it is the mean of."""


class Faces:
    """Finds, describes and compares faces with the engines of the process; None = there are none."""

    def __init__(self, engines: VisionEngines | None) -> None:
        self._engines = engines

    @property
    def embedder(self) -> FaceEmbedder | None:
        """What describes a face; None = nothing can be compared."""
        return None if self._engines is None else self._engines.embedder

    async def of_camera(self, faces: Sequence[Face]) -> Template:
        """The mean over the best frames. Raises what the engine or its pool raises."""
        engines, embedder = self._engines, self.embedder
        if engines is None or embedder is None:
            return Template(None, "no_model", 0)
        best = list(faces)[:TEMPLATE_FRAMES]
        if not best:
            return Template(None, "no_face", 0)
        return Template(_finite(await engines.run(_mean_template, embedder, best)), "", len(best))

    async def of_picture(self, image: RgbImage) -> Template:
        """Of the face in a still picture. Raises what the engine or its pool raises."""
        engines, embedder = self._engines, self.embedder
        if engines is None or embedder is None:
            return Template(None, "no_model", 0)
        found = await engines.run(_faces_in, engines.new_tracker, image)
        if not found:
            return Template(None, "reference_no_face", 0)
        if (mesh := _dominant(found)) is None:
            return Template(None, "reference_many_faces", 0)
        return Template(_finite(await engines.run(embedder.embed, image, mesh)))

    async def in_picture(self, image: RgbImage) -> FaceMesh | None:
        """The face whose picture it is; None for none or many. Raises what the engine or its pool raises."""
        engines = self._engines
        return None if engines is None else _dominant(await engines.run(_faces_in, engines.new_tracker, image))

    def similarity(self, a: Floats, b: Floats) -> tuple[float, float]:
        """(similarity from 0 to 1, distance). Only with an embedder."""
        embedder = self.embedder
        assert embedder is not None, "templates come from an embedder"
        apart = distance(a, b)
        return embedder.calibration.similarity(apart), apart


def _finite(template: Floats) -> Floats:
    """Raises ValueError for numbers that could neither be compared nor written down."""
    if not np.isfinite(template).all():
        raise ValueError("a template that is not finite")
    return template


def _mean_template(embedder: FaceEmbedder, faces: Sequence[Face]) -> Floats:
    return mean_template([embedder.embed(face.image, face.mesh) for face in faces])


def _faces_in(new_tracker: Callable[[], FaceTracker], image: RgbImage) -> tuple[FaceMesh, ...]:
    """The faces of a still picture, the largest first. A face that fills the picture is found with room around it."""
    tracker = new_tracker()
    try:
        found = tracker.track(image, 0.0)
        if found:
            return found
        tracker.reset()
        room = max(image.shape[:2]) // 3
        wider = np.pad(image, ((room, room), (room, room), (0, 0)), mode="edge")
        return tuple(_moved(mesh, -room) for mesh in tracker.track(wider, 1.0))
    finally:
        tracker.close()


def _dominant(found: Sequence[FaceMesh]) -> FaceMesh | None:
    alone = len(found) == 1 or (len(found) > 1 and _width(found[0]) >= DOMINANCE * _width(found[1]))
    return found[0] if alone else None


def _moved(mesh: FaceMesh, by_px: int) -> FaceMesh:
    points = mesh.points.copy()
    points[:, :2] += by_px
    return FaceMesh(points, mesh.presence, mesh.blendshapes)


def _width(mesh: FaceMesh) -> float:
    return float(np.ptp(mesh.points[:, 0]))
