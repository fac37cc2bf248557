"""PP-OCR by rapidocr: what it reads, that it fetches nothing, and what it says to files that are no such network."""

import logging
import socket
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from vision.models.onnx_network import OnnxModelError
from vision.ports import RgbImage
from vision.reading.text import RapidTextReader


@pytest.fixture(scope="module")
def reader() -> RapidTextReader:
    return RapidTextReader()


def printed(*lines: str, width: int = 900) -> RgbImage:
    """Dark print on light paper, a line every 80 pixels."""
    image = np.full((80 * len(lines) + 40, width, 3), 235, np.uint8)
    for row, line in enumerate(lines):
        cv2.putText(image, line, (40, 80 * row + 75), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 30), 2, cv2.LINE_AA)
    return image


def test_lines_come_from_top_to_bottom_with_their_places(reader: RapidTextReader) -> None:
    lines = reader.read(printed("REPUBLIC OF UTOPIA", "12 AUG 1974", "SPECIMEN 42"))
    assert [line.text.replace(" ", "") for line in lines] == ["REPUBLICOFUTOPIA", "12AUG1974", "SPECIMEN42"]
    for row, line in enumerate(lines):
        assert line.confidence > 0.8
        assert line.box.y < (80 * row + 60) / 280 < line.box.y + line.box.height
        assert 0 <= line.box.x < 0.06
        assert line.box.x + line.box.width <= 1


def test_an_empty_sheet_has_no_lines(reader: RapidTextReader) -> None:
    assert reader.read(np.full((400, 600, 3), 240, np.uint8)) == ()


def test_a_picture_of_a_few_pixels_has_no_lines(reader: RapidTextReader) -> None:
    assert reader.read(np.zeros((8, 8, 3), np.uint8)) == ()


def test_lines_that_were_cut_out_are_read_in_their_order(reader: RapidTextReader) -> None:
    texts = ["ZX81", "A MUCH LONGER LINE 1234567", "UTO"]
    cuts = [printed(text)[30:110, 20:820] for text in texts]
    found = reader.read_lines(cuts)
    assert [text.replace(" ", "") for text, _ in found] == [text.replace(" ", "") for text in texts]
    assert all(confidence > 0.8 for _, confidence in found)
    assert reader.read_lines([]) == []


def test_colours_arrive_as_the_network_knows_them(reader: RapidTextReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """PP-OCR was trained on BGR."""
    seen: list[np.ndarray] = []

    def note(picture: np.ndarray) -> object:
        seen.append(picture)
        return type("Nothing", (), {"boxes": None})()

    monkeypatch.setattr(reader, "_detector", note)
    reader.read(np.full((64, 64, 3), (10, 20, 30), np.uint8))
    assert seen[0][0, 0].tolist() == [30, 20, 10]


def test_nothing_is_fetched_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a network connection was asked for")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    caplog.set_level(logging.DEBUG)
    lines = RapidTextReader().read(printed("ERIKSSON ANNA"))
    assert [line.text.replace(" ", "") for line in lines] == ["ERIKSSONANNA"]
    said = capfd.readouterr()
    assert "ERIKSSON" not in said.out + said.err + caplog.text
    assert "RapidOCR" not in said.err


def test_its_name_tells_the_two_networks(reader: RapidTextReader) -> None:
    assert reader.name == "PP-OCRv6_det_small+PP-OCRv6_rec_small"


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OnnxModelError, match=r"none\.onnx is missing"):
        RapidTextReader(detection=str(tmp_path / "none.onnx"))


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(OnnxModelError, match=r"broken\.onnx is no ONNX model"):
        RapidTextReader(recognition=str(broken))


def network(path: Path, shape: list[int]) -> str:
    """An ONNX file that hands on what it gets."""
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    made = helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "identity", [given], [made])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return str(path)


def test_a_network_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OnnxModelError, match="not pictures"):
        RapidTextReader(detection=network(tmp_path / "flat.onnx", [1, 10]))


def test_a_recognition_without_its_alphabet_is_refused_and_none_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(OnnxModelError, match="no alphabet"):
        RapidTextReader(recognition=network(tmp_path / "mute.onnx", [1, 3, 48, 320]))


def test_a_file_of_ones_own_is_named_by_its_digest(tmp_path: Path) -> None:
    assert RapidTextReader(detection=network(tmp_path / "own.onnx", [1, 3, 64, 64])).name.endswith(
        "+PP-OCRv6_rec_small"
    )
