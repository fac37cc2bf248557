"""Rules for values. Where a reply holds a value that a condition speaks about, the value decides, not a model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conversation.evaluate.ports import Question
from conversation.evaluate.providers.embedded.conditions import Demand, Subject, demand
from conversation.evaluate.providers.embedded.quantities import DENIED, SURE, UNLIKELY, numeric_opinions
from conversation.text.acts import Act, acts
from conversation.text.dates import read_date
from conversation.text.digits import digits, longest_run
from conversation.text.email import read_email
from conversation.text.language import is_foreign
from conversation.text.names import person_name
from conversation.text.normalise import normalise, without_fillers
from conversation.text.numbers import numbers
from conversation.text.phone import MINIMUM_DIGITS, phone_run
from conversation.text.read_aloud import similarity, text_to_read

_READ_WELL = 0.8
_GREETING = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|howdy|"
    r"yo)(?:\s+(?:there|you|all|ava|hi|hello|everyone|how are you))*$"
)


_NOT_ME = re.compile(r"\b(?:i'm not|i am not|that's not|that is not|this is not|not me|wrong (?:person|number))\b")


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
        chance, quote = numeric_opinions(question, reply, numeric, year)
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
    named = re.match(r"^(?:no )?(?:i'm|i am|my name is|my name's|this is|it's) ", text)
    name = person_name(reply) if named else None
    if _NOT_ME.search(text) and Act.YES not in acts(reply):
        other = True
    elif name:
        # Relatives share the last name, so the first one decides.
        other = name.split()[0].lower() not in asked
    else:
        return None, ""
    return (SURE - 0.04 if other == wanted.negated else UNLIKELY), reply


def _other_amount(_wanted: Demand, question: Question, reply: str) -> Judged:
    named = {number.value for number in numbers(question.prompt)}
    said = [number for number in numbers(reply, question.language) if not DENIED.search(reply[: number.start])]
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
