"""Speech over the avatar that is no interruption: "mm-hmm", and the avatar's own words coming back."""

import re

_BACKCHANNELS = re.compile(
    r"(?:a+h+a?|alright|cool|great|h+m+|huh|m+h*m*|mm hmm|oh|ok|okay|right|sure|um+|uh+|uhhuh|yeah|yep|yup"
    r"|ja|oui|sí|sì|sim|si|vale|genau)",
)

_ECHO_WORDS = 3
"""Fewer words in common with the avatar's sentence prove nothing."""
_ECHO_SHARE = 0.8


def words(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return re.findall(r"\w+", text.lower())


def is_backchannel(text: str) -> bool:
    """Whether the words only say "I am listening". ``yes`` and ``no`` are answers, never backchannels."""
    said = words(text)
    if not said:
        return True
    return all(_BACKCHANNELS.fullmatch(word) for word in said) or said in (["got", "it"], ["i", "see"])


def is_echo(text: str, agent_text: str) -> bool:
    """Whether most of the words stand in the avatar's sentence, in the same order."""
    said, spoken = words(text), words(agent_text)
    if len(said) < _ECHO_WORDS:
        return False
    matched, position = 0, 0
    for word in said:
        if word in spoken[position:]:
            position = spoken.index(word, position) + 1
            matched += 1
    return matched >= _ECHO_SHARE * len(said)
