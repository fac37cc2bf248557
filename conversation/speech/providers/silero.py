"""Voice activity by Silero VAD (snakers4/silero-vad, MIT), the ONNX model at 16 kHz."""

from pathlib import Path

import numpy as np

from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Samples
from conversation.speech.providers.weights import open_onnx

_ENGINE = "silero-vad"
_CONTEXT_SAMPLES = 64
_STATE_SHAPE = (2, 1, 128)


class SileroModel:
    """The weights, loaded once and shared by all sessions; ``stream`` makes the part that belongs to one."""

    def __init__(self, model_path: Path, pool: ModelPool) -> None:
        """Load the model. Raises ``SpeechError`` (MODEL) when the file is absent or damaged."""
        self._session = open_onnx(_ENGINE, model_path)
        self._rate = np.array(SAMPLE_RATE_HZ, dtype=np.int64)
        self.pool = pool

    def stream(self) -> "SileroVoiceActivity":
        """Voice activity for one new stream."""
        return SileroVoiceActivity(self)

    def step(self, window: Samples, state: Samples) -> tuple[float, Samples]:
        """Take float32 [64 + 512], the end of the window before and the window; return probability and next state."""
        probability, next_state = self._session.run(
            None, {"input": window[np.newaxis, :], "state": state, "sr": self._rate}
        )
        return float(probability[0, 0]), next_state


class SileroVoiceActivity:
    """The recurrent state of one stream over a shared model; implements ``VoiceActivity``."""

    def __init__(self, model: SileroModel) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        """Forget the past, for a new stream."""
        self._context = np.zeros(_CONTEXT_SAMPLES, dtype=np.float32)
        self._state = np.zeros(_STATE_SHAPE, dtype=np.float32)

    async def probabilities(self, windows: Samples) -> list[float]:
        """Take float32 [n, 512] in stream order; return n speech probabilities. All windows share one pool call."""
        if windows.ndim != 2 or windows.shape[1] != WINDOW_SAMPLES:
            raise ValueError(f"windows must be [n, {WINDOW_SAMPLES}], got {list(windows.shape)}")
        if len(windows) == 0:
            return []
        context, state = self._context, self._state
        found, self._context, self._state = await self._model.pool.run(self._run, windows, context, state)
        return found

    def _run(self, windows: Samples, context: Samples, state: Samples) -> tuple[list[float], Samples, Samples]:
        found = []
        for window in windows:
            joined = np.concatenate([context, window]).astype(np.float32, copy=False)
            probability, state = self._model.step(joined, state)
            context = window[-_CONTEXT_SAMPLES:].copy()
            found.append(probability)
        return found, context, state
