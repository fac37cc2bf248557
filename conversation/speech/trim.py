"""Where the voice begins and ends in synthesised audio. Pure."""

import numpy as np

from conversation.speech.ports import Samples

_FRAME_SECONDS = 0.005
_AUDIBLE_BELOW_PEAK_DB = 45.0
_SILENT_POWER = 1e-7
_KEPT_BEFORE = 0.010
_KEPT_AFTER = 0.030


def audible_span(samples: Samples, rate_hz: int) -> tuple[int, int] | None:
    """First and past-the-last sample worth playing; None when everything is silent.

    Audible is what comes within 45 dB of the loudest 5 ms, which keeps soft openings such as "th"; 10 ms before and
    30 ms after are kept for the attack and the decay.
    """
    frame = max(1, round(_FRAME_SECONDS * rate_hz))
    whole = len(samples) // frame
    if whole == 0:
        return None
    power = np.mean(samples[: whole * frame].reshape(whole, frame) ** 2, axis=1)
    peak = float(power.max())
    if peak < _SILENT_POWER:
        return None
    audible = np.flatnonzero(power >= peak * 10 ** (-_AUDIBLE_BELOW_PEAK_DB / 10))
    start = int(audible[0]) * frame - round(_KEPT_BEFORE * rate_hz)
    stop = (int(audible[-1]) + 1) * frame + round(_KEPT_AFTER * rate_hz)
    return max(0, start), min(len(samples), stop)
