"""People who do not exist, with what a document says about them. The same seed makes the same person everywhere."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Script = Literal["latin", "cyrillic", "arabic"]

UTOPIA = "UTO"
"""The fictional state of ICAO 9303."""
UNKNOWN_COUNTRY = "ZQX"
"""A code that no standard gives to anybody."""
COUNTRIES = (UTOPIA, UTOPIA, "AUT", "FRA", "SWE", "D<<", "ESP", "NLD")


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in pairs.split(" "))


NATIONAL_LETTERS = _table("Ä:AE Ö:OE Ü:UE Å:AA Ø:OE Ñ:N É:E È:E Ç:C Š:S Ž:Z Ł:L")
"""What stands for them in a machine-readable zone, ICAO 9303-3 §6.A."""
CYRILLIC = _table(
    "А:A Б:B В:V Г:G Д:D Е:E Ж:ZH З:Z И:I Й:I К:K Л:L М:M Н:N О:O П:P Р:R С:S Т:T У:U Ф:F Х:KH Ц:TS Ч:CH Ш:SH "
    "Щ:SHCH Ы:Y Ь: Э:E Ю:IU Я:IA"
)
"""ICAO 9303-3 §6.B, as for Russian."""
ARABIC = _table(
    "ا:A ب:B ت:T ة:XTA ث:XTH ج:J ح:XH خ:XKH د:D ذ:XDH ر:R ز:Z س:S ش:XSH ص:XSS ض:XDZ ط:XTT ظ:XZZ ع:E غ:G ف:F ق:Q "
    "ك:K ل:L م:M ن:N ه:H و:W ي:Y ى:XAY"
)
"""ICAO 9303-3 §6.C."""

LAST_NAMES: dict[Script, tuple[str, ...]] = {
    "latin": (
        *("ERIKSSON", "MARTINEZ", "VAN DER BERG", "O'NEILL", "MÜLLER", "SMITH-JONES", "KOWALSKI", "NAKAMURA"),
        *("ÅBERG", "OYELARAN", "DUBOIS", "NUÑEZ", "BIANCHI", "LINDQVIST", "HOLM", "FITZGERALD", "SØRENSEN", "PARK"),
    ),
    "cyrillic": ("ИВАНОВА", "ЩЕРБАКОВ", "ПЕТРЕНКО", "ЖУКОВ", "ЦВЕТКОВА", "ХАРИТОНОВ"),
    "arabic": ("الشماع", "عبد الناصر", "حداد", "منصور", "خطيب"),
}
FIRST_NAMES: dict[Script, tuple[str, ...]] = {
    "latin": (
        *("ANNA MARIA", "JUAN", "LIAM", "SOFIE", "JÜRGEN", "KATARZYNA", "HIRO", "ELIF", "TOMAS", "BEATRICE", "OLU"),
        *("CHARLOTTE EMMA", "IAN", "ZOE", "INGRID", "PAUL"),
    ),
    "cyrillic": ("АННА", "СЕРГЕЙ", "ЮЛИЯ", "МИХАИЛ", "ЯНА"),
    "arabic": ("سمير", "جمال", "ليلى", "فاطمة", "محمد"),
}
PLACES = ("ZENITH", "NOVA PORT", "EASTHAVEN", "SALINAS", "GRANVIK", "LOWMOOR")
STREETS = ("12 HARBOUR ROAD", "845 ELM STREET", "7 OLD MILL LANE", "2300 SUNSET AVENUE APT 4", "51 KING STREET")


@dataclass(frozen=True)
class Person:
    """One holder and their document."""

    last_name: str
    """As in a machine-readable zone: only A–Z and spaces, or hyphens."""
    first_name: str
    last_name_printed: str
    first_name_printed: str
    script: Script
    sex: Literal["M", "F", "X"]
    birth: date
    issue: date
    expiry: date
    number: str
    country: str
    """As in a machine-readable zone: three letters, or ``D<<``."""
    place: str
    street: str
    city: str
    postcode: str


def draw_person(
    seed: int, *, today: date, script: Script = "latin", country: str | None = None, expired: bool = False
) -> Person:
    """The person of this seed; with ``expired`` a document that ran out before ``today``."""
    chance = random.Random(f"person {seed}")
    last, first = chance.choice(LAST_NAMES[script]), chance.choice(FIRST_NAMES[script])
    birth = today - timedelta(days=chance.randint(19 * 365, 78 * 365))
    drawn_country = chance.choice(COUNTRIES)
    age_days = chance.randint(30, 9 * 365)
    run_out_days = chance.randint(1, 3 * 365)
    expiry = _years_later(today - timedelta(days=age_days), 10)
    if expired:
        expiry = today - timedelta(days=run_out_days)
    return Person(
        last_name=in_latin(last),
        first_name=in_latin(first),
        last_name_printed=last,
        first_name_printed=first,
        script=script,
        sex=chance.choice(("M", "F", "M", "F", "M", "F", "X")),
        birth=birth,
        issue=_years_later(expiry, -10),
        expiry=expiry,
        number=_number(chance),
        country=country or drawn_country,
        place=chance.choice(PLACES),
        street=chance.choice(STREETS),
        city=chance.choice(PLACES),
        postcode=f"{chance.randint(10000, 99999)}",
    )


def in_latin(name: str) -> str:
    """A name as the machine-readable zone spells it, with spaces for ``<``; apostrophes are dropped (9303-3 §4.6)."""
    letters = {**NATIONAL_LETTERS, **CYRILLIC, **ARABIC, "'": ""}
    return "".join(letters.get(letter, letter) for letter in name)


def _number(chance: random.Random) -> str:
    style = chance.choice(("digits", "prefixed", "prefixed", "mixed"))
    if style == "digits":
        return "".join(chance.choices("0123456789", k=9))
    if style == "prefixed":
        return "".join((*chance.choices("ABCEGHKLMPRTXY", k=2), *chance.choices("0123456789", k=7)))
    return "".join(chance.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=9))


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))
