"""The model bundle of MediaPipe's face landmarker: a ``.task`` file is a ZIP archive of TFLite models."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

DETECTOR = "face_detector.tflite"
LANDMARKS = "face_landmarks_detector.tflite"
BLENDSHAPES = "face_blendshapes.tflite"

_LARGEST_MEMBER_BYTES = 64 * 1024 * 1024
"""The real members have 0.2 to 2.6 MB; more is a damaged or hostile archive."""


class TaskFileError(Exception):
    """The bundle cannot be used; the message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class FaceLandmarkerTask:
    """The three networks of the bundle, as TFLite flatbuffers."""

    detector: bytes
    """BlazeFace, short range."""
    landmarks: bytes
    """FaceMesh V2: 478 points."""
    blendshapes: bytes
    """52 expressions from 146 of the points."""


def read_task_file(path: Path) -> FaceLandmarkerTask:
    """Read the networks of a ``face_landmarker.task``.

    Raises:
        TaskFileError: it is missing, is no ZIP archive, lacks a network, or a network is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return FaceLandmarkerTask(
                detector=_member(archive, path, DETECTOR),
                landmarks=_member(archive, path, LANDMARKS),
                blendshapes=_member(archive, path, BLENDSHAPES),
            )
    except FileNotFoundError as error:
        raise TaskFileError(f"{path} is missing; run: visavis models pull") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise TaskFileError(
            f"{path} is no intact .task file ({error}); remove it and run: visavis models pull"
        ) from error
    except OSError as error:
        raise TaskFileError(f"{path} cannot be read ({error.strerror}); check its permissions") from error


def _member(archive: zipfile.ZipFile, path: Path, name: str) -> bytes:
    try:
        size = archive.getinfo(name).file_size
    except KeyError as error:
        advice = "it must be the face landmarker with blendshapes; remove it and run: visavis models pull"
        raise TaskFileError(f"{path} holds no {name}; {advice}") from error
    if size > _LARGEST_MEMBER_BYTES:
        raise TaskFileError(f"{name} in {path} claims {size} bytes; remove the file and run: visavis models pull")
    return archive.read(name)
