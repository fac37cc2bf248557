"""Slower or faster speech at the same pitch, for engines that know one pace only. Pure.

WSOLA (Verhelst and Roelands 1993): windows are taken from the recording at another rhythm than they are laid down, each
moved a little to where it continues the one before it best.
"""

import numpy as np

from conversation.speech.ports import Samples

_WINDOW_SECONDS = 0.030
"""Longer than two periods of a low voice."""
_SEARCH_SECONDS = 0.008
"""To either side: half a period of a low voice, at least."""


def stretched(samples: Samples, rate_hz: int, rate: float) -> Samples:
    """float32 [n] spoken ``rate`` times as fast: float32 [n / rate], give or take a window. Raises ValueError."""
    if not rate > 0:
        raise ValueError(f"rate must be above 0, got {rate}")
    half = round(_WINDOW_SECONDS * rate_hz / 2)
    search = round(_SEARCH_SECONDS * rate_hz)
    count = int(len(samples) / rate / half)
    if rate == 1.0 or count < 2:
        return samples
    # Room for the search before the first and after the last window.
    padded = np.pad(samples, (search, 3 * half + 2 * search))
    window = (0.5 - 0.5 * np.cos(np.pi * np.arange(2 * half) / half)).astype(np.float32)
    result = np.zeros((count + 1) * half, np.float32)
    taken = 0
    for index in range(count):
        wanted = min(round(index * half * rate), len(samples))
        if index > 0:
            taken = wanted + _best_shift(padded[wanted : wanted + 2 * (half + search)], padded[taken + half :], half)
        else:
            taken = wanted + search
        result[index * half : (index + 2) * half] += window * padded[taken : taken + 2 * half]
    # The first half window is faded in by nobody else.
    result[:half] = padded[search : search + half]
    return result


def _best_shift(region: Samples, continuation: Samples, half: int) -> int:
    """Where in ``region`` the next window begins so that it is most like what really follows."""
    target = continuation[: 2 * half]
    likeness = np.correlate(region, target, "valid")
    power = np.convolve(region * region, np.ones(2 * half, np.float32), "valid")
    return int(np.argmax(likeness / np.sqrt(power + 1e-6)))
