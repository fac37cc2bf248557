"""Settings of the document scan."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """Reading identity documents."""

    reader: Literal["on", "off"] = "on"
    """``off``: nobody reads documents, and a document scan is "not checked"."""
    text_detection: str = ""
    """Path of an ONNX file that finds lines of print (PP-OCR detection); empty = the one in rapidocr's package."""
    text_recognition: str = ""
    """Path of an ONNX file that reads them (PP-OCR recognition, its alphabet inside); empty = rapidocr's."""
    threads: int = 1
    """Threads that read documents, for all sessions together."""
    frames_per_second: float = 5.0
    """Frames measured while a document is shown."""
    scan_seconds: float = 120.0
    """Longest time that a scan may take."""
    upload: bool = True
    """Whether a file may be chosen instead of the camera; a node can only narrow it."""
    reject_recaptured: bool = False
    """Whether signs of a screen or a print refuse a document, or only stand in the report."""
    keep_images: bool = True
    """Whether pictures of the document are kept, encrypted, with the session's media."""

    def problem(self) -> tuple[str, str] | None:
        """(field, what is wrong with it), or None."""
        for name, path in (("text_detection", self.text_detection), ("text_recognition", self.text_recognition)):
            if path and not path.endswith(".onnx"):
                return name, f"is '{path}'; it must be the path of an .onnx file, or empty"
        return None
