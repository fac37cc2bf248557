"""Another voice out of one: pitch and size of the vocal tract changed, words and timing kept. Pure.

TD-PSOLA (Moulines and Charpentier 1990): the recording is cut into grains of two periods, each is resampled, which
moves the formants, and laid down at the new period. The periods are known: the engine made the voice from them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from conversation.speech.ports import Samples

_UNVOICED_PERIOD_SECONDS = 0.004
"""Length of half a grain where there is no pitch."""
_LOWEST_PITCH_HZ = 40.0
"""Below it a frame is unvoiced."""
_LARGEST_GAIN = 3.0


@dataclass(frozen=True, slots=True)
class Timbre:
    """How a voice differs from the one that it is made of; 1.0 = as it was."""

    pitch: float
    """Factor of the fundamental frequency."""
    formants: float
    """Factor of the formant frequencies: below 1 for a longer vocal tract."""


def recoloured(samples: Samples, rate_hz: int, pitch_hz: npt.NDArray[np.float32], timbre: Timbre) -> Samples:
    """float32 [n] in another timbre, as long and as loud as before.

    ``pitch_hz`` [frames] is the fundamental frequency at even distances over the samples; 0 where there is none.
    """
    voiced = pitch_hz > _LOWEST_PITCH_HZ
    periods = np.where(voiced, rate_hz / np.maximum(pitch_hz, _LOWEST_PITCH_HZ), _UNVOICED_PERIOD_SECONDS * rate_hz)
    per_frame = len(samples) / max(1, len(pitch_hz))
    marks = _marks(samples, periods, voiced, per_frame)
    if len(marks) < 2:
        return samples
    result = np.zeros(len(samples), np.float32)
    weight = np.zeros(len(samples), np.float32)
    at = float(marks[0])
    while at < len(samples):
        mark = int(marks[np.argmin(np.abs(marks - at))])
        frame = min(int(mark / per_frame), len(periods) - 1)
        period = float(periods[frame])
        _lay(result, weight, round(at), *_grain(samples, mark, period, timbre.formants))
        at += period / timbre.pitch if voiced[frame] else period
    result /= np.maximum(weight, 1.0)
    return _as_loud(result, samples)


def _marks(
    samples: Samples, periods: npt.NDArray[np.float64], voiced: npt.NDArray[np.bool_], per_frame: float
) -> npt.NDArray[np.int64]:
    """One sample index for each period; in voiced speech the loudest one near where it is due."""
    marks, at = list[int](), 0.0
    while at < len(samples):
        frame = min(int(at / per_frame), len(periods) - 1)
        period = float(periods[frame])
        mark = round(at)
        if voiced[frame]:
            begin = max(0, round(at - period / 4))
            near = samples[begin : round(at + period / 4) + 1]
            mark = begin + int(np.argmax(np.abs(near))) if near.size else mark
        if not marks or mark > marks[-1]:
            marks.append(mark)
        at = mark + period if voiced[frame] else at + period
    return np.asarray(marks, np.int64)


def _grain(samples: Samples, mark: int, period: float, formants: float) -> tuple[Samples, Samples]:
    """Two periods around a mark, windowed, stretched in time by ``1 / formants``; and the window."""
    reach = int(period / formants)
    steps = np.arange(-reach, reach + 1)
    positions = np.clip(mark + steps * formants, 0, len(samples) - 2)
    below = positions.astype(np.int64)
    share = (positions - below).astype(np.float32)
    window = (0.5 + 0.5 * np.cos(np.pi * steps / (reach + 1))).astype(np.float32)
    return window * (samples[below] * (1 - share) + samples[below + 1] * share), window


def _lay(result: Samples, weight: Samples, at: int, grain: Samples, window: Samples) -> None:
    """Add a grain centred at a sample, and its window to the weight."""
    reach = len(grain) // 2
    begin, end = max(0, at - reach), min(len(result), at + reach + 1)
    inside = slice(begin - (at - reach), end - (at - reach))
    result[begin:end] += grain[inside]
    weight[begin:end] += window[inside]


def _as_loud(samples: Samples, original: Samples) -> Samples:
    """At the level of the original."""
    level, wanted = float(np.sqrt(np.mean(samples**2))), float(np.sqrt(np.mean(original**2)))
    gain = min(_LARGEST_GAIN, wanted / level) if level > 0 else 1.0
    louder: Samples = np.clip(samples * np.float32(gain), -1.0, 1.0)
    return louder
