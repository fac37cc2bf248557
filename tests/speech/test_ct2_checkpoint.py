"""CTranslate2 weights read, renamed and expanded. The conversion to tensors is tested with the engine itself."""

import struct
from pathlib import Path

import numpy as np
import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.providers.ct2_checkpoint import read_variables, to_checkpoint


def _text(value: str) -> bytes:
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


def _file(path: Path, *, version: int = 6, specification: str = "WhisperSpec") -> Path:
    """Write a model with one int8 matrix and another name for it."""
    values = np.array([[1, -2], [3, 4]], dtype=np.int8)
    variable = _text("a/weight") + struct.pack("<BIIBI", 2, 2, 2, 1, values.nbytes) + values.tobytes()
    alias = _text("b/weight") + _text("a/weight")
    header = struct.pack("<I", version) + _text(specification) + struct.pack("<I", 3)
    path.write_bytes(header + struct.pack("<I", 1) + variable + struct.pack("<I", 1) + alias)
    return path


def test_variables_and_their_other_names_are_read(tmp_path: Path) -> None:
    variables = read_variables(_file(tmp_path / "model.bin"))
    np.testing.assert_array_equal(variables["a/weight"], [[1, -2], [3, 4]])
    np.testing.assert_array_equal(variables["b/weight"], variables["a/weight"])


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    for wrong in ({"version": 5}, {"specification": "TransformerSpec"}):
        with pytest.raises(SpeechError, match="not WhisperSpec in version 6") as error:
            read_variables(_file(tmp_path / "model.bin", **wrong))
        assert error.value.category is Category.MODEL


@pytest.mark.parametrize("kept", [0, 3, 20, 45])
def test_a_damaged_file_is_named(tmp_path: Path, kept: int) -> None:
    path = _file(tmp_path / "model.bin")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(SpeechError, match=r"model\.bin") as error:
        read_variables(path)
    assert error.value.category is Category.MODEL


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"absent\.bin"):
        read_variables(tmp_path / "absent.bin")


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(SpeechError, match="encoder/conv1/weight"):
        to_checkpoint({})


@pytest.mark.models
def test_the_real_weights_give_whispers_own_sizes(weights: Path) -> None:
    variables = read_variables(weights / "whisper-tiny.en" / "model.bin")
    checkpoint = to_checkpoint(variables)
    assert checkpoint.dims == {
        "n_mels": 80,
        "n_audio_ctx": 1500,
        "n_audio_state": 384,
        "n_audio_head": 6,
        "n_audio_layer": 4,
        "n_vocab": 51864,
        "n_text_ctx": 448,
        "n_text_state": 384,
        "n_text_head": 6,
        "n_text_layer": 4,
    }
    # Its 37,184,256 parameters, and the encoder's positions, which openai-whisper keeps in a buffer.
    assert sum(values.size for values in checkpoint.state.values()) == 37_184_256 + 1500 * 384
    query = checkpoint.state["encoder.blocks.0.attn.query.weight"]
    name = "encoder/layer_0/self_attention/linear_0"
    scale = variables.get(f"{name}/weight_scale")
    if scale is not None:
        np.testing.assert_allclose(query[5] * scale[5], variables[f"{name}/weight"][5], rtol=1e-5)
    assert np.isfinite(query).all()
    assert 0.001 < float(query.std()) < 1.0
