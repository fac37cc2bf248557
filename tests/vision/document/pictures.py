"""Readings of documents of nobody, as a reader of pictures would give them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tests.fakes.specimens.persons import Person, draw_person
from tests.fakes.specimens.persons import Script as NameScript
from tests.fakes.specimens.zones import aamva_text, mrz_lines
from vision.document.capture.plan import Plan
from vision.document.document import CivilDate
from vision.document.readings import Barcode, Box, MrzLine, SideReading, TextLine

TODAY = CivilDate(2026, 11, 1)
EVERYWHERE = Box(0.1, 0.8, 0.8, 0.05)
PORTRAIT = Box(0.05, 0.2, 0.25, 0.5)
LABELS = (
    ("Surname / Nom", "last_name_printed"),
    ("Given names / Prénoms", "first_name_printed"),
    ("Document No. / No. du document", "number"),
    ("Nationality / Nationalité", "country"),
    ("Date of birth / Date de naissance", "birth"),
    ("Sex / Sexe", "sex"),
    ("Date of expiry / Date d'expiration", "expiry"),
)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def person(seed: int = 1, *, country: str = "UTO", expired: bool = False, script: NameScript = "latin") -> Person:
    """Somebody by seed."""
    return draw_person(seed, today=date(2026, 11, 1), script=script, country=country, expired=expired)


def plan(*kinds: str, sides: str = "automatic", **changes: object) -> Plan:
    """A scan of these kinds of document; of all without any."""
    base = Plan(sides, kinds or ("any",), False, TODAY, 60.0)  # type: ignore[arg-type]
    return replace(base, **changes)  # type: ignore[arg-type]


def line(text: str, x: float, y: float, confidence: float = 0.98) -> TextLine:
    """One line of print of the usual size."""
    return TextLine(text, confidence, Box(x, y, 0.012 * len(text), 0.035))


def european(day: date) -> str:
    """As passports print it."""
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"


def printed(somebody: Person, *, title: str, labels: Sequence[tuple[str, str]] = LABELS) -> tuple[TextLine, ...]:
    """A visual zone: each value under its label."""
    lines = [line(f"UTOPIA {title}", 0.35, 0.04)]
    for row, (label, name) in enumerate(labels):
        value = getattr(somebody, name)
        text = european(value) if isinstance(value, date) else str(value).strip("<")
        lines += [line(label, 0.35, 0.12 + row * 0.09), line(text, 0.35, 0.16 + row * 0.09)]
    return tuple(lines)


def zone(lines: Sequence[str]) -> tuple[MrzLine, ...]:
    """A zone that was read without fault."""
    return tuple(
        MrzLine(text, 0.97, tuple(((one, 0.995),) for one in text), Box(0.03, 0.8 + 0.06 * row, 0.94, 0.05))
        for row, text in enumerate(lines)
    )


def reading(number: int = 0, **changes: object) -> SideReading:
    """A sharp picture of a card; ``changes`` by the names of ``SideReading``."""
    base = SideReading(number, "still", 1, True, "id1", 0, 0.8, 0.0, "latin", (), (), (), None, ())
    return replace(base, **changes)  # type: ignore[arg-type]


def passport(somebody: Person, number: int = 0, **changes: object) -> SideReading:
    """The page of a passport."""
    found = reading(
        number,
        format="id3",
        text=printed(somebody, title="PASSPORT / PASSEPORT"),
        mrz=zone(mrz_lines("passport", somebody)),
        portrait=PORTRAIT,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def card_front(somebody: Person, number: int = 0, **changes: object) -> SideReading:
    """Front of an identity card."""
    found = reading(number, text=printed(somebody, title="IDENTITY CARD"), portrait=PORTRAIT)
    return replace(found, **changes)  # type: ignore[arg-type]


def card_back(somebody: Person, number: int = 1, **changes: object) -> SideReading:
    """Its back."""
    text = (line("Address / Adresse", 0.05, 0.1), line("12 HARBOUR ROAD, ZENITH", 0.05, 0.15))
    found = reading(number, text=text, mrz=zone(mrz_lines("id-card", somebody)))
    return replace(found, **changes)  # type: ignore[arg-type]


def licence_front(somebody: Person, number: int = 0, **changes: object) -> SideReading:
    """Front of a driving licence of the United States."""
    rows = (
        ("4d DL", somebody.number),
        ("1", somebody.last_name_printed),
        ("2", somebody.first_name_printed),
        ("3 DOB", somebody.birth.strftime("%m/%d/%Y")),
        ("4a ISS", somebody.issue.strftime("%m/%d/%Y")),
        ("4b EXP", somebody.expiry.strftime("%m/%d/%Y")),
        ("15 SEX", somebody.sex),
    )
    lines = [line("VIRGINIA DRIVER LICENSE", 0.05, 0.05)]
    for row, (label, value) in enumerate(rows):
        lines += [line(label, 0.36, 0.2 + row * 0.085), line(value, 0.47, 0.2 + row * 0.085)]
    found = reading(number, text=tuple(lines), portrait=PORTRAIT)
    return replace(found, **changes)  # type: ignore[arg-type]


def licence_back(somebody: Person, number: int = 1, **changes: object) -> SideReading:
    """Its back, with the bar code."""
    code = Barcode("pdf417", aamva_text(somebody), Box(0.05, 0.1, 0.9, 0.3))
    texts = ("CLASS D: PASSENGER CARS", "RESTRICTIONS: NONE", "ENDORSEMENTS: NONE")
    lines = tuple(line(text, 0.06, 0.6 + 0.1 * row) for row, text in enumerate(texts))
    found = reading(number, text=lines, barcodes=(code,))
    return replace(found, **changes)  # type: ignore[arg-type]
