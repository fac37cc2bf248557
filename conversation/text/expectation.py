"""What kind of answer a question expects, and whether a partial transcript already holds all of it.

A turn detector hears that "My email is john dot smith" sounds finished; only the text tells that it is not. The turn
machine asks ``completeness`` for every partial transcript, so these functions stay far below a millisecond.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from conversation.text.acts import Act, acts
from conversation.text.dates import read_date
from conversation.text.digits import longest_run
from conversation.text.email import read_email
from conversation.text.names import person_name
from conversation.text.normalise import normalise, without_fillers
from conversation.text.numbers import numbers
from conversation.text.read_aloud import similarity, text_to_read

_READ_ENOUGH = 0.9
_SHORT_YES_NO_WORDS = 6
_LONGEST_CODE = 12


class AnswerKind(Enum):
    """The kind of answer that a question asks for."""

    OPEN = "open"
    YES_NO = "yes_no"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    CODE = "code"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    READ_ALOUD = "read_aloud"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What answer is expected."""

    kind: AnswerKind
    digits: int | None = None
    """For a code: how many digits, when the question says so."""
    text: str = ""
    """For reading aloud: the words to read."""


class Completeness(Enum):
    """How a partial transcript relates to the expected answer."""

    COMPLETE = "complete"
    """All that was asked for is there: the turn may end early."""
    OPEN = "open"
    """Nothing speaks against an end, nothing proves it."""
    UNFINISHED = "unfinished"
    """More must follow: wait."""


_DIGIT_COUNT = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -](?:digits?|numbers?|figures?|character)",
    re.I,
)
_COUNTS = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_YES_NO_QUESTION = re.compile(
    r"(?:^|[,.:;!?]\s+|\b(?:and|so|then|please|now)\s+)(?:are|is|do|does|did|have|has|had|can|could|may|might|"
    r"shall|should|will|would|was|"
    r"were|am|isn't|aren't|don't|didn't|haven't|is it|¿?(?:es|está|tiene|quiere|puede|acepta)|êtes|avez|voulez|"
    r"acceptez|"
    r"est-ce|sind|haben|möchten|wollen|können|ist)\b[^?]*\?|\b(?:right|correct|okay|agreed)\s*\?",
    re.IGNORECASE,
)
_POLITE_REQUEST = re.compile(
    r"\b(?:can|could|may|will|would|might) (?:you|i|we) (?:please |kindly |just |also )*(?:tell|have|get|give|"
    r"read|say|spell|know|ask|repeat|state|"
    r"explain|describe|share|confirm your|provide|take|see|help|do for|hear)",
    re.IGNORECASE,
)
_SLOT_WORDS = (
    (AnswerKind.EMAIL, r"\be-?mail\b|\bcorreo electr[oó]nico\b|\bmail-?adresse\b|\badresse (?:e-?)?mail\b|"
                       r"\bcourriel\b"),
    (AnswerKind.DATE, r"\b(?:date of birth|birth ?date|birthday|when (?:were|was) you born|born on|"
                      r"fecha de nacimiento|"
                      r"date de naissance|geburtsdatum|data di nascita|data de nascimento)\b"),
    (AnswerKind.CODE, r"\b(?:code|pin|digits?|passcode|one.time|otp|c[oó]digo|reference number|account number|"
                      r"card number|zip|"
                      r"post ?code|postal code|sort code|member(?:ship)? number|order number|policy number)\b"),
    (AnswerKind.PHONE, r"\b(?:phone|mobile|telephone|cell) ?(?:phone )?number\b|\bnumber (?:can|should|"
                       r"may) we (?:call|reach)\b|"
                       r"\bn[uú]mero de tel[eé]fono\b|\bnum[eé]ro de t[eé]l[eé]phone\b|\btelefonnummer\b|"
                       r"\bhandynummer\b"),
    (AnswerKind.NUMBER, r"\bhow (?:old|many|much|long)\b|\bwhat (?:is your )?age\b|\byour age\b|\bwhat amount\b|"
                        r"\bcu[aá]nt[oa]s?\b|"
                        r"\bquel âge\b|\bcombien\b|\bwie (?:alt|viele?)\b"),
    (AnswerKind.NAME, r"\b(?:your|full|first|last|legal|sur)\s*-?name\b|\bwho am i (?:speaking|talking)\b|"
                      r"\bname (?:is )?(?:printed|on)\b|"
                      r"\b(?:su|tu) nombre\b|\bc[oó]mo se llama\b|\bvotre (?:nom|pr[eé]nom)\b|\b(?:ihr(?:en)?|"
                      r"dein(?:en)?)\b.{0,14}\bnamen?\b|"
                      r"\bwie hei(?:ß|ss)en\b|\bil (?:suo|tuo) nome\b|\bseu nome\b|\bwhat(?:'s| is) (?:your|"
                      r"the) name\b"),
)  # fmt: skip
_SLOTS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _SLOT_WORDS)
_CONDITION_SLOTS = (
    (AnswerKind.EMAIL, re.compile(r"\b(?:gave|provid\w+|gives|spell\w*|stat\w+)\b.{0,25}\be-?mail\b", re.I)),
    (AnswerKind.DATE, re.compile(r"\b(?:date of birth|birth ?date|birthday)\b", re.I)),
    (AnswerKind.PHONE, re.compile(r"\b(?:gave|provid\w+|gives|stat\w+)\b.{0,25}\b(?:phone|mobile) number\b", re.I)),
    (
        AnswerKind.CODE,
        re.compile(r"\b(?:gave|provid\w+|gives|read\w*|said|says|stat\w+)\b.{0,25}\b(?:code|digits?|pin)\b", re.I),
    ),
    (AnswerKind.NAME, re.compile(r"\b(?:gave|provid\w+|gives|stat\w+|said|says|told)\b.{0,20}\bname\b", re.I)),
)
_TRAILING = re.compile(
    r"(?:^|\s)(?:and|or|but|because|cause|so|then|the|a|an|my|your|his|her|their|our|of|to|for|with|at|on|in|from|"
    r"by|as|than|that|which|who|if|"
    r"when|while|where|is|are|was|were|am|i'm|it's|i|we|they|he|she|um|uh|er|erm|hmm|like|about|into|this|these|"
    r"will|would|can|could|"
    r"i'd|i'll|i've|want|need|called|named|dot|underscore|dash|plus|double|triple|y|o|pero|porque|el|la|los|las|"
    r"un|una|mi|de|que|con|es|soy|"
    r"et|ou|mais|parce que|le|les|une|mon|ma|du|des|avec|est|je|j'ai|und|oder|aber|weil|der|die|das|ein|eine|mein|"
    r"meine|ist|ich|mit|von|zu|"
    r"punto|point|punkt|arroba|arobase)$"
)
_ENDS_WELL = re.compile(
    r"(?:^|\s)(?:that's what it is|i think so|i hope so|i do|i am|i was|i will|i would|i can|yes it is|"
    r"no it's not|it is|they are|we are|"
    r"there is|i want to|i need to|what it's for|where i am|who i am|come in|log in|sign in|go on|hold on|"
    r"thank you|so am i|as (?:well|it is)|"
    r"me too|to it|speaking with|deal with|on it|turn it on|i don't want to|of that|that|this|these|(?:what|all|"
    r"if|whatever|don't|do not|sure|yes) (?:i|you|we|they|he|she)?\s?(?:want|need|can|will|am|is|would))$"
)
_LEAD_IN = re.compile(
    r"^(?:(?:yes|yeah|sure|okay|ok|right|hi|hello|no),?\s+)*(?:my (?:full |first |last |legal )?(?:name|email|"
    r"e mail|phone|mobile|number|phone number|code|"
    r"address|email address|date of birth|birthday|age)(?: is|'s)?|(?:it|the code|the number|that|this)(?:'s| is)|"
    r"i'm|i am|i was born(?: on| in)?|call me|"
    r"the name(?:'s| is)|me llamo|mi nombre es|mi correo es|soy|je m'appelle|je suis|mon nom est|ich heiße|"
    r"ich bin|mein name ist|mi chiamo|"
    r"let me (?:see|think)|hold on|one (?:second|moment)|give me a (?:second|moment)|wait|just a (?:second|moment))$"
)
_HESITATION = re.compile(
    r"^(?:um+|uh+|er+m?|hm+|well|so|okay so|oh|ah|like|let me see|i mean|you know|actually)(?:\s+(?:um+|uh+|well|"
    r"so))*$"
)
_TURNING = re.compile(r"\b(?:but|although|though|except|unless|however|only if|if|pero|mais|aber)(?:\s+\w+)?$")


def expectation(prompt: str, conditions: Sequence[str] = ()) -> Expectation:
    """Return what answer a question expects, from its words and from the conditions of its outcomes."""
    read = text_to_read(prompt)
    if read:
        return Expectation(AnswerKind.READ_ALOUD, text=read)
    asked = re.split(r"(?<=[.!])\s+", prompt.strip())[-1] if "?" not in prompt else prompt
    for kind, pattern in _SLOTS:
        if pattern.search(prompt) and not _asks_about(prompt, kind):
            return Expectation(kind, digits=_digit_count(prompt, conditions) if kind is AnswerKind.CODE else None)
    if re.search(r"\bor\b[^?.]*\?", prompt) and re.search(r",|:|\bwhich\b", prompt):
        return Expectation(AnswerKind.CHOICE)
    if _YES_NO_QUESTION.search(asked) and not _POLITE_REQUEST.search(asked):
        return Expectation(AnswerKind.YES_NO)
    given = " ".join(text for text in conditions if not re.search(r"\bnot\b|n't\b|\bno\b", text))
    for kind, pattern in _CONDITION_SLOTS:
        if pattern.search(given):
            return Expectation(kind, digits=_digit_count(given, conditions) if kind is AnswerKind.CODE else None)
    return Expectation(AnswerKind.OPEN)


def completeness(expected: Expectation, partial: str) -> Completeness:
    """Tell whether ``partial`` may end the turn early, must not end it yet, or neither."""
    text = normalise(without_fillers(partial))
    if not text or _HESITATION.match(normalise(partial)) or partial.rstrip().endswith(("...", "…", ",", "-")):
        return Completeness.UNFINISHED
    said = acts(partial)
    judge = _SLOT_JUDGES.get(expected.kind)
    if judge and said & {Act.REFUSE, Act.HELP, Act.QUIT}:
        return _unless_trailing(text, Completeness.OPEN)
    if judge:
        return judge(expected, partial, text)
    answered = said & {Act.YES, Act.NO} and Act.COERCED not in said and not _TURNING.search(text)
    if expected.kind is AnswerKind.YES_NO and answered and len(text.split()) <= _SHORT_YES_NO_WORDS:
        return _unless_trailing(text, Completeness.COMPLETE)
    return _unless_trailing(text, Completeness.OPEN)


def _unless_trailing(text: str, otherwise: Completeness) -> Completeness:
    if _LEAD_IN.match(text) or _TURNING.search(text) or (_TRAILING.search(text) and not _ENDS_WELL.search(text)):
        return Completeness.UNFINISHED
    return otherwise


def _email(_expected: Expectation, partial: str, text: str) -> Completeness:
    reading = read_email(partial)
    if reading.address:
        # "…dot co" may go on with "dot uk".
        return Completeness.OPEN if reading.address.endswith((".co", ".com.")) else Completeness.COMPLETE
    if reading.partial or (
        re.search(
            r"\b(?:e ?mail|"
            r"address)\b",
            text,
        )
        and not re.search(r"\b(?:no|not|don't|never|same|haven't)\b", text)
    ):
        return Completeness.UNFINISHED
    return _unless_trailing(text, Completeness.OPEN)


def _phone(_expected: Expectation, partial: str, text: str) -> Completeness:
    run = longest_run(partial)
    if run is None:
        return _unless_trailing(text, Completeness.OPEN)
    if len(run.digits) < 10:
        return Completeness.UNFINISHED if len(run.digits) < 7 else Completeness.OPEN
    return Completeness.COMPLETE


def _code(expected: Expectation, partial: str, text: str) -> Completeness:
    run = longest_run(partial)
    if run is None:
        return _unless_trailing(text, Completeness.OPEN)
    if expected.digits is None:
        return Completeness.UNFINISHED if len(run.digits) < 4 else Completeness.OPEN
    return Completeness.COMPLETE if len(run.digits) >= expected.digits else Completeness.UNFINISHED


def _date(_expected: Expectation, partial: str, text: str) -> Completeness:
    reading = read_date(partial)
    if reading.iso:
        return Completeness.COMPLETE
    if reading.day or reading.month or reading.year:
        return Completeness.UNFINISHED
    return _unless_trailing(text, Completeness.OPEN)


def _number(_expected: Expectation, partial: str, text: str) -> Completeness:
    found = numbers(partial)
    if not found or _TRAILING.search(text):
        return _unless_trailing(text, Completeness.OPEN)
    # After "twenty" or "three hundred" more may come; "twenty five" is whole.
    last = found[-1]
    whole = (
        last.written
        or last.value % 10 != 0
        or last.value < 20
        or not text.endswith(partial[last.start : last.end].lower())
    )
    return Completeness.COMPLETE if whole else Completeness.OPEN


def _name(_expected: Expectation, partial: str, text: str) -> Completeness:
    name = person_name(partial)
    if name and len(name.split()) >= 2 and not _TRAILING.search(text):
        return Completeness.COMPLETE
    return _unless_trailing(text, Completeness.OPEN)


def _read_aloud(expected: Expectation, partial: str, text: str) -> Completeness:
    wanted = normalise(expected.text)
    if similarity(partial, expected.text) >= _READ_ENOUGH and len(text) >= 0.85 * len(wanted):
        return Completeness.COMPLETE
    begun = wanted[: max(len(text), 1)]
    if len(text) < 0.85 * len(wanted) and similarity(text, begun) >= 0.7:
        return Completeness.UNFINISHED
    return _unless_trailing(text, Completeness.OPEN)


_SLOT_JUDGES = {
    AnswerKind.EMAIL: _email,
    AnswerKind.PHONE: _phone,
    AnswerKind.CODE: _code,
    AnswerKind.DATE: _date,
    AnswerKind.NUMBER: _number,
    AnswerKind.NAME: _name,
    AnswerKind.READ_ALOUD: _read_aloud,
}


def _asks_about(prompt: str, kind: AnswerKind) -> bool:
    """Tell "Did you get the code?" and "Do you have an e-mail address?", which want yes or no, from asking for it."""
    if kind not in (AnswerKind.EMAIL, AnswerKind.CODE, AnswerKind.PHONE, AnswerKind.NAME, AnswerKind.DATE):
        return False
    about = re.search(
        r"\b(?:did|do|does|is|are|has|have|was)\s+(?:you|your|the|this|that|it|anyone)\b(?!\s+mind)[^?.]*\?",
        prompt,
        re.IGNORECASE,
    )
    wanted = re.search(
        r"\b(?:what|which|tell|give|read|spell|say|enter|may i|can i|could you|please)\b", prompt, re.IGNORECASE
    )
    return bool(about) and not wanted


def _digit_count(prompt: str, conditions: Sequence[str]) -> int | None:
    for text in (prompt, *conditions):
        found = _DIGIT_COUNT.search(text)
        if found:
            word = found[1].lower()
            count = int(word) if word.isdigit() else _COUNTS.get(word, _LONGEST_CODE)
            return count if 1 < count <= _LONGEST_CODE else None
    return None
