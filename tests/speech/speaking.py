"""Speech for tests, spoken by the default voice at the rate of the listeners."""

import numpy as np
from scipy.signal import resample_poly

from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, Synthesizer


async def said(voice: Synthesizer, text: str) -> Samples:
    """The text as float32 [n] at 16 kHz."""
    parts = [chunk.samples async for chunk in voice.synthesize(text)]
    spoken = resample_poly(np.concatenate(parts), SAMPLE_RATE_HZ // 1000, voice.sample_rate_hz // 1000)
    return np.asarray(spoken, dtype=np.float32)
