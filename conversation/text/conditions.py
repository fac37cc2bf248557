"""What an outcome condition is about: its kinds, read from its English wording."""

import re
from collections.abc import Iterable
from enum import Enum

from conversation.text.normalise import normalise


class Kind(Enum):
    """A kind of condition. One condition may be of several kinds."""

    ALWAYS = "always"
    """Holds whatever is said: empty, "true", "always"."""
    NO_ANSWER = "no_answer"
    """Silence, or no usable answer after several tries."""
    MISSING = "missing"
    """The thing asked for was not given."""
    UNABLE = "unable"
    REFUSE = "refuse"
    HELP = "help"
    """Asks for help, an explanation or a repetition; did not understand."""
    DEFER = "defer"
    """Later, another time."""
    UNSURE = "unsure"
    AGENT = "agent"
    """Wants a human."""
    QUIT = "quit"
    """Wants to stop."""
    OFF_TOPIC = "off_topic"
    COERCED = "coerced"
    """Somebody else directs, threatens or coaches the user."""
    FREE = "free"
    """Acts freely, alone, without anybody's direction."""
    PARTIAL = "partial"
    """Only part of the thing was given."""
    OTHER = "other"
    """Anything else."""
    AFFIRM = "affirm"
    """Agrees, confirms, is willing."""
    DENY = "deny"
    """Disagrees, rejects, says that it is not so."""


_DID_NOT = (
    r"(?:did not|does not|do not|didn't|doesn't|don't|has not|hasn't|have not|would not|wouldn't|will not|won't|"
    r"never)"
)
_GIVE = (
    r"(?:(?:fully |clearly |actually |really )?(?:give|gave|given|provide[ds]?|state[ds]?|say|says|said|tell|told|"
    r"mention(?:s|ed)?|"
    r"name[ds]?|share[ds]?|supply|supplied|offer(?:ed)?|disclose[ds]?|reveal(?:ed)?|explain(?:ed|s)?|"
    r"describe[ds]?|specif(?:y|ied)|"
    r"answer(?:ed|s)?|repl(?:y|ied)|respond(?:ed)?|identif(?:y|ied)|introduce[ds]?|spell(?:ed)?|read))"
)
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.ALWAYS, r"^(?:true|always|any|anything|any (?:reply|answer|response|case)|in any case|"
                  r"unconditional(?:ly)?|default|\*)?$"),
    (
        Kind.NO_ANSWER,
        rf"\b(?:no (?:answer|response|reply|usable|valid|input|speech)|silen(?:t|ce)|time[sd]? out|timeout|"
        rf"unresponsive|inaudible|"
        rf"(?:after|for) (?:\d+|two|three|four|five|several|multiple|many|repeated|a few) (?:attempts?|tries|"
        rf"times|failed)|"
        rf"repeatedly|attempts? (?:are |were )?(?:exhausted|used up|failed)|(?:too many|out of|"
        rf"no more) (?:attempts|tries)|"
        rf"fail(?:s|ed)? to|failure|{_DID_NOT} (?:answer|respond|reply|speak|say anything|react)|not (?:answered|"
        rf"clear|understood)|"
        rf"unclear|unintelligible|can ?not be understood|says nothing|nothing (?:is |was )?(?:said|heard))\b",
    ),
    (
        Kind.MISSING,
        rf"\b(?:{_DID_NOT} {_GIVE}|(?:gave|gives|gave|provides|provided|states|stated|offers) no\b|"
        rf"without (?:giving|providing|stating)|"
        rf"no [\w' -]{{1,40}} (?:is |was |were |has been |have been )?(?:given|provided|stated|mentioned|said|"
        rf"shared)|"
        rf"(?:is|are|was|were) (?:missing|not (?:given|provided|stated|mentioned))|(?<!not )missing|withh(?:eld|olds?)|"
        rf"(?:avoids?|evades?|evasive|dodg\w+|instead of (?:answering|giving)))\b",
    ),
    (
        Kind.UNABLE,
        r"\b(?:unable|can ?not|can't|could not|couldn't|incapable|not able|do(?:es)? not (?:know|remember|recall)|"
        r"doesn't (?:know|remember|recall)|"
        r"forg[oe]t\w*|not possible)\b",
    ),
    (
        Kind.REFUSE,
        r"\b(?:refus\w+|declin\w+|unwilling|reluctan\w+|will not|won't|objects?|objected|"
        r"(?:do(?:es)?|did) not (?:want|wish|agree) to (?:say|give|provide|share|answer|tell|state|do|show|"
        r"continue|proceed|disclose)|"
        r"(?:doesn't|didn't|don't) (?:want|wish) to (?:say|give|provide|share|answer|tell|state|do|show|continue|"
        r"proceed|disclose)|"
        r"not willing|prefers? not)\b",
    ),
    (
        Kind.HELP,
        r"\b(?:(?:asks?|asked|asking) (?:for |why|what|how|who|whether|if|about|to (?:repeat|explain|clarify|"
        r"have)|back|a question|us|the (?:avatar|agent|assistant))"
        r"(?!.{0,12}\b(?:human|agent|person|operator|representative|refund|later)\b)|"
        r"(?:needs?|wants?|requests?|requires?) (?:some |more |an? )?(?:help|explanation|assistance|clarification|"
        r"information|guidance|repetition)|"
        r"confus\w+|(?:has|have) (?:a )?questions?|(?:do(?:es)?|did) not (?:understand|hear|follow)|(?:doesn't|"
        r"didn't) (?:understand|hear|follow))\b",
    ),
    (
        Kind.DEFER,
        r"\b(?:later|reschedul\w+|another (?:time|day)|more time|postpon\w+|call(?:ed)? back|callback|"
        r"not (?:ready|now|yet ready)|defer\w*|wait|some other time|not yet)\b",
    ),
    (
        Kind.UNSURE,
        r"\b(?:unsure|uncertain|not (?:sure|certain|decided)|undecided|hesita\w+|has not decided|hasn't decided|"
        r"ambiguous|vague\w*|"
        r"(?:do(?:es)? not|doesn't) (?:know|remember|recall)|maybe|doubts?)\b",
    ),
    (Kind.AGENT, r"\b(?:human|real person|(?:live |human )?(?:agent|operator|representative|advisor|adviser|"
                 r"supervisor)|(?:speak|talk) (?:to|with) (?:a person|someone|somebody))\b"),
    (Kind.QUIT, r"\b(?:wants? to (?:stop|quit|end|leave|abort|exit|hang up)|ends? the (?:call|conversation|"
                r"session)|hangs? up|says? goodbye|gives? up|abandon\w*|abort\w*)\b"),
    (Kind.OFF_TOPIC, r"\b(?:unrelated|off ?topic|irrelevant|chang\w+ the (?:subject|topic)|not related|"
                     r"nothing to do with|small talk|something (?:completely |entirely )?different)\b"),
    (
        Kind.COERCED,
        r"\b(?:pressur\w+|forc(?:ed|ing|es)|coach\w*|coerc\w+|under duress|threat\w+|unsafe|at (?:somebody|"
        r"someone)(?: else)?'s request|manipulat\w+|scam\w*|"
        r"being (?:told|instructed|guided|directed|advised)|instruct\w+|dictat\w+|"
        r"(?:another person|someone|somebody|anyone|anybody|a third party|a caller|third party)(?: else)? (?:is |"
        r"has |who )?(?:told|telling|tells|helped|helping|asked|asking|"
        r"made|making|guid\w+|direct\w+|instruct\w+|influenc\w+|listening|pushing|urging|urged|wants|contacted|"
        r"called))\b",
    ),
    (
        Kind.FREE,
        r"\b(?:voluntar\w+|freely|free will|own (?:will|decision|idea|initiative|choice|accord|behalf|free)|"
        r"(?:no one|nobody|no (?:other )?person|no third party)(?: else)? (?:is|has|told|tells|asked|coach\w*|"
        r"forc\w*|press\w*|guid\w*|instruct\w*|influenc\w*|contacted|called|present|involved)|"
        r"on (?:their|his|her) own|by (?:themselves|himself|herself)|(?:is|are|was|were|being) (?:completely |"
        r"really )?alone|says? they are alone|"
        r"not (?:being )?(?:pressur\w+|forced|coach\w+|coerced|instructed|told|threatened|influenced|guided))\b",
    ),
    (Kind.PARTIAL, r"\b(?:only (?:a |the )?(?:part|first|last|half|some)|partial\w*|incomplete\w*|part of|"
                   r"some of the|just (?:a|the) (?:first|last)|only (?:gave|gives|provided|said|says|a))\b"),
    (Kind.OTHER, r"^(?:other(?:wise)?|something else|anything else|any other\b.*|none of the (?:above|others?)|"
                 r"else)$|\b(?:wants|says|chooses|mentions|needs|asks for) (?:something|anything) else\b|"
                 r"\banother (?:topic|reason|request)\b"),
    (
        Kind.DENY,
        rf"\b(?:den(?:y|ies|ied|ying)|declin\w+|reject\w*|disagree\w*|wrong|incorrect|unwilling|cancel\w*|"
        rf"(?:says?|said|answers?|answered) (?:no|that (?:it|they) (?:is|are|was|were|do|does|did) not)|"
        rf"disallow\w*|refus\w+|"
        rf"{_DID_NOT} (?:agree|consent|accept|allow|approve|confirm|want|understand|own|have|recogni[sz]e|"
        rf"authori[sz]e|like|need|use|see|live|know)|"
        rf"(?:is|are|was|were|am) (?:not|no longer|neither)\b|not (?:correct|right|true|the case|an?|the|ready|"
        rf"willing|satisfied|happy|interested)\b|no longer|isn't|aren't|wasn't|weren't|has no|have no|had no|"
        rf"nothing|none|nobody|no one|without)\b",
    ),
    (
        Kind.AFFIRM,
        r"\b(?:confirm\w*|agree\w*|accept\w*|consent\w*|approv\w+|allow\w*|willing|correct|is right|(?:says?|said|"
        r"answers?|answered) yes|authori[sz]\w+|permit\w*|"
        r"(?:is|are) ready|underst(?:ood|ands?)|owns?|(?:is|are) (?:fine|happy|satisfied|ok|okay)|recogni[sz]\w+|"
        r"wants to (?:continue|proceed|go ahead)|affirm\w*|acknowledg\w+)\b",
    ),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_NEGATION = re.compile(
    r"\b(?:not|no|never|doesn't|didn't|don't|isn't|aren't|wasn't|cannot|can't|unable|nobody|unwilling|without|"
    r"no longer)\b"
)
_NO_ANSWER_ORDER = (Kind.NO_ANSWER, Kind.MISSING, Kind.UNABLE, Kind.OTHER, Kind.REFUSE, Kind.UNSURE, Kind.OFF_TOPIC)


def kinds(condition: str) -> frozenset[Kind]:
    """Return the kinds of a condition; empty for a plain statement such as "The user wants to open an account"."""
    text = normalise(condition)
    found = {kind for kind, pattern in _COMPILED if pattern.search(text)}
    if Kind.FREE in found:
        found.discard(Kind.COERCED)
    if Kind.COERCED in found and re.search(r"\b(?:no one|nobody|not|never|no)\b", text):
        found = (found - {Kind.COERCED}) | {Kind.FREE}
    if Kind.AFFIRM in found and (Kind.DENY in found or _NEGATION.search(text)):
        found.discard(Kind.AFFIRM)
    if found & {Kind.MISSING, Kind.REFUSE, Kind.HELP} and Kind.NO_ANSWER in found and not _about_silence(text):
        found.discard(Kind.NO_ANSWER)
    return frozenset(found)


def no_answer_outcome(conditions: Iterable[tuple[str, str]]) -> str | None:
    """Return the id of the outcome that stands for "no usable answer after several tries", or None.

    ``conditions`` are pairs of outcome id and condition. An explicit "no answer" goes before "did not provide",
    which goes before "unable", "something else", "refuses", "unsure" and "off topic".
    """
    listed = [(identifier, kinds(text)) for identifier, text in conditions]
    for wanted in _NO_ANSWER_ORDER:
        for identifier, found in listed:
            # "Cannot confirm" or "did not agree" answer a question: they need the user's word.
            if wanted in found and not (wanted is Kind.UNABLE and found & {Kind.HELP, Kind.DEFER}):
                return identifier
    return next((identifier for identifier, found in listed if Kind.ALWAYS in found), None)


def _about_silence(text: str) -> bool:
    return (
        re.search(r"\b(?:silen|no (?:answer|response|reply)|attempts|tries|time ?out|respond|not answer)", text)
        is not None
    )
