"""Rules for values. Where a reply holds a value that a condition speaks about, the value decides, not a model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conversation.evaluate.ports import Question
from conversation.evaluate.providers.embedded.conditions import Demand, Range, Subject, demand
from conversation.text.acts import Act, acts
from conversation.text.dates import read_date
from conversation.text.digits import digits, longest_run
from conversation.text.email import read_email
from conversation.text.language import is_foreign
from conversation.text.names import person_name
from conversation.text.normalise import normalise, without_fillers
from conversation.text.numbers import Number, numbers, pair_value, years
from conversation.text.phone import MINIMUM_DIGITS, phone_run
from conversation.text.read_aloud import similarity, text_to_read

SURE, UNLIKELY = 0.96, 0.04
_READ_WELL = 0.8
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
_DENIED = re.compile(r"(?:\bnot|\bno|n't|\bisn't|\binstead of|\brather than)\s+(?:an?\s+|yet\s+|quite\s+)?$", re.I)
_NEARLY = re.compile(
    r"(?:\bnot(?: quite| yet)?|\balmost|\bnearly|\bturning|\bturn|\bi'll be|\bwill be|\bclose to|\bn't|"
    r"\buntil)\s+(?:turned\s+|be\s+)?$",
    re.I,
)
_OVER = re.compile(r"(?:\bover|\bmore than|\babove|\bolder than|\bpast|\bwell over)\s+(?:an?\s+)?$", re.I)
_UNDER = re.compile(r"(?:\bunder|\bless than|\bbelow|\bjust shy of|\bfewer than|\bnot even)\s+(?:an?\s+)?$", re.I)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|howdy|"
    r"yo)(?:\s+(?:there|you|all|ava|hi|hello|everyone|how are you))*$"
)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the rules say about each outcome; outcomes about which they have no opinion are absent."""

    chance: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""
    quote: str = ""

    @property
    def decided(self) -> str | None:
        """The one outcome that a rule is sure of, or None."""
        sure = [identifier for identifier, chance in self.chance.items() if chance >= 0.9]
        return sure[0] if len(sure) == 1 else None


def opinions(question: Question, reply: str, demands: Sequence[Demand | None], year: int) -> Opinions:
    """Judge the conditions that speak about a value. ``year`` is the current one, for ages from years of birth."""
    chance: dict[str, float] = {}
    reason = quote = ""
    numeric: list[tuple[str, Demand]] = []
    for condition, wanted in zip(question.conditions, demands, strict=True):
        if wanted is None:
            continue
        if wanted.subject is Subject.NUMBER:
            numeric.append((condition.id, wanted))
            continue
        judged, words = _JUDGES[wanted.subject](wanted, question, reply)
        if judged is not None:
            chance[condition.id] = judged
            if judged >= 0.5:
                reason, quote = wanted.subject.value, words
    if numeric and not chance:
        chance, quote = _numeric(question, reply, numeric, year)
        reason = "number" if chance else ""
    return Opinions(chance, reason, quote if quote in reply else "")


Judged = tuple[float | None, str]


def _email(wanted: Demand, _question: Question, reply: str) -> Judged:
    reading = read_email(reply)
    if wanted.partial:
        return (SURE - 0.03 if not reading.address and reading.partial else UNLIKELY), reading.quote
    if wanted.negated:
        return (UNLIKELY, "") if reading.address else (None, "")
    if not reading.address and is_foreign(reply):
        return None, ""
    return (SURE if reading.address else UNLIKELY), reading.quote


def _phone(wanted: Demand, _question: Question, reply: str) -> Judged:
    run = phone_run(reply)
    spoken = len(digits(reply))
    if wanted.partial:
        return (SURE - 0.05 if 1 <= spoken < MINIMUM_DIGITS else UNLIKELY), reply
    if wanted.negated:
        return (UNLIKELY, "") if run else (None, "")
    return (SURE if run else UNLIKELY), reply[run.start : run.end] if run else ""


def _name(wanted: Demand, question: Question, reply: str) -> Judged:
    said = acts(reply)
    asks = re.search(
        r"\bname\b|\bnombre\b|\bnom\b|\bnamen?\b|\bnome\b|\bwho am i\b|\bllama\b|\bhei(?:ß|"
        r"ss)en\b",
        question.prompt,
        re.I,
    )
    if not asks or said & {Act.REFUSE, Act.HELP, Act.QUIT, Act.DEFER}:
        return None, ""
    name = person_name(reply)
    if not name:
        return None, ""
    single = len(name.split()) == 1
    if wanted.negated:
        return UNLIKELY, ""
    if wanted.first_only:
        return (0.9 if single else UNLIKELY), name
    needs_both = re.search(r"\b(?:last|surname|both|first and)\b", _text_of(question, wanted), re.I)
    if single and needs_both:
        return 0.2, name
    return 0.92, name if name in reply else reply


def _text_of(question: Question, wanted: Demand) -> str:
    return next((c.text for c in question.conditions if demand(c.text, question.prompt) == wanted), "")


def _date_of_birth(wanted: Demand, _question: Question, reply: str) -> Judged:
    reading = read_date(reply)
    parts = sum(part is not None for part in (reading.day, reading.month, reading.year))
    if wanted.partial:
        return (SURE - 0.04 if 0 < parts < 3 else UNLIKELY), reading.quote
    if wanted.negated:
        return (UNLIKELY if parts == 3 else 0.85), "" if parts == 3 else reply
    return (SURE if parts == 3 else UNLIKELY), reading.quote


def _digits(wanted: Demand, _question: Question, reply: str) -> Judged:
    run = longest_run(reply)
    spoken = len(digits(reply))
    words = reply[run.start : run.end] if run else ""
    if wanted.partial:
        return (SURE - 0.05 if 1 <= spoken < (wanted.digits or 4) else UNLIKELY), words
    if wanted.negated:
        enough = spoken == wanted.digits if wanted.digits else spoken >= 4
        return (UNLIKELY, "") if enough else (None, "")
    if wanted.digits:
        return (SURE if spoken == wanted.digits or (run and len(run.digits) == wanted.digits) else UNLIKELY), words
    return (0.9 if spoken >= 3 else None), words


def _literal(wanted: Demand, _question: Question, reply: str) -> Judged:
    run = longest_run(reply)
    if run is None or len(run.digits) < len(wanted.literal) - 1:
        return (UNLIKELY, "")
    same = run.digits == wanted.literal
    if wanted.negated:
        right_count = wanted.digits is None or len(run.digits) == wanted.digits
        return (SURE if not same and right_count else UNLIKELY), reply[run.start : run.end]
    return (SURE if same else UNLIKELY), reply[run.start : run.end]


def _reading(wanted: Demand, question: Question, reply: str) -> Judged:
    text = text_to_read(question.prompt)
    if len(text.split()) < 3:
        return None, ""
    well = similarity(reply, text) >= _READ_WELL
    return (SURE if well != wanted.negated else UNLIKELY), reply


def _foreign(_wanted: Demand, question: Question, reply: str) -> Judged:
    if re.search(r"\b(?:language|english|speak)\b", question.prompt, re.I):
        return None, ""  # then the reply names a language; the one it is spoken in does not decide
    return (SURE if is_foreign(reply) else UNLIKELY), reply


def _greeting(_wanted: Demand, _question: Question, reply: str) -> Judged:
    return (SURE if _GREETING.match(normalise(reply)) else UNLIKELY), reply


def _in_english(_wanted: Demand, _question: Question, reply: str) -> Judged:
    if is_foreign(reply) or _GREETING.match(normalise(reply)):
        return UNLIKELY, ""
    said = acts(reply)
    return (None if said & {Act.REFUSE, Act.QUIT} or len(reply.split()) < 3 else 0.9), reply


def _identity(wanted: Demand, question: Question, reply: str) -> Judged:
    """Compare the name that the prompt says with the one that the reply says, if any; look for "I am not"."""
    asked = {word.lower() for word in re.findall(r"\b[A-Z][\w'-]+", question.prompt)}
    text = normalise(without_fillers(reply))
    denied = bool(
        re.search(
            r"\b(?:not|isn't|wrong (?:person|number)|"
            r"never heard)\b",
            text,
        )
    ) and bool(re.search(r"\b(?:i'm|i am|that's|this is|wrong|not)\b", text))
    named = re.match(r"^(?:no )?(?:i'm|i am|my name is|my name's|this is|it's) (?P<who>.+)", text)
    name = person_name(reply) if named else None
    if (denied and Act.YES not in acts(reply)) or (name and not {word.lower() for word in name.split()} & asked):
        other = True
    elif name:
        other = False
    else:
        return None, ""
    return (SURE - 0.04 if other == wanted.negated else UNLIKELY), reply


def _other_amount(_wanted: Demand, question: Question, reply: str) -> Judged:
    named = {number.value for number in numbers(question.prompt)}
    said = [number for number in numbers(reply, question.language) if not _DENIED.search(reply[: number.start])]
    if not named or not said:
        return None, ""
    meant = said[-1]
    if meant.value in named or (meant.value == 1 and not meant.written):
        return UNLIKELY, ""
    return 0.92, reply[meant.start : meant.end]


_JUDGES = {
    Subject.IN_ENGLISH: _in_english,
    Subject.IDENTITY: _identity,
    Subject.OTHER_AMOUNT: _other_amount,
    Subject.EMAIL: _email,
    Subject.PHONE: _phone,
    Subject.NAME: _name,
    Subject.DATE_OF_BIRTH: _date_of_birth,
    Subject.DIGITS: _digits,
    Subject.LITERAL: _literal,
    Subject.READING: _reading,
    Subject.FOREIGN_LANGUAGE: _foreign,
    Subject.GREETING: _greeting,
}


def _numeric(
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
        if not _DENIED.search(reply[: number.start]) or (age and _NEARLY.search(reply[: number.start]))
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


def ranges(demands: Sequence[Demand | None]) -> tuple[Range, ...]:
    """Return the number ranges among the demands."""
    return tuple(wanted.range for wanted in demands if wanted and wanted.range)
