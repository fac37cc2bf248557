"""All values that a reply holds."""

import re

from conversation.text.acts import Act, acts
from conversation.text.dates import date_of_birth
from conversation.text.digits import code
from conversation.text.email import email_address
from conversation.text.expectation import AnswerKind, expectation
from conversation.text.names import person_name
from conversation.text.numbers import numbers
from conversation.text.phone import phone_number

_SAYS_NAME = re.compile(
    r"\b(?:my (?:full )?name(?:'s| is)|call me|me llamo|mi nombre es|je m'appelle|ich hei(?:ß|ss)e|mein name ist|"
    r"mi chiamo|"
    r"me chamo|meu nome é)\b",
    re.IGNORECASE,
)
_SAYS_AGE = re.compile(
    r"\b(?:i'm|i am|i turned|i'll be|aged?|tengo|j'ai|ich bin|ho|tenho)\b[^.?!]{0,30}$", re.IGNORECASE
)
_YEARS_OLD = re.compile(
    r"^\s*(?:(?:and a half|y medio)\s+)?(?:years? old|years?\b|años|ans\b|jahre|anni|"
    r"anos)",
    re.IGNORECASE,
)
_ASKS_AGE = re.compile(r"\b(?:how old|age|edad|años tiene|âge|wie alt|quanti anni|quantos anos)\b", re.IGNORECASE)
_NOT_AGE = re.compile(
    r"^\s*(?:euros?|dollars?|pounds?|bucks|percent|%|minutes?|hours?|days?|weeks?|months?|kids|children|"
    r"k\b)",
    re.IGNORECASE,
)
_NOT_MINE = re.compile(
    r"\b(?:not|nicht|pas|non|my (?:son|daughter|child|kid|wife|husband|partner|mother|father|brother|sister|friend)"
    r"|he(?:'s| is)|she(?:'s| is)|they(?:'re| are)|mi hij[oa]|mon fils|ma fille|mein sohn|meine tochter)\b",
    re.IGNORECASE,
)
"""Between the number before and this one: it is denied, or somebody else's."""
_OLDEST = 125


def extract(reply: str, prompt: str = "", language: str = "en") -> dict[str, str | int | bool]:
    """Return what was found, under the keys name, email, phone, dateOfBirth, age, yesNo and code.

    The prompt decides what an ambiguous value is: digits are a phone number, a code or an age by what was asked, and a
    name is only looked for when one was asked for or the reply says "my name is".
    """
    asked = expectation(prompt).kind if prompt else AnswerKind.OPEN
    found: dict[str, str | int | bool] = {}
    said = acts(reply)
    if (asked is AnswerKind.NAME and not said & {Act.REFUSE, Act.HELP}) or _SAYS_NAME.search(reply):
        start = _SAYS_NAME.search(reply)
        name = person_name(reply[start.start() :] if start else reply)
        if name:
            found["name"] = name
    email = email_address(reply)
    if email:
        found["email"] = email
    born = date_of_birth(reply, language)
    if born and asked in (AnswerKind.DATE, AnswerKind.OPEN, AnswerKind.NUMBER):
        found["dateOfBirth"] = born
    phone = phone_number(reply, language)
    if phone and not born and not email and asked in (AnswerKind.PHONE, AnswerKind.OPEN):
        found["phone"] = phone
    if asked is AnswerKind.CODE:
        spoken = code(reply, language)
        if spoken:
            found["code"] = spoken
    age = spoken_age(reply, prompt, language)
    if age is not None:
        found["age"] = age
    if Act.YES in said or Act.NO in said:
        found["yesNo"] = Act.YES in said
    return found


def spoken_age(reply: str, prompt: str = "", language: str = "en") -> int | None:
    """Return the speaker's age in whole years, when the reply tells it or the prompt asked for it; else None."""
    asked = bool(_ASKS_AGE.search(prompt))
    ages = []
    previous_end = 0
    for number in numbers(reply, language):
        before, after = reply[: number.start], reply[number.end :]
        mine = not _NOT_MINE.search(reply[previous_end : number.start])
        previous_end = number.end
        if not mine or not 0 < number.value < _OLDEST or _NOT_AGE.match(after):
            continue
        if _YEARS_OLD.match(after) or (asked and (_SAYS_AGE.search(before) or not re.search(r"[^\W\d]{3}", before))):
            ages.append(number)
    if not ages:
        return None
    return int(ages[-1].value)
