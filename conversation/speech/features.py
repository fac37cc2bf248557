"""Whisper's log-mel spectrogram, computed with numpy alone.

The numbers follow the reference implementation (openai/whisper, ``whisper/audio.py``): 16 kHz, a periodic Hann
window of 400 samples every 160 samples, 80 Slaney mel filters up to 8 kHz, and a floor 8 decades below the peak.
"""

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from conversation.speech.ports import SAMPLE_RATE_HZ, Samples

HOP_SAMPLES = 160
"""Samples between two frames (10 ms)."""

MEL_BANDS = 80
FRAMES_PER_SECOND = SAMPLE_RATE_HZ // HOP_SAMPLES

_WINDOW_SAMPLES = 400
_POWER_FLOOR = 1e-10
_DYNAMIC_RANGE_DECADES = 8.0

Features = npt.NDArray[np.float32]


class LogMel:
    """The mel filters and the window, made once; calling it turns samples into features."""

    def __init__(self) -> None:
        self._filters = mel_filters()
        # Periodic, not symmetric: a symmetric window of one more sample, without its last.
        self._window = np.hanning(_WINDOW_SAMPLES + 1)[:-1].astype(np.float32)

    def __call__(self, samples: Samples, frames: int) -> Features:
        """Take float32 [n] at 16 kHz, zero-padded or cut at its end to ``frames`` hops; return float32 [80, frames]."""
        length = frames * HOP_SAMPLES
        padded = np.zeros(length, dtype=np.float32)
        kept = min(length, len(samples))
        padded[:kept] = samples[:kept]
        mirrored = np.pad(padded, _WINDOW_SAMPLES // 2, mode="reflect")
        windows = sliding_window_view(mirrored, _WINDOW_SAMPLES)[::HOP_SAMPLES][:frames]
        spectrum = np.fft.rfft(windows * self._window, axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        # Not ``@``: after a product of this size OpenBLAS lets its helper threads spin for 100 ms of another core.
        mel = np.maximum(np.einsum("mb,fb->mf", self._filters, power), _POWER_FLOOR)
        decades = np.log10(mel, dtype=np.float32)
        decades = np.maximum(decades, decades.max() - _DYNAMIC_RANGE_DECADES)
        return np.ascontiguousarray((decades + 4.0) / 4.0, dtype=np.float32)


def mel_filters() -> Features:
    """Triangular filters of equal area on the Slaney mel scale, float32 [80, 201] over the bins of a 400-point FFT."""
    nyquist_hz = SAMPLE_RATE_HZ / 2
    bins_hz = np.linspace(0.0, nyquist_hz, _WINDOW_SAMPLES // 2 + 1)
    top_mel = _hz_to_mel(nyquist_hz)
    edges_hz = np.array([_mel_to_hz(mel) for mel in np.linspace(0.0, top_mel, MEL_BANDS + 2)])
    widths_hz = np.diff(edges_hz)
    distance_hz = edges_hz[:, None] - bins_hz[None, :]
    rising = -distance_hz[:-2] / widths_hz[:-1, None]
    falling = distance_hz[2:] / widths_hz[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    areas = 2.0 / (edges_hz[2:] - edges_hz[:-2])
    return np.asarray(triangles * areas[:, None], dtype=np.float32)


# Slaney's mel scale (Auditory Toolbox, 1998): linear to 1 kHz at 200/3 Hz a mel, then 27 steps to a factor of 6.4.
_LINEAR_HZ_PER_MEL = 200.0 / 3.0
_KNEE_HZ = 1000.0
_KNEE_MEL = _KNEE_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = float(np.log(6.4)) / 27.0


def _hz_to_mel(frequency_hz: float) -> float:
    if frequency_hz < _KNEE_HZ:
        return frequency_hz / _LINEAR_HZ_PER_MEL
    return _KNEE_MEL + float(np.log(frequency_hz / _KNEE_HZ)) / _LOG_STEP


def _mel_to_hz(mel: float) -> float:
    if mel < _KNEE_MEL:
        return mel * _LINEAR_HZ_PER_MEL
    return _KNEE_HZ * float(np.exp(_LOG_STEP * (mel - _KNEE_MEL)))
