"""Builds what documents are read with, as the settings ask for it."""

from collections.abc import Callable

from conversation.speech.pool import ModelPool
from rtc_server.session.ports import DocumentEngines
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.vision_engines import tracker_of
from vision.models.onnx_network import OnnxModelError
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
    tracker = tracker_of(settings)
    reader = PictureReader(
        ContourPageFinder(),
        text,
        glyphs,
        ZxingBarcodeReader(),
        PortraitFinder(tracker.new_tracker) if tracker is not None else None,
    )
    reading = new_pool("documents", documents.threads, _READINGS)
    measuring = new_pool("document-frames", 1, _FRAMES)
    return DocumentEngines(OpenCvDocumentMeter, measuring.run, reader, reading.run, documents)
