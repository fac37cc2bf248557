"""The clauses of a goal, one imperative verb each, and how each is said to a person."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from conversation.text.pronouns import USER, to_second_person


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words for the person."""

    text: str
    asks: bool
    """They ask for an answer."""
    closes: bool = False
    """They end the conversation, so no question should follow."""


_ADVERB = r"(?:(?:first|then|next|now|finally|please|politely|kindly|briefly|warmly|start by|begin by|also)\s*,?\s*)*"
_TO_USER = rf"(?:\s+(?:to|with|from|of|for))?(?:\s+(?:{USER}))?"
_WH = r"(?:why|what|which|who|whom|whose|where|when|how)"
_WHETHER = re.compile(r"^(?:if|whether(?: or not)?)\s+(.+)$", re.I)
_WH_CLAUSE = re.compile(rf"^({_WH}\b.*)$", re.I)
_BE_OR_MODAL = re.compile(
    r"^(you|i|there|(?:your|the|this|that|any|anyone|anybody|someone|somebody|it)\b(?: [\w-]+){0,3}?)\s+"
    r"(am|are|is|were|was|can|could|would|will|should|may|must|have|has|had)\s+(.+)$",
    re.I,
)
_WH_BE = re.compile(
    rf"^({_WH}(?: (?:much|many|old|long|far|often)(?: [\w-]+)?| (?:kind|type|sort) of [\w-]+| [\w-]+)?)\s+"
    r"(you|i|your (?:[\w-]+ ){0,3}?[\w-]+)\s+(are|am|is|were|was|can|could|would|will|should|may)\b\s*(.*)$",
    re.I,
)
_WH_DO = re.compile(
    rf"^({_WH}(?: (?:much|many|long|often)(?: [\w-]+)?| (?:kind|type|sort) of [\w-]+| [\w-]+)?)\s+(you)\s+"
    r"(want|need|live|work|like|prefer|think|feel|know|plan|intend|wish|hope|expect|use|do|mean|own)\b\s*(.*)$",
    re.I,
)
_PERFECT = re.compile(r"^(?:not |never |already |ever |recently |just |any )?(?:\w+ed|been|had|got|gone|done|made|"
                      r"given|"
                      r"sent|lost|seen|told|heard|read|met|taken|bought|paid|changed)\b", re.I)  # fmt: skip
_PLURAL_NOUN = re.compile(
    r"\b(?:details|names|numbers|digits|documents|dates|initials|preferences|needs|"
    r"plans)$",
    re.I,
)


def word_clause(clause: str, attempt: int = 0) -> Spoken | None:
    """Return the words for one clause of a goal, or None when it holds nothing to say."""
    for pattern, wording in _CLAUSES:
        found = pattern.match(clause)
        if found:
            return wording(found, attempt)
    needed = re.match(
        rf"^(?:{USER})\s+(?:should|must|needs? to|has to|have to|is (?:asked|expected) to)\s+(.+)$", clause, re.I
    )
    if needed:
        return _request(to_second_person(needed[1]), attempt)
    if len(clause.split()) <= 8 and not re.search(r"\b(?:is|are|was|were|must|should|will)\b", clause):
        return _noun(_your(to_second_person(clause)), attempt)
    return None


def _sentence(text: str, mark: str = ".") -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,.;:?!")
    text = re.sub(r"\bi\b", "I", text)
    return f"{text[:1].upper()}{text[1:]}{mark}"


def _your(noun: str) -> str:
    """Give a bare slot its owner: "full name and date of birth" becomes "your full name and date of birth"."""
    bare = re.match(r"^(?:(?:full|first|last|home|current|e-?mail|phone|mobile|legal|postal)\s+)*"
                    r"(?:name|address|e-?mail|phone|number|age|date of birth|birthday|surname|occupation|job|"
                    r"consent|identity)\b",
                    noun, re.I)  # fmt: skip
    if not bare:
        return noun
    noun = re.sub(r"\s+(?:check|verification|collection|confirmation)$", "", noun, flags=re.I)
    return f"your {noun[0].lower()}{noun[1:]}"


def _ask_for(found: re.Match[str], attempt: int) -> Spoken | None:
    """Word what stands after "ask", "find out", "confirm" …: a clause, an action or a thing."""
    rest = found["rest"].strip()
    rest = re.sub(
        r"^(?:about|for|on|regarding|into)\s+(?=(?:if|whether|why|what|which|who|where|when|how)\b)",
        "",
        rest,
        flags=re.I,
    )
    whether = _WHETHER.match(rest)
    if whether:
        return _yes_no(to_second_person(f"if {whether[1]}")[3:], attempt)
    clause = _WH_CLAUSE.match(rest)
    if clause:
        return _wh(to_second_person(clause[1]), attempt)
    action = re.match(r"^to\s+(.+)$", rest, re.I)
    if action:
        return _request(to_second_person(action[1]), attempt)
    that = re.match(r"^that\s+(.+)$", rest, re.I)
    if that:
        return Spoken(_sentence(f"is it right that {to_second_person(that[1])}", "?"), True)
    thing = _your(to_second_person(re.sub(r"^(?:for|about|of|on)\s+", "", rest, flags=re.I)))
    if not thing:
        return None
    consent = re.match(
        r"^(?:your |the |for )?(?:permission|consent|agreement|approval) (?:to|for)\s+(.+)$", thing, re.I
    )
    if consent:
        return Spoken(
            _sentence(f"do I have your permission {'to' if ' to ' in thing else 'for'} {consent[1]}", "?"), True
        )
    if re.match(r"^(?:about|regarding)\b", rest, re.I):
        return Spoken(
            _sentence((f"could you tell me about {thing}", f"what can you tell me about {thing}")[attempt % 2], "?"),
            True,
        )
    return _noun(thing, attempt)


def _confirm(found: re.Match[str], attempt: int) -> Spoken | None:
    rest = re.sub(rf"\s+with (?:{USER})$", "", found["rest"].strip(), flags=re.I)
    # "Check that they are alone" asks; reading the wish out as a fact would put the answer into the user's mouth.
    that = re.match(
        r"^(?:that\s+)?((?:they|he|she|the \w+|their \w+)\s+(?:is|are|was|were|has|have|can|will|want|agree|"
        r"understand)s?\b.+)$",
        rest,
        re.I,
    )
    if that:
        return _yes_no(to_second_person(that[1]), attempt)
    if _WHETHER.match(rest) or _WH_CLAUSE.match(rest) or rest.lower().startswith("that "):
        return _ask_for(found, attempt)
    thing = _your(to_second_person(rest))
    asked = (
        f"could you confirm {thing} for me, please",
        f"would you tell me {thing} once more",
        f"please, could you confirm {thing}",
    )
    return Spoken(_sentence(asked[attempt % 3], "?"), True)


def _yes_no(clause: str, attempt: int) -> Spoken:
    polite = _sentence(f"could you tell me whether {clause}", "?")
    if attempt % 3 == 1:
        return Spoken(polite, True)
    if attempt % 3 == 2:
        return Spoken(f"A simple yes or no is enough: {_direct_yes_no(clause) or polite}", True)
    return Spoken(_direct_yes_no(clause) or polite, True)


def _direct_yes_no(clause: str) -> str | None:
    found = _BE_OR_MODAL.match(clause)
    if found:
        subject, verb, rest = found[1], found[2].lower(), found[3]
        if verb in ("have", "has", "had") and not _PERFECT.match(rest):
            helper = {"have": "do", "has": "does", "had": "did"}[verb]
            return _sentence(f"{helper} {subject} have {rest}", "?")
        return _sentence(f"{verb} {subject} {rest}", "?")
    plain = re.match(r"^you\s+((?:still |also |really |currently )?(?:want|need|agree|accept|consent|understand|"
                     r"live|work|like|prefer|know|"
                     r"recogni[sz]e|own|use|see|hear|remember|wish|plan|intend|feel|think|approve|"
                     r"authori[sz]e)\b.*)$", clause, re.I)  # fmt: skip
    return _sentence(f"do you {plain[1]}", "?") if plain else None


def _wh(clause: str, attempt: int) -> Spoken:
    indirect = ("could you tell me {}", "would you mind telling me {}", "in a few words, could you say {}")
    if attempt == 0:
        direct = _WH_BE.match(clause)
        if direct:
            return Spoken(_sentence(f"{direct[1]} {direct[3]} {direct[2]} {direct[4]}", "?"), True)
        direct = _WH_DO.match(clause)
        if direct:
            return Spoken(_sentence(f"{direct[1]} do {direct[2]} {direct[3]} {direct[4]}", "?"), True)
    return Spoken(_sentence(indirect[attempt % 3].format(clause), "?"), True)


def _request(action: str, attempt: int) -> Spoken:
    forms = ("could you {}, please", "would you please {}", "can I ask you to {}")
    return Spoken(_sentence(forms[attempt % 3].format(action), "?"), True)


def _noun(thing: str, attempt: int) -> Spoken:
    several = bool(re.search(r",|\band\b", thing)) or bool(_PLURAL_NOUN.search(thing))
    if attempt % 3 == 0 and re.match(r"^your\b", thing, re.I) and not several and len(thing.split()) <= 5:
        return Spoken(_sentence(f"what is {thing}", "?"), True)
    forms = ("could you tell me {}, please", "may I have {}, please", "would you give me {}")
    return Spoken(_sentence(forms[attempt % 3].format(thing), "?"), True)


def _greet(found: re.Match[str], attempt: int) -> Spoken | None:
    named = re.search(r"\b(?:by name|as)\s+([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)", found["rest"])
    if attempt:
        return None
    return Spoken(f"Hello {named[1]}!" if named else "Hello!", False)


def _introduce(found: re.Match[str], attempt: int) -> Spoken | None:
    who = re.search(r"\b(?:as|name is)\s+(.+)$", found["rest"], re.I)
    if attempt:
        return None
    return Spoken(_sentence(f"I'm {who[1]}") if who else "I'm your digital assistant.", False)


def _thank(found: re.Match[str], _attempt: int) -> Spoken:
    reason = re.search(r"\b(for\s+.+)$", found["rest"], re.I)
    return Spoken(_sentence(f"thank you {to_second_person(reason[1])}" if reason else "thank you"), False)


def _apologise(found: re.Match[str], _attempt: int) -> Spoken:
    reason = re.search(r"\bfor\s+(.+)$", found["rest"], re.I)
    return Spoken(
        _sentence(f"I'm sorry about {to_second_person(reason[1])}" if reason else "I'm sorry about that"), False
    )


def _tell(found: re.Match[str], _attempt: int) -> Spoken | None:
    rest = found["rest"].strip(" ,:")
    action = re.match(r"^to\s+(.+)$", rest, re.I)
    if action:
        return Spoken(_sentence(f"please {to_second_person(action[1])}"), False)
    quoted = re.match(r"^[\"“'](.+?)[\"”']?$", rest)
    if quoted:
        return Spoken(_sentence(quoted[1]), False)
    fact = re.sub(r"^(?:know\s+)?(?:that\s+|,\s*|:\s*)", "", rest, flags=re.I)
    if re.match(r"^(?:know\s+)?(?:about|of|regarding)\s+", fact, re.I):
        topic = re.sub(r"^(?:know )?(?:about|of|regarding) ", "", fact, flags=re.I)
        return Spoken(_sentence(f"I'd like to tell you about {to_second_person(topic)}"), False)
    if _WH_CLAUSE.match(fact):
        return Spoken(_sentence(f"let me explain {to_second_person(fact)}"), False)
    if re.match(r"^(?:goodbye|good bye|hello|hi|farewell|thank you)\b", fact, re.I):
        return Spoken(_sentence(to_second_person(fact)), False)
    shifted = to_second_person(fact)
    if re.search(
        r"\b(?:is|are|was|were|will|can|may|must|should|has|have|had|needs?|takes?|do|does|did|would|"
        r"cannot)\b",
        shifted,
    ):
        return Spoken(_sentence(shifted), False)
    return Spoken(_sentence(f"let me tell you about {shifted}"), False) if shifted else None


def _farewell(_found: re.Match[str], _attempt: int) -> Spoken:
    return Spoken("Goodbye!", asks=False, closes=True)


def _wish(found: re.Match[str], _attempt: int) -> Spoken:
    wish = re.sub(r"^(?:for\s+)?", "", to_second_person(found["rest"]).strip(" ,"), flags=re.I)
    return Spoken(
        _sentence(f"have {wish}" if re.match(r"^an? ", wish) else f"I wish you {wish}"), asks=False, closes=True
    )


def _offer(found: re.Match[str], _attempt: int) -> Spoken:
    rest = to_second_person(found["rest"]).strip()
    action = re.match(r"^to\s+(.+)$", rest, re.I)
    return Spoken(_sentence(f"shall I {action[1]}" if action else f"would you like {rest}", "?"), True)


def _help(found: re.Match[str], attempt: int) -> Spoken:
    rest = to_second_person(found["rest"]).strip()
    rest = re.sub(r"^you\s*", "", rest, flags=re.I)
    forms = ("how can I help you {}", "what can I do for you {}", "what do you need help with {}")
    return Spoken(_sentence(forms[attempt % 3].format(rest if rest.startswith(("with", "to ")) else ""), "?"), True)


def _discuss(found: re.Match[str], attempt: int) -> Spoken:
    topic = to_second_person(re.sub(r"^(?:about\s+)", "", found["rest"].strip(), flags=re.I)) or "this"
    forms = (
        "I'd like to talk about {}. What can you tell me?",
        "What can you tell me about {}?",
        "What comes to mind about {}?",
    )
    return Spoken(_sentence(forms[attempt % 3].format(topic).rstrip("?"), "?"), True)


def _nothing(_found: re.Match[str], _attempt: int) -> None:
    return None


_Wording = Callable[[re.Match[str], int], Spoken | None]


def _rule(pattern: str, wording: _Wording) -> tuple[re.Pattern[str], _Wording]:
    return re.compile(rf"^{_ADVERB}{pattern}", re.IGNORECASE), wording


_REST = r"(?P<rest>.*)$"
_CLAUSES: tuple[tuple[re.Pattern[str], _Wording], ...] = (
    _rule(rf"(?:say|bid)\s+(?:goodbye|good bye|farewell|bye)\b{_REST}", _farewell),
    _rule(rf"(?:end|close|conclude|finish|wrap up|hang up)(?:ing)?\b{_REST}", _farewell),
    _rule(rf"(?:greet|welcome|say (?:hello|hi))(?:ing)?\b{_TO_USER}{_REST}", _greet),
    _rule(rf"introduc(?:e|ing) yourself\b{_REST}", _introduce),
    _rule(rf"thank(?:ing)?\b{_TO_USER}{_REST}", _thank),
    _rule(rf"apologi[sz](?:e|ing)\b{_TO_USER}{_REST}", _apologise),
    _rule(rf"wish(?:ing)?\b{_TO_USER}{_REST}", _wish),
    _rule(rf"(?:wait|note|record|see you)\b{_REST}", _nothing),
    _rule(rf"offer(?:ing)?\b(?:\s+(?:{USER})(?=\s))?{_REST}", _offer),
    _rule(
        rf"(?:(?:invite|encourage|instruct|direct|guide|have|get|let|make|tell|"
        rf"help)(?:ing)?)\s+(?:{USER})\s+(?P<rest>to\s+.+)$",
        _ask_for,
    ),
    _rule(
        rf"(?:have|get|let|make)\s+(?:{USER})\s+(?!know\b)(?P<verb>\w+)(?P<rest>.*)$",
        lambda found, attempt: _request(to_second_person(f"{found['verb']}{found['rest']}"), attempt),
    ),
    _rule(rf"(?:assist|help)(?:ing)?\b{_REST}", _help),
    _rule(rf"(?:discuss|talk|chat|speak)(?:ing)?\b{_TO_USER}{_REST}", _discuss),
    _rule(rf"let\s+(?:{USER})\s+know\b{_REST}", _tell),
    _rule(
        rf"(?:tell|inform|explain|remind|say|mention|warn|advise|notify|describe|state|"
        rf"announce)(?:ing)?\b{_TO_USER}{_REST}",
        _tell,
    ),
    _rule(rf"(?:confirm|verify|double[- ]check)(?:ing)?\b(?:\s+(?:with|from)\s+(?:{USER}))?{_REST}", _confirm),
    _rule(
        rf"(?:check|make sure|ensure)(?:ing)?\b(?:\s+(?:with|"
        rf"from)\s+(?:{USER}))?\s*(?P<rest>(?:that\s+)?.*)$",
        _confirm,
    ),
    _rule(rf"(?:give|provide)(?:ing)?\b{_TO_USER}{_REST}", _tell),
    _rule(
        r"(?:ask|find out|figure out|learn|determine|establish|collect|get|obtain|gather|request|take|inquire|"
        r"enquire|"
        rf"understand|clarify|see|elicit)(?:ing)?\b(?:\s+(?:from|of|to|with)?\s*(?:{USER})(?=\s|,|$))?\s*,?{_REST}",
        _ask_for,
    ),
)
