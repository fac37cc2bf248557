"""A person's name in a reply to the question for it. Only to be used when a name was asked for: "Portugal" and
"Approved." look like names as well."""

import re

from conversation.text.normalise import clean, word_set

_LEAD_IN = re.compile(
    r"^(?:(?:uh+|um+|er+m?|yeah|yes|yep|sure|hi|hello|hey|well|so|okay|ok|of course|it's|its|it is|i'm|i am|im|"
    r"this is|that's|"
    r"my (?:full |first |last |legal |given |family )?names? ?(?:is|are|'s)?|my name's|the names?(?:'s| is)?|"
    r"names?(?:'s| is)?|call me|"
    r"you can call me|(?:people|they|everyone|everybody) calls? me|it says|account holder is|just|as|i go by|"
    r"speaking|sí|bueno|pues|me llamo|"
    r"mi nombre es|soy|oui|bonjour|je m'appelle|je suis|mon nom est|c'est|ja|hallo|ich hei(?:ß|ss)e|ich bin|"
    r"mein name ist|sono|mi chiamo|"
    r"il mio nome è|chamo[- ]me|me chamo|meu nome é|sou)\b[\s,.:!]*)+",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:names?|i'm|i am|im|it's|this is|call|says|holder|go by|llamo|nombre|soy|appelle|suis|nom|c'est|hei(?:ß|"
    r"ss)e|bin|sono|chiamo|nome|"
    r"chamo|sou)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_NOT_NAMES = word_set(
    "yes no sure please okay ok why what how the a an i you my your it that this can could not don't won't and or "
    "is are "
    "was do did does hello hi there me ready here good fine thanks thank sorry english spanish french german "
    "passport nope "
    "yeah who when where which maybe nothing none nobody never always done wait help stop approved correct right "
    "wrong "
    "fine great perfect alright absolutely exactly certainly tired calling going looking trying having not just "
    "really "
    "very too so because but if then now later today tomorrow yesterday about for from with at on in of to by as "
    "sir madam "
    "we they he she him her us them their our his be been being have has had will would should may might must get "
    "got "
    "want need like know think tell say said give card phone account money bank people thing things something "
    "anything "
    "someone somebody door old years driving busy confused lost happy sad late alone home work "
    "si sí no quiero decirlo para qué que lo la el es un una oui non ne pas le les je ich nicht das nein ja was warum"
)
_PARTICLES = word_set(
    "de da di du del della der den von van la le el al bin ibn ben o' mac mc y e zu dos das do san st"
)
_SUFFIX_STOP = re.compile(
    r"\s*(?:[,;.!?]\s+(?:but|and|why|what|that|i|my|how|it|spelled|spelt|with)\b|\s(?:and (?:i|my)|but|spelled|spelt|"
    r"calling|from|here|speaking|with (?:a|an|one|two)|"
    r"by the way|if|because|please|thanks|thank you|since|at your service)\b).*$",
    re.IGNORECASE,
)
_VOWEL = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ]", re.IGNORECASE)
_MAXIMUM_WORDS = 5


def person_name(reply: str, cased_only: bool = False) -> str | None:
    """Return the name that a reply to "What is your name?" gives, in the speaker's order, or None.

    Capitals decide where the transcript has them. Without capitals (typed, or a recogniser that writes none) a short
    reply without any everyday word is taken as a name and capitalised, unless ``cased_only``.
    """
    text = clean(reply).strip(" .,!")
    lead = _LEAD_IN.match(text)
    rest = text[lead.end() :] if lead else text
    cue = bool(lead and _CUE.search(lead.group()))
    rest = _SUFFIX_STOP.sub("", rest)
    if "?" in rest or re.search(r"\d|@", rest):
        return None
    found = [word.group().rstrip(".") if len(word.group()) > 2 else word.group() for word in _WORD.finditer(rest)]
    if not found or len(found) > 2 * _MAXIMUM_WORDS:
        return None
    if any(word[0].isupper() for word in found):
        return _cased(found, cue)
    return None if cased_only else _uncased(found, cue)


def _cased(found: list[str], cue: bool) -> str | None:
    """Take the first stretch of capitalised words, with small particles inside."""
    name: list[str] = []
    for word in found:
        if (word[0].isupper() and word.lower() not in _NOT_NAMES) or (name and word.lower() in _PARTICLES):
            name.append(word)
        elif name:
            break
        elif not cue or word.lower() in _NOT_NAMES:
            return None
    while name and name[-1].lower() in _PARTICLES and not name[-1][0].isupper():
        name.pop()
    if not name or len(name) > _MAXIMUM_WORDS:
        return None
    return " ".join(name) if cue or len(name) >= len(found) - 1 else None


def _uncased(found: list[str], cue: bool) -> str | None:
    limit = 4 if cue else 3
    if len(found) > limit or any(word.lower() in _NOT_NAMES for word in found):
        return None
    if not cue and (len(found) == 1 and len(found[0]) < 3):
        return None
    if not all(_VOWEL.search(word) for word in found):
        return None
    return " ".join(word if word in _PARTICLES and place else word.capitalize() for place, word in enumerate(found))
