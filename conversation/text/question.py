"""The question inside a spoken line."""

import re

_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")


def question_in(line: str) -> str:
    """Return the part of a line that asks, for repeating it without the greeting before it.

    "Nice to meet you. Do you want to move it?" gives "Do you want to move it?"; a line that asks nothing, or asks
    from its first word on, is returned whole. What follows the question stays, because it may belong to the answer
    ("Which one? The red or the blue.").
    """
    sentences = _SENTENCE.split(line.strip())
    first = next((index for index, sentence in enumerate(sentences) if sentence.endswith("?")), 0)
    return " ".join(sentences[first:])
