"""Which face tracker runs on this machine, and why."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vision.models.litert_tracker import LiteRtFaceTracker
from vision.models.mediapipe_tracker import MediaPipeFaceTracker
from vision.models.offline_thread import CannotGoOffline
from vision.ports import FaceTracker

TRACKERS = ("auto", "mediapipe", "litert")
DEBIAN_PACKAGES = {"libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}
"""System libraries that MediaPipe loads, and the packages of Debian and Ubuntu that have them."""
_SMALL_PICTURE = (64, 64, 3)
_MISSING_LIBRARY = re.compile(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object file")


class TrackerUnavailable(Exception):
    """The tracker that the settings name does not work here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class TrackerChoice:
    """What was chosen."""

    name: str
    """``mediapipe`` or ``litert``."""
    reason: str
    """For people: why it is this one, and what to do for the other one."""
    new_tracker: Callable[[], FaceTracker]
    """Makes a tracker for one video. Takes up to 0.1 s: call it on a thread."""


def choose_tracker(wanted: str, task_file: Path) -> TrackerChoice:
    """The tracker that is wanted; with ``auto`` MediaPipe if it works here, else LiteRT. Takes a second or two.

    Raises:
        ValueError: ``wanted`` is none of ``TRACKERS``.
        TaskFileError: the model file is missing or damaged.
        TrackerUnavailable: ``mediapipe`` is wanted and does not work here.
    """
    if wanted not in TRACKERS:
        raise ValueError(f"there is no tracker '{wanted}'; choose {', '.join(TRACKERS)} or off")
    if wanted == "litert":
        return _litert(task_file, "the settings ask for it")
    problem = why_mediapipe_fails(task_file)
    if not problem:
        reason = "the settings ask for it" if wanted == "mediapipe" else "it works here"
        return TrackerChoice("mediapipe", reason, lambda: MediaPipeFaceTracker(task_file))
    if wanted == "mediapipe":
        raise TrackerUnavailable(f"MediaPipe does not work here: {problem}")
    return _litert(task_file, problem)


def why_mediapipe_fails(task_file: Path) -> str:
    """What keeps MediaPipe from tracking a picture here, and what to do; empty when nothing does.

    Raises:
        TaskFileError: the model file is missing or damaged.
    """
    try:
        _try_out(MediaPipeFaceTracker(task_file))
    except (ImportError, OSError, RuntimeError, ValueError, CannotGoOffline) as error:
        return explain(error)
    return ""


def explain(error: Exception) -> str:
    """A failure to start MediaPipe in words, with what to do about it."""
    missing = _MISSING_LIBRARY.search(str(error))
    if missing:
        library = missing.group(1)
        if library in DEBIAN_PACKAGES:
            return f"{library} is missing; apt-get install {' '.join(DEBIAN_PACKAGES.values())}"
        return f"{library} is missing; install the package of this system that has it"
    if isinstance(error, ModuleNotFoundError):
        name = (error.name or "").partition(".")[0]
        return f"the Python package {name} is not installed; run scripts/setup.sh"
    if isinstance(error, CannotGoOffline):
        return f"MediaPipe reports its use to Google and cannot be kept from it here: {error}"
    return f"{type(error).__name__}: {error}"


def _litert(task_file: Path, reason: str) -> TrackerChoice:
    _try_out(LiteRtFaceTracker(task_file))
    return TrackerChoice("litert", reason, lambda: LiteRtFaceTracker(task_file))


def _try_out(tracker: FaceTracker) -> None:
    tracker.track(np.zeros(_SMALL_PICTURE, np.uint8), 0.0)
    tracker.close()
