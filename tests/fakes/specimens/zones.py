"""What machines read on a specimen: zones by ICAO 9303 and bar codes by AAMVA, written without the code they test."""

from datetime import date
from typing import Literal

from tests.fakes.specimens.persons import Person

Kind = Literal["passport", "id-card", "id-card-2", "visa", "licence"]
"""TD3; TD1; TD2; MRV-A; a driving licence by AAMVA."""

VALUES = {**{str(digit): digit for digit in range(10)}, **{chr(65 + place): 10 + place for place in range(26)}, "<": 0}
SEX_NUMBERS = {"M": "1", "F": "2", "X": "9"}
"""ANSI D-20, as AAMVA uses them."""
ISSUER = "636000"
"""Virginia's number; the layout is our own."""
ISSUER_STATE = "VA"


def check_digit(text: str) -> str:
    """ICAO 9303-3 §4.9: weights 7, 3, 1; letters count from 10."""
    return str(sum(VALUES[letter] * (7, 3, 1)[place % 3] for place, letter in enumerate(text)) % 10)


def mrz_lines(kind: Kind, person: Person) -> tuple[str, ...]:
    """The zone of this kind of document; empty for a licence."""
    birth, expiry = _checked(f"{person.birth:%y%m%d}"), _checked(f"{person.expiry:%y%m%d}")
    sex = "<" if person.sex == "X" else person.sex
    number = _checked(person.number.ljust(9, "<"))
    middle = f"{birth}{sex}{expiry}"
    if kind == "passport":
        second = f"{number}{person.country}{middle}{_checked('<' * 14, empty='<')}"
        return (
            f"P<{person.country}{_names(person, 39)}",
            second + check_digit(second[:10] + second[13:20] + second[21:43]),
        )
    if kind == "visa":
        return (f"V<{person.country}{_names(person, 39)}", f"{number}{person.country}{middle}".ljust(44, "<"))
    if kind == "id-card-2":
        second = f"{number}{person.country}{middle}".ljust(35, "<")
        return (
            f"I<{person.country}{_names(person, 31)}",
            second + check_digit(second[:10] + second[13:20] + second[21:35]),
        )
    if kind == "id-card":
        first = f"I<{person.country}{number}".ljust(30, "<")
        second = f"{middle}{person.country}".ljust(29, "<")
        composite = check_digit(first[5:30] + second[:7] + second[8:15] + second[18:29])
        return (first, second + composite, _names(person, 30))
    return ()


def with_wrong_digit(lines: tuple[str, ...], place: int) -> tuple[str, ...]:
    """The zone with one digit of the document number or the dates changed, so that check digits disagree."""
    row = 1
    digits = [index for index, letter in enumerate(lines[row][:28]) if letter.isdigit()]
    index = digits[place % len(digits)]
    wrong = str((int(lines[row][index]) + 1 + place % 9) % 10)
    changed = lines[row][:index] + wrong + lines[row][index + 1 :]
    return (*lines[:row], changed, *lines[row + 1 :])


def aamva_text(person: Person, state: str = ISSUER_STATE, issuer: str = ISSUER) -> str:
    """The bar code of a driving licence: AAMVA DL/ID Card Design Standard, version 10, with one sub-file."""
    first, _, middle = person.first_name.partition(" ")
    lines = (
        *(
            f"DAQ{person.number}",
            f"DCS{person.last_name}",
            "DDEN",
            f"DAC{first}",
            "DDFN",
            f"DAD{middle or 'NONE'}",
            "DDGN",
        ),
        *(
            "DCAD",
            "DCBNONE",
            "DCDNONE",
            f"DBD{_us(person.issue)}",
            f"DBB{_us(person.birth)}",
            f"DBA{_us(person.expiry)}",
        ),
        *(f"DBC{SEX_NUMBERS[person.sex]}", "DAU070 in", "DAYBRO", f"DAG{person.street}", f"DAI{person.city}"),
        *(f"DAJ{state}", f"DAK{person.postcode}0000  ", f"DCF{person.number}{person.issue:%y%j}", "DCGUSA", "DDAF"),
        "DDB06062018",
    )
    subfile = "DL" + "\n".join(lines) + "\n\r"
    head = f"@\n\x1e\rANSI {issuer}100001"
    offset = len(head) + 10
    return f"{head}DL{offset:04d}{len(subfile):04d}{subfile}"


def _checked(text: str, empty: str | None = None) -> str:
    return text + (empty if empty is not None and not text.strip("<") else check_digit(text))


def _names(person: Person, width: int) -> str:
    last, first = (name.replace(" ", "<").replace("-", "<") for name in (person.last_name, person.first_name))
    return f"{last}<<{first}"[:width].ljust(width, "<")


def _us(day: date) -> str:
    return f"{day:%m%d%Y}"
