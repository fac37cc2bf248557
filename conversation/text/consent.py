"""Whether a reply is consent. Stricter than a yes elsewhere: what can be read in two ways is none."""

import re

from conversation.text.acts import Act, acts
from conversation.text.normalise import normalise

_DOUBT = re.compile(
    r"(?<!\w)(?:but|only if|if|maybe|perhaps|unless|rather|\w+n't|no|not|never|pero|quizás?|tal vez|"
    r"nunca|mais|peut-être|non|pas|jamais|aber|vielleicht|wenn|nur|nein|nicht|nie|kein\w*|ma|forse|não|talvez)(?!\w)"
)
_REFUSALS = frozenset({Act.NO, Act.REFUSE, Act.QUIT, Act.COERCED})


def consents(text: str) -> bool | None:
    """True for a plain yes, False for a no or a refusal, None for anything that leaves a doubt."""
    said = acts(text)
    if Act.YES in said:
        doubtful = said & _REFUSALS or "?" in text or _DOUBT.search(normalise(text))
        return None if doubtful else True
    return False if said & _REFUSALS else None
