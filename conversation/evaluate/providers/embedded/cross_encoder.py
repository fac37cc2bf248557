"""The cross-encoder: a small transformer of our own training that reads question, reply and all conditions together."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from conversation.evaluate.providers.embedded.encoder import Vector
from conversation.evaluate.providers.embedded.joined import MAXIMUM_CONDITIONS, Joined, join
from conversation.text.normalise import clean

MODEL = Path(__file__).with_name("cross_encoder.onnx")
_REMEMBERED_TEXTS = 4096


class CrossEncoder:
    """Loads the model once; ``logits`` may be called from several threads.

    ``file`` is the ONNX file; its tokenizer lies beside it with the ending ``.json``. Raises ``FileNotFoundError``.
    """

    def __init__(self, file: Path = MODEL) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        tokenizer = file.with_suffix(".json")
        for needed in (file, tokenizer):
            if not needed.is_file():
                raise FileNotFoundError(f"{needed} is missing: the installation is incomplete")
        options = onnxruntime.SessionOptions()
        # As for the sentence embeddings: one short sequence, and no threads that spin beside the speech models.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._texts: OrderedDict[str, list[int]] = OrderedDict()
        self._lock = Lock()

    def logits(self, question: str, conditions: Sequence[str], reply: str) -> Vector:
        """Return ``(1 + conditions,)``: 0 for "none is met", then how much surer than that each is."""
        asked, said = self._flow_text(question), self._tokens(reply)
        wanted = [self._flow_text(text) for text in conditions]
        parts = [wanted[start : start + MAXIMUM_CONDITIONS] for start in range(0, len(wanted), MAXIMUM_CONDITIONS)]
        surer = [self._surer_than_none(join(asked, said, part)) for part in parts]
        return np.concatenate([np.zeros(1, dtype=np.float32), *surer])

    def _surer_than_none(self, joined: Joined) -> Vector:
        arrays = {"tokens": np.array(joined.tokens), "owners": np.array(joined.owners)}
        logits = self._session.run(None, arrays)[0]
        return np.asarray(logits[1:] - logits[0], dtype=np.float32)

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(clean(text), add_special_tokens=False).ids)

    def _flow_text(self, text: str) -> list[int]:
        """Tokens of a text of a flow, remembered. Replies do not pass here, so no speech stays in memory."""
        with self._lock:
            if text in self._texts:
                self._texts.move_to_end(text)
                return self._texts[text]
        made = self._tokens(text)
        with self._lock:
            self._texts[text] = made
            if len(self._texts) > _REMEMBERED_TEXTS:
                self._texts.popitem(last=False)
        return made
