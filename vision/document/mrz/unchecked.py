"""The fields that no check digit covers: as read, by the alphabet of each place alone.

Names have a grammar besides: words with one filler between them, two before the secondary identifier, and nothing but
fillers after its end; so a ``K`` among the last fillers is known for what it is.
"""

import numpy as np

from vision.document.mrz.check_digit import ALPHABET
from vision.document.mrz.evidence import INDEX, Likelihoods
from vision.document.mrz.layouts import LETTERS, Layout

SURE = 0.9
"""A place is sure when one character has at least this much of the likelihood."""

_PRIMARY, _AFTER_PRIMARY, _BETWEEN, _SECONDARY, _AFTER_SECONDARY, _TAIL = range(6)
_LETTERS = 26.0

_MOVES = (
    (_PRIMARY, _PRIMARY, "letter", 0.9),
    (_PRIMARY, _AFTER_PRIMARY, "filler", 0.1),
    (_AFTER_PRIMARY, _PRIMARY, "letter", 0.2),
    (_AFTER_PRIMARY, _BETWEEN, "filler", 0.8),
    (_BETWEEN, _SECONDARY, "letter", 0.95),
    (_BETWEEN, _TAIL, "filler", 0.05),
    (_SECONDARY, _SECONDARY, "letter", 0.85),
    (_SECONDARY, _AFTER_SECONDARY, "filler", 0.15),
    (_AFTER_SECONDARY, _SECONDARY, "letter", 0.4),
    (_AFTER_SECONDARY, _TAIL, "filler", 0.6),
    (_TAIL, _TAIL, "filler", 0.999),
    (_TAIL, _SECONDARY, "letter", 0.001),
)
"""From where to where in a field of names, by what, and how likely. Some documents have a second ``<<``, though 9303
does not."""

UNCHECKED = ("document_code", "issuer", "nationality", "sex", "names")


def unchecked_field(name: str, layout: Layout, likelihoods: list[Likelihoods]) -> tuple[str, bool]:
    """The likeliest text of such a field, and whether every place of it is sure."""
    span = layout.fields[name]
    places = likelihoods[span.line][span.start : span.end]
    likeliest = _names(places) if name == "names" else "".join(ALPHABET[at] for at in places.argmax(axis=1))
    shares = [places[at, INDEX[character]] for at, character in enumerate(likeliest)]
    fillers = len(likeliest.rstrip("<")) if name == "names" else len(likeliest)
    return likeliest, all(share >= SURE for share in shares[:fillers])


def _names(places: Likelihoods) -> str:
    """The likeliest field of names by its grammar (Viterbi)."""
    letters = [INDEX[character] for character in LETTERS]
    best_letter = [letters[int(place[letters].argmax())] for place in places]
    scores = np.full(6, -np.inf)
    scores[_PRIMARY] = 0.0
    came: list[dict[int, tuple[int, int]]] = []
    for at, place in enumerate(places):
        reached = np.full(6, -np.inf)
        origin: dict[int, tuple[int, int]] = {}
        for start, end, kind, likelihood in _MOVES:
            index, prior = (best_letter[at], likelihood / _LETTERS) if kind == "letter" else (INDEX["<"], likelihood)
            score = scores[start] + np.log(max(place[index], 1e-12) * prior)
            if score > reached[end]:
                reached[end] = score
                origin[end] = (start, index)
        scores = reached
        came.append(origin)
    state = int(scores.argmax())
    found: list[str] = []
    for origin in reversed(came):
        state, index = origin[state]
        found.append(ALPHABET[index])
    return "".join(reversed(found))
