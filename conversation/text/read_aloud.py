"""A sentence that the user is asked to read, and how well the reply matches it."""

import re

from rapidfuzz import fuzz

from conversation.text.normalise import normalise

_ASKED = re.compile(
    r"\b(?:read|repeat|say|recite)\b[^:\"“”'‘«]{0,60}?(?:[:：]\s*[\"“'‘«]?|[\"“‘«]|"
    r"(?<=\s)')(?P<text>[^\"“”«»]+?)(?:[\"”’»]|'(?!\w)|\.?\s*$)",
    re.IGNORECASE,
)
_MINIMUM_WORDS = 2


def text_to_read(prompt: str) -> str:
    """Return the words that a prompt asks the user to read aloud, or an empty string."""
    found = _ASKED.search(re.sub(r"^\s*say:\s*", "", prompt, flags=re.IGNORECASE))
    text = found["text"].strip(" .") if found else ""
    return text if len(text.split()) >= _MINIMUM_WORDS else ""


def similarity(reply: str, text: str) -> float:
    """Return how alike reply and text are, 0 to 1, spaces and punctuation apart (normalised indel distance)."""
    return fuzz.ratio(normalise(reply).replace(" ", ""), normalise(text).replace(" ", "")) / 100
