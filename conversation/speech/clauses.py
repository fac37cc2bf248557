"""Where a reply may be cut so that its beginning can be spoken before its end is ready. Pure."""

import re
from collections.abc import Iterator

LONGEST_WHOLE = 90
"""Characters; a sentence up to this length is spoken in one piece, because every cut costs some melody."""
SHORTEST_PIECE = 30
"""Characters; a clause shorter than this stays with the next one."""
LONGEST_PIECE = 240
"""Characters; a clause without punctuation is cut between words beyond this."""

_CLAUSE_END = re.compile(r"(?<=[,;:—–])\s+")


def clauses(sentences: list[str]) -> Iterator[str]:
    """Cut long sentences at clause punctuation, and what is still too long between words; keep the order."""
    for sentence in sentences:
        if len(sentence) <= LONGEST_WHOLE:
            yield sentence
            continue
        piece = ""
        for part in _CLAUSE_END.split(sentence):
            if len(piece) >= SHORTEST_PIECE:
                yield from _between_words(piece)
                piece = part
            else:
                piece = f"{piece} {part}" if piece else part
        yield from _between_words(piece)


def _between_words(piece: str) -> Iterator[str]:
    line = ""
    for word in piece.split():
        if line and len(line) + 1 + len(word) > LONGEST_PIECE:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line
