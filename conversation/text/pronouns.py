"""From talk about the user to talk with the user: "why they are calling" becomes "why you are calling"."""

import re

from conversation.text.normalise import word_set

_PERSON = r"(?:end[- ]?user|user|caller|customer|client|person|applicant|visitor|guest|participant|candidate|speaker)"
USER = rf"(?:(?:the|this|that|each|every|our)\s+)?{_PERSON}|them|they|him|her|he|she|him/her|(?<!\w)people|someone"
"""How a goal names the person whom the avatar talks to (a pattern without groups)."""

_AVATAR = "\N{INVISIBLE SEPARATOR}"
"""Marks words of the avatar until the user's have been shifted; never stands in the result."""

_AGREEMENT = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "isn't": "aren't",
    "wasn't": "weren't",
    "hasn't": "haven't",
    "doesn't": "don't",
}
_NOT_VERBS = word_set("always across perhaps sometimes as thus this address business access previous")
_SUBJECT_VERB = re.compile(
    rf"\b(?:the {_PERSON}|this {_PERSON}|he or she|he/she|he|she)\s+"
    r"((?:also|still|really|currently|already)\s+)?([a-z']+)\b",
    re.IGNORECASE,
)
_AVATAR_STEPS = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\b(can|may|could|should|shall|must|will) you\b", rf"\1 {_AVATAR}I"),
        (r"\bwhether you\b", f"whether {_AVATAR}I"),
        (r"\bif you\b", f"if {_AVATAR}I"),
        (r"\bhow you\b", f"how {_AVATAR}I"),
        (r"\bwhat you\b", f"what {_AVATAR}I"),
        (r"\byou are\b", f"{_AVATAR}I am"),
        (r"\byou\b", f"{_AVATAR}me"),
        (r"\byourself\b", f"{_AVATAR}myself"),
        (r"\byour\b", f"{_AVATAR}my"),
    )
)
_USER_STEPS = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (rf"\b(?:the |this )?{_PERSON}(?:'s|s')", "your"),
        (r"\b(?:his or her|his/her|their|his)\b", "your"),
        (r"\btheirs\b", "yours"),
        (r"\b(?:themselves|themself|himself|herself)\b", "yourself"),
        (rf"\b(?:the |this ){_PERSON}s?\b", "you"),
        (rf"(?<![\w-]){_PERSON}\b(?= (?:is|are|has|have|wants?|needs?|would|can|does|did)\b)", "you"),
        (r"\b(?:he or she|he/she|him or her|him/her|they|them|he|she|him)\b", "you"),
        (r"\bthey're\b", "you're"),
        (r"\bher (?=[a-z])", "your "),
        (r"\bher\b", "you"),
        (r"\byou's\b", "your"),
    )
)


def to_second_person(text: str) -> str:
    """Return a clause about "the user" or "they" as said to that person; the avatar's own "you" becomes "I" or "me"."""
    # The avatar first, or its "you" would be mistaken for the user's.
    for pattern, replacement in _AVATAR_STEPS:
        text = pattern.sub(replacement, text)
    text = _SUBJECT_VERB.sub(_agree, text)
    for pattern, replacement in _USER_STEPS:
        text = pattern.sub(replacement, text)
    return text.replace(_AVATAR, "")


def _agree(found: re.Match[str]) -> str:
    adverb, verb = found[1] or "", found[2].lower()
    if verb in _AGREEMENT:
        verb = _AGREEMENT[verb]
    elif verb.endswith("ies") and len(verb) > 4:
        verb = f"{verb[:-3]}y"
    elif re.search(r"(?:ss|sh|ch|x|zz|o)es$", verb):
        verb = verb[:-2]
    elif verb.endswith("s") and not verb.endswith(("ss", "'s", "us", "is")) and verb not in _NOT_VERBS:
        verb = verb[:-1]
    return f"you {adverb}{verb}"
