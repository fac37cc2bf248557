"""Builds the eyes that the settings ask for: the tracker and the models of the camera half."""

import logging
from collections.abc import Callable
from pathlib import Path

import cv2

from conversation.speech.pool import ModelPool
from rtc_server.session.ports import VisionEngines
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.weights.cache import models_folder
from vision.models.attributes import FaceresAttributes
from vision.models.embedding import DlibEmbedder, FrFeatureEmbedder
from vision.models.onnx_network import OnnxModelError, fingerprint
from vision.models.task_file import TaskFileError
from vision.models.texture import FrLiveness
from vision.models.tracker_choice import TrackerChoice, TrackerUnavailable, choose_tracker
from vision.ports import AttributeEstimator, FaceEmbedder, TextureModel

logger = logging.getLogger(__name__)

_BACKLOG = 64
"""Calls that may wait: each session has at most one frame on the way and now and then a check."""


def build_vision(settings: Settings, new_pool: Callable[[str, int, int], ModelPool]) -> VisionEngines | None:
    """The eyes of this process; None when ``vision.tracker`` is ``off``. Takes a second or two: call it on a thread.

    ``new_pool`` makes a pool of a name, a number of workers and a backlog. Trackers and models run in it, and trackers
    are made in it too: ``await vision.run(vision.new_tracker)``.

    Raises:
        SettingsError: an unknown engine, one that does not work here, or a model that is missing or damaged.
    """
    vision = settings.vision
    choice = tracker_of(settings)
    if choice is None:
        return None
    logger.info("face tracker: %s, because: %s", choice.name, choice.reason)
    # The pool is what shares the cores between sessions; OpenCV's own threads would only get in its way.
    cv2.setNumThreads(1)
    folder = models_folder(settings.models_dir)
    try:
        texture = _texture(vision.texture, folder)
        embedder = _embedder(vision.embedder, folder)
        attributes = _attributes(vision.attributes, folder)
    except OnnxModelError as error:
        raise SettingsError(str(error)) from error
    pool = new_pool("vision", vision.threads, _BACKLOG)
    return VisionEngines(choice.new_tracker, pool.run, texture, embedder, attributes, vision)


def tracker_of(settings: Settings) -> TrackerChoice | None:
    """The face tracker that runs on this machine, and why; None when it is switched off. Raises SettingsError."""
    wanted = settings.vision.tracker
    if wanted == "off":
        return None
    try:
        return choose_tracker(wanted, models_folder(settings.models_dir) / "face-landmarker" / "face_landmarker.task")
    except (TaskFileError, TrackerUnavailable, ValueError) as error:
        raise SettingsError(f"vision.tracker (VISAVIS_VISION_TRACKER): {error}") from error


def _texture(wanted: str, folder: Path) -> TextureModel | None:
    match wanted:
        case "off":
            return None
        case "fr-liveness":
            return FrLiveness(folder / "fr-liveness" / "fr_liveness.onnx")
        case own:
            path = _own_file("texture", own, "fr-liveness")
            return FrLiveness(path, name=path.stem)


def _embedder(wanted: str, folder: Path) -> FaceEmbedder | None:
    match wanted:
        case "off":
            return None
        case "dlib":
            return DlibEmbedder(folder / "dlib-face" / "dlib_face.onnx")
        case "fr-feature":
            return FrFeatureEmbedder(folder / "fr-feature" / "fr_feature.onnx")
        case own:
            path = _own_file("embedder", own, "dlib, fr-feature")
            # Enrolled templates are kept by this name, and those of another file are not comparable with them.
            return FrFeatureEmbedder(path, name=f"{path.stem}-{fingerprint(path)}")


def _attributes(wanted: str, folder: Path) -> AttributeEstimator | None:
    match wanted:
        case "off":
            return None
        case "faceres":
            return FaceresAttributes(folder / "faceres" / "faceres.onnx")
        case own:
            path = _own_file("attributes", own, "faceres")
            return FaceresAttributes(path, name=path.stem)


def _own_file(setting: str, text: str, names: str) -> Path:
    path = Path(text)
    if path.suffix != ".onnx":
        raise SettingsError(f"vision.{setting} is '{text}'; choose {names}, off, or the path of an .onnx file")
    return path
