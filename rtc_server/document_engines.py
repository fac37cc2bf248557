"""Builds what documents are read with, as the settings ask for it."""

from collections.abc import Callable

from conversation.speech.pool import ModelPool
from rtc_server.session.ports import DocumentEngines
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.weights.cache import models_folder
from vision.models.onnx_network import OnnxModelError
from vision.models.task_file import TaskFileError
from vision.models.tracker_choice import TrackerUnavailable, choose_tracker
from vision.reading.barcodes import ZxingBarcodeReader
from vision.reading.glyphs import OcrbReader
from vision.reading.meter import OpenCvDocumentMeter
from vision.reading.page_finder import ContourPageFinder
from vision.reading.portrait import PortraitFinder
from vision.reading.reader import PictureReader
from vision.reading.text import RapidTextReader

_READINGS = 32
"""Pictures that may wait to be read; each scan has at most one on the way, and a few uploads."""
_FRAMES = 64
"""Frames that may wait to be measured: one of each scan."""


def build_documents(settings: Settings, new_pool: Callable[[str, int, int], ModelPool]) -> DocumentEngines | None:
    """The readers of this process; None when ``documents.reader`` is ``off``. Takes a second: call it on a thread.

    Raises:
        SettingsError: a model that is missing, damaged or of another kind.
    """
    documents = settings.documents
    if documents.reader == "off":
        return None
    try:
        text = RapidTextReader(documents.text_detection, documents.text_recognition)
        glyphs = OcrbReader()
    except (OnnxModelError, ValueError) as error:
        raise SettingsError(f"reading documents (documents.reader = off switches it off): {error}") from error
    reader = PictureReader(
        ContourPageFinder(),
        text,
        glyphs,
        ZxingBarcodeReader(),
        _portraits(settings),
    )
    reading = new_pool("documents", documents.threads, _READINGS)
    measuring = new_pool("document-frames", 1, _FRAMES)
    return DocumentEngines(OpenCvDocumentMeter, measuring.run, reader, reading.run, documents)


def _portraits(settings: Settings) -> PortraitFinder | None:
    """With LiteRT, whatever follows people: it has no threads that outlive a portrait."""
    if settings.vision.tracker == "off":
        return None
    task_file = models_folder(settings.models_dir) / "face-landmarker" / "face_landmarker.task"
    try:
        return PortraitFinder(choose_tracker("litert", task_file).new_tracker)
    except (TaskFileError, TrackerUnavailable) as error:
        raise SettingsError(f"portraits on documents (vision.tracker = off: none): {error}") from error
