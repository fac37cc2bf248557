"""End of turn from the sound of the voice: smart-turn v3.2 (pipecat-ai/smart-turn, BSD-2), the ONNX model for CPU."""

from pathlib import Path

import numpy as np

from conversation.speech.features import FRAMES_PER_SECOND, LogMel
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples
from conversation.speech.providers.weights import open_onnx

_ENGINE = "smart-turn"
_HEARD_SECONDS = 8
_HEARD_SAMPLES = _HEARD_SECONDS * SAMPLE_RATE_HZ
_VARIANCE_FLOOR = 1e-7


class SmartTurnDetector:
    """Whether the latest eight seconds sound finished; implements ``TurnDetector``.

    It hears intonation, not meaning: "my phone number is five five five" can sound finished. Callers that wait for
    something of known form must check its completeness themselves.
    """

    def __init__(self, model_path: Path, pool: ModelPool) -> None:
        """Load the model. Raises ``SpeechError`` (MODEL) when the file is absent or damaged."""
        self._session = open_onnx(_ENGINE, model_path)
        self._log_mel = LogMel()
        self._pool = pool

    async def probability(self, speech: Samples) -> float:
        """Take float32 [n] at 16 kHz ending in about 200 ms of silence; return P(the turn is over), 0 to 1."""
        return await self._pool.run(self._run, speech[-_HEARD_SAMPLES:])

    def _run(self, speech: Samples) -> float:
        heard = np.zeros(_HEARD_SAMPLES, dtype=np.float32)
        if len(speech):
            heard[-len(speech) :] = speech  # the end of the turn is what counts, so the padding stands in front
        heard = (heard - heard.mean()) / np.sqrt(heard.var() + _VARIANCE_FLOOR)
        features = self._log_mel(heard, _HEARD_SECONDS * FRAMES_PER_SECOND)
        (probability,) = self._session.run(None, {"input_features": features[np.newaxis]})  # a sigmoid is in the graph
        return float(probability[0, 0])
