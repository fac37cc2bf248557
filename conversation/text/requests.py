"""Two things that a person asks for while a form is open: to leave it, and to be sent the code again."""

import re

from conversation.text.acts import Act, acts
from conversation.text.normalise import normalise, without_fillers

_CANCEL = re.compile(
    r"^(?:no |please |just |ok |okay |let's |can you |can we )*(?:cancel|stop|abort|quit|skip|never ?mind|forget it|"
    r"cancela\w*|anula\w*|déjalo|annule\w*|arrête\w*|laisse\w* tomber|abbrechen|abbruch|stopp|vergiss es|"
    r"vergessen sie es|lassen wir das)\b"
)
_RESEND = re.compile(
    r"\b(?:re-?send|(?:send|text|e-?mail|give)(?: me| us)?(?: it| that| one| (?:the|a|another|a new)(?: new)? code)? "
    r"(?:again|once more|one more time)|(?:send|text|give|get)(?: me)? (?:another|a new|a fresh)|"
    r"(?:another|new|fresh) (?:code|one)|"
    r"(?:didn't|did not|haven't|have not|never|don't) (?:get|got|gotten|receive[d]?|see|have) "
    r"(?:it|one|any|anything|the|a|my|that code)\b|"
    r"(?:nothing|it hasn't|it has not|hasn't|no code|no (?:e-?mail|message|text))(?: has)? "
    r"(?:came|come|arrived|here|yet)|"
    r"not (?:there|arrived|here) yet|"
    r"(?:otra vez|de nuevo|nuevo código|otro código|reenv\w+|no (?:me )?ha llegado|no (?:lo )?he recibido)|"
    r"(?:renvo\w+|un nouveau code|un autre code|(?:pas|rien) reçu)|"
    r"(?:noch ?mals?|noch einmal|neuen code|erneut|nicht (?:bekommen|erhalten|angekommen)|nichts (?:bekommen|"
    r"angekommen)))(?!\w)"
)
_SHORT_REPLY = 4


def asks_to_cancel(text: str, *, plain_no: bool = False) -> bool:
    """Return whether a reply breaks the form off: a word such as "cancel", a refusal, a goodbye.

    With ``plain_no`` a short "no" does too, which is right where nothing was asked that "no" could answer.
    """
    said = acts(text)
    if said & {Act.REFUSE, Act.QUIT} or _CANCEL.match(normalise(without_fillers(text))):
        return True
    return plain_no and Act.NO in said and Act.HELP not in said and len(text.split()) <= _SHORT_REPLY


def asks_to_resend(text: str) -> bool:
    """Return whether a reply asks for another code, or says that none has come."""
    return _RESEND.search(normalise(text)) is not None
