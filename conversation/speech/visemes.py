"""Mouth shapes for speech: from timed phonemes where an engine has them, from loudness where it has not.

The fifteen shapes are those of Oculus Lipsync, which most avatars know: sil PP FF TH DD kk CH SS nn RR aa E I O U.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from conversation.speech.ports import Samples, VisemeMark

SILENCE = "sil"
SHORTEST_MARK = 0.040
"""Seconds; a shape that is held for less cannot be seen at 25 pictures a second and gives way to the next one."""


@dataclass(frozen=True, slots=True)
class TimedPhoneme:
    """One phoneme of an engine's alphabet and when it sounds."""

    symbol: str
    """IPA, or the capital letters that misaki uses for diphthongs; punctuation and spaces are silence."""
    start: float
    """Seconds from the first sample."""
    duration: float
    """Seconds."""


_SHAPES: dict[str, tuple[str, str]] = {
    # Shapes with their phonemes, in IPA. Weights are in _WEIGHTS: lips show much of a vowel, little of a velar.
    "PP": ("p b m", "lips"),
    "FF": ("f v ʋ ɸ β", "lips"),
    "TH": ("θ ð", "tongue"),
    "DD": ("t d ɾ ɖ ʈ ʔ", "tongue"),
    "kk": ("k ɡ g q x ɣ h ç χ ɟ c", "hidden"),
    "CH": ("ʧ ʤ ʃ ʒ ɕ ʂ ʨ ʥ", "lips"),
    "SS": ("s z ʦ ʣ", "tongue"),
    "nn": ("n l ŋ ɲ ɳ ɴ ʎ", "tongue"),
    "RR": ("ɹ r ɻ ʁ ɽ ɚ ɜ", "tongue"),
    "aa": ("a ɑ ɐ æ ʌ", "vowel"),
    "E": ("e ɛ ə ᵊ ø œ", "vowel"),
    "I": ("i ɪ ɨ ᵻ j y", "vowel"),
    "O": ("o ɔ ɒ ɤ", "vowel"),
    "U": ("u ʊ ɯ w ɰ ɥ", "vowel"),
}
_WEIGHTS = {"lips": 1.0, "vowel": 0.9, "tongue": 0.7, "hidden": 0.5}
_SHAPE_OF = {
    phoneme: (shape, _WEIGHTS[kind]) for shape, (phonemes, kind) in _SHAPES.items() for phoneme in phonemes.split()
}
_WEAK_VOWELS = {"ə": 0.5, "ᵊ": 0.4, "ɐ": 0.6, "ᵻ": 0.6}

_DIPHTHONGS = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "S": "ɔɪ", "T": "tʃ", "W": "aʊ", "Y": "ɔɪ"}
"""misaki writes each of these as one letter; the mouth makes two shapes."""
_FIRST_PART = 0.6
"""Share of a diphthong that its first vowel takes."""

_STRESS = frozenset("ˈˌ")
_PROLONGING = frozenset(" ːʰʲ̃↓→↗↘")
"""Symbols without a shape of their own. Between words the mouth does not close."""


def from_phonemes(phonemes: Iterable[TimedPhoneme], end: float) -> tuple[VisemeMark, ...]:
    """Marks for a chunk of ``end`` seconds; phonemes outside of it are cut off, the last mark closes the mouth.

    The time of a stress mark belongs to the vowel after it; that of a space or a length mark to the sound before.
    """
    marks: list[VisemeMark] = []
    stressed_at: float | None = None
    for phoneme in phonemes:
        if phoneme.symbol in _STRESS:
            stressed_at = phoneme.start
            continue
        if phoneme.symbol in _PROLONGING:
            continue
        start = phoneme.start if stressed_at is None else stressed_at
        duration = phoneme.start + phoneme.duration - start
        stressed_at = None
        at = start
        for part in _DIPHTHONGS.get(phoneme.symbol, phoneme.symbol):
            marks.append(_mark(at, part))
            at += duration * _FIRST_PART
    return smooth(marks, end)


def from_energy(samples: Samples, rate_hz: int) -> tuple[VisemeMark, ...]:
    """Marks from loudness alone: the mouth opens as the voice swells. For engines that give no timing."""
    step = max(1, rate_hz // 25)
    end = len(samples) / rate_hz
    if len(samples) == 0:
        return (VisemeMark(0.0, SILENCE, 0.0),)
    padded = np.zeros(-(-len(samples) // step) * step, dtype=np.float32)
    padded[: len(samples)] = samples
    loudness = np.sqrt(np.mean(padded.reshape(-1, step) ** 2, axis=1))
    opening = np.clip(loudness / max(1e-4, float(np.percentile(loudness, 95))), 0.0, 1.0)
    marks = [
        VisemeMark(index * step / rate_hz, *_shape_of_opening(float(amount))) for index, amount in enumerate(opening)
    ]
    return smooth(marks, end)


def smooth(marks: Iterable[VisemeMark], end: float) -> tuple[VisemeMark, ...]:
    """Cut the marks to [0, ``end``], merge equal neighbours and those held too briefly to see, and close the mouth.

    Closed lips (PP) survive however short: speech looks wrong without them.
    """
    kept: list[VisemeMark] = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        inside = VisemeMark(max(0.0, mark.at), mark.viseme, mark.weight)
        if inside.at >= end:
            break
        if kept and inside.at - kept[-1].at < SHORTEST_MARK and kept[-1].viseme != "PP":
            inside = VisemeMark(kept[-1].at, inside.viseme, inside.weight)
            kept.pop()
        if kept and kept[-1].viseme == inside.viseme:
            kept[-1] = VisemeMark(kept[-1].at, inside.viseme, max(kept[-1].weight, inside.weight))
        else:
            kept.append(inside)
    if not kept or kept[-1].viseme != SILENCE:
        kept.append(VisemeMark(end, SILENCE, 0.0))
    return tuple(kept)


def _mark(at: float, phoneme: str) -> VisemeMark:
    shape, weight = _SHAPE_OF.get(phoneme, (SILENCE, 0.0))
    return VisemeMark(at, shape, _WEAK_VOWELS.get(phoneme, weight))


def _shape_of_opening(amount: float) -> tuple[str, float]:
    if amount < 0.08:
        return SILENCE, 0.0
    if amount < 0.35:
        return "E", round(amount + 0.2, 2)
    return "aa", round(amount, 2)
