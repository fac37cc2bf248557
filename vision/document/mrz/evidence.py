"""What readers saw, as likelihoods: for each place of a line, how well each character explains it.

Two readers see a line. The text reader gives a string that may be too short or too long, for it runs equal characters
together; all ways to lay it along the places are weighed (forward and backward over an edit lattice). The OCR-B reader
looks at each place by itself. Their likelihoods are multiplied: they fail for different reasons.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vision.document.mrz.check_digit import ALPHABET
from vision.document.readings import MrzLine

Likelihoods = npt.NDArray[np.float64]
"""Shape (places, 37), each row summing to 1 over the characters of ``ALPHABET``."""

INDEX = {character: index for index, character in enumerate(ALPHABET)}

FLOOR = 5e-5
"""Likelihood that a text reader takes a character for some other one that it does not resemble."""
DOUBTFUL = 0.01
"""That likelihood for a line read with no confidence at all comes on top, in proportion to what it lacks."""
GLYPH_FLOOR = 1e-4
"""The least that is left to a character by the OCR-B reader, however sure it is."""

CONFUSIONS: Mapping[float, str] = {
    0.8: "O0",
    0.1: "I1 D0 Q0",
    0.05: "G6",
    0.01: "0O 1I 5S S5 8B B8 2Z Z2",
    0.005: "6G",
    0.003: "OQ OD QO DO 0Q 0D UV VU CG GC EF FE MN NM VY YV B3 3B 7Z Z7 1T T1 IT TI",
    0.001: "0U U0 OU UO DU UD 1L L1 IL LI 1J J1 IJ JI 4A A4 MW WM KX XK PR RP 38 83 5G G5 6B B6 17 71 <1 1< <I I<",
}
"""What stands there and what general text readers take it for, by how often they do. Of 1,394 characters of drawn
documents PP-OCR read O as 0 in 30 cases of 35, I as 1 in 2 of 33, D as 0 in 1 of 6, G as 6 in 1 of 18, and never the
other way round; the rest is judgement, on the safe side: too high a figure refuses, too low a one accepts."""
FILLER_READ_AS: Mapping[float, str] = {0.03: "K", 0.02: "CL", 0.01: "ES", 0.003: "XT"}
"""What a filler becomes. A letter hardly ever becomes a filler."""

MISSED_FILLER = 0.1
MISSED = 1e-4
"""Likelihoods that a text reader leaves out a filler beside one that it wrote, and any other character."""
INVENTED = 1e-4
"""That it writes a character too many, whatever it is; one that repeats what stands before, as fillers do, is likelier:
"""
REPEATED = 5e-4

LENGTH_TOLERANCE = 0.35
"""A text whose length differs from the places by more than this share says nothing about them."""


class LineEvidence(NamedTuple):
    """One line in one layout."""

    likelihoods: Likelihoods
    """By both readers."""
    by_text: Likelihoods
    """By the text reader alone; by the other where there is no text."""
    fit: float
    """Log-likelihood of the text under the layout, to tell layouts apart; -inf = it cannot be such a line."""


def line_evidence(line: MrzLine, alphabets: Sequence[str]) -> LineEvidence:
    """What both readers say about a line with these places. Where what the OCR-B reader saw makes the text less likely
    than knowing nothing would, the two did not look at the same characters (its grid was off), and it is left out."""
    allowed = np.array([[character in alphabet for character in ALPHABET] for alphabet in alphabets], dtype=np.float64)
    prior = allowed / allowed.sum(axis=1, keepdims=True)
    glyphs = glyph_likelihoods(line, len(alphabets))
    seen = prior if glyphs is None else _normalised(prior * glyphs)
    text = "".join(character for character in line.text if character in INDEX)
    if not text:
        return LineEvidence(seen, seen, -np.inf if glyphs is None else 0.0)
    if abs(len(text) - len(alphabets)) > LENGTH_TOLERANCE * len(alphabets):
        return LineEvidence(prior, prior, -np.inf)
    emission = text_likelihoods(text, line.confidence)
    by_text, fit = _laid_along(text, emission, prior)
    if glyphs is None:
        return LineEvidence(by_text, by_text, fit)
    by_both, fit_of_both = _laid_along(text, emission, seen)
    if fit_of_both <= fit:
        return LineEvidence(by_text, by_text, fit)
    suits = float(np.log((glyphs * allowed).sum(axis=1)).sum())
    return LineEvidence(by_both, by_text, fit_of_both + suits)


def glyph_likelihoods(line: MrzLine, places: int) -> Likelihoods | None:
    """The OCR-B reader's share; None where it did not look, or cut the line into another number of characters."""
    if len(line.glyphs) != places:
        return None
    likelihoods = np.zeros((places, len(ALPHABET)))
    for place, guesses in enumerate(line.glyphs):
        for character, probability in guesses:
            if character in INDEX:
                likelihoods[place, INDEX[character]] = max(0.0, probability)
    rest = np.maximum(0.0, 1.0 - likelihoods.sum(axis=1, keepdims=True)) / len(ALPHABET)
    return _normalised(np.maximum(likelihoods + rest, GLYPH_FLOOR))


def text_likelihoods(text: str, confidence: float) -> Likelihoods:
    """For each character of a text, how likely the reader writes it where each character of ``ALPHABET`` stands."""
    return _confusion_matrix(confidence)[:, [INDEX[character] for character in text]].T


def _confusion_matrix(confidence: float) -> Likelihoods:
    """Row: what stands there; column: what is read."""
    floor = FLOOR + DOUBTFUL * (1.0 - min(1.0, max(0.0, confidence))) / len(ALPHABET)
    matrix = np.full((len(ALPHABET), len(ALPHABET)), floor)
    for likelihood, pairs in CONFUSIONS.items():
        for pair in pairs.split():
            one, other = (INDEX[character] for character in pair)
            matrix[one, other] = likelihood
    for likelihood, characters in FILLER_READ_AS.items():
        matrix[INDEX["<"], [INDEX[character] for character in characters]] = likelihood
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, 1.0 - matrix.sum(axis=1))
    return matrix


def _laid_along(text: str, emission: Likelihoods, prior: Likelihoods) -> tuple[Likelihoods, float]:
    """Likelihoods by place, and the log-likelihood of the text: weigh every way to lay it along the places. Each place
    has one character of it or was missed, and characters in between may be invented. ``forward[i, j]``: the first i
    places explain the first j characters."""
    places, length = len(prior), len(text)
    taken = prior @ emission.T
    missed_here = np.full((length + 1, len(ALPHABET)), MISSED)
    missed_here[_beside_filler(text), INDEX["<"]] = MISSED_FILLER
    missed = prior @ missed_here.T
    repeats = [at > 0 and text[at] == text[at - 1] for at in range(length)]
    invented = np.where(repeats, REPEATED, INVENTED) / len(ALPHABET)
    forward = _lattice(taken, missed, invented)
    backward = _lattice(taken[::-1, ::-1], missed[::-1, ::-1], invented[::-1])[::-1, ::-1]
    total = forward[places, length]
    if not total > 0.0:
        return prior, -np.inf
    by_character = (forward[:-1, :-1] * backward[1:, 1:]) @ emission
    by_nothing = (forward[:-1] * backward[1:]) @ missed_here
    return _normalised(prior * (by_character + by_nothing)), float(np.log(total))


def _beside_filler(text: str) -> npt.NDArray[np.bool_]:
    """By gap before, between and after the characters: whether a filler stands on either side of it."""
    filler = np.array([False, *(character == "<" for character in text), False])
    return np.asarray(filler[:-1] | filler[1:])


def _lattice(taken: Likelihoods, missed: Likelihoods, invented: Likelihoods) -> Likelihoods:
    """Sums over all paths to each (place, character); at most 44 × 60 products of some 10⁻², so no double underflows
    that matters."""
    places, length = taken.shape
    table = np.zeros((places + 1, length + 1))
    table[0, 0] = 1.0
    for place in range(places + 1):
        row = table[place]
        if place:
            row += table[place - 1] * missed[place - 1]
            row[1:] += table[place - 1, :-1] * taken[place - 1]
        for at in range(length):
            row[at + 1] += row[at] * invented[at]
    return table


def _normalised(rows: Likelihoods) -> Likelihoods:
    total = rows.sum(axis=1, keepdims=True)
    return np.asarray(rows / np.where(total > 0.0, total, 1.0))
