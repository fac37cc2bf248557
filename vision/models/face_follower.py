"""Follows faces from frame to frame, as MediaPipe's graph ``face_landmarker_graph`` does.

A detector finds a face, the landmark network refines it, and from then on the landmarks of each frame say where to look
in the next. The detector looks again only while fewer faces are followed than may be, and then not on every frame.
"""

import math
from collections.abc import Sequence

from vision.models.face_networks import FaceNetworks
from vision.models.region import Region, region_of_points
from vision.ports import FaceMesh, RgbImage

LOOK_AROUND_SECONDS = 0.5
"""How often the detector looks for another face while one is followed."""


class FaceFollower:
    """Follows at most ``most`` faces, besides those that something else follows already."""

    def __init__(self, networks: FaceNetworks, most: int) -> None:
        self._networks = networks
        self._most = most
        self._regions: list[Region] = []
        self._looked_at = -math.inf

    def follow(self, image: RgbImage, at: float, known: Sequence[Region] = ()) -> list[FaceMesh]:
        """The faces of the next frame that are none of the ``known``; ``at`` in seconds."""
        regions, meshes = list(known), list[FaceMesh]()
        self._look_at(image, self._regions, regions, meshes)
        if self._should_look_around(len(regions), len(meshes), at):
            self._looked_at = at
            # Those that are known already are found again.
            found = self._networks.find(image, self._most + len(known))
            self._look_at(image, found, regions, meshes)
        self._regions = regions[len(known) :]
        return meshes

    def reset(self) -> None:
        """Forget where the faces were."""
        self._regions = []
        self._looked_at = -math.inf

    def _should_look_around(self, faces: int, followed: int, at: float) -> bool:
        due = not 0 <= at - self._looked_at < LOOK_AROUND_SECONDS
        return faces == 0 or (due and followed < self._most)

    def _look_at(
        self, image: RgbImage, candidates: Sequence[Region], regions: list[Region], meshes: list[FaceMesh]
    ) -> None:
        """Add the faces in these candidates that are new to ``regions`` and ``meshes``."""
        for candidate in candidates:
            if len(meshes) == self._most:
                return
            if any(candidate.is_same_face(region) for region in regions):
                continue
            mesh = self._networks.look_at(image, candidate)
            if mesh is None:
                continue
            region = region_of_points(mesh.points)
            # A candidate beside a face may slide onto it: then the same face has been found twice.
            if not any(region.is_same_face(other) for other in regions):
                regions.append(region)
                meshes.append(mesh)
