"""Optical character recognition with PP-OCR, by rapidocr.

The two networks are the ones inside rapidocr's wheel, or files of the operator's own. rapidocr fetches what it misses;
here it is always handed networks that are loaded already, their alphabet inside, so it never does.

What the networks of the wheel (PP-OCRv6 small) can write: Latin letters with the marks of the languages of Europe and
Turkey, Greek without its accents, digits, Chinese and Japanese. Cyrillic and Arabic they cannot: such print comes out
as look-alikes of low confidence, or not at all. A recognition network of those scripts can be set in its place.
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from vision.document.readings import Box, TextLine
from vision.models.onnx_network import ONLY_FATAL, OnnxModelError
from vision.ports import RgbImage
from vision.reading.script import settled

DETECTION = "PP-OCRv6_det_small.onnx"
RECOGNITION = "PP-OCRv6_rec_small.onnx"
SHA256 = {
    DETECTION: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    RECOGNITION: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
"""Of the files in the wheel, as its ``MODEL_LICENSES.md`` names them."""

DETECTION_SIDE = 832
"""Pixels of the longer side that the detection network sees at most: 7 for a millimetre of a passport's page."""
BATCH = 6
"""Lines per call of the recognition network; each takes about 10 MB for a line of 44 characters."""
LINE_HEIGHT = 48
"""Pixels; what the recognition network wants."""
LEAST_CONFIDENCE = 0.4
"""Lines below this are noise: patterns of the background, parts of the portrait."""
MOST_LINES = 120
"""Per picture; a page of a passport has about forty."""


class RapidTextReader:
    """Detection of lines and recognition of their characters; each call runs on its own thread alone."""

    def __init__(self, detection: str = "", recognition: str = "") -> None:
        """Paths of ONNX files; empty = the one in the wheel.

        Raises:
            OnnxModelError: a file is missing, damaged, or no network of its kind.
        """
        detector, detector_name = _load(detection, DETECTION)
        recognizer, recognizer_name = _load(recognition, RECOGNITION)
        if "character" not in recognizer.get_modelmeta().custom_metadata_map:
            raise OnnxModelError(f"{recognition} is no PP-OCR recognition: no alphabet (character) in its metadata")
        # rapidocr takes a second to import and sets up a logger that writes to the console.
        from rapidocr.ch_ppocr_det import TextDetector
        from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
        from rapidocr.utils.log import logger
        from rapidocr.utils.process_img import get_rotate_crop_image

        logger.setLevel("CRITICAL")
        self._input = TextRecInput
        self._cut = get_rotate_crop_image
        self._detector: Any = TextDetector(
            _configuration(
                detector, limit_type="max", limit_side_len=DETECTION_SIDE, mean=[0.5] * 3, std=[0.5] * 3, box_thresh=0.5
            )
        )
        self._recognizer: Any = TextRecognizer(
            _configuration(recognizer, rec_batch_num=BATCH, rec_img_shape=[3, LINE_HEIGHT, LINE_HEIGHT])
        )
        self._name = f"{detector_name}+{recognizer_name}"

    @property
    def name(self) -> str:
        """The two networks: their file names, or the start of the SHA-256 of other files."""
        return self._name

    def read(self, image: RgbImage) -> tuple[TextLine, ...]:
        """All lines of print, from top to bottom; boxes in shares of the image."""
        height, width = image.shape[:2]
        picture = _bgr(image)
        boxes = self._detector(picture).boxes
        if boxes is None:
            return ()
        corners = [np.asarray(box, np.float32) for box in boxes[:MOST_LINES]]
        texts = self._recognise([self._cut(picture, box) for box in corners])
        written = settled([text.strip() for text, _ in texts])
        lines = [
            TextLine(text, confidence, _around(box, width, height))
            for box, text, (_, confidence) in zip(corners, written, texts, strict=True)
            if text and confidence >= LEAST_CONFIDENCE
        ]
        return tuple(sorted(lines, key=lambda line: line.box.y + line.box.height / 2))

    def read_lines(self, lines: Sequence[RgbImage]) -> list[tuple[str, float]]:
        """(text, confidence) of pictures of one line each, in their order."""
        return self._recognise([_bgr(line) for line in lines])

    def _recognise(self, pictures: list[npt.NDArray[np.uint8]]) -> list[tuple[str, float]]:
        if not pictures:
            return []
        found = self._recognizer(self._input(img=pictures))
        return [(str(text), float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


def _load(chosen: str, bundled: str) -> tuple[onnxruntime.InferenceSession, str]:
    """A network and its name."""
    package = importlib.util.find_spec("rapidocr")
    if chosen:
        path = Path(chosen)
    elif package is None or package.origin is None:
        raise OnnxModelError("the package rapidocr is missing; run: make setup, or switch the document reader off")
    else:
        path = Path(package.origin).parent / "models" / bundled
    if not path.is_file():
        raise OnnxModelError(f"{path} is missing; install rapidocr again, or name another file in the settings")
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if not chosen and digest != SHA256[bundled]:
        raise OnnxModelError(f"{path} is not the file that it should be; install rapidocr again, in the pinned version")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = ONLY_FATAL
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors have no common class
        raise OnnxModelError(f"{path} is no ONNX model that can be run ({type(error).__name__})") from error
    shape = session.get_inputs()[0].shape
    if len(shape) != 4 or shape[1] != 3:
        raise OnnxModelError(f"{path} takes {shape} and not pictures: it is a model of another kind")
    return session, digest[:12] if chosen else path.stem


def _configuration(session: onnxruntime.InferenceSession, **options: object) -> Any:
    """What rapidocr's classes read; with a session of ours they neither look for a file nor fetch one."""
    from omegaconf import OmegaConf
    from rapidocr.utils.typings import EngineType, LangRec

    common = {"engine_type": EngineType.ONNXRUNTIME, "lang_type": LangRec.CH, "font_path": None, "session": session}
    return OmegaConf.create({**common, **options}, flags={"allow_objects": True})


def _bgr(image: RgbImage) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(image[:, :, ::-1])


def _around(corners: npt.NDArray[np.float32], width: int, height: int) -> Box:
    left, top = corners.min(axis=0).clip(0)
    right, bottom = np.minimum(corners.max(axis=0), (width, height))
    return Box(float(left / width), float(top / height), float((right - left) / width), float((bottom - top) / height))
