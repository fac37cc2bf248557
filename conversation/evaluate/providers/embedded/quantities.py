"""The number that a reply answers with, put into the ranges of the conditions.

Numbers mislead: "eighteen, well, nearly", "my brother is twenty", "not five hundred, fifteen hundred". Where a reply is
not plain, there is no opinion and the model decides.
"""

import re

from conversation.evaluate.ports import Question
from conversation.evaluate.providers.embedded.conditions import Demand
from conversation.text.normalise import normalise, without_fillers
from conversation.text.numbers import Number, numbers, pair_value, years

SURE, UNLIKELY = 0.96, 0.04
"""The chance of an outcome for and against which a value speaks."""
_COUNT_WORDS: tuple[tuple[str, int], ...] = (
    (r"^(?:none|nobody|no one|zero|nothing|nada|ninguno|keine[rns]?|aucun\w*|nessuno|nenhum\w*|not (?:any|one|"
     r"a single)|"
     r"no(?:,)? (?:i )?(?:haven't|don't have) any|i (?:haven't|don't have) any|haven't (?:got )?any|(?:just|"
     r"only) me|i live alone)\b", 0),
    (r"^(?:just|only) (?:a|an|my|the)\b|^(?:just|only) one\b|\bonly child\b", 1),
    (r"\ba couple\b|\ba pair\b|\bboth\b|\btwice\b|\btwins\b", 2),
    (r"\bthrice\b|\btriplets\b", 3),
)  # fmt: skip
_COUNTED = re.compile(
    r"\bhow (?:many|often)\b|\bnumber of\b|\bcu[aá]nt[oa]s\b|\bcombien\b|\bwie viele\b|"
    r"\bquant[ie]\b",
    re.I,
)
_MEASURED = re.compile(
    r"\bhow (?:many|much|old|long|often|far|big|tall|likely|high|satisfied)\b|\byour age\b|\bage group\b|\bamount\b|"
    r"\bscale\b|\bincome\b|\bwhat (?:sum|price|year|percentage|number)\b|\bcu[aá]nt|\bcombien\b|\bquel âge\b|"
    r"\bwie (?:viele?|alt|hoch|lange)\b|\bquant[ieoa]\b|\bnumber of\b|\bheavier\b|\bmore or less\b",
    re.IGNORECASE,
)
_SPEAKER_AGE = re.compile(r"\b(?:i'm|i am|i turned|i just turned|i'll be|tengo|j'ai|ich bin|ho|tenho)\b", re.I)
_ASKED_AGE = re.compile(r"\bare you\b.{0,30}\b(?:\d+|eighteen|twenty|twenty[- ]one|sixteen|old|age|adult)\b", re.I)
_NOT_PLAIN = re.compile(
    r"\b(?:but|until|used to|were|was|ago|last year|yesterday|minus|short of|dozen|figures?|another|except|"
    r"next (?:year|month|summer)|"
    r"(?:my|his|her|our) (?:\w+ )?(?:brother|sister|son|daughter|kid|child|mother|father|mum|mom|dad|wife|husband|"
    r"friend|boy|girl)s?|"
    r"he's|she's|he is|she is|hijo|hija|hermano|hermana|sohn|tochter|fils|fille|frère|sœur|hasta|bis|jusqu\w+|"
    r"pero|mais|aber)\b|[.;,] no\b",
    re.IGNORECASE,
)
"""Words that make a number say something else than it seems: a contrast, the past, another person, arithmetic."""
_SAYS_ONE = re.compile(r"(?:\bjust|\bonly|\bexactly|\bhave|\bgot|\bhad|\bapprox\w*|\babout|\bis|\bsay|^)\s*$", re.I)
_ONES = ("one", "un", "una", "uno", "une", "ein", "eine", "um", "uma", "sei", "once")
_SHORT_WORDS = 4
_AGE = re.compile(r"\bhow old\b|\bage\b|\byears old\b|\badult\b|\bolder\b|\bedad\b|\balt\b|\bâge\b|\banni\b", re.I)
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
_SPOKEN_UNITS = re.compile(
    r"^\s*(?:and a half )?(year|month|week|day|hour|minute|año|mes|an|mois|jahr|monat|anno|mese|ano)(?:s|es|e|en|"
    r"i)?\b",
    re.I,
)
_UNIT_OF = {
    "año": "year", "mes": "month", "an": "year", "mois": "month", "jahr": "year", "monat": "month", "anno": "year",
    "mese": "month", "ano": "year",
}  # fmt: skip
_CORRECTION = re.compile(
    r"\b(?:no wait|wait|sorry|i mean|actually|rather|correction|no,|make that|scratch that|"
    r"or rather)\b",
    re.I,
)
DENIED = re.compile(r"(?:\bnot|\bno|n't|\bisn't|\binstead of|\brather than)\s+(?:an?\s+|yet\s+|quite\s+)?$", re.I)
"""What stands before a number that the speaker rejects."""
_NEARLY = re.compile(
    r"(?:\bnot(?: quite| yet)?|\balmost|\bnearly|\bturning|\bturn|\bi'll be|\bwill be|\bclose to|\bn't|"
    r"\buntil)\s+(?:turned\s+|be\s+)?$",
    re.I,
)
_OVER = re.compile(r"(?:\bover|\bmore than|\babove|\bolder than|\bpast|\bwell over)\s+(?:an?\s+)?$", re.I)
_UNDER = re.compile(r"(?:\bunder|\bless than|\bbelow|\bjust shy of|\bfewer than|\bnot even)\s+(?:an?\s+)?$", re.I)


def numeric_opinions(
    question: Question, reply: str, numeric: list[tuple[str, Demand]], year: int
) -> tuple[dict[str, float], str]:
    """Put the number of the reply into the ranges of the conditions."""
    short = len(reply.split()) <= _SHORT_WORDS
    asked = _MEASURED.search(question.prompt) or (
        _ASKED_AGE.search(question.prompt) and (short or _SPEAKER_AGE.search(reply))
    )
    if not asked and not (short and len(numeric) >= 2):
        return {}, ""
    if not short and (_NOT_PLAIN.search(reply) and not re.search(r"\bborn\b", reply, re.I)):
        return {}, ""
    said = _spoken_value(question, reply, numeric[0][1].unit, year)
    if said is None:
        return {}, ""
    value, quote = said
    fitting = [(identifier, wanted.range) for identifier, wanted in numeric if wanted.range and value in wanted.range]
    if not fitting:
        return {identifier: UNLIKELY for identifier, _ in numeric}, quote
    # The narrowest range that fits is the most specific condition.
    best = min(fitting, key=lambda pair: pair[1].high - pair[1].low)[0]
    compound = {identifier for identifier, wanted in numeric if wanted.compound}
    chance = {identifier: UNLIKELY for identifier, wanted in numeric if wanted.range and value not in wanted.range}
    if best not in compound:
        chance |= {identifier: SURE if identifier == best else UNLIKELY for identifier, _ in numeric}
    return chance, quote


def _spoken_value(question: Question, reply: str, unit: str, year: int) -> tuple[float, str] | None:
    found = list(numbers(reply, question.language))
    age = bool(_AGE.search(question.prompt))
    if age:
        born = years(reply, question.language)
        if born and (
            re.search(
                r"\bborn\b|\bsince\b|\bn[eé]e?\b|\bnac[ií]|\bgeboren\b|\bnat[oa]\b|"
                r"\bnasci",
                reply,
                re.I,
            )
            or len(found) == 1
            or len(reply.split()) <= 4
        ):
            return float(year - born[-1].value), reply[born[-1].start : born[-1].end]
    if len(found) == 2:
        pair = pair_value(found[0], found[1], reply)
        if pair is not None:
            return float(pair), reply[found[0].start : found[1].end]
    if not found:
        return _counted(question, reply)
    chosen = _choose(reply, found, age)
    if chosen is None:
        return None
    spoken_unit = _SPOKEN_UNITS.match(reply[chosen.end :])
    if not unit and spoken_unit and not age and not re.search(r"\bhow (?:long|often)\b", question.prompt, re.I):
        return None
    value = _scaled(chosen, reply, unit)
    before, after = reply[: chosen.start], reply[chosen.end :]
    if _OVER.search(before):
        value += 0.01
    elif _UNDER.search(before) or (
        age
        and (
            _NEARLY.search(before)
            or re.match(
                r"\s+(?:yet|next|soon)\b|"
                r"\s+in (?:a|two|three|"
                r"\w+) (?:week|month|day)",
                after,
            )
        )
    ):
        value -= 0.01
    return value, reply[chosen.start : chosen.end]


def _choose(reply: str, found: list[Number], age: bool) -> Number | None:
    """Pick the number that answers: not a denied one, after a correction the last, for an age a plausible one."""
    words = len(reply.split())
    found = [
        number
        for number in found
        if reply[number.start : number.end].lower() not in _ONES
        or words <= 3
        or _SAYS_ONE.search(reply[: number.start])
    ]
    kept = [
        number
        for number in found
        if not DENIED.search(reply[: number.start]) or (age and _NEARLY.search(reply[: number.start]))
    ]
    if age:
        told = [
            number
            for number in kept
            if words <= _SHORT_WORDS
            or _SPEAKER_AGE.search(reply[: number.start])
            or _NEARLY.search(reply[: number.start])
        ]
        kept = [
            number
            for number in told
            if number.value < 125
            and not re.match(
                r"\s*(?:weeks?|months?|days?|minutes?|euros?|dollars?|k\b|kids|"
                r"children)",
                reply[number.end :],
                re.I,
            )
        ]
    if not kept:
        return None
    if len(kept) == 1 or _CORRECTION.search(reply[kept[0].end : kept[-1].start]):
        return kept[-1]
    if len({number.value for number in kept}) == 1:
        return kept[-1]
    if age:
        return kept[0]
    largest = max(kept, key=lambda number: number.value)
    # "A wife and three boys", "one dog": a lone "one" beside another number is an article.
    others = [number for number in kept if number.value != largest.value]
    return largest if all(number.value <= 1 for number in others) else None


def _scaled(number: Number, reply: str, unit: str) -> float:
    spoken = _SPOKEN_UNITS.match(reply[number.end :])
    if not unit or not spoken:
        return number.value
    said = _UNIT_OF.get(spoken[1].lower(), spoken[1].lower())
    return number.value * _DAYS[said] / _DAYS[unit]


def _counted(question: Question, reply: str) -> tuple[float, str] | None:
    if not _COUNTED.search(question.prompt):
        return None
    text = normalise(without_fillers(reply))
    for pattern, value in _COUNT_WORDS:
        if re.search(pattern, text):
            return float(value), reply
    return None
