"""Builds the eyes that the settings ask for: the tracker and the models of the camera half."""

import logging
from collections.abc import Callable
from pathlib import Path

import cv2

from conversation.speech.pool import ModelPool
from rtc_server.session.ports import VisionEngines
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.weights.cache import locate_default
from vision.models.task_file import TaskFileError
from vision.models.tracker_choice import TrackerChoice, TrackerUnavailable, choose_tracker

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
    logger.info("face tracker: %s, because %s", choice.name, choice.reason)
    # The pool is what shares the cores between sessions; OpenCV's own threads would only get in its way.
    cv2.setNumThreads(1)
    pool = new_pool("vision", vision.threads, _BACKLOG)
    return VisionEngines(
        new_tracker=choice.new_tracker, run=pool.run, texture=None, embedder=None, attributes=None, settings=vision
    )


def tracker_of(settings: Settings) -> TrackerChoice | None:
    """The face tracker that runs on this machine, and why; None when it is switched off. Raises SettingsError."""
    wanted = settings.vision.tracker
    if wanted == "off":
        return None
    folder = Path(settings.models_dir) if settings.models_dir else locate_default().folder
    try:
        return choose_tracker(wanted, folder / "face-landmarker" / "face_landmarker.task")
    except (TaskFileError, TrackerUnavailable, ValueError) as error:
        raise SettingsError(f"vision.tracker (VISAVIS_VISION_TRACKER): {error}") from error
