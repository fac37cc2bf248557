"""The best pictures of the person's face, for comparing. In memory only, and gone with the session."""

import numpy as np

from rtc_server.session.vision.faces import TEMPLATE_FRAMES, Face
from vision.pipeline.eye import Look
from vision.ports import FaceMesh, RgbImage
from vision.tracking.portrait import Gallery
from vision.tracking.quality import LIVENESS, PORTRAIT, assess

ROOM = 0.6
"""Around the face, of its size: the models and people want to see more than the features."""

_FRONTAL = 1.0
"""Added to the score of a picture in portrait quality, so that it goes before all others."""


class Portraits:
    """Takes what is offered and keeps the best of the person who is there now."""

    def __init__(self) -> None:
        self._gallery: Gallery[Face] = Gallery(TEMPLATE_FRAMES)

    def offer(self, look: Look) -> None:
        """One frame; kept when it is among the best."""
        observation, mesh = look.observation, look.face
        if observation is None:
            return
        self._gallery.follow(observation.track)
        if mesh is None or observation.faces > 1:
            return
        quality = assess(observation, LIVENESS)
        if not quality.usable:
            return
        score = quality.score + (_FRONTAL if assess(observation, PORTRAIT).usable else 0.0)
        if self._gallery.would_take(score, observation.at):
            self._gallery.offer(_cropped(look.image, mesh), score, observation.at)

    def best(self) -> list[Face]:
        """The best first."""
        return [portrait.payload for portrait in self._gallery.best_first]

    def frontal(self) -> list[Face]:
        """Only those in portrait quality, for keeping a template of."""
        return [portrait.payload for portrait in self._gallery.best_first if portrait.score >= _FRONTAL]

    def forget(self) -> None:
        """Let all pictures go."""
        self._gallery.clear()


def _cropped(image: RgbImage, mesh: FaceMesh) -> Face:
    """The face with some room, and its points in that picture."""
    low, high = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    room = ROOM * (high - low).max()
    left, top = np.maximum(np.floor(low - room), 0).astype(int)
    right, bottom = np.minimum(np.ceil(high + room), image.shape[1::-1]).astype(int)
    points = mesh.points.copy()
    points[:, :2] -= (left, top)
    return Face(image[top:bottom, left:right].copy(), FaceMesh(points, mesh.presence, mesh.blendshapes))
