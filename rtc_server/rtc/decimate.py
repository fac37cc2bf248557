"""48 kHz to 16 kHz as a stream: a low-pass filter, then every third sample.

PyAV's resampler would do, but each one keeps two threads and sits in a reference cycle, so a server of many calls would
carry the threads of calls long ended.
"""

import numpy as np
from scipy.signal import firwin

from conversation.speech.ports import SAMPLE_RATE_HZ, Samples
from rtc_server.rtc.opus import CLOCK_HZ, Pcm

FACTOR = CLOCK_HZ // SAMPLE_RATE_HZ
TAPS = 97
"""Length of the filter; its delay is half of that, 1 ms."""
CUTOFF_HZ = 7_300
"""Speech models hear up to 8 kHz; above, nothing may be left to alias."""


class Decimator:
    """Keeps the filter's memory from block to block; one per stream."""

    def __init__(self) -> None:
        self._filter = firwin(TAPS, CUTOFF_HZ, fs=CLOCK_HZ).astype(np.float32)
        self._memory = np.zeros(TAPS - 1, dtype=np.float32)
        self._skip = 0
        """Samples to leave out before the next one that is kept."""

    def feed(self, pcm: Pcm) -> Samples:
        """int16 [n] at 48 kHz in stream order; float32 [about n / 3] at 16 kHz."""
        block = np.concatenate([self._memory, pcm.astype(np.float32) / 32_768.0])
        self._memory = block[block.size - (TAPS - 1) :]
        smooth = np.convolve(block, self._filter, mode="valid")
        kept = smooth[self._skip :: FACTOR]
        self._skip = (self._skip - pcm.size) % FACTOR
        return kept.astype(np.float32, copy=False)
