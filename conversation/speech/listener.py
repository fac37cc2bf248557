"""The ear of one session: keeps what was heard, and tells speech from silence window by window."""

import asyncio
import logging
from collections.abc import Callable

import numpy as np

from conversation.speech.errors import SpeechError
from conversation.speech.ports import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Samples, VoiceActivity

MEMORY_SECONDS = 75.0
"""How far back audio can be asked for: the longest turn and its pre-roll."""

logger = logging.getLogger(__name__)

WindowHandler = Callable[[int, float], None]
"""Called on the event loop with (index of the window's first sample, speech probability)."""


class Listener:
    """Takes 16 kHz audio as it comes, runs voice activity behind it, remembers the last ``MEMORY_SECONDS``.

    Windows that voice activity cannot judge are passed over; what comes after them is heard again.
    """

    def __init__(self, activity: VoiceActivity, on_window: WindowHandler) -> None:
        self._activity = activity
        self._on_window = on_window
        self._memory = np.zeros(int(MEMORY_SECONDS * SAMPLE_RATE_HZ), np.float32)
        self._written = 0
        """Samples of the stream that were taken."""
        self._analysed = 0
        """Samples that voice activity has looked at, always whole windows."""
        self._arrived = asyncio.Event()
        self._stream = 0
        self._task = asyncio.create_task(self._analyse(), name="listener")

    def start_stream(self) -> None:
        """A new stream begins: indices start at 0, the past is forgotten."""
        self._stream += 1
        self._written = self._analysed = 0
        self._activity.reset()

    def feed(self, samples: Samples, first_sample: int) -> None:
        """Take float32 [n] that begins at ``first_sample``; a gap is heard as silence, an overlap is skipped."""
        samples = samples[max(0, self._written - first_sample) :]
        if first_sample > self._written:
            self._write(np.zeros(min(first_sample - self._written, self._memory.size), np.float32))
            self._written = first_sample
        self._write(samples)
        if self._written - self._analysed >= WINDOW_SAMPLES:
            self._arrived.set()

    def audio(self, first_sample: int, end_sample: int) -> Samples:
        """What was heard in [first_sample, end_sample), as far as it is remembered."""
        end_sample = min(end_sample, self._written)
        first_sample = max(first_sample, end_sample - self._memory.size, 0)
        indices = np.arange(first_sample, end_sample) % self._memory.size
        return self._memory[indices]

    async def close(self) -> None:
        """Stop listening."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _write(self, samples: Samples) -> None:
        self._written += max(0, samples.size - self._memory.size)
        samples = samples[-self._memory.size :]
        start = self._written % self._memory.size
        head = min(samples.size, self._memory.size - start)
        self._memory[start : start + head] = samples[:head]
        self._memory[: samples.size - head] = samples[head:]
        self._written += samples.size

    async def _analyse(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            count = (self._written - self._analysed) // WINDOW_SAMPLES
            if count <= 0:
                continue
            # Too far behind to catch up inside the memory: skip, so that the ear stays in the present.
            limit = self._memory.size // WINDOW_SAMPLES // 2
            if count > limit:
                self._analysed += (count - limit) * WINDOW_SAMPLES
                count = limit
            first, stream = self._analysed, self._stream
            windows = self.audio(first, first + count * WINDOW_SAMPLES).reshape(count, WINDOW_SAMPLES)
            try:
                probabilities = await self._activity.probabilities(windows)
            except SpeechError as error:
                logger.warning("voice activity failed: %s", error)
                probabilities = []
            if stream != self._stream:
                continue
            self._analysed = first + count * WINDOW_SAMPLES
            for index, probability in enumerate(probabilities):
                self._on_window(first + index * WINDOW_SAMPLES, probability)
