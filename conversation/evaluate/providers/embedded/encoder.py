"""Sentence embeddings by bge-small-en (int8 ONNX): one vector for a text, one for each of its tokens."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conversation.text.normalise import clean

Vector = NDArray[np.float32]

DIMENSIONS = 384
MAXIMUM_TOKENS = 64
"""Longer replies are cut: time grows with length, and what decides stands in the first two sentences."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """One text. All vectors have unit length."""

    sentence: Vector
    """``(384,)``: the state of the first token, as bge was trained."""
    tokens: Vector
    """``(tokens, 384)``, without the first and the last special token."""


class Encoder:
    """Loads the model once; ``encode`` may be called from several threads.

    Raises ``FileNotFoundError`` when ``model.onnx`` or ``tokenizer.json`` is missing in ``model_dir``.
    """

    def __init__(self, model_dir: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        for name in ("model.onnx", "tokenizer.json"):
            if not (model_dir / name).is_file():
                raise FileNotFoundError(f"{model_dir / name} is missing: run 'visavis models pull bge-small-en'")
        options = onnxruntime.SessionOptions()
        # One short sentence does not gain from more threads, and idle ones must not spin beside the speech models.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(model_dir / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAXIMUM_TOKENS)

    def encode(self, text: str) -> Embedding:
        """Return the embedding of a text; an empty text has one as well."""
        ids = np.array([self._tokenizer.encode(clean(text)).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, inputs)[0][0].astype(np.float32)
        states /= np.linalg.norm(states, axis=1, keepdims=True) + 1e-9
        tokens = states[1:-1] if len(states) > 2 else states[:1]
        return Embedding(sentence=states[0], tokens=tokens)
