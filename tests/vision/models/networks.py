"""Tiny networks that show what an adapter feeds and how it reads the answer; and faces of the shared test data."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.models.importers.graph import GraphBuilder
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.ports import FaceMesh, RgbImage


def channel_means(path: Path, size_px: int, output: str = "output") -> Path:
    """A network like ``fr_liveness`` whose three logits are the means of the channels that it is fed."""
    graph = GraphBuilder("channel_means")
    image = graph.input("input", (1, 3, size_px, size_px))
    graph.output(graph.add("ReduceMean", image, axes=(2, 3), keepdims=0), output, (1, 3))
    path.write_bytes(graph.serialise())
    return path


def corners(path: Path, size_px: int) -> Path:
    """A network like ``fr_feature`` that gives back the red of the four corners of its input."""
    graph = GraphBuilder("corners")
    image = graph.input("input", (1, 3, size_px, size_px))
    ends = graph.constant(np.array([0, size_px - 1], np.int64))
    red = graph.add("Gather", image, graph.constant(np.array([0], np.int64)), axis=1)
    picked = graph.add("Gather", graph.add("Gather", red, ends, axis=2), ends, axis=3)
    flat = graph.add("Reshape", picked, graph.constant(np.array([1, 4], np.int64)))
    graph.output(flat, "output", (1, 4))
    path.write_bytes(graph.serialise())
    return path


def artefact(weights: Path, name: str, file: str) -> Path:
    """A file of the model cache; skips where it is not there."""
    path = weights / name / file
    if not path.exists():
        pytest.skip(f"no {name}: run 'visavis models pull {name}'")
    return path


def face_of_picture(weights: Path, path: Path) -> tuple[RgbImage, FaceMesh]:
    """A picture of the shared data and its largest face."""
    image = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
    tracker = LiteRtFaceTracker(artefact(weights, "face-landmarker", "face_landmarker.task"))
    found = tracker.track(image, 0.0)
    tracker.close()
    assert found, f"no face in {path.name}"
    return image, found[0]
