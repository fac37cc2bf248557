"""The face recognition model: against face-api itself, and against dlib.

``recorded/dlib_face.json`` holds two templates of ``pattern(150)``, seven digits. ``faceApi``: ``FaceRecognitionNet``
of @vladmandic/face-api 1.7.15 on TensorFlow.js 4.22.0 (Node.js 20, backend ``cpu``), ``loadFromWeightMap`` and
``computeFaceDescriptor``. ``dlib``: ``face_recognition_model_v1.compute_face_descriptor`` of dlib-bin 20.0.1 with the
unquantised weights of face-recognition-models 0.3.0.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.vision.models.importers.test_tfjs import run
from tests.vision.models.pictures import pattern
from vision.models.importers.errors import ImportFailed
from vision.models.importers.face_api import dlib_resnet_to_onnx

RECORDED = Path(__file__).parent.parent / "recorded" / "dlib_face.json"


@pytest.mark.models
def test_the_network_gives_what_face_api_gave_and_nearly_what_dlib_gave(weights: Path) -> None:
    path = weights / "dlib-face" / "face_recognition_model-weights_manifest.json"
    if not path.exists():
        pytest.skip("no dlib-face: run 'visavis models pull dlib-face'")
    recorded = json.loads(RECORDED.read_text())
    (template,) = run(dlib_resnet_to_onnx(path), pattern(150)[np.newaxis].astype(np.float32), "template")
    assert np.abs(template[0] - recorded["faceApi"]).max() < 1e-5
    # Weights of 8 bits cost a little; faces of two people are 0.6 apart and more.
    assert np.linalg.norm(template[0] - recorded["dlib"]) < 0.05


def test_a_manifest_of_another_model_says_which_weight_is_missing(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(bytes(4))
    weight = {"name": "dense/bias", "shape": [1], "dtype": "float32"}
    path = tmp_path / "other.json"
    path.write_text(json.dumps([{"paths": ["other.bin"], "weights": [weight]}]))
    with pytest.raises(ImportFailed, match=r"not the face recognition model: the weight 'conv32_down/scale/weights'"):
        dlib_resnet_to_onnx(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{]"])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(ImportFailed, match=r"manifest\.json"):
        dlib_resnet_to_onnx(path)
