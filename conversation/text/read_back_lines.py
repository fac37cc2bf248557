"""What is said when name and date of birth on a document are read back to the person."""

from enum import Enum

from conversation.text.language import base_language


class ReadBackLine(Enum):
    """One line; the names in braces are filled in by ``read_back_line``."""

    NAME_AND_BIRTH = "name_and_birth"
    NAME = "name"
    BIRTH = "birth"
    WHAT_IS_WRONG = "what_is_wrong"


def read_back_question(name: str, born: str, language: str = "en") -> str:
    """Ask whether a name and a date of birth (ISO 8601, day and month may be missing) are right.

    Either may be empty; empty when both are.
    """
    date = spoken_date(born, language)
    born_when = f"on the {date}" if born.count("-") == 2 else f"in {date}"
    values = {"name": spoken_name(name), "date": date, "born_when": born_when}
    line = {
        (True, True): ReadBackLine.NAME_AND_BIRTH,
        (True, False): ReadBackLine.NAME,
        (False, True): ReadBackLine.BIRTH,
    }.get((bool(values["name"]), bool(values["date"])))
    return read_back_line(line, language, **values) if line is not None else ""


def read_back_line(line: ReadBackLine, language: str = "en", **values: str) -> str:
    """Return a line in the language of the session, in English where there is none."""
    by_language = _LINES[line]
    return by_language.get(base_language(language), by_language["en"]).format(**values)


def spoken_name(name: str) -> str:
    """A name as it is to be spoken: what stands in capitals on a document is no abbreviation."""
    words = name.split()
    return " ".join(_capitalised(word) if word.isupper() else word for word in words)


def spoken_date(iso: str, language: str = "en") -> str:
    """A date such as ``1974-08-12``, ``1974-08`` or ``1974`` in words; empty for anything else."""
    parts = iso.split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return ""
    year, month, day = (*(int(part) for part in parts), 0, 0)[:3]
    if not 0 <= month <= 12 or not 0 <= day <= 31:
        return ""
    language = base_language(language) if base_language(language) in _MONTHS else "en"
    if not month:
        return str(year)
    named = _MONTHS[language].split()[month - 1]
    if not day:
        return f"{named} de {year}" if language == "es" else f"{named} {year}"
    match language:
        case "es":
            return f"{day} de {named} de {year}"
        case "fr":
            return f"{day}{'er' if day == 1 else ''} {named} {year}"
        case "de":
            return f"{day}. {named} {year}"
        case _:
            return f"{day}{_english_ending(day)} of {named} {year}"


def _english_ending(day: int) -> str:
    return "th" if 10 <= day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _capitalised(word: str) -> str:
    letters = word.lower()
    return "".join(
        letter.upper() if index == 0 or not letters[index - 1].isalpha() else letter
        for index, letter in enumerate(letters)
    )


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}

_LINES: dict[ReadBackLine, dict[str, str]] = {
    ReadBackLine.NAME_AND_BIRTH: {
        "en": "I have read {name}, born {born_when}. Is that right?",
        "es": "He leído {name}, fecha de nacimiento: {date}. ¿Es correcto?",
        "fr": "J'ai lu {name}, date de naissance : {date}. Est-ce exact ?",
        "de": "Ich habe gelesen: {name}, Geburtsdatum {date}. Ist das richtig?",
    },
    ReadBackLine.NAME: {
        "en": "I have read the name {name}. Is that right?",
        "es": "He leído el nombre {name}. ¿Es correcto?",
        "fr": "J'ai lu le nom {name}. Est-ce exact ?",
        "de": "Ich habe den Namen {name} gelesen. Ist das richtig?",
    },
    ReadBackLine.BIRTH: {
        "en": "I have read the date of birth {date}. Is that right?",
        "es": "He leído la fecha de nacimiento {date}. ¿Es correcto?",
        "fr": "J'ai lu la date de naissance {date}. Est-ce exact ?",
        "de": "Ich habe das Geburtsdatum {date} gelesen. Ist das richtig?",
    },
    ReadBackLine.WHAT_IS_WRONG: {
        "en": "What should be different? Please say or type the right name, or the right date of birth.",
        "es": "¿Qué debe cambiar? Diga o escriba el nombre correcto o la fecha de nacimiento correcta.",
        "fr": "Qu'est-ce qui doit changer ? Dites ou écrivez le bon nom, ou la bonne date de naissance.",
        "de": "Was soll anders sein? Bitte sagen oder tippen Sie den richtigen Namen oder das richtige Geburtsdatum.",
    },
}
